#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "base/random.h"
#include "market/price_line.h"

enum {
	BLOCK_DRAWS = 64,
};

struct drawing {
	const struct price_line *prices;
	double *levels;
	uint32_t draws;
	uint64_t seed;
};

static void draw_once(const struct drawing *drawing, uint32_t draw, uint32_t *counts,
		      struct weighted *scratch)
{
	const struct price_line *prices = drawing->prices;
	uint32_t key = (uint32_t)(random_join(drawing->seed, draw) >> 32);

	memset(counts, 0, prices->count * sizeof(*counts));
	for (uint32_t i = 0; i < prices->count; i++)
		counts[(uint64_t)random_u32(key, i) * prices->count >> 32]++;
	drawing->levels[draw] =
		level_counted(prices->usd, prices->logs, counts, prices->count, scratch, NULL);
}

static void draw_block(void *context, size_t item, unsigned worker)
{
	const struct drawing *drawing = context;
	uint32_t first = (uint32_t)item * BLOCK_DRAWS;
	SCOPED_ARENA(arena);
	uint32_t *counts = ARENA_ARRAY(&arena, uint32_t, drawing->prices->count);
	struct weighted *scratch = ARENA_ARRAY(&arena, struct weighted, drawing->prices->count);

	(void)worker;
	for (uint32_t draw = first; draw < first + BLOCK_DRAWS && draw < drawing->draws; draw++)
		draw_once(drawing, draw, counts, scratch);
}

void level_interval(const struct votes *votes, uint32_t draws, uint64_t seed, unsigned threads,
		    struct interval *ret_interval)
{
	SCOPED_ARENA(arena);
	struct price_line prices;
	struct drawing drawing = {
		.prices = &prices,
		.levels = ARENA_ARRAY(&arena, double, draws),
		.draws = draws,
		.seed = random_join(seed, random_key(SPAN("market-level"))),
	};

	*ret_interval = (struct interval){ .low = NAN, .high = NAN };
	if (votes->count < 2 || draws == 0)
		return;
	votes_line_up(votes, &arena, &prices);
	parallel_for((draws + BLOCK_DRAWS - 1) / BLOCK_DRAWS, threads, draw_block, &drawing);
	*ret_interval = (struct interval){
		.low = quantile_of(drawing.levels, draws, INTERVAL_LOW),
		.high = quantile_of(drawing.levels, draws, INTERVAL_HIGH),
		.draws = draws,
	};
}
