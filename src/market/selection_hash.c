#include <assert.h>
#include <string.h>

#include "base/parallel.h"
#include "evidence/record.h"
#include "market/selection.h"

/* Written by hand and in pieces: a million lines are hashed without ever being held at once. */

static_assert(RECORD_HASH_BYTES == 32, "a hash of a selection is one of a record");

enum {
	PIECE_BYTES = 16 << 10,
	LINE_MAXIMUM = 2 * NAME_LENGTH_MAXIMUM + 8 * 24,
};

struct canonical {
	struct hashing hashing;
	size_t length;
	char piece[PIECE_BYTES];
};

static_assert(LINE_MAXIMUM < PIECE_BYTES, "a line fits a piece");

static void flush(struct canonical *into)
{
	hash_more(&into->hashing, (struct span){ .at = into->piece, .length = into->length });
	into->length = 0;
}

static void make_room(struct canonical *into)
{
	if (into->length + LINE_MAXIMUM > PIECE_BYTES)
		flush(into);
}

static void put_text(struct canonical *into, struct span text, char end)
{
	if (text.length > 0)
		memcpy(into->piece + into->length, text.at, text.length);
	into->length += text.length;
	into->piece[into->length++] = end;
}

static void put_number(struct canonical *into, int64_t value, char end)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		digits[--at] = '-';
	put_text(into, (struct span){ .at = digits + at, .length = sizeof(digits) - at }, end);
}

static void put_quote(struct canonical *into, const struct names *names, const struct quote *quote)
{
	make_room(into);
	put_text(into, names_text(names, quote->host), '\t');
	put_text(into, names_text(names, quote->machine), '\t');
	put_number(into, quote->gpus, '\t');
	put_number(into, quote->observed, '\t');
	put_number(into, quote->until, '\t');
	put_number(into, quote->usd_nano, '\t');
	put_number(into, quote->listings > 0 ? quote->listings : 1, '\n');
}

static void put_offer(struct canonical *into, const struct names *names, const struct quote *quote)
{
	make_room(into);
	put_text(into, SPAN("offer"), '\t');
	put_text(into, names_text(names, quote->product), '\t');
	put_text(into, names_text(names, quote->region), '\n');
}

struct provider_hash {
	bool any;
	uint8_t hash[RECORD_HASH_BYTES];
};

struct hash_work {
	const struct selection *selection;
	const bool *taken;
	struct provider_hash *hashes;
};

static void hash_provider(void *context, size_t item, unsigned worker)
{
	const struct hash_work *work = context;
	const struct selection *selection = work->selection;
	const struct stretch *stretch = &selection->providers[item];
	const struct quote *before = NULL;
	struct canonical into = { .length = 0 };

	(void)worker;
	hash_start(&into.hashing);
	for (uint32_t i = stretch->first; i < stretch->first + stretch->count; i++) {
		const struct quote *quote = &selection->book->quotes[selection->quotes[i]];

		if (work->taken && !work->taken[i])
			continue;
		if (!before || before->product != quote->product || before->region != quote->region)
			put_offer(&into, &selection->book->names, quote);
		put_quote(&into, &selection->book->names, quote);
		before = quote;
	}
	flush(&into);
	work->hashes[item].any = before;
	hash_end(&into.hashing, work->hashes[item].hash);
}

void selection_hash(const struct selection *selection, const bool *taken, unsigned threads,
		    uint8_t ret_hash[static 32])
{
	SCOPED_ARENA(scratch);
	struct hash_work work = {
		.selection = selection,
		.taken = taken,
		.hashes = ARENA_ARRAY(&scratch, struct provider_hash, selection->provider_count),
	};
	struct hashing whole;
	char text[RECORD_HASH_TEXT];

	parallel_for(selection->provider_count, threads, hash_provider, &work);
	hash_start(&whole);
	for (size_t i = 0; i < selection->provider_count; i++) {
		name_t provider = selection->providers[i].provider;

		if (!work.hashes[i].any)
			continue;
		hash_more(&whole, names_text(&selection->book->names, provider));
		hash_more(&whole, SPAN("\t"));
		hash_more(&whole, span_of(hash_format(work.hashes[i].hash, text)));
		hash_more(&whole, SPAN("\n"));
	}
	hash_end(&whole, ret_hash);
}
