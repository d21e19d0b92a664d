#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "market/level.h"

/* From quotes to one price a provider, rung by rung: what is on a rung is replaced by its median
 * as soon as the next quote belongs to another. Quotes stand in the selection's order. */
struct ladder {
	double *quotes, *machines, *hosts, *offers, *gpus;
	size_t quote_count, machine_count, host_count, offer_count, gpu_count;
	double gbit_per_s;
	const struct quote *last;
	uint32_t place; /* in the selection, where the offer at hand begins */
	uint32_t rank;  /* of the provider */
	struct vote *vote;
	struct priced_offer *out; /* NULL: offers are not wanted */
};

static void close_machine(struct ladder *ladder)
{
	if (ladder->quote_count == 0)
		return;
	ladder->machines[ladder->machine_count++] = median_of(ladder->quotes, ladder->quote_count);
	ladder->quote_count = 0;
	ladder->vote->machines++;
}

static void close_host(struct ladder *ladder)
{
	close_machine(ladder);
	if (ladder->machine_count == 0)
		return;
	ladder->hosts[ladder->host_count++] = median_of(ladder->machines, ladder->machine_count);
	ladder->machine_count = 0;
	ladder->vote->hosts++;
}

static void close_offer(struct ladder *ladder)
{
	double usd;

	close_host(ladder);
	if (ladder->host_count == 0)
		return;
	usd = median_of(ladder->hosts, ladder->host_count);
	if (ladder->out)
		ladder->out[ladder->offer_count] = (struct priced_offer){
			.provider = ladder->last->provider,
			.product = ladder->last->product,
			.region = ladder->last->region,
			.usd = usd,
			.gpus = median_of(ladder->gpus, ladder->gpu_count),
			.gbit_per_s = ladder->gbit_per_s,
			.place = ladder->place,
			.rank = ladder->rank,
			.tier = ladder->last->tier,
		};
	ladder->offers[ladder->offer_count++] = usd;
	ladder->host_count = 0;
	ladder->gpu_count = 0;
	ladder->gbit_per_s = 0;
}

/* Ends what the next quote is no part of. */
static void close_before(struct ladder *ladder, const struct quote *next)
{
	const struct quote *last = ladder->last;
	bool other_machine = next->machine == NAME_NONE || last->machine != next->machine;

	if (last->product != next->product || last->region != next->region)
		close_offer(ladder);
	else if (last->host != next->host || (next->host == NAME_NONE && other_machine))
		close_host(ladder);
	else if (other_machine)
		close_machine(ladder);
}

static void climb(struct ladder *ladder, const struct quote *quote, uint32_t place)
{
	if (ladder->last)
		close_before(ladder, quote);
	ladder->place = place;
	ladder->quotes[ladder->quote_count++] = quote_usd(quote);
	ladder->gpus[ladder->gpu_count++] = quote->gpus;
	ladder->gbit_per_s = fmax(ladder->gbit_per_s, (double)quote->gbit_per_s);
	ladder->vote->quotes++;
	ladder->vote->rows += quote->listings > 0 ? quote->listings : 1;
	ladder->vote->tier = quote->tier;
	ladder->last = quote;
}

struct counting {
	const struct eligible *eligible;
	struct vote *votes;          /* of each provider of the selection, with or without quotes */
	struct priced_offer *offers; /* NULL: not wanted */
	const size_t *at;            /* where a provider's offers begin */
};

static uint32_t eligible_in(const struct eligible *eligible, const struct stretch *stretch)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < stretch->count; i++)
		count += eligible->verdicts[stretch->first + i] == REFUSAL_NONE;
	return count;
}

