#include "active/pair_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

/* What two hosts with two GPUs each say, as far as it is read. */
#define REPORT(records)                                                                         \
	"{\"schema\": \"assay/test/v1\", \"node\": \"n1\", \"tests\": [{\"name\": \"pair\"}], " \
	"\"measurements\": [" records "]}"
#define VALUE(what, device, value)                                                       \
	"{\"what\": \"node.test.collective." what "\", \"device\": \"collective:" device \
	"\", \"value\": " value "},"
#define OPENED                                                                           \
	"{\"what\": \"node.test.collective.library\", \"device\": \"collective:pair\", " \
	"\"state\": \"nccl 2.28.9\"}"

static struct pair_report report_of(const char *text, struct arena *arena)
{
	struct pair_report report;
	struct error err = { 0 };

	if (!pair_report_read(span_of(text), "n1", arena, &report, &err))
		fail_msg("%s", err.text);
	return report;
}

static void rates_of_all_gpus_are_added_and_the_worst_block_counts(void **state)
{
	static const char text[] = REPORT(
		VALUE("time", "send-receive:pair/8/rail:0",
		      "1") VALUE("time", "send-receive:pair/8/rail:0/slowest",
				 "4") VALUE("algbw", "send-receive:pair/8/rail:0", "40")
			VALUE("time", "send-receive:pair/8/rail:1", "2")
				VALUE("time", "send-receive:pair/8/rail:1/slowest", "2")
					VALUE("algbw", "send-receive:pair/8/rail:1", "20")
						VALUE("algbw", "send-receive:pair/8", "20") OPENED);
	SCOPED_ARENA(arena);
	struct pair_report report = report_of(text, &arena);

	(void)state;
	assert_true(report.bytes_per_s > 59.9 && report.bytes_per_s < 60.1);
	assert_true(report.worst_part > 0.249 && report.worst_part < 0.251);
	assert_true(report.has_met && report.has_opened && !report.is_absent);
	assert_string_equal(report.why, "");
	assert_string_equal(report.node, "n1");
}

static void one_gpu_is_told_without_a_rail(void **state)
{
	static const char text[] = REPORT(VALUE("algbw", "send-receive:pair/1024", "7e9") OPENED);
	SCOPED_ARENA(arena);
	struct pair_report report = report_of(text, &arena);

	(void)state;
	assert_true(report.bytes_per_s > 6.9e9 && report.worst_part < 0);
}

static void what_failed_says_why_and_how_far_it_came(void **state)
{
	static const struct {
		const char *text, *why;
		bool has_met, has_opened, is_absent;
	} cases[] = {
		{ "{\"schema\": \"assay/test/v1\", \"tests\": [{\"cannot\": \"no GPU answers\"}], "
		  "\"measurements\": []}",
		  "no GPU answers", false, false, true },
		{ REPORT("{\"what\": \"node.test.reason\", \"device\": \"test:pair\", \"text\": "
			 "\"nobody is there\"}"),
		  "nobody is there", false, false, false },
		{ REPORT("{\"what\": \"node.test.collective.library\", \"device\": \"colle\"}"), "",
		  false, false, false },
		{ REPORT("{\"what\": \"node.test.collective.ranks\", \"device\": "
			 "\"collective:pair\", \"unknown\": \"rank 1 (n2, gpu:0): no library\"}"),
		  "rank 1 (n2, gpu:0): no library", true, false, false },
		{ REPORT(OPENED
			 ", {\"what\": \"node.test.collective.time\", \"device\": "
			 "\"collective:send-receive:pair/1024\", \"unknown\": \"rank 0 hangs\"}"),
		  "rank 0 hangs", true, true, false },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pair_report report = report_of(cases[i].text, &arena);

		assert_string_equal(report.why, cases[i].why);
		assert_true(report.bytes_per_s <= 0);
		assert_int_equal(report.has_met, cases[i].has_met);
		assert_int_equal(report.has_opened, cases[i].has_opened);
		assert_int_equal(report.is_absent, cases[i].is_absent);
	}
}

static void what_is_no_report_is_refused(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{\"schema\": \"assay/test/v1\"}",
					     "{\"schema\": \"other\", \"measurements\": []}" };
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct pair_report report;
		struct error err = { 0 };

		assert_false(pair_report_read(span_of(texts[i]), "n1", &arena, &report, &err));
		assert_non_null(strstr(err.text, "n1"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_of_all_gpus_are_added_and_the_worst_block_counts),
		cmocka_unit_test(one_gpu_is_told_without_a_rail),
		cmocka_unit_test(what_failed_says_why_and_how_far_it_came),
		cmocka_unit_test(what_is_no_report_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
