#include "evidence/set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Records `a` and `b`, as YAML and as lines, are those of record_write_test.c. */
#define DEFAULTS                                                                             \
	"schema: assay/evidence/v1\n"                                                        \
	"defaults: { subject: { provider: p }, what: monitoring.dashboard, kind: statement," \
	" strength: E0, observed: 2025-03-26, source: { name: s } }\n"                       \
	"records:\n"
#define LINE(head, id)                                                                   \
	"{\"answer\":\"basic\"," head "\"id\":\"" id "\",\"kind\":\"statement\","        \
	"\"observed\":\"2025-03-26\",\"schema\":\"assay/evidence/v1\",\"source\":{"      \
	"\"name\":\"s\"},\"strength\":\"E0\",\"subject\":{\"provider\":\"p\"},\"what\":" \
	"\"monitoring.dashboard\"}\n"
#define HASH_A "sha256:e66bbafd79819d3d877f119020420d04dd4a1e29871d0854e9b8798fd458a9ca"
#define HASH_A_AND_B "sha256:b23e984c6dbda9c3f4770174b6a1e7941f0b828c159969e74ff07916a91cbea0"
#define HASH_NOTHING "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void add_yaml(struct evidence_set *set, const char *text, const char *file)
{
	struct error err = { .text = "" };

	(void)evidence_set_add_yaml(set, span_of(text), file, &err);
	assert_string_equal(err.text, "");
}

static void add_lines(struct evidence_set *set, const char *text, const char *file)
{
	struct error err = { .text = "" };

	(void)evidence_set_add_lines(set, span_of(text), file, &err);
	assert_string_equal(err.text, "");
}

static void finish(struct evidence_set *set)
{
	struct error err = { .text = "" };

	(void)evidence_set_finish(set, &err);
	assert_string_equal(err.text, "");
}

static void assert_hash(const uint8_t hash[RECORD_HASH_BYTES], const char *text)
{
	char formatted[RECORD_HASH_TEXT];

	assert_string_equal(hash_format(hash, formatted), text);
}

static void the_hash_of_a_set_is_known(void **state)
{
	SCOPED_EVIDENCE(nothing);
	SCOPED_EVIDENCE(set);

	(void)state;
	finish(&nothing);
	assert_hash(nothing.hash, HASH_NOTHING);
	add_yaml(&set, DEFAULTS "- { id: b, answer: basic }\n- { id: a, answer: basic }\n", "f");
	finish(&set);
	assert_hash(set.records[0].hash, HASH_A);
	assert_hash(set.hash, HASH_A_AND_B);
}

static void the_order_of_files_never_matters(void **state)
{
	static const struct {
		const char *text, *name;
	} files[] = {
		{ DEFAULTS "- { id: d, answer: x }\n- { id: a, answer: basic }\n", "1.yaml" },
		{ DEFAULTS "- { id: c, value: 3, unit: s }\n", "2.yaml" },
		{ LINE("", "e") LINE("", "b"), "3.jsonl" },
	};
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					 { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	static const char *const ids[] = { "a", "b", "c", "d", "e" };
	uint8_t hash[RECORD_HASH_BYTES] = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		SCOPED_EVIDENCE(set);

		for (size_t k = 0; k < 3; k++) {
			int file = orders[i][k];

			(file == 2 ? add_lines : add_yaml)(&set, files[file].text,
							   files[file].name);
		}
		finish(&set);
		assert_int_equal(set.count, COUNT(ids));
		for (size_t k = 0; k < COUNT(ids); k++)
			assert_string_equal(set.records[k].id, ids[k]);
		if (i > 0)
			assert_memory_equal(hash, set.hash, sizeof(hash));
		memcpy(hash, set.hash, sizeof(hash));
	}
}

