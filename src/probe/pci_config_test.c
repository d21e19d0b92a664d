#include "probe/pci_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A function with one plain capability before PCI Express at 0x60, and an extended one before ACS.
 */
struct space {
	unsigned char bytes[PCI_CONFIG_WHOLE];
};

static void put_word(struct space *space, size_t at, unsigned value)
{
	space->bytes[at] = value & 0xff;
	space->bytes[at + 1] = value >> 8 & 0xff;
}

static struct space make_space(void)
{
	struct space space = { 0 };

	put_word(&space, 0x00, 0x10de);
	put_word(&space, 0x06, 0x0010);
	space.bytes[0x34] = 0x40;
	space.bytes[0x40] = 0x01;
	space.bytes[0x41] = 0x60;
	space.bytes[0x60] = 0x10;
	put_word(&space, 0x68, 0x5937); /* payload 256, read request 4096, relaxed ordering */
	put_word(&space, 0x100, 0x0001);
	put_word(&space, 0x102, 0x2001);
	put_word(&space, 0x200, 0x000d);
	put_word(&space, 0x202, 0x0001);
	put_word(&space, 0x206, 0x001d);
	return space;
}

static struct pci_config decode(const struct space *space, size_t length)
{
	struct pci_config config;

	pci_config_decode((struct span){ (const char *)space->bytes, length }, &config);
	return config;
}

static void express_and_acs_are_found_behind_others(void **state)
{
	SCOPED_ARENA(arena);
	struct space space = make_space();
	struct pci_config config = decode(&space, PCI_CONFIG_WHOLE);

	(void)state;
	assert_false(config.lost);
	assert_null(config.why_plain);
	assert_null(config.why_extended);
	assert_true(config.is_express && config.relaxed_ordering && config.has_acs);
	assert_int_equal(config.payload, 256);
	assert_int_equal(config.read_request, 4096);
	assert_string_equal(pci_config_acs(&config, &arena), "SV+RR+CR+UF");

	put_word(&space, 0x206, 0);
	put_word(&space, 0x68, 0x2800 & ~0x10u);
	config = decode(&space, PCI_CONFIG_WHOLE);
	assert_string_equal(pci_config_acs(&config, &arena), "off");
	assert_false(config.relaxed_ordering);

	put_word(&space, 0x200, 0x0003);
	config = decode(&space, PCI_CONFIG_WHOLE);
	assert_null(config.why_extended);
	assert_string_equal(pci_config_acs(&config, &arena), "none");
}

static void what_this_user_may_not_read_is_unknown(void **state)
{
	struct space space = make_space();
	struct pci_config config = decode(&space, PCI_CONFIG_HEADER);

	(void)state;
	assert_non_null(strstr(config.why_plain, "only the first 64 bytes"));
	assert_non_null(config.why_extended);
	assert_false(config.is_express);

	assert_true(config.goes_on);

	config = decode(&space, PCI_CONFIG_PLAIN);
	assert_null(config.why_plain);
	assert_true(config.is_express);
	assert_non_null(strstr(config.why_extended, "no extended"));
	assert_false(config.goes_on);
}

static void a_function_that_does_not_answer_is_lost(void **state)
{
	struct space space;
	struct pci_config config;

	(void)state;
	memset(&space, 0xff, sizeof(space));
	config = decode(&space, PCI_CONFIG_HEADER);
	assert_true(config.lost);
	assert_non_null(strstr(config.why_plain, "all ones"));
	assert_non_null(config.why_extended);

	assert_true(decode(&space, PCI_CONFIG_IDENTITY).lost);
	assert_false(decode(&space, PCI_CONFIG_IDENTITY - 1).lost);

	/* A virtual function has no identity of its own, but the rest of a header. */
	space = make_space();
	memset(space.bytes, 0xff, 4);
	assert_false(decode(&space, PCI_CONFIG_WHOLE).lost);
	assert_false(decode(&space, 0).lost);
}

