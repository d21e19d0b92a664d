#include "probe/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/smp.h"

enum {
	MS = 1000000,
	WAY_MAXIMUM = 8192,
};

/* A network of which time is an argument: an answer takes round_trip_ns. Numbers of ports from
 * silent_from on never answer; of the others each lose_each-th try is lost. */
struct network {
	int64_t now_ns, round_trip_ns;
	unsigned silent_from, lose_each, tries;
	bool tells_silence; /* as the kernel does; simulators do not */
	int64_t sleep_ns;   /* that who reads does not run, after each sleep_each-th answer */
	unsigned sleep_each, reads;
	unsigned under_way, most;
	struct {
		struct mad mad;
		int64_t due_ns;
		bool is_lost;
	} way[WAY_MAXIMUM];
};

static bool net_send(void *self, const struct mad *mad, unsigned timeout_ms, struct error *err)
{
	struct network *network = self;
	unsigned port = mad->data[23];
	bool is_lost = port >= network->silent_from ||
		       (network->lose_each && ++network->tries % network->lose_each == 0);

	(void)err;
	assert_true(network->under_way < WAY_MAXIMUM);
	if (is_lost && !network->tells_silence)
		return true;
	network->way[network->under_way].mad = *mad;
	network->way[network->under_way].is_lost = is_lost;
	network->way[network->under_way++].due_ns =
		network->now_ns + (is_lost ? (int64_t)timeout_ms * MS : network->round_trip_ns);
	if (network->under_way > network->most)
		network->most = network->under_way;
	return true;
}

static enum mad_outcome net_receive(void *self, int wait_ms, struct mad *ret_mad, struct error *err)
{
	struct network *network = self;
	unsigned first = 0;

	(void)err;
	for (unsigned i = 1; i < network->under_way; i++) {
		if (network->way[i].due_ns < network->way[first].due_ns)
			first = i;
	}
	int64_t until_ns = network->now_ns + (int64_t)wait_ms * MS;

	if (!network->under_way || network->way[first].due_ns > until_ns) {
		network->now_ns = until_ns;
		return MAD_NOTHING;
	}
	if (network->way[first].due_ns > network->now_ns)
		network->now_ns = network->way[first].due_ns;
	*ret_mad = network->way[first].mad;
	bool is_lost = network->way[first].is_lost;

	if (network->sleep_each && ++network->reads % network->sleep_each == 0)
		network->now_ns += network->sleep_ns;
	network->under_way--;
	memmove(&network->way[first], &network->way[first + 1],
		(network->under_way - first) * sizeof(network->way[0]));
	return is_lost ? MAD_TIMED_OUT : MAD_ANSWER;
}

static int64_t net_now(void *self)
{
	return ((struct network *)self)->now_ns;
}

static struct network network;
static double window_at_end;

/* Asks `count` questions; how often each was answered, and how many never were. */
static void ask_all(unsigned count, unsigned window, struct exchange_tally *ret_tally,
		    unsigned *ret_silent)
{
	const struct mad_door door = {
		.send = net_send, .receive = net_receive, .now_ns = net_now, .self = &network
	};
	const struct smp_route here = { .hops = 0 };
	SCOPED_ARENA(arena);
	struct exchange exchange = { .door = &door, .arena = &arena, .window_limit = window };
	uint8_t *told = ARENA_ARRAY(&arena, uint8_t, count);
	unsigned next = 0;

	*ret_silent = 0;
	exchange_start(&exchange);
	for (;;) {
		struct exchange_question question = { .device = next };
		struct mad mad;

		while (next < count && exchange_has_room(&exchange)) {
			smp_ask(&mad, SMP_PORT_INFO, next & 0xff, &here,
				exchange_number(&exchange));
			question.device = next++;
			assert_true(exchange_send(&exchange, &mad, &question, NULL));
		}
		enum exchange_outcome outcome = exchange_next(&exchange, &question, &mad, NULL);

		if (outcome == EXCHANGE_IDLE)
			break;
		if (outcome == EXCHANGE_WAIT)
			continue;
		assert_int_equal(told[question.device]++, 0);
		*ret_silent += outcome == EXCHANGE_SILENCE;
	}
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(told[i], 1);
	*ret_tally = exchange.tally;
	window_at_end = exchange.window;
}

static void start(const struct network *as)
{
	memset(&network, 0, sizeof(network));
	network.round_trip_ns = as->round_trip_ns;
	network.silent_from = as->silent_from;
	network.lose_each = as->lose_each;
	network.tells_silence = as->tells_silence;
	network.sleep_ns = as->sleep_ns;
	network.sleep_each = as->sleep_each;
}

