/*
 * The bandwidth of a node's back end and of its GPUs' links: what was measured, else what the links
 * are up with, which more than that cannot be.
 */
#pragma once

#include "check/claim/measured.h"

/* In Gb/s, one way, over the ports of the rate that most ports have: others are front end or
 * storage. A port that was not measured counts with its link rate, and makes the sum a bound. */
void rails_find(const struct machine *machine, struct arena *arena,
		struct delivered *ret_delivered);

/* In GB/s, one way, of the GPU that has the least. */
void links_find(const struct machine *machine, struct arena *arena,
		struct delivered *ret_delivered);

/* Gb/s of the ports that rails_find leaves out. */
double rails_left_out(const struct machine *machine, size_t *ret_ports);
