#include "check/handbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/file.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void load(struct arena *arena, struct span texts[static HANDBOOK_TABLE_COUNT])
{
	const struct host host = { 0 };

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++) {
		const char *path = arena_format(arena, "data/%s", handbook_files[i]);
		struct error err;

		if (!host_read(&host, path, 1 << 20, arena, &texts[i], &err))
			fail_msg("%s", err.text);
	}
}

static void the_shipped_tables_are_read_whole(void **state)
{
	struct span texts[HANDBOOK_TABLE_COUNT];
	SCOPED_ARENA(arena);
	SCOPED_ARENA(tables);
	struct handbook handbook;
	struct error err;

	(void)state;
	load(&arena, texts);
	if (!handbook_read(texts, &tables, &handbook, &err))
		fail_msg("%s", err.text);
	assert_int_equal(handbook.xid_count, 173);
	assert_int_equal(handbook.nvlink5_count, 95);
	assert_int_equal(handbook.sxid_count, 93);
	assert_int_equal(handbook.afid_count, 34);
	assert_int_equal(handbook.figure_count, 626);
	assert_true(handbook.shape_count >= 20);
	assert_true(handbook.floor_count >= 50);
	/* What an agent keeps in memory for good. */
	assert_true(tables.bytes < 512 << 10);
}

static void the_texts_are_not_needed_afterwards(void **state)
{
	struct span texts[HANDBOOK_TABLE_COUNT];
	SCOPED_ARENA(tables);
	struct handbook handbook;

	(void)state;
	{
		SCOPED_ARENA(arena);

		load(&arena, texts);
		assert_true(handbook_read(texts, &tables, &handbook, NULL));
	}
	assert_string_equal(handbook_xid(&handbook, 79)->immediate_action, "RESTART_BM");
	assert_string_equal(handbook.shapes[0].vendor, "nvidia");
}

static void the_hash_knows_which_table_changed(void **state)
{
	struct span texts[HANDBOOK_TABLE_COUNT];
	SCOPED_ARENA(arena);
	struct handbook first, again;

	(void)state;
	load(&arena, texts);
	assert_true(handbook_read(texts, &arena, &first, NULL));
	assert_true(handbook_read(texts, &arena, &again, NULL));
	assert_memory_equal(first.hash, again.hash, sizeof(first.hash));
	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++) {
		struct span whole = texts[i];

		texts[i] = span_of(arena_format(&arena, "%.*s# a note\n", SPAN_ARGS(whole)));
		assert_true(handbook_read(texts, &arena, &again, NULL));
		assert_memory_not_equal(first.hash, again.hash, sizeof(first.hash));
		texts[i] = whole;
	}
}

