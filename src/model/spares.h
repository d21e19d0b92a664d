/*
 * How many spare nodes a job needs. Nodes fail at random and are away for a time of any
 * distribution, so the number away is Poisson with mean rate·repair (Palm: M/G/infinity).
 */
#pragma once

#include <stdint.h>

struct spare_inputs {
	double failures_per_h; /* of all nodes of the job */
	double nodes;          /* that one failure takes */
	double repair_h;       /* mean time that a node is away */
};

/* Mean number of nodes away. */
double spares_away(const struct spare_inputs *inputs);

/* That a failure finds a spare for each of its nodes, when there are `spares`. Failures that take
 * several nodes are counted in groups. */
double spares_ready(const struct spare_inputs *inputs, uint32_t spares);

/* That none of the failures of `hours` waits: e^(-hours·failures·P(all spares are away)), which
 * takes waits for independent of each other and starts with nodes away, so it is a little low. */
double spares_never_wait(const struct spare_inputs *inputs, uint32_t spares, double hours);

/* The smallest number of spares with which spares_never_wait reaches `probability`, at most
 * `most`, which is also the answer when none does. */
uint32_t spares_needed(const struct spare_inputs *inputs, double hours, double probability,
		       uint32_t most);
