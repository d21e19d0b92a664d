/*
 * Whatever the bytes, the importer of azure holds what fuzz/importing.h says.
 */
#include "importing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	importing_run(&from_azure, data, size);
	return 0;
}
