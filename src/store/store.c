#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"
#include "store/tables.h"

const char *const store_stream_names[] = {
	[STORE_EVIDENCE] = "evidence", [STORE_NODES] = "nodes",     [STORE_QUOTES] = "quotes",
	[STORE_RATINGS] = "ratings",   [STORE_ANSWERS] = "answers", [STORE_ACTS] = "acts",
	[STORE_LIVES] = "lives",
};

bool store_open(const char *where, enum sql_access access, struct store **ret_store,
		struct error *err)
{
	struct store *store = calloc(1, sizeof(*store));

	if (!store)
		memory_exhausted(sizeof(*store));
	store->access = access;
	if (!sql_open(where, access, &store->sql, err) || !tables_open(store->sql, access, err)) {
		store_close(store);
		return false;
	}
	store->names = names_new(store->sql);
	store->packer = packer_new();
	*ret_store = store;
	return true;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (unsigned i = 0; i < BLOCKS_KEPT; i++)
		arena_release(&store->blocks[i].arena);
	names_free(store->names);
	packer_free(store->packer);
	sql_close(store->sql);
	free(store);
}

bool store_begin(struct store *store, struct error *err)
{
	return sql_begin(store->sql, err);
}

bool store_commit(struct store *store, struct error *err)
{
	return sql_commit(store->sql, err);
}

void store_give_up(struct store *store)
{
	sql_rollback(store->sql);
	names_forget(store->names);
	blocks_forget(store);
}

struct sql *store_sql(struct store *store)
{
	return store->sql;
}

const char *store_place(const struct store *store)
{
	return sql_place(store->sql);
}

static bool count_streams(struct store *store, struct store_counts *counts, struct error *err)
{
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	bool more = true;
	/* sum() of PostgreSQL is a numeric. */
	bool good = sql_query(store->sql,
			      "SELECT stream, CAST(sum(last - first + 1) AS BIGINT), count(*) FROM "
			      "batch GROUP BY stream",
			      NULL, 0, &rows, err);

	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		if (row[0].integer >= 0 && row[0].integer < STORE_STREAM_COUNT)
			counts->entries[row[0].integer] = row[1].integer;
		counts->batches += row[2].integer;
	}
	sql_rows_close(rows);
	return good;
}

bool store_count(struct store *store, struct store_counts *ret_counts, struct error *err)
{
	const char *bytes = sql_kind(store->sql) == SQL_SQLITE
				    ? "SELECT page_count * page_size FROM pragma_page_count(), "
				      "pragma_page_size()"
				    : "SELECT CAST(sum(pg_total_relation_size(c.oid)) AS BIGINT) "
				      "FROM pg_class c JOIN pg_namespace n ON n.oid = "
				      "c.relnamespace WHERE n.nspname = current_schema() AND "
				      "c.relkind = 'r'";
	struct store_counts counts = { .format = tables_format(sql_kind(store->sql)) };
	struct batch_row last;
	bool found = false;

	if (!sql_ask(store->sql, bytes, NULL, 0, &counts.bytes, err) ||
	    !count_streams(store, &counts, err) || !batch_last(store, &last, &found, err))
		return false;
	if (found) {
		counts.last = last.last;
		memcpy(counts.link, last.link, sizeof(counts.link));
	}
	*ret_counts = counts;
	return true;
}
