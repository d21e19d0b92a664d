#include "host/mad.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/root.h"

static const char wiring_text[] =
	"vendid=0x2c9\ndevid=0xd2f2\nsysimgguid=0xa1\nswitchguid=0xa1(a1)\n"
	"Switch\t4 \"S-00000000000000a1\"\t\t# \"leaf\" enhanced port 0 lid 9 lmc 0\n"
	"[1]\t\"H-00000000000000b1\"[1](c1) \t\t# \"n1 mlx5_0\" lid 1 4xNDR\n"
	"[2]\t\"H-00000000000000b2\"[1](c2) \t\t# \"n2 mlx5_0\" lid 2 4xNDR\n\n"
	"vendid=0x2c9\ndevid=0x1021\nsysimgguid=0xb1\ncaguid=0xb1\n"
	"Ca\t1 \"H-00000000000000b1\"\t\t# \"n1 mlx5_0\"\n"
	"[1](c1) \t\"S-00000000000000a1\"[1]\t\t# lid 1 lmc 0 \"leaf\" lid 9 4xNDR\n\n"
	"vendid=0x2c9\ndevid=0x1021\nsysimgguid=0xb2\ncaguid=0xb2\n"
	"Ca\t1 \"H-00000000000000b2\"\t\t# \"n2 mlx5_0\"\n"
	"[1](c2) \t\"S-00000000000000a1\"[2]\t\t# lid 2 lmc 0 \"leaf\" lid 9 4xNDR\n";

/* The library reads it once in a process: all tests share it, and choose the adapter. */
static const char scenario_text[] = "wiring fabric.txt\n"
				    "manager 0xb2 2\n"
				    "local mlx5_0 0xb1 1\n"
				    "local mlx5_1 0xb1 1 denied\n"
				    "local mlx5_2 0xb1 1 virtual\n"
				    "local mlx5_3 0xb1 1 split\n"
				    "local eth0 0xb1 1 ethernet\n"
				    "node 0xb2 silent\n";

static struct root root;

static int set_up(void **state)
{
	static const struct root_entry entries[] = {
		{ "/fabric.txt", wiring_text },
		{ "/scenario", scenario_text },
		{ NULL, NULL },
	};

	root_make(&root, entries);
	*state = &root;
	const char *scenario = arena_format(&root.arena, "%s/scenario", root.host.root);
	const char *vendor = getenv("ASSAY_VENDOR");

	assert_non_null(vendor);
	assert_int_equal(setenv("ASSAY_FABRIC", scenario, 1), 0);
	assert_int_equal(setenv("ASSAY_LIBRARY_PATH", vendor, 1), 0);
	return 0;
}

static int tear_down(void **state)
{
	root_release(*state);
	return 0;
}

/* Get of an attribute by directed route, out of the ports of `path`. */
static struct mad ask(uint16_t attribute, const uint8_t *path, unsigned hops)
{
	struct mad mad = { .address.lid = MAD_DIRECTED_LID };

	memcpy(mad.data,
	       (const uint8_t[]){ 1, MAD_CLASS_SUBNET_DIRECTED, 1, MAD_METHOD_GET, 0, 0, 0,
				  (uint8_t)hops },
	       8);
	mad.data[15] = 77;
	mad.data[16] = (uint8_t)(attribute >> 8);
	mad.data[17] = (uint8_t)attribute;
	memset(mad.data + 32, 0xff, 4);
	if (hops)
		memcpy(mad.data + 129, path, hops);
	return mad;
}

static void a_datagram_goes_along_its_path_and_is_answered(void **state)
{
	struct mad_door door;
	struct mad mad = ask(0x11, (const uint8_t[]){ 1 }, 1);

	assert_true(mad_open(NULL, 0, &((struct root *)*state)->arena, &door, NULL));
	assert_string_equal(door.device, "mlx5_0");
	assert_int_equal(door.port, 1);
	assert_int_equal(door.port_guid, 0xc1);
	assert_int_equal(door.lid, 1);
	assert_int_equal(door.sm_lid, 2);
	assert_false(door.is_split);
	assert_true(door.send(door.self, &mad, 100, NULL));
	assert_int_equal(door.receive(door.self, 1000, &mad, NULL), MAD_ANSWER);
	assert_int_equal(mad.data[3], 0x81);
	assert_int_equal(mad.data[15], 77);
	assert_int_equal(mad.data[64 + 2], 2);  /* a switch */
	assert_int_equal(mad.data[64 + 36], 1); /* it came in by port 1 */
	assert_null(mad.table);
	assert_int_equal(door.receive(door.self, 0, &mad, NULL), MAD_NOTHING);
	door.close(door.self);
}

