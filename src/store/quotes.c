#include "store/quotes.h"

#include <string.h>

#include "evidence/record.h"
#include "market/key.h"
#include "market/quote_line.h"

enum {
	BATCH_BYTES = 32 << 20,
	ID_DIGITS = 24,
	PART_MAXIMUM = 300, /* bytes of one part of a subject */
};

/* A name as a part of a subject, where a slash parts and a star stands for nothing. */
static void add_part(struct text *into, struct span name)
{
	if (name.length == 0 || name.length > PART_MAXIMUM) {
		text_add_char(into, '*');
		return;
	}
	for (size_t i = 0; i < name.length; i++)
		text_add_char(into, name.at[i] == '/' || name.at[i] == '*' ? '_' : name.at[i]);
}

static const char *subject_of(const struct names *names, const struct quote *quote,
			      struct arena *arena)
{
	SCOPED_TEXT(subject);

	add_part(&subject, names_text(names, quote->provider));
	text_add_char(&subject, '/');
	add_part(&subject, names_text(names, quote->product));
	text_add_char(&subject, '/');
	add_part(&subject, names_text(names, quote->region));
	return arena_string(arena, text_span(&subject));
}

/* Tiers are what the catalogue says of providers, and no part of what was quoted. */
static const char *key_of(const struct catalogue *catalogue, const struct quote *quote,
			  struct arena *arena)
{
	const struct key key = {
		.gpu = quote->gpu,
		.memory_gb = quote->memory_gb,
		.term_months = quote->term_months,
		.form = quote->form,
		.rental = quote->rental,
		.tier = KEY_ALL_TIERS,
	};
	SCOPED_TEXT(text);

	key_format(&key, catalogue, &text);
	return arena_string(arena, text_span(&text));
}

/* "quote-2026-03-02.5f0c…": those of one day stand side by side. */
static const char *id_of(struct span line, const struct quote *quote, struct arena *arena)
{
	uint8_t hash[RECORD_HASH_BYTES];
	char digits[RECORD_HASH_TEXT], day[DATE_TEXT_SIZE];

	hash_bytes(line, hash);
	return arena_format(arena, "quote-%s.%.*s", date_format(quote_day(quote), day), ID_DIGITS,
			    hash_format(hash, digits) + strlen("sha256:"));
}

bool store_quote_flush(struct quote_intake *intake, struct error *err)
{
	const struct store_batch batch = { .stream = STORE_QUOTES,
					   .party = intake->party,
					   .time = intake->now,
					   .entries = intake->entries,
					   .count = intake->count };

	if (intake->count == 0)
		return true;
	if (!store_append(intake->store, &batch, &intake->receipt, err))
		return false;
	intake->taken += intake->receipt.taken;
	intake->known += intake->receipt.known;
	intake->entries = NULL;
	intake->count = intake->bytes = 0;
	arena_clear(&intake->arena);
	return true;
}

void store_quote_release(struct quote_intake *intake)
{
	arena_release(&intake->arena);
	*intake = (struct quote_intake){ 0 };
}

bool store_quote_add(struct quote_intake *intake, const struct names *names,
		     const struct quote *quote, struct error *err)
{
	struct arena *arena = &intake->arena;
	struct span kept;
	SCOPED_TEXT(line);

	if (!intake->entries)
		intake->entries = ARENA_ARRAY(arena, struct store_entry, QUOTES_IN_BATCH);
	quote_line_write(&line, intake->catalogue, names, quote);
	kept = (struct span){ arena_string(arena, text_span(&line)), line.length };
	intake->entries[intake->count++] = (struct store_entry){
		.line = kept,
		.id = id_of(kept, quote, arena),
		.subject = subject_of(names, quote, arena),
		.what = key_of(intake->catalogue, quote, arena),
		.time = quote->observed,
		.value = quote_usd(quote),
	};
	intake->bytes += kept.length;
	return (intake->count < QUOTES_IN_BATCH && intake->bytes < BATCH_BYTES) ||
	       store_quote_flush(intake, err);
}

bool store_load_quotes(struct store *store, const struct store_query *query, struct book *book,
		       int64_t *ret_last, struct error *err)
{
	struct store_cursor *cursor = NULL;
	int64_t last = query->after;
	struct store_found found;
	struct draft draft;
	SCOPED_ARENA(scratch);
	bool more = true, good = store_find(store, query, &cursor, err);

	while (good && (good = store_next(cursor, &found, &more, err)) && more) {
		arena_clear(&scratch);
		good = quote_line_read(found.entry.line, "the store", 1, &scratch, &draft, err);
		draft.line = (uint64_t)found.sequence;
		good = good ? book_take(book, "the store", &draft, err)
			    : fail_while(err, "entry %lld", (long long)found.sequence);
		last = found.sequence;
	}
	store_cursor_close(cursor);
	if (good && ret_last)
		*ret_last = last;
	return good;
}
