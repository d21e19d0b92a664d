/*
 * The lines of a worker that asked a vendor's library (see vendor_say.h), as evidence. The lines
 * may come from anyone: what is no fact of a GPU, of its kind and within what can be, is refused.
 */
#pragma once

#include "probe/sighting.h"
#include "probe/vendor_say.h"

/* GPUs that the library listed. */
struct vendor_list {
	struct {
		char name[VENDOR_NAME_SIZE]; /* "gpu:0000:19:00.0" */
		unsigned index;
		bool is_told; /* gpu.answers was seen */
	} gpus[VENDOR_GPUS_MAXIMUM];
	size_t count;
	unsigned counted;                  /* that the library counts; 0 when not told */
	bool is_told[VENDOR_GPUS_MAXIMUM]; /* of "index:3" */
};

struct vendor_take {
	struct sightings *sightings;
	const char *library; /* "library:nvml" */
	unsigned shares;     /* GPU_INDEX is of quick and full looks */
	struct vendor_list *list;
	/* Addresses on the bus, for a GPU whose address the library did not tell. */
	const char *const *addresses;
	size_t address_count;
};

/* Adds the GPUs that these answers list, and notes those that answered. */
void vendor_list_read(const struct span *answers, size_t count, const char *library,
		      struct vendor_list *list);

/* Adds a record for each fact, and one for all lines that are none. */
void vendor_take(const struct vendor_take *take, const struct span *answers, size_t count);

/* "gpu:0000:19:00.0" of "index:3" where there is one answer only: as many addresses are left over
 * as indexes. Else "gpu:index:3". A part keeps its part. */
const char *vendor_resolve(const struct vendor_take *take, struct span device);
