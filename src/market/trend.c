#include "market/trend.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "market/median.h"
#include "market/trend_fit.h"

const char *const direction_names[DIRECTION_COUNT] = { "none", "flat", "up", "down" };

static const double days_per_year = 365.25;
static const double exact = 1e-7; /* noise below it is of rounding */

enum {
	REFINE_ROUNDS = 6,
};

struct tracing {
	struct bent_line line;
	const struct trend_point *points;
	const struct trend_request *request;
	double chances[TREND_TURNS_MAXIMUM]; /* of each knot */
	double *residue;
};

static void take_residue(struct tracing *tracing)
{
	memcpy(tracing->residue, tracing->line.target,
	       tracing->line.count * sizeof(*tracing->residue));
	bent_line_residue(&tracing->line, tracing->residue);
}

static bool is_exact(const struct tracing *tracing)
{
	double squares = 0;

	for (size_t i = 0; i < tracing->line.count; i++)
		squares += tracing->residue[i] * tracing->residue[i];
	return sqrt(squares / (double)tracing->line.count) < exact;
}

static void insert_knot(struct bent_line *line, size_t point)
{
	unsigned k = line->knot_count++;

	for (; k > 0 && line->knots[k - 1] > point; k--)
		line->knots[k] = line->knots[k - 1];
	line->knots[k] = point;
}

/* The search for one knot between its neighbours, with the others as they are. */
static bool search_knot(struct tracing *tracing, unsigned knot, struct arena *arena,
			struct search *ret_search, struct found *ret_found)
{
	struct bent_line *line = &tracing->line;
	size_t from = knot > 0 ? line->knots[knot - 1] : 0;
	size_t to = knot + 1 < line->knot_count ? line->knots[knot + 1] : line->count - 1;

	bent_line_base(line, knot);
	take_residue(tracing);
	search_make(line, from, to, arena, ret_search);
	search_best(ret_search, tracing->residue, 1, ret_found);
	return ret_found->count == 1;
}

/* Moves each knot to where it is best while the others stand. */
static void refine(struct tracing *tracing)
{
	struct bent_line *line = &tracing->line;

	for (unsigned round = 0; round < REFINE_ROUNDS; round++) {
		bool moved = false;

		for (unsigned k = 0; k < line->knot_count; k++) {
			SCOPED_ARENA(arena);
			struct search search;
			struct found found;
			size_t point = line->knots[k];

			if (search_knot(tracing, k, &arena, &search, &found))
				point = search.points[found.candidates[0]];
			moved |= point != line->knots[k];
			line->knots[k] = point;
		}
		bent_line_fit(line);
		if (!moved)
			return;
	}
}

/* How likely chance alone gives each of them while the others stand. */
static void doubt_knots(struct tracing *tracing)
{
	for (unsigned k = 0; k < tracing->line.knot_count; k++) {
		SCOPED_ARENA(arena);
		double *noise = ARENA_ARRAY(&arena, double, tracing->line.count);
		struct search search;
		struct found found;
		double chance = 1;

		if (search_knot(tracing, k, &arena, &search, &found)) {
			search_noise(&search, tracing->residue, found.candidates[0], noise);
			chance = search_chance(&search, noise, &found, tracing->request);
		}
		tracing->chances[k] = chance;
	}
}

/* The fit with these bends as well, each moved to where it is best. */
static void add_knots(struct tracing *tracing, const struct search *search,
		      const struct found *found)
{
	for (unsigned i = 0; i < found->count; i++)
		insert_knot(&tracing->line, search->points[found->candidates[i]]);
	bent_line_fit(&tracing->line);
	refine(tracing);
}

/* Adds so many bends at once where chance alone hardly gives them. Of a series that falls, rests
 * and rises neither bend may convince without the other. What chance gives is drawn from the
 * residuals of the fit with them: without, they hold the bends themselves. One bend and two are two
 * tests, so that each may err half as often. */
static bool try_knots(struct tracing *tracing, unsigned bends)
{
	struct bent_line *line = &tracing->line;
	struct bent_line before = *line;
	SCOPED_ARENA(arena);
	double *noise = ARENA_ARRAY(&arena, double, line->count);
	struct search search;
	struct found found;

	take_residue(tracing);
	if (line->knot_count + bends > TREND_TURNS_MAXIMUM || is_exact(tracing))
		return false;
	search_make(line, 0, line->count - 1, &arena, &search);
	search_best(&search, tracing->residue, bends, &found);
	if (found.count < bends)
		return false;
	add_knots(tracing, &search, &found);
	for (size_t i = 0; i < line->count; i++)
		noise[i] = line->target[i] - line->fitted[i];
	search.line = &before;
	before.base = ARENA_ARRAY(&arena, double, line->count *(TREND_TURNS_MAXIMUM + 2));
	bent_line_base(&before, before.knot_count);
	if (search_chance(&search, noise, &found, tracing->request) <= TREND_CHANCE / 2)
		return true;
	memcpy(line->knots, before.knots, sizeof(line->knots));
	line->knot_count = before.knot_count;
	bent_line_fit(line);
	return false;
}

static void find_knots(struct tracing *tracing)
{
	while (try_knots(tracing, 1) || try_knots(tracing, 2))
		continue;
	doubt_knots(tracing);
	bent_line_fit(&tracing->line);
}

static size_t piece_start(const struct bent_line *line, unsigned piece)
{
	return piece == 0 ? 0 : line->knots[piece - 1];
}

static size_t piece_end(const struct bent_line *line, unsigned piece)
{
	return piece < line->knot_count ? line->knots[piece] : line->count - 1;
}

/* In logarithms a year, of values on the points. */
static double slope_of(const struct bent_line *line, unsigned piece, const double *values)
{
	size_t from = piece_start(line, piece), to = piece_end(line, piece);

	return (values[to] - values[from]) / (line->time[to] - line->time[from]);
}

