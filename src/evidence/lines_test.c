#include "evidence/set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A record as a machine writes it; more fields stand at its front. */
#define RECORD(fields)                                                                      \
	"{" fields "\"kind\":\"statement\",\"observed\":\"2025-03-26\","                    \
	"\"source\":{\"name\":\"s\"},\"strength\":\"E0\",\"subject\":{\"provider\":\"p\"}," \
	"\"what\":\"monitoring.dashboard\"}"
#define SCHEMA "\"schema\":\"assay/evidence/v1\","
#define GOOD(id) RECORD("\"id\":\"" id "\",\"answer\":\"basic\"," SCHEMA)
#define HASH_A "sha256:e66bbafd79819d3d877f119020420d04dd4a1e29871d0854e9b8798fd458a9ca"

static void add(struct evidence_set *set, const char *text)
{
	struct error err = { .text = "" };

	(void)evidence_set_add_lines(set, span_of(text), "f.jsonl", &err);
	assert_string_equal(err.text, "");
}

static void each_line_is_a_record(void **state)
{
	SCOPED_EVIDENCE(set);

	(void)state;
	add(&set, "\n" GOOD("a") "\n\n \t \n" GOOD("b") "\r\n  " GOOD("c"));
	assert_int_equal(set.count, 3);
	assert_string_equal(set.records[0].id, "a");
	assert_int_equal(set.records[0].line, 2);
	assert_string_equal(set.records[1].id, "b");
	assert_int_equal(set.records[1].line, 5);
	assert_string_equal(set.records[2].id, "c");
	assert_int_equal(set.records[2].line, 6);
	assert_string_equal(set.records[2].file, "f.jsonl");
}

static void a_record_without_a_hash_is_sealed(void **state)
{
	SCOPED_EVIDENCE(set);
	char text[RECORD_HASH_TEXT];

	(void)state;
	add(&set, GOOD("a"));
	assert_string_equal(hash_format(set.records[0].hash, text), HASH_A);
}

