/*
 * Whatever the bytes, the importer of runpod holds what fuzz/shelf.h says.
 */
#include "fuzz/shelf.h"
#include "market/importers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	shelf_import(&from_runpod, (struct span){ (const char *)data, size });
	return 0;
}
