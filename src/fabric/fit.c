#include "fabric/fit.h"

#include <assert.h>
#include <string.h>

enum {
	HASH_DIGITS = 8,
};

static const unsigned maxima[] = {
	[FIT_SLURM] = 64,
	[FIT_LABEL] = 63,
	[FIT_OBJECT] = 253,
};
static_assert(sizeof(maxima) / sizeof(maxima[0]) == FIT_FORM_COUNT, "a row for each form");

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static char fit_character(char c, enum fit_form form)
{
	if (form == FIT_OBJECT && c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if (is_alphanumeric(c) || c == '-' || c == '.' || (c == '_' && form != FIT_OBJECT))
		return c;
	return '-';
}

/* FNV-1a. Twice with different starts it would still be no secret; it only tells names apart. */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (const char *at = name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return hash;
}

/* With a hash at its end where `hashed`; `copy` makes a second and third of one name. */
static const char *make(const char *name, enum fit_form form, bool hashed, unsigned copy,
			struct arena *arena)
{
	size_t length = strlen(name);
	size_t room = maxima[form] - (hashed ? HASH_DIGITS + 1 : 0) - (copy > 0 ? HASH_DIGITS : 0);
	char *at = arena_take(arena, maxima[form] + 1);

	if (length > room)
		length = room;
	for (size_t i = 0; i < length; i++) {
		at[i] = fit_character(name[i], form);
		/* Between the labels of an object's name stands a point and nothing else. */
		if (form == FIT_OBJECT && at[i] == '.' && (i == 0 || !is_alphanumeric(at[i - 1])))
			at[i] = '-';
		if (form == FIT_OBJECT && at[i] == '-' && i > 0 && at[i - 1] == '.')
			at[i] = 'x';
	}
	if (length == 0)
		at[length++] = 'x';
	if (form != FIT_SLURM && !is_alphanumeric(at[0]))
		at[0] = 'x';
	if (form != FIT_SLURM && !is_alphanumeric(at[length - 1]))
		at[length - 1] = 'x';
	at[length] = '\0';
	if (!hashed)
		return at;
	return copy > 0 ? arena_format(arena, "%s-%08x-%u", at, hash_of(name), copy)
			: arena_format(arena, "%s-%08x", at, hash_of(name));
}

bool fit_is(const char *name, enum fit_form form)
{
	SCOPED_ARENA(arena);

	return strlen(name) <= maxima[form] &&
	       strcmp(make(name, form, false, 0, &arena), name) == 0;
}

const char *fit_name(const char *name, enum fit_form form, struct arena *arena)
{
	return make(name, form, strlen(name) > maxima[form], 0, arena);
}

/* An open hash table of what is taken. */
struct taken {
	const char **slots;
	uint32_t size; /* a power of two */
};

static bool take(struct taken *taken, const char *name)
{
	uint32_t slot = hash_of(name) & (taken->size - 1);

	while (taken->slots[slot]) {
		if (strcmp(taken->slots[slot], name) == 0)
			return false;
		slot = (slot + 1) & (taken->size - 1);
	}
	taken->slots[slot] = name;
	return true;
}

const char *const *fit_names(const char *const *names, uint32_t count, enum fit_form form,
			     struct arena *arena)
{
	const char **fitting = ARENA_ARRAY(arena, const char *, count);
	struct taken taken = { .size = 16 };

	while (taken.size < count * 2)
		taken.size *= 2;
	taken.slots = ARENA_ARRAY(arena, const char *, taken.size);
	/* What fits as it is comes first, so that nothing else takes its name. */
	for (uint32_t i = 0; i < count; i++) {
		if (fit_is(names[i], form) && take(&taken, names[i]))
			fitting[i] = names[i];
	}
	for (uint32_t i = 0; i < count; i++) {
		unsigned copy = 0;

		if (fitting[i])
			continue;
		fitting[i] = fit_name(names[i], form, arena);
		while (!take(&taken, fitting[i]))
			fitting[i] = make(names[i], form, true, copy++, arena);
	}
	return fitting;
}