static void bad_lines_are_told_and_nothing_is_kept(void **state)
{
	static const struct {
		const char *line;
		enum error_code code;
		const char *start;
	} cases[] = {
		{ "{", ERROR_PARSE, "f.jsonl: line 3, column 1: " },
		{ "{} {}", ERROR_PARSE, "f.jsonl: line 3, column 4: end of file expected" },
		{ "[]", ERROR_INVALID, "f.jsonl: line 3: expected a map, found a list" },
		{ "{}", ERROR_INVALID, "f.jsonl: line 3: the record has no 'schema'; it is" },
		{ RECORD("\"id\":\"c\",\"answer\":\"x\"," SCHEMA "\"id\":\"d\","), ERROR_CONFLICT,
		  "f.jsonl: line 3, column " },
		{ RECORD("\"id\":\"c\",\"answer\":\"x\",\"schema\":\"assay/evidence/v2\","),
		  ERROR_UNSUPPORTED, "f.jsonl: line 3: schema 'assay/evidence/v2' is not known" },
		{ RECORD("\"id\":\"c\",\"answer\":[\"x\"]," SCHEMA), ERROR_INVALID,
		  "f.jsonl: line 3: 'answer' must be a single value, not a list" },
		{ RECORD("\"id\":\"c\",\"answer\":\"x\\u0000\"," SCHEMA), ERROR_PARSE,
		  "f.jsonl: line 3, column " },
		{ RECORD("\"id\":\"a\",\"answer\":\"none\",\"hash\":\"" HASH_A "\"," SCHEMA),
		  ERROR_CONFLICT, "f.jsonl: line 3: the hash of record 'a' does not fit its" },
		{ "schema: assay/evidence/v1", ERROR_PARSE, "f.jsonl: line 3, column 6: " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_EVIDENCE(set);
		SCOPED_ARENA(arena);
		struct error err;
		const char *text = arena_format(&arena, "%s\n\n%s\n", GOOD("b"), cases[i].line);

		add(&set, GOOD("z"));
		assert_false(evidence_set_add_lines(&set, span_of(text), "f.jsonl", &err));
		err.text[strlen(cases[i].start)] = '\0';
		assert_string_equal(err.text, cases[i].start);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(set.count, 1);
		assert_string_equal(set.records[0].id, "z");
		assert_false(evidence_set_add_lines(&set, span_of(text), "f.jsonl", NULL));
	}
}

static void a_line_and_a_file_have_a_longest(void **state)
{
	SCOPED_EVIDENCE(set);
	SCOPED_TEXT(line);
	struct span large = { "", EVIDENCE_LINES_BYTES_MAXIMUM + 1 };
	struct error err;

	(void)state;
	text_add(&line, "\n" GOOD("a"));
	text_add_repeated(&line, ' ', 1 + RECORD_LINE_MAXIMUM - line.length);
	text_add_char(&line, '\n');
	add(&set, text_string(&line));
	line.at[line.length - 1] = ' ';
	assert_false(evidence_set_add_lines(&set, text_span(&line), "f.jsonl", &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text,
			    "f.jsonl: line 2: the record has 65537 bytes; the limit is 65536");
	assert_false(evidence_set_add_lines(&set, large, "f.jsonl", &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(
		err.text,
		arena_format(&set.arena,
			     "f.jsonl: the file has %d bytes; the limit is %d; split it",
			     EVIDENCE_LINES_BYTES_MAXIMUM + 1, EVIDENCE_LINES_BYTES_MAXIMUM));
	assert_int_equal(set.count, 1);
}

static void a_line_has_32_levels(void **state)
{
	SCOPED_EVIDENCE(set);
	SCOPED_TEXT(line);
	struct error err;

	(void)state;
	text_add_repeated(&line, '[', 33);
	text_add_repeated(&line, ']', 33);
	assert_false(evidence_set_add_lines(&set, text_span(&line), "f.jsonl", &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text, "f.jsonl: line 1: nested deeper than 32 levels; flatten it");
}

/* Many more lines than are read in one piece; the lines that are in `bad` say nothing. */
static void write_many(struct text *into, size_t count, const size_t bad[2])
{
	const char *rest = RECORD(SCHEMA);

	for (size_t i = 1; i <= count; i++) {
		const char *said = i == bad[0] || i == bad[1] ? "" : "\"answer\":\"basic\",";

		text_format(into, "{\"id\":\"r%zu\",%s%s\n", i, said, &rest[1]);
		if (i % 7 == 0)
			text_add_char(into, '\n');
	}
}

static void the_number_of_threads_changes_nothing(void **state)
{
	static const size_t none[2] = { 0 };
	uint8_t hash[RECORD_HASH_BYTES] = { 0 };
	SCOPED_TEXT(text);

	(void)state;
	write_many(&text, 7000, none);
	assert_true(text.length > 4 * (256 << 10));
	for (unsigned threads = 0; threads < 6; threads++) {
		SCOPED_EVIDENCE(set);

		set.threads = threads;
		add(&set, text_string(&text));
		assert_int_equal(set.count, 7000);
		for (size_t i = 0; i < set.count; i++)
			assert_int_equal(set.records[i].line, i + 1 + i / 7);
		assert_true(evidence_set_finish(&set, NULL));
		if (threads > 0)
			assert_memory_equal(hash, set.hash, sizeof(hash));
		memcpy(hash, set.hash, sizeof(hash));
	}
}

static void of_several_faults_the_first_is_told(void **state)
{
	static const struct {
		size_t bad[2];
		const char *start;
	} cases[] = {
		{ { 6999, 7000 }, "f.jsonl: line 7998: the record says nothing" },
		{ { 2000, 6000 }, "f.jsonl: line 2285: the record says nothing" },
		{ { 1, 7000 }, "f.jsonl: line 1: the record says nothing" },
		{ { 4000, 4001 }, "f.jsonl: line 4571: the record says nothing" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_TEXT(text);

		write_many(&text, 7000, cases[i].bad);
		for (unsigned threads = 1; threads < 5; threads++) {
			SCOPED_EVIDENCE(set);
			struct error err;

			set.threads = threads;
			assert_false(
				evidence_set_add_lines(&set, text_span(&text), "f.jsonl", &err));
			assert_ptr_equal(strstr(err.text, cases[i].start), err.text);
			assert_int_equal(set.count, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_a_record),
		cmocka_unit_test(a_record_without_a_hash_is_sealed),
		cmocka_unit_test(bad_lines_are_told_and_nothing_is_kept),
		cmocka_unit_test(a_line_and_a_file_have_a_longest),
		cmocka_unit_test(a_line_has_32_levels),
		cmocka_unit_test(the_number_of_threads_changes_nothing),
		cmocka_unit_test(of_several_faults_the_first_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
