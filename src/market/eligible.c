#include "market/eligible.h"

#include <assert.h>
#include <string.h>

static_assert(REFUSAL_COUNT <= UINT8_MAX, "a verdict fits a byte");

enum {
	SECONDS_PER_DAY = 86400,
	SLOTS_PER_DAY = SECONDS_PER_DAY / LOOK_SLOT_S,
	SEEN_BEFORE_DAYS = 91,
};

static_assert((int)LOOK_SLOTS_MAXIMUM == (int)SLOTS_PER_DAY, "a look goes on for a day at most");

/* When a source was looked at, in slots of the window; `first` is where its newest look begins. */
struct looks {
	uint64_t *bits;
	int32_t first;
};

struct judging {
	struct eligible *eligible;
	int64_t start, end;  /* of the window, the end not in it */
	int32_t slots;       /* of the window */
	struct looks *looks; /* by name of the source */
};

static const struct quote *quote_at(const struct selection *selection, size_t place)
{
	return &selection->book->quotes[selection->quotes[place]];
}

/* When the quote was last confirmed, as one knew at the end of the day. */
static int64_t seen_at(const struct judging *judging, const struct quote *quote)
{
	return quote->until < judging->end ? quote->until : judging->end - 1;
}

static int32_t slot_of(const struct judging *judging, int64_t seen)
{
	return (int32_t)((seen - judging->start) / LOOK_SLOT_S);
}

/* Not yet, or stale: what no other quote has a say in. */
static enum refusal judge_time(const struct judging *judging, const struct quote *quote)
{
	if (quote->observed >= judging->end)
		return REFUSAL_NOT_YET;
	return seen_at(judging, quote) < judging->start ? REFUSAL_STALE : REFUSAL_NONE;
}

static void mark(const struct judging *judging, const struct quote *quote, struct arena *arena)
{
	struct looks *looks = &judging->looks[quote->source];
	int32_t slot = slot_of(judging, seen_at(judging, quote));

	if (!looks->bits)
		looks->bits = ARENA_ARRAY(arena, uint64_t, (size_t)judging->slots / 64 + 1);
	looks->bits[slot / 64] |= UINT64_C(1) << (slot % 64);
}

static bool is_marked(const struct looks *looks, int32_t slot)
{
	return slot >= 0 && (looks->bits[slot / 64] >> (slot % 64) & 1) != 0;
}

static void find_newest(struct looks *looks, int32_t slots)
{
	int32_t last = slots - 1;

	while (last > 0 && !is_marked(looks, last))
		last--;
	looks->first = last;
	while (is_marked(looks, looks->first - 1) && last - looks->first + 1 < LOOK_SLOTS_MAXIMUM)
		looks->first--;
}

/* First pass: times, and when each source was looked at. */
static void judge_times(const struct judging *judging, struct arena *arena)
{
	struct eligible *eligible = judging->eligible;
	const struct selection *selection = eligible->selection;

	for (size_t i = 0; i < selection->count; i++) {
		const struct quote *quote = quote_at(selection, i);
		enum refusal verdict = judge_time(judging, quote);

		eligible->verdicts[i] = (uint8_t)verdict;
		if (verdict == REFUSAL_NONE && quote->source != NAME_NONE)
			mark(judging, quote, arena);
	}
	for (size_t i = 0; i < selection->other_count; i++) {
		const struct quote *quote = &selection->book->quotes[selection->others[i]];

		if (judge_time(judging, quote) == REFUSAL_NONE && quote->source != NAME_NONE)
			mark(judging, quote, arena);
	}
	for (size_t n = 0; n <= selection->book->names.count; n++)
		if (judging->looks[n].bits)
			find_newest(&judging->looks[n], judging->slots);
}

static bool is_same_offer(const struct quote *a, const struct quote *b)
{
	return a->product == b->product && a->region == b->region && a->host == b->host &&
	       a->machine == b->machine && a->gpus == b->gpus;
}

static bool is_nameless(const struct eligible *eligible, size_t place)
{
	return eligible->verdicts[place] == REFUSAL_NONE &&
	       quote_at(eligible->selection, place)->source == NAME_NONE;
}

