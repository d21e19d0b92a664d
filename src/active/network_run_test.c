#include "active/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NS_PER_S 1000000000ll

static void a_peer_is_a_host_and_perhaps_a_port(void **state)
{
	static const struct {
		const char *text, *host; /* NULL: refused */
		unsigned port;
	} cases[] = {
		{ "node8", "node8", 0 },
		{ "node8:5300", "node8", 5300 },
		{ "10.0.0.8", "10.0.0.8", 0 },
		{ "[fd00::8]:5300", "fd00::8", 5300 },
		{ "[fd00::8]", "fd00::8", 0 },
		{ "fd00::8", "fd00::8", 0 },
		{ "fe80::8%eth0", "fe80::8%eth0", 0 },
		{ "", NULL, 0 },
		{ "node8:", NULL, 0 },
		{ "node8:0", NULL, 0 },
		{ "node8:65536", NULL, 0 },
		{ ":5300", NULL, 0 },
		{ "-c", NULL, 0 },
		{ "node 8", NULL, 0 },
		{ "node8/x", NULL, 0 },
		{ "[fd00::8", NULL, 0 },
		{ "[fd00::8]5300", NULL, 0 },
		{ "[]:5300", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *host = NULL;
		unsigned port = 0;
		struct error err;
		SCOPED_ARENA(arena);
		bool good = network_peer_read(span_of(cases[i].text), &arena, &host, &port, &err);

		if (good != (cases[i].host != NULL))
			fail_msg("'%s'", cases[i].text);
		if (!good) {
			assert_non_null(strstr(err.text, "HOST:PORT"));
			continue;
		}
		assert_string_equal(host, cases[i].host);
		assert_int_equal(port, cases[i].port);
	}
}

static void words_say_all(void **state)
{
	static const struct {
		size_t task;
		unsigned port, seconds;
		const char *words;
	} cases[] = {
		{ 0, 0, 5, "iperf3 -J -c h -p 5201 -t 5 -P 8 -O 1 " },
		{ 1, 5300, 1, "iperf3 -J -c h -p 5300 -t 1 -R -P 8 " },
		{ 2, 0, 2, "iperf3 -J -c h -p 5201 -t 2 -P 1 " },
		{ 4, 0, 5, "iperf3 -J -c h -p 5201 -t 5 -u -b 20000000 " },
		{ 5, 0, 5, "iperf3 -J -c h -p 5201 -t 5 -R -u -b 20000000 " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		SCOPED_TEXT(said);
		const char *const *words = network_words(&network_tasks[cases[i].task], "h",
							 cases[i].port, cases[i].seconds, &arena);

		for (; *words; words++)
			text_format(&said, "%s ", *words);
		assert_string_equal(text_string(&said), cases[i].words);
	}
}

static void runs_share_what_is_left(void **state)
{
	(void)state;
	assert_int_equal(network_seconds(600 * NS_PER_S, 6), NETWORK_SECONDS);
	assert_int_equal(network_seconds(30 * NS_PER_S, 6), 3);
	assert_int_equal(network_seconds(8 * NS_PER_S, 6), 1);
	assert_int_equal(network_seconds(0, 6), 1);
	assert_int_equal(network_seconds(5 * NS_PER_S, 1), 3);
	/* What all of them take at that length fits. */
	for (int64_t left = 8; left < 60; left++) {
		unsigned seconds = network_seconds(left * NS_PER_S, 6);
		unsigned omitted = seconds >= 3 ? NETWORK_OMITTED : 0;

		assert_true((seconds + omitted) * 6 <= left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_peer_is_a_host_and_perhaps_a_port),
		cmocka_unit_test(words_say_all),
		cmocka_unit_test(runs_share_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
