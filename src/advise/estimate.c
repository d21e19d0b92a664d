#include "advise/estimate.h"

#include <assert.h>
#include <math.h>

enum {
	GB_PER_TB = 1000,
	POINTS = 10, /* of the ranges, for the probability of the deadline */
	HALVINGS = 60,
};

const char *const bill_line_names[] = {
	[BILL_GPU] = "gpu",         [BILL_STORAGE] = "storage",     [BILL_NETWORK] = "network",
	[BILL_CONTROL] = "control", [BILL_SUPPORT] = "support",     [BILL_GOODPUT] = "goodput",
	[BILL_SETUP] = "setup",     [BILL_DEBUGGING] = "debugging", [BILL_UNUSED] = "unused",
};
static_assert(sizeof(bill_line_names) / sizeof(bill_line_names[0]) == BILL_COUNT,
	      "a name for each line");

const char *const bill_line_titles[] = {
	[BILL_GPU] = "GPU-hours that do work",
	[BILL_STORAGE] = "storage",
	[BILL_NETWORK] = "egress",
	[BILL_CONTROL] = "control plane",
	[BILL_SUPPORT] = "support",
	[BILL_GOODPUT] = "GPU-hours lost to failures and checkpoints",
	[BILL_SETUP] = "set-up",
	[BILL_DEBUGGING] = "attending to interruptions",
	[BILL_UNUSED] = "GPU-hours paid and not used",
};
static_assert(sizeof(bill_line_titles) / sizeof(bill_line_titles[0]) == BILL_COUNT,
	      "a title for each line");

static double assumed(const struct situation *situation, enum assumption index, enum corner corner)
{
	return quantity_at(situation->assumptions->values[index], corner, true);
}

/* An unknown price is the dear end, but where the hour is cheap. */
static double presumed(const struct situation *situation, enum assumption index, enum corner corner)
{
	const struct quantity *range = &situation->assumptions->values[index];

	return corner == CORNER_CHEAP ? range->low : range->high;
}

/* Hours that are billed: of a contract whole terms, however short the work. */
static double billed_hours(const struct offer *offer, double hours)
{
	double term = offer->term_months * (double)MONTH_HOURS;

	return offer->rental == RENTAL_CONTRACT && term > 0 ? ceil(hours / term) * term : hours;
}

static double storage_usd(const struct situation *situation, double hours, enum corner corner)
{
	const struct offer *offer = situation->offer;
	double gb = situation->need->stored_tb * GB_PER_TB;
	double price = isnan(offer->storage_usd) ? presumed(situation, ASSUMES_STORAGE, corner)
						 : offer->storage_usd;

	if (offer->told & offer->includes & INCLUDES_STORAGE)
		return 0;
	return gb * price * hours / MONTH_HOURS;
}

static double egress_usd(const struct situation *situation, enum corner corner)
{
	const struct offer *offer = situation->offer;
	double price = isnan(offer->egress_usd) ? presumed(situation, ASSUMES_EGRESS, corner)
						: offer->egress_usd;

	if (offer->told & offer->includes & INCLUDES_EGRESS)
		return 0;
	return situation->need->out_gb * price;
}

struct bill bill_of(const struct situation *situation, const struct pace *pace, double price,
		    double useful_h, enum corner corner)
{
	const struct need *need = situation->need;
	double paid_gpus = offer_paid_gpus(situation->offer, need->gpus);
	struct bill bill = { .hours = pace_hours(pace, useful_h) };

	if (!isfinite(bill.hours)) {
		bill.total = INFINITY;
		return bill;
	}

	double billed = billed_hours(situation->offer, bill.hours);
	double working = bill.hours * pace->useful * need->gpus;
	double interruptions = (pace->failures + pace->reclaims) * bill.hours;

	bill.gpu_hours = billed * paid_gpus;
	bill.usd[BILL_GPU] = working * price;
	bill.usd[BILL_GOODPUT] = bill.hours * (1 - pace->useful) * need->gpus * price;
	bill.usd[BILL_UNUSED] = (bill.gpu_hours - bill.hours * need->gpus) * price;
	bill.usd[BILL_STORAGE] = storage_usd(situation, bill.hours, corner);
	bill.usd[BILL_NETWORK] = egress_usd(situation, corner);
	bill.usd[BILL_SETUP] = assumed(situation, ASSUMES_SETUP, corner) * need->team_usd_per_h;
	bill.usd[BILL_DEBUGGING] =
		interruptions * assumed(situation, ASSUMES_ATTENDED, corner) * need->team_usd_per_h;
	for (unsigned line = 0; line < BILL_COUNT; line++)
		bill.total += bill.usd[line];
	return bill;
}

static struct quantity range_of(double cheap, double value, double dear)
{
	return (struct quantity){ .value = value,
				  .low = fmin(fmin(cheap, dear), value),
				  .high = fmax(fmax(cheap, dear), value) };
}

static double between(double from, double to, double share)
{
	return from + (to - from) * share;
}

