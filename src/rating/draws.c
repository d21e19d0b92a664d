#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/random.h"
#include "rating/kernel.h"

/* Step 6: what the grades and ranks are when weights, unsettled criteria and the truth of the
 * evidence vary. Draws go in blocks; a block belongs to one worker, and every worker counts for
 * itself, so the sum does not depend on who did what. */

enum {
	SCORE_BINS = 2049, /* the score's interval is told in steps of 1/2048 */
	KEY_SCORE = 1 << 28,
	FEW_PROVIDERS = 48, /* are ranked each against each */
};

/* What a unit's criteria do in every draw, prepared once. */
struct laws {
	struct law *law;             /* one for each criterion */
	uint32_t *key;               /* its stream */
	uint8_t standing_cap;        /* by gates that no draw opens or shuts */
	bool allowed[GRADE_COUNT];   /* by coverage and strength, which stay */
	double overall[GRADE_COUNT]; /* demanded at the unit's depth, which stays too */
};

/* Counts of one worker. */
struct tally {
	uint32_t (*unit_grades)[GRADE_COUNT];
	uint32_t (*provider_grades)[GRADE_COUNT];
	uint32_t (*scores)[SCORE_BINS]; /* for each unit */
	uint32_t *ranks;                /* provider × rank, from 0 */
	/* Scratch of the block at hand. */
	int16_t (*weights)[BLOCK_DRAWS];          /* criterion */
	int32_t (*category_weights)[BLOCK_DRAWS]; /* category */
	int32_t (*whole)[BLOCK_DRAWS];            /* category: sum of weights in the profile */
	uint32_t (*keys)[BLOCK_DRAWS];            /* unit: grade and score, ordered */
	uint64_t *order, *spare;                  /* provider: key and index while ranking */
	uint32_t (*few_keys)[BLOCK_DRAWS];        /* provider, when they are few */
	uint16_t (*few_ranks)[BLOCK_DRAWS];
	uint32_t *medians; /* unit: keys of one provider */
};

struct drawing {
	struct rating *rating;
	const struct standard *standard;
	struct laws *laws; /* one for each unit */
	uint32_t *weight_key, *category_key;
	struct law *presumed; /* of an unsettled criterion, by its presumption */
	int32_t *gate;        /* of each criterion; -1 without */
	struct tally *tallies;
	uint32_t spread;
};

/* Sums of one unit in one block. */
struct block {
	uint32_t first, count;
	int32_t sums[BLOCK_DRAWS], hits[BLOCK_DRAWS], whole[BLOCK_DRAWS];
	int16_t narrow[BLOCK_DRAWS]; /* hits not yet in hits */
	uint32_t narrow_most;        /* that any of them can be */
	double numerator[BLOCK_DRAWS], denominator[BLOCK_DRAWS];
	uint8_t caps[BLOCK_DRAWS];
	uint8_t fits[GRADE_COUNT][BLOCK_DRAWS]; /* whether */
};

static uint32_t stream(uint64_t seed, const char *a, const char *b)
{
	uint64_t key =
		random_join(random_join(seed, random_key(span_of(a))), random_key(span_of(b)));

	return (uint32_t)(key >> 32);
}

static void prepare_gates(const struct standard *standard, const struct unit *unit,
			  struct laws *into)
{
	into->standing_cap = GRADE_PLATINUM;
	for (uint32_t i = 0; i < standard->gate_count; i++) {
		const struct gate *gate = &standard->gates[i];

		if (unit->settlements[gate->criterion].state == STATE_WITHHELD &&
		    gate->cap < into->standing_cap)
			into->standing_cap = (uint8_t)gate->cap;
	}
}

/* Unsettled criteria share one law for each presumption. */
static void prepare_law(const struct drawing *drawing, const struct unit *unit, uint32_t criterion,
			struct arena *arena, struct law *into)
{
	const struct settlement *one = &unit->settlements[criterion];

