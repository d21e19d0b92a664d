/* Tokens that were used, kept in the store behind the requests: who reads does not wait for who
 * writes. */
#include <string.h>

#include "host/file.h"
#include "store/access.h"
#include "web/parts.h"

void uses_note(struct web *web, const struct access_token *token, int64_t now)
{
	unsigned i = 0;

	if (!access_is_use_new(token, now))
		return;
	lock_take(&web->lock);
	while (i < web->used_count && web->used[i] != token->id)
		i++;
	/* What finds no room is noted with a later use. */
	if (i == web->used_count && i < USES_KEPT)
		web->used[web->used_count++] = token->id;
	lock_give(&web->lock);
}

bool uses_are_due(struct web *web)
{
	bool due;

	lock_take(&web->lock);
	due = web->used_count > 0;
	lock_give(&web->lock);
	return due;
}

void uses_keep(struct web *web)
{
	int64_t used[USES_KEPT], now = host_unix_time(NULL);
	struct error err = { 0 };
	struct store *store;
	unsigned count;

	lock_take(&web->lock);
	count = web->used_count;
	memcpy(used, web->used, count * sizeof(*used));
	web->used_count = 0;
	lock_give(&web->lock);
	if (count == 0)
		return;
	/* A store that cannot be written to now refuses nobody whom it knows. */
	store = web_store_take(web, SQL_WRITE, &err);
	if (!store)
		return;
	for (unsigned i = 0; i < count && err.code == ERROR_NONE; i++)
		(void)access_note_use(store, used[i], now, &err);
	web_store_end(web, SQL_WRITE, store, &err);
}