/* Of one offer's quotes without a source, in [from, to): those of the newest day stand. */
static void supersede_offer(const struct judging *judging, size_t from, size_t to)
{
	struct eligible *eligible = judging->eligible;
	date_t newest = DATE_NONE;

	for (size_t i = from; i < to; i++) {
		date_t day = date_from_unix(seen_at(judging, quote_at(eligible->selection, i)));

		if (is_nameless(eligible, i) && day > newest)
			newest = day;
	}
	for (size_t i = from; i < to; i++) {
		date_t day = date_from_unix(seen_at(judging, quote_at(eligible->selection, i)));

		if (is_nameless(eligible, i) && day < newest)
			eligible->verdicts[i] = REFUSAL_SUPERSEDED;
	}
}

static void supersede_nameless(const struct judging *judging, const struct stretch *stretch)
{
	const struct selection *selection = judging->eligible->selection;
	size_t end = stretch->first + stretch->count, from = stretch->first;

	while (from < end) {
		size_t to = from + 1;

		while (to < end &&
		       is_same_offer(quote_at(selection, from), quote_at(selection, to)))
			to++;
		supersede_offer(judging, from, to);
		from = to;
	}
}

static enum refusal judge_standing(const struct judging *judging, const struct quote *quote)
{
	if (quote->source != NAME_NONE &&
	    slot_of(judging, seen_at(judging, quote)) < judging->looks[quote->source].first)
		return REFUSAL_SUPERSEDED;
	if (quote->stock == STOCK_NO || quote->stock == STOCK_WAITLIST)
		return REFUSAL_OUT_OF_STOCK;
	if (quote->reliability < ELIGIBLE_RELIABILITY) /* false for NAN: not known */
		return REFUSAL_UNRELIABLE;
	return REFUSAL_NONE;
}

/* Second pass over one provider: what is newer, stock, reliability. */
static void judge_provider(const struct judging *judging, const struct stretch *stretch)
{
	struct eligible *eligible = judging->eligible;
	int64_t before = judging->end - (int64_t)SEEN_BEFORE_DAYS * SECONDS_PER_DAY;
	bool seen = false, fresh = false;

	supersede_nameless(judging, stretch);
	for (size_t i = stretch->first; i < stretch->first + stretch->count; i++) {
		const struct quote *quote = quote_at(eligible->selection, i);
		enum refusal verdict = (enum refusal)eligible->verdicts[i];

		seen |= verdict != REFUSAL_NOT_YET && seen_at(judging, quote) >= before;
		fresh |= verdict != REFUSAL_NOT_YET && verdict != REFUSAL_STALE;
		if (verdict == REFUSAL_NONE)
			verdict = judge_standing(judging, quote);
		eligible->verdicts[i] = (uint8_t)verdict;
		eligible->counts[verdict]++;
	}
	eligible->providers_seen += seen || fresh;
	eligible->providers_stale += seen && !fresh;
}

void eligible_judge(const struct selection *selection, date_t day, unsigned window_days,
		    struct arena *arena, struct eligible *ret_eligible)
{
	SCOPED_ARENA(scratch);
	struct eligible eligible = {
		.selection = selection,
		.day = day,
		.window_days = window_days,
		.verdicts = ARENA_ARRAY(arena, uint8_t, selection->count),
	};
	struct judging judging = {
		.eligible = &eligible,
		.start = ((int64_t)day - (int64_t)window_days + 1) * SECONDS_PER_DAY,
		.end = ((int64_t)day + 1) * SECONDS_PER_DAY,
		.slots = (int32_t)window_days * SLOTS_PER_DAY,
		.looks = ARENA_ARRAY(&scratch, struct looks, selection->book->names.count + 1),
	};

	assert(window_days > 0 && window_days <= ELIGIBLE_WINDOW_MAXIMUM);
	eligible.counts[REFUSAL_OTHER_KEY] = selection->other_key;
	eligible.counts[REFUSAL_SERVERLESS] = selection->serverless;
	judge_times(&judging, &scratch);
	for (size_t p = 0; p < selection->provider_count; p++)
		judge_provider(&judging, &selection->providers[p]);
	*ret_eligible = eligible;
}

void eligible_change(struct eligible *eligible, size_t place, enum refusal verdict)
{
	eligible->counts[eligible->verdicts[place]]--;
	eligible->counts[verdict]++;
	eligible->verdicts[place] = (uint8_t)verdict;
}

const bool *eligible_taken(const struct eligible *eligible, struct arena *arena)
{
	bool *taken = ARENA_ARRAY(arena, bool, eligible->selection->count);

	for (size_t i = 0; i < eligible->selection->count; i++)
		taken[i] = eligible->verdicts[i] == REFUSAL_NONE;
	return taken;
}