static void count_provider(void *context, size_t item, unsigned worker)
{
	const struct counting *counting = context;
	const struct eligible *eligible = counting->eligible;
	const struct selection *selection = eligible->selection;
	const struct stretch *stretch = &selection->providers[item];
	uint32_t room = eligible_in(eligible, stretch), place = stretch->first;
	const struct quote *before = NULL;
	SCOPED_ARENA(scratch);
	struct ladder ladder = {
		.quotes = ARENA_ARRAY(&scratch, double, room),
		.machines = ARENA_ARRAY(&scratch, double, room),
		.hosts = ARENA_ARRAY(&scratch, double, room),
		.offers = ARENA_ARRAY(&scratch, double, room),
		.gpus = ARENA_ARRAY(&scratch, double, room),
		.rank = (uint32_t)item,
		.vote = &counting->votes[item],
		.out = counting->offers ? counting->offers + stretch->first_offer : NULL,
	};

	(void)worker;
	*ladder.vote = (struct vote){ .provider = stretch->provider };
	for (uint32_t i = stretch->first; i < stretch->first + stretch->count; i++) {
		const struct quote *quote = &selection->book->quotes[selection->quotes[i]];

		if (!before || before->product != quote->product || before->region != quote->region)
			place = i;
		if (eligible->verdicts[i] == REFUSAL_NONE)
			climb(&ladder, quote, place);
		before = quote;
	}
	close_offer(&ladder);
	ladder.vote->offers = (uint32_t)ladder.offer_count;
	ladder.vote->usd = median_of(ladder.offers, ladder.offer_count);
}

/* Closes the gaps that offers without a quote that counts have left. */
static void gather_offers(const struct counting *counting, const struct selection *selection,
			  struct votes *votes)
{
	size_t count = 0;

	for (size_t i = 0; i < selection->provider_count; i++) {
		const struct priced_offer *first =
			counting->offers + selection->providers[i].first_offer;
		size_t offers = counting->votes[i].offers;

		memmove(counting->offers + count, first, offers * sizeof(*first));
		count += offers;
	}
	votes->offers = counting->offers;
	votes->offer_count = count;
}

static void sum_votes(struct votes *votes)
{
	double squares = 0;

	for (size_t i = 0; i < votes->count; i++) {
		votes->quotes += votes->items[i].quotes;
		votes->machines += votes->items[i].machines;
		votes->hosts += votes->items[i].hosts;
		votes->rows += votes->items[i].rows;
		squares += (double)votes->items[i].rows * (double)votes->items[i].rows;
	}
	if (votes->rows > 0)
		votes->concentration = squares / ((double)votes->rows * (double)votes->rows);
}

void votes_make(const struct eligible *eligible, bool with_offers, unsigned threads,
		struct arena *arena, struct votes *ret_votes)
{
	size_t provider_count = eligible->selection->provider_count;
	struct votes votes = { .items = ARENA_ARRAY(arena, struct vote, provider_count) };
	struct counting counting = { .eligible = eligible, .votes = votes.items };

	if (with_offers)
		counting.offers =
			ARENA_ARRAY(arena, struct priced_offer, eligible->selection->offer_count);
	parallel_for(provider_count, threads, count_provider, &counting);
	if (with_offers)
		gather_offers(&counting, eligible->selection, &votes);
	for (size_t i = 0; i < provider_count; i++)
		if (votes.items[i].quotes > 0)
			votes.items[votes.count++] = votes.items[i];
	sum_votes(&votes);
	*ret_votes = votes;
}

double level_raw(const struct eligible *eligible, struct arena *scratch)
{
	const struct selection *selection = eligible->selection;
	struct counted *rows =
		ARENA_ARRAY(scratch, struct counted, (size_t)eligible->counts[REFUSAL_NONE]);
	size_t count = 0;

	for (size_t i = 0; i < selection->count; i++) {
		const struct quote *quote = &selection->book->quotes[selection->quotes[i]];

		if (eligible->verdicts[i] == REFUSAL_NONE)
			rows[count++] = (struct counted){
				.value = quote_usd(quote),
				.count = quote->listings > 0 ? quote->listings : 1,
			};
	}
	return median_counted(rows, count);
}