	if (one->state == STATE_UNSETTLED || one->state == STATE_STALE)
		*into = drawing->presumed[one->point];
	else
		law_of(drawing->standard, criterion, one, arena, into);
}

static void prepare_unit(const struct drawing *drawing, const struct unit *unit,
			 struct arena *arena, struct laws *into)
{
	const struct standard *standard = drawing->standard;
	uint64_t seed = drawing->rating->request.seed;

	into->law = ARENA_ARRAY(arena, struct law, standard->criterion_count);
	into->key = ARENA_ARRAY(arena, uint32_t, standard->criterion_count);
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		prepare_law(drawing, unit, i, arena, &into->law[i]);
		into->key[i] = stream(seed, unit->name, standard->criteria[i].id);
	}
	prepare_gates(standard, unit, into);
	for (unsigned g = 0; g < GRADE_COUNT; g++) {
		const struct grade_bar *bar = &standard->bars[g];

		into->overall[g] = grade_overall(bar, unit->depth);
		into->allowed[g] =
			unit->coverage >= bar->coverage_permille / 1000.0 &&
			unit->strength_share[bar->strength] >= bar->strength_permille / 1000.0;
	}
}

static void draw_weights(const struct drawing *drawing, struct tally *tally, uint32_t first)
{
	const struct standard *standard = drawing->standard;
	int32_t profile = drawing->rating->request.profile;
	union block_bits bits;
	int16_t narrow[BLOCK_DRAWS];

	memset(tally->whole, 0, standard->category_count * sizeof(*tally->whole));
	memset(tally->category_weights, 0,
	       standard->category_count * sizeof(*tally->category_weights));
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct criterion *one = &standard->criteria[i];

		kernel_bits(drawing->weight_key[i], first, &bits);
		kernel_weights(one->weight, drawing->spread, bits.draws, tally->weights[i]);
		if (profile < 0 || one->profiles & (1u << profile))
			kernel_sum(tally->weights[i], false, tally->whole[one->category]);
	}
	for (uint32_t c = 0; c < standard->category_count; c++) {
		kernel_bits(drawing->category_key[c], first, &bits);
		kernel_weights(standard->categories[c].weight, drawing->spread, bits.draws, narrow);
		kernel_sum(narrow, false, tally->category_weights[c]);
	}
}

static void cap_block(const struct drawing *drawing, const struct unit *unit, uint32_t criterion,
		      const uint16_t *bits, const int16_t *values, struct block *block)
{
	int32_t index = drawing->gate[criterion];
	const struct gate *gate;
	enum state state = unit->settlements[criterion].state;

	if (index < 0)
		return;
	gate = &drawing->standard->gates[index];
	if (gate->silence == SILENCE_OPEN && (state == STATE_UNSETTLED || state == STATE_STALE))
		kernel_cap_from(bits, 65536u - gate->rate_permille * 65536u / 1000u,
				(uint8_t)gate->cap, block->caps);
	else
		kernel_cap_below(values, (int16_t)gate->below, (uint8_t)gate->cap, block->caps);
}

/* The law of nearly every unsettled criterion: the best below some bits, nothing from there on. */
static bool is_all_or_nothing(const struct law *law)
{
	return law->start == WORTH_ONE && law->step_count == 1 && law->delta[0] == -WORTH_ONE;
}

/* Narrow sums go into the wide ones before they could overflow. */
static void flush_hits(struct block *block)
{
	kernel_sum(block->narrow, false, block->hits);
	memset(block->narrow, 0, sizeof(block->narrow));
	block->narrow_most = 0;
}

static void add_hits(const struct drawing *drawing, uint32_t criterion, const int16_t *weights,
		     const uint16_t *bits, uint16_t below, struct block *block)
{
	uint32_t most = drawing->standard->criteria[criterion].weight * (256 + drawing->spread);

	if (block->narrow_most + most > INT16_MAX)
		flush_hits(block);
	kernel_add_hits(weights, bits, below, block->narrow);
	block->narrow_most += most;
}