/* A row in place of the last one of a table, and what has to be said of it. */
static const struct {
	enum handbook_table table;
	const char *row, *place;
} faults[] = {
	{ HANDBOOK_XID, "200\tX\tm\tH100\t\t\t\tdeadly\ta\t\ts", "column 8 (class): 'deadly'" },
	{ HANDBOOK_XID, "5\tX\tm\tH100\t\t\t\tinfo\ta\t\ts",
	  "column 1 (code): 5 stands behind 172" },
	{ HANDBOOK_XID, "172\tX\tm\tH100\t\t\t\tinfo\ta\t\ts",
	  "column 1 (code): 172 stands behind" },
	{ HANDBOOK_XID, "\tX\tm\tH100\t\t\t\tinfo\ta\t\ts",
	  "column 1 (code): has to be filled in" },
	{ HANDBOOK_XID, "200\tX\tm\tH1000\t\t\t\tinfo\ta\t\ts", "column 4 (generations): 'H1000'" },
	{ HANDBOOK_XID, "200\tX\tm\tH100\t\t\tnew\tinfo\ta\t\ts", "column 7 (raises_154): 'new'" },
	{ HANDBOOK_XID, "200\tX\tm\tH100\t\t\t\tinfo\ta\t\t", "column 11 (source): has to be" },
	{ HANDBOOK_NVLINK5, "150\tU\t01\t\t\t\t\t\t\tIGNORE\t\tNon-fatal\tinfo\ta\ts",
	  "column 3 (mask_before_r575): '01' is no mask" },
	{ HANDBOOK_NVLINK5,
	  "150\tU\t\t--------------------------------\t0x1 0xg\t\t\t\t\tIGNORE\t\tN\tinfo\ta\ts",
	  "column 5 (status)" },
	{ HANDBOOK_NVLINK5, "150\tU\t\t\t\t\t\tfatal\t\tIGNORE\t\tNon-fatal\tinfo\ta\ts",
	  "column 8 (promote_class): there is no mask" },
	{ HANDBOOK_NVLINK5,
	  "150\tU\t\t\t\t\t--------------------------------\t\ta\tIGNORE\t\tN\tinfo\ta\ts",
	  "column 8 (promote_class): ''" },
	{ HANDBOOK_SXID, "99999\tm\tfatal\t\ta\ts", "column 4 (class): ''" },
	{ HANDBOOK_AFID, "35\t\tfatal\tfatal\ta\ts", "column 2 (meaning): has to be" },
	{ HANDBOOK_SHAPE, "M\tnvidia\t23300\tM\tH100\t8\t\t\t\t\t\t\t\t\t\t\ts",
	  "column 3 (pci_ids): '23300'" },
	{ HANDBOOK_SHAPE, "M\tnvidia\t2330\tM\tH101\t8\t\t\t\t\t\t\t\t\t\t\ts",
	  "column 5 (generation): 'H101'" },
	{ HANDBOOK_SHAPE, "M\tnvidia\t2330\tM\tH100\t8\t\t\t\t\t\t-1\t\t\t\t\ts",
	  "column 12 (power_limit_w)" },
	{ HANDBOOK_FIGURES, "nvidia\tM\t1\t1\tx\t\t\tGB/s\tspec\t\t\ts\t",
	  "column 7 (value): has to be filled in" },
	{ HANDBOOK_FIGURES, "nvidia\tM\t1\t1\tx\t\t18x25\tGB/s\tspec\t\t\ts\t",
	  "column 7 (value): '18x25'" },
	{ HANDBOOK_FIGURES, "nvidia\tM\t1\t1\tx\t\t5\tGB/s\tguess\t\t\ts\t",
	  "column 9 (kind): 'guess' is none of: spec, measured, threshold" },
	{ HANDBOOK_FLOORS, "x\t1\t\t\t\t\t\t2026-01-01\t2026-02-01\ts",
	  "column 3 (floor): a row has either" },
	{ HANDBOOK_FLOORS, "x\t1\t1.2\t\t1.3\t\t\t2026-01-01\t2026-02-01\ts",
	  "column 3 (floor): a row has either" },
	{ HANDBOOK_FLOORS, "x\t1\tnewest\t\t\t\t\t2026-01-01\t2026-02-01\ts",
	  "column 3 (floor): 'newest' is no version" },
	{ HANDBOOK_FLOORS, "x\tLTS\t1.2\t\t\t\t\t2026-01-01\t2026-02-01\ts",
	  "column 2 (branch): 'LTS' is no version" },
	{ HANDBOOK_FLOORS, "x\t1\t1.2\t\t\t\t\t2026-01-01\t\ts", "column 9 (expires): a row says" },
};

static struct span without_last_line(struct span text)
{
	text.length--;
	while (text.length > 0 && text.at[text.length - 1] != '\n')
		text.length--;
	return text;
}

static void a_faulty_row_is_named_with_file_line_and_column(void **state)
{
	struct span texts[HANDBOOK_TABLE_COUNT];
	SCOPED_ARENA(arena);

	(void)state;
	load(&arena, texts);
	for (size_t i = 0; i < COUNT(faults); i++) {
		enum handbook_table table = faults[i].table;
		struct span whole = texts[table];
		struct handbook handbook;
		struct error err = { 0 };

		texts[table] = span_of(arena_format(
			&arena, "%.*s%s\n", SPAN_ARGS(without_last_line(whole)), faults[i].row));
		assert_false(handbook_read(texts, &arena, &handbook, &err));
		if (!strstr(err.text, faults[i].place) ||
		    !strstr(err.text, handbook_files[table]) || !strstr(err.text, ": line "))
			fail_msg("case %zu: '%s' lacks '%s'", i, err.text, faults[i].place);
		texts[table] = whole;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_tables_are_read_whole),
		cmocka_unit_test(the_texts_are_not_needed_afterwards),
		cmocka_unit_test(the_hash_knows_which_table_changed),
		cmocka_unit_test(a_faulty_row_is_named_with_file_line_and_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
