#include "evidence/record.h"

#include "base/json.h"
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct record least = {
	.id = "a",
	.subject = { { [SUBJECT_PROVIDER] = "p" } },
	.what = "monitoring.dashboard",
	.says = SAYS_ANSWER,
	.text = "basic",
	.kind = KIND_STATEMENT,
	.observed = 20173, /* 2025-03-26 */
	.expires = DATE_NONE,
	.due = DATE_NONE,
	.source = { .name = "s" },
};

/* The two halves of the canonical form of `least`, before and behind its hash. */
#define LEAST_HEAD "{\"answer\":\"basic\","
#define LEAST_TAIL                                                                            \
	"\"id\":\"a\",\"kind\":\"statement\",\"observed\":\"2025-03-26\",\"schema\":\"assay/" \
	"evidence/v1\",\"source\":{\"name\":\"s\"},\"strength\":\"E0\",\"subject\":{"         \
	"\"provider\":\"p\"},\"what\":\"monitoring.dashboard\"}"
#define LEAST_HASH "sha256:e66bbafd79819d3d877f119020420d04dd4a1e29871d0854e9b8798fd458a9ca"

/* The hashes in this file are those of sha256sum over the canonical forms. */
static void assert_hash(const uint8_t hash[RECORD_HASH_BYTES], const char *text)
{
	char formatted[RECORD_HASH_TEXT];

	assert_string_equal(hash_format(hash, formatted), text);
}

static void absent_fields_are_left_out(void **state)
{
	struct record record = least;
	SCOPED_TEXT(text);

	(void)state;
	record_write(&record, false, &text);
	assert_string_equal(text_string(&text), LEAST_HEAD LEAST_TAIL);
	record_seal(&record, &text);
	assert_hash(record.hash, LEAST_HASH);
	text_clear(&text);
	record_write(&record, true, &text);
	assert_string_equal(text_string(&text),
			    LEAST_HEAD "\"hash\":\"" LEAST_HASH "\"," LEAST_TAIL);
}

static void every_field_has_its_place(void **state)
{
	struct record record = {
		.id = "crusoe.start-time",
		.subject = { { "crusoe", "cloud", "eu-1", "h100", "c1", "n7", "gpu0" } },
		.what = "lifecycle.start-time",
		.says = SAYS_VALUE,
		.value = 30.5,
		.unit = "s",
		.kind = KIND_MEASUREMENT,
		.strength = STRENGTH_E2,
		.observed = 20173,
		.expires = 20173 + 365,
		.announced = true,
		.due = 20173 + 67,
		.source = { "run", "a renter", "https://a.org/", "assay", "0.1" },
		.excerpt = "boots in \"30\" s \xe2\x80\xa6\n",
		.file = "not part of it",
		.line = 12,
	};
	SCOPED_TEXT(text);

	(void)state;
	record_seal(&record, &text);
	assert_string_equal(
		text_string(&text),
		"{\"due\":\"2025-06-01\",\"excerpt\":\"boots in \\\"30\\\" s \xe2\x80\xa6\\n\","
		"\"expires\":\"2026-03-26\",\"id\":\"crusoe.start-time\",\"kind\":\"measurement\","
		"\"observed\":\"2025-03-26\",\"schema\":\"assay/evidence/v1\",\"source\":{"
		"\"name\":\"run\",\"publisher\":\"a renter\",\"tool\":\"assay\",\"url\":"
		"\"https://a.org/\",\"version\":\"0.1\"},\"strength\":\"E2\",\"subject\":{"
		"\"cluster\":\"c1\",\"device\":\"gpu0\",\"gpu\":\"h100\",\"node\":\"n7\","
		"\"product\":\"cloud\",\"provider\":\"crusoe\",\"region\":\"eu-1\"},\"unit\":\"s\","
		"\"value\":30.5,\"what\":\"lifecycle.start-time\"}");
	assert_hash(record.hash,
		    "sha256:22c03f8770dee093a133ab3b71779833d8daf0404fbf3f0ed38464b54e9d3a0f");
}

