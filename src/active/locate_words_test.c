#include "active/locate_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static const char *const launcher[] = { "ssh", "--", "{}", NULL };
static const char *const devices[] = { "mlx5_0", "mlx5_1", NULL };
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
		.devices = devices,
		.seconds = 3,
	};
}

static void assert_words(const char *const *said, const char *expected)
{
	SCOPED_TEXT(text);

	for (; *said; said++)
		text_format(&text, "%s%s", text.length > 0 ? " " : "", *said);
	assert_string_equal(text_string(&text), expected);
}

static void both_ends_have_a_limit_of_their_own(void **state)
{
	static const struct locate_errand errand = { .from = 0, .to = 2, .rail = 1, .port = 5000 };
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct locate_plan plan = plan_of(LOCATE_IPERF3, &hosts, &arena);

	(void)state;
	assert_words(locate_server_words(&plan, &errand, &arena),
		     "ssh -- n3 timeout -k 1 11 iperf3 -s -1 --forceflush -p 5000");
	assert_words(locate_client_words(&plan, &errand, &arena),
		     "ssh -- n1 timeout -k 1 11 iperf3 -J -c 10.1.0.3 -p 5000 -t 3 -i 0.2 "
		     "--connect-timeout 3000 -B 10.1.0.1");
	plan = plan_of(LOCATE_WRITE_BANDWIDTH, &hosts, &arena);
	assert_words(locate_server_words(&plan, &errand, &arena),
		     "ssh -- n3 timeout -k 1 11 ib_write_bw -d mlx5_1 -F -D 3 -p 5000");
	assert_words(locate_client_words(&plan, &errand, &arena),
		     "ssh -- n1 timeout -k 1 11 ib_write_bw -d mlx5_1 -F -D 3 -p 5000 10.1.0.3");
}

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
		struct locate_result result = { 0 };
		const char *why = "";

		if (locate_read(&plan, &said, &arena, &result, &why) != cases[i].outcome ||
		    !strstr(why, cases[i].why))
			fail_msg("case %zu: %s", i, why);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_have_a_limit_of_their_own),
		cmocka_unit_test(what_the_launcher_says_is_no_fault_of_the_network),
		cmocka_unit_test(who_listens_is_not_complained_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
