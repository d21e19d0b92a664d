#include "active/burn_log.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "active/burn_load.h"
#include <cmocka.h>

#define NS_PER_S 1000000000ll
#define NEAR(is, ought, within) assert_true(fabs((is) - (ought)) <= (within))

/* Follows the pace for so long: half a second a slice, a sample a second; the GPU warms up from 50
 * to 70 degrees and loses so many percent for ten of them. */
static struct burn_log *burn(int64_t length_s, double percent)
{
	static const double watts[] = { 690, 400, 110 };
	struct burn_log *log = malloc(sizeof(*log));
	const int64_t start_ns = 1000 * NS_PER_S;
	struct burn_pace pace = burn_pace_of(start_ns, start_ns + length_s * NS_PER_S);

	assert_non_null(log);
	burn_log_start(log, &pace);
	for (int64_t now_ns = start_ns; now_ns < pace.end_ns; now_ns += NS_PER_S / 2) {
		double share = (double)(now_ns - start_ns) / (double)(length_s * NS_PER_S);
		double c = 70 - 20 * exp(-5 * share);
		int64_t since_ns, until_ns;
		bool is_on;

		enum burn_phase phase = burn_pace_at(&pace, now_ns, &is_on, &since_ns, &until_ns);

		if ((now_ns - start_ns) % NS_PER_S == 0) {
			struct heat_sample sample = { .time_ns = now_ns,
						      .temperature_c = c,
						      .power_w = watts[phase],
						      .clock_mhz = 1755,
						      .has_reasons = true,
						      .reasons = 1u << HEAT_SW_POWER };

			if (share > 0.5)
				sample.reasons |= 1u << HEAT_HW_THERMAL;
			burn_log_sample(log, &sample);
		}
		/* What a process that was late says of the half second before. */
		if (is_on)
			burn_log_slice(log, now_ns - NS_PER_S / 2, now_ns,
				       7e14 * (1 - percent / 100 * (c - 60) / 10));
	}
	return log;
}

static void a_loss_is_found_in_a_minute_as_in_a_day(void **state)
{
	static const int64_t lengths_s[] = { 60, 3600, 28800, 86400 };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths_s) / sizeof(lengths_s[0]); i++) {
		struct burn_log *log = burn(lengths_s[i], 2);
		struct burn_point points[BURN_POINTS_MAXIMUM];
		size_t count = burn_log_points(log, points);
		struct burn_loss loss;
		const char *reason = "";

		assert_true(count >= 90);
		assert_true(burn_fit(points, count, &loss, &reason));
		NEAR(loss.percent, 2, 0.15);
		NEAR(burn_log_power(log).median, 690, 1e-6);
		NEAR(burn_log_step(log, BURN_FULL).median, 690, 1e-6);
		NEAR(burn_log_step(log, BURN_HALF).median, 400, 1e-6);
		/* The pauses of a minute are shorter than the time between two samples. */
		if (lengths_s[i] > 60)
			NEAR(burn_log_step(log, BURN_IDLE).median, 110, 1e-6);
		NEAR(burn_log_clock(log).median, 1755, 1e-6);
		NEAR((double)log->reasons[HEAT_SW_POWER], log->told, 0);
		NEAR((double)log->reasons[HEAT_HW_THERMAL] / log->told, 0.5, 0.05);
		free(log);
	}
}

static void the_end_is_compared_with_the_beginning(void **state)
{
	struct burn_log *log = burn(28800, 5);
	int64_t edge_ns = burn_log_edge_ns(log);
	struct burn_middle first = burn_log_speed(log, 0, log->first_ns + edge_ns);
	struct burn_middle last = burn_log_speed(log, log->last_ns - edge_ns, INT64_MAX);

	(void)state;
	NEAR((double)edge_ns, 2880e9, 10e9);
	assert_true(first.count >= 30 && last.count >= 30);
	assert_true(last.median < 0.97 * first.median);
	free(log);
	log = burn(3 * 86400, 5);
	assert_int_equal(burn_log_edge_ns(log), 3600 * NS_PER_S);
	free(log);
}

static void nothing_done_says_nothing(void **state)
{
	struct burn_log *log = burn(60, 1);
	struct burn_point points[BURN_POINTS_MAXIMUM];
	const struct burn_pace pace = burn_pace_of(0, 60 * NS_PER_S);

	(void)state;
	burn_log_start(log, &pace);
	assert_int_equal(burn_log_points(log, points), 0);
	assert_int_equal(burn_log_edge_ns(log), 0);
	assert_int_equal(burn_log_speed(log, 0, INT64_MAX).count, 0);
	assert_true(isnan(log->lowest_c));
	/* Slices that cannot be, or lie elsewhere. */
	burn_log_slice(log, 5, 5, 1);
	burn_log_slice(log, 0, 1, -1);
	burn_log_slice(log, 0, 1, (double)NAN);
	burn_log_slice(log, 70 * NS_PER_S, 700 * NS_PER_S, 1);
	assert_int_equal(burn_log_points(log, points), 0);
	/* One without a sample has a speed and no temperature. */
	burn_log_slice(log, 0, NS_PER_S / 8, 7);
	assert_int_equal(burn_log_points(log, points), 1);
	assert_true(isnan(points[0].temperature_c));
	free(log);
}

