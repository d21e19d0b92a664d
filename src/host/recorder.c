#include "host/recorder.h"

#include <errno.h>
#include <string.h>

#include "host/below.h"
#include "host/capture.h"
#include "host/recording.h"

void recorder_start(const struct host *live, struct arena *arena, struct host *ret_host)
{
	struct recorder *recorder = ARENA_NEW(arena, struct recorder);

	recorder->live = live ? *live : (struct host){ .root = NULL };
	recorder->journal.arena = arena;
	*ret_host = recorder->live;
	ret_host->recorder = recorder;
}

bool recorder_wants(const struct host *host, const char *path)
{
	return host && host->recorder && path[0] == '/';
}

static struct span keep(struct journal *journal, struct span text)
{
	return (struct span){ .at = arena_string(journal->arena, text), .length = text.length };
}

static void keep_step(void *context, const char *path, const char *target)
{
	struct journal *journal = context;
	enum journal_kind kind = target ? JOURNAL_LINK : JOURNAL_FOLDER;
	struct span key = span_of(path);
	struct span none = { 0 };

	if (!journal_find(journal, kind, none, key))
		journal_add(journal, kind, none, key)->text = keep(journal, span_of(target));
}

/* Fills `walk` with the path without links, and keeps those; false when it cannot be told what
 * it would be. */
static bool follow(const struct host *host, const char *path, bool keep_last, struct walk *walk)
{
	const char *root = host->capture ? host->root : host_root_of(host, path);

	*walk = (struct walk){
		.root = root,
		.keep_last = keep_last,
		.on_step = keep_step,
		.context = &host->recorder->journal,
	};
	return walk_below(walk, path) != ENAMETOOLONG && !walk->lost;
}

/* The entry of the path, a new one when `*ret_new`; NULL when it cannot be kept. */
static struct journal_entry *entry_of(const struct host *host, enum journal_kind kind,
				      const char *path, bool *ret_new)
{
	struct journal *journal = &host->recorder->journal;
	struct span none = { 0 };
	struct walk walk;

	if (!follow(host, path, kind == JOURNAL_LINK, &walk))
		return NULL;
	struct journal_entry *found = journal_find(journal, kind, none, span_of(walk.path));
	*ret_new = !found;
	return found ? found : journal_add(journal, kind, none, span_of(walk.path));
}

void recorder_keep_text(const struct host *host, const char *path, struct span text, bool whole)
{
	bool is_new = false;
	struct journal_entry *entry = entry_of(host, JOURNAL_CONTENT, path, &is_new);

	/* More of a file of which the start only was known is no second answer. */
	if (!entry || (!is_new && (entry->flag || (!whole && text.length <= entry->text.length))))
		return;
	entry->text = keep(&host->recorder->journal, text);
	entry->flag = whole;
}

void recorder_keep_names(const struct host *host, const char *path, const char *const *names,
			 size_t count)
{
	bool is_new = false;
	struct journal *journal = &host->recorder->journal;
	struct journal_entry *entry = entry_of(host, JOURNAL_LIST, path, &is_new);

	if (!entry || !is_new)
		return;
	struct span *texts = ARENA_ARRAY(journal->arena, struct span, count);
	for (size_t i = 0; i < count; i++)
		texts[i] = keep(journal, span_of(names[i]));
	entry->texts = texts;
	entry->count = count;
}

void recorder_keep_link(const struct host *host, const char *path, const char *target)
{
	bool is_new = false;
	struct journal_entry *entry = entry_of(host, JOURNAL_LINK, path, &is_new);

	if (entry && is_new)
		entry->text = keep(&host->recorder->journal, span_of(target));
}

void recorder_keep_status(const struct host *host, const char *path,
			  const struct host_status *status)
{
	bool is_new = false;
	struct journal_entry *entry = entry_of(host, JOURNAL_STATUS, path, &is_new);

	if (entry && is_new)
		entry->status = *status;
}

void recorder_keep_readable(const struct host *host, const char *path, bool readable)
{
	bool is_new = false;
	struct journal_entry *entry = entry_of(host, JOURNAL_READABLE, path, &is_new);

	if (entry && is_new)
		entry->flag = readable;
}

static void keep_refusal(struct journal *journal, const char *question, struct span key,
			 const struct error *err, struct span said)
{
	struct journal_entry *entry;

	if (journal_find(journal, JOURNAL_REFUSAL, span_of(question), key))
		return;
	entry = journal_add(journal, JOURNAL_REFUSAL, span_of(question), key);
	entry->code = err->code;
	entry->text = said;
}

void recorder_keep_refusal(const struct host *host, const char *question, const char *path,
			   const struct error *err)
{
	struct journal *journal = &host->recorder->journal;
	struct span none = { 0 };
	struct walk walk;

	if (!follow(host, path, strcmp(question, ASKED_LINK) == 0, &walk))
		return;
	struct span key = span_of(walk.path);
	/* A file that was read once stays readable, and its length is known. */
	if (journal_find(journal, JOURNAL_CONTENT, none, key) &&
	    (strcmp(question, ASKED_PEEK) == 0 || strcmp(question, ASKED_START) == 0))
		return;
	keep_refusal(journal, question, key, err,
		     journal_rename(journal->arena, span_of(err->text), path, walk.path));
}

void recorder_keep_answer(const struct host *host, const char *name, const char *request,
			  const struct worker_result *result)
{
	struct journal *journal = &host->recorder->journal;
	struct journal_entry *entry;

	if (journal_find(journal, JOURNAL_ANSWER, span_of(name), span_of(request)))
		return;
	entry = journal_add(journal, JOURNAL_ANSWER, span_of(name), span_of(request));
	entry->number = (int)result->end;
	entry->signal = result->signal;
	entry->text = keep(journal, span_of(result->call));
	struct span *texts = ARENA_ARRAY(journal->arena, struct span, result->answer_count);
	for (size_t i = 0; i < result->answer_count; i++)
		texts[i] = keep(journal, result->answers[i]);
	entry->texts = texts;
	entry->count = result->answer_count;
}

void recorder_keep_run(const struct host *host, const char *const *words,
		       const struct process_result *result)
{
	struct journal *journal = &host->recorder->journal;
	struct span none = { 0 };
	struct span key = journal_words(journal->arena, words);
	struct journal_entry *entry;

	if (journal_find(journal, JOURNAL_RUN, none, key))
		return;
	entry = journal_add(journal, JOURNAL_RUN, none, key);
	entry->number = result->status;
	entry->stalled = result->stalled;
	entry->flag = result->cut;
	entry->text = keep(journal, result->said);
	entry->complained = keep(journal, result->complained);
}

void recorder_keep_missing_run(const struct host *host, const char *const *words,
			       const struct error *err)
{
	struct journal *journal = &host->recorder->journal;

	keep_refusal(journal, ASKED_RUN, journal_words(journal->arena, words), err,
		     keep(journal, span_of(err->text)));
}