static void each_way_to_say_it_keeps_the_alphabet(void **state)
{
	static const struct {
		enum record_says says;
		const char *piece;
	} cases[] = {
		{ SAYS_ANSWER, "{\"answer\":\"x\",\"id\":" },
		{ SAYS_NOT_APPLICABLE, "\"statement\",\"not_applicable\":\"x\",\"observed\":" },
		{ SAYS_TEXT, "\"subject\":{\"provider\":\"p\"},\"text\":\"x\",\"what\":" },
		{ SAYS_WITHHELD, "\"monitoring.dashboard\",\"withheld\":\"x\"}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record record = least;
		SCOPED_TEXT(text);

		record.says = cases[i].says;
		record.text = "x";
		record_write(&record, false, &text);
		assert_non_null(strstr(text_string(&text), cases[i].piece));
	}
}

static void an_announced_fact_without_a_day_says_so(void **state)
{
	struct record record = least;
	SCOPED_TEXT(text);

	(void)state;
	record.announced = true;
	record_write(&record, false, &text);
	assert_non_null(strstr(text_string(&text), "\"due\":\"unknown\",\"id\""));
}

static void the_hash_covers_what_is_said_and_not_where(void **state)
{
	struct record moved = least, other = least;
	SCOPED_TEXT(scratch);

	(void)state;
	moved.file = "b.yaml";
	moved.line = 99;
	memset(moved.hash, 0xff, sizeof(moved.hash));
	record_seal(&moved, &scratch);
	assert_hash(moved.hash, LEAST_HASH);
	other.strength = STRENGTH_E1;
	record_seal(&other, &scratch);
	assert_memory_not_equal(other.hash, moved.hash, sizeof(moved.hash));
}

/* Reads one record from a tree; the file name stands for the format. */
static struct record read(const struct node *root, bool machine, struct arena *arena)
{
	const struct record_reading how = {
		.file = "f",
		.schema_required = machine,
		.arena = arena,
	};
	struct record record = { 0 };
	struct error err = { .text = "" };
	SCOPED_TEXT(scratch);

	(void)record_read_sealed(root, &how, &scratch, &record, &err);
	assert_string_equal(err.text, "");
	return record;
}

/* From YAML to the canonical form, from that back, and again: the same bytes and hash. */
static void assert_survives(const char *yaml)
{
	SCOPED_ARENA(arena);
	const struct node *root = NULL;
	struct record written, back;
	SCOPED_TEXT(first);
	SCOPED_TEXT(second);

	assert_true(yaml_read(span_of(yaml), "f", &arena, &root, NULL));
	written = read(root, false, &arena);
	record_write(&written, true, &first);
	assert_null(strchr(text_string(&first), '\n'));
	assert_true(first.length <= RECORD_LINE_MAXIMUM);
	assert_true(json_read(text_span(&first), "f", 1, &arena, &root, NULL));
	back = read(root, true, &arena);
	record_write(&back, true, &second);
	assert_string_equal(text_string(&first), text_string(&second));
	assert_memory_equal(written.hash, back.hash, RECORD_HASH_BYTES);
}

static void what_is_written_reads_back_the_same(void **state)
{
	static const char *const said[] = {
		"answer: basic",
		"answer: 'null'",
		"answer: no",
		"answer: 1.10",
		"withheld: 'says \"no\", \\ / and more'",
		"not_applicable: \"a\\tb\\n\\x01\\x1f\\x7f\\u2028\\U0001F600\\xe9\"",
		"text: >-\n  several\n  lines\n",
		"value: 0\nunit: s",
		"value: -0\nunit: s",
		"value: -0.0e5\nunit: s",
		"value: 30\nunit: s",
		"value: 030.00\nunit: s",
		"value: 0.1\nunit: \xc2\xb5s",
		"value: 3.2e3\nunit: Gb/s",
		"value: 123456789012345\nunit: B",
		"value: 123456789012345e5\nunit: B",
		"value: -1.23456789012345e-5\nunit: s",
		"value: 1.79769313486231e308\nunit: s",
		"value: 2.2250738585072e-308\nunit: s",
		"value: 5e-324\nunit: s",
		"value: 1e23\nunit: s",
		"answer: a\ndue: unknown",
		"answer: a\ndue: 2199-12-31",
		"answer: a\nexpires: 2025-03-26",
		"answer: a\nexcerpt: |\n  raw: output\n\n    indented\n",
		"answer: a\nschema: assay/evidence/v1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(said); i++) {
		SCOPED_ARENA(arena);

		assert_survives(arena_format(&arena,
					     "id: a\nsubject: { provider: p, node: n }\nwhat: x.y\n"
					     "kind: statement\nstrength: E0\nobserved: 2025-03-26\n"
					     "source: { name: s }\n%s",
					     said[i]));
	}
}

/* Texts of the greatest lengths, each byte written in six, still make a line that is read. */
static void the_longest_record_fits_a_line(void **state)
{
	SCOPED_ARENA(arena);
	char *bells = arena_take(&arena, 4 * 2000 + 1);

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		memcpy(bells + 4 * i, "\\x07", 4);
	assert_survives(arena_format(
		&arena,
		"id: a\nsubject: { provider: p }\nkind: statement\nstrength: E0\n"
		"observed: 2025-03-26\nwhat: \"%.*s\"\nsource: { name: \"%.*s\", "
		"publisher: \"%.*s\", url: \"%.*s\", tool: \"%.*s\", version: \"%.*s\" }\n"
		"withheld: \"%s\"\nexcerpt: \"%s\"\n",
		4 * 120, bells, 4 * 200, bells, 4 * 200, bells, 4 * 500, bells, 4 * 200, bells,
		4 * 200, bells, bells, bells));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent_fields_are_left_out),
		cmocka_unit_test(every_field_has_its_place),
		cmocka_unit_test(each_way_to_say_it_keeps_the_alphabet),
		cmocka_unit_test(an_announced_fact_without_a_day_says_so),
		cmocka_unit_test(the_hash_covers_what_is_said_and_not_where),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(the_longest_record_fits_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
