#include "active/import_fio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "host/file.h"

#include <cmocka.h>
#include <math.h>
#include <string.h>

static const char *const samples[] = { "3.33-mixed.txt", "3.33-plus.json", "made-up-3.1.json",
				       "made-up-3.28.json", "made-up-3.36.json" };

static struct span sample(const char *name, struct arena *arena)
{
	const struct host host = { .root = NULL };
	struct span text;
	struct error err;

	assert_true(host_read(&host, arena_format(arena, "test/fio/%s", name), 1 << 20, arena,
			      &text, &err));
	return text;
}

static void reports_of_all_versions_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		SCOPED_ARENA(arena);
		struct fio_report report;
		struct error err;

		assert_true(
			fio_read(sample(samples[i], &arena), samples[i], &arena, &report, &err));
		assert_int_equal(report.count, 1);
		assert_true(report.jobs[0].read.bytes > 0);
		assert_true(report.jobs[0].read.bytes_per_s > 0);
		assert_true(report.jobs[0].read.p50_s > 0);
		assert_true(report.jobs[0].read.p99_s >= report.jobs[0].read.p50_s);
	}
}

/* A report of the fields, which fail with the words. */
static const struct {
	const char *text, *words;
} bad[] = {
	{ "", "no report" },
	{ "fio: nothing to do\n", "no report" },
	{ "{\"fio version\":\"fio-2.21\",\"jobs\":[]}", "not fio-3" },
	{ "{\"fio version\":\"fio-3.1\",\"jobs\":[]}", "1 to" },
	{ "{\"fio version\":\"fio-3.1\",\"jobs\":[3]}", "jobname" },
	{ "{\"fio version\":\"fio-3.1\",\"jobs\":[{\"jobname\":\"a\"}]}", "error" },
	{ "{\"fio version\":\"fio-3.1\",\"jobs\":[{\"jobname\":\"a\",\"error\":0,"
	  "\"job options\":{\"numjobs\":\"0\"}}]}",
	  "numjobs" },
	{ "{\"fio version\":\"fio-3.1\",\"jobs\":[{\"jobname\":\"a\"", "no report" },
	{ "{\"fio version\":\"fio-3.1\"}\n{\"fio version\":\"fio-3.1\"}", "line" },
};

static void what_is_no_report_is_one_clear_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		SCOPED_ARENA(arena);
		struct fio_report report;
		struct error err;

		assert_false(fio_read(span_of(bad[i].text), "x", &arena, &report, &err));
		assert_non_null(strstr(err.text, bad[i].words));
	}
}

static void silence_of_a_report_is_not_zero(void **state)
{
	const char *text =
		"note: a remark\n{\"fio version\":\"fio-3.1\",\"jobs\":[{\"jobname\":\"a\","
		"\"error\":5,\"read\":{\"io_bytes\":10,\"bw\":2}}]}\n";
	struct fio_report report;
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	assert_true(fio_read(span_of(text), "x", &arena, &report, &err));
	assert_int_equal(report.jobs[0].error, 5);
	assert_true(report.jobs[0].read.bytes_per_s > 2047 &&
		    report.jobs[0].read.bytes_per_s < 2049);
	assert_true(isnan(report.jobs[0].read.p50_s) && isnan(report.jobs[0].read.per_s));
}

static void versions_are_known_or_not(void **state)
{
	(void)state;
	assert_true(fio_version_is_known(SPAN("fio-3.1")));
	assert_true(fio_version_is_known(SPAN("fio-3.36-12-gabcdef")));
	assert_false(fio_version_is_known(SPAN("fio-2.99")));
	assert_false(fio_version_is_known(SPAN("fio-30")));
	assert_false(fio_version_is_known(SPAN("fio-3.")));
	assert_false(fio_version_is_known(SPAN("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_of_all_versions_are_read),
		cmocka_unit_test(what_is_no_report_is_one_clear_line),
		cmocka_unit_test(silence_of_a_report_is_not_zero),
		cmocka_unit_test(versions_are_known_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
