#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "host/below.h"
#include "host/capture.h"
#include "host/recorder.h"
#include "host/recording.h"
#include "host/redact.h"

enum {
	CAPTURE_BYTES_MAXIMUM = 64 << 20,
};

const char *const capture_codes[ERROR_CODE_COUNT] = {
	[ERROR_NONE] = "none",       [ERROR_IO] = "io",
	[ERROR_PARSE] = "parse",     [ERROR_INVALID] = "invalid",
	[ERROR_MISSING] = "missing", [ERROR_UNSUPPORTED] = "unsupported",
	[ERROR_LIMIT] = "limit",     [ERROR_CONFLICT] = "conflict",
};

const char *const capture_kinds[HOST_OTHER + 1] = {
	[HOST_NOTHING] = "nothing",
	[HOST_FILE] = "file",
	[HOST_FOLDER] = "folder",
	[HOST_OTHER] = "other",
};

const char *const capture_ends[WORKER_CANCELLED + 1] = {
	[WORKER_DONE] = "done",       [WORKER_STALLED] = "stalled",     [WORKER_DIED] = "died",
	[WORKER_FLOODED] = "flooded", [WORKER_CANCELLED] = "cancelled",
};

/* JSON has no NUL here: output of programs is text, and one that is not loses nothing by it. */
static void put_text(struct json_writer *writer, struct span value)
{
	SCOPED_TEXT(clean);
	clean.maximum = value.length + 1;
	for (size_t i = 0; i < value.length; i++)
		text_add_char(&clean, value.at[i] != '\0' ? value.at[i] : '?');
	json_put_span(writer, text_span(&clean));
}

static void pair(struct json_writer *writer, const char *key, struct span value)
{
	json_key(writer, key);
	put_text(writer, value);
}

static void put_texts(struct json_writer *writer, const char *key,
		      const struct journal_entry *entry)
{
	json_key(writer, key);
	json_open_array(writer);
	for (size_t i = 0; i < entry->count; i++)
		put_text(writer, entry->texts[i]);
	json_close_array(writer);
}

static void put_words(struct json_writer *writer, struct span words)
{
	struct span word;

	json_key(writer, "words");
	json_open_array(writer);
	while (span_cut(&words, '\0', &word))
		put_text(writer, word);
	json_close_array(writer);
}

static void put_status(struct json_writer *writer, const struct host_status *status)
{
	json_pair_string(writer, "kind", capture_kinds[status->kind]);
	json_pair_integer(writer, "mode", status->mode);
	json_pair_integer(writer, "user", status->user);
	json_pair_integer(writer, "group", status->group);
	json_pair_integer(writer, "size", (int64_t)(status->size & INT64_MAX));
	json_pair_integer(writer, "device", (int64_t)(status->device & INT64_MAX));
	json_pair_integer(writer, "changed", status->changed);
}

static void put_refusal(struct json_writer *writer, const struct journal_entry *entry)
{
	pair(writer, "question", entry->topic);
	if (span_is(entry->topic, ASKED_RUN))
		put_words(writer, entry->key);
	else
		pair(writer, "path", entry->key);
	json_pair_string(writer, "error", capture_codes[entry->code]);
	pair(writer, "said", entry->text);
}

static void put_answer(struct json_writer *writer, const struct journal_entry *entry)
{
	pair(writer, "worker", entry->topic);
	pair(writer, "request", entry->key);
	json_pair_string(writer, "end", capture_ends[entry->number]);
	json_pair_integer(writer, "signal", entry->signal);
	pair(writer, "call", entry->text);
	put_texts(writer, "answers", entry);
}

static void put_run(struct json_writer *writer, const struct journal_entry *entry)
{
	put_words(writer, entry->key);
	json_pair_integer(writer, "status", entry->number);
	json_pair_bool(writer, "stalled", entry->stalled);
	json_pair_bool(writer, "cut", entry->flag);
	pair(writer, "said", entry->text);
	pair(writer, "complained", entry->complained);
}

static void put_entry(struct json_writer *writer, const struct journal_entry *entry)
{
	json_open_object(writer);
	switch (entry->kind) {
	case JOURNAL_CONTENT:
		pair(writer, "path", entry->key);
		break;
	case JOURNAL_LIST:
		pair(writer, "path", entry->key);
		put_texts(writer, "names", entry);
		break;
	case JOURNAL_STATUS:
		pair(writer, "path", entry->key);
		put_status(writer, &entry->status);
		break;
	case JOURNAL_READABLE:
		pair(writer, "path", entry->key);
		json_pair_bool(writer, "readable", entry->flag);
		break;
	case JOURNAL_REFUSAL:
		put_refusal(writer, entry);
		break;
	case JOURNAL_ANSWER:
		put_answer(writer, entry);
		break;
	case JOURNAL_RUN:
		put_run(writer, entry);
		break;
	case JOURNAL_LINK:
	case JOURNAL_FOLDER:
	case JOURNAL_KIND_COUNT:
		break;
	}
	json_close_object(writer);
}

static void put_section(struct json_writer *writer, const char *name, enum journal_kind kind,
			const struct journal *journal)
{
	json_key(writer, name);
	json_open_array(writer);
	for (size_t i = 0; i < journal->count; i++) {
		const struct journal_entry *entry = journal->entries[i];

		/* Whole contents are files of the tree; the others have to be told apart. */
		if (entry->kind == kind && !(kind == JOURNAL_CONTENT && entry->flag))
			put_entry(writer, entry);
	}
	json_close_array(writer);
}

