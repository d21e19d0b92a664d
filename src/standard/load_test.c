#include "host/file.h"
#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	SHIPPED_MAXIMUM = 64, /* files */
};

/* The files below a folder of data/standard, appended. */
static void read_folder(const char *folder, struct arena *arena,
			struct standard_file files[static SHIPPED_MAXIMUM], size_t *count)
{
	const struct host here = { 0 };
	const char *const *names = NULL;
	size_t found = 0;
	struct error err = { .text = "" };

	(void)host_list(&here, folder, arena, &names, &found, &err);
	assert_string_equal(err.text, "");
	for (size_t i = 0; i < found; i++) {
		const char *path = arena_format(arena, "%s/%s", folder, names[i]);

		if (!strstr(path, ".yaml"))
			continue;
		assert_true(*count < SHIPPED_MAXIMUM);
		files[*count].name = path;
		assert_true(host_read(&here, path, 8 << 20, arena, &files[(*count)++].text, &err));
	}
}

static size_t read_shipped(struct arena *arena, struct standard_file files[static SHIPPED_MAXIMUM])
{
	size_t count = 0;

	read_folder("data/standard", arena, files, &count);
	read_folder("data/standard/criteria", arena, files, &count);
	return count;
}

static void load(const struct standard_file *files, size_t count, struct arena *arena,
		 struct standard *standard)
{
	struct error err = { .text = "" };

	(void)standard_load(files, count, arena, standard, &err);
	assert_string_equal(err.text, "");
}

static void the_shipped_standard_loads(void **state)
{
	struct standard_file files[SHIPPED_MAXIMUM];
	struct standard standard = { 0 };
	uint32_t criteria = 0;
	SCOPED_ARENA(arena);

	(void)state;
	load(files, read_shipped(&arena, files), &arena, &standard);
	assert_true(standard.criterion_count >= 200);
	assert_int_equal(standard.category_count, 11);
	assert_true(standard.gate_count > 0);
	for (uint32_t c = 0; c < standard.category_count; c++) {
		const struct category *category = &standard.categories[c];

		assert_int_equal(category->criteria_first, criteria);
		criteria += category->criteria_count;
		for (uint32_t i = category->criteria_first; i < criteria; i++)
			assert_int_equal(standard.criteria[i].category, c);
	}
	assert_int_equal(criteria, standard.criterion_count);
}

static void the_order_of_files_changes_nothing(void **state)
{
	struct standard_file files[SHIPPED_MAXIMUM], turned[SHIPPED_MAXIMUM];
	struct standard standard = { 0 }, other = { 0 };
	SCOPED_ARENA(arena);
	size_t count = read_shipped(&arena, files);

	(void)state;
	load(files, count, &arena, &standard);
	for (size_t shift = 0; shift < count; shift++) {
		for (size_t i = 0; i < count; i++) {
			size_t at = (i + shift) % count;

			turned[i] = files[shift % 2 == 0 ? at : count - 1 - at];
		}
		load(turned, count, &arena, &other);
		assert_memory_equal(standard.hash, other.hash, sizeof(other.hash));
		for (uint32_t i = 0; i < standard.criterion_count; i++)
			assert_string_equal(standard.criteria[i].id, other.criteria[i].id);
	}
}

static void any_byte_changes_the_hash(void **state)
{
	static const struct sample_change changes[] = {
		{ SAMPLE_HEAD, "claim", "claims" },
		{ SAMPLE_HEAD, NULL, "\n" },
		{ SAMPLE_GRADES, NULL, "# a remark\n" },
		{ SAMPLE_GRADES, "below: 0.5", "below: 0.55" },
		{ SAMPLE_SPEED, "weight: 30", "weight: 31" },
		{ SAMPLE_SPEED, NULL, " " },
		{ SAMPLE_TRUST, "  ", "   " },
	};
	uint8_t hashes[COUNT(changes) + 1][RECORD_HASH_BYTES];
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i <= COUNT(changes); i++) {
		struct error err = { .text = "" };

		(void)sample_load(i < COUNT(changes) ? &changes[i] : NULL, &arena, &standard, &err);
		assert_string_equal(err.text, "");
		memcpy(hashes[i], standard.hash, sizeof(standard.hash));
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(hashes[i], hashes[k], sizeof(hashes[i]));
	}
}

