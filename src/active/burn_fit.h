/*
 * What a burn-in's figures say: how much speed ten degrees cost, and whether the end was as fast as
 * the beginning. Pure statistics; nothing here knows a GPU.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
	BURN_POINTS_MAXIMUM = 512, /* windows of one burn-in */
	BURN_POINTS_LEAST = 6,
};

/* Below this range of temperatures a line through them says nothing: sensors tell whole degrees,
 * and a slope over less would be stretched to more than twice its length. */
#define BURN_RANGE_LEAST_C 5.0

/* A window of the burn-in: what was done under full load in it, and how warm it was meanwhile. */
struct burn_point {
	double temperature_c; /* NAN: not known, the point is left out */
	double speed;         /* above 0, else the point is left out */
};

struct burn_loss {
	double percent;   /* of the speed in the middle, lost for ten degrees more */
	double low, high; /* its interval at 95 % */
	double lowest_c, highest_c;
	size_t count; /* points that were used */
	double free;  /* points that were as good as independent */
};

/* A straight line of least squares through speed against temperature. The interval is that of
 * Student's distribution; windows that follow each other err alike, so that only n (1 - r) / (1 +
 * r) of them count, r the correlation of one residual with the next when it is positive. False with
 * the reason, which lives for ever, when the points do not tell: too few, or temperatures too close
 * together. */
bool burn_fit(const struct burn_point *points, size_t count, struct burn_loss *ret_loss,
	      const char **ret_reason);

/* The value of Student's distribution with so many degrees of freedom that 97.5 % lie below
 * (Abramowitz and Stegun 26.7.5; within 1 % from 3 degrees on). */
double burn_student(double degrees);

/* The middle of the values that are above 0, and their spread about it as repeats_summary() has it
 * (1.4826 median absolute deviations); both 0 of none. */
struct burn_middle {
	double median, deviation;
	size_t count;
};
struct burn_middle burn_middle(const double *values, size_t count);
