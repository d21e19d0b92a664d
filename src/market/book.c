#include <stdlib.h>
#include <string.h>

#include "market/fingerprint.h"
#include "market/judge.h"

enum {
	ROOM_FIRST = 1024,
	ROOM_LARGE = 1 << 16, /* quotes of a few MiB */
	ABOUT_MAXIMUM = 120,  /* bytes of an example */
	/* Names of quotes that are handed on and not kept; more of them are forgotten together with
	 * the fingerprints, so that memory does not grow with the file. */
	STREAMED_NAMES_MAXIMUM = 1 << 20,
	STREAMED_NAME_BYTES_MAXIMUM = 32 << 20,
};

/* What a book knows besides its quotes. */
struct book_memory {
	struct fingerprints fingerprints;
	struct glossary glossary;
};

static struct book_memory *memory_of(struct book *book)
{
	if (!book->memory) {
		book->memory = calloc(1, sizeof(*book->memory));
		if (!book->memory)
			memory_exhausted(sizeof(*book->memory));
		book->memory->glossary.catalogue = book->catalogue;
	}
	return book->memory;
}

void book_release(struct book *book)
{
	if (book->memory) {
		fingerprints_release(&book->memory->fingerprints);
		glossary_release(&book->memory->glossary);
		free(book->memory);
	}
	free(book->quotes);
	names_release(&book->names);
	arena_release(&book->arena);
	*book = (struct book){ 0 };
}

static void copy_examples(const struct refusal_count *from, struct arena *arena,
			  struct refusal_count *ret_count)
{
	*ret_count = *from;
	for (unsigned i = 0; i < BOOK_EXAMPLES_MAXIMUM; i++) {
		struct refusal_example *example = &ret_count->examples[i];

		if (example->file)
			example->file = arena_string(arena, span_of(example->file));
		if (example->text)
			example->text = arena_string(arena, span_of(example->text));
	}
}

void book_continue(const struct book *before, struct book *ret_book)
{
	struct book book = *before;
	size_t size = before->count * sizeof(*book.quotes);

	book.sink = (struct book_sink){ 0 };
	book.room = before->count;
	book.quotes = size > 0 ? malloc(size) : NULL;
	if (size > 0 && !book.quotes)
		memory_exhausted(size);
	if (size > 0)
		memcpy(book.quotes, before->quotes, size);
	book.arena = (struct arena){ 0 };
	for (unsigned i = 0; i < REFUSAL_COUNT; i++)
		copy_examples(&before->refused[i], &book.arena, &book.refused[i]);
	names_copy(&before->names, &book.names);
	book.memory = NULL;
	if (before->memory)
		fingerprints_copy(&before->memory->fingerprints, &memory_of(&book)->fingerprints);
	*ret_book = book;
}

/* ---- rows that are no quotes ---- */

/* Appends what can be shown of the text: others' bytes must not move a cursor. */
static void add_shown(char *into, size_t *length, struct span text)
{
	if (text.length == 0)
		return;
	if (*length > 0 && *length < ABOUT_MAXIMUM)
		into[(*length)++] = ' ';
	for (size_t i = 0; i < text.length && *length < ABOUT_MAXIMUM; i++) {
		char c = text.at[i];

		into[(*length)++] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
	}
}

static void keep_example(struct book *book, const char *file, const struct draft *draft,
			 struct refusal_example *example)
{
	struct span seen = draft->product.length > 0 ? draft->product : draft->gpu;
	char about[ABOUT_MAXIMUM];
	size_t length = 0;

	add_shown(about, &length, draft->provider);
	add_shown(about, &length, seen);
	add_shown(about, &length, draft->price);
	*example = (struct refusal_example){
		.file = arena_string(&book->arena, span_of(file)),
		.line = draft->line,
		.text = arena_string(&book->arena, (struct span){ about, length }),
	};
}

static bool refuse(struct book *book, const char *file, const struct draft *draft, enum refusal why,
		   struct error *err)
{
	struct refusal_count *refused = &book->refused[why];

	if (refused->count < BOOK_EXAMPLES_MAXIMUM)
		keep_example(book, file, draft, &refused->examples[refused->count]);
	refused->count++;
	book->rows++;
	return !book->sink.refuse ||
	       book->sink.refuse(book->sink.context, why, file, draft->line, draft, err);
}

bool book_refuse(struct book *book, const char *file, uint64_t line, enum refusal why,
		 struct span about, struct error *err)
{
	struct draft draft;

	draft_init(&draft);
	draft.product = about;
	draft.line = line;
	return refuse(book, file, &draft, why, err);
}

/* ---- quotes ---- */

/* A name that is new has to be fit to print. */
static enum refusal add_name(struct book *book, struct span text, name_t *ret_name)
{
	for (size_t i = 0; i < text.length; i++) {
		if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
			return REFUSAL_MALFORMED;
	}
	if (!span_is_utf8(text, NULL))
		return REFUSAL_MALFORMED;
	return names_add(&book->names, text, ret_name) ? REFUSAL_NONE : REFUSAL_TOO_LONG;
}

