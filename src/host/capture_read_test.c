#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/recorded.h"
#include "host/recorder.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD "{\"schema\": \"assay/capture/v1\", \"unix_time\": 5, \"boot_ns\": 7000000000123456"

static bool parse(const char *text, struct arena *arena, struct capture *ret_capture,
		  struct error *err)
{
	*ret_capture = (struct capture){ .root = "root" };
	return capture_parse(span_of(text), "capture.json", arena, ret_capture, err);
}

static void a_capture_without_anything_is_one(void **state)
{
	struct capture capture;
	struct error err = { .text = "" };

	(void)state;
	SCOPED_ARENA(arena);
	(void)parse(HEAD "}", &arena, &capture, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(capture.unix_time, 5);
	assert_true(capture.boot_ns == 7000000000123456);
	assert_string_equal(capture.root, "root");
	assert_false(capture.has_lists);
	assert_int_equal(capture.journal.count, 0);
	assert_true(parse(HEAD ", \"lists\": []}", &arena, &capture, &err));
	assert_true(capture.has_lists);
}

static void each_section_is_read(void **state)
{
	static const char text[] =
		HEAD ", \"version\": \"9\", \"redactions\": {\"mac\": 2},"
		     "\"starts\": [{\"path\": \"/var/log\"}],"
		     "\"refusals\": [{\"question\": \"peek\", \"path\": \"/a\", \"error\": \"io\","
		     "  \"said\": \"no\"},"
		     " {\"question\": \"run\", \"words\": [\"x\", \"\"], \"error\": \"missing\","
		     "  \"said\": \"none\"}],"
		     "\"statuses\": [{\"path\": \"/dev/x\", \"kind\": \"other\", \"mode\": 438,"
		     "  \"user\": 1, \"group\": 2, \"size\": 3, \"device\": 4, \"changed\": -5}],"
		     "\"readable\": [{\"path\": \"/dev/x\", \"readable\": false}],"
		     "\"lists\": [{\"path\": \"/dev\", \"names\": [\"a\", \"x\"]}],"
		     "\"answers\": [{\"worker\": \"nvml\", \"request\": \"all\","
		     "  \"end\": \"stalled\", \"signal\": 0, \"call\": \"nvmlInit\","
		     "  \"answers\": [\"1\"]}],"
		     "\"runs\": [{\"words\": [\"y\"], \"status\": -1, \"stalled\": true,"
		     "  \"cut\": false, \"said\": \"s\", \"complained\": \"\"}]}";
	const char *const words[] = { "x", "", NULL };
	const struct span none = { 0 };
	struct capture capture;
	struct error err = { .text = "" };

	(void)state;
	SCOPED_ARENA(arena);
	(void)parse(text, &arena, &capture, &err);
	assert_string_equal(err.text, "");
	const struct journal *journal = &capture.journal;
	assert_int_equal(journal->count, 8);
	assert_non_null(journal_find(journal, JOURNAL_CONTENT, none, SPAN("/var/log")));
	assert_non_null(journal_find(journal, JOURNAL_REFUSAL, SPAN(ASKED_RUN),
				     journal_words(&arena, words)));
	const struct journal_entry *found =
		journal_find(journal, JOURNAL_STATUS, none, SPAN("/dev/x"));
	assert_int_equal(found->status.mode, 0666);
	assert_int_equal(found->status.changed, -5);
	found = journal_find(journal, JOURNAL_ANSWER, SPAN("nvml"), SPAN("all"));
	assert_int_equal(found->number, WORKER_STALLED);
	assert_int_equal(found->count, 1);
}

#define REFUSAL(path)                                             \
	"\"refusals\": [{\"question\": \"peek\", \"path\": " path \
	", \"error\": \"io\", \"said\": \"x\"}]"

static void hostile_captures_are_refused_with_one_line(void **state)
{
	static const struct {
		const char *text; /* behind the head, or all when it starts with a blank */
		const char *said;
	} cases[] = {
		{ " ", "" },
		{ " []", "expected a map" },
		{ " {}", "'schema' must be a string" },
		{ " {\"schema\": 1}", "'schema' must be a string" },
		{ " {\"schema\": \"assay/capture/v2\"}", "this program reads 'assay/capture/v1'" },
		{ " {\"schema\": \"assay/capture/v1\", \"unix_time\": 1}", "'boot_ns' is missing" },
		{ " {\"schema\": \"assay/capture/v1\", \"unix_time\": 1, \"boot_ns\": -1}",
		  "'boot_ns' must be" },
		{ ", \"wrong\": 1}", "unknown field 'wrong'" },
		{ ", \"lists\": {}}", "'lists' must be" },
		{ ", \"lists\": [1]}", "lists[0]: line 1: expected a map" },
		{ "," REFUSAL("\"/a/../../etc\"") "}", "'path' may not have" },
		{ "," REFUSAL("\"/..\"") "}", "'path' may not have" },
		{ "," REFUSAL("\"a\"") "}", "'path' must be absolute" },
		{ "," REFUSAL("\"\"") "}", "'path' must be absolute" },
		{ "," REFUSAL("null") "}", "'path' must be a string" },
		{ "," REFUSAL("[]") "}", "'path' must be" },
		{ ", \"refusals\": [{\"question\": \"run\", \"words\": [], \"error\": \"io\","
		  "\"said\": \"\"}]}",
		  "'words' may not be empty" },
		{ ", \"refusals\": [{\"question\": \"peek\", \"path\": \"/a\","
		  "\"error\": \"none\", \"said\": \"\"}]}",
		  "'error' cannot be 'none'" },
		{ ", \"starts\": [{\"path\": \"/a\"}, {\"path\": \"/a\"}]}",
		  "starts[1]: line 1: this is told twice" },
		{ ", \"lists\": [{\"path\": \"/a\", \"names\": [\"..\"]}]}", "sorted names" },
		{ ", \"lists\": [{\"path\": \"/a\", \"names\": [\"b\", \"a\"]}]}", "sorted names" },
		{ ", \"lists\": [{\"path\": \"/a\", \"names\": [\"b/c\"]}]}", "sorted names" },
		{ ", \"lists\": [{\"path\": \"/a\", \"names\": [1]}]}", "expected a string" },
		{ ", \"readable\": [{\"path\": \"/a\", \"readable\": \"true\"}]}",
		  "must be true or false" },
		{ ", \"runs\": [{\"words\": [\"y\"], \"status\": 99999999999, \"stalled\": true,"
		  "\"cut\": true, \"said\": \"\", \"complained\": \"\"}]}",
		  "'status' is too large" },
		{ ", \"answers\": [{\"worker\": \"n\", \"request\": \"r\", \"end\": \"lost\","
		  "\"signal\": 0, \"call\": \"\", \"answers\": []}]}",
		  "'end' cannot be 'lost'" },
	};

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *head = cases[i].text[0] == ' ' ? "" : HEAD;
		struct error err = { .text = "" };
		struct capture capture;

		assert_false(parse(arena_format(&arena, "%s%s", head, cases[i].text), &arena,
				   &capture, &err));
		print_message("# %s\n", err.text);
		assert_memory_equal(err.text, "capture.json: ", strlen("capture.json: "));
		assert_non_null(strstr(err.text, cases[i].said));
		assert_null(strchr(err.text, '\n'));
	}
}

static void a_path_longer_than_a_path_is_refused(void **state)
{
	struct capture capture;
	struct error err = { .text = "" };

	(void)state;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	text_add(&text, HEAD ", \"starts\": [{\"path\": \"/");
	text_add_repeated(&text, 'x', 5000);
	text_add(&text, "\"}]}");
	assert_false(parse(text_string(&text), &arena, &capture, &err));
	assert_non_null(strstr(err.text, "not longer than a path"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capture_without_anything_is_one),
		cmocka_unit_test(each_section_is_read),
		cmocka_unit_test(hostile_captures_are_refused_with_one_line),
		cmocka_unit_test(a_path_longer_than_a_path_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
