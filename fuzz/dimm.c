/*
 * Whatever the table of the firmware, there are no more channels than modules, and no rate that is
 * not finite.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/dimm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct error err;
	struct dimms dimms;
	SCOPED_ARENA(arena);

	if (!dimm_parse(text, &arena, &dimms, &err))
		return 0;
	assert(dimms.channels <= dimms.count && dimms.count <= DIMMS_MAXIMUM);
	assert(isfinite(dimms.bytes_per_s) && dimms.bytes_per_s >= 0);
	return 0;
}
