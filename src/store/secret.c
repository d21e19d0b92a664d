#include "store/secret.h"

#include <string.h>

#include "evidence/random.h"

static bool find(struct sql *sql, const char *name, uint8_t ret_secret[STORE_SECRET_BYTES],
		 bool *ret_found, struct error *err)
{
	const struct sql_value value = sql_text(name);
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	bool more = false;
	bool good =
		sql_query(sql, "SELECT bytes FROM secret WHERE name = $1", &value, 1, &rows, err) &&
		sql_next(rows, &row, &more, err);

	*ret_found = good && more && row[0].bytes.length == STORE_SECRET_BYTES;
	if (*ret_found)
		memcpy(ret_secret, row[0].bytes.at, STORE_SECRET_BYTES);
	sql_rows_close(rows);
	return good;
}

/* Of two who make it at once one is first, and both get his. */
static bool make(struct sql *sql, const char *name, uint8_t ret_secret[STORE_SECRET_BYTES],
		 struct error *err)
{
	struct sql_value values[2];
	bool found = false;

	if (!sql_begin(sql, err))
		return false;
	if (find(sql, name, ret_secret, &found, err)) {
		if (!found)
			random_secret(ret_secret, STORE_SECRET_BYTES);
		values[0] = sql_text(name);
		values[1] =
			sql_bytes((struct span){ (const char *)ret_secret, STORE_SECRET_BYTES });
		if ((found ||
		     sql_run(sql, "INSERT INTO secret VALUES ($1, $2)", values, 2, NULL, err)) &&
		    sql_commit(sql, err))
			return true;
	}
	sql_rollback(sql);
	return false;
}

bool store_secret(struct store *store, const char *name, uint8_t ret_secret[STORE_SECRET_BYTES],
		  struct error *err)
{
	bool found = false;

	if (!find(store_sql(store), name, ret_secret, &found, err))
		return false;
	return found || make(store_sql(store), name, ret_secret, err);
}
