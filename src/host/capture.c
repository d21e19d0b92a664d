#include "host/capture.h"

#include <errno.h>
#include <string.h>

#include "host/below.h"
#include "host/recorded.h"
#include "host/recorder.h"
#include "host/recording.h"

enum {
	CAPTURE_BYTES_MAXIMUM = 64 << 20,
};

bool capture_open(const char *folder, struct arena *arena, struct host *ret_host, struct error *err)
{
	const char *file = arena_format(arena, "%s/%s", folder, CAPTURE_FILE);
	struct capture *capture = ARENA_NEW(arena, struct capture);
	const char *real = NULL;
	struct span text = { 0 };

	if (host_kind(NULL, folder) != HOST_FOLDER)
		return fail(err, ERROR_MISSING, "'%s' is not a folder", folder);
	if (host_kind(NULL, file) == HOST_NOTHING) {
		*ret_host = (struct host){ .root = arena_string(arena, span_of(folder)) };
		return true;
	}
	capture->root = arena_format(arena, "%s/%s", folder, CAPTURE_TREE);
	/* A link in its place could lead to this machine. */
	if (host_link(NULL, capture->root, arena, &real, NULL) ||
	    host_kind(NULL, capture->root) != HOST_FOLDER)
		return fail(err, ERROR_INVALID, "'%s' is not a folder", capture->root);
	if (!host_read(NULL, file, CAPTURE_BYTES_MAXIMUM, arena, &text, err) ||
	    !capture_parse(text, file, arena, capture, err))
		return false;
	*ret_host = (struct host){ .root = capture->root, .capture = capture };
	return true;
}

bool capture_answers(const struct host *host, const char *path)
{
	return host && host->capture && path[0] == '/';
}

static const struct journal_entry *find(const struct host *host, enum journal_kind kind,
					struct span topic, const char *path)
{
	struct walk walk = {
		.root = host->capture->root,
		.keep_last = span_is(topic, ASKED_LINK),
	};

	if (walk_below(&walk, path) == ENAMETOOLONG || walk.lost)
		return NULL;
	return journal_find(&host->capture->journal, kind, topic, span_of(walk.path));
}

const struct journal_entry *capture_find(const struct host *host, enum journal_kind kind,
					 const char *path)
{
	return find(host, kind, (struct span){ 0 }, path);
}

bool capture_refused(const struct host *host, const char *question, const char *path,
		     struct error *err)
{
	const struct journal_entry *entry = find(host, JOURNAL_REFUSAL, span_of(question), path);

	if (!entry)
		return false;
	SCOPED_ARENA(scratch);
	struct span said = journal_rename(&scratch, entry->text, entry->key.at, path);
	(void)fail(err, entry->code, "%.*s", SPAN_ARGS(said));
	return true;
}

bool capture_lacks(const char *path, struct error *err)
{
	return fail(err, ERROR_MISSING, "'%s' is not in the capture: nobody asked for it", path);
}

bool capture_is_start(const struct host *host, const char *path)
{
	return capture_find(host, JOURNAL_CONTENT, path);
}

bool capture_answer(const struct host *host, const char *name, const char *request,
		    struct arena *arena, struct worker_result *ret_result, struct error *err)
{
	const struct journal_entry *entry = journal_find(&host->capture->journal, JOURNAL_ANSWER,
							 span_of(name), span_of(request));

	if (!entry)
		return fail(err, ERROR_MISSING, "%s: the capture has no answer to '%s'", name,
			    request);
	struct span *answers = ARENA_ARRAY(arena, struct span, entry->count);
	for (size_t i = 0; i < entry->count; i++) {
		answers[i].at = arena_string(arena, entry->texts[i]);
		answers[i].length = entry->texts[i].length;
	}
	*ret_result = (struct worker_result){
		.end = (enum worker_end)entry->number,
		.signal = entry->signal,
		.answers = answers,
		.answer_count = entry->count,
	};
	size_t length = entry->text.length;
	if (length >= WORKER_CALL_SIZE)
		length = WORKER_CALL_SIZE - 1;
	memcpy(ret_result->call, entry->text.at, length);
	return true;
}

bool capture_run(const struct host *host, const char *const *words, struct arena *arena,
		 struct process_result *ret_result, struct error *err)
{
	const struct journal *journal = &host->capture->journal;
	struct span key = journal_words(arena, words);
	const struct journal_entry *entry =
		journal_find(journal, JOURNAL_REFUSAL, span_of(ASKED_RUN), key);

	if (entry)
		return fail(err, entry->code, "%s", entry->text.at);
	entry = journal_find(journal, JOURNAL_RUN, (struct span){ 0 }, key);
	if (!entry)
		return fail(err, ERROR_MISSING, "the capture has no result of '%s'", words[0]);
	*ret_result = (struct process_result){
		.status = entry->number,
		.stalled = entry->stalled,
		.cut = entry->flag,
		.said = { arena_string(arena, entry->text), entry->text.length },
		.complained = { arena_string(arena, entry->complained), entry->complained.length },
	};
	return true;
}
