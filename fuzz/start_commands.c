/*
 * Whatever the file, a command that is read has words, a name that fits a device and limits within
 * their bounds, and what is refused says why.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "active/start_commands.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct error err = { .code = ERROR_NONE };
	struct start_commands commands;
	SCOPED_ARENA(arena);

	if (!start_commands_read(text, "input", &arena, &commands, &err)) {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
		return 0;
	}
	assert(commands.count <= START_COMMANDS_MAXIMUM);
	for (size_t i = 0; i < commands.count; i++) {
		const struct start_command *one = &commands.items[i];

		assert(one->words[0] && !strpbrk(one->name, " /:"));
		assert(one->repetitions > 0 && one->repetitions <= START_REPETITIONS_MAXIMUM);
		assert(one->limit_s > 0 && one->limit_s <= START_LIMIT_MAXIMUM_S);
		(void)start_word(one->words[0], "/tmp/x", &arena);
	}
	return 0;
}
