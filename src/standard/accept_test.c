#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	TODAY = 20208, /* 2025-04-30 */
};

/* The sample, and its criteria by their place. */
struct fixture {
	struct arena arena;
	struct standard standard;
};

enum {
	START, /* a measure in s that falls: 30 and 200, 90 and 100, 600 and 0 */
	LINKS, /* none 0, most 120, all 200; need not apply */
	SCOPE, /* a measure in count that rises: -1 and 0, 1 and 200 */
	AUDIT, /* nobody 0, somebody 200 */
};

static void set_up(struct fixture *fixture)
{
	struct error err = { .text = "" };

	(void)sample_load(NULL, &fixture->arena, &fixture->standard, &err);
	assert_string_equal(err.text, "");
}

static void release(struct fixture *fixture)
{
	arena_release(&fixture->arena);
}

#define SCOPED_FIXTURE(name) struct fixture name __attribute__((cleanup(release))) = { 0 }

static struct record say(const char *what, enum record_says says, const char *text)
{
	return (struct record){
		.id = "r",
		.what = what,
		.says = says,
		.text = text,
		.kind = KIND_DOCUMENT,
		.observed = TODAY,
		.file = "f.yaml",
		.line = 3,
	};
}

static struct record measure(const char *what, double value, const char *unit)
{
	struct record record = say(what, SAYS_VALUE, NULL);

	record.value = value;
	record.unit = unit;
	return record;
}

/* Of kind price, about a GPU. */
static struct record price(const char *what, double value, const char *unit, const char *gpu)
{
	struct record record = measure(what, value, unit);

	record.kind = KIND_PRICE;
	record.subject.parts[SUBJECT_GPU] = gpu;
	return record;
}

static void answers_have_their_worth(void **state)
{
	static const struct {
		int criterion;
		const char *answer;
		int worth; /* -1: none */
	} cases[] = {
		{ LINKS, "none", 0 },      { LINKS, "most", 120 }, { LINKS, "all", 200 },
		{ LINKS, "al", -1 },       { LINKS, "alll", -1 },  { LINKS, "All", -1 },
		{ LINKS, "somebody", -1 }, { AUDIT, "nobody", 0 }, { AUDIT, "somebody", 200 },
		{ START, "fast", -1 },
	};
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record record = say("", SAYS_ANSWER, cases[i].answer);
		uint16_t worth = 777;

		assert_int_equal(criterion_worth(&fixture.standard.criteria[cases[i].criterion],
						 &record, &worth),
				 cases[i].worth >= 0);
		assert_int_equal(worth, cases[i].worth >= 0 ? cases[i].worth : 777);
	}
}

static void a_value_is_worth_what_the_line_says(void **state)
{
	static const struct {
		int criterion;
		double value;
		int worth;
	} cases[] = {
		/* The ends, and beyond them. */
		{ START, 30, 200 },
		{ START, 29.9, 200 },
		{ START, -1e300, 200 },
		{ START, 600, 0 },
		{ START, 600.1, 0 },
		{ START, 1e300, 0 },
		{ SCOPE, -1, 0 },
		{ SCOPE, -2, 0 },
		{ SCOPE, 1, 200 },
		{ SCOPE, 2, 200 },
		{ START, 90, 100 },
		/* Between the points. */
		{ START, 60, 150 },
		{ START, 75, 125 },
		{ START, 345, 50 },
		{ SCOPE, 0, 100 },
		{ SCOPE, -0.5, 50 },
		{ SCOPE, 0.25, 125 },
		/* Half a two-hundredth goes up, less goes down. */
		{ START, 31.5, 198 },
		{ START, 31.49, 198 },
		{ START, 31.51, 197 },
		{ START, 102.75, 98 },
		{ START, 102.8, 97 },
		{ SCOPE, -0.875, 13 },
		{ SCOPE, -0.876, 12 },
		{ SCOPE, 0.875, 188 },
		{ SCOPE, 0.874, 187 },
		/* Near the ends. */
		{ START, 30.29, 200 },
		{ START, 30.31, 199 },
		{ START, 599, 0 },
		{ START, 597, 1 },
		{ SCOPE, -0.996, 0 },
		{ SCOPE, -0.994, 1 },
		{ SCOPE, 0.994, 199 },
		{ SCOPE, 0.996, 200 },
	};
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct criterion *one = &fixture.standard.criteria[cases[i].criterion];
		struct record record = measure("", cases[i].value, one->unit);
		uint16_t worth = 777;

		assert_true(criterion_worth(one, &record, &worth));
		assert_int_equal(worth, cases[i].worth);
	}
}

static void the_line_never_turns(void **state)
{
	uint16_t before = WORTH_ONE;
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	for (int i = 0; i < 7000; i++) {
		struct record record = measure("", i / 10.0, "s");
		uint16_t worth = 777;

		assert_true(criterion_worth(&fixture.standard.criteria[START], &record, &worth));
		assert_true(worth <= before);
		before = worth;
	}
	assert_int_equal(before, 0);
}