/* Sums one category of one unit over the block. */
static void sum_category(const struct drawing *drawing, const struct tally *tally,
			 const struct unit *unit, uint32_t category, struct block *block)
{
	const struct category *of = &drawing->standard->categories[category];
	const struct laws *laws = &drawing->laws[unit - drawing->rating->units];
	union block_bits bits;
	int16_t values[BLOCK_DRAWS];

	memset(block->sums, 0, sizeof(block->sums));
	memset(block->hits, 0, sizeof(block->hits));
	memset(block->narrow, 0, sizeof(block->narrow));
	block->narrow_most = 0;
	memcpy(block->whole, tally->whole[category], sizeof(block->whole));
	for (uint32_t i = of->criteria_first; i < of->criteria_first + of->criteria_count; i++) {
		enum state state = unit->settlements[i].state;

		if (state == STATE_NOT_APPLICABLE)
			kernel_sum(tally->weights[i], true, block->whole);
		if (!state_applies(state) || state == STATE_WITHHELD)
			continue;
		kernel_bits(laws->key[i], block->first, &bits);
		if (is_all_or_nothing(&laws->law[i]) && drawing->gate[i] < 0) {
			add_hits(drawing, i, tally->weights[i], bits.draws, laws->law[i].at[0],
				 block);
			continue;
		}
		kernel_values(&laws->law[i], bits.draws, values);
		kernel_add(tally->weights[i], values, block->sums);
		cap_block(drawing, unit, i, bits.draws, values, block);
	}
	flush_hits(block);
}

static void fit_category(const struct drawing *drawing, uint32_t category, const double *scores,
			 struct block *block)
{
	for (unsigned g = 1; g < GRADE_COUNT; g++) {
		uint16_t permille = drawing->standard->bars[g].category_permille[category];

		if (permille > 0)
			kernel_fit(scores, permille / 1000.0, block->fits[g]);
	}
}

static void add_category(const struct drawing *drawing, const struct tally *tally,
			 uint32_t category, struct block *block)
{
	double scores[BLOCK_DRAWS];

	kernel_scores(block->sums, block->hits, block->whole, scores);
	fit_category(drawing, category, scores, block);
	kernel_gather(tally->category_weights[category], scores, block->numerator,
		      block->denominator);
}

/* The highest grade that fits, lowered by the cap. */
static void grade_block(const struct laws *laws, const struct block *block,
			uint8_t grades[static BLOCK_DRAWS])
{
	static_assert(GRADE_UNDERPERFORM == 0, "what fits no grade has this one");
	memset(grades, GRADE_UNDERPERFORM, BLOCK_DRAWS);
	for (unsigned g = 1; g < GRADE_COUNT; g++)
		if (laws->allowed[g])
			kernel_grade(block->fits[g], block->numerator, laws->overall[g], (uint8_t)g,
				     grades);
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		grades[d] = grades[d] < block->caps[d] ? grades[d] : block->caps[d];
}

static void count_unit(const struct drawing *drawing, struct tally *tally, uint32_t u,
		       const struct block *block)
{
	const struct unit *unit = &drawing->rating->units[u];
	uint8_t grades[BLOCK_DRAWS];

	grade_block(&drawing->laws[u], block, grades);
	for (unsigned d = 0; d < block->count; d++) {
		double overall = block->numerator[d];

		tally->unit_grades[u][grades[d]]++;
		tally->scores[u][(uint32_t)(overall * (SCORE_BINS - 1))]++;
		/* An unrated unit has no grade in any draw and stands below all. */
		tally->keys[u][d] = unit->rated ? ((uint32_t)grades[d] << 29) +
							  (uint32_t)(overall * KEY_SCORE) + 1
						: 0;
	}
}

static void draw_unit(const struct drawing *drawing, struct tally *tally, uint32_t u,
		      struct block *block)
{
	const struct unit *unit = &drawing->rating->units[u];
	bool any = false;

