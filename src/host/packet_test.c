#include "host/packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	NOBODY_S_TYPE = 0x88b6, /* for experiments (IEEE 802) */
};

static const struct host here = { .root = NULL };

static void a_machine_that_is_elsewhere_is_not_heard(void **state)
{
	const struct host elsewhere = { .root = "/nowhere" };
	struct packet_ear ear = { .fd = -1 };
	struct error err = { .code = ERROR_NONE };

	(void)state;
	assert_false(packet_listen(&elsewhere, NOBODY_S_TYPE, &ear, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
	assert_int_equal(ear.fd, -1);
}

/* Frames themselves are heard in test/neighbours.py, between two namespaces. */
static void silence_is_no_frame_and_a_refusal_says_what_is_needed(void **state)
{
	static const uint8_t group[6] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e };
	struct packet_ear ear = { .fd = -1 };
	struct error err = { .code = ERROR_NONE };
	char into[PACKET_MAXIMUM], interface[PACKET_NAME_SIZE];
	size_t length = 9;

	(void)state;
	if (!packet_listen(&here, NOBODY_S_TYPE, &ear, &err)) {
		assert_int_equal(err.code, ERROR_IO);
		assert_non_null(strstr(err.text, "CAP_NET_RAW"));
		return;
	}
	assert_true(packet_join(&ear, "lo", group, &err));
	assert_false(packet_join(&ear, "assay-none", group, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_true(packet_next(&ear, 1, into, &length, interface, &err));
	assert_int_equal(length, 0);
	packet_close(&ear);
	assert_int_equal(ear.fd, -1);
	packet_close(&ear);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_that_is_elsewhere_is_not_heard),
		cmocka_unit_test(silence_is_no_frame_and_a_refusal_says_what_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