static void any_change_of_a_record_changes_the_hash(void **state)
{
	static const char *const cases[] = {
		"- { id: a, answer: basic }\n",
		"- { id: b, answer: basic }\n",
		"- { id: a, answer: basic2 }\n",
		"- { id: a, withheld: basic }\n",
		"- { id: a, answer: basic, strength: E1 }\n",
		"- { id: a, answer: basic, due: unknown }\n",
		"- { id: a, answer: basic, expires: 2025-03-26 }\n",
		"- { id: a, answer: basic, excerpt: x }\n",
		"- { id: a, answer: basic, source: { name: s, tool: x } }\n",
		"- { id: a, answer: basic, source: { name: s, url: x } }\n",
		"- { id: a, answer: basic }\n- { id: b, answer: basic }\n",
	};
	uint8_t hashes[COUNT(cases)][RECORD_HASH_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_EVIDENCE(set);
		SCOPED_ARENA(arena);

		add_yaml(&set, arena_format(&arena, "%s%s", DEFAULTS, cases[i]), "f");
		finish(&set);
		memcpy(hashes[i], set.hash, sizeof(set.hash));
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(hashes[i], hashes[k], sizeof(hashes[i]));
	}
}

static void an_id_that_is_used_twice_is_told_with_both_places(void **state)
{
	static const char one[] = DEFAULTS "- { id: a, answer: x }\n";
	static const char other[] = DEFAULTS "- { id: 0, answer: x }\n- { id: a, answer: y }\n";
	static const char text[] =
		"2.yaml: line 5: record id 'a' is used before, at 1.yaml line 4; "
		"give each record its own id";
	SCOPED_EVIDENCE(set);
	SCOPED_EVIDENCE(turned);
	struct error err;

	(void)state;
	add_yaml(&set, one, "1.yaml");
	add_yaml(&set, other, "2.yaml");
	assert_false(evidence_set_finish(&set, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_string_equal(err.text, text);
	add_yaml(&turned, other, "2.yaml");
	add_yaml(&turned, one, "1.yaml");
	assert_false(evidence_set_finish(&turned, &err));
	assert_string_equal(err.text, text);
}

static void a_file_that_is_given_twice_is_told_the_same_way_round(void **state)
{
	static const char *const texts[] = { "a, answer: 0 }\n- { id: a, answer: 1 }\n",
					     "a, answer: 1 }\n- { id: a, answer: 0 }\n",
					     "a, answer: 1 }\n- { id: a, answer: 1 }\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		SCOPED_EVIDENCE(set);
		SCOPED_ARENA(arena);
		struct error err;

		add_yaml(&set, arena_format(&arena, "%s- { id: %s", DEFAULTS, texts[i]), "f");
		assert_false(evidence_set_finish(&set, &err));
		assert_string_equal(err.text,
				    "f: line 5: record id 'a' is used before, at f line 4; "
				    "give each record its own id");
	}
}

static void a_failed_file_leaves_the_set_unchanged(void **state)
{
	static const char bad[] = DEFAULTS "- { id: b, answer: x }\n- { id: c }\n";
	SCOPED_EVIDENCE(set);
	struct error err;

	(void)state;
	add_yaml(&set, DEFAULTS "- { id: a, answer: basic }\n", "good.yaml");
	assert_false(evidence_set_add_yaml(&set, span_of(bad), "bad.yaml", &err));
	assert_string_equal(
		err.text,
		"bad.yaml: line 5, column 3: the record says nothing; add "
		"'answer', 'value', 'withheld', 'not_applicable', 'text', 'state' or 'unknown'");
	assert_int_equal(set.count, 1);
	add_yaml(&set, DEFAULTS "- { id: b, answer: basic }\n", "good.yaml");
	finish(&set);
	assert_hash(set.hash, HASH_A_AND_B);
}

static void the_name_of_a_file_need_not_live_on(void **state)
{
	char name[] = "f.yaml";
	SCOPED_EVIDENCE(set);

	(void)state;
	add_yaml(&set, DEFAULTS "- { id: a, answer: basic }\n", name);
	memset(name, 'x', sizeof(name) - 1);
	assert_string_equal(set.records[0].file, "f.yaml");
	assert_int_equal(set.records[0].line, 4);
}

static void a_hash_that_fits_is_taken(void **state)
{
	SCOPED_EVIDENCE(set);

	(void)state;
	add_yaml(&set, DEFAULTS "- { id: a, answer: basic, hash: '" HASH_A "' }\n", "f");
	assert_hash(set.records[0].hash, HASH_A);
}

static void what_is_no_file_of_evidence_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum error_code code;
		const char *start;
	} cases[] = {
		{ "", ERROR_INVALID, "f: line 1, column 1: field 'schema' is missing; add it" },
		{ "[]", ERROR_INVALID, "f: line 1, column 1: expected a map, found a list" },
		{ "a: b: c", ERROR_PARSE, "f: line 1, column 5: mapping values are not allowed" },
		{ "schema: assay/evidence/v2\nmore: 1", ERROR_UNSUPPORTED,
		  "f: line 1, column 9: schema 'assay/evidence/v2' is not known here; this "
		  "version" },
		{ "schema: [assay/evidence/v1]\nrecords: []", ERROR_INVALID,
		  "f: line 1, column 9: 'schema' must be a single value, not a list" },
		{ "schema: assay/evidence/v1", ERROR_INVALID,
		  "f: line 1, column 1: field 'records' is missing; add it" },
		{ "schema: assay/evidence/v1\nrecords: {}", ERROR_INVALID,
		  "f: line 2, column 10: 'records' must be a list, not a map" },
		{ "schema: assay/evidence/v1\nrecord: []", ERROR_INVALID,
		  "f: line 2, column 1: unknown field 'record'; the nearest is 'records'" },
		{ "schema: assay/evidence/v1\nrecords: [a]", ERROR_INVALID,
		  "f: line 2, column 11: expected a map, found a single value" },
		{ "schema: assay/evidence/v1\ndefaults: { id: a }\nrecords: []", ERROR_INVALID,
		  "f: line 2, column 17: 'id' belongs to each record, not to the defaults" },
		{ "schema: assay/evidence/v1\ndefaults: { knid: a }\nrecords: []", ERROR_INVALID,
		  "f: line 2, column 13: unknown field 'knid'; the nearest is 'kind'" },
		{ "schema: assay/evidence/v1\ndefaults: a\nrecords: []", ERROR_INVALID,
		  "f: line 2, column 11: 'defaults' must be a map, not a single value" },
		{ DEFAULTS "- { id: a, answer: basic2, hash: '" HASH_A "' }\n", ERROR_CONFLICT,
		  "f: line 4, column 3: the hash of record 'a' does not fit its content; it was" },
		{ DEFAULTS "- { id: a, answer: x, schema: assay/evidence/v0 }\n", ERROR_UNSUPPORTED,
		  "f: line 4, column 31: schema 'assay/evidence/v0' is not known here; this" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_EVIDENCE(set);
		struct error err;

		assert_false(evidence_set_add_yaml(&set, span_of(cases[i].text), "f", &err));
		err.text[strlen(cases[i].start)] = '\0';
		assert_string_equal(err.text, cases[i].start);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(set.count, 0);
	}
}

static void a_file_without_records_is_fine(void **state)
{
	SCOPED_EVIDENCE(set);

	(void)state;
	add_yaml(&set, "schema: assay/evidence/v1\nrecords: []\n", "f");
	add_lines(&set, "", "g");
	finish(&set);
	assert_hash(set.hash, HASH_NOTHING);
}

static void yaml_has_its_limits(void **state)
{
	SCOPED_EVIDENCE(set);
	SCOPED_ARENA(arena);
	SCOPED_TEXT(large);
	char deep[33] = "";
	struct error err;

	(void)state;
	text_add_repeated(&large, ' ', (8 << 20) + 1);
	assert_false(evidence_set_add_yaml(&set, text_span(&large), "f", &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text, "f: 8388609 bytes; the limit is 8388608: split the file");
	memset(deep, '[', sizeof(deep) - 1);
	assert_false(evidence_set_add_yaml(
		&set, span_of(arena_format(&arena, "schema: a\nrecords: %s", deep)), "f", &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text,
			    "f: line 2, column 41: nested deeper than 32 levels; flatten it");
}

static void a_set_takes_a_million_records_and_no_more(void **state)
{
	static const char two[] = DEFAULTS "- { id: a, answer: x }\n- { id: b, answer: x }\n";
	static const char text[] = "f: more than 1000000 records in the set; rate fewer files at a "
				   "time";
	SCOPED_EVIDENCE(set);
	struct error err;

	(void)state;
	assert_true(evidence_set_reserve(&set, 0, "f", &err));
	set.count = EVIDENCE_RECORDS_MAXIMUM - 1;
	assert_false(evidence_set_add_yaml(&set, span_of(two), "f", &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text, text);
	assert_false(evidence_set_add_lines(&set, SPAN(LINE("", "a") LINE("", "b")), "f", &err));
	assert_string_equal(err.text, text);
	assert_int_equal(set.count, EVIDENCE_RECORDS_MAXIMUM - 1);
	assert_false(evidence_set_reserve(&set, SIZE_MAX, "f", &err));
	set.count = 0;
}

static void the_newest_day_leaves_out_what_is_announced(void **state)
{
	SCOPED_EVIDENCE(set);
	char text[DATE_TEXT_SIZE];

	(void)state;
	assert_int_equal(evidence_set_newest(&set), DATE_NONE);
	add_yaml(&set, DEFAULTS "- { id: a, answer: x, observed: 2025-05-01, due: unknown }\n",
		 "f");
	assert_int_equal(evidence_set_newest(&set), DATE_NONE);
	add_yaml(&set,
		 DEFAULTS "- { id: b, answer: x, observed: 2025-04-02 }\n"
			  "- { id: c, answer: x, observed: 2025-04-01 }\n",
		 "g");
	finish(&set);
	assert_string_equal(date_format(evidence_set_newest(&set), text), "2025-04-02");
	assert_int_equal(evidence_set_observed(&set, set.records[2].observed - 1), 0);
	assert_int_equal(evidence_set_observed(&set, set.records[2].observed), 1);
	assert_int_equal(evidence_set_observed(&set, set.records[1].observed), 2);
	assert_int_equal(evidence_set_observed(&set, INT32_MAX), 3);
}

static void records_are_found_by_id(void **state)
{
	static const char *const others[] = { "", "0", "a0", "bb", "c", "zz" };
	SCOPED_EVIDENCE(set);

	(void)state;
	assert_null(evidence_set_find(&set, "a"));
	add_yaml(&set,
		 DEFAULTS
		 "- { id: z, answer: x }\n- { id: b, answer: x }\n- { id: a, answer: x }\n",
		 "f");
	finish(&set);
	assert_ptr_equal(evidence_set_find(&set, "a"), &set.records[0]);
	assert_ptr_equal(evidence_set_find(&set, "b"), &set.records[1]);
	assert_ptr_equal(evidence_set_find(&set, "z"), &set.records[2]);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_null(evidence_set_find(&set, others[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_of_a_set_is_known),
		cmocka_unit_test(the_order_of_files_never_matters),
		cmocka_unit_test(any_change_of_a_record_changes_the_hash),
		cmocka_unit_test(an_id_that_is_used_twice_is_told_with_both_places),
		cmocka_unit_test(a_file_that_is_given_twice_is_told_the_same_way_round),
		cmocka_unit_test(a_failed_file_leaves_the_set_unchanged),
		cmocka_unit_test(the_name_of_a_file_need_not_live_on),
		cmocka_unit_test(a_hash_that_fits_is_taken),
		cmocka_unit_test(what_is_no_file_of_evidence_is_refused),
		cmocka_unit_test(a_file_without_records_is_fine),
		cmocka_unit_test(yaml_has_its_limits),
		cmocka_unit_test(a_set_takes_a_million_records_and_no_more),
		cmocka_unit_test(the_newest_day_leaves_out_what_is_announced),
		cmocka_unit_test(records_are_found_by_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
