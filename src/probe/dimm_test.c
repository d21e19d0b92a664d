#include "probe/dimm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "test/root.h"
#include <cmocka.h>

enum {
	LENGTH = 0x5c,
};

struct module {
	unsigned size, bits, speed, set;
	uint32_t set_long;
	const char *socket, *bank;
};

static void put(struct text *table, unsigned value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		text_add_span(table, (struct span){ .at = &(char){ (char)(value >> 8 * i) },
						    .length = 1 });
}

static void put_module(struct text *table, const struct module *module)
{
	char fields[LENGTH] = { 17, LENGTH };

	fields[0x0a] = (char)module->bits;
	fields[0x0c] = (char)module->size;
	fields[0x0d] = (char)(module->size >> 8);
	fields[0x10] = 1;
	fields[0x11] = module->bank[0] ? 2 : 0;
	fields[0x15] = (char)module->speed;
	fields[0x16] = (char)(module->speed >> 8);
	fields[0x20] = (char)module->set;
	fields[0x21] = (char)(module->set >> 8);
	memcpy(&fields[0x58], &module->set_long, 4); /* little-endian, as this machine is */
	text_add_span(table, (struct span){ .at = fields, .length = LENGTH });
	text_add_span(table,
		      (struct span){ .at = module->socket, .length = strlen(module->socket) + 1 });
	if (module->bank[0])
		text_add_span(table, (struct span){ .at = module->bank,
						    .length = strlen(module->bank) + 1 });
	put(table, 0, 1);
}

static struct dimms dimms_of(const struct module *modules, size_t count)
{
	SCOPED_TEXT(table);
	SCOPED_ARENA(arena);
	struct dimms dimms;
	struct error err = { 0 };

	put(&table, 4 << 8, 4); /* a structure of type 0 without strings */
	put(&table, 0, 2);
	for (size_t i = 0; i < count; i++)
		put_module(&table, &modules[i]);
	put(&table, 127 | 4 << 8, 4);
	put(&table, 0, 2);
	assert_true(dimm_parse(text_span(&table), &arena, &dimms, &err));
	return dimms;
}

static void channels_add_up(void **state)
{
	static const struct module two[] = {
		{ 0x8000, 64, 5600, 4800, 0, "CPU1_DIMM_A1", "NODE 1" },
		{ 0x8000, 64, 5600, 4800, 0, "CPU1_DIMM_A2", "NODE 1" },
		{ 0x8000, 64, 5600, 4800, 0, "CPU1_DIMM_B1", "NODE 1" },
		{ 0, 0, 0, 0, 0, "CPU1_DIMM_B2", "NODE 1" },
	};
	static const struct module bank[] = {
		{ 0x8000, 64, 6400, 0xffff, 70400, "DIMM 0", "P0 CHANNEL A" },
		{ 0x8000, 64, 6400, 0, 0, "DIMM 0", "P0 CHANNEL B" },
	};
	struct dimms dimms = dimms_of(two, 4);

	(void)state;
	assert_int_equal(dimms.count, 3);
	assert_int_equal(dimms.channels, 2);
	assert_true(dimms.bytes_per_s > 76.79e9 && dimms.bytes_per_s < 76.81e9);
	dimms = dimms_of(bank, 2);
	assert_int_equal(dimms.channels, 2);
	assert_true(dimms.bytes_per_s > 614.3e9 && dimms.bytes_per_s < 614.5e9);
}

static void what_is_not_told_has_no_rate(void **state)
{
	static const struct module silent[] = { { 0x4000, 64, 0, 0, 0, "DIMM 0", "" } };
	static const struct module alike[] = {
		{ 0x4000, 64, 3200, 3200, 0, "PROC 1 DIMM 1", "" },
		{ 0x4000, 64, 3200, 3200, 0, "PROC 1 DIMM 2", "" },
		{ 0x4000, 64, 3200, 3200, 0, "PROC 1 DIMM 3", "" },
		{ 0x4000, 64, 3200, 3200, 0, "PROC 1 DIMM 4", "" },
	};

	(void)state;
	assert_true(dimms_of(silent, 1).bytes_per_s <= 0);
	assert_true(dimms_of(alike, 4).bytes_per_s <= 0);
	assert_int_equal(dimms_of(NULL, 0).count, 0);
}

static void a_table_that_is_cut_is_refused(void **state)
{
	static const char *const bad[] = { "\x11", "\x11\x04\x01\x01", "\x11\x02\x01\x01\x01\x01",
					   "\x11\xff\x01\x01\x01\x01\x01" };
	SCOPED_ARENA(arena);
	struct dimms dimms;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error err = { 0 };

		assert_false(dimm_parse(span_of(bad[i]), &arena, &dimms, &err));
		assert_int_equal(err.code, ERROR_PARSE);
	}
}

static void a_machine_without_a_table_says_so(void **state)
{
	SCOPED_ROOT(root);
	struct dimms dimms;
	struct error err = { 0 };

	(void)state;
	root_make(&root, NULL);
	assert_false(dimm_read(&root.host, &root.arena, &dimms, &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channels_add_up),
		cmocka_unit_test(what_is_not_told_has_no_rate),
		cmocka_unit_test(a_table_that_is_cut_is_refused),
		cmocka_unit_test(a_machine_without_a_table_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