static void the_hash_has_names_and_no_folders(void **state)
{
	struct standard_file files[SAMPLE_FILE_COUNT];
	struct standard standard = { 0 }, moved = { 0 }, renamed = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_files(NULL, &arena, files));
	load(files, COUNT(files), &arena, &standard);
	files[SAMPLE_SPEED].name = "/elsewhere/speed.yaml";
	files[SAMPLE_TRUST].name = "trust.yaml";
	load(files, COUNT(files), &arena, &moved);
	assert_memory_equal(standard.hash, moved.hash, sizeof(moved.hash));
	files[SAMPLE_TRUST].name = "trusted.yaml";
	load(files, COUNT(files), &arena, &renamed);
	assert_memory_not_equal(standard.hash, renamed.hash, sizeof(renamed.hash));
}

/* As `sha256sum` would do it by hand, with other words before each hash. */
static void the_hash_is_over_names_and_hashes(void **state)
{
	static const enum sample_file sorted[] = { SAMPLE_GRADES, SAMPLE_HEAD, SAMPLE_SPEED,
						   SAMPLE_TRUST };
	static const char *const names[] = { "grades.yaml", "head.yaml", "speed.yaml",
					     "trust.yaml" };
	struct standard standard = { 0 };
	uint8_t hash[RECORD_HASH_BYTES];
	char line[RECORD_HASH_TEXT];
	SCOPED_ARENA(arena);
	SCOPED_TEXT(lines);

	(void)state;
	for (size_t i = 0; i < COUNT(sorted); i++) {
		hash_bytes(span_of(sample_texts[sorted[i]]), hash);
		text_format(&lines, "%s %s\n", names[i], hash_format(hash, line));
	}
	hash_bytes(text_span(&lines), hash);
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	assert_memory_equal(standard.hash, hash, sizeof(hash));
}

static struct span criterion_file(struct arena *arena, const char *name)
{
	return span_of(arena_format(
		arena,
		"schema: assay/criteria/v1\ncategory: trust\ncriteria:\n"
		"- { id: trust.%s, title: t, question: q, why: w, settled_by: [{ price: p }],\n"
		"    weight: 1, measure: { unit: count, points: [{ at: 0, worth: 0 },\n"
		"    { at: 1, worth: 1 }] }, reason: r, expiry: 1, strength: E0, profiles: all,\n"
		"    effort: 1 }\n",
		name));
}

/* A category may be spread over files; those of one name are told apart by what is in them. */
static void files_of_one_name_have_an_order(void **state)
{
	struct standard_file files[SAMPLE_FILE_COUNT + 2];
	struct standard standard = { 0 }, turned = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_files(NULL, &arena, files));
	files[4].name = "a/more.yaml";
	files[4].text = criterion_file(&arena, "first");
	files[5].name = "b/more.yaml";
	files[5].text = criterion_file(&arena, "second");
	load(files, COUNT(files), &arena, &standard);
	assert_string_equal(standard.criteria[2].id, "trust.first");
	assert_string_equal(standard.criteria[3].id, "trust.second");
	assert_string_equal(standard.criteria[4].id, "trust.scope");
	files[4].text = criterion_file(&arena, "second");
	files[5].text = criterion_file(&arena, "first");
	load(files, COUNT(files), &arena, &turned);
	assert_memory_equal(standard.hash, turned.hash, sizeof(turned.hash));
	for (uint32_t i = 0; i < standard.criterion_count; i++)
		assert_string_equal(standard.criteria[i].id, turned.criteria[i].id);
}

