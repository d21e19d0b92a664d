#include "probe/isolation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

/* A fabric of one switch whose ports 1 and 2 lead to this node and to another one; nobody else
 * answers. The clock goes on by what is waited. */
struct toy {
	int64_t now_ns;
	struct mad question;
	bool is_waiting, is_virtual, aggregates; /* at port 3 of the switch */
	unsigned sent;
	uint8_t level;
};

static const uint64_t switch_guid = 0xa1, own_guid = 0xb1, other_guid = 0xb2,
		      aggregator_guid = 0xa9;

static bool toy_send(void *self, const struct mad *mad, unsigned timeout_ms, struct error *err)
{
	struct toy *toy = self;

	(void)timeout_ms;
	if (toy->is_virtual)
		return (fail)(err, ERROR_UNSUPPORTED, "no queue pair 0");
	toy->question = *mad;
	toy->is_waiting = true;
	toy->sent++;
	return true;
}

static void put(uint8_t *at, unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

/* Who is at the end of the path; 0 for nobody. */
static uint64_t at_end(const uint8_t *data)
{
	if (data[7] == 0)
		return own_guid;
	if (data[7] == 1)
		return switch_guid;
	if (data[7] != 2)
		return 0;
	return data[130] == 2 ? other_guid : data[130] == 3 ? aggregator_guid : 0;
}

static enum mad_outcome toy_receive(void *self, int wait_ms, struct mad *ret_mad, struct error *err)
{
	struct toy *toy = self;
	uint8_t *data = toy->question.data;
	uint64_t guid = data[1] == MAD_CLASS_SUBNET_DIRECTED ? at_end(data) : 0;

	(void)err;
	if (!toy->is_waiting || guid == 0 || (toy->level >= 2 && guid != own_guid)) {
		toy->now_ns += wait_ms * INT64_C(1000000);
		return MAD_NOTHING;
	}
	toy->is_waiting = false;
	data[3] |= MAD_METHOD_ANSWER;
	if (data[17] == 0x11) {
		data[66] = guid == switch_guid ? 2 : 1;
		data[67] = guid != switch_guid ? 1 : toy->aggregates ? 3 : 2;
		put(data + 68, 8, guid == aggregator_guid ? switch_guid : guid);
		put(data + 76, 8, guid);
		data[100] = 1;
	} else {
		data[96] = 4;
		data[98] = (uint8_t)(toy->level << 6);
	}
	*ret_mad = toy->question;
	return MAD_ANSWER;
}

static int64_t toy_now(void *self)
{
	return ((struct toy *)self)->now_ns;
}

static void toy_pause(void *self, int64_t ns)
{
	((struct toy *)self)->now_ns += ns;
}

static void look(struct watch *watch, struct toy *toy, const uint64_t *own, unsigned questions)
{
	const struct mad_door door = {
		.send = toy_send,
		.receive = toy_receive,
		.now_ns = toy_now,
		.pause = toy_pause,
		.self = toy,
		.device = "mlx5_0",
		.port = 1,
	};
	const struct isolation_request request = {
		.host = &watch->root.host,
		.door = &door,
		.own = own,
		.own_count = own ? 1 : 0,
		.per_second = 100,
		.questions = questions,
	};

	watch_run(watch, &probe_rdma);
	isolation_look(&request, &watch->sightings);
}

static void others_are_counted_and_not_named(void **state)
{
	SCOPED_WATCH(watch);
	struct toy toy = { 0 };

	(void)state;
	watch_make(&watch, NULL);
	look(&watch, &toy, NULL, 1000);
	watch_expect(&watch, "isolation.count", "isolation:foreign", "1");
	watch_expect(&watch, "isolation.count", "isolation:switches", "1");
	watch_expect(&watch, "isolation.answer", "isolation:own-port", "answered");
	watch_expect(&watch, "isolation.protection", "isolation:own-port", "0");
	watch_expect(&watch, "isolation.key", "isolation:own-port", "not-shown");
	watch_expect(&watch, "isolation.answer", "isolation:sa-nodes",
		     "?no subnet manager is known");
	assert_int_equal(watch_count(&watch, "isolation.foreign"), 1);
	/* A hundred a second. */
	assert_true(toy.now_ns >= (int64_t)(toy.sent - 1) * 10000000);
}

static void ones_own_are_no_strangers(void **state)
{
	SCOPED_WATCH(watch);
	struct toy toy = { 0 };

	(void)state;
	watch_make(&watch, NULL);
	look(&watch, &toy, &other_guid, 1000);
	watch_expect(&watch, "isolation.count", "isolation:foreign", "0");
	watch_expect(&watch, "isolation.count", "isolation:own", "1");
}

static void the_reducing_node_of_a_switch_is_nobodys_adapter(void **state)
{
	SCOPED_WATCH(watch);
	struct toy toy = { .aggregates = true };

	(void)state;
	watch_make(&watch, NULL);
	look(&watch, &toy, &other_guid, 1000);
	watch_expect(&watch, "isolation.count", "isolation:foreign", "0");
	watch_expect(&watch, "isolation.count", "isolation:aggregators", "1");
}

static void keys_make_the_fabric_silent(void **state)
{
	SCOPED_WATCH(watch);
	struct toy toy = { .level = 2 };

	(void)state;
	watch_make(&watch, NULL);
	look(&watch, &toy, NULL, 1000);
	watch_expect(&watch, "isolation.answer", "isolation:walk", "silent");
	watch_expect(&watch, "isolation.count", "isolation:switches", "0");
	watch_expect(&watch, "isolation.protection", "isolation:own-port", "2");
}

static void no_more_is_asked_than_is_allowed(void **state)
{
	SCOPED_WATCH(watch);
	struct toy toy = { 0 };

	(void)state;
	watch_make(&watch, NULL);
	look(&watch, &toy, NULL, 4);
	assert_int_equal(toy.sent, 4);
	watch_expect(&watch, "isolation.count", "isolation:unseen", "?were asked");
}

static void a_virtual_function_cannot_ask(void **state)
{
	SCOPED_WATCH(watch);
	struct toy toy = { .is_virtual = true };

	(void)state;
	watch_make(&watch, NULL);
	look(&watch, &toy, NULL, 1000);
	watch_expect(&watch, "isolation.answer", "isolation:walk", "unusable");
	watch_expect(&watch, "isolation.answer", "isolation:own-port", "unusable");
}

static void the_list_of_ones_own_is_read(void **state)
{
	SCOPED_ARENA(arena);
	const uint64_t *guids;
	struct error err;
	size_t count;

	(void)state;
	assert_true(isolation_read_own(SPAN("# all\n0xb83fd20300abcdef 0xb2 # n2\r\n\n0xb3\r\n"),
				       "own", &arena, &guids, &count, NULL));
	assert_int_equal(count, 3);
	assert_true(guids[0] == UINT64_C(0xb83fd20300abcdef) && guids[2] == 0xb3);
	assert_false(isolation_read_own(SPAN("0xb1\nn2\n"), "own", &arena, &guids, &count, &err));
	assert_string_equal(err.text,
			    "own: line 2: 'n2' is no GUID; write it as 0xb83fd20300abcdef");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_are_counted_and_not_named),
		cmocka_unit_test(ones_own_are_no_strangers),
		cmocka_unit_test(the_reducing_node_of_a_switch_is_nobodys_adapter),
		cmocka_unit_test(keys_make_the_fabric_silent),
		cmocka_unit_test(no_more_is_asked_than_is_allowed),
		cmocka_unit_test(a_virtual_function_cannot_ask),
		cmocka_unit_test(the_list_of_ones_own_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
