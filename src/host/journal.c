#include "host/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static size_t bucket_of(const struct journal *journal, enum journal_kind kind, struct span topic,
			struct span key)
{
	uint64_t hash =
		random_join(random_join((uint64_t)kind, random_key(topic)), random_key(key));

	return (size_t)(hash % journal->bucket_count);
}

struct journal_entry *journal_find(const struct journal *journal, enum journal_kind kind,
				   struct span topic, struct span key)
{
	struct journal_entry *entry = NULL;

	if (journal->bucket_count > 0)
		entry = journal->buckets[bucket_of(journal, kind, topic, key)];
	while (entry && (entry->kind != kind || !span_equal(entry->topic, topic) ||
			 !span_equal(entry->key, key)))
		entry = entry->next;
	return entry;
}

static void put(struct journal *journal, struct journal_entry *entry)
{
	size_t bucket = bucket_of(journal, entry->kind, entry->topic, entry->key);

	entry->next = journal->buckets[bucket];
	journal->buckets[bucket] = entry;
}

static void grow(struct journal *journal)
{
	size_t room = journal->room > 0 ? journal->room * 2 : 64;
	struct journal_entry **larger = ARENA_ARRAY(journal->arena, struct journal_entry *, room);

	if (journal->count > 0)
		memcpy(larger, journal->entries, journal->count * sizeof(struct journal_entry *));
	journal->entries = larger;
	journal->room = room;
	journal->bucket_count = room * 2;
	journal->buckets =
		ARENA_ARRAY(journal->arena, struct journal_entry *, journal->bucket_count);
	for (size_t i = 0; i < journal->count; i++)
		put(journal, larger[i]);
}

struct journal_entry *journal_add(struct journal *journal, enum journal_kind kind,
				  struct span topic, struct span key)
{
	struct journal_entry *entry = ARENA_NEW(journal->arena, struct journal_entry);

	if (journal->count == journal->room)
		grow(journal);
	entry->kind = kind;
	entry->topic = (struct span){ arena_string(journal->arena, topic), topic.length };
	entry->key = (struct span){ arena_string(journal->arena, key), key.length };
	journal->entries[journal->count++] = entry;
	put(journal, entry);
	return entry;
}

static int compare(const void *left, const void *right)
{
	const struct journal_entry *a = *(struct journal_entry *const *)left;
	const struct journal_entry *b = *(struct journal_entry *const *)right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	int order = span_compare(a->topic, b->topic);
	return order != 0 ? order : span_compare(a->key, b->key);
}

void journal_sort(struct journal *journal)
{
	if (journal->count > 0)
		qsort(journal->entries, journal->count, sizeof(struct journal_entry *), compare);
}

struct span journal_rename(struct arena *arena, struct span text, const char *from, const char *to)
{
	const char *quoted = arena_format(arena, "'%s'", from);
	const char *copy = arena_string(arena, text);
	const char *found = strstr(copy, quoted);

	if (!found)
		return (struct span){ .at = copy, .length = strlen(copy) };
	return span_of(arena_format(arena, "%.*s'%s'%s", (int)(found - copy), copy, to,
				    found + strlen(quoted)));
}

struct span journal_words(struct arena *arena, const char *const *words)
{
	size_t length = 0;
	size_t at = 0;

	for (size_t i = 0; words[i]; i++)
		length += strlen(words[i]) + 1;

	char *joined = arena_take(arena, length + 1);
	for (size_t i = 0; words[i]; i++) {
		memcpy(joined + at, words[i], strlen(words[i]));
		at += strlen(words[i]) + 1;
	}
	return (struct span){ .at = joined, .length = length };
}