static void criteria_are_sorted_by_category_and_find_their_parents(void **state)
{
	static const char *const ids[] = { "speed.start", "speed.links", "trust.scope",
					   "trust.audit" };
	static const int parents[] = { -1, -1, 3, -1 };
	struct standard_file files[SAMPLE_FILE_COUNT];
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_files(NULL, &arena, files));
	files[SAMPLE_SPEED].name = "z.yaml"; /* read last; the head's order counts */
	load(files, COUNT(files), &arena, &standard);
	assert_int_equal(standard.criterion_count, COUNT(ids));
	for (size_t i = 0; i < COUNT(ids); i++) {
		assert_string_equal(standard.criteria[i].id, ids[i]);
		assert_int_equal(standard.criteria[i].parent, parents[i]);
	}
	assert_int_equal(standard.categories[1].criteria_first, 2);
	assert_int_equal(standard.categories[1].criteria_count, 2);
	assert_string_equal(standard.criteria[0].file, "z.yaml");
	assert_int_equal(standard.criteria[0].line, 4);
}

static const struct {
	struct sample_change change;
	enum error_code code;
	const char *text;
} misfits[] = {
	{ { SAMPLE_HEAD, "schema: assay/standard/v1\n", "" },
	  ERROR_INVALID,
	  "s/head.yaml: line 1, column 1: 'schema' is missing; a standard's file is "
	  "assay/standard/v1, assay/grades/v1 or assay/criteria/v1" },
	{ { SAMPLE_HEAD, "schema: ", "schema: &a " },
	  ERROR_UNSUPPORTED,
	  "s/head.yaml: line 1, column 9: anchors are not allowed" },
	{ { SAMPLE_GRADES, "assay/grades/v1", "[]" },
	  ERROR_INVALID,
	  "s/grades.yaml: line 1, column 1: 'schema' is missing" },
	{ { SAMPLE_TRUST, "assay/criteria/v1", "assay/criteria/v2" },
	  ERROR_UNSUPPORTED,
	  "s/criteria/trust.yaml: line 1, column 9: schema 'assay/criteria/v2' is not "
	  "known here; this version reads assay/standard/v1, assay/grades/v1 and" },
	{ { SAMPLE_TRUST, "criteria/v1", "standard/v1" },
	  ERROR_CONFLICT,
	  "s/criteria/trust.yaml: schema assay/standard/v1 is in s/head.yaml already" },
	{ { SAMPLE_TRUST, "criteria/v1", "grades/v1" },
	  ERROR_CONFLICT,
	  "s/criteria/trust.yaml: schema assay/grades/v1 is in s/grades.yaml already" },
	{ { SAMPLE_HEAD, "standard/v1", "criteria/v1" },
	  ERROR_MISSING,
	  "the standard has no file of schema assay/standard/v1; add it to the folder" },
	{ { SAMPLE_GRADES, "grades/v1", "criteria/v1" },
	  ERROR_MISSING,
	  "the standard has no file of schema assay/grades/v1; add it to the folder" },
	{ { SAMPLE_HEAD, NULL, "- { id: more, title: More, weight: 1, reason: r }\n" },
	  ERROR_LIMIT,
	  "category 'more' has 0 criteria; it has 1 to 300" },
	{ { SAMPLE_SPEED, "id: speed.links", "id: speed.start" },
	  ERROR_CONFLICT,
	  "s/criteria/speed.yaml: line 23: criterion 'speed.start' is there before, at "
	  "s/criteria/speed.yaml line 4" },
	{ { SAMPLE_TRUST, "parent: trust.audit", "parent: trust.audits" },
	  ERROR_INVALID,
	  "s/criteria/trust.yaml: line 4: parent 'trust.audits' of 'trust.scope' is not a "
	  "headline criterion of the same category" },
	{ { SAMPLE_TRUST, "parent: trust.audit", "parent: trust.scope" },
	  ERROR_INVALID,
	  "s/criteria/trust.yaml: line 4: parent 'trust.scope' of 'trust.scope' is not" },
	{ { SAMPLE_TRUST, "parent: trust.audit", "parent: speed.links" },
	  ERROR_INVALID,
	  "s/criteria/trust.yaml: line 4: parent 'speed.links' of 'trust.scope' is not" },
	{ { SAMPLE_TRUST, "effort: 1 }", "effort: 1, parent: trust.scope }" },
	  ERROR_INVALID,
	  "s/criteria/trust.yaml: line 4: parent 'trust.audit' of 'trust.scope' is not" },
};