/* A pace between the three corners: 0 cheap, ½ expected, 1 dear. */
static struct pace pace_between(const struct pace paces[CORNER_COUNT], double at)
{
	const struct pace *from = at < 0.5 ? &paces[CORNER_CHEAP] : &paces[CORNER_VALUE];
	const struct pace *to = at < 0.5 ? &paces[CORNER_VALUE] : &paces[CORNER_DEAR];
	double share = at < 0.5 ? at * 2 : at * 2 - 1;
	struct pace pace = *from;

	pace.performance = between(from->performance, to->performance, share);
	pace.network = between(from->network, to->network, share);
	pace.write_h = between(from->write_h, to->write_h, share);
	pace.interval_h = between(from->interval_h, to->interval_h, share);
	pace.recovery_h = between(from->recovery_h, to->recovery_h, share);
	/* Rates span orders of magnitude. */
	pace.failures = from->failures * pow(to->failures / from->failures, share);
	if (from->reclaims > 0)
		pace.reclaims = from->reclaims * pow(to->reclaims / from->reclaims, share);
	else
		pace.reclaims = to->reclaims * share;
	return pace;
}

double estimate_in_time(const struct estimate *estimate, double useful_h, double deadline_h)
{
	double sum = 0;

	if (!isfinite(deadline_h))
		return 1;
	for (unsigned i = 0; i < POINTS; i++) {
		const struct pace pace = pace_between(estimate->paces, (i + 0.5) / POINTS);

		sum += pace_in_time(&pace, useful_h, deadline_h);
	}
	return sum / POINTS;
}

double estimate_sure_h(const struct estimate *estimate, double useful_h, double confidence)
{
	double low = 0, high = estimate->hours.high;

	if (!isfinite(high) || estimate_in_time(estimate, useful_h, high) < confidence)
		high = 100 * estimate->hours.value;
	if (!isfinite(high) || estimate_in_time(estimate, useful_h, high) < confidence)
		return INFINITY;
	for (unsigned i = 0; i < HALVINGS && high - low > 1e-3 * high; i++) {
		double middle = (low + high) / 2;

		if (estimate_in_time(estimate, useful_h, middle) < confidence)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static unsigned unknown_lines(const struct situation *situation)
{
	const struct offer *offer = situation->offer;
	const struct need *need = situation->need;
	unsigned unknown = 0;

	if (need->stored_tb > 0 && isnan(offer->storage_usd) &&
	    !(offer->told & INCLUDES_STORAGE & offer->includes))
		unknown |= 1u << BILL_STORAGE;
	if (need->out_gb > 0 && isnan(offer->egress_usd) &&
	    !(offer->told & INCLUDES_EGRESS & offer->includes))
		unknown |= 1u << BILL_NETWORK;
	if (!(offer->told & INCLUDES_CONTROL))
		unknown |= 1u << BILL_CONTROL;
	if (!(offer->told & INCLUDES_SUPPORT))
		unknown |= 1u << BILL_SUPPORT;
	return unknown;
}

static void fill_risks(const struct situation *situation, struct estimate *estimate)
{
	const struct need *need = situation->need;
	const struct pace *pace = &estimate->paces[CORNER_VALUE];

	estimate->interruptions = (pace->failures + pace->reclaims) * estimate->hours.value;
	estimate->survival = exp(-pace->reclaims * estimate->hours.value);
	estimate->in_time = estimate_in_time(estimate, need->hours, need->deadline_h);
	estimate->unknown = unknown_lines(situation);
	estimate->network_unknown = need_leaves_node(need) && !(situation->offer->gbit_per_s > 0);
}

bool estimate_make(const struct situation *situation, struct estimate *ret_estimate)
{
	const struct need *need = situation->need;
	struct estimate estimate = { .paid_gpus = offer_paid_gpus(situation->offer, need->gpus) };
	struct bill bills[CORNER_COUNT];

	if (!offer_price(situation->offer, estimate.paid_gpus, &estimate.price))
		return false;
	for (unsigned corner = 0; corner < CORNER_COUNT; corner++) {
		estimate.paces[corner] = pace_of(situation, (enum corner)corner);
		bills[corner] = bill_of(situation, &estimate.paces[corner],
					quantity_at(estimate.price, (enum corner)corner, true),
					need->hours, (enum corner)corner);
	}
	estimate.hours = range_of(bills[CORNER_CHEAP].hours, bills[CORNER_VALUE].hours,
				  bills[CORNER_DEAR].hours);
	estimate.usd = range_of(bills[CORNER_CHEAP].total, bills[CORNER_VALUE].total,
				bills[CORNER_DEAR].total);
	for (unsigned line = 0; line < BILL_COUNT; line++)
		estimate.lines[line] =
			range_of(bills[CORNER_CHEAP].usd[line], bills[CORNER_VALUE].usd[line],
				 bills[CORNER_DEAR].usd[line]);
	estimate.gpu_hours = bills[CORNER_VALUE].gpu_hours;
	estimate.useful_gpu_hours = need->hours * need->gpus;
	fill_risks(situation, &estimate);
	*ret_estimate = estimate;
	return true;
}

double estimate_usd(const struct situation *situation, const struct estimate *estimate,
		    double useful_h)
{
	return bill_of(situation, &estimate->paces[CORNER_VALUE], estimate->price.value, useful_h,
		       CORNER_VALUE)
		.total;
}