static void what_does_not_fit_is_worth_nothing_known(void **state)
{
	const struct record cases[] = {
		measure("", 30, "min"),
		measure("", 30, ""),
		say("", SAYS_ANSWER, "30"),
		say("", SAYS_WITHHELD, "x"),
		say("", SAYS_NOT_APPLICABLE, "x"),
		say("", SAYS_TEXT, "x"),
	};
	const struct record value = measure("", 1, "s"), withheld = say("", SAYS_WITHHELD, "none");
	uint16_t worth = 777;
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_false(criterion_worth(&fixture.standard.criteria[START], &cases[i], &worth));
	assert_false(criterion_worth(&fixture.standard.criteria[LINKS], &value, &worth));
	assert_false(criterion_worth(&fixture.standard.criteria[LINKS], &withheld, &worth));
	assert_int_equal(worth, 777);
}

static void what_fits_is_accepted(void **state)
{
	const struct record cases[] = {
		say("speed.links", SAYS_ANSWER, "most"),
		say("speed.links", SAYS_NOT_APPLICABLE, "no links"),
		say("speed.links", SAYS_WITHHELD, "no word"),
		say("speed.start", SAYS_WITHHELD, "no word"),
		measure("speed.start", 0, "s"),
		measure("speed.start", -0.0, "s"),
		measure("trust.scope", -3, "count"), /* its line starts below zero */
		say("speed.*", SAYS_WITHHELD, "nothing was shown"),
		say("remark", SAYS_TEXT, "friendly"),
		say("share", SAYS_ANSWER, "majority"),
		say("share", SAYS_ANSWER, "minority"),
		measure("volume", 0, "GPUs"),
		measure("volume", 1e6, "GPUs"),
		measure("claim.node-bandwidth", 3200, "Gb/s"),
		price("price.on-demand", 2.99, "USD/GPU-hour", "h100-sxm"),
		price("price.spot", 0.01, "USD/GPU-hour", "h100"),
		price("price.contract-12", 2, "USD/GPU-hour", "h100"),
	};
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err = { .text = "" };

		(void)standard_accepts(&fixture.standard, &cases[i], TODAY, &err);
		assert_string_equal(err.text, "");
		assert_true(standard_accepts(&fixture.standard, &cases[i], DATE_NONE, NULL));
	}
}

#define PLACE "f.yaml: line 3: record 'r': "

struct refusal {
	struct record record;
	enum error_code code;
	const char *text;
};

static void assert_refusals(const struct refusal *refusals, size_t count)
{
	SCOPED_FIXTURE(fixture);

	set_up(&fixture);
	for (size_t i = 0; i < count; i++) {
		struct error err;

		assert_false(standard_accepts(&fixture.standard, &refusals[i].record, TODAY, &err));
		assert_ptr_equal(strstr(err.text, PLACE), err.text);
		assert_string_equal(err.text + strlen(PLACE), refusals[i].text);
		assert_int_equal(err.code, refusals[i].code);
	}
}

static void what_does_not_fit_a_criterion_is_refused(void **state)
{
	const struct refusal refusals[] = {
		{ say("speed.links", SAYS_ANSWER, "some"), ERROR_INVALID,
		  "'some' is not an answer to 'speed.links'; it is one of none, most, all" },
		{ measure("speed.links", 1, "s"), ERROR_INVALID,
		  "'a value' is not an answer to 'speed.links'; it is one of none, most, all" },
		{ say("speed.start", SAYS_ANSWER, "fast"), ERROR_INVALID,
		  "criterion 'speed.start' is a measure; give a 'value' in s" },
		{ measure("speed.start", 1, "min"), ERROR_INVALID,
		  "unit 'min' is wrong; 'speed.start' is measured in s" },
		{ measure("speed.start", -1, "s"), ERROR_INVALID,
		  "the value cannot be negative; check the sign" },
		{ say("speed.start", SAYS_NOT_APPLICABLE, "x"), ERROR_INVALID,
		  "this criterion always applies; give an answer" },
		{ say("speed.links", SAYS_TEXT, "x"), ERROR_INVALID,
		  "'text' is for 'what: remark'; give an answer" },
		{ say("speed.link", SAYS_ANSWER, "all"), ERROR_MISSING,
		  "unknown criterion 'speed.link'; did you mean 'speed.links'?" },
		{ say("speed", SAYS_ANSWER, "all"), ERROR_MISSING,
		  "unknown criterion 'speed'; did you mean 'speed.start'?" },
		{ say("Remark", SAYS_TEXT, "x"), ERROR_MISSING,
		  "unknown criterion 'Remark'; did you mean 'speed.start'?" },
	};

	(void)state;
	assert_refusals(refusals, COUNT(refusals));
}

