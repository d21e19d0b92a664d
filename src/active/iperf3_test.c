#include "active/iperf3.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/file.h"
#include <cmocka.h>

#define FOLDER "test/iperf3/"

static const struct host here = { .root = NULL };

static bool read_sample(const char *name, struct arena *arena, struct iperf3_report *report,
			struct error *err)
{
	struct span text;

	assert_true(host_read(&here, arena_format(arena, FOLDER "%s", name), 1 << 20, arena, &text,
			      err));
	assert_true(text.length == 0 || strstr(name, "killed") == NULL);
	return iperf3_read(text, name, arena, report, err);
}

static void recorded_runs_of_tcp_are_read(void **state)
{
	static const struct {
		const char *name, *version;
		bool is_reverse, has_round_trip;
		unsigned streams;
		double gb_per_s, again; /* Gb/s that arrived; percent */
	} cases[] = {
		{ "3.12-tcp-send.json", "3.12", false, true, 4, 0.399575, 0 },
		{ "3.12-tcp-receive.json", "3.12", true, false, 4, 0.413735, 0 },
		/* One segment of 114,950,144 bytes. */
		{ "3.12-one-receive.json", "3.12", true, false, 1, 0.370944, 0.00126 },
		{ "3.12-omit-send.json", "3.12", false, true, 4, 0.190159, 0 },
		/* 1060 segments of 49,608,480 bytes. */
		{ "3.12-tcp-lossy-send.json", "3.12", false, true, 4, 0.177070, 3.0940 },
		{ "3.9-tcp-send.json", "3.9", false, true, 2, 0.184496, 0 },
		{ "3.21-tcp-receive.json", "3.21+", true, false, 1, 0.190621, 0.00567 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct iperf3_report report;
		struct error err;
		SCOPED_ARENA(arena);

		if (!read_sample(cases[i].name, &arena, &report, &err))
			fail_msg("%s", err.text);
		assert_string_equal(report.version, cases[i].version);
		assert_string_equal(report.peer, "10.98.7.2");
		assert_string_equal(report.local, "10.98.7.1");
		assert_false(report.is_udp);
		assert_int_equal(report.is_reverse, cases[i].is_reverse);
		assert_int_equal(report.streams, cases[i].streams);
		assert_true(fabs(report.bytes_per_s * 8e-9 - cases[i].gb_per_s) < 1e-6);
		assert_true(fabs(report.retransmits - cases[i].again) < 1e-4);
		assert_int_equal(report.rtt_s > 0, cases[i].has_round_trip);
		assert_true(report.rtt_least_s <= report.rtt_s);
		assert_true(report.busy > 0 && report.busy < 100);
	}
}

static void what_udp_lost_is_told_by_the_side_that_receives(void **state)
{
	static const struct {
		const char *name;
		double packets, lost;
		bool is_reverse;
	} cases[] = {
		{ "3.12-udp-send.json", 3452, 0, false },
		{ "3.12-udp-lossy-send.json", 3452, 112, false },
		{ "3.12-udp-lossy-receive.json", 3453, 127, true },
		{ "3.9-udp-lossy-send.json", 1726, 45, false },
		{ "3.9-udp-lossy-receive.json", 1807, 58, true },
		{ "3.21-udp-lossy-send.json", 1728, 64, false },
		{ "3.21-udp-lossy-receive.json", 1728, 45, true },
		/* Where none arrived, iperf3 itself says that none was lost. */
		{ "3.12-udp-all-lost.json", 1726, 1726, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct iperf3_report report;
		struct error err;
		SCOPED_ARENA(arena);

		if (!read_sample(cases[i].name, &arena, &report, &err))
			fail_msg("%s", err.text);
		assert_true(report.is_udp);
		assert_int_equal(report.is_reverse, cases[i].is_reverse);
		assert_true(fabs(report.packets - cases[i].packets) < 0.5);
		assert_true(fabs(report.lost - cases[i].lost) < 0.5);
		assert_true(report.jitter_s >= 0 && report.jitter_s < 0.01);
	}
}

static void what_gave_no_result_is_one_clear_sentence(void **state)
{
	static const struct {
		const char *name, *sentence;
		bool is_away, is_busy, is_turned_away;
	} cases[] = {
		{ "failed/3.12-refused.json", "nobody listens there", true, false, false },
		{ "failed/3.21-refused.json", "nobody listens there", true, false, false },
		{ "failed/3.9-refused.json", "was not reached", true, false, false },
		{ "failed/3.12-no-host.json", "the name of the peer", true, false, false },
		{ "failed/3.21-no-host.json", "the name of the peer", true, false, false },
		{ "failed/3.9-no-host.json", "was not reached", true, false, false },
		{ "failed/3.12-unreachable.json", "no way to the peer", true, false, false },
		{ "failed/3.12-busy.json", "serves somebody else", false, true, false },
		{ "failed/3.12-reset.json", "before the test began", false, false, true },
		{ "failed/3.12-interrupted.json", "ended before its result", false, false, false },
		{ "failed/3.12-cut.json", "line", false, false, false },
		{ "failed/3.12-killed.json", "said nothing", false, false, false },
		{ "3.12-bidir.json", "both ways at once", false, false, false },
		{ "3.12-server.json", "the side that listens", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct iperf3_report report;
		struct error err;
		SCOPED_ARENA(arena);

		assert_false(read_sample(cases[i].name, &arena, &report, &err));
		if (!strstr(err.text, cases[i].sentence))
			fail_msg("%s: %s", cases[i].name, err.text);
		assert_int_equal(iperf3_is_away(&err), cases[i].is_away);
		assert_int_equal(iperf3_is_busy(&err), cases[i].is_busy);
		assert_int_equal(iperf3_is_turned_away(&err), cases[i].is_turned_away);
	}
}

#define START(version, protocol)                                                                 \
	"{\"start\":{\"version\":\"" version "\",\"connecting_to\":{\"host\":\"h\",\"port\":1}," \
	"\"test_start\":{\"protocol\":\"" protocol "\",\"num_streams\":1}}"

static void what_is_not_known_is_refused(void **state)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{ "", "said nothing" },
		{ "[1]", "not of iperf3" },
		{ "{}", "not of iperf3" },
		{ START("iperf 2.1.8", "TCP") "}", "not of iperf3" },
		{ START("iperf 3.x", "TCP") "}", "not of iperf3" },
		{ START("iperf 3.12", "SCTP") "}", "'SCTP'" },
		{ START("iperf 3.12", "TCP") "}", "no result" },
		{ START("iperf 3.12", "TCP") ",\"end\":{\"sum_received\":"
					     "{\"seconds\":1,\"bits_per_second\":-1}}}",
		  "no result" },
		{ START("iperf 3.12", "UDP") ",\"end\":{\"sum\":"
					     "{\"seconds\":1,\"bits_per_second\":1}}}",
		  "how many packets" },
		{ START("iperf 3.12", "TCP") ",\"error\":\"the moon is full\"}",
		  "iperf3 says: the moon is full" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct iperf3_report report;
		struct error err;
		SCOPED_ARENA(arena);

		assert_false(iperf3_read(span_of(cases[i].text), "file", &arena, &report, &err));
		if (!strstr(err.text, cases[i].sentence))
			fail_msg("%s: %s", cases[i].text, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_runs_of_tcp_are_read),
		cmocka_unit_test(what_udp_lost_is_told_by_the_side_that_receives),
		cmocka_unit_test(what_gave_no_result_is_one_clear_sentence),
		cmocka_unit_test(what_is_not_known_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
