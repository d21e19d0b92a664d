#include "check/handbook.h"

#include <assert.h>

#include "check/handbook_read.h"
#include "evidence/record.h"

const char *const handbook_files[HANDBOOK_TABLE_COUNT] = {
	[HANDBOOK_XID] = "advisory/xid.tsv",       [HANDBOOK_NVLINK5] = "advisory/nvlink5.tsv",
	[HANDBOOK_SXID] = "advisory/sxid.tsv",     [HANDBOOK_AFID] = "advisory/afid.tsv",
	[HANDBOOK_SHAPE] = "baseline/shape.tsv",   [HANDBOOK_FIGURES] = "baseline/figures.tsv",
	[HANDBOOK_FLOORS] = "advisory/floors.tsv",
};

typedef bool read_function(struct handbook_reading *reading, struct error *err);

static read_function *const readers[HANDBOOK_TABLE_COUNT] = {
	[HANDBOOK_XID] = handbook_read_xids,      [HANDBOOK_NVLINK5] = handbook_read_nvlink5,
	[HANDBOOK_SXID] = handbook_read_sxids,    [HANDBOOK_AFID] = handbook_read_afids,
	[HANDBOOK_SHAPE] = handbook_read_shapes,  [HANDBOOK_FIGURES] = handbook_read_figures,
	[HANDBOOK_FLOORS] = handbook_read_floors,
};

static_assert(sizeof(((struct handbook *)0)->hash) == RECORD_HASH_BYTES, "hashes are SHA-256");

/* The hash over the hashes of the tables, each with its name. */
static void hash_tables(const struct span texts[static HANDBOOK_TABLE_COUNT],
			uint8_t ret_hash[RECORD_HASH_BYTES])
{
	SCOPED_TEXT(list);

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++) {
		uint8_t hash[RECORD_HASH_BYTES];
		char name[RECORD_HASH_TEXT];

		hash_bytes(texts[i], hash);
		text_format(&list, "%s %s\n", hash_format(hash, name), handbook_files[i]);
	}
	hash_bytes(text_span(&list), ret_hash);
}

bool handbook_open(struct handbook_reading *reading, const struct table_format *format,
		   struct error *err)
{
	return table_open(&reading->reader, format, reading->file, reading->text, reading->arena,
			  err);
}

bool handbook_read(const struct span texts[static HANDBOOK_TABLE_COUNT], struct arena *arena,
		   struct handbook *ret_handbook, struct error *err)
{
	struct handbook handbook = { 0 };
	struct handbook_reading reading = { .arena = arena, .handbook = &handbook };

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++) {
		reading.file = handbook_files[i];
		reading.text = texts[i];
		if (!readers[i](&reading, err))
			return false;
	}
	hash_tables(texts, handbook.hash);
	*ret_handbook = handbook;
	return true;
}