static void what_nobody_answers_comes_back(void **state)
{
	struct mad_door door;
	struct mad mad = ask(0x11, (const uint8_t[]){ 1, 2 }, 2);

	assert_true(mad_open("mlx5_0", 1, &((struct root *)*state)->arena, &door, NULL));
	assert_true(door.send(door.self, &mad, 5, NULL));
	assert_int_equal(door.receive(door.self, 1000, &mad, NULL), MAD_TIMED_OUT);
	assert_int_equal(mad.data[15], 77);
	door.close(door.self);
}

static void an_answer_of_many_packets_comes_whole(void **state)
{
	struct mad_door door;
	struct mad mad = { .address = { .lid = 2, .queue_pair = 1, .queue_key = MAD_QUEUE_KEY } };
	struct error err;

	assert_true(mad_open("mlx5_3", 0, &((struct root *)*state)->arena, &door, NULL));
	assert_true(door.is_split);
	memcpy(mad.data, (const uint8_t[]){ 1, MAD_CLASS_ADMINISTRATION, 2, MAD_METHOD_GET_TABLE },
	       4);
	mad.data[17] = 0x12;
	mad.address.lid = 1;
	assert_true(door.send(door.self, &mad, 5, NULL));
	assert_int_equal(door.receive(door.self, 1000, &mad, &err), MAD_ANSWER);
	assert_non_null(mad.table);
	/* The inner port of the switch, its four, and the adapter that is not silent. */
	assert_int_equal(mad.table_bytes, 56 + 6 * 72);
	assert_int_equal(mad.table[56 + 1], 9);
	door.close(door.self);
}

static void what_could_change_a_fabric_is_never_sent(void **state)
{
	struct mad_door door;
	struct error err = { .code = ERROR_NONE };

	assert_true(mad_open(NULL, 0, &((struct root *)*state)->arena, &door, NULL));
	for (unsigned method = 0; method < 256; method++) {
		struct mad mad = ask(0x15, NULL, 0);
		bool asks = method == MAD_METHOD_GET || method == MAD_METHOD_GET_TABLE;

		mad.data[3] = (uint8_t)method;
		assert_int_equal(door.send(door.self, &mad, 1, &err), asks);
		if (!asks)
			assert_int_equal(err.code, ERROR_INVALID);
	}
	door.close(door.self);
}

static void who_may_not_is_told_what_to_do(void **state)
{
	struct mad_door door;
	struct error err = { .code = ERROR_NONE };
	struct arena *arena = &((struct root *)*state)->arena;

	assert_false(mad_open("mlx5_1", 0, arena, &door, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, "no permission"));
	assert_non_null(strstr(err.text, "/dev/infiniband/umad"));
	assert_false(mad_open("eth0", 0, arena, &door, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(mad_open("mlx5_9", 0, arena, &door, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(mad_open("mlx5_0", 2, arena, &door, &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void a_virtual_function_carries_what_it_can(void **state)
{
	struct mad_door door;
	struct mad mad = ask(0x11, NULL, 0);
	struct error err = { .code = ERROR_NONE };

	assert_true(mad_open("mlx5_2", 0, &((struct root *)*state)->arena, &door, NULL));
	assert_false(door.send(door.self, &mad, 1, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
	mad = (struct mad){ .address = { .lid = 1, .queue_pair = 1, .queue_key = MAD_QUEUE_KEY } };
	memcpy(mad.data, (const uint8_t[]){ 1, MAD_CLASS_PERFORMANCE, 1, MAD_METHOD_GET }, 4);
	mad.data[17] = 0x12;
	mad.data[65] = 1;
	assert_true(door.send(door.self, &mad, 50, NULL));
	assert_int_equal(door.receive(door.self, 1000, &mad, NULL), MAD_ANSWER);
	door.close(door.self);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_goes_along_its_path_and_is_answered),
		cmocka_unit_test(what_nobody_answers_comes_back),
		cmocka_unit_test(an_answer_of_many_packets_comes_whole),
		cmocka_unit_test(what_could_change_a_fabric_is_never_sent),
		cmocka_unit_test(who_may_not_is_told_what_to_do),
		cmocka_unit_test(a_virtual_function_carries_what_it_can),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