static void lists_that_loop_or_lead_astray_end(void **state)
{
	struct space space = make_space();

	(void)state;
	space.bytes[0x41] = 0x40;
	assert_string_equal(decode(&space, PCI_CONFIG_WHOLE).why_plain,
			    "its list of capabilities loops");
	space.bytes[0x41] = 0x10;
	assert_non_null(strstr(decode(&space, PCI_CONFIG_WHOLE).why_plain, "into the header"));
	space.bytes[0x41] = 0xfc;
	space.bytes[0xfc] = 0x10; /* has no room there */
	assert_non_null(strstr(decode(&space, PCI_CONFIG_WHOLE).why_plain, "cut short"));

	space = make_space();
	put_word(&space, 0x102, 0x1001);
	assert_string_equal(decode(&space, PCI_CONFIG_WHOLE).why_extended,
			    "its list of extended capabilities loops");
	put_word(&space, 0x102, 0x0401);
	assert_non_null(decode(&space, PCI_CONFIG_WHOLE).why_extended);
	put_word(&space, 0x102, 0xffc1);
	put_word(&space, 0xffc, 0x000d);
	assert_non_null(strstr(decode(&space, PCI_CONFIG_WHOLE).why_extended, "cut short"));
	put_word(&space, 0x100, 0xffff);
	assert_non_null(strstr(decode(&space, PCI_CONFIG_WHOLE).why_extended, "all ones"));
}

static void what_is_no_pci_express_has_no_acs(void **state)
{
	SCOPED_ARENA(arena);
	struct space space = make_space();
	struct pci_config config;

	(void)state;
	put_word(&space, 0x06, 0);
	config = decode(&space, PCI_CONFIG_PLAIN);
	assert_null(config.why_plain);
	assert_null(config.why_extended);
	assert_false(config.is_express);
	assert_string_equal(pci_config_acs(&config, &arena), "none");
}

static void reserved_sizes_are_no_sizes(void **state)
{
	static const unsigned sizes[] = { 128, 256, 512, 1024, 2048, 4096, 0, 0 };
	struct space space = make_space();

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		put_word(&space, 0x68, i << 5 | (7 - i) << 12);
		assert_int_equal(decode(&space, PCI_CONFIG_WHOLE).payload, sizes[i]);
		assert_int_equal(decode(&space, PCI_CONFIG_WHOLE).read_request, sizes[7 - i]);
	}
}

/* Every length of sound bytes, and noise: nothing is read behind the end. */
static void any_bytes_are_taken(void **state)
{
	struct space space = make_space();
	uint32_t noise = 1;

	(void)state;
	for (size_t length = 0; length <= 0x240; length++) {
		char copy[0x240];

		memcpy(copy, space.bytes, length);
		struct pci_config config;

		pci_config_decode((struct span){ copy, length }, &config);
		assert_int_equal(config.has_acs, length >= 0x208);
		assert_int_equal(config.goes_on, length < 0x208 && length != PCI_CONFIG_PLAIN);
	}
	for (unsigned round = 0; round < 2000; round++) {
		for (size_t i = 0; i < sizeof(space.bytes); i++) {
			noise = noise * 1664525u + 1013904223u;
			space.bytes[i] = (unsigned char)(noise >> 24);
		}
		space.bytes[6] |= 0x10;
		struct pci_config config = decode(&space, noise % (PCI_CONFIG_WHOLE + 1));

		assert_true(!config.has_acs || !config.why_extended);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(express_and_acs_are_found_behind_others),
		cmocka_unit_test(what_this_user_may_not_read_is_unknown),
		cmocka_unit_test(a_function_that_does_not_answer_is_lost),
		cmocka_unit_test(lists_that_loop_or_lead_astray_end),
		cmocka_unit_test(what_is_no_pci_express_has_no_acs),
		cmocka_unit_test(reserved_sizes_are_no_sizes),
		cmocka_unit_test(any_bytes_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
