/*
 * Whatever a text says about a GPU, it names one of the catalogue or none, in whatever case.
 */
#include <assert.h>

#include "fuzz/shelf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char capitals[512];
	struct gpu_said said, again;
	struct shelf shelf;

	if (size > sizeof(capitals))
		return 0;
	for (size_t i = 0; i < size; i++) {
		char c = (char)data[i];

		capitals[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	shelf_open(&shelf);
	gpu_read(&shelf.catalogue, (struct span){ (const char *)data, size }, &said);
	gpu_read(&shelf.catalogue, (struct span){ capitals, size }, &again);
	assert(said.gpu == GPU_NONE || said.gpu < shelf.catalogue.gpu_count);
	assert(said.form < FORM_COUNT);
	assert(said.gpu == again.gpu && said.form == again.form && said.count == again.count &&
	       said.memory_gb == again.memory_gb && said.fraction == again.fraction);
	shelf_close(&shelf);
	return 0;
}
