#include "standard/compiled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/tree.h"
#include "base/yaml.h"
#include "host/file.h"

#include <cmocka.h>

/* Whether the program has the file, and has read it as it would now. */
static bool is_compiled(const struct host *host, const char *file)
{
	uint8_t hash[RECORD_HASH_BYTES];
	const struct node *root = NULL;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(packed);
	struct span text;

	assert_true(host_read(host, file, YAML_BYTES_MAXIMUM, &arena, &text, NULL));
	assert_true(yaml_read(text, file, &arena, &root, NULL));
	hash_bytes(text, hash);
	tree_pack(root, &packed);
	for (size_t i = 0; i < compiled_document_count; i++)
		if (memcmp(compiled_documents[i].hash, hash, sizeof(hash)) == 0)
			return memcmp(compiled_documents[i].tree, packed.at, packed.length) == 0;
	return false;
}

static void every_shipped_file_is_in_the_program(void **state)
{
	static const char folder[] = "data/standard/criteria";
	const struct host host = { 0 };
	const char *const *names = NULL;
	SCOPED_ARENA(arena);
	size_t count = 0;

	(void)state;
	assert_true(is_compiled(&host, "data/standard/standard.yaml"));
	assert_true(is_compiled(&host, "data/standard/grades.yaml"));
	assert_true(host_list(&host, folder, &arena, &names, &count, NULL));
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++)
		assert_true(is_compiled(&host, arena_format(&arena, "%s/%s", folder, names[i])));
	assert_int_equal(compiled_document_count, count + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_file_is_in_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
