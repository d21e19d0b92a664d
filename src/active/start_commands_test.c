#include "active/start_commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "schema: assay/start-commands/v1\n"

static void a_file_names_commands(void **state)
{
	static const char text[] =
		HEAD "instance-created: 1795680000\ncommands:\n"
		     "  - {name: torch, kind: import-time, words: [python3, -c, import torch]}\n"
		     "  - name: image\n    kind: image-pull\n    words: [podman, pull, 'x y']\n"
		     "    repetitions: 1\n    cache: cold\n    limit: 600\n    bytes: 22100000000\n"
		     "    path: 100\n    as: caller\n    environment: ['HF_HOME={folder}/x']\n";
	SCOPED_ARENA(arena);
	struct start_commands commands;
	const struct start_command *image;
	struct error err;

	(void)state;
	if (!start_commands_read(span_of(text), "f.yaml", &arena, &commands, &err))
		fail_msg("%s", err.text);
	assert_int_equal(commands.count, 2);
	assert_int_equal(commands.instance_created, 1795680000);
	assert_string_equal(commands.items[0].words[2], "import torch");
	assert_null(commands.items[0].words[3]);
	assert_int_equal(commands.items[0].repetitions, 3);
	assert_int_equal(commands.items[0].cache, START_WARM);
	image = &commands.items[1];
	assert_int_equal(image->kind, START_IMAGE);
	assert_int_equal(image->cache, START_COLD);
	assert_int_equal(image->limit_s, 600);
	assert_true(image->as_caller && image->path_gb_per_s > 99);
	assert_string_equal(start_word(image->environment[0], "/tmp/f", &arena),
			    "HF_HOME=/tmp/f/x");
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "commands: []\n", "schema" },
		{ "schema: assay/start-commands/v2\ncommands: []\n", "line 1" },
		{ HEAD "commands: [{name: a, kind: x, words: [b]}]\n",
		  "kind is one of import-time" },
		{ HEAD "commands: [{name: a b, kind: import-time, words: [b]}]\n", "a name has" },
		{ HEAD "commands: [{name: '', kind: import-time, words: [b]}]\n", "1 to 40" },
		{ HEAD "commands:\n- {name: a, kind: import-time, words: [b]}\n"
		       "- {name: a, kind: import-time, words: [b]}\n",
		  "line 4, column 10: two commands" },
		{ HEAD "commands: [{name: a, kind: import-time, words: []}]\n", "begin with a" },
		{ HEAD "commands: [{name: a, kind: import-time, words: [[b]]}]\n",
		  "a word is text" },
		{ HEAD "commands: [{name: a, kind: import-time, words: [b], limit: 0}]\n",
		  "'0' is no whole number" },
		{ HEAD "commands: [{name: a, kind: import-time, words: [b], repetitions: 101}]\n",
		  "from 1 to 100" },
		{ HEAD "commands: [{name: a, kind: import-time, words: [b], path: fast}]\n",
		  "Gb/s" },
		{ HEAD "commands: [{name: a, kind: import-time, words: [b], environment: [X]}]\n",
		  "NAME=value" },
		{ HEAD "commands: [{name: a, kind: import-time, words: [b], shell: 1}]\n",
		  "shell" },
		{ HEAD "commands: [{name: a, kind: import-time, words: [b], as: root}]\n",
		  "as is one of nobody, caller" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct start_commands commands;
		struct error err = { 0 };

		assert_false(start_commands_read(span_of(cases[i].text), "f.yaml", &arena,
						 &commands, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' is refused with '%s'", cases[i].text, err.text);
	}
}

static void the_usual_commands_need_no_network(void **state)
{
	struct start_commands usual = start_commands_usual();

	(void)state;
	assert_true(usual.count > 0);
	for (size_t i = 0; i < usual.count; i++) {
		assert_true(usual.items[i].kind == START_IMPORT ||
			    usual.items[i].kind == START_PROGRAM);
		assert_int_equal(usual.items[i].cache, START_WARM);
		assert_true(usual.items[i].need_not_be && usual.items[i].words[0]);
	}
}

static void every_folder_in_a_word_is_replaced(void **state)
{
	SCOPED_ARENA(arena);

	(void)state;
	assert_string_equal(start_word("a", "/f", &arena), "a");
	assert_string_equal(start_word("{folder}", "/f", &arena), "/f");
	assert_string_equal(start_word("a{folder}b{folder}c", "/f", &arena), "a/fb/fc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_names_commands),
		cmocka_unit_test(what_is_wrong_is_named_with_its_place),
		cmocka_unit_test(the_usual_commands_need_no_network),
		cmocka_unit_test(every_folder_in_a_word_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
