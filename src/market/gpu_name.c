#include <string.h>

#include "market/catalogue_parts.h"

enum {
	TOKENS_MAXIMUM = 24,
	JOINED_MAXIMUM = 5, /* words that one spelling may have: "quadro rtx 6000" */
};

/* A text about a GPU in words: "H100_80GB", "a100-sxm-80". */
struct words {
	struct span items[TOKENS_MAXIMUM]; /* small letters and digits */
	bool used[TOKENS_MAXIMUM];
	unsigned count;
	char text[512];
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c);
}

/* A point between digits belongs to the word: 0.5x is not 5x. */
static bool belongs(const char *text, size_t length, size_t i)
{
	return is_word(text[i]) || (text[i] == '.' && i > 0 && i + 1 < length &&
				    is_digit(text[i - 1]) && is_digit(text[i + 1]));
}

static void cut_words(struct span text, struct words *words)
{
	size_t length = text.length < sizeof(words->text) ? text.length : sizeof(words->text);

	for (size_t i = 0; i < length; i++) {
		char c = text.at[i];

		words->text[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	words->count = 0;
	for (size_t i = 0; i < length && words->count < TOKENS_MAXIMUM;) {
		size_t start = i;

		while (i < length && belongs(words->text, length, i))
			i++;
		if (i > start) {
			words->used[words->count] = false;
			words->items[words->count++] =
				(struct span){ .at = words->text + start, .length = i - start };
		} else {
			i++;
		}
	}
}

/* GPU_NONE when it is no spelling. */
static uint16_t find_alias(const struct catalogue *catalogue, struct span word)
{
	size_t low = 0, high = catalogue->alias_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = span_compare(catalogue->aliases[middle].text, word);

		if (order == 0)
			return catalogue->aliases[middle].gpu;
		if (order > 0)
			high = middle;
		else
			low = middle + 1;
	}
	return GPU_NONE;
}

/* Where a spelling stands in the words. */
struct place {
	uint16_t gpu;
	unsigned first, count;
	size_t length;
	struct span rest; /* of the last word, behind the spelling: "h100sxm5" */
};

/* The longest spelling of `count` words from `first` on. */
static void look_at(const struct catalogue *catalogue, const struct words *words, unsigned first,
		    unsigned count, struct place *best)
{
	char joined[SPELLING_MAXIMUM];
	size_t length = 0;

	for (unsigned i = first; i < first + count; i++) {
		struct span word = words->items[i];

		if (length + word.length > sizeof(joined))
			return;
		memcpy(joined + length, word.at, word.length);
		length += word.length;
	}

	uint16_t gpu = find_alias(catalogue, (struct span){ joined, length });
	if (gpu != GPU_NONE && length > best->length)
		*best = (struct place){
			.gpu = gpu, .first = first, .count = count, .length = length
		};
}

/* Reads one word that says something about the GPU; false when it does not. */
static bool take_word(struct span word, struct gpu_said *said);

/* A spelling at the front of a word whose rest says something itself. */
static void look_into(const struct catalogue *catalogue, const struct words *words, unsigned at,
		      struct place *best)
{
	struct span word = words->items[at];

	for (size_t length = word.length; length-- > 2;) {
		struct span front = { .at = word.at, .length = length };
		struct span rest = { .at = word.at + length, .length = word.length - length };
		struct gpu_said ignored = { 0 };
		uint16_t gpu = find_alias(catalogue, front);

		if (gpu == GPU_NONE || length <= best->length || is_digit(rest.at[0]) ||
		    !take_word(rest, &ignored))
			continue;
		*best = (struct place){
			.gpu = gpu, .first = at, .count = 1, .length = length, .rest = rest
		};
		return;
	}
}

/* The longest spelling among the words that are not used yet. */
static struct place find_place(const struct catalogue *catalogue, const struct words *words)
{
	struct place best = { .gpu = GPU_NONE };

	for (unsigned first = 0; first < words->count; first++) {
		for (unsigned count = 1; count <= JOINED_MAXIMUM && first + count <= words->count &&
					 !words->used[first + count - 1];
		     count++)
			look_at(catalogue, words, first, count, &best);
		if (!words->used[first])
			look_into(catalogue, words, first, &best);
	}
	return best;
}

/* The number at the front, and what stands behind it; false when there is none. */
static bool cut_number(struct span word, uint64_t *ret_number, struct span *ret_rest)
{
	size_t length = 0;

	while (length < word.length && is_digit(word.at[length]))
		length++;
	*ret_rest = (struct span){ .at = word.at + length, .length = word.length - length };
	return length <= 6 && span_to_u64((struct span){ word.at, length }, ret_number);
}

/* "8x", "80gb"; a slice is said as "1g" of seven, or "16q" of a card that is shared. */
static bool take_counted(struct span word, struct gpu_said *said)
{
	uint64_t number;
	struct span rest;

	if (word.length > 1 && word.at[0] == 'x' &&
	    cut_number((struct span){ word.at + 1, word.length - 1 }, &number, &rest) &&
	    rest.length == 0) {
		said->count = (unsigned)number;
		return true;
	}
	if (!cut_number(word, &number, &rest))
		return false;
	if (span_is(rest, "x"))
		said->count = (unsigned)number;
	else if (span_is(rest, "gb") || span_is(rest, "gib"))
		said->memory_gb = (unsigned)number;
	else if (span_is(rest, "g") && number < 8)
		said->fraction = true;
	else if (span_is(rest, "g"))
		said->memory_gb = (unsigned)number;
	else if (span_is(rest, "q"))
		said->fraction = true;
	else
		return false;
	return true;
}

static bool take_word(struct span word, struct gpu_said *said)
{
	enum form form;

	if (span_is(word, "mig") || span_is(word, "vgpu")) {
		said->fraction = true;
		return true;
	}
	if (span_starts(word, "0.") && word.length > 3 && word.at[word.length - 1] == 'x') {
		said->fraction = true;
		return true;
	}
	if (form_find(word, &form) && form != FORM_UNKNOWN) {
		said->form = form;
		return true;
	}
	return take_counted(word, said);
}

/* A bare number that is a size which this GPU comes in: the 80 of "a100-sxm-80". */
static void take_bare(const struct gpu_row *row, struct span word, struct gpu_said *said)
{
	uint64_t number;

	if (!span_to_u64(word, &number))
		return;
	for (unsigned i = 0; i < GPU_MEMORIES_MAXIMUM; i++) {
		if (row->memories_gb[i] != 0 && row->memories_gb[i] == number)
			said->memory_gb = (unsigned)number;
	}
}

/* "1/8 A16" */
static bool has_fraction(struct span text)
{
	for (size_t i = 1; i + 1 < text.length; i++) {
		if (text.at[i] == '/' && is_digit(text.at[i - 1]) && is_digit(text.at[i + 1]))
			return true;
	}
	return false;
}

/* Whether what is left names another family: then it is not known which one is meant. */
static bool names_another(const struct catalogue *catalogue, struct words *words, uint16_t gpu)
{
	for (;;) {
		struct place other = find_place(catalogue, words);

		if (other.gpu == GPU_NONE)
			return false;
		if (other.gpu != gpu)
			return true;
		for (unsigned i = 0; i < other.count; i++)
			words->used[other.first + i] = true;
	}
}

void gpu_read(const struct catalogue *catalogue, struct span text, struct gpu_said *ret_said)
{
	struct gpu_said said = { .gpu = GPU_NONE };
	struct words words;
	struct place place;

	cut_words(text, &words);
	place = find_place(catalogue, &words);
	said.fraction = has_fraction(text);
	for (unsigned i = 0; i < place.count; i++)
		words.used[place.first + i] = true;
	if (place.rest.length > 0)
		(void)take_word(place.rest, &said);
	for (unsigned i = 0; i < words.count; i++) {
		if (words.used[i])
			continue;
		/* "80 GB" are two words. */
		bool is_unit = i + 1 < words.count && (span_is(words.items[i + 1], "gb") ||
						       span_is(words.items[i + 1], "gib"));
		uint64_t number;

		if (is_unit && span_to_u64(words.items[i], &number) && number < UINT16_MAX)
			said.memory_gb = (unsigned)number;
		else if (!take_word(words.items[i], &said) && place.gpu != GPU_NONE)
			take_bare(&catalogue->gpus[place.gpu], words.items[i], &said);
	}
	if (place.gpu != GPU_NONE && !names_another(catalogue, &words, place.gpu))
		said.gpu = place.gpu;
	*ret_said = said;
}
