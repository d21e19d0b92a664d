/*
 * Whatever the bytes, the list of quotes is read or its fault named, and what was kept reads back
 * as CSV to the same bytes.
 */
#include "fuzz/shelf.h"
#include "market/importers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = (const char *)data, .length = size };
	struct shelf shelf;

	if (size > 1 << 16)
		return 0;
	shelf_open(&shelf);
	(void)shelf_read(&shelf, &from_yaml, text, DATE_NONE);
	shelf_check_round_trip(&shelf);
	shelf_close(&shelf);
	return 0;
}
