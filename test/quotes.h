/*
 * Quotes by hand: a row says what a test is about, and everything else of it is the same.
 */
#pragma once

#include "market/index.h"
#include "test/stall.h"

/* The tenth of March 2026. */
#define QUOTES_DAY 20522

#define QUOTES_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What is zero is: provider "a", of no product, region, host, machine or source; of 8 H100 SXM with
 * 80 GB, on demand; seen on QUOTES_DAY at noon, and not since; stock, reliability and network not
 * said. */
struct offered {
	const char *provider, *product, *region, *host, *machine, *source;
	const char *gpu, *form;       /* "unknown": not said */
	const char *observed, *until; /* "2026-03-10", or with a time */
	double usd;                   /* of one GPU and hour */
	double reliability, gbit_per_s;
	enum rental rental;
	enum stock stock;
	unsigned memory_gb, gpus, listings, term_months;
};

/* Puts the rows into the stall's book and arranges it. A row that the book refuses fails the test.
 */
void quotes_put(struct stall *stall, const struct offered *rows, size_t count);

/* The same from the last row to the first. */
void quotes_put_backwards(struct stall *stall, const struct offered *rows, size_t count);

/* All keys, of all tiers together. */
struct key_filter quotes_all(void);

/* The quotes of the first key that there is; fails the test when there is none. */
void quotes_select(struct stall *stall, struct selection *ret_selection);

/* That key's votes of the day in a window of a week, with offers. */
void quotes_vote(struct stall *stall, date_t day, struct votes *ret_votes);

/* The level that the rows make on QUOTES_DAY, from a book of their own. */
double quotes_level(const struct offered *rows, size_t count);

/* Fails the test unless the two differ by a billionth of the larger at most. */
void quotes_expect_near(double is, double wanted);
