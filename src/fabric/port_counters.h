/*
 * Counters of a port of a fabric, as InfiniBand's PortCounters have them: each stops at its highest
 * value until somebody clears it, which nothing here does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum port_counter {
	COUNTER_SYMBOL_ERRORS,
	COUNTER_RECOVERIES,
	COUNTER_LINK_DOWNS,
	COUNTER_RECEIVE_ERRORS,
	COUNTER_REMOTE_PHYSICAL_ERRORS,
	COUNTER_DISCARDS,
	COUNTER_INTEGRITY_ERRORS,
	COUNTER_OVERRUNS,
	COUNTER_VL15_DROPPED,
	COUNTER_WAITS,
	COUNTER_COUNT,
};

extern const char *const port_counter_names[COUNTER_COUNT]; /* "symbol_errors" … */

/* The value at which a counter stops. */
uint32_t port_counter_most(enum port_counter counter);

/* The bits it has in PortCounters. */
unsigned port_counter_bits(enum port_counter counter);

/* Counters of a port, read twice. */
struct port_counters {
	uint32_t first[COUNTER_COUNT], second[COUNTER_COUNT];
	bool has_first, has_second;
};

/* Whether it tells of errors; waits only tell that others were in the way. */
bool port_counter_is_error(enum port_counter counter);