	memset(block->numerator, 0, sizeof(block->numerator));
	memset(block->denominator, 0, sizeof(block->denominator));
	memset(block->caps, drawing->laws[u].standing_cap, sizeof(block->caps));
	memset(block->fits, true, sizeof(block->fits));
	for (uint32_t c = 0; c < drawing->standard->category_count; c++) {
		if (!unit->categories[c].applies)
			continue;
		sum_category(drawing, tally, unit, c, block);
		add_category(drawing, tally, c, block);
		any = true;
	}
	if (any)
		kernel_divide(block->numerator, block->denominator);
	count_unit(drawing, tally, u, block);
}

/* The key of the provider's unit in draw d: the majority's, else the lower median. */
static uint32_t provider_key(const struct drawing *drawing, const struct tally *tally,
			     const struct provider *provider, unsigned d)
{
	uint32_t first = (uint32_t)(provider->units - drawing->rating->units);
	uint32_t *keys = tally->medians;

	if (provider->majority || provider->unit_count == 1)
		return tally->keys[first + provider->chosen][d];
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		uint32_t key = tally->keys[first + i][d], k = i;

		while (k > 0 && keys[k - 1] > key) {
			keys[k] = keys[k - 1];
			k--;
		}
		keys[k] = key;
	}
	return keys[(provider->unit_count - 1) / 2];
}

/* Sorts by the high 32 bits, the largest first, in four passes. */
static void sort_down(uint64_t *items, uint64_t *spare, uint32_t count)
{
	for (unsigned shift = 32; shift < 64; shift += 8) {
		uint32_t starts[257] = { 0 };
		uint64_t *swap = items;

		for (uint32_t i = 0; i < count; i++)
			starts[256 - ((items[i] >> shift) & 255)]++;
		for (unsigned b = 1; b < 257; b++)
			starts[b] += starts[b - 1];
		for (uint32_t i = 0; i < count; i++)
			spare[starts[255 - ((items[i] >> shift) & 255)]++] = items[i];
		items = spare;
		spare = swap;
	}
}

static void count_grade(struct tally *tally, uint32_t provider, uint32_t key)
{
	if (key > 0)
		tally->provider_grades[provider][(key - 1) >> 29]++;
}

static void rank_draw(const struct drawing *drawing, struct tally *tally, unsigned d)
{
	const struct rating *rating = drawing->rating;
	uint32_t count = 0, rank = 0;

	for (uint32_t p = 0; p < rating->provider_count; p++) {
		uint32_t key;

		if (!provider_unit(&rating->providers[p])->rated)
			continue;
		key = provider_key(drawing, tally, &rating->providers[p], d);
		count_grade(tally, p, key);
		tally->order[count++] = (uint64_t)key << 32 | p;
	}
	sort_down(tally->order, tally->spare, count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t p = (uint32_t)tally->order[i];

		if (i == 0 || tally->order[i] >> 32 != tally->order[i - 1] >> 32)
			rank = i;
		tally->ranks[(size_t)p * rating->provider_count + rank]++;
	}
}

/* The same for all draws of a block: the rank is how many have a larger key. */
static void rank_few(const struct drawing *drawing, struct tally *tally, unsigned draws)
{
	const struct rating *rating = drawing->rating;
	uint32_t rated[FEW_PROVIDERS], count = 0;

	for (uint32_t p = 0; p < rating->provider_count; p++)
		if (provider_unit(&rating->providers[p])->rated)
			rated[count++] = p;
	for (uint32_t i = 0; i < count; i++) {
		memset(tally->few_ranks[i], 0, sizeof(tally->few_ranks[i]));
		for (unsigned d = 0; d < draws; d++) {
			tally->few_keys[i][d] =
				provider_key(drawing, tally, &rating->providers[rated[i]], d);
			count_grade(tally, rated[i], tally->few_keys[i][d]);
		}
		for (uint32_t k = 0; k < i; k++)
			kernel_rank(tally->few_keys[i], tally->few_keys[k], tally->few_ranks[i],
				    tally->few_ranks[k]);
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t *ranks = tally->ranks + (size_t)rated[i] * rating->provider_count;

		for (unsigned d = 0; d < draws; d++)
			ranks[tally->few_ranks[i][d]]++;
	}
}

