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
#define ZEROS "00000000000000000000000000000000"
#define PLACE(line, column) "f.yaml: line " #line ", column " #column ": "

static const char whole[] =
	"id: crusoe.start-time\n"
	"subject: { provider: crusoe, product: cloud, region: eu-1, gpu: h100,\n"
	"           cluster: c_1, node: n7, device: gpu.0+1 }\n"
	"what: lifecycle.start-time\n"
	"value: 30\n"
	"unit: s\n"
	"kind: measurement\n"
	"strength: E2\n"
	"observed: 2025-03-26\n"
	"expires: 2026-03-26\n"
	"due: 2025-06-01\n"
	"source: { name: run, publisher: a renter, url: 'https://a.org/',\n"
	"          tool: assay, version: 0.1 }\n"
	"excerpt: boots in 30 s\n";

static const char least[] = "id: a\n"
			    "subject: { provider: p }\n"
			    "what: monitoring.dashboard\n"
			    "answer: basic\n"
			    "kind: statement\n"
			    "strength: E0\n"
			    "observed: 2025-03-26\n"
			    "source: { name: s }\n";

/* What a record is read into by a test. */
struct fixture {
	struct arena arena;
	struct record record;
	bool has_hash;
	struct error err;
};

static void release(struct fixture *fixture)
{
	arena_release(&fixture->arena);
}

#define SCOPED_FIXTURE(name) struct fixture name __attribute__((cleanup(release))) = { 0 }

