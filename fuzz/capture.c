/*
 * Whatever the bytes, capture_parse gives a capture whose entries can be found again and lead
 * nowhere outside, or an error that is one line of text with the file's name before it.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/recorded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_about_path(const struct journal_entry *entry)
{
	return entry->kind == JOURNAL_CONTENT || entry->kind == JOURNAL_LIST ||
	       entry->kind == JOURNAL_STATUS || entry->kind == JOURNAL_READABLE;
}

static void check_entry(const struct journal *journal, const struct journal_entry *entry)
{
	assert(entry->kind < JOURNAL_KIND_COUNT);
	assert(journal_find(journal, entry->kind, entry->topic, entry->key) == entry);
	assert(entry->code < ERROR_CODE_COUNT);
	assert(entry->status.kind <= HOST_OTHER);
	assert(!is_about_path(entry) || entry->key.at[0] == '/');
	assert(!is_about_path(entry) || !strstr(entry->key.at, "/../"));
	assert(entry->kind != JOURNAL_ANSWER || entry->number <= WORKER_CANCELLED);
	(void)journal;
	(void)entry;
	(void)is_about_path;
}

static void check_capture(const struct capture *capture)
{
	assert(capture->unix_time >= 0 && capture->boot_ns >= 0);
	for (size_t i = 0; i < capture->journal.count; i++)
		check_entry(&capture->journal, capture->journal.entries[i]);
}

/* Every recorded answer is given to its question. */
static void replay_answers(const struct capture *capture, struct arena *arena)
{
	const struct host host = { .root = capture->root, .capture = capture };

	for (size_t i = 0; i < capture->journal.count; i++) {
		const struct journal_entry *entry = capture->journal.entries[i];
		struct worker_result result;

		if (entry->kind != JOURNAL_ANSWER)
			continue;
		bool good =
			capture_answer(&host, entry->topic.at, entry->key.at, arena, &result, NULL);
		assert(good && result.answer_count == entry->count);
		assert(memchr(result.call, '\0', sizeof(result.call)));
		(void)good;
	}
}

static void check_error(const struct error *err)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(strncmp(err->text, "fuzz.json: ", strlen("fuzz.json: ")) == 0);
	assert(span_is_utf8(span_of(err->text), NULL));
	assert(!strchr(err->text, '\n'));
	(void)err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capture capture = { .root = "/nowhere" };
	struct error err = { .code = ERROR_NONE };
	struct span text = { .at = (const char *)data, .length = size };

	SCOPED_ARENA(arena);
	if (capture_parse(text, "fuzz.json", &arena, &capture, &err)) {
		check_capture(&capture);
		replay_answers(&capture, &arena);
	} else {
		check_error(&err);
	}
	return 0;
}
