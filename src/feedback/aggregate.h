/*
 * What numbers with weights come to: a robust mean, its interval, a median. Only sums, products
 * and square roots, in the order given, so that every machine gives the same bits.
 */
#pragma once

#include <stdint.h>

struct said {
	double worth;  /* 0 to 1 */
	double weight; /* above 0 */
};

/*
 * The value of 0 to 1 at which the pulls are even: each pulls with its weight times its distance,
 * at most PULL_WIDTH (Huber's estimate of location, with a fixed width), and so does `presumption`
 * with the weight `prior`. One more of them moves it towards that one, or leaves it. With a width
 * of one half no answers leave it free to jump: whatever they say, others of weight u that join
 * some of weight t (the prior's included) move it by u / (t - u) at most. Without any weight it is
 * the presumption.
 */
double aggregate_mean(const struct said *said, uint32_t count, double presumption, double prior);

struct interval {
	double low, high;
};

/* 90 % interval around the robust mean, the value it is shrunk to, and the plain mean, which is
 * another one where voices are split. Its width comes from how much is known: weights, never
 * numbers of voices. */
struct interval aggregate_interval(const struct said *said, uint32_t count, double presumption);

/* Index of the one at which half of the weight is reached; `said` is by worth, the lowest first. */
uint32_t aggregate_median(const struct said *said, uint32_t count);

/* What is left of a voice of weight `own` behind others of weight `before` of a class of which
 * `whole` weighs whole. However many they are, all together are below twice `whole`. */
double aggregate_thinned(double before, double own, double whole);