/* `base` with its first `from` as `to`. */
static const char *change(struct arena *arena, const char *base, const char *from, const char *to)
{
	const char *at = strstr(base, from);

	assert_non_null(at);
	return arena_format(arena, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
}

/* The tree of a text that is YAML. */
static const struct node *parse(struct fixture *fixture, const char *text)
{
	const struct node *root = NULL;

	assert_true(yaml_read(span_of(text), "f.yaml", &fixture->arena, &root, &fixture->err));
	return root;
}

static bool read_with(struct fixture *fixture, const char *text, const char *defaults)
{
	const struct record_reading how = {
		.file = "f.yaml",
		.defaults = defaults ? parse(fixture, defaults) : NULL,
		.arena = &fixture->arena,
	};

	return record_read(parse(fixture, text), &how, &fixture->record, &fixture->has_hash,
			   &fixture->err);
}

static void read_well(struct fixture *fixture, const char *text, const char *defaults)
{
	bool good = read_with(fixture, text, defaults);

	assert_string_equal(fixture->err.text, "");
	assert_true(good);
}

static bool read_line(struct fixture *fixture, const char *text)
{
	const struct record_reading how = {
		.file = "f.jsonl",
		.schema_required = true,
		.arena = &fixture->arena,
	};
	const struct node *root = NULL;

	assert_true(json_read(span_of(text), "f.jsonl", 7, &fixture->arena, &root, NULL));
	return record_read(root, &how, &fixture->record, &fixture->has_hash, &fixture->err);
}

static date_t day(const char *text)
{
	date_t date = DATE_NONE;

	assert_true(date_parse(span_of(text), &date));
	return date;
}

static void every_field_is_read(void **state)
{
	static const char *const parts[] = { "crusoe", "cloud", "eu-1",   "h100",
					     "c_1",    "n7",    "gpu.0+1" };
	SCOPED_FIXTURE(fixture);
	const struct record *record = &fixture.record;

	(void)state;
	read_well(&fixture, whole, NULL);
	assert_string_equal(record->id, "crusoe.start-time");
	for (unsigned i = 0; i < SUBJECT_PART_COUNT; i++)
		assert_string_equal(record->subject.parts[i], parts[i]);
	assert_string_equal(record->what, "lifecycle.start-time");
	assert_int_equal(record->says, SAYS_VALUE);
	assert_true(record->value > 29.5 && record->value < 30.5);
	assert_string_equal(record->unit, "s");
	assert_null(record->text);
	assert_int_equal(record->kind, KIND_MEASUREMENT);
	assert_int_equal(record->strength, STRENGTH_E2);
	assert_int_equal(record->observed, day("2025-03-26"));
	assert_int_equal(record->expires, day("2026-03-26"));
	assert_true(record->announced);
	assert_int_equal(record->due, day("2025-06-01"));
	assert_string_equal(record->source.name, "run");
	assert_string_equal(record->source.publisher, "a renter");
	assert_string_equal(record->source.url, "https://a.org/");
	assert_string_equal(record->source.tool, "assay");
	assert_string_equal(record->source.version, "0.1");
	assert_string_equal(record->excerpt, "boots in 30 s");
	assert_string_equal(record->file, "f.yaml");
	assert_int_equal(record->line, 1);
	assert_false(fixture.has_hash);
}

static void what_is_left_out_is_not_known(void **state)
{
	SCOPED_FIXTURE(fixture);
	const struct record *record = &fixture.record;

	(void)state;
	read_well(&fixture, least, NULL);
	for (unsigned i = 1; i < SUBJECT_PART_COUNT; i++)
		assert_null(record->subject.parts[i]);
	assert_null(record->unit);
	assert_int_equal(record->expires, DATE_NONE);
	assert_false(record->announced);
	assert_int_equal(record->due, DATE_NONE);
	assert_null(record->source.publisher);
	assert_null(record->source.url);
	assert_null(record->source.tool);
	assert_null(record->source.version);
	assert_null(record->excerpt);
}

static void each_way_to_say_it_is_read(void **state)
{
	static const struct {
		const char *said;
		enum record_says says;
		const char *text;
	} cases[] = {
		{ "answer: basic", SAYS_ANSWER, "basic" },
		{ "value: -1.5e3\nunit: GB/s", SAYS_VALUE, NULL },
		{ "withheld: under a contract", SAYS_WITHHELD, "under a contract" },
		{ "not_applicable: no shared storage", SAYS_NOT_APPLICABLE, "no shared storage" },
		{ "text: 'no'", SAYS_TEXT, "no" },
		{ "answer: no", SAYS_ANSWER, "no" },
		{ "answer: 'null'", SAYS_ANSWER, "null" },
		{ "state: up", SAYS_STATE, "up" },
		{ "unknown: 'nvmlDeviceGetName: GPU is lost (15)'", SAYS_UNKNOWN,
		  "nvmlDeviceGetName: GPU is lost (15)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_FIXTURE(fixture);

		read_well(&fixture, change(&fixture.arena, least, "answer: basic", cases[i].said),
			  NULL);
		assert_int_equal(fixture.record.says, cases[i].says);
		if (cases[i].text)
			assert_string_equal(fixture.record.text, cases[i].text);
		else
			assert_null(fixture.record.text);
	}
}

static void what_is_announced_may_have_no_day(void **state)
{
	SCOPED_FIXTURE(fixture);

	(void)state;
	read_well(&fixture, change(&fixture.arena, whole, "due: 2025-06-01", "due: unknown"), NULL);
	assert_true(fixture.record.announced);
	assert_int_equal(fixture.record.due, DATE_NONE);
}

static void days_may_be_the_same(void **state)
{
	SCOPED_FIXTURE(fixture);
	const char *text = change(&fixture.arena, whole, "due: 2025-06-01", "due: 2025-03-26");

	(void)state;
	read_well(&fixture,
		  change(&fixture.arena, text, "expires: 2026-03-26", "expires: 2025-03-26"), NULL);
	assert_int_equal(fixture.record.due, fixture.record.observed);
	assert_int_equal(fixture.record.expires, fixture.record.observed);
}

static void a_moment_is_on_the_day_it_was_seen_or_before(void **state)
{
	static const struct {
		const char *time;
		int64_t seconds;
	} cases[] = {
		{ "2025-03-26T00:00:00Z", 1742947200 },
		{ "2025-03-26T23:59:59Z", 1743033599 },
		{ "2025-03-25T23:59:59Z", 1742947199 }, /* of a log, read the day after */
		{ "2024-01-01T12:00:00Z", 1704110400 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_FIXTURE(fixture);
		const char *line = arena_format(&fixture.arena, "observed: 2025-03-26\ntime: %s",
						cases[i].time);

		read_well(&fixture, change(&fixture.arena, least, "observed: 2025-03-26", line),
			  NULL);
		assert_int_equal(fixture.record.time, cases[i].seconds);
		assert_int_equal(fixture.record.observed, day("2025-03-26"));
	}
}

static void a_day_alone_has_no_moment(void **state)
{
	SCOPED_FIXTURE(fixture);

	(void)state;
	read_well(&fixture, least, NULL);
	assert_int_equal(fixture.record.time, 0);
}

static const struct refusal {
	const char *from, *to;
	enum error_code code;
	const char *text;
} refusals[] = {
	{ "id: crusoe.start-time\n", "", ERROR_INVALID,
	  PLACE(1, 1) "the record has no 'id'; add one that is unique" },
	{ "crusoe.start-time", "Crusoe", ERROR_INVALID,
	  PLACE(1, 5) "id 'Crusoe' is not a name; use lower-case letters, digits and" },
	{ "id: crusoe.start-time", "id: [a]", ERROR_INVALID,
	  PLACE(1, 5) "'id' must be a single value, not a list" },
	{ "id: crusoe.start-time", "id: null", ERROR_INVALID,
	  PLACE(1, 5) "'id' is null; leave it out, or write the word in quotes" },
	{ "excerpt:", "exerpt:", ERROR_INVALID,
	  PLACE(14, 1) "unknown field 'exerpt'; the nearest is 'excerpt'" },
	{ "id:", "schema: assay/evidence/v2\nid:", ERROR_UNSUPPORTED,
	  PLACE(1, 9) "schema 'assay/evidence/v2' is not known here; this version reads" },
	{ "subject: { provider: crusoe, product: cloud, region: eu-1, gpu: h100,\n"
	  "           cluster: c_1, node: n7, device: gpu.0+1 }\n",
	  "", ERROR_INVALID, PLACE(1, 1) "the record has no 'subject'; add it" },
	{ "source: { name: run, publisher: a renter, url: 'https://a.org/',\n"
	  "          tool: assay, version: 0.1 }\n",
	  "", ERROR_INVALID, PLACE(1, 1) "the record has no 'source'; add it" },
	{ "what: lifecycle.start-time\n", "", ERROR_INVALID,
	  PLACE(1, 1) "the record has no 'what'; add it" },
	{ "lifecycle.start-time", "''", ERROR_INVALID,
	  PLACE(4, 7) "'what' is empty; give it a text or leave it out" },
	{ "provider: crusoe, ", "", ERROR_INVALID,
	  PLACE(2, 10) "field 'provider' is missing; add it" },
	{ "gpu: h100", "gpus: h100", ERROR_INVALID,
	  PLACE(2, 60) "unknown field 'gpus'; the nearest is 'gpu'" },
	{ "gpu: h100", "gpu: H100", ERROR_INVALID,
	  PLACE(2, 65) "gpu 'H100' is not a name; use lower-case letters, digits and '-' '.'" },
	{ "region: eu-1", "region: null", ERROR_INVALID, PLACE(2, 54) "'region' is null; leave" },
	{ "value: 30\nunit: s\n", "", ERROR_INVALID,
	  PLACE(1, 1) "the record says nothing; add 'answer', 'value', 'withheld'," },
	{ "unit: s", "answer: fast\nunit: s", ERROR_INVALID,
	  PLACE(5, 8) "'answer' and 'value' exclude each other; make two records" },
	{ "unit: s", "withheld: x\ntext: y\nunit: s", ERROR_INVALID,
	  PLACE(6, 11) "'value' and 'withheld' exclude each other; make two records" },
	{ "value: 30", "answer: fast", ERROR_INVALID,
	  PLACE(6, 7) "'unit' goes with 'value' and not with 'answer'; remove it" },
	{ "value: 30\nunit: s", "withheld: ''", ERROR_INVALID,
	  PLACE(5, 11) "'withheld' is empty; give it a text or leave it out" },
	{ "value: 30", "value: 30s", ERROR_INVALID,
	  PLACE(5, 8) "'value' is '30s', not a number; write a plain decimal of at most 15" },
	{ "value: 30", "value: .inf", ERROR_INVALID, PLACE(5, 8) "'value' is '.inf', not a" },
	{ "value: 30", "value: 1234567890.123456", ERROR_INVALID, PLACE(5, 8) "'value' is '1234" },
	{ "unit: s\n", "", ERROR_INVALID, PLACE(1, 1) "the record has no 'unit'; add it" },
	{ "unit: s", "unit: ''", ERROR_INVALID, PLACE(6, 7) "'unit' is empty; give it a text" },
	{ "kind: measurement\n", "", ERROR_INVALID,
	  PLACE(1, 1) "the record has no 'kind'; add it" },
	{ "measurement", "rumour", ERROR_INVALID,
	  PLACE(7, 7) "unknown kind 'rumour'; it is measurement, document, answer, statement or" },
	{ "strength: E2\n", "", ERROR_INVALID, PLACE(1, 1) "the record has no 'strength'; add it" },
	{ "E2", "E5", ERROR_INVALID,
	  PLACE(8, 11) "unknown strength 'E5'; it is E0, E1, E2, E3 or E4" },
	{ "observed: 2025-03-26\n", "", ERROR_INVALID,
	  PLACE(1, 1) "the record has no 'observed'; add it" },
	{ "observed: 2025-03-26", "observed: 2025-02-29", ERROR_INVALID,
	  PLACE(9, 11) "'observed' is '2025-02-29', not a day; write YYYY-MM-DD" },
	{ "observed: 2025-03-26", "observed: unknown", ERROR_INVALID,
	  PLACE(9, 11) "'observed' is 'unknown', not a day" },
	{ "unit: s", "state: up\nunit: s", ERROR_INVALID,
	  PLACE(6, 8) "'value' and 'state' exclude each other; make two records" },
	{ "value: 30", "state: up", ERROR_INVALID,
	  PLACE(6, 7) "'unit' goes with 'value' and not with 'state'; remove it" },
	{ "value: 30\nunit: s", "unknown: ''", ERROR_INVALID,
	  PLACE(5, 10) "'unknown' is empty; give it a text or leave it out" },
	{ "value: 30\nunit: s", "state: up\nunknown: lost", ERROR_INVALID,
	  PLACE(6, 10) "'state' and 'unknown' exclude each other; make two records" },
	{ "observed: 2025-03-26", "observed: 2025-03-26\ntime: 2025-03-27T00:00:00Z", ERROR_INVALID,
	  PLACE(10, 7) "'time' is after the day of 'observed'; correct one of them" },
	{ "observed: 2025-03-26", "observed: 2025-03-26\ntime: 2025-03-26 00:00:00", ERROR_INVALID,
	  PLACE(10,
		7) "'time' is '2025-03-26 00:00:00', not a moment; write YYYY-MM-DDTHH:MM:SSZ" },
	{ "expires: 2026-03-26", "expires: never", ERROR_INVALID,
	  PLACE(10, 10) "'expires' is 'never', not a day" },
	{ "expires: 2026-03-26", "expires: 2025-03-25", ERROR_INVALID,
	  PLACE(10, 10) "'expires' is before 'observed'; check the two days" },
	{ "due: 2025-06-01", "due: soon", ERROR_INVALID,
	  PLACE(11, 6) "'due' is 'soon', not a day; write YYYY-MM-DD" },
	{ "due: 2025-06-01", "due: 2025-03-25", ERROR_INVALID,
	  PLACE(11, 6) "'due' is before 'observed'; leave it out for what is true already" },
	{ "source: { name: run,", "source: {", ERROR_INVALID,
	  PLACE(12, 9) "field 'name' is missing; add it" },
	{ "name: run", "name: ''", ERROR_INVALID, PLACE(12, 17) "'name' is empty; give it a text" },
	{ "tool: assay", "tool: ''", ERROR_INVALID, PLACE(13, 17) "'tool' is empty; give it a" },
	{ "version: 0.1", "version: [0, 1]", ERROR_INVALID,
	  PLACE(13, 33) "'version' must be a single value, not a list" },
	{ "excerpt: boots in 30 s", "excerpt: ''", ERROR_INVALID,
	  PLACE(14, 10) "'excerpt' is empty; give it a text or leave it out" },
	{ "excerpt:", "hash: sha256:12\nexcerpt:", ERROR_INVALID,
	  PLACE(14, 7) "'hash' is not sha256: and 64 hexadecimal digits" },
	{ "excerpt:", "hash: sha256:" ZEROS "0000000000000000000000000000000A\nexcerpt:",
	  ERROR_INVALID, PLACE(14, 7) "'hash' is not sha256: and 64 hexadecimal digits" },
};

static void each_fault_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		SCOPED_FIXTURE(fixture);
		const char *text = change(&fixture.arena, whole, refusals[i].from, refusals[i].to);

		fixture.record.id = "as it was";
		assert_false(read_with(&fixture, text, NULL));
		assert_string_equal(fixture.record.id, "as it was");
		fixture.err.text[strlen(refusals[i].text)] = '\0';
		assert_string_equal(fixture.err.text, refusals[i].text);
		assert_int_equal(fixture.err.code, refusals[i].code);
	}
}

static void what_is_not_a_map_is_no_record(void **state)
{
	SCOPED_FIXTURE(fixture);

	(void)state;
	assert_false(read_with(&fixture, "[1]", NULL));
	assert_string_equal(fixture.err.text,
			    "f.yaml: line 1, column 1: expected a map, found a list");
	assert_false(read_line(&fixture, "3"));
	assert_string_equal(fixture.err.text,
			    "f.jsonl: line 7: expected a map, found a single value");
}

static void names_are_safe_in_files_and_addresses(void **state)
{
	static const struct {
		const char *name;
		bool id, provider;
	} cases[] = {
		{ "a", true, true },       { "0", true, true },       { "_a", true, true },
		{ "a.b-c_d", true, true }, { "a+b", false, true },    { "a.", true, true },
		{ ".", false, false },     { "..", false, false },    { ".a", false, false },
		{ "'-a'", false, false },  { "+a", false, false },    { "a/b", false, false },
		{ "A", false, false },     { "a b", false, false },   { "\xc3\xa4", false, false },
		{ "''", false, false },    { "'a\"'", false, false }, { "\"a\\n\"", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_FIXTURE(fixture);
		const char *name = cases[i].name;
		const char *id = arena_format(&fixture.arena, "id: %s\n", name);
		const char *provider = arena_format(&fixture.arena, "provider: %s }", name);

		id = change(&fixture.arena, least, "id: a\n", id);
		provider = change(&fixture.arena, least, "provider: p }", provider);
		assert_int_equal(read_with(&fixture, id, NULL), cases[i].id);
		assert_int_equal(read_with(&fixture, provider, NULL), cases[i].provider);
	}
}

/* A device is named as the system names it; no other part of a subject is. */
static void devices_are_named_as_the_system_does(void **state)
{
	static const struct {
		const char *device;
		bool good;
	} cases[] = {
		{ "gpu:0000:19:00.0/link:3", true },
		{ "rdma:mlx5_0/1", true },
		{ "mount:/Home/A+B", true },
		{ "setting:env:NCCL_IB_HCA", true },
		{ "dimm:CPU_SrcID#0_MC#0_Chan#1_DIMM#0", true },
		{ "!", true },
		{ "", false },
		{ "a b", false },
		{ "\xc3\xa4", false },
	};
	char letters[RECORD_DEVICE_MAXIMUM + 1];

	(void)state;
	memset(letters, 'A', sizeof(letters));
	for (size_t i = 0; i < COUNT(cases) + 2; i++) {
		SCOPED_FIXTURE(fixture);
		bool longest = i == COUNT(cases);
		const char *device =
			i < COUNT(cases) ? cases[i].device
					 : arena_format(&fixture.arena, "%.*s",
							RECORD_DEVICE_MAXIMUM + !longest, letters);
		const char *text = arena_format(&fixture.arena, "device: '%s' }", device);

		text = change(&fixture.arena, whole, "device: gpu.0+1 }", text);
		assert_int_equal(read_with(&fixture, text, NULL),
				 i < COUNT(cases) ? cases[i].good : longest);
		if (fixture.err.code == ERROR_NONE)
			assert_string_equal(fixture.record.subject.parts[SUBJECT_DEVICE], device);
		text = arena_format(&fixture.arena, "node: '%s'", device);
		assert_false(
			read_with(&fixture, change(&fixture.arena, whole, "node: n7", text), NULL));
	}
}

static void texts_have_a_longest(void **state)
{
	static const struct {
		const char *from, *to;
		int limit;
		const char *text;
	} cases[] = {
		{ "crusoe.start-time", "%s", 120, "line 1, column 5: id 'aaa" },
		{ "provider: crusoe", "provider: %s", 120, "line 2, column 22: provider 'aaa" },
		{ "lifecycle.start-time", "%s", 120, "line 4, column 7: 'what' has 121 bytes" },
		{ "unit: s", "unit: %s", 40, "line 6, column 7: 'unit' has 41 bytes" },
		{ "value: 30\nunit: s", "answer: %s", 2000, "line 5, column 9: 'answer' has 2001" },
		{ "name: run", "name: %s", 200, "line 12, column 17: 'name' has 201 bytes" },
		{ "a renter", "%s", 200, "line 12, column 33: 'publisher' has 201 bytes" },
		{ "'https://a.org/'", "%s", 500, "line 12, column 48: 'url' has 501 bytes" },
		{ "tool: assay", "tool: %s", 200, "line 13, column 17: 'tool' has 201 bytes" },
		{ "0.1", "%s", 200, "line 13, column 33: 'version' has 201 bytes" },
		{ "boots in 30 s", "%s", 2000, "line 14, column 10: 'excerpt' has 2001 bytes" },
	};
	char letters[2002];

	(void)state;
	memset(letters, 'a', sizeof(letters));
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_FIXTURE(fixture);
		const char *pattern = change(&fixture.arena, cases[i].to, "%s", "");
		const char *longest =
			arena_format(&fixture.arena, "%s%.*s", pattern, cases[i].limit, letters);
		const char *longer = arena_format(&fixture.arena, "%sa", longest);

		read_well(&fixture, change(&fixture.arena, whole, cases[i].from, longest), NULL);
		longer = change(&fixture.arena, whole, cases[i].from, longer);
		assert_false(read_with(&fixture, longer, NULL));
		assert_non_null(strstr(fixture.err.text, cases[i].text));
	}
}

static void a_record_has_its_own_before_the_defaults(void **state)
{
	static const char defaults[] = "subject: { provider: q, region: r }\n"
				       "what: x.y\n"
				       "kind: price\n"
				       "strength: E1\n"
				       "observed: 2025-01-01\n"
				       "expires: 2025-12-31\n"
				       "due: unknown\n"
				       "unit: USD\n"
				       "source: { name: t, tool: u }\n"
				       "excerpt: e\n";
	SCOPED_FIXTURE(fixture);
	const struct record *record = &fixture.record;

	(void)state;
	read_well(&fixture, "{ id: a, value: 2 }", defaults);
	assert_string_equal(record->subject.parts[SUBJECT_REGION], "r");
	assert_string_equal(record->what, "x.y");
	assert_int_equal(record->kind, KIND_PRICE);
	assert_int_equal(record->strength, STRENGTH_E1);
	assert_int_equal(record->observed, day("2025-01-01"));
	assert_int_equal(record->expires, day("2025-12-31"));
	assert_true(record->announced);
	assert_string_equal(record->unit, "USD");
	assert_string_equal(record->source.tool, "u");
	assert_string_equal(record->excerpt, "e");

	read_well(&fixture, least, defaults);
	assert_string_equal(record->subject.parts[SUBJECT_PROVIDER], "p");
	assert_null(record->subject.parts[SUBJECT_REGION]); /* maps are not mixed */
	assert_string_equal(record->what, "monitoring.dashboard");
	assert_int_equal(record->kind, KIND_STATEMENT);
	assert_int_equal(record->strength, STRENGTH_E0);
	assert_int_equal(record->observed, day("2025-03-26"));
	assert_null(record->unit); /* of a value only */
	assert_string_equal(record->source.name, "s");
	assert_null(record->source.tool);
}

static void defaults_hold_what_can_be_shared(void **state)
{
	static const struct {
		const char *defaults, *text;
	} cases[] = {
		{ "{ kind: price, unit: s, due: unknown }", "" },
		{ "{}", "" },
		{ "{ kind: price, id: a }",
		  PLACE(1, 20) "'id' belongs to each record, not to the defaults" },
		{ "{ answer: a }", PLACE(1, 11) "'answer' belongs to each record, not to the" },
		{ "{ value: 3 }", PLACE(1, 10) "'value' belongs to each record, not to the" },
		{ "{ withheld: a }", PLACE(1, 13) "'withheld' belongs to each record" },
		{ "{ not_applicable: a }", PLACE(1, 19) "'not_applicable' belongs to each" },
		{ "{ text: a }", PLACE(1, 9) "'text' belongs to each record, not to" },
		{ "{ state: a }", PLACE(1, 10) "'state' belongs to each record, not to" },
		{ "{ unknown: a }", PLACE(1, 12) "'unknown' belongs to each record, not" },
		{ "{ hash: a }", PLACE(1, 9) "'hash' belongs to each record, not to" },
		{ "{ schema: a }", PLACE(1, 11) "'schema' belongs to each record, not" },
		{ "{ expries: 2025-01-01 }",
		  PLACE(1, 3) "unknown field 'expries'; the nearest is 'expires'" },
		{ "{ kind: [price] }", PLACE(1, 9) "'kind' must be a single value, not a list" },
		{ "{ excerpt: null }", PLACE(1, 12) "'excerpt' is null; leave it out" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_FIXTURE(fixture);
		const struct node *defaults = parse(&fixture, cases[i].defaults);
		bool good = cases[i].text[0] == '\0';

		assert_int_equal(record_check_defaults(defaults, "f.yaml", &fixture.err), good);
		assert_ptr_equal(strstr(fixture.err.text, cases[i].text), fixture.err.text);
	}
}

#define HEAD "{\"id\":\"a\",\"kind\":\"price\",\"observed\":\"2025-01-01\",\"strength\":\"E0\","
#define TAIL "\"source\":{\"name\":\"s\"},\"subject\":{\"provider\":\"p\"},\"what\":\"a.b\"}"
#define SCHEMA "\"schema\":\"assay/evidence/v1\","

static void a_record_of_a_machine_names_its_schema(void **state)
{
	SCOPED_FIXTURE(fixture);

	(void)state;
	assert_false(read_line(&fixture, HEAD "\"answer\":\"x\"," TAIL));
	assert_string_equal(fixture.err.text, "f.jsonl: line 7: the record has no 'schema'; it is "
					      "assay/evidence/v1");
	assert_false(read_line(&fixture, HEAD "\"answer\":\"x\",\"schema\":\"v2\"," TAIL));
	assert_int_equal(fixture.err.code, ERROR_UNSUPPORTED);
	assert_true(read_line(&fixture, HEAD SCHEMA "\"answer\":\"x\"," TAIL));
	assert_int_equal(fixture.record.line, 7);
	assert_false(fixture.has_hash);
}

static void null_is_not_the_name_null(void **state)
{
	SCOPED_FIXTURE(fixture);

	(void)state;
	assert_false(read_line(&fixture, HEAD SCHEMA "\"answer\":\"x\",\"excerpt\":null," TAIL));
	assert_string_equal(fixture.err.text,
			    "f.jsonl: line 7: 'excerpt' is null; leave it out, or "
			    "write the word in quotes");
	assert_true(read_line(&fixture, HEAD SCHEMA "\"answer\":\"null\"," TAIL));
	assert_string_equal(fixture.record.text, "null");
}

static void a_hash_is_read_and_not_believed(void **state)
{
	static const char hash[] = "\"hash\":\"sha256:" ZEROS "00000000000000000000000000c0ffee\",";
	SCOPED_FIXTURE(fixture);
	const char *line = arena_format(&fixture.arena, "%s%s", HEAD, hash);
	const struct record_reading how = { .file = "f.jsonl",
					    .schema_required = true,
					    .arena = &fixture.arena };
	const struct node *root = NULL;
	SCOPED_TEXT(scratch);

	(void)state;
	line = arena_format(&fixture.arena, "%s%s\"answer\":\"x\",%s", line, SCHEMA, TAIL);
	assert_true(read_line(&fixture, line));
	assert_true(fixture.has_hash);
	assert_memory_equal(fixture.record.hash + 29, "\xc0\xff\xee", 3);
	assert_true(json_read(span_of(line), "f.jsonl", 7, &fixture.arena, &root, NULL));
	assert_false(record_read_sealed(root, &how, &scratch, &fixture.record, &fixture.err));
	assert_int_equal(fixture.err.code, ERROR_CONFLICT);
	assert_string_equal(fixture.err.text,
			    "f.jsonl: line 7: the hash of record 'a' does not fit its content; it "
			    "was changed after it was sealed: get it again from its source");
}

static void strengths_are_named(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STRENGTH_COUNT; i++) {
		enum strength strength = STRENGTH_COUNT;

		assert_true(strength_parse(span_of(strength_names[i]), &strength));
		assert_int_equal(strength, i);
	}
	assert_false(strength_parse(SPAN("E5"), &(enum strength){ 0 }));
	assert_false(strength_parse(SPAN("e1"), &(enum strength){ 0 }));
	assert_false(strength_parse(SPAN("E"), &(enum strength){ 0 }));
	assert_false(strength_parse(SPAN(""), &(enum strength){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_read),
		cmocka_unit_test(what_is_left_out_is_not_known),
		cmocka_unit_test(each_way_to_say_it_is_read),
		cmocka_unit_test(what_is_announced_may_have_no_day),
		cmocka_unit_test(days_may_be_the_same),
		cmocka_unit_test(a_moment_is_on_the_day_it_was_seen_or_before),
		cmocka_unit_test(a_day_alone_has_no_moment),
		cmocka_unit_test(each_fault_is_told_with_its_place),
		cmocka_unit_test(what_is_not_a_map_is_no_record),
		cmocka_unit_test(names_are_safe_in_files_and_addresses),
		cmocka_unit_test(devices_are_named_as_the_system_does),
		cmocka_unit_test(texts_have_a_longest),
		cmocka_unit_test(a_record_has_its_own_before_the_defaults),
		cmocka_unit_test(defaults_hold_what_can_be_shared),
		cmocka_unit_test(a_record_of_a_machine_names_its_schema),
		cmocka_unit_test(null_is_not_the_name_null),
		cmocka_unit_test(a_hash_is_read_and_not_believed),
		cmocka_unit_test(strengths_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
