/*
 * One run of a simulation.
 */
#pragma once

#include "model/repairs.h"
#include "model/simulation.h"

struct simulation_run {
	uint64_t events;
	double useful;           /* hours */
	double lost[LOSS_COUNT]; /* hours; with the useful ones they are the horizon */
	uint32_t by_cause[CAUSES_MAXIMUM];
	uint32_t peak; /* nodes out of service at once */
	bool waited;
};

/* `repairs` is scratch that many runs may use one after the other. */
void simulation_run(const struct simulation_inputs *inputs, uint64_t key, struct repairs *repairs,
		    struct simulation_run *ret_run);