static void draw_block(void *context, size_t item, unsigned worker)
{
	const struct drawing *drawing = context;
	struct tally *tally = &drawing->tallies[worker];
	uint32_t draws = drawing->rating->request.draws;
	struct block block = { .first = (uint32_t)item * BLOCK_DRAWS };

	block.count = draws - block.first < BLOCK_DRAWS ? draws - block.first : BLOCK_DRAWS;
	draw_weights(drawing, tally, block.first);
	for (uint32_t u = 0; u < drawing->rating->unit_count; u++)
		draw_unit(drawing, tally, u, &block);
	if (tally->few_keys)
		rank_few(drawing, tally, block.count);
	else
		for (unsigned d = 0; d < block.count; d++)
			rank_draw(drawing, tally, d);
}

static struct tally make_tally(const struct drawing *drawing, struct arena *arena)
{
	uint32_t units = drawing->rating->unit_count, providers = drawing->rating->provider_count;
	const struct standard *standard = drawing->standard;
	bool few = providers <= FEW_PROVIDERS;

	return (struct tally){
		.unit_grades = arena_take_array(arena, units, sizeof(uint32_t[GRADE_COUNT])),
		.provider_grades =
			arena_take_array(arena, providers, sizeof(uint32_t[GRADE_COUNT])),
		.scores = arena_take_array(arena, units, sizeof(uint32_t[SCORE_BINS])),
		.ranks = arena_take_array(arena, (size_t)providers * providers, sizeof(uint32_t)),
		.weights = arena_take_array(arena, standard->criterion_count,
					    sizeof(int16_t[BLOCK_DRAWS])),
		.category_weights = arena_take_array(arena, standard->category_count,
						     sizeof(int32_t[BLOCK_DRAWS])),
		.whole = arena_take_array(arena, standard->category_count,
					  sizeof(int32_t[BLOCK_DRAWS])),
		.keys = arena_take_array(arena, units, sizeof(uint32_t[BLOCK_DRAWS])),
		.order = ARENA_ARRAY(arena, uint64_t, providers),
		.spare = ARENA_ARRAY(arena, uint64_t, providers),
		.few_keys = few ? arena_take_array(arena, providers, sizeof(uint32_t[BLOCK_DRAWS]))
				: NULL,
		.few_ranks = few ? arena_take_array(arena, providers, sizeof(uint16_t[BLOCK_DRAWS]))
				 : NULL,
		.medians = ARENA_ARRAY(arena, uint32_t, units),
	};
}

/* Where the ordered draws stand at the share of percent: the index of the first bin that holds
 * position ⌊percent·(draws − 1)/100⌋. */
typedef const uint32_t *counts_function(const struct tally *, size_t which);

static uint32_t quantile(const struct drawing *drawing, uint32_t percent, size_t bins,
			 counts_function *counts, size_t which)
{
	uint64_t position = (uint64_t)percent * (drawing->rating->request.draws - 1) / 100;
	uint64_t seen = 0;

	for (size_t b = 0; b < bins; b++) {
		for (unsigned w = 0; w < drawing->rating->request.threads; w++)
			seen += counts(&drawing->tallies[w], which)[b];
		if (seen > position)
			return (uint32_t)b;
	}
	return (uint32_t)(bins - 1);
}

static const uint32_t *score_counts(const struct tally *tally, size_t unit)
{
	return tally->scores[unit];
}

static const uint32_t *rank_counts(const struct tally *tally, size_t row)
{
	return tally->ranks + row;
}

