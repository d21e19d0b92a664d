/*
 * Whatever the bytes, rows kept and rows refused add up, and what was kept reads back to the same
 * bytes.
 */
#include "fuzz/shelf.h"
#include "market/importers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = (const char *)data, .length = size };
	struct shelf shelf;

	shelf_open(&shelf);
	(void)shelf_read(&shelf, &from_csv, text, DATE_NONE);
	shelf_check_round_trip(&shelf);
	shelf_close(&shelf);
	return 0;
}