static void what_does_not_fit_together_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(misfits); i++) {
		struct standard standard = { .name = "as it was" };
		struct error err;
		SCOPED_ARENA(arena);

		assert_false(sample_load(&misfits[i].change, &arena, &standard, &err));
		err.text[strlen(misfits[i].text)] = '\0';
		assert_string_equal(err.text, misfits[i].text);
		assert_int_equal(err.code, misfits[i].code);
		assert_string_equal(standard.name, "as it was");
	}
}

static void no_files_are_no_standard(void **state)
{
	struct standard_file files[SAMPLE_FILE_COUNT];
	struct standard standard = { 0 };
	struct error err;
	SCOPED_ARENA(arena);

	(void)state;
	assert_false(standard_load(NULL, 0, &arena, &standard, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_true(sample_files(NULL, &arena, files));
	assert_false(standard_load(files, 2, &arena, &standard, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text, "the standard has 0 criteria; it has 1 to 1024");
}

static void of_several_broken_files_the_first_is_told(void **state)
{
	struct standard_file files[SAMPLE_FILE_COUNT];
	struct standard standard = { 0 };
	struct error err;
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_files(NULL, &arena, files));
	files[SAMPLE_GRADES].text = files[SAMPLE_TRUST].text = SPAN("a: 1\na: 2\n");
	for (int i = 0; i < 20; i++) {
		assert_false(standard_load(files, COUNT(files), &arena, &standard, &err));
		assert_int_equal(err.code, ERROR_CONFLICT);
		assert_string_equal(err.text,
				    "s/grades.yaml: line 2, column 1: key 'a' is on line 1 "
				    "already; remove one");
	}
}

/* The sample with so many more criteria of one category. */
static bool load_many(const char *category, unsigned count, struct error *err)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	struct standard_file files[SAMPLE_FILE_COUNT + 1];
	struct standard standard;

	assert_true(sample_files(NULL, &arena, files));
	text_format(&text, "schema: assay/criteria/v1\ncategory: %s\ncriteria:\n", category);
	for (unsigned i = 0; i < count; i++)
		text_format(
			&text,
			"- { id: %s.n%u, title: t, question: q, why: w, reason: r, expiry: 1,\n"
			"    settled_by: [{ price: p }], weight: 100, effort: 1, profiles: all,\n"
			"    measure: { unit: s, points: [{ at: 0, worth: 0 },\n"
			"    { at: 1, worth: 1 }] }, strength: E0 }\n",
			category, i);
	files[SAMPLE_FILE_COUNT] = (struct standard_file){ "more.yaml", text_span(&text) };
	return standard_load(files, COUNT(files), &arena, &standard, err);
}

static void there_are_only_so_many_criteria(void **state)
{
	struct error err;

	(void)state;
	assert_true(load_many("speed", CATEGORY_CRITERIA_MAXIMUM - 2, &err));
	assert_false(load_many("speed", CATEGORY_CRITERIA_MAXIMUM - 1, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text, "category 'speed' has 301 criteria; it has 1 to 300");
	assert_false(load_many("speed", CRITERIA_MAXIMUM - 3, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text, "the standard has 1025 criteria; it has 1 to 1024");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_standard_loads),
		cmocka_unit_test(the_order_of_files_changes_nothing),
		cmocka_unit_test(any_byte_changes_the_hash),
		cmocka_unit_test(the_hash_has_names_and_no_folders),
		cmocka_unit_test(the_hash_is_over_names_and_hashes),
		cmocka_unit_test(files_of_one_name_have_an_order),
		cmocka_unit_test(criteria_are_sorted_by_category_and_find_their_parents),
		cmocka_unit_test(what_does_not_fit_together_is_refused),
		cmocka_unit_test(no_files_are_no_standard),
		cmocka_unit_test(of_several_broken_files_the_first_is_told),
		cmocka_unit_test(there_are_only_so_many_criteria),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