static void many_are_under_way_and_each_is_answered_once(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	start(&(struct network){ .round_trip_ns = MS, .silent_from = 256 });
	ask_all(10000, 0, &tally, &silent);
	assert_int_equal(silent, 0);
	assert_int_equal(tally.sent, 10000);
	assert_int_equal(tally.repeated, 0);
	assert_int_equal(tally.window_most, EXCHANGE_WINDOW_DEFAULT);
	/* A window of 128 that opens by one an answer: far from 10,000 round trips. */
	assert_true(network.now_ns < 100 * (int64_t)MS);
}

static void the_window_is_kept(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	start(&(struct network){ .round_trip_ns = MS, .silent_from = 256 });
	ask_all(1000, 3, &tally, &silent);
	assert_int_equal(network.most, 3);
	assert_int_equal(tally.window_most, 3);
}

static void silence_costs_its_own_time_only(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	/* A quarter of 4,096 never answers: one after the other they would take a quarter of an
	 * hour. */
	for (unsigned tells = 0; tells < 2; tells++) {
		start(&(struct network){
			.round_trip_ns = MS, .silent_from = 192, .tells_silence = tells });
		ask_all(4096, 0, &tally, &silent);
		assert_int_equal(silent, 1024);
		assert_int_equal(tally.unanswered, 1024);
		assert_int_equal(tally.answered, 3072);
		assert_int_equal(tally.repeated, 3 * 1024);
		assert_true(network.now_ns < 4000 * (int64_t)MS);
	}
}

static void what_got_lost_is_asked_again_and_fewer_at_once(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	start(&(struct network){ .round_trip_ns = MS, .silent_from = 256, .lose_each = 50 });
	ask_all(5000, 0, &tally, &silent);
	assert_int_equal(silent, 0);
	assert_int_equal(tally.answered, 5000);
	assert_true(tally.repeated >= 5000 / 50);
	assert_true(window_at_end < EXCHANGE_WINDOW_DEFAULT / 2);
}

static void a_slow_network_is_not_taken_for_a_lossy_one(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	/* Answers take longer than the patience that a fast network teaches, but not longer than
	 * that which it begins with. */
	start(&(struct network){ .round_trip_ns = 150 * (int64_t)MS, .silent_from = 256 });
	ask_all(2000, 0, &tally, &silent);
	assert_int_equal(silent, 0);
	assert_int_equal(tally.repeated, 0);
}

static void late_answers_are_taken_and_strays_are_not(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	/* The first patience is 0.2 s and 0.02 for the device: the first answers come after the
	 * question was asked again, and then twice. */
	start(&(struct network){ .round_trip_ns = 300 * (int64_t)MS, .silent_from = 256 });
	ask_all(16, 0, &tally, &silent);
	assert_int_equal(silent, 0);
	assert_int_equal(tally.answered, 16);
	assert_true(tally.repeated > 0);
}

static void answers_that_wait_are_read_before_anything_is_asked_again(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	/* A busy machine forgets this process for longer than it has patience. */
	start(&(struct network){ .round_trip_ns = MS,
				 .silent_from = 256,
				 .sleep_ns = 400 * (int64_t)MS,
				 .sleep_each = 500 });
	ask_all(5000, 0, &tally, &silent);
	assert_int_equal(silent, 0);
	assert_int_equal(tally.repeated, 0);
}

static void where_nobody_answers_no_more_and_more_is_asked(void **state)
{
	struct exchange_tally tally;
	unsigned silent;

	(void)state;
	start(&(struct network){ .round_trip_ns = MS, .silent_from = 0, .tells_silence = true });
	ask_all(2000, 0, &tally, &silent);
	assert_int_equal(silent, 2000);
	assert_true(network.most <= 3 * EXCHANGE_WINDOW_DEFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_are_under_way_and_each_is_answered_once),
		cmocka_unit_test(the_window_is_kept),
		cmocka_unit_test(silence_costs_its_own_time_only),
		cmocka_unit_test(what_got_lost_is_asked_again_and_fewer_at_once),
		cmocka_unit_test(a_slow_network_is_not_taken_for_a_lossy_one),
		cmocka_unit_test(late_answers_are_taken_and_strays_are_not),
		cmocka_unit_test(where_nobody_answers_no_more_and_more_is_asked),
		cmocka_unit_test(answers_that_wait_are_read_before_anything_is_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
