#include "active/object_answer.h"

#include <string.h>

#include "base/text.h"

static const struct {
	const char *name;
	char character;
} entities[] = {
	{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' },
};

/* Where the piece begins in the text; NULL when it does not stand there. */
static const char *find(struct span text, const char *piece)
{
	size_t length = strlen(piece);

	for (size_t at = 0; at + length <= text.length; at++)
		if (memcmp(text.at + at, piece, length) == 0)
			return text.at + at;
	return NULL;
}

static void skip_to(struct span *text, const char *at)
{
	text->length -= (size_t)(at - text->at);
	text->at = at;
}

/* Bytes of the entity that the text begins with; 0 when it is none. */
static size_t read_entity(struct span text, char *ret_character)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (!span_starts(text, entities[i].name))
			continue;
		*ret_character = entities[i].character;
		return strlen(entities[i].name);
	}
	return 0;
}

static bool resolve(struct span content, struct arena *arena, const char **ret_text)
{
	SCOPED_TEXT(text);

	if (content.length > OBJECT_KEY_MAXIMUM)
		return false;
	while (content.length > 0) {
		char character = content.at[0];
		size_t length = 1;

		if (character == '<' || character == '\0')
			return false;
		if (character == '&')
			length = read_entity(content, &character);
		if (length == 0)
			return false;
		text_add_char(&text, character);
		skip_to(&content, content.at + length);
	}
	*ret_text = arena_string(arena, text_span(&text));
	return true;
}

bool answer_next(struct span *rest, const char *name, struct arena *arena, const char **ret_text)
{
	const char *open = arena_format(arena, "<%s>", name);
	const char *close = arena_format(arena, "</%s>", name);
	const char *from = find(*rest, open), *to;
	struct span content;

	if (!from)
		return false;
	skip_to(rest, from + strlen(open));
	to = find(*rest, close);
	if (!to)
		return false;
	content = (struct span){ rest->at, (size_t)(to - rest->at) };
	skip_to(rest, to + strlen(close));
	return resolve(content, arena, ret_text);
}

const char *answer_first(struct span answer, const char *name, struct arena *arena)
{
	const char *text;

	return answer_next(&answer, name, arena, &text) ? text : NULL;
}

const char *answer_quote(const char *text, struct arena *arena)
{
	SCOPED_TEXT(quoted);

	text_add_percent(&quoted, span_of(text));
	return arena_string(arena, text_span(&quoted));
}