static void finish_units(const struct drawing *drawing)
{
	struct rating *rating = drawing->rating;
	double draws = rating->request.draws;

	for (uint32_t u = 0; u < rating->unit_count; u++) {
		struct unit *unit = &rating->units[u];

		unit->score_p10 = quantile(drawing, 10, SCORE_BINS, score_counts, u) /
				  (double)(SCORE_BINS - 1);
		unit->score_p90 = quantile(drawing, 90, SCORE_BINS, score_counts, u) /
				  (double)(SCORE_BINS - 1);
		for (unsigned g = 0; g < GRADE_COUNT && unit->rated; g++) {
			uint64_t seen = 0;

			for (unsigned w = 0; w < rating->request.threads; w++)
				seen += drawing->tallies[w].unit_grades[u][g];
			unit->probability[g] = (double)seen / draws;
		}
	}
}

static void finish_providers(const struct drawing *drawing)
{
	struct rating *rating = drawing->rating;
	uint32_t count = rating->provider_count;
	double draws = rating->request.draws;

	for (uint32_t p = 0; p < rating->provider_count; p++) {
		struct provider *provider = &rating->providers[p];

		if (provider->rank == 0)
			continue;
		provider->rank_low =
			1 + quantile(drawing, 10, count, rank_counts, (size_t)p * count);
		provider->rank_high =
			1 + quantile(drawing, 90, count, rank_counts, (size_t)p * count);
		for (unsigned g = 0; g < GRADE_COUNT; g++) {
			uint64_t seen = 0;

			for (unsigned w = 0; w < rating->request.threads; w++)
				seen += drawing->tallies[w].provider_grades[p][g];
			provider->probability[g] = (double)seen / draws;
		}
	}
}

/* What all units have in common. */
static void prepare_shared(struct drawing *drawing, struct arena *arena)
{
	const struct standard *standard = drawing->standard;
	uint64_t seed = drawing->rating->request.seed;

	drawing->weight_key = ARENA_ARRAY(arena, uint32_t, standard->criterion_count);
	drawing->category_key = ARENA_ARRAY(arena, uint32_t, standard->category_count);
	drawing->gate = ARENA_ARRAY(arena, int32_t, standard->criterion_count);
	drawing->presumed = ARENA_ARRAY(arena, struct law, WORTH_ONE + 1);
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		drawing->weight_key[i] =
			stream(seed, "criterion-weights", standard->criteria[i].id);
		drawing->gate[i] = standard_gate_of(standard, i);
	}
	for (uint32_t c = 0; c < standard->category_count; c++)
		drawing->category_key[c] =
			stream(seed, "category-weights", standard->categories[c].id);
	for (uint16_t point = 0; point <= WORTH_ONE; point++)
		law_of(standard, 0, &(struct settlement){ .point = point }, arena,
		       &drawing->presumed[point]);
}

void draw_rating(struct rating *rating)
{
	SCOPED_ARENA(scratch);
	struct drawing drawing = {
		.rating = rating,
		.standard = rating->request.standard,
		.laws = ARENA_ARRAY(&scratch, struct laws, rating->unit_count),
		.tallies = ARENA_ARRAY(&scratch, struct tally, rating->request.threads),
		.spread = rating->request.standard->weight_spread_permille * 256u / 1000u,
	};
	uint32_t blocks = (rating->request.draws + BLOCK_DRAWS - 1) / BLOCK_DRAWS;

	prepare_shared(&drawing, &scratch);
	for (uint32_t u = 0; u < rating->unit_count; u++)
		prepare_unit(&drawing, &rating->units[u], &scratch, &drawing.laws[u]);
	for (unsigned w = 0; w < rating->request.threads; w++)
		drawing.tallies[w] = make_tally(&drawing, &scratch);
	parallel_for(blocks, rating->request.threads, draw_block, &drawing);
	finish_units(&drawing);
	finish_providers(&drawing);
}