static double yearly(double slope)
{
	return exp(slope) - 1;
}

static enum direction direction_of(const struct piece *piece, double low, double high)
{
	double flat = log1p(TREND_FLAT_PER_YEAR);

	if (low >= -flat && high <= flat)
		return DIRECTION_FLAT;
	if (piece->confidence < 1 - TREND_CHANCE / 2)
		return DIRECTION_UNKNOWN;
	return piece->per_year > 0 ? DIRECTION_UP : DIRECTION_DOWN;
}

/* Draws of the slope of each piece, of the fit to residuals drawn anew. */
static void draw_slopes(struct tracing *tracing, uint32_t draws, double *ret_slopes)
{
	struct bent_line *line = &tracing->line;
	SCOPED_ARENA(arena);
	double *drawn = ARENA_ARRAY(&arena, double, line->count);
	double *kept = ARENA_ARRAY(&arena, double, line->count);
	double spread = bent_line_spread(line);
	struct noise_draw noise;

	take_residue(tracing);
	for (size_t i = 0; i < line->count; i++)
		tracing->residue[i] *= spread;
	noise_draw_init(&noise, tracing->residue, line->count, line->base_count,
			random_join(tracing->request->seed, random_key(SPAN("trend-slope"))),
			&arena);
	for (uint32_t draw = 0; draw < draws; draw++) {
		noise_draw_take(&noise, draw, drawn);
		memcpy(kept, drawn, line->count * sizeof(*kept));
		bent_line_residue(line, kept);
		for (size_t i = 0; i < line->count; i++)
			drawn[i] += line->fitted[i] - kept[i];
		for (unsigned p = 0; p <= line->knot_count; p++)
			ret_slopes[p * draws + draw] = slope_of(line, p, drawn);
	}
}

static double share_above(const double *slopes, uint32_t draws)
{
	uint32_t above = 0;

	for (uint32_t i = 0; i < draws; i++)
		above += slopes[i] > 0;
	return (double)above / draws;
}

static void describe_piece(const struct tracing *tracing, unsigned p, double *slopes,
			   uint32_t draws, struct piece *into)
{
	const struct bent_line *line = &tracing->line;
	size_t from = piece_start(line, p), to = piece_end(line, p);
	double above = share_above(slopes, draws);
	double low = quantile_of(slopes, draws, 0.05), high = quantile_of(slopes, draws, 0.95);

	*into = (struct piece){
		.from = tracing->points[from].day,
		.to = tracing->points[to].day,
		.from_usd = exp(line->fitted[from]),
		.to_usd = exp(line->fitted[to]),
		.from_told = tracing->points[from].usd,
		.to_told = tracing->points[to].usd,
		.per_year = yearly(slope_of(line, p, line->fitted)),
		.per_year_low = yearly(low),
		.per_year_high = yearly(high),
	};
	into->confidence = into->per_year > 0 ? above : 1 - above;
	into->direction = direction_of(into, low, high);
}

static void describe_turn(struct tracing *tracing, unsigned knot, struct turn *into)
{
	const struct bent_line *line = &tracing->line;
	SCOPED_ARENA(arena);
	struct search search;
	struct found found;
	size_t earliest = line->knots[knot], latest = earliest;

	if (search_knot(tracing, knot, &arena, &search, &found))
		search_range(&search, tracing->residue, found.candidates[0], tracing->request,
			     &earliest, &latest);
	*into = (struct turn){
		.day = tracing->points[line->knots[knot]].day,
		.earliest = tracing->points[earliest].day,
		.latest = tracing->points[latest].day,
		.confidence = 1 - tracing->chances[knot],
		.usd = exp(line->fitted[line->knots[knot]]),
	};
}

static void describe(struct tracing *tracing, uint32_t draws, struct arena *arena,
		     struct trend *trend)
{
	struct bent_line *line = &tracing->line;
	double *slopes = ARENA_ARRAY(arena, double, (size_t)draws *(line->knot_count + 1));

	draw_slopes(tracing, draws, slopes);
	trend->piece_count = line->knot_count + 1;
	trend->turn_count = line->knot_count;
	for (unsigned p = 0; p < trend->piece_count; p++)
		describe_piece(tracing, p, slopes + (size_t)p * draws, draws, &trend->pieces[p]);
	for (unsigned k = 0; k < trend->turn_count; k++) {
		describe_turn(tracing, k, &trend->turns[k]);
		trend->turns[k].reverses =
			trend->pieces[k].direction != trend->pieces[k + 1].direction;
	}
	trend->direction = trend->pieces[trend->piece_count - 1].direction;
	trend->noise = bent_line_noise(line);
	trend->draws = draws;
}

void trend_find(const struct trend_point *points, size_t count, const struct trend_request *request,
		struct trend *ret_trend)
{
	SCOPED_ARENA(arena);
	struct tracing tracing = { .points = points, .request = request };
	double *time = ARENA_ARRAY(&arena, double, count);
	double *told = ARENA_ARRAY(&arena, double, count);
	uint32_t draws =
		request->draws < TREND_DRAWS_MAXIMUM ? request->draws : TREND_DRAWS_MAXIMUM;

	assert(count <= TREND_POINTS_MAXIMUM);
	*ret_trend = (struct trend){ .noise = NAN };
	if (count < TREND_POINTS_LEAST || draws == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		time[i] = (points[i].day - points[0].day) / days_per_year;
		told[i] = log(points[i].usd);
	}
	tracing.residue = ARENA_ARRAY(&arena, double, count);
	bent_line_init(&tracing.line, time, told, count, &arena);
	find_knots(&tracing);
	describe(&tracing, draws, &arena, ret_trend);
}
