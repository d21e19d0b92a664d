#include "active/locate_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const launcher[] = { "ssh", "--", "{}", NULL };
static const char *const words[] = { "n1=10.0.0.1,10.1.0.1", "n2=10.0.0.2,10.1.0.2",
				     "n3=10.0.0.3,10.1.0.3", "n4=10.0.0.4,10.1.0.4" };

static struct locate_plan plan_of(enum locate_tool tool, struct locate_hosts *hosts,
				  struct arena *arena)
{
	struct error err = { 0 };

	assert_true(locate_hosts_of(words, 4, arena, hosts, &err));
	return (struct locate_plan){
		.hosts = hosts,
		.tool = tool,
		.launcher = launcher,
		.seconds = 3,
		.token = "abc",
	};
}

static const struct locate_errand errand = { .from = 0, .to = 2, .port = 5000 };

static void what_the_launcher_says_is_no_fault_of_the_network(void **state)
{
	static const struct {
		const char *said, *complained;
		int status;
		enum locate_outcome outcome;
		const char *why;
	} cases[] = {
		{ "", "ssh: connect to host n1 port 22: No route to host\n", 255, LOCATE_UNABLE,
		  "ssh: connect to host n1" },
		{ "timeout: failed to run command 'iperf3': No such file or directory\r\n", "", 127,
		  LOCATE_UNABLE, "failed to run command" },
		{ "", "", 124, LOCATE_BROKEN, "no end in time" },
		{ "\r\n{\"error\": \"unable to connect to server: Connection refused\"}", "", 1,
		  LOCATE_AWAY, "nobody listens" },
		{ "{\"error\": \"unable to connect to server: Connection timed out\"}", "", 1,
		  LOCATE_BROKEN, "does not answer" },
		{ "{\"error\": \"unable to connect to server: Resource temporarily unavailable\"}",
		  "", 1, LOCATE_UNABLE, "name of the peer" },
		{ "{\"error\": \"control socket has closed unexpectedly\"}", "", 1, LOCATE_BROKEN,
		  "in the middle" },
		{ "{\"start\": {\"connected\": []}, \"error\": "
		  "\"unable to receive control message: Connection reset by peer\"}",
		  "", 1, LOCATE_AWAY, "before the test began" },
	};
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct locate_plan plan = plan_of(LOCATE_IPERF3, &hosts, &arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct process_result said = {
			.status = cases[i].status,
			.said = span_of(cases[i].said),
			.complained = span_of(cases[i].complained),
		};
		struct locate_answer answer;

		locate_read(&plan, &errand, &said, &arena, &answer);
		if (answer.outcome != cases[i].outcome || !strstr(answer.why, cases[i].why))
			fail_msg("case %zu: %s", i, answer.why);
	}
}

static void who_listens_is_not_complained_of(void **state)
{
	const struct process_result listens = {
		.status = -1, .said = SPAN("-----\nServer listening on 5201 (test #1)\n")
	};
	const struct process_result fails = { .status = 255,
					      .complained = SPAN("n9: unknown host\n") };
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct locate_plan plan = plan_of(LOCATE_IPERF3, &hosts, &arena);

	(void)state;
	assert_null(locate_server_complaint(&plan, &listens, &arena));
	assert_string_equal(locate_server_complaint(&plan, &fails, &arena), "n9: unknown host");
}

#define TEST(rest) "{\"schema\": \"assay/test/v1\", " rest "}"
#define RECORDS(records) TEST("\"measurements\": [" records "]")
#define RECORD(what, device, says) \
	"{\"what\": \"node.test." what "\", \"device\": \"collective:" device "\", " says "}"
#define LIBRARY RECORD("collective.library", "pair", "\"state\": \"nccl 2.28.9\"")

static void what_nccl_could_not_do_is_told_from_what_the_network_did_not(void **state)
{
	static const struct {
		const char *said;
		enum locate_outcome outcome;
		bool is_server;
	} cases[] = {
		{ RECORDS(LIBRARY
			  "," RECORD("collective.algbw", "send-receive:pair/8", "\"value\": 5e10")),
		  LOCATE_MEASURED, false },
		{ TEST("\"tests\": [{\"cannot\": \"no GPU answers\"}], \"measurements\": []"),
		  LOCATE_UNABLE, false },
		{ RECORDS("{\"what\": \"node.test.reason\", \"text\": \"nobody is there\"}"),
		  LOCATE_AWAY, false },
		{ RECORDS(RECORD("collective.ranks", "pair",
				 "\"unknown\": \"rank 0 (n3, gpu:0): no library\"")),
		  LOCATE_UNABLE, true },
		{ RECORDS(RECORD("collective.ranks", "pair",
				 "\"unknown\": \"rank 1 (n1, gpu:0): no library\"")),
		  LOCATE_UNABLE, false },
		{ RECORDS(LIBRARY "," RECORD("collective.ranks", "pair",
					     "\"unknown\": \"rank 1 (n1, gpu:0): remote error\"")),
		  LOCATE_BROKEN, false },
		{ "sh: 1: assay: not found", LOCATE_UNABLE, false },
	};
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct locate_plan plan = plan_of(LOCATE_NCCL, &hosts, &arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct process_result said = { .said = span_of(cases[i].said) };
		struct locate_answer answer;

		locate_read(&plan, &errand, &said, &arena, &answer);
		if (answer.outcome != cases[i].outcome ||
		    answer.is_server_unable != cases[i].is_server)
			fail_msg("case %zu: %d, %s", i, (int)answer.outcome, answer.why);
	}
}

static void one_end_of_nccl_that_waited_in_vain_is_not_complained_of(void **state)
{
	const struct process_result ended = { .stopped = true };
	const struct process_result waited = {
		.said = SPAN(
			RECORDS("{\"what\": \"node.test.reason\", \"text\": \"nobody came\"}"))
	};
	const struct process_result bare = {
		.said = SPAN(TEST("\"tests\": [{\"cannot\": \"no GPU answers\"}], "
				  "\"measurements\": []"))
	};
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct locate_plan plan = plan_of(LOCATE_NCCL, &hosts, &arena);

	(void)state;
	assert_null(locate_server_complaint(&plan, &ended, &arena));
	assert_null(locate_server_complaint(&plan, &waited, &arena));
	assert_string_equal(locate_server_complaint(&plan, &bare, &arena), "no GPU answers");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_launcher_says_is_no_fault_of_the_network),
		cmocka_unit_test(who_listens_is_not_complained_of),
		cmocka_unit_test(what_nccl_could_not_do_is_told_from_what_the_network_did_not),
		cmocka_unit_test(one_end_of_nccl_that_waited_in_vain_is_not_complained_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
