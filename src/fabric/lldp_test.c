#include "fabric/lldp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define HEAD "\x01\x80\xc2\x00\x00\x0e\x44\x38\x39\x00\x00\x02\x88\xcc"
#define CHASSIS "\x02\x07\x04\x44\x38\x39\x00\x00\x01" /* MAC */
#define PORT "\x04\x05\x05swp3"                        /* name of an interface */
#define TTL "\x06\x02\x00\x78"
#define NAME "\x0a\x05leaf1"
#define BRIDGE "\x0e\x04\x00\x14\x00\x04" /* bridge and router, of which the bridge is on */
#define END "\x00\x00"

static bool read_frame(struct span frame, struct lldp_neighbour *ret_neighbour, struct error *err)
{
	return lldp_frame_read(frame, &arena, ret_neighbour, err);
}

static void a_switch_s_frame_is_read(void **state)
{
	struct lldp_neighbour neighbour;
	struct error err = { .code = ERROR_NONE };

	(void)state;
	if (!read_frame(
		    SPAN(HEAD CHASSIS PORT TTL NAME BRIDGE "\xfe\x05\x00\x80\xc2\x01x" END "pad"),
		    &neighbour, &err))
		fail_msg("%s", err.text);
	assert_string_equal(neighbour.chassis, "mac 44:38:39:00:00:01");
	assert_int_equal(lldp_chassis_mac(&neighbour), 0x443839000001);
	assert_string_equal(neighbour.port, "swp3");
	assert_string_equal(neighbour.name, "leaf1");
	assert_string_equal(neighbour.description, "");
	assert_int_equal(neighbour.ttl_s, 120);
	assert_true(neighbour.has_capabilities && neighbour.is_bridge && !neighbour.is_router);
}

