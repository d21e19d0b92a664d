/*
 * Questions to a machine and what it answered, each once; private to this room. A recorder fills
 * one, a capture answers from one.
 */
#pragma once

#include "host/process.h"
#include "host/system.h"
#include "host/worker.h"

enum journal_kind {
	JOURNAL_CONTENT,  /* path: text, whole or its start */
	JOURNAL_LINK,     /* path: text, the target */
	JOURNAL_FOLDER,   /* path: nothing more; it was on the way */
	JOURNAL_LIST,     /* path: texts, the names */
	JOURNAL_STATUS,   /* path: status */
	JOURNAL_READABLE, /* path: flag */
	JOURNAL_REFUSAL,  /* question and path: code, text */
	JOURNAL_ANSWER, /* name of a worker and request: number (its end), signal, text (the call),
			   texts (its answers) */
	JOURNAL_RUN,    /* words: number (its status), stalled, flag (cut), text and complained */
	JOURNAL_KIND_COUNT,
};

struct journal_entry {
	enum journal_kind kind;
	struct span topic; /* a question, the name of a worker, or empty */
	struct span key;   /* a path without links, a request, or words with a NUL behind each */
	struct span text;
	struct span complained;
	bool flag; /* whole, readable, cut */
	bool stalled;
	int number, signal;
	enum error_code code;
	struct host_status status;
	const struct span *texts;
	size_t count;
	struct journal_entry *next; /* of the same bucket */
};

struct journal {
	struct arena *arena;
	struct journal_entry **entries; /* in the order of their first question */
	size_t count;
	size_t room;
	struct journal_entry **buckets;
	size_t bucket_count;
};

/* NULL when that was not asked. */
struct journal_entry *journal_find(const struct journal *journal, enum journal_kind kind,
				   struct span topic, struct span key);

/* A new entry; there must be none of this kind, topic and key. Both are copied. */
struct journal_entry *journal_add(struct journal *journal, enum journal_kind kind,
				  struct span topic, struct span key);

/* By kind, topic and key, so that equal journals are written alike. */
void journal_sort(struct journal *journal);

/* `text` with the quoted path `from` called `to`: one thing may be asked for by several paths. */
struct span journal_rename(struct arena *arena, struct span text, const char *from, const char *to);

/* The key of a program: its words with a NUL behind each. */
struct span journal_words(struct arena *arena, const char *const *words);
