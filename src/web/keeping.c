/* Connections to the store, lent for the time of a request. */
#include <string.h>

#include "web/parts.h"

bool web_has_store(const struct web *web)
{
	return web->how->store != NULL;
}

const struct web_settings *web_settings(const struct web *web)
{
	return web->how;
}

const struct web_market *web_market(const struct web *web)
{
	return web->how->market;
}

const struct handbook *web_handbook(const struct web *web)
{
	return web->how->handbook;
}

const struct standard *web_standard(const struct web *web)
{
	return web->how->standard;
}

const char *web_provider_of(const char *party)
{
	const char *at = strrchr(party, '@');

	return at ? at + 1 : party;
}

/* Where the server has been started anew, all that were kept are dead at once. */
static bool is_alive(struct store *store)
{
	return sql_is_alive(store_sql(store));
}

static struct store *take_reader(struct web *web, struct error *err)
{
	struct store *store;

	for (;;) {
		store = NULL;
		lock_take(&web->lock);
		if (web->reader_count > 0)
			store = web->readers[--web->reader_count];
		lock_give(&web->lock);
		if (!store || is_alive(store))
			break;
		store_close(store);
	}
	if (!store && !store_open(web->how->store, SQL_READ, &store, err))
		return NULL;
	return store;
}

struct store *web_store_take(struct web *web, enum sql_access access, struct error *err)
{
	if (!web_has_store(web)) {
		(void)fail(err, ERROR_MISSING, "this server has no store");
		return NULL;
	}
	if (access == SQL_READ)
		return take_reader(web, err);
	lock_take(&web->writing);
	if (web->writer && !is_alive(web->writer)) {
		store_close(web->writer);
		web->writer = NULL;
	}
	if (!web->writer && !store_open(web->how->store, SQL_WRITE, &web->writer, err)) {
		lock_give(&web->writing);
		return NULL;
	}
	return web->writer;
}

void web_store_give(struct web *web, enum sql_access access, struct store *store)
{
	if (access != SQL_READ) {
		lock_give(&web->writing);
		return;
	}
	lock_take(&web->lock);
	if (web->reader_count < STORES_KEPT) {
		web->readers[web->reader_count++] = store;
		store = NULL;
	}
	lock_give(&web->lock);
	store_close(store);
}

void web_store_end(struct web *web, enum sql_access access, struct store *store,
		   const struct error *err)
{
	if (!err || err->code != ERROR_IO) {
		web_store_give(web, access, store);
		return;
	}
	store_close(store);
	if (access == SQL_READ)
		return;
	web->writer = NULL;
	lock_give(&web->writing);
}

void web_renew(struct web *web)
{
	lock_take(&web->lock);
	web->is_stale = true;
	lock_give(&web->lock);
}
