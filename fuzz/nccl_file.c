/*
 * Whatever the file of settings, each line is told once, in order, from within the text, and no
 * part is longer than NCCL keeps.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/nccl_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nccl_file file = { .rest = { size > 0 ? (const char *)data : "", size } };
	struct nccl_line line;
	unsigned before = 0;

	while (nccl_file_next(&file, &line)) {
		assert(file.line > before);
		assert(line.faults & 1u << NCCL_NO_VALUE || line.name.length <= NCCL_NAME_MAXIMUM);
		assert(line.value.length <= NCCL_NAME_MAXIMUM);
		assert(line.meant.length <= line.name.length);
		before = file.line;
	}
	return 0;
}
