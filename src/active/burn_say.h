/*
 * What a burn-in saw of each GPU, as records.
 */
#pragma once

#include "active/active.h"
#include "active/burn_traffic.h"

/* Adds the records of node.test.burn.… but the counts of errors. What was not measured is unknown,
 * with the reason. */
void burn_say(struct active_run *run, const struct burn_pace *pace, const struct burn_gpu *gpus,
	      size_t count);

/* Adds those of node.test.burn.collective.…. */
void burn_say_traffic(struct active_run *run, const struct burn_traffic *traffic,
		      const struct burn_gpu *gpus, size_t count);
