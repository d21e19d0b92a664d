#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "market/trend_fit.h"

enum {
	SEARCH_CANDIDATES = 240,
};

static const double hinge_least = 1e-6; /* of a bend that another does not say */

static double dot(const double *a, const double *b, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += a[i] * b[i];
	return sum;
}

static size_t distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/* Knots that the base leaves out are asked about, and may be anywhere. */
static bool is_far_from_knots(const struct bent_line *line, size_t point, size_t from, size_t to)
{
	for (unsigned k = 0; k < line->knot_count; k++) {
		bool inside = line->knots[k] > from && line->knots[k] < to;
		bool in_base = line->base_count == line->knot_count + 2 || !inside;

		if (in_base && distance(line->knots[k], point) < TREND_PIECE_LEAST)
			return false;
	}
	return point >= TREND_PIECE_LEAST - 1 && point + TREND_PIECE_LEAST <= line->count;
}

void search_make(const struct bent_line *line, size_t from, size_t to, struct arena *arena,
		 struct search *ret_search)
{
	size_t step = 1 + (to - from) / SEARCH_CANDIDATES;
	size_t room = 1 + (to - from) / step;
	struct search search = {
		.line = line,
		.points = ARENA_ARRAY(arena, size_t, room),
		.hinges = ARENA_ARRAY(arena, double, room * line->count),
	};

	for (size_t point = from; point <= to; point += step) {
		double *hinge = search.hinges + search.candidate_count * line->count;

		if (is_far_from_knots(line, point, from, to) && bent_line_hinge(line, point, hinge))
			search.points[search.candidate_count++] = point;
	}
	*ret_search = search;
}

/* The candidate whose bend takes most of the residue, and how much. `taken`: a bend that is there
 * already, of length 1, or NULL; candidates keep away from `near`, its place. */
static size_t best_bend(const struct search *search, const double *residue, const double *taken,
			size_t near, double *ret_most)
{
	size_t count = search->line->count, best = search->candidate_count;
	double most = 0;

	for (size_t c = 0; c < search->candidate_count; c++) {
		const double *hinge = search->hinges + c * count;
		double share = dot(hinge, residue, count), left = 1;

		if (taken) {
			double told = dot(hinge, taken, count);

			if (distance(search->points[c], near) < TREND_PIECE_LEAST)
				continue;
			left = 1 - told * told;
		}
		if (left > hinge_least && share * share / left > most) {
			most = share * share / left;
			best = c;
		}
	}
	*ret_most = most;
	return best;
}

void search_noise(const struct search *search, const double *residue, size_t best,
		  double *ret_noise)
{
	const double *hinge = search->hinges + best * search->line->count;
	double share = dot(hinge, residue, search->line->count);

	for (size_t i = 0; i < search->line->count; i++)
		ret_noise[i] = residue[i] - share * hinge[i];
}

void search_best(const struct search *search, const double *residue, unsigned bends,
		 struct found *ret_found)
{
	const struct bent_line *line = search->line;
	double squares = dot(residue, residue, line->count);
	double most = 0, next = 0, left, freedom;
	struct found found = { .count = 0 };
	size_t best = best_bend(search, residue, NULL, 0, &most);

	if (best < search->candidate_count)
		found.candidates[found.count++] = best;
	if (found.count == 1 && bends == 2) {
		search_noise(search, residue, best, line->scratch);
		best = best_bend(search, line->scratch, search->hinges + best * line->count,
				 search->points[best], &next);
		if (best < search->candidate_count)
			found.candidates[found.count++] = best;
	}
	left = squares - most - next;
	freedom = (double)(line->count - line->base_count - bends) / bends;
	found.f = left > 0 ? (most + next) * freedom / left : HUGE_VAL;
	*ret_found = found;
}

static uint32_t draws_of(const struct trend_request *request)
{
	return request->draws < TREND_DRAWS_MAXIMUM ? request->draws : TREND_DRAWS_MAXIMUM;
}

double search_chance(const struct search *search, const double *noise, const struct found *found,
		     const struct trend_request *request)
{
	SCOPED_ARENA(arena);
	double *drawn = ARENA_ARRAY(&arena, double, search->line->count);
	uint32_t draws = draws_of(request), as_large = 0;
	struct noise_draw drawing;

	noise_draw_init(&drawing, noise, search->line->count,
			search->line->base_count + found->count,
			random_join(request->seed, random_key(SPAN("trend-chance"))), &arena);
	for (uint32_t draw = 0; draw < draws; draw++) {
		struct found other;

		noise_draw_take(&drawing, draw, drawn);
		bent_line_residue(search->line, drawn);
		search_best(search, drawn, found->count, &other);
		as_large += isfinite(other.f) && other.f >= found->f;
	}
	return (1.0 + as_large) / (1.0 + draws);
}

static int by_place(const void *left, const void *right)
{
	size_t a = *(const size_t *)left;
	size_t b = *(const size_t *)right;

	return (a > b) - (a < b);
}

void search_range(const struct search *search, const double *residue, size_t best,
		  const struct trend_request *request, size_t *ret_earliest, size_t *ret_latest)
{
	SCOPED_ARENA(arena);
	size_t count = search->line->count;
	uint32_t draws = draws_of(request);
	double *left = ARENA_ARRAY(&arena, double, count);
	double *drawn = ARENA_ARRAY(&arena, double, count);
	size_t *places = ARENA_ARRAY(&arena, size_t, draws);
	struct noise_draw drawing;

	search_noise(search, residue, best, left);
	noise_draw_init(&drawing, left, count, search->line->base_count + 1,
			random_join(request->seed, random_key(SPAN("trend-place"))), &arena);
	for (uint32_t draw = 0; draw < draws; draw++) {
		struct found found;

		noise_draw_take(&drawing, draw, drawn);
		for (size_t i = 0; i < count; i++)
			drawn[i] += residue[i] - left[i];
		bent_line_residue(search->line, drawn);
		search_best(search, drawn, 1, &found);
		places[draw] = search->points[found.count > 0 ? found.candidates[0] : best];
	}
	qsort(places, draws, sizeof(*places), by_place);
	*ret_earliest = places[draws / 20];
	*ret_latest = places[draws - 1 - draws / 20];
}