static bool describe(const struct host *host, const struct journal *journal,
		     const struct redactor *redactor, struct text *into, struct error *err)
{
	struct json_writer writer = { .into = into, .indent = 1 };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", CAPTURE_SCHEMA);
	json_pair_string(&writer, "version", ASSAY_VERSION);
	json_pair_integer(&writer, "unix_time", host_unix_time(&host->recorder->live));
	json_pair_integer(&writer, "boot_ns", host_boot_ns(&host->recorder->live));
	json_key(&writer, "redactions");
	json_open_object(&writer);
	for (size_t i = 0; i < REDACTED_COUNT; i++)
		json_pair_integer(&writer, redacted_names[i], (int64_t)redactor->counts[i]);
	json_close_object(&writer);
	put_section(&writer, "starts", JOURNAL_CONTENT, journal);
	put_section(&writer, "refusals", JOURNAL_REFUSAL, journal);
	put_section(&writer, "statuses", JOURNAL_STATUS, journal);
	put_section(&writer, "readable", JOURNAL_READABLE, journal);
	put_section(&writer, "lists", JOURNAL_LIST, journal);
	put_section(&writer, "answers", JOURNAL_ANSWER, journal);
	put_section(&writer, "runs", JOURNAL_RUN, journal);
	json_close_object(&writer);
	text_add_char(into, '\n');
	if (into->overflowed)
		return fail(err, ERROR_LIMIT, "the capture is larger than %d bytes",
			    CAPTURE_BYTES_MAXIMUM);
	return true;
}

/* Makes the folder that `path` lies in. */
static bool make_parent(struct arena *arena, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct span folder = { .at = path, .length = slash ? (size_t)(slash - path) : 0 };

	return folder.length == 0 || host_make_folder(NULL, arena_string(arena, folder), err);
}

static bool write_entry(const struct journal_entry *entry, const char *path, struct arena *arena,
			struct error *err)
{
	if (entry->kind == JOURNAL_FOLDER || entry->kind == JOURNAL_LIST)
		return host_make_folder(NULL, path, err);
	if (entry->kind != JOURNAL_CONTENT && entry->kind != JOURNAL_LINK)
		return true;
	if (!make_parent(arena, path, err))
		return false;
	if (entry->kind == JOURNAL_CONTENT)
		return host_write_draft(NULL, path, entry->text, err);
	if (symlink(entry->text.at, path) != 0)
		return fail_system(err, "making the link", path);
	return true;
}

static bool write_tree(const struct journal *journal, const char *folder, struct arena *arena,
		       struct error *err)
{
	const char *tree = arena_format(arena, "%s/%s", folder, CAPTURE_TREE);

	if (!host_make_folder(NULL, tree, err))
		return false;
	for (size_t i = 0; i < journal->count; i++) {
		const struct journal_entry *entry = journal->entries[i];
		const char *path = arena_format(arena, "%s%.*s", tree, SPAN_ARGS(entry->key));

		if (!write_entry(entry, path, arena, err))
			return false;
	}
	return true;
}

/* All of it under another name first: a capture that is there is whole. */
static bool write_folder(const struct journal *journal, const char *folder, struct span head,
			 struct arena *arena, struct error *err)
{
	const char *draft = arena_format(arena, "%s.part", folder);
	const char *file = arena_format(arena, "%s/%s", draft, CAPTURE_FILE);

	if (host_kind(NULL, draft) != HOST_NOTHING)
		return fail(err, ERROR_CONFLICT,
			    "'%s' is left from a capture that failed; remove it", draft);
	return write_tree(journal, draft, arena, err) && host_write_draft(NULL, file, head, err) &&
	       host_sync(NULL, draft, err) && host_rename(NULL, draft, folder, err);
}

/* Too long for one question, but read for another: the length is known then. */
static bool is_answered(const struct journal *journal, const struct journal_entry *entry)
{
	return entry->kind == JOURNAL_REFUSAL && entry->code == ERROR_LIMIT &&
	       journal_find(journal, JOURNAL_CONTENT, (struct span){ 0 }, entry->key);
}

static void drop_answered(struct journal *journal)
{
	size_t left = 0;

	for (size_t i = 0; i < journal->count; i++) {
		if (!is_answered(journal, journal->entries[i]))
			journal->entries[left++] = journal->entries[i];
	}
	journal->count = left;
}

bool recorder_write(const struct host *recording, const char *folder,
		    const struct redaction *redaction, struct error *err)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(head);
	struct redactor redactor = { .redaction = *redaction, .arena = &arena };
	struct journal journal;

	if (host_kind(NULL, folder) != HOST_NOTHING)
		return fail(err, ERROR_CONFLICT, "'%s' is there; name a new folder", folder);
	redact_journal(&redactor, &recording->recorder->journal, &journal);
	drop_answered(&journal);
	journal_sort(&journal);
	head.maximum = CAPTURE_BYTES_MAXIMUM;
	if (!describe(recording, &journal, &redactor, &head, err) ||
	    !write_folder(&journal, folder, text_span(&head), &arena, err))
		return fail_while(err, "writing the capture '%s'", folder);
	return true;
}
