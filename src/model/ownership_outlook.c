#include "model/ownership.h"

#include <assert.h>
#include <math.h>

const char *const endurance_names[] = {
	[ENDURES_UNKNOWN] = "unknown",
	[ENDURES_NOT_CASH] = "below-cash",
	[ENDURES_NOT_FULL] = "below-full",
	[ENDURES] = "above-full",
};
static_assert(sizeof(endurance_names) / sizeof(endurance_names[0]) == ENDURANCE_COUNT,
	      "a name for each answer");

const char *const endurance_reasons[] = {
	[ENDURES_UNKNOWN] = "no price was given",
	[ENDURES_NOT_CASH] =
		"it does not pay what must be paid month by month: the owner loses less "
		"by switching off",
	[ENDURES_NOT_FULL] =
		"it pays what must be paid month by month but not the capital: it lasts "
		"while these servers run, and nobody buys new ones for it",
	[ENDURES] = "it pays all costs with what the capital costs: it can last",
};
static_assert(sizeof(endurance_reasons) / sizeof(endurance_reasons[0]) == ENDURANCE_COUNT,
	      "a reason for each answer");

/* Bounds of the search for the internal rate, a month. */
#define RATE_LOWEST (-0.5)
#define RATE_HIGHEST 1.0

enum {
	BISECTIONS = 200,
};

/* What comes in and goes out of a server, USD. */
struct flows {
	double start;    /* capital with what is prepaid */
	double residual; /* at the end */
	double revenue;  /* of the first month, without what is prepaid */
	double growth;   /* of the price, a month, as a factor */
	double running;  /* a month */
	double life;     /* months, the last of which may be a part of one */
	unsigned months; /* begun ones */
};

/* How much of the month, counted from 0, lies within the life. */
static double part_of(const struct flows *flows, unsigned month)
{
	return fmin(1, flows->life - month);
}

static struct flows flows_of(const double values[OWN_COUNT], const struct ownership_cost *cost,
			     double price)
{
	struct flows flows = {
		.residual = -cost->once[OWN_LINE_RESIDUAL],
		.revenue = price * cost->sold_hours,
		.growth = pow(1 + values[OWN_PRICE_CHANGE], 1.0 / 12),
		.running = cost->running_month,
		.life = values[OWN_LIFE],
		.months = (unsigned)ceil(values[OWN_LIFE]),
	};
	double brought = 0;
	double revenue = flows.revenue;

	for (unsigned month = 0; month < flows.months; month++) {
		brought += revenue * part_of(&flows, month);
		revenue *= flows.growth;
	}
	flows.start = values[OWN_PREPAID] * brought - cost->capital;
	flows.revenue *= 1 - values[OWN_PREPAID];
	return flows;
}

/* Worth of all flows today at a rate a month. */
static double worth_of(const struct flows *flows, double rate)
{
	double revenue = flows->revenue;
	double discount = 1;
	double worth = flows->start;

	for (unsigned month = 0; month < flows->months; month++) {
		double part = part_of(flows, month);

		discount /= part < 1 ? pow(1 + rate, part) : 1 + rate;
		worth += (revenue - flows->running) * part * discount;
		revenue *= flows->growth;
	}
	return worth + flows->residual * discount;
}

/* Worth falls with the rate, as long as the first flow is the one that goes out. */
static double internal_rate(const struct flows *flows)
{
	double low = RATE_LOWEST;
	double high = RATE_HIGHEST;

	if (flows->start >= 0 || worth_of(flows, low) <= 0 || worth_of(flows, high) >= 0)
		return NAN;
	for (int i = 0; i < BISECTIONS; i++) {
		double middle = (low + high) / 2;

		if (worth_of(flows, middle) > 0)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2 * 12;
}

static double payback_months(const struct flows *flows)
{
	double sum = flows->start;
	double revenue = flows->revenue;

	if (sum >= 0)
		return 0;
	for (unsigned month = 0; month < flows->months; month++) {
		sum += (revenue - flows->running) * part_of(flows, month);
		revenue *= flows->growth;
		if (sum >= 0)
			return month + 1;
	}
	return NAN;
}

/* Worth is a straight line in the price, so two prices give where it is zero. */
static double breakeven_price(const double values[OWN_COUNT], const struct ownership_cost *cost)
{
	double rate = values[OWN_CAPITAL_COST] / 12;
	struct flows free = flows_of(values, cost, 0);
	struct flows dollar = flows_of(values, cost, 1);
	double worth = worth_of(&free, rate);

	return -worth / (worth_of(&dollar, rate) - worth);
}

/* Of the costs only electricity moves with the hours that are sold. */
static double breakeven_utilisation(const double values[OWN_COUNT],
				    const struct ownership_cost *cost)
{
	double per_load = values[OWN_ELECTRICITY] * cost->it_kw * cost->pue * values[OWN_HOURS];
	double fixed = cost->full_hour * cost->sold_hours - cost->month[OWN_LINE_ELECTRICITY];
	double earned = values[OWN_PRICE] * values[OWN_GPUS] * values[OWN_HOURS] -
			per_load * (values[OWN_LOAD] - values[OWN_IDLE_LOAD]);

	if (fabs(values[OWN_PRICE_CHANGE]) > 0 || values[OWN_PREPAID] > 0)
		return NAN;
	if (earned <= 0)
		return (double)INFINITY;
	return (fixed + per_load * values[OWN_IDLE_LOAD]) / earned;
}

void ownership_outlook(const double values[OWN_COUNT], struct ownership_outlook *ret_outlook)
{
	struct ownership_cost cost;

	ownership_cost(values, &cost);
	struct ownership_outlook outlook = {
		.price = values[OWN_PRICE],
		.cash_hour = cost.running_hour,
		.breakeven_price = breakeven_price(values, &cost),
		.margin = NAN,
		.breakeven_utilisation = NAN,
		.payback_months = NAN,
		.internal_rate = NAN,
	};

	if (!isnan(outlook.price)) {
		struct flows flows = flows_of(values, &cost, outlook.price);

		outlook.margin = 1 - cost.full_hour / outlook.price;
		outlook.breakeven_utilisation = breakeven_utilisation(values, &cost);
		outlook.payback_months = payback_months(&flows);
		outlook.internal_rate = internal_rate(&flows);
		outlook.endurance = outlook.price < outlook.cash_hour         ? ENDURES_NOT_CASH
				    : outlook.price < outlook.breakeven_price ? ENDURES_NOT_FULL
									      : ENDURES;
	}
	*ret_outlook = outlook;
}