static void every_kind_of_identifier_is_a_text(void **state)
{
	static const struct {
		struct span tlv;
		const char *chassis;
	} cases[] = {
		{ SPAN("\x02\x06\x05\x01\x0a\x00\x00\x01"), "address 10.0.0.1" },
		{ SPAN("\x02\x06\x07leaf1"), "local leaf1" },
		{ SPAN("\x02\x06\x06"
		       "eth\x01\x00"),
		  "ifname eth?" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lldp_neighbour neighbour;
		char bytes[128];
		size_t length = sizeof(HEAD) - 1;

		memcpy(bytes, HEAD, length);
		memcpy(bytes + length, cases[i].tlv.at, cases[i].tlv.length);
		length += cases[i].tlv.length;
		memcpy(bytes + length, PORT TTL END, sizeof(PORT TTL END) - 1);
		length += sizeof(PORT TTL END) - 1;
		assert_true(read_frame((struct span){ bytes, length }, &neighbour, NULL));
		assert_string_equal(neighbour.chassis, cases[i].chassis);
		assert_int_equal(lldp_chassis_mac(&neighbour), 0);
	}
}

static void a_frame_that_breaks_the_rules_is_refused(void **state)
{
	static const struct {
		struct span frame;
		const char *says;
	} cases[] = {
		{ SPAN(""), "no LLDP" },
		{ SPAN("\x01\x80\xc2\x00\x00\x0e\x44\x38\x39\x00\x00\x02\x08\x00" CHASSIS),
		  "no LLDP" },
		{ SPAN(HEAD), "after 0 elements" },
		{ SPAN(HEAD CHASSIS PORT), "after 2 elements" },
		{ SPAN(HEAD PORT CHASSIS TTL END), "out of its order" },
		{ SPAN(HEAD CHASSIS END), "out of its order" },
		{ SPAN(HEAD CHASSIS PORT TTL CHASSIS END), "out of its order" },
		{ SPAN(HEAD CHASSIS PORT TTL "\x0a\x7fleaf"), "behind the frame" },
		{ SPAN(HEAD "\x02\x06\x04\x44\x38\x39\x00\x00" PORT TTL END), "5 bytes" },
		{ SPAN(HEAD "\x02\x01\x04" PORT TTL END), "identifier" },
		{ SPAN(HEAD CHASSIS PORT "\x06\x01\x00" END), "time to live" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lldp_neighbour neighbour;
		struct error err = { .code = ERROR_NONE };

		assert_false(read_frame(cases[i].frame, &neighbour, &err));
		assert_int_equal(err.code, ERROR_INVALID);
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
	}
}

#define ID(type, value) "{\"type\":\"" type "\",\"value\":\"" value "\"}"

static const char json0[] =
	"{\"lldp\":[{\"interface\":[{\"name\":\"eth2\",\"via\":\"LLDP\",\"rid\":\"1\","
	"\"age\":\"0 day, 00:01:02\",\"chassis\":[{\"id\":[" ID(
		"mac",
		"44:38:39:00:00:01") "],"
				     "\"name\":[{\"value\":\"leaf1\"}],\"descr\":[{\"value\":"
				     "\"Cumulus\"}],"
				     "\"capability\":[{\"type\":\"Bridge\",\"enabled\":true},"
				     "{\"type\":\"Router\",\"enabled\":false}]}],\"port\":[{\"id\":"
				     "[" ID("ifname",
					    "swp3") "],"
						    "\"descr\":[{\"value\":\"to "
						    "n1\"}],\"ttl\":[{\"value\":\"120\"}]}]},"
						    "{\"name\":\"eth3\",\"via\":\"CDPv2\"}]}]}";

static const char json[] =
	"{\"lldp\":{\"interface\":[{\"eth2\":{\"via\":\"LLDP\",\"chassis\":{\"leaf1\":{\"id\":" ID(
		"mac",
		"44:38:39:00:00:01") ",\"capability\":{\"type\":\"Bridge\",\"enabled\":true}}},"
				     "\"port\":{\"id\":" ID(
					     "ifname",
					     "swp3") ",\"descr\":\"to n1\"}}},"
						     "{\"eth4\":{\"via\":\"LLDP\",\"chassis\":{"
						     "\"id\":" ID("local",
								  "x") "},"
								       "\"port\":{\"id\":" ID(
									       "local",
									       "7") "}}}]}}";

static void both_forms_of_lldpcli_say_the_same(void **state)
{
	const struct span texts[] = { span_of(json0), span_of(json) };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct lldp_heard *heard;
		size_t count;
		struct error err = { .code = ERROR_NONE };

		assert_true(lldpcli_is(texts[i]));
		if (!lldpcli_read(texts[i], "n1.json", &arena, &heard, &count, &err))
			fail_msg("%s", err.text);
		assert_int_equal(count, 1 + i);
		assert_string_equal(heard[0].interface, "eth2");
		assert_string_equal(heard[0].neighbour.chassis, "mac 44:38:39:00:00:01");
		assert_string_equal(heard[0].neighbour.name, "leaf1");
		assert_string_equal(heard[0].neighbour.port, "swp3");
		assert_string_equal(heard[0].neighbour.description, "to n1");
		assert_true(heard[0].neighbour.is_bridge);
		assert_false(heard[0].neighbour.is_router);
	}
}

static void who_hears_nobody_has_no_neighbours(void **state)
{
	static const char *const texts[] = { "{\"lldp\":[{}]}", "{\"lldp\":{}}",
					     "{\"lldp\":[{\"interface\":[]}]}" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct lldp_heard *heard;
		size_t count = 9;

		assert_true(lldpcli_is(span_of(texts[i])));
		assert_true(lldpcli_read(span_of(texts[i]), "f", &arena, &heard, &count, NULL));
		assert_int_equal(count, 0);
	}
	assert_false(lldpcli_is(SPAN("{\"schema\":\"assay/bundle/v1\"}")));
	assert_false(lldpcli_is(SPAN("")));
}

static void what_lldpcli_never_prints_is_refused(void **state)
{
	static const char *const texts[] = {
		"{\"lldp\":[{\"interface\":[{\"name\":\"eth2\",\"chassis\":[]}]}]}",
		"{\"lldp\":[{\"interface\":[{\"chassis\":[{\"id\":[{}]}],\"port\":[]}]}]}",
		"{\"lldp\":[{\"interface\":[7]}]}",
		"{\"lldp\":[",
		"{\"lldp\":[7]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct lldp_heard *heard;
		size_t count;
		struct error err = { .code = ERROR_NONE };

		assert_false(
			lldpcli_read(span_of(texts[i]), "n1.json", &arena, &heard, &count, &err));
		assert_non_null(strstr(err.text, "n1.json"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_switch_s_frame_is_read),
		cmocka_unit_test(every_kind_of_identifier_is_a_text),
		cmocka_unit_test(a_frame_that_breaks_the_rules_is_refused),
		cmocka_unit_test(both_forms_of_lldpcli_say_the_same),
		cmocka_unit_test(who_hears_nobody_has_no_neighbours),
		cmocka_unit_test(what_lldpcli_never_prints_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
