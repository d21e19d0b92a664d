#include "probe/datagram.h"
#include "probe/smp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_question_carries_its_route_and_its_number(void **state)
{
	const struct smp_route route = { .hops = 2, .ports = { 0, 1, 33 } };
	struct mad mad;

	(void)state;
	smp_ask(&mad, SMP_PORT_INFO, 7, &route, 0x01020304);
	assert_memory_equal(mad.data, ((uint8_t[]){ 1, 0x81, 1, 1, 0, 0, 0, 2 }), 8);
	assert_memory_equal(mad.data + 12, ((uint8_t[]){ 1, 2, 3, 4, 0, 0x15 }), 6);
	assert_memory_equal(mad.data + 20, ((uint8_t[]){ 0, 0, 0, 7 }), 4);
	assert_memory_equal(mad.data + 32, ((uint8_t[]){ 0xff, 0xff, 0xff, 0xff }), 4);
	assert_memory_equal(mad.data + 128, ((uint8_t[]){ 0, 1, 33, 0 }), 4);
	assert_int_equal(mad.address.lid, MAD_DIRECTED_LID);
	assert_int_equal(datagram_number(&mad), 0x01020304);
	assert_true(mad_only_asks(&mad, NULL));
}

static void counters_are_asked_of_a_lid(void **state)
{
	struct mad mad;

	(void)state;
	performance_ask(&mad, 77, 3, 5);
	assert_int_equal(mad.address.lid, 77);
	assert_int_equal(mad.address.queue_pair, 1);
	assert_int_equal(mad.address.queue_key, 0x80010000);
	assert_int_equal(mad.data[65], 3);
	assert_true(mad_only_asks(&mad, NULL));
}

/* A NodeInfo of an adapter with GUID 0xb1 that was asked through its port 1 of 2. */
static struct mad node_info(void)
{
	struct mad mad = { .table = NULL };
	uint8_t *data = mad.data + 64;

	data[2] = 1;
	data[3] = 2;
	data[11] = 0xa0;
	data[19] = 0xb1;
	data[27] = 0xc1;
	data[30] = 0x10;
	data[31] = 0x21;
	data[36] = 1;
	data[38] = 0x02;
	data[39] = 0xc9;
	return mad;
}

static void a_device_is_read(void **state)
{
	struct mad mad = node_info();
	struct smp_node node;

	(void)state;
	assert_true(smp_read_node(&mad, &node));
	assert_int_equal(node.kind, GRAPH_ADAPTER);
	assert_int_equal(node.port_count, 2);
	assert_int_equal(node.system_guid, 0xa0);
	assert_int_equal(node.guid, 0xb1);
	assert_int_equal(node.port_guid, 0xc1);
	assert_int_equal(node.device, 0x1021);
	assert_int_equal(node.vendor, 0x2c9);
	assert_int_equal(node.local_port, 1);
}

static void nonsense_is_no_device(void **state)
{
	static const struct {
		unsigned at;
		uint8_t byte;
	} faults[] = {
		{ 2, 0 },  /* no type */
		{ 2, 9 },  /* none that is known */
		{ 19, 0 }, /* no GUID */
		{ 36, 3 }, /* a port that it has not */
		{ 36, 0 }, /* an adapter has no port 0 */
	};
	struct smp_node node;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct mad mad = node_info();

		mad.data[64 + faults[i].at] = faults[i].byte;
		assert_false(smp_read_node(&mad, &node));
	}
}

