#include "market/names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_ROOM = 256,
	FIRST_SLOTS = 1024,
	PIECE_FIRST = 1 << 10,
	PIECE_BYTES = 1 << 14,
};

void names_release(struct names *names)
{
	free(names->texts);
	free(names->slots);
	arena_release(&names->arena);
	*names = (struct names){ 0 };
}

/* Eight bytes a step, mixed by multiplication: names are short and there are many. */
static uint64_t hash(struct span text)
{
	static const uint64_t odd = 0x9e3779b97f4a7c15u;
	uint64_t value = text.length * odd;
	size_t i = 0;

	for (; i + 8 <= text.length; i += 8) {
		uint64_t piece;

		memcpy(&piece, text.at + i, 8);
		value = (value ^ piece) * odd;
		value ^= value >> 32;
	}
	if (i < text.length) {
		uint64_t piece = 0;

		memcpy(&piece, text.at + i, text.length - i);
		value = (value ^ piece) * odd;
		value ^= value >> 32;
	}
	value *= odd;
	return value ^ value >> 29;
}

static void *grown(void *old, size_t size)
{
	void *larger = realloc(old, size);

	if (!larger)
		memory_exhausted(size);
	return larger;
}

/* A slot's tag is what of the hash is not its place: most texts that differ are told apart by it.
 */
static uint32_t tag_of(uint64_t hashed)
{
	return (uint32_t)(hashed >> 32);
}

/* The slot that holds the text, or the empty one where it belongs. */
static size_t find_slot(const struct names *names, struct span text, uint64_t hashed)
{
	size_t mask = names->slot_count - 1;

	for (size_t slot = (size_t)hashed & mask;; slot = (slot + 1) & mask) {
		const struct name_slot *at = &names->slots[slot];

		if (at->name == NAME_NONE)
			return slot;
		if (at->tag == tag_of(hashed) && span_equal(names->texts[at->name], text))
			return slot;
	}
}

static void place(struct names *names, name_t name, uint64_t hashed)
{
	names->slots[find_slot(names, names->texts[name], hashed)] =
		(struct name_slot){ .tag = tag_of(hashed), .name = name };
}

static void grow_slots(struct names *names)
{
	size_t count = names->slot_count > 0 ? names->slot_count * 2 : FIRST_SLOTS;

	free(names->slots);
	names->slots = calloc(count, sizeof(*names->slots));
	if (!names->slots)
		memory_exhausted(count * sizeof(*names->slots));
	names->slot_count = count;
	for (size_t i = 1; i < names->count; i++)
		place(names, (name_t)i, hash(names->texts[i]));
}

static void make_room(struct names *names)
{
	if (names->count == 0)
		names->count = 1; /* the empty name */
	if (names->count >= names->room) {
		names->room = names->room > 0 ? names->room * 2 : FIRST_ROOM;
		names->texts = grown(names->texts, names->room * sizeof(*names->texts));
		names->texts[NAME_NONE] = SPAN("");
	}
	if (names->count * 4 >= names->slot_count * 3)
		grow_slots(names);
}

/* A copy that ends with a NUL; copies lie end to end, because there may be millions. */
static struct span copy_text(struct names *names, struct span text)
{
	char *at;

	if (names->piece_left < text.length + 1) {
		names->piece_left = names->piece ? PIECE_BYTES : PIECE_FIRST;
		names->piece = arena_take(&names->arena, names->piece_left);
	}
	at = names->piece;
	memcpy(at, text.at, text.length);
	at[text.length] = '\0';
	names->piece += text.length + 1;
	names->piece_left -= text.length + 1;
	return (struct span){ .at = at, .length = text.length };
}

bool names_add(struct names *names, struct span text, name_t *ret_name)
{
	*ret_name = NAME_NONE;
	if (text.length == 0)
		return true;
	if (text.length > NAME_LENGTH_MAXIMUM)
		return false;
	make_room(names);

	uint64_t hashed = hash(text);
	name_t name = names->slots[find_slot(names, text, hashed)].name;

	if (name == NAME_NONE) {
		if (names->count > NAMES_MAXIMUM)
			return false;
		name = (name_t)names->count++;
		names->texts[name] = copy_text(names, text);
		place(names, name, hashed);
	}
	*ret_name = name;
	return true;
}

void names_copy(const struct names *from, struct names *ret_names)
{
	struct names names = { 0 };
	name_t name;

	for (size_t i = NAME_NONE + 1; i < from->count; i++) {
		bool added = names_add(&names, from->texts[i], &name);

		assert(added && name == (name_t)i);
		(void)added;
	}
	*ret_names = names;
}

name_t names_find(const struct names *names, struct span text)
{
	if (names->slot_count == 0 || text.length == 0)
		return NAME_NONE;
	return names->slots[find_slot(names, text, hash(text))].name;
}

void names_find_all(const struct names *names, const struct span *texts, size_t count,
		    name_t *ret_names)
{
	size_t mask = names->slot_count - 1;
	uint64_t hashes[NAMES_AT_ONCE];

	assert(count <= NAMES_AT_ONCE);
	memset(ret_names, 0, count * sizeof(*ret_names));
	if (names->slot_count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		hashes[i] = hash(texts[i]);
		__builtin_prefetch(&names->slots[hashes[i] & mask]);
	}
	/* The first slot is nearly always the one. */
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(&names->texts[names->slots[hashes[i] & mask].name]);
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(names->texts[names->slots[hashes[i] & mask].name].at);
	for (size_t i = 0; i < count; i++) {
		if (texts[i].length > 0)
			ret_names[i] = names->slots[find_slot(names, texts[i], hashes[i])].name;
	}
}

struct span names_text(const struct names *names, name_t name)
{
	return name < names->count ? names->texts[name] : SPAN("");
}
