#include "check/check.h"
#include "host/file.h"
#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const checks[] = { "other-check", "start-check" };

static void load(const struct sample_change *change, struct arena *arena, struct standard *standard)
{
	struct error err = { .text = "" };

	(void)sample_load(change, arena, standard, &err);
	assert_string_equal(err.text, "");
}

/* The complaints with all checks of the sample there. */
static struct complaints lint(const struct standard *standard, struct arena *arena)
{
	struct complaints complaints = { 0 };

	standard_lint(standard, checks, COUNT(checks), arena, &complaints);
	return complaints;
}

static void assert_one_fault(const struct complaints *complaints, const char *text)
{
	assert_int_equal(complaints->count, 1);
	assert_int_equal(complaints->fatal_count, 1);
	assert_true(complaints->items[0].fatal);
	assert_string_equal(complaints->items[0].text, text);
}

static void a_good_standard_has_no_complaint(void **state)
{
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	load(NULL, &arena, &standard);
	assert_int_equal(lint(&standard, &arena).count, 0);
}

#define TRUST "s/criteria/trust.yaml: line "
#define SPEED "s/criteria/speed.yaml: line "

static void each_fault_is_told_once(void **state)
{
	static const struct {
		struct sample_change change;
		const char *text;
	} cases[] = {
		{ { SAMPLE_SPEED, "Links run at their speed", "Links" },
		  SPEED "23: 'title' of speed.links says nothing: \"Links\"" },
		{ { SAMPLE_SPEED, "Which share of the links is as fast as sold?", "Which ones?" },
		  SPEED "23: 'question' of speed.links says nothing: \"Which ones?\"" },
		{ { SAMPLE_TRUST, "Trust is earned.", "it is good" },
		  TRUST "9: 'why' of trust.audit says nothing: \"it is good\"" },
		{ { SAMPLE_TRUST, "a little more", "little more" },
		  TRUST "4: 'reason' of trust.scope says nothing: \"little more\"" },
		{ { SAMPLE_GRADES, "rate: 0.015", "rate: 0" },
		  "gate 'links' is open in silence and never fails in the draws; state its "
		  "'rate'" },
		{ { SAMPLE_GRADES, "rate: 0,", "rate: 0.001," },
		  "gate 'audit' caps in silence; its 'rate' is never used" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct standard standard = { 0 };
		struct complaints complaints;
		SCOPED_ARENA(arena);

		load(&cases[i].change, &arena, &standard);
		complaints = lint(&standard, &arena);
		assert_one_fault(&complaints, cases[i].text);
	}
}

static void a_text_of_twelve_bytes_may_say_something(void **state)
{
	const struct sample_change change = { SAMPLE_TRUST, "a little more", "twelve bytes" };
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	load(&change, &arena, &standard);
	assert_int_equal(lint(&standard, &arena).count, 0);
}

static void a_check_that_is_not_there_is_a_remark_while_more_settles(void **state)
{
	struct standard standard = { 0 };
	struct complaints complaints = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	load(NULL, &arena, &standard);
	standard_lint(&standard, checks, 1, &arena, &complaints);
	assert_int_equal(complaints.count, 1);
	assert_int_equal(complaints.fatal_count, 0);
	assert_false(complaints.items[0].fatal);
	assert_string_equal(complaints.items[0].text,
			    "1 criteria name a check that this version does not have; until then "
			    "other evidence settles them");
}

static void a_criterion_needs_evidence_of_today(void **state)
{
	const struct sample_change change = { SAMPLE_TRUST, "{ price: a list }",
					      "{ check: no-check }, { check: no-more }" };
	struct standard standard = { 0 };
	struct complaints complaints;
	SCOPED_ARENA(arena);

	(void)state;
	load(&change, &arena, &standard);
	complaints = lint(&standard, &arena);
	assert_int_equal(complaints.count, 2);
	assert_int_equal(complaints.fatal_count, 1);
	assert_string_equal(complaints.items[0].text,
			    TRUST "4: trust.scope names only checks that do not exist; name a "
				  "document, an answer, a price or a measurement too");
	assert_ptr_equal(strstr(complaints.items[1].text, "1 criteria name a check"),
			 complaints.items[1].text); /* counted once, with two of them */
}

static void a_category_needs_evidence_of_today(void **state)
{
	static const struct settlement_source ways[] = {
		{ .way = SETTLED_BY_CHECK, .name = "no-check" },
	};
	struct standard standard = { 0 };
	struct complaints complaints;
	SCOPED_ARENA(arena);

	(void)state;
	load(NULL, &arena, &standard);
	standard.criteria[2].ways = standard.criteria[3].ways = ways;
	complaints = lint(&standard, &arena);
	assert_int_equal(complaints.count, 4);
	assert_int_equal(complaints.fatal_count, 3);
	assert_string_equal(complaints.items[2].text,
			    "no evidence of today can settle category 'trust'");
}

static void a_criterion_applies_somewhere(void **state)
{
	struct standard standard = { 0 };
	struct complaints complaints;
	SCOPED_ARENA(arena);

	(void)state;
	load(NULL, &arena, &standard);
	standard.criteria[1].profiles = 0;
	complaints = lint(&standard, &arena);
	assert_one_fault(&complaints, SPEED "23: speed.links applies in no profile");
}

static void there_may_be_many_complaints(void **state)
{
	struct standard standard = { 0 };
	struct complaints complaints;
	SCOPED_ARENA(arena);

	(void)state;
	load(NULL, &arena, &standard);
	struct criterion *many = ARENA_ARRAY(&arena, struct criterion, 100);

	for (size_t i = 0; i < 100; i++) {
		many[i] = standard.criteria[0];
		many[i].title = "short";
	}
	standard.criteria = many;
	standard.criterion_count = 100;
	complaints = lint(&standard, &arena);
	assert_int_equal(complaints.count, 100);
	assert_int_equal(complaints.fatal_count, 100);
	for (size_t i = 0; i < 100; i++)
		assert_string_equal(complaints.items[i].text,
				    SPEED "4: 'title' of speed.start says nothing: \"short\"");
}

static size_t read_folder(const char *folder, struct arena *arena, struct standard_file *files)
{
	const struct host here = { 0 };
	const char *const *names = NULL;
	size_t found = 0, count = 0;
	struct error err = { .text = "" };

	(void)host_list(&here, folder, arena, &names, &found, &err);
	assert_string_equal(err.text, "");
	assert_true(found <= 32);
	for (size_t i = 0; i < found; i++) {
		files[count].name = arena_format(arena, "%s/%s", folder, names[i]);
		if (strstr(names[i], ".yaml"))
			assert_true(host_read(&here, files[count].name, 8 << 20, arena,
					      &files[count].text, &err));
		count += strstr(names[i], ".yaml") != NULL;
	}
	return count;
}

static void the_shipped_standard_has_no_fault(void **state)
{
	struct standard_file files[64];
	struct standard standard = { 0 };
	struct complaints complaints = { 0 };
	struct error err = { .text = "" };
	SCOPED_ARENA(arena);
	size_t count = read_folder("data/standard", &arena, files);
	const char **names = ARENA_ARRAY(&arena, const char *, check_catalogue_count);

	(void)state;
	count += read_folder("data/standard/criteria", &arena, files + count);
	(void)standard_load(files, count, &arena, &standard, &err);
	assert_string_equal(err.text, "");
	for (size_t i = 0; i < check_catalogue_count; i++)
		names[i] = check_catalogue[i].name;
	standard_lint(&standard, names, check_catalogue_count, &arena, &complaints);
	for (size_t i = 0; i < complaints.count; i++)
		assert_string_equal(complaints.items[i].fatal ? complaints.items[i].text : "", "");
	assert_int_equal(complaints.fatal_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_standard_has_no_complaint),
		cmocka_unit_test(each_fault_is_told_once),
		cmocka_unit_test(a_text_of_twelve_bytes_may_say_something),
		cmocka_unit_test(a_check_that_is_not_there_is_a_remark_while_more_settles),
		cmocka_unit_test(a_criterion_needs_evidence_of_today),
		cmocka_unit_test(a_category_needs_evidence_of_today),
		cmocka_unit_test(a_criterion_applies_somewhere),
		cmocka_unit_test(there_may_be_many_complaints),
		cmocka_unit_test(the_shipped_standard_has_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
