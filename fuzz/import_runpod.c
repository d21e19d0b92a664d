/*
 * Whatever the bytes, the importer of runpod holds what fuzz/importing.h says.
 */
#include "importing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	importing_run(&from_runpod, data, size);
	return 0;
}
