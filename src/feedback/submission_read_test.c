#include "feedback/submission.h"
#include "test/customers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char form[] = "schema: assay/feedback/v1\n"
			   "subject:\n"
			   "  provider: p\n"
			   "  product:\n"
			   "tenant: ours\n"
			   "proof: { kind: none, mark: }\n"
			   "employer:\n"
			   "competes: false\n"
			   "gpu_hours: 5000\n"
			   "remark:\n"
			   "answers:\n"
			   "  # a comment\n"
			   "  asked.q3: good\n"
			   "  asked.q1:\n"
			   "  asked.start: 12.5\n"
			   "  asked.q0: { answer: none, remark: \"it fell, twice\" }\n"
			   "  asked.spares: { not_applicable: nothing is replaced }\n";

static bool read(struct customers *all, const char *text, struct submission *ret_one,
		 struct error *err)
{
	return submission_read(span_of(text), "f", &all->standard, &all->arena, ret_one, err);
}

static void a_form_in_yaml_is_read(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct submission one;

	(void)state;
	assert_true(read(&all, form, &one, NULL));
	assert_string_equal(one.subject.parts[SUBJECT_PROVIDER], "p");
	assert_null(one.subject.parts[SUBJECT_PRODUCT]);
	assert_string_equal(one.tenant, "ours");
	assert_string_equal(one.id, "");
	assert_null(one.employer);
	assert_null(one.remark);
	assert_int_equal(one.gpu_hours, 5000);
	assert_int_equal(one.time, 0);
	assert_int_equal(one.answer_count, 4);
	assert_string_equal(one.answers[0].text, "none");
	assert_string_equal(one.answers[0].remark, "it fell, twice");
	assert_int_equal(one.answers[1].criterion, 3);
	assert_int_equal(one.answers[2].says, SAYS_NOT_APPLICABLE);
	assert_true(one.answers[3].value > 12.4 && one.answers[3].value < 12.6);
}

static void json_says_the_same(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct submission yaml, json;
	SCOPED_TEXT(first);
	SCOPED_TEXT(second);

	(void)state;
	assert_true(read(&all, form, &yaml, NULL));
	submission_write(&yaml, &all.standard, &first);
	assert_true(read(&all, text_string(&first), &json, NULL));
	submission_write(&json, &all.standard, &second);
	assert_string_equal(text_string(&first), text_string(&second));
	assert_true(read(&all,
			 "\n {\"schema\":\"assay/feedback/v1\",\"subject\":{\"provider\":\"p\"},"
			 "\"remark\":null,\"answers\":{\"asked.q0\":null,\"asked.q1\":\"full\"}}",
			 &json, NULL));
	assert_int_equal(json.answer_count, 1);
	assert_null(json.remark);
}

#define BEGIN "{\"schema\":\"assay/feedback/v1\",\"subject\":{\"provider\":\"p\"},"
#define ONE "\"answers\":{\"asked.q0\":\"good\"}}"

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text, *complaint;
	} cases[] = {
		{ "", "is missing" },
		{ "[]", "map" },
		{ "{}", "is missing" },
		{ "{\"schema\":\"assay/feedback/v2\"}", "this version reads assay/feedback/v1" },
		{ "{\"schema\":\"assay/feedback/v1\"}", "subject" },
		{ "{\"schema\":\"assay/feedback/v1\",\"subject\":{\"provider\":\"P Q\"}," ONE,
		  "provider 'P Q' is not a name" },
		{ "{\"schema\":\"assay/feedback/"
		  "v1\",\"subject\":{\"provider\":\"p\",\"node\":\"n\"}," ONE,
		  "node" },
		{ BEGIN "\"surprise\":1," ONE, "surprise" },
		{ BEGIN "\"answers\":{}}", "answers no question" },
		{ BEGIN "\"answers\":{\"asked.q0\":null}}", "answers no question" },
		{ BEGIN "\"answers\":{\"asked.q0\":\"goood\"}}",
		  "asked.q0: 'goood' is not an answer; it is one of none, some, good, full" },
		{ BEGIN "\"answers\":{\"asked.q0\":3}}", "'3' is not an answer" },
		{ BEGIN "\"answers\":{\"asked.q0\":[]}}", "a word or a number" },
		{ BEGIN "\"answers\":{\"asked.qq0\":\"good\"}}", "the nearest is 'asked.q0'" },
		{ BEGIN "\"answers\":{\"shown.audit\":\"good\"}}",
		  "not settled by what customers say" },
		{ BEGIN "\"answers\":{\"asked.start\":\"quick\"}}", "a number in s" },
		{ BEGIN "\"answers\":{\"asked.start\":-1}}", "a number in s" },
		{ BEGIN "\"answers\":{\"asked.start\":{\"answer\":\"good\"}}}", "give 'value'" },
		{ BEGIN "\"answers\":{\"asked.q0\":{\"value\":3}}}", "give 'answer'" },
		{ BEGIN "\"answers\":{\"asked.q0\":{\"remark\":\"x\"}}}", "give 'answer'" },
		{ BEGIN "\"answers\":{\"asked.q0\":{\"not_applicable\":\"x\"}}}",
		  "concerns every customer" },
		{ BEGIN "\"proof\":{\"kind\":\"word\"}," ONE, "none, invoice, code or run" },
		{ BEGIN "\"proof\":{\"kind\":\"run\"}," ONE, "has a 'mark'" },
		{ BEGIN "\"proof\":{\"kind\":\"none\",\"checked\":true}," ONE,
		  "was not 'checked'" },
		{ BEGIN "\"proof\":\"run\"," ONE, "map" },
		{ BEGIN "\"competes\":\"maybe\"," ONE, "'competes' is true or false" },
		{ BEGIN "\"time\":\"today\"," ONE, "YYYY-MM-DDTHH:MM:SSZ" },
		{ BEGIN "\"gpu_hours\":-3," ONE, "whole number" },
		{ BEGIN "\"tenant\":\"a\\u0007b\"," ONE, "control characters" },
		{ BEGIN "\"tenant\":\"\"," ONE, "'tenant' is a text" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_CUSTOMERS(all);
		struct error err = { 0 };
		struct submission one = { .id = "untouched" };

		assert_false(read(&all, cases[i].text, &one, &err));
		if (!strstr(err.text, cases[i].complaint))
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_int_equal(strncmp(err.text, "f: ", 3), 0);
		assert_string_equal(one.id, "untouched");
	}
}

static void what_is_too_long_is_refused(void **state)
{
	SCOPED_CUSTOMERS(all);
	struct error err = { 0 };
	struct submission one;
	SCOPED_TEXT(text);

	(void)state;
	text_add(&text, BEGIN "\"remark\":\"");
	text_add_repeated(&text, 'a', FEEDBACK_REMARK_MAXIMUM);
	text_add(&text, "\"," ONE);
	assert_true(read(&all, text_string(&text), &one, NULL));
	text_clear(&text);
	text_add(&text, BEGIN "\"remark\":\"");
	text_add_repeated(&text, 'a', FEEDBACK_REMARK_MAXIMUM + 1);
	text_add(&text, "\"," ONE);
	assert_false(read(&all, text_string(&text), &one, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	text_add_repeated(&text, ' ', FEEDBACK_BYTES_MAXIMUM);
	assert_false(read(&all, text_string(&text), &one, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_in_yaml_is_read),
		cmocka_unit_test(json_says_the_same),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(what_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
