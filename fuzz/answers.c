/*
 * Whatever a vendor's library, or a capture, answers: each line is a fact of its kind within its
 * bounds, or is counted among what makes no sense; no record is of another form than its measure
 * asks.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/vendor_take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	LINES_MAXIMUM = 256,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const addresses[] = { "0000:19:00.0", "0000:3b:00.0" };
	const struct subject subject = { { [SUBJECT_PROVIDER] = "fuzz", [SUBJECT_NODE] = "node" } };
	const struct host host = { .root = "/" };
	struct span rest = { .at = (const char *)data, .length = size }, answers[LINES_MAXIMUM];
	struct vendor_list list = { .count = 0 };
	struct sightings sightings;
	size_t count = 0;
	SCOPED_ARENA(arena);

	while (count < LINES_MAXIMUM && span_cut(&rest, '\n', &answers[count]))
		count++;
	sightings_start(&sightings, &subject, &host, &arena);
	vendor_list_read(answers, count, "library:nvml", &list);
	const struct vendor_take take = {
		.sightings = &sightings,
		.library = "library:nvml",
		.shares = ~0u,
		.list = &list,
		.addresses = addresses,
		.address_count = 2,
	};
	vendor_take(&take, answers, count);
	for (size_t i = 0; i < sightings.count; i++) {
		enum measure measure = MEASURE_COUNT;
		bool known = measure_find(sightings.items[i].what, &measure);

		assert(known && measure_fits(measure, &sightings.items[i], NULL));
		(void)known;
	}
	return 0;
}