static void rates_of_all_generations_are_read(void **state)
{
	static const struct {
		uint8_t old, extended, second; /* second: the byte 56, active and then supported */
		enum graph_speed speed;
	} rates[] = {
		{ 1, 0, 0, SPEED_SDR },     { 2, 0, 0, SPEED_DDR },    { 4, 0, 0, SPEED_QDR },
		{ 4, 1, 0, SPEED_FDR },     { 4, 2, 0, SPEED_EDR },    { 4, 4, 0, SPEED_HDR },
		{ 4, 8, 0, SPEED_NDR },     { 4, 0, 0x28, SPEED_XDR }, { 0, 0, 0, SPEED_UNKNOWN },
		{ 3, 7, 0, SPEED_UNKNOWN }, { 4, 8, 0x09, SPEED_NDR }, { 4, 8, 0x29, SPEED_XDR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct mad mad = { .table = NULL };
		struct smp_port port;

		mad.data[64 + 16] = 1;
		mad.data[64 + 31] = 2;
		mad.data[64 + 32] = 4;
		mad.data[64 + 33] = 5 << 4;
		mad.data[64 + 34] = 2 << 6 | 3;
		mad.data[64 + 35] = (uint8_t)(rates[i].old << 4);
		mad.data[64 + 56] = rates[i].second;
		mad.data[64 + 62] = (uint8_t)(rates[i].extended << 4);
		smp_read_port(&mad, &port);
		assert_int_equal(port.speed, rates[i].speed);
		assert_int_equal(port.width, 4);
		assert_int_equal(port.lid, 256);
		assert_int_equal(port.lmc, 3);
		assert_int_equal(port.physical, SMP_PHYSICAL_UP);
		assert_int_equal(port.key_protection, 2);
	}
}

static void fdr10_is_told_by_the_byte_that_libibmad_reads(void **state)
{
	static const struct {
		uint32_t vendor, device;
		bool tells;
	} devices[] = {
		{ 0x2c9, 0x1002, false }, { 0x2c9, 0x1003, true },  { 0x2c9, 0x101b, true },
		{ 0x2c9, 0x101d, false }, { 0x2c9, 0xbd36, false }, { 0x2c9, 0xc738, true },
		{ 0x2c9, 0xd2f0, true },  { 0x2c9, 0xd2f2, false }, { 0x2c9, 0x1b02, false },
		{ 0x119f, 0x1b02, true }, { 0x119f, 0x1bd5, true }, { 0x8f1, 0xc738, true },
	};
	struct mad mad = { .table = NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		assert_int_equal(smp_tells_fdr10(devices[i].vendor, devices[i].device),
				 devices[i].tells);
	/* Supported and enabled are no link. */
	mad.data[64 + 7] = mad.data[64 + 11] = 1;
	mad.data[64 + 15] = 0xfe;
	assert_false(smp_is_fdr10(&mad));
	mad.data[64 + 15] = 1;
	assert_true(smp_is_fdr10(&mad));
}

static void a_width_that_nobody_defined_is_not_known(void **state)
{
	struct mad mad = { .table = NULL };
	struct smp_port port;

	(void)state;
	for (unsigned width = 0; width < 256; width++) {
		mad.data[64 + 31] = (uint8_t)width;
		smp_read_port(&mad, &port);
		assert_true(port.width == 0 || width == 1 || width == 2 || width == 4 ||
			    width == 8 || width == 16);
	}
}

static void a_description_cannot_move_a_cursor(void **state)
{
	char text[SMP_DESCRIPTION_SIZE];
	struct mad mad = { .table = NULL };

	(void)state;
	memcpy(mad.data + 64, " n1 \x1b[2J\xff\xc3\xa9 ", 13);
	smp_read_description(&mad, text);
	assert_string_equal(text, "n1 ?[2J?\xc3\xa9");
	memset(mad.data + 64, 0xff, 64);
	smp_read_description(&mad, text);
	assert_int_equal(strlen(text), 64);
	memset(mad.data + 64, 0, 64);
	smp_read_description(&mad, text);
	assert_string_equal(text, "");
}

static void counters_are_read_from_their_places(void **state)
{
	uint32_t counters[COUNTER_COUNT];
	struct mad mad = { .table = NULL };

	(void)state;
	memset(mad.data + 64, 0xff, 192);
	performance_read(&mad, counters);
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		assert_int_equal(counters[i], port_counter_most(i));
	memset(mad.data + 64, 0, 192);
	mad.data[64 + 5] = 17;
	mad.data[64 + 7] = 3;
	mad.data[64 + 19] = 0x21;
	mad.data[64 + 43] = 9;
	performance_read(&mad, counters);
	assert_int_equal(counters[COUNTER_SYMBOL_ERRORS], 17);
	assert_int_equal(counters[COUNTER_RECOVERIES], 0);
	assert_int_equal(counters[COUNTER_LINK_DOWNS], 3);
	assert_int_equal(counters[COUNTER_INTEGRITY_ERRORS], 2);
	assert_int_equal(counters[COUNTER_OVERRUNS], 1);
	assert_int_equal(counters[COUNTER_WAITS], 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_carries_its_route_and_its_number),
		cmocka_unit_test(counters_are_asked_of_a_lid),
		cmocka_unit_test(a_device_is_read),
		cmocka_unit_test(nonsense_is_no_device),
		cmocka_unit_test(rates_of_all_generations_are_read),
		cmocka_unit_test(fdr10_is_told_by_the_byte_that_libibmad_reads),
		cmocka_unit_test(a_width_that_nobody_defined_is_not_known),
		cmocka_unit_test(a_description_cannot_move_a_cursor),
		cmocka_unit_test(counters_are_read_from_their_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
