#include "store/history.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	APPLICATION_ID = 0x41535931, /* "ASY1" */
	VERSION = 1,
	PAGE_BYTES = 4096,
	CACHE_PAGES = 64,
	EVENTS_DROPPED_AT_ONCE = 256,
	BUSY_MS = 1000,
};

struct history {
	sqlite3 *database;
	sqlite3_stmt *add_event, *set_standing, *drop_standing, *drop_events;
};

static const char schema[] =
	"CREATE TABLE event (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, boot TEXT NOT NULL,"
	" \"check\" TEXT NOT NULL, about TEXT NOT NULL, before INTEGER NOT NULL,"
	" after INTEGER NOT NULL, text TEXT NOT NULL, action TEXT NOT NULL,"
	" sticky INTEGER NOT NULL) STRICT;"
	"CREATE TABLE standing (\"check\" TEXT NOT NULL, about TEXT NOT NULL, time INTEGER NOT "
	"NULL,"
	" boot TEXT NOT NULL, before INTEGER NOT NULL, after INTEGER NOT NULL, text TEXT NOT NULL,"
	" action TEXT NOT NULL, sticky INTEGER NOT NULL, PRIMARY KEY (\"check\", about)) STRICT, "
	"WITHOUT ROWID;";

static bool fail_database(sqlite3 *database, const char *doing, struct error *err)
{
	int code = sqlite3_errcode(database);
	const char *hint = code == SQLITE_FULL ? "; make room on its disk" : "";

	return fail(err, code == SQLITE_FULL ? ERROR_LIMIT : ERROR_IO, "history: %s: %s%s", doing,
		    sqlite3_errmsg(database), hint);
}

static bool run(sqlite3 *database, const char *sql, struct error *err)
{
	return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       fail_database(database, "writing", err);
}

/* A number that a pragma gives; -1 when it gives none. */
static int64_t ask(sqlite3 *database, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t number = -1;

	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	return number;
}

/* "ok" from the whole file, not only from its head. */
static bool is_sound(sqlite3 *database)
{
	sqlite3_stmt *statement = NULL;
	bool sound = sqlite3_prepare_v2(database, "PRAGMA quick_check(1)", -1, &statement, NULL) ==
			     SQLITE_OK &&
		     sqlite3_step(statement) == SQLITE_ROW &&
		     strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;

	(void)sqlite3_finalize(statement);
	return sound;
}

static bool set_up(sqlite3 *database, uint64_t maximum_bytes, struct error *err)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
		       "PRAGMA cache_size=%d; PRAGMA max_page_count=%llu; PRAGMA "
		       "journal_size_limit=0; PRAGMA synchronous=FULL;",
		       CACHE_PAGES, (unsigned long long)(maximum_bytes / PAGE_BYTES));
	return run(database, sql, err);
}

static bool create(sqlite3 *database, struct error *err)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id=%d; PRAGMA user_version=%d;",
		       APPLICATION_ID, VERSION);
	if (!run(database, "PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE; BEGIN IMMEDIATE;", err))
		return false;
	return (run(database, schema, err) && run(database, sql, err) &&
		run(database, "COMMIT;", err)) ||
	       (sqlite3_exec(database, "ROLLBACK;", NULL, NULL, NULL), false);
}

enum condition {
	CONDITION_NEW,
	CONDITION_SOUND,
	CONDITION_BROKEN,
	CONDITION_LATER,
	CONDITION_UNREADABLE, /* in use, or of a disk that fails: nothing is known of it */
};

static enum condition condition_of(sqlite3 *database)
{
	int64_t tables = ask(database, "SELECT count(*) FROM sqlite_schema");
	int code = sqlite3_errcode(database);

	if (tables < 0 && code != SQLITE_NOTADB && code != SQLITE_CORRUPT)
		return CONDITION_UNREADABLE;
	if (tables == 0 && ask(database, "PRAGMA application_id") == 0)
		return CONDITION_NEW;
	if (tables < 0 || ask(database, "PRAGMA application_id") != APPLICATION_ID)
		return CONDITION_BROKEN;
	if (ask(database, "PRAGMA user_version") > VERSION)
		return CONDITION_LATER;
	return is_sound(database) ? CONDITION_SOUND : CONDITION_BROKEN;
}

