#include "web/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_address_gives_its_network_however_it_is_written(void **state)
{
	static const struct {
		const char *address, *network;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "127.0.0.1", "127.0.0.1" },
		/* Of version 4 behind a listener of version 6: each is its own, not one of all. */
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.2", "192.0.2.2" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2" },
		/* The first network of a site, whose fourth group is 0: both are of one. */
		{ "2001:db8:1::5", "2001:db8:1:0" },
		{ "2001:db8:1:0:a:b:c:d", "2001:db8:1:0" },
		{ "2001:db8::1", "2001:db8:0:0" },
		/* "::" within the network does not make it another's. */
		{ "2001::5:6:7:8:9", "2001:0:0:5" },
		{ "2001::6:6:7:8:9", "2001:0:0:6" },
		{ "fe80::1", "fe80:0:0:0" },
		{ "::1", "0:0:0:0" },
		{ "::", "0:0:0:0" },
		{ "1::", "1:0:0:0" },
		{ "?", "?" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char into[NETWORK_SIZE];
		struct span network = network_of(cases[i].address, into);

		assert_int_equal(network.length, strlen(cases[i].network));
		assert_memory_equal(network.at, cases[i].network, network.length);
	}
}

static void what_is_no_address_stays_within_bounds(void **state)
{
	static const char *const odd[] = {
		":",
		":::",
		"::::::::::::::::",
		"1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:1:2:3",
		"x:y",
		"ffffffffffffffffffffffffffffffffff:ffffffffffffffffffffffffffffffff::ffffffffffff",
		"0123456789012345678901234567890123456789012345678901234567890123456789",
		"::1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21.22.23.24.25.26",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		char into[NETWORK_SIZE];
		struct span network = network_of(odd[i], into);

		assert_true(network.length < NETWORK_SIZE);
		assert_int_equal(strlen(into), network.length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_gives_its_network_however_it_is_written),
		cmocka_unit_test(what_is_no_address_stays_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
