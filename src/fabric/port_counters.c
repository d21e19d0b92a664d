#include "fabric/port_counters.h"

const char *const port_counter_names[COUNTER_COUNT] = {
	[COUNTER_SYMBOL_ERRORS] = "symbol_errors",
	[COUNTER_RECOVERIES] = "recoveries",
	[COUNTER_LINK_DOWNS] = "link_downs",
	[COUNTER_RECEIVE_ERRORS] = "receive_errors",
	[COUNTER_REMOTE_PHYSICAL_ERRORS] = "remote_physical_errors",
	[COUNTER_DISCARDS] = "discards",
	[COUNTER_INTEGRITY_ERRORS] = "integrity_errors",
	[COUNTER_OVERRUNS] = "overruns",
	[COUNTER_VL15_DROPPED] = "vl15_dropped",
	[COUNTER_WAITS] = "waits",
};

unsigned port_counter_bits(enum port_counter counter)
{
	static const uint8_t bits[COUNTER_COUNT] = {
		[COUNTER_SYMBOL_ERRORS] = 16,
		[COUNTER_RECOVERIES] = 8,
		[COUNTER_LINK_DOWNS] = 8,
		[COUNTER_RECEIVE_ERRORS] = 16,
		[COUNTER_REMOTE_PHYSICAL_ERRORS] = 16,
		[COUNTER_DISCARDS] = 16,
		[COUNTER_INTEGRITY_ERRORS] = 4,
		[COUNTER_OVERRUNS] = 4,
		[COUNTER_VL15_DROPPED] = 16,
		[COUNTER_WAITS] = 32,
	};

	return bits[counter];
}

uint32_t port_counter_most(enum port_counter counter)
{
	return UINT32_MAX >> (32 - port_counter_bits(counter));
}

bool port_counter_is_error(enum port_counter counter)
{
	return counter != COUNTER_WAITS;
}
