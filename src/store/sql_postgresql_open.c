#define _GNU_SOURCE /* memrchr */
#include <stdlib.h>
#include <string.h>

#include "store/sql_postgresql.h"

/* ---- the address ---- */

/* The place without what stands between the user's name and '@', and without what follows '?'.
 * Where the two cannot be told apart, as in "me:a?b@host", less is told rather than more. */
static char *place_of(const char *where)
{
	SCOPED_TEXT(place);
	const char *head = strstr(where, "://") + 3;
	size_t length = strcspn(head, "?");
	const char *at = memrchr(head, '@', length);
	size_t user = at ? strcspn(head, ":@/") : 0;
	char *copy;

	if (!at && strchr(head + length, '@'))
		length = strcspn(head, ":?");
	text_add_span(&place, (struct span){ where, (size_t)(head - where) + user });
	head = at ? at : head;
	text_add_span(&place, (struct span){ head, at ? strcspn(at, "?") : length });
	copy = strdup(text_string(&place));
	if (!copy)
		memory_exhausted(place.length);
	return copy;
}

static bool is_port(const char *text)
{
	return !text || text[strspn(text, "0123456789,")] == '\0';
}

/* A password with signs that end it, as in "me:a/b@host", is read as something else, and what libpq
 * then says repeats a part of it: nothing of that is told on. */
static bool check_address(const struct postgresql *database, const char *where, struct error *err)
{
	const struct libpq *pq = &database->pq;
	const char *head = strstr(where, "://") + 3;
	const size_t length = strcspn(head, "?");
	const char *path = memchr(head, '/', length);
	char *said = NULL;
	PQconninfoOption *options = pq->read_address(where, &said);
	bool good = options && !(path && memchr(path, '@', (size_t)(head + length - path)));

	for (PQconninfoOption *one = options; good && one->keyword; one++)
		good = strcmp(one->keyword, "port") != 0 || is_port(one->val);
	if (options)
		pq->free_address(options);
	if (said)
		pq->free_text(said);
	return good || fail(err, ERROR_INVALID,
			    "'%s' is no address of PostgreSQL (postgresql://user@host:port/"
			    "database?name=value); a password is better given by PGPASSWORD or the "
			    "pass file, and in an address '/', '?', '@' and '%%' of it are written "
			    "as %%2F, %%3F, %%40 and %%25",
			    database->sql.place);
}

/* ---- the connection ---- */

static void hear_nothing(void *context, const char *message)
{
	(void)context;
	(void)message;
}

static bool reach(struct postgresql *database, const char *where, struct error *err)
{
	/* What stands in the address, the last, wins. Where the network is cut, nothing says so: a
	 * peer that does not even acknowledge is given up after a minute, on both sides, so that
	 * the lock of a writer that is gone does not stay. */
	static const char *const names[] = { "connect_timeout",
					     "keepalives_idle",
					     "keepalives_interval",
					     "keepalives_count",
					     "tcp_user_timeout",
					     "dbname",
					     NULL };
	const char *const values[] = { "30", "30", "10", "3", "60000", where, NULL };

	if (!libpq_find(&database->pq, err) || !check_address(database, where, err))
		return false;
	database->connection = database->pq.connect(names, values, 1);
	if (!database->connection || database->pq.status(database->connection) != CONNECTION_OK)
		return postgresql_fail(database, NULL, err);
	database->is_connected = true;
	(void)database->pq.set_notices(database->connection, hear_nothing, NULL);
	return true;
}

static bool set_up(struct postgresql *database, enum sql_access access, struct error *err)
{
	/* A writer that stands still in a batch, its lock held, is given up after ten minutes:
	 * packing one takes seconds, but may take minutes beside other work. Every question has an
	 * index. Without enable_seqscan = off, one that was prepared while its table was small
	 * would read the whole of it, however large it has become; it also makes plans look so dear
	 * that they would be compiled, which takes ten times as long as any question here. */
	static const char always[] = "SET synchronous_commit = on; SET client_encoding = 'UTF8'; "
				     "SET client_min_messages = warning; "
				     "SET enable_seqscan = off; SET jit = off; "
				     "SET tcp_keepalives_idle = 30; "
				     "SET tcp_keepalives_interval = 10; "
				     "SET tcp_keepalives_count = 3; "
				     "SET idle_in_transaction_session_timeout = 600000";
	struct sql *sql = &database->sql;

	return sql_script(sql, always, err) &&
	       (access != SQL_READ ||
		sql_script(sql, "SET default_transaction_read_only = on", err));
}

bool postgresql_open(const char *where, enum sql_access access, struct sql **ret_sql,
		     struct error *err)
{
	struct postgresql *database = calloc(1, sizeof(*database));

	if (!database)
		memory_exhausted(sizeof(*database));
	database->sql = (struct sql){ .driver = &postgresql_driver,
				      .kind = SQL_POSTGRESQL,
				      .access = access };
	database->sql.place = place_of(where);
	if (!reach(database, where, err) || !set_up(database, access, err)) {
		postgresql_close(&database->sql);
		return false;
	}
	*ret_sql = &database->sql;
	return true;
}
