#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/random.h"
#include "feedback/crowd.h"

/* Remarks that are nearly the same: their phrases of three words are compared. */

struct phrase {
	uint64_t hash;
	uint32_t person;
};

struct phrases {
	struct phrase *at;
	size_t count, room;
	struct arena *arena;
};

static void add_phrase(struct phrases *phrases, uint64_t hash, uint32_t person)
{
	ARENA_GROW(phrases->arena, phrases->at, phrases->count, phrases->room);
	phrases->at[phrases->count++] = (struct phrase){ hash, person };
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* The words of `text` without regard to case, three by three. */
static void add_text(struct phrases *phrases, const char *text, uint32_t person)
{
	uint64_t words[COPY_WORDS] = { 0 };
	unsigned seen = 0;

	while (text && *text) {
		char word[64];
		size_t length = 0;

		while (*text && !is_letter(*text))
			text++;
		for (; is_letter(*text); text++)
			if (length < sizeof(word))
				word[length++] = *text >= 'A' && *text <= 'Z'
							 ? (char)(*text - 'A' + 'a')
							 : *text;
		if (length == 0)
			break;
		memmove(words, words + 1, sizeof(words) - sizeof(words[0]));
		words[COPY_WORDS - 1] = random_key((struct span){ word, length });
		if (++seen >= COPY_WORDS)
			add_phrase(phrases, random_join(random_join(words[0], words[1]), words[2]),
				   person);
	}
}

static int compare_phrases(const void *a, const void *b)
{
	const struct phrase *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return (left->person > right->person) - (left->person < right->person);
}

/* Two who share a phrase. */
struct pair {
	uint32_t first, second;
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return (left->second > right->second) - (left->second < right->second);
}

enum {
	NEIGHBOURS = 4, /* users of a phrase with whom the next one is compared */
};

/* Each person's phrases once, and with each phrase the pairs of a user with its first and with the
 * last few before him, so that there are at most NEIGHBOURS times as many pairs as phrases. All
 * copies of one text share its phrases with the first of them, unless others have parts of it: then
 * its neighbours among them share more. */
static size_t pair_up(const struct phrases *phrases, uint32_t *ret_lengths, struct pair *ret_pairs)
{
	uint32_t near[NEIGHBOURS] = { 0 }; /* the first, then the last ones in turns */
	uint32_t users = 0;
	size_t pairs = 0;

	for (size_t i = 0; i < phrases->count; i++) {
		const struct phrase *one = &phrases->at[i];
		bool is_new = i == 0 || one[-1].hash != one->hash;

		if (!is_new && one[-1].person == one->person)
			continue;
		ret_lengths[one->person]++;
		users = is_new ? 0 : users;
		for (uint32_t k = 0; k < users && k < NEIGHBOURS; k++)
			ret_pairs[pairs++] = (struct pair){ near[k], one->person };
		near[users == 0 ? 0 : 1 + (users - 1) % (NEIGHBOURS - 1)] = one->person;
		users++;
	}
	qsort(ret_pairs, pairs, sizeof(*ret_pairs), compare_pairs);
	return pairs;
}

static bool are_copies(const struct pair *pair, size_t shared, const uint32_t *lengths)
{
	uint32_t shorter = lengths[pair->first] < lengths[pair->second] ? lengths[pair->first]
									: lengths[pair->second];

	return shorter >= COPY_PHRASES && (double)shared >= COPY_SHARE * shorter;
}

static uint32_t root_of(uint32_t *copied, uint32_t person)
{
	while (copied[person] != person) {
		copied[person] = copied[copied[person]];
		person = copied[person];
	}
	return person;
}

static void say(const struct crowd *crowd, uint32_t first, uint32_t *copied, uint32_t count)
{
	uint32_t *sizes = ARENA_ARRAY(crowd->arena, uint32_t, count);

	for (uint32_t i = 0; i < count; i++)
		sizes[root_of(copied, i)]++;
	for (uint32_t i = 0; i < count; i++)
		if (sizes[root_of(copied, i)] > 1)
			crowd->people[first + i].reasons[SUSPICION_COPY] = arena_format(
				crowd->arena, "the remarks of %u tenants are nearly the same",
				sizes[root_of(copied, i)]);
}

static void add_remarks(struct phrases *phrases, const struct person *person, uint32_t number)
{
	for (uint32_t i = 0; i < person->count; i++)
		add_text(phrases, person->said[i]->remark, number);
	for (uint32_t i = 0; i < person->sheet_count; i++)
		add_text(phrases, person->sheet[i]->remark, number);
}

/* Of the people of one provider. */
static void suspect(struct crowd *crowd, uint32_t first, uint32_t count)
{
	struct phrases phrases = { .arena = crowd->arena };
	uint32_t *lengths = ARENA_ARRAY(crowd->arena, uint32_t, count);
	uint32_t *copied = ARENA_ARRAY(crowd->arena, uint32_t, count);
	struct pair *pairs;
	size_t pair_count;

	for (uint32_t i = 0; i < count; i++) {
		copied[i] = i;
		add_remarks(&phrases, &crowd->people[first + i], i);
	}
	if (phrases.count == 0)
		return;
	qsort(phrases.at, phrases.count, sizeof(*phrases.at), compare_phrases);
	pairs = ARENA_ARRAY(crowd->arena, struct pair, NEIGHBOURS * phrases.count);
	pair_count = pair_up(&phrases, lengths, pairs);
	for (size_t i = 0, next; i < pair_count; i = next) {
		for (next = i + 1;
		     next < pair_count && compare_pairs(&pairs[i], &pairs[next]) == 0;)
			next++;
		if (!are_copies(&pairs[i], next - i, lengths))
			continue;
		crowd_join(crowd, first + pairs[i].first, first + pairs[i].second);
		copied[root_of(copied, pairs[i].second)] = root_of(copied, pairs[i].first);
	}
	say(crowd, first, copied, count);
}

void suspect_copies(struct crowd *crowd)
{
	for (uint32_t first = 0, end; first < crowd->count; first = end) {
		end = crowd_end(crowd, first);
		suspect(crowd, first, end - first);
	}
}