/* The catalogue's name of the provider, else its own in small letters, for which there is `room`.
 */
static struct span provider_name(const struct provider_row *known, struct span text,
				 char room[static NAME_LENGTH_MAXIMUM])
{
	if (known)
		return span_of(known->name);
	text = span_trim(text);
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		room[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	return (struct span){ room, text.length };
}

enum {
	QUOTE_NAMES = 8,
};

static enum refusal add_names(struct book *book, const struct draft *draft,
			      const struct provider_row *provider, struct quote *quote)
{
	char room[NAME_LENGTH_MAXIMUM];
	const struct span texts[QUOTE_NAMES] = {
		provider_name(provider, draft->provider, room),
		span_trim(draft->product),
		span_trim(draft->region),
		span_trim(draft->machine),
		span_trim(draft->host),
		span_trim(draft->source),
		span_trim(draft->licence),
		span_trim(draft->network),
	};
	name_t *const places[QUOTE_NAMES] = {
		&quote->provider, &quote->product, &quote->region,  &quote->machine,
		&quote->host,     &quote->source,  &quote->licence, &quote->network,
	};
	name_t found[QUOTE_NAMES];
	enum refusal why = REFUSAL_NONE;

	names_find_all(&book->names, texts, QUOTE_NAMES, found);
	for (unsigned i = 0; i < QUOTE_NAMES && why == REFUSAL_NONE; i++) {
		*places[i] = found[i];
		if (found[i] == NAME_NONE && texts[i].length > 0)
			why = add_name(book, texts[i], places[i]);
	}
	return why;
}

/* Begins anew when the fingerprints are full or, where quotes are not kept, there are too many
 * names: a fingerprint is made of their numbers. */
static void forget(struct book *book, struct book_memory *memory)
{
	bool too_many = book->streaming && (book->names.count >= STREAMED_NAMES_MAXIMUM ||
					    book->names.arena.bytes >= STREAMED_NAME_BYTES_MAXIMUM);

	if (!too_many && !fingerprints_full(&memory->fingerprints))
		return;
	fingerprints_release(&memory->fingerprints);
	if (book->streaming)
		names_release(&book->names);
	book->forgotten++;
}

/* Room for all that a book may hold at once: memory that is not touched costs nothing, and moving a
 * large book costs much. False where the system does not give it. */
static bool make_all_room(struct book *book)
{
	size_t size = BOOK_QUOTES_MAXIMUM * sizeof(*book->quotes);
	struct quote *all = malloc(size);

	if (!all)
		return false;
	memory_prefer_huge_pages(all, size);
	memcpy(all, book->quotes, book->count * sizeof(*all));
	free(book->quotes);
	book->quotes = all;
	book->room = BOOK_QUOTES_MAXIMUM;
	return true;
}

static bool make_room(struct book *book, const char *file, struct error *err)
{
	size_t room = book->room > 0 ? book->room * 2 : ROOM_FIRST;
	struct quote *larger;

	if (book->count < book->room)
		return true;
	if (book->count == BOOK_QUOTES_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "'%s' brings the quotes to more than %d; take fewer files", file,
			    BOOK_QUOTES_MAXIMUM);
	if (book->count >= ROOM_LARGE && make_all_room(book))
		return true;
	larger = realloc(book->quotes, room * sizeof(*larger));
	if (!larger)
		memory_exhausted(room * sizeof(*larger));
	book->quotes = larger;
	book->room = room;
	return true;
}

static bool keep(struct book *book, const struct quote *quote, struct error *err)
{
	book->count += !book->streaming;
	book->kept++;
	book->rows++;
	return !book->sink.keep || book->sink.keep(book->sink.context, &book->names, quote, err);
}

bool book_take(struct book *book, const char *file, const struct draft *draft, struct error *err)
{
	struct book_memory *memory = memory_of(book);
	const struct provider_row *provider = NULL;
	struct quote quote;
	enum refusal why = draft_judge(book, &memory->glossary, draft, &quote, &provider);

	if (why == REFUSAL_NONE) {
		forget(book, memory);
		why = add_names(book, draft, provider, &quote);
	}
	if (why != REFUSAL_NONE)
		return refuse(book, file, draft, why, err);

	/* The quote is put in its place while the set's memory is on its way. */
	uint64_t fingerprint = fingerprint_of(&quote);
	fingerprints_prefetch(&memory->fingerprints, fingerprint);
	if (!book->streaming && !make_room(book, file, err))
		return false;
	if (!book->streaming)
		book->quotes[book->count] = quote;
	if (!fingerprints_add(&memory->fingerprints, fingerprint))
		return refuse(book, file, draft, REFUSAL_DUPLICATE, err);
	return keep(book, &quote, err);
}
