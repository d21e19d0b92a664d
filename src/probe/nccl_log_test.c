#include "probe/nccl_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define LINE(text) "n1:100:200 [0] NCCL INFO " text "\n"

static void read_log(const char *text, struct arena *arena, struct nccl_log *log)
{
	struct error err = { 0 };

	if (!nccl_log_read(span_of(text), "job.log", arena, log, &err))
		fail_msg("%s", err.text);
}

static uint64_t lines_of(const struct nccl_log_words *words, const char *word)
{
	for (unsigned i = 0; i < words->count; i++)
		if (span_is(words->items[i].word, word))
			return words->items[i].lines;
	return 0;
}

static void what_was_used_is_told(void **state)
{
	SCOPED_ARENA(arena);
	struct nccl_log log;

	(void)state;
	read_log(
		"something else\n"
		"NCCL version 2.28.9+cuda13.0\n" LINE(
			"NCCL_IB_HCA set by environment to =mlx5_0.") LINE("NET/Plugin: Loaded net "
									   "plugin IBext_v10 (v10)")
			LINE("NET/Plugin: Loaded collnet plugin SHARP (v10)") LINE(
				"Using network IBext_v10") LINE("comm 0x5 rank 0 nRanks 16 nNodes "
								"2 localRanks 8 localRank "
								"0") LINE("comm 0x6 rank 0 nRanks "
									  "2 nNodes 1 localRanks 2 "
									  "localRank 0")
				LINE("Channel 00/0 : 0[0] -> 1[1] via P2P/CUMEM/read") LINE(
					"Channel 01/0 : 0[0] -> 1[1] via SHM/direct/direct")
					LINE("Channel 00/0 : 0[0] -> 8[0] [send] via "
					     "NET/IBext_v10/0/GDRDMA") LINE("Channel 01/0 : 0[0] "
									    "-> 9[1] [send] via "
									    "NET/IBext_v10/1(1)/"
									    "GDRDMA/Shared")
						LINE("Channel 02/0 : 8[0] -> 0[0] "
						     "[receive] via NET/IBext_v10/0")
							LINE("CollNet 00/0 : 0 [send] via "
							     "COLLNET/SHARP/0/GDRDMA")
								LINE("AllReduce: 4096 Bytes -> "
								     "Algo RING proto LL128 "
								     "channel{Lo..Hi}={0..1}")
									LINE("AllReduce: 8192 "
									     "Bytes -> "
									     "Algo 1 proto 1 time "
									     "12.3"),
		&arena, &log);
	assert_true(span_is(log.version, "2.28.9"));
	assert_int_equal(log.ranks, 16);
	assert_int_equal(log.nodes, 2);
	assert_int_equal(lines_of(&log.networks, "IBext_v10"), 1);
	assert_int_equal(lines_of(&log.net_plugins, "IBext_v10 (v10)"), 1);
	assert_int_equal(lines_of(&log.collnet_plugins, "SHARP (v10)"), 1);
	assert_int_equal(log.ways[NCCL_WAY_P2P], 1);
	assert_int_equal(log.ways[NCCL_WAY_SHM], 1);
	assert_int_equal(log.ways[NCCL_WAY_NET], 3);
	assert_int_equal(log.ways[NCCL_WAY_NET_DIRECT], 2);
	assert_int_equal(log.ways[NCCL_WAY_NET_RELAYED], 1);
	assert_int_equal(log.ways[NCCL_WAY_COLLNET], 1);
	assert_int_equal(lines_of(&log.algorithms, "ring/ll128"), 2);
	assert_int_equal(lines_of(&log.settings, "NCCL_IB_HCA"), 1);
	assert_true(span_is(log.settings.items[0].value, "=mlx5_0"));
	assert_int_equal(log.warnings, 0);
}

static void warnings_and_what_failed_are_told(void **state)
{
	SCOPED_ARENA(arena);
	struct nccl_log log;

	(void)state;
	read_log("n1:1:1 [0] misc/ibvwrap.cc:97 NCCL WARN Call to ibv_open failed\r\n"
		 "n1:1:1 [0] x.c:1 NCCL WARN another\n" LINE(
			 "Cannot initialize CollNet, using point-to-point network instead"),
		 &arena, &log);
	assert_int_equal(log.warnings, 2);
	assert_true(span_is(log.warning, "Call to ibv_open failed"));
	assert_int_equal(log.failed_reductions, 1);
	assert_int_equal(log.version.length, 0);
	assert_int_equal(log.ranks, 0);
}

static void more_words_than_there_is_room_for_are_left_out(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	struct nccl_log log;

	(void)state;
	for (unsigned i = 0; i < 2 * NCCL_LOG_WORDS; i++)
		text_format(&text, "x [0] NCCL INFO Using network net%u\n", i);
	read_log(text_string(&text), &arena, &log);
	assert_int_equal(log.networks.count, NCCL_LOG_WORDS);
}

static void a_text_without_a_line_of_nccl_is_refused(void **state)
{
	SCOPED_ARENA(arena);
	struct nccl_log log;
	struct error err = { 0 };

	(void)state;
	assert_false(nccl_log_read(SPAN("epoch 1\nNCCL is fine\n"), "job.log", &arena, &log, &err));
	assert_int_equal(err.code, ERROR_PARSE);
	assert_non_null(strstr(err.text, "'job.log' holds no line of NCCL"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_used_is_told),
		cmocka_unit_test(warnings_and_what_failed_are_told),
		cmocka_unit_test(more_words_than_there_is_room_for_are_left_out),
		cmocka_unit_test(a_text_without_a_line_of_nccl_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