static void words_of_their_own_have_their_form(void **state)
{
	const struct refusal refusals[] = {
		{ say("remark", SAYS_ANSWER, "x"), ERROR_INVALID,
		  "a 'remark' has a 'text' and no answer" },
		{ say("remark", SAYS_WITHHELD, "x"), ERROR_INVALID,
		  "a 'remark' has a 'text' and no answer" },
		{ say("share", SAYS_ANSWER, "most"), ERROR_INVALID,
		  "'share' has the 'answer' majority or minority" },
		{ measure("share", 0.5, "share"), ERROR_INVALID,
		  "'share' has the 'answer' majority or minority" },
		{ say("volume", SAYS_ANSWER, "many"), ERROR_INVALID,
		  "'volume' is a 'value' of 0 or more in unit GPUs" },
		{ measure("volume", 10, "nodes"), ERROR_INVALID,
		  "'volume' is a 'value' of 0 or more in unit GPUs" },
		{ measure("volume", -1, "GPUs"), ERROR_INVALID,
		  "'volume' is a 'value' of 0 or more in unit GPUs" },
		{ say("claim.node-bandwidth", SAYS_ANSWER, "fast"), ERROR_INVALID,
		  "a 'claim.…' has a 'value' and a unit" },
		{ price("price.on-demand", 0, "USD/GPU-hour", "h100"), ERROR_INVALID,
		  "a 'price.…' is a 'value' above 0 in unit USD/GPU-hour" },
		{ price("price.spot", 2, "EUR/GPU-hour", "h100"), ERROR_INVALID,
		  "a 'price.…' is a 'value' above 0 in unit USD/GPU-hour" },
		{ price("price.contract-", 2, "USD/GPU-hour", "h100"), ERROR_INVALID,
		  "a price is 'price.on-demand', 'price.spot' or 'price.contract-N' with N "
		  "months" },
		{ price("price.contract-121", 2, "USD/GPU-hour", "h100"), ERROR_INVALID,
		  "a price is 'price.on-demand', 'price.spot' or 'price.contract-N' with N "
		  "months" },
		{ price("price.spot", 2, "USD/GPU-hour", NULL), ERROR_INVALID,
		  "a 'price.…' names the 'gpu' in its subject" },
		{ measure("price.spot", 2, "USD/GPU-hour"), ERROR_INVALID,
		  "a 'price.…' is of kind price" },
		{ say("sped.*", SAYS_WITHHELD, "x"), ERROR_MISSING,
		  "no category has the name before '.*'" },
		{ say("speed.start.*", SAYS_WITHHELD, "x"), ERROR_MISSING,
		  "no category has the name before '.*'" },
		{ say("speed.*", SAYS_ANSWER, "all"), ERROR_INVALID,
		  "a whole category can only be 'withheld'; name a criterion" },
		{ say(".*", SAYS_WITHHELD, "x"), ERROR_MISSING,
		  "unknown criterion '.*'; did you mean 'speed.start'?" },
	};

	(void)state;
	assert_refusals(refusals, COUNT(refusals));
}

static void a_price_is_called_a_price(void **state)
{
	struct record record = measure("speed.start", -2.5, "s");
	struct error err;
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	record.kind = KIND_PRICE;
	assert_false(standard_accepts(&fixture.standard, &record, TODAY, &err));
	assert_string_equal(err.text, PLACE "a price cannot be negative; check the sign");
}

static void nothing_comes_from_the_future(void **state)
{
	static const char *const whats[] = { "speed.links", "remark", "speed.*", "no.such" };
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	for (size_t i = 0; i < COUNT(whats); i++) {
		struct record record = say(whats[i], SAYS_ANSWER, "all");
		struct error err;

		record.observed = TODAY + 1;
		record.announced = true;
		record.due = TODAY + 2;
		assert_false(standard_accepts(&fixture.standard, &record, TODAY, &err));
		assert_int_equal(err.code, ERROR_INVALID);
		assert_string_equal(err.text,
				    PLACE "'observed' is 2025-05-01 and today is 2025-04-30; use "
					  "'due' for what is announced, or check the day");
	}
	struct record record = say("speed.links", SAYS_ANSWER, "all");

	record.observed = TODAY + 1;
	assert_true(standard_accepts(&fixture.standard, &record, DATE_NONE, NULL));
	assert_true(standard_accepts(&fixture.standard, &record, TODAY + 1, NULL));
}

static void a_long_answer_does_not_hide_the_allowed(void **state)
{
	char longest[2001];
	struct record record = say("speed.links", SAYS_ANSWER, longest);
	struct error err;
	SCOPED_FIXTURE(fixture);

	(void)state;
	set_up(&fixture);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(standard_accepts(&fixture.standard, &record, TODAY, &err));
	assert_non_null(strstr(err.text, "it is one of none, most, all"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_have_their_worth),
		cmocka_unit_test(a_value_is_worth_what_the_line_says),
		cmocka_unit_test(the_line_never_turns),
		cmocka_unit_test(what_does_not_fit_is_worth_nothing_known),
		cmocka_unit_test(what_fits_is_accepted),
		cmocka_unit_test(what_does_not_fit_a_criterion_is_refused),
		cmocka_unit_test(words_of_their_own_have_their_form),
		cmocka_unit_test(a_price_is_called_a_price),
		cmocka_unit_test(nothing_comes_from_the_future),
		cmocka_unit_test(a_long_answer_does_not_hide_the_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
