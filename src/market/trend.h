/*
 * Where a level is heading: straight pieces on its logarithm, as many as the data force, each with
 * its direction and how sure that is. A fall is never assumed. docs/index-method.md, section 7.
 */
#pragma once

#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TREND_POINTS_LEAST = 8, /* fewer tell no direction */
	TREND_POINTS_MAXIMUM = 2000,
	TREND_PIECE_LEAST = 4, /* points of a piece */
	TREND_TURNS_MAXIMUM = 8,
	TREND_DRAWS_MAXIMUM = 2000, /* of a test: more change nothing that is shown */
};

/* A turning point, and the sign of a slope in either direction, are reported when chance alone does
 * it in at most one case in twenty. */
#define TREND_CHANCE 0.05

/* A slope whose 90 % interval lies within 10 % a year, up or down, is flat: ours. */
#define TREND_FLAT_PER_YEAR 0.10

enum direction {
	DIRECTION_UNKNOWN, /* too few points, or the sign of the slope is chance */
	DIRECTION_FLAT,
	DIRECTION_UP,
	DIRECTION_DOWN,
	DIRECTION_COUNT,
};

extern const char *const direction_names[DIRECTION_COUNT]; /* "none", "flat", "up", "down" */

struct trend_point {
	date_t day;
	double usd; /* positive */
};

struct piece {
	date_t from, to;
	double from_usd, to_usd;            /* of the fitted line */
	double from_told, to_told;          /* the values of those days */
	double per_year;                    /* 0.25: the price grows by a quarter a year */
	double per_year_low, per_year_high; /* 90 % */
	double confidence;                  /* that the slope has its sign, 0.5 to 1 */
	enum direction direction;
};

/* Between two pieces. */
struct turn {
	date_t day;
	date_t earliest, latest; /* 90 % */
	double confidence;       /* 1 - the chance of so clear a bend in a series without it */
	double usd;              /* of the fitted line */
	bool reverses;           /* the pieces have different directions; else the pace changes */
};

struct trend {
	enum direction direction; /* of the last piece: now */
	struct piece pieces[TREND_TURNS_MAXIMUM + 1];
	struct turn turns[TREND_TURNS_MAXIMUM];
	unsigned piece_count, turn_count;
	double noise; /* robust standard deviation of the logarithm about the line */
	uint32_t draws;
};

struct trend_request {
	uint32_t draws; /* 0 gives no direction and no turn: nothing would be known of chance;
			 * TREND_DRAWS_MAXIMUM are taken at most */
	uint64_t seed;
};

/* Points ascend by day, TREND_POINTS_MAXIMUM at most. */
void trend_find(const struct trend_point *points, size_t count, const struct trend_request *request,
		struct trend *ret_trend);
