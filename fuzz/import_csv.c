/*
 * Whatever the bytes, the importers of lists in CSV hold what fuzz/shelf.h says. The first byte
 * chooses the importer that the rest is handed to.
 */
#include "fuzz/shelf.h"
#include "market/importers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct importer *const read[] = {
		&from_cri,         &from_cri_rates, &from_gcp,
		&from_gcp_regions, &from_gpuhunt,   &from_skypilot,
	};

	if (size > 0)
		shelf_import(read[data[0] % (sizeof(read) / sizeof(read[0]))],
			     (struct span){ (const char *)data + 1, size - 1 });
	return 0;
}