static bool open_file(const char *path, sqlite3 **ret_database, struct error *err)
{
	sqlite3 *database = NULL;

	if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
	    SQLITE_OK) {
		(void)fail(err, ERROR_IO, "history: opening '%s': %s", path,
			   sqlite3_errmsg(database));
		(void)sqlite3_close(database);
		return false;
	}
	(void)sqlite3_busy_timeout(database, BUSY_MS);
	*ret_database = database;
	return true;
}

/* Moves the file away and opens a new one in its place. */
static bool begin_anew(const char *path, struct arena *arena, sqlite3 **ret_database,
		       const char **ret_note, struct error *err)
{
	const char *aside = arena_format(arena, "%s.broken", path);

	if (rename(path, aside) != 0)
		return fail(err, ERROR_IO,
			    "history: '%s' is damaged and cannot be moved to '%s'; move it away",
			    path, aside);
	(void)remove(arena_format(arena, "%s-journal", path));
	*ret_note = arena_format(arena,
				 "'%s' was no sound history; it is now '%s', and a new one is "
				 "begun",
				 path, aside);
	return open_file(path, ret_database, err);
}

static bool prepare(struct history *history, struct error *err)
{
	static const char *const sql[] = {
		"INSERT INTO event VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		"INSERT OR REPLACE INTO standing VALUES (?3, ?4, ?1, ?2, ?5, ?6, ?7, ?8, ?9)",
		"DELETE FROM standing WHERE \"check\" = ?3 AND about = ?4",
		"DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id LIMIT ?1)",
	};
	sqlite3_stmt **const statements[] = { &history->add_event, &history->set_standing,
					      &history->drop_standing, &history->drop_events };

	for (unsigned i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		if (sqlite3_prepare_v3(history->database, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
				       statements[i], NULL) != SQLITE_OK)
			return fail_database(history->database, "preparing", err);
	return true;
}

static bool take_up(struct history *history, const char *path, uint64_t maximum_bytes,
		    struct arena *arena, const char **ret_note, struct error *err)
{
	enum condition condition;

	if (!open_file(path, &history->database, err))
		return false;
	condition = condition_of(history->database);
	if (condition == CONDITION_UNREADABLE)
		return fail_database(history->database, "reading", err);
	if (condition == CONDITION_LATER)
		return fail(
			err, ERROR_UNSUPPORTED,
			"history: '%s' was written by a later version; use that, or another file",
			path);
	if (condition == CONDITION_BROKEN) {
		(void)sqlite3_close(history->database);
		history->database = NULL;
		if (!begin_anew(path, arena, &history->database, ret_note, err))
			return false;
		condition = CONDITION_NEW;
	}
	if (condition == CONDITION_NEW && !create(history->database, err))
		return false;
	return set_up(history->database, maximum_bytes, err) && prepare(history, err);
}

bool history_open(const char *path, uint64_t maximum_bytes, struct arena *arena,
		  struct history **ret_history, const char **ret_note, struct error *err)
{
	struct history *history = calloc(1, sizeof(*history));

	if (!history)
		memory_exhausted(sizeof(*history));
	*ret_note = NULL;
	if (maximum_bytes < HISTORY_BYTES_MINIMUM)
		maximum_bytes = HISTORY_BYTES_MINIMUM;
	if (!take_up(history, path, maximum_bytes, arena, ret_note, err)) {
		history_close(history);
		return false;
	}
	*ret_history = history;
	return true;
}

void history_close(struct history *history)
{
	if (!history)
		return;
	(void)sqlite3_finalize(history->add_event);
	(void)sqlite3_finalize(history->set_standing);
	(void)sqlite3_finalize(history->drop_standing);
	(void)sqlite3_finalize(history->drop_events);
	(void)sqlite3_close(history->database);
	free(history);
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length > HISTORY_TEXT_MAXIMUM) {
		length = HISTORY_TEXT_MAXIMUM;
		/* Not within a character. */
		while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	(void)sqlite3_bind_text(statement, at, text ? text : "", (int)length, SQLITE_TRANSIENT);
}

static bool step(struct history *history, sqlite3_stmt *statement, struct error *err)
{
	bool done = sqlite3_step(statement) == SQLITE_DONE ||
		    fail_database(history->database, "adding an event", err);

	(void)sqlite3_reset(statement);
	return done;
}

static bool write_event(struct history *history, sqlite3_stmt *statement,
			const struct history_event *event, struct error *err)
{
	(void)sqlite3_bind_int64(statement, 1, event->time);
	bind_text(statement, 2, event->boot);
	bind_text(statement, 3, event->check);
	bind_text(statement, 4, event->about);
	(void)sqlite3_bind_int(statement, 5, (int)event->before);
	(void)sqlite3_bind_int(statement, 6, (int)event->after);
	bind_text(statement, 7, event->text);
	bind_text(statement, 8, event->action);
	(void)sqlite3_bind_int(statement, 9, event->is_sticky);
	return step(history, statement, err);
}

static bool write_standing(struct history *history, const struct history_event *event,
			   struct error *err)
{
	if (event->after != VERDICT_PASS && event->after != VERDICT_NOT_APPLICABLE)
		return write_event(history, history->set_standing, event, err);
	bind_text(history->drop_standing, 3, event->check);
	bind_text(history->drop_standing, 4, event->about);
	return step(history, history->drop_standing, err);
}

static bool add_once(struct history *history, const struct history_event *event, struct error *err)
{
	if (!run(history->database, "BEGIN IMMEDIATE", err))
		return false;
	if (write_event(history, history->add_event, event, err) &&
	    write_standing(history, event, err) && run(history->database, "COMMIT", err))
		return true;
	(void)sqlite3_exec(history->database, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

/* Drops the oldest events; false when there is none left to drop. */
static bool make_room(struct history *history)
{
	(void)sqlite3_bind_int(history->drop_events, 1, EVENTS_DROPPED_AT_ONCE);
	return step(history, history->drop_events, NULL) && sqlite3_changes(history->database) > 0;
}

bool history_add(struct history *history, const struct history_event *event, struct error *err)
{
	struct error first = { 0 };

	if (add_once(history, event, &first))
		return true;
	/* The file has reached its bound, or the disk is full: the first gets room from old events.
	 */
	if (first.code == ERROR_LIMIT && make_room(history))
		return add_once(history, event, err);
	if (err)
		*err = first;
	return false;
}

static const char *column(sqlite3_stmt *statement, int at, struct arena *arena)
{
	const unsigned char *text = sqlite3_column_text(statement, at);

	return arena_string(arena, span_of(text ? (const char *)text : ""));
}

static enum verdict verdict_at(sqlite3_stmt *statement, int at)
{
	int number = sqlite3_column_int(statement, at);

	return number >= 0 && number < VERDICT_COUNT ? (enum verdict)number : VERDICT_UNKNOWN;
}

static bool read_events(struct history *history, sqlite3_stmt *statement, struct arena *arena,
			struct history_list *ret_list, struct error *err)
{
	struct history_event *events = NULL;
	size_t count = 0, room = 0;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		if (count == room) {
			size_t larger = room ? 2 * room : 32;
			struct history_event *grown =
				ARENA_ARRAY(arena, struct history_event, larger);

			if (count > 0)
				memcpy(grown, events, count * sizeof(*grown));
			events = grown;
			room = larger;
		}
		events[count++] = (struct history_event){
			.time = sqlite3_column_int64(statement, 0),
			.boot = column(statement, 1, arena),
			.check = column(statement, 2, arena),
			.about = column(statement, 3, arena),
			.before = verdict_at(statement, 4),
			.after = verdict_at(statement, 5),
			.text = column(statement, 6, arena),
			.action = column(statement, 7, arena),
			.is_sticky = sqlite3_column_int(statement, 8) != 0,
		};
	}
	(void)sqlite3_finalize(statement);
	if (code != SQLITE_DONE)
		return fail_database(history->database, "reading", err);
	*ret_list = (struct history_list){ events, count };
	return true;
}

bool history_events(struct history *history, int64_t since, size_t limit, struct arena *arena,
		    struct history_list *ret_events, struct error *err)
{
	static const char sql[] = "SELECT time, boot, \"check\", about, before, after, text, "
				  "action, sticky FROM (SELECT * FROM "
				  "event WHERE time >= ?1 ORDER BY id DESC LIMIT ?2) ORDER BY id";
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(history->database, sql, -1, &statement, NULL) != SQLITE_OK)
		return fail_database(history->database, "reading", err);
	(void)sqlite3_bind_int64(statement, 1, since);
	(void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)limit);
	return read_events(history, statement, arena, ret_events, err);
}

bool history_standings(struct history *history, struct arena *arena,
		       struct history_list *ret_standings, struct error *err)
{
	static const char sql[] =
		"SELECT time, boot, \"check\", about, before, after, text, action, sticky "
		"FROM standing ORDER BY \"check\", about";
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(history->database, sql, -1, &statement, NULL) != SQLITE_OK)
		return fail_database(history->database, "reading", err);
	return read_events(history, statement, arena, ret_standings, err);
}
