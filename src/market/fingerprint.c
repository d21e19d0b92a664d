#include "market/fingerprint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS_FIRST = 1 << 12,
	QUOTE_WORDS = sizeof(struct quote) / sizeof(uint64_t),
};

/* The bytes of a quote are its fields and nothing else. */
static_assert(sizeof(struct quote) == 120, "a quote has no padding");

uint64_t fingerprint_of(const struct quote *quote)
{
	static const uint64_t odd = 0x9e3779b97f4a7c15u;
	uint64_t words[QUOTE_WORDS];
	uint64_t value = odd;

	memcpy(words, quote, sizeof(words));
	for (unsigned i = 0; i < QUOTE_WORDS; i++) {
		value = (value ^ words[i]) * odd;
		value ^= value >> 32;
	}
	value *= odd;
	value ^= value >> 29;
	return value != 0 ? value : 1;
}

/* Where the fingerprint is, or belongs. */
static size_t find_slot(const struct fingerprints *fingerprints, uint64_t fingerprint)
{
	size_t mask = fingerprints->slot_count - 1;
	size_t slot = (size_t)fingerprint & mask;

	while (fingerprints->slots[slot] != 0 && fingerprints->slots[slot] != fingerprint)
		slot = (slot + 1) & mask;
	return slot;
}

static void grow(struct fingerprints *fingerprints)
{
	struct fingerprints larger = {
		.slot_count =
			fingerprints->slot_count > 0 ? fingerprints->slot_count * 2 : SLOTS_FIRST,
		.count = fingerprints->count,
	};

	larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
	if (!larger.slots)
		memory_exhausted(larger.slot_count * sizeof(*larger.slots));
	memory_prefer_huge_pages(larger.slots, larger.slot_count * sizeof(*larger.slots));
	for (size_t i = 0; i < fingerprints->slot_count; i++) {
		uint64_t fingerprint = fingerprints->slots[i];

		if (fingerprint != 0)
			larger.slots[find_slot(&larger, fingerprint)] = fingerprint;
	}
	free(fingerprints->slots);
	*fingerprints = larger;
}

void fingerprints_prefetch(const struct fingerprints *fingerprints, uint64_t fingerprint)
{
	if (fingerprints->slot_count > 0)
		__builtin_prefetch(
			&fingerprints->slots[fingerprint & (fingerprints->slot_count - 1)], 1);
}

bool fingerprints_full(const struct fingerprints *fingerprints)
{
	return fingerprints->count == FINGERPRINTS_MAXIMUM;
}

bool fingerprints_add(struct fingerprints *fingerprints, uint64_t fingerprint)
{
	assert(!fingerprints_full(fingerprints));
	if (fingerprints->count * 2 >= fingerprints->slot_count)
		grow(fingerprints);

	size_t slot = find_slot(fingerprints, fingerprint);
	if (fingerprints->slots[slot] == fingerprint)
		return false;
	fingerprints->slots[slot] = fingerprint;
	fingerprints->count++;
	return true;
}

void fingerprints_copy(const struct fingerprints *from, struct fingerprints *ret_fingerprints)
{
	struct fingerprints copy = *from;
	size_t size = from->slot_count * sizeof(*copy.slots);

	if (size > 0) {
		copy.slots = malloc(size);
		if (!copy.slots)
			memory_exhausted(size);
		memcpy(copy.slots, from->slots, size);
	}
	*ret_fingerprints = copy;
}

void fingerprints_release(struct fingerprints *fingerprints)
{
	free(fingerprints->slots);
	*fingerprints = (struct fingerprints){ 0 };
}