static void requests_are_read_as_they_were_written(void **state)
{
	static const char *const bad[] = { "gpu:a 1 2 0 4 5 0 0 0",   "gpu:a 1 2 3 4 5 6",
					   "gpu:a 1 2 3 4",           "gpu:a 1 2 3 4 5 6 7 8 9",
					   "gpu:a 1 2 3 4 5 1 0 8",   "gpu:a 1 2 3 4 5 1 1 0",
					   "gpu:a 1 2 3 4 5 1 -1 8",  "gpu:a 1 2 3 4 5 1 9999999 8",
					   "gpu:a 1 2 3 4 5 5e9 1 8", " 1 2 3 4 5 1 1 8" };
	const struct burn_turn turn = { .pace = burn_pace_of(5, 60 * NS_PER_S),
					.until_ns = 77,
					.order = { 3, 40, 1 << 20 } };
	struct burn_turn back;
	const char *gpu;
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(burn_request_read(span_of(burn_request(&arena, "gpu:a", &turn)), &gpu, &back,
				      &arena));
	assert_string_equal(gpu, "gpu:a");
	assert_memory_equal(&back.pace, &turn.pace, sizeof(turn.pace));
	assert_int_equal(back.until_ns, 77);
	assert_int_equal(back.order.blocks, 3);
	assert_int_equal(back.order.iterations, 40);
	assert_int_equal(back.order.elements, 1 << 20);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (burn_request_read(span_of(bad[i]), &gpu, &back, &arena))
			fail_msg("'%s' is taken", bad[i]);
}

static void lines_are_read_as_they_were_written(void **state)
{
	static const char *const bad[] = { "",          "w",           "w 1 2",
					   "w 1 2 x",   "w 2 1 5",     "w 1 2 -5",
					   "w -1 2 5",  "y 1 2 5",     "e",
					   "w 1 2 inf", "w 1 2 5 6 7", "w 1 2 5",
					   "x",         "x 1 2 3 4",   "x 1 2 3 4 5 6",
					   "c 1 2 3",   "c 2 1 3 4",   "c 1 2 3 nan",
					   "v",         "v -1",        "n",
					   "bb" };
	struct burn_line line;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (burn_line_read(span_of(bad[i]), &line))
			fail_msg("'%s' is taken", bad[i]);
	assert_true(burn_line_read(span_of("w 1 2 7.5e14 50"), &line));
	assert_int_equal(line.kind, BURN_LINE_SLICE);
	assert_int_equal(line.checked, 50);
	assert_true(burn_line_read(span_of("x 2 1 1 17 4021"), &line));
	assert_int_equal(line.kind, BURN_LINE_WRONG);
	assert_int_equal(line.wrong, 2);
	assert_int_equal(line.row_count, 1);
	assert_int_equal(line.column, 4021);
	assert_true(burn_line_read(span_of("b"), &line));
	assert_int_equal(line.kind, BURN_LINE_WAITS);
	assert_true(burn_line_read(span_of("g"), &line));
	assert_int_equal(line.kind, BURN_LINE_GOES_ON);
	assert_true(burn_line_read(span_of("t"), &line));
	assert_int_equal(line.kind, BURN_LINE_IN_VAIN);
	assert_true(burn_line_read(span_of("c 1 9 2e-4 0.25"), &line));
	assert_int_equal(line.kind, BURN_LINE_BLOCK);
	assert_true(line.seconds > 1.9e-4 && line.working_s > 0.2);
	assert_true(burn_line_read(span_of("v 12"), &line));
	assert_int_equal(line.kind, BURN_LINE_COMPARED);
	assert_int_equal(line.wrong, 12);
	assert_true(burn_line_read(span_of("n ncclAllReduce: remote error"), &line));
	assert_int_equal(line.kind, BURN_LINE_NO_RANK);
	assert_true(burn_line_read(span_of("e cuInit: no device (100)"), &line));
	assert_int_equal(line.kind, BURN_LINE_ERROR);
	assert_true(span_is(line.words, "cuInit: no device (100)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loss_is_found_in_a_minute_as_in_a_day),
		cmocka_unit_test(the_end_is_compared_with_the_beginning),
		cmocka_unit_test(nothing_done_says_nothing),
		cmocka_unit_test(requests_are_read_as_they_were_written),
		cmocka_unit_test(lines_are_read_as_they_were_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
