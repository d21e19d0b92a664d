#include "check/gpu/majority.h"

#include <string.h>

const char *record_words(const struct record *record, struct arena *arena)
{
	if (record && record->says == SAYS_STATE)
		return record->text;
	if (record && record->says == SAYS_VALUE)
		return arena_format(arena, "%.15g %s", record->value, record->unit);
	return NULL;
}

static size_t votes_for(const char *const *texts, size_t count, const char *text)
{
	size_t votes = 0;

	for (size_t i = 0; i < count; i++)
		votes += texts[i] && strcmp(texts[i], text) == 0;
	return votes;
}

const char *majority_of(const char *const *texts, size_t count, size_t *ret_said)
{
	size_t said = 0;

	for (size_t i = 0; i < count; i++)
		said += texts[i] != NULL;
	*ret_said = said;
	for (size_t i = 0; i < count; i++)
		if (texts[i] && 2 * votes_for(texts, count, texts[i]) > said)
			return texts[i];
	return NULL;
}
