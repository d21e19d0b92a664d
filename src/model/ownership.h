/*
 * What an hour of a GPU costs whoever owns it, and how long a price can last.
 *
 * Everything is for one server, or one rack where the rack is the unit that is bought. With n
 * months of life, r the cost of capital a year divided by 12, and CRF = r / (1 - (1 + r)^-n):
 *
 *   an hour = [(capital - residual / (1 + r)^n) CRF + running costs of a month]
 *             / (GPUs x hours of a month x utilisation)
 *   price of the server = bill of materials / (1 - margin of its maker)
 *
 * which is the formula of engineering economics (capital recovery factor). Taxes, subsidies and
 * the cost of selling are not in it. docs/cost.md says more, and what it cannot tell.
 */
#pragma once

#include "model/parameter.h"

enum ownership_parameter {
	OWN_GPUS,
	OWN_SERVER,
	OWN_MARGIN,
	OWN_NETWORK,
	OWN_STORAGE,
	OWN_MANAGEMENT,
	OWN_RACKS,
	OWN_SPARES,
	OWN_INSTALL,
	OWN_SOFTWARE,
	OWN_SHIPPING,
	OWN_LIQUID,
	OWN_LIQUID_CAPITAL,
	OWN_LIFE,
	OWN_RESIDUAL,
	OWN_CAPITAL_COST,
	OWN_SERVER_KW,
	OWN_OTHER_KW,
	OWN_LOAD,
	OWN_IDLE_LOAD,
	OWN_FANS,
	OWN_PUE,
	OWN_PUE_LIQUID,
	OWN_ELECTRICITY,
	OWN_COLOCATION,
	OWN_HALL,
	OWN_HALL_LIFE,
	OWN_BANDWIDTH,
	OWN_STAFF,
	OWN_HANDS,
	OWN_LICENCES,
	OWN_INSURANCE,
	OWN_UTILISATION,
	OWN_HOURS,
	OWN_PRICE,
	OWN_PRICE_CHANGE,
	OWN_PREPAID,
	OWN_COUNT,
};

extern const struct parameter_table ownership_table; /* "ownership", OWN_COUNT rows */

enum ownership_line {
	/* paid once, capital */
	OWN_LINE_SERVER,
	OWN_LINE_NETWORK,
	OWN_LINE_STORAGE,
	OWN_LINE_MANAGEMENT,
	OWN_LINE_RACKS,
	OWN_LINE_SPARES,
	OWN_LINE_INSTALL,
	OWN_LINE_SOFTWARE,
	OWN_LINE_SHIPPING,
	OWN_LINE_COOLING,
	OWN_LINE_RESIDUAL, /* taken off */
	/* paid each month */
	OWN_LINE_COLOCATION,
	OWN_LINE_HALL, /* of one's own, as a rent that pays for it over its own life */
	OWN_LINE_ELECTRICITY,
	OWN_LINE_BANDWIDTH,
	OWN_LINE_STAFF,
	OWN_LINE_HANDS,
	OWN_LINE_LICENCES,
	OWN_LINE_INSURANCE,
	OWN_LINE_COUNT,
	OWN_LINE_RUNNING = OWN_LINE_COLOCATION, /* the first that is no capital */
};

extern const char *const ownership_line_names[OWN_LINE_COUNT]; /* "server", "network" … */

struct ownership_cost {
	double once[OWN_LINE_COUNT];  /* USD of a server; capital lines only */
	double month[OWN_LINE_COUNT]; /* USD of a server a month: capital with its interest */
	double hour[OWN_LINE_COUNT];  /* USD of a GPU-hour that is sold */
	double capital, capital_hour; /* sums of the capital lines: USD of a server, of an hour */
	double running_month, running_hour;
	double full_hour;    /* what an hour costs */
	double idle_hour;    /* of it, what hours that nobody rents cost */
	double it_kw;        /* of a server with its share of the rest, as installed */
	double building_kw;  /* at load, with cooling and losses */
	double pue;          /* by how much is cooled with liquid */
	double sold_hours;   /* GPU-hours of a server a month */
	double server_price; /* USD */
};

/* Of values in the order of enum ownership_parameter; OWN_PRICE is not looked at. */
void ownership_cost(const double values[OWN_COUNT], struct ownership_cost *ret_cost);

/* The full cost of an hour, USD: a figure_of for model/sensitivity.h. */
double ownership_hour(const double *values);

/* Fails when a value is missing, and when values contradict each other: a rented hall and one's
 * own at once, or neither; liquid cooling whose PUE is above that of air. A price may be missing.
 */
bool ownership_check(const struct parameters *parameters, struct error *err);

enum endurance {
	ENDURES_UNKNOWN,  /* no price was given */
	ENDURES_NOT_CASH, /* does not pay the running costs: cheaper to switch off */
	ENDURES_NOT_FULL, /* runs on, but will not be bought again */
	ENDURES,          /* pays the capital and what it costs: can last */
	ENDURANCE_COUNT,
};

extern const char *const endurance_names[ENDURANCE_COUNT];   /* "below-cash" … */
extern const char *const endurance_reasons[ENDURANCE_COUNT]; /* a clause for people */

/* What a price does to the owner, over the life of the server. Its price moves by
 * OWN_PRICE_CHANGE a year and OWN_PREPAID of what a life brings is paid at its start. */
struct ownership_outlook {
	enum endurance endurance;
	double price;           /* USD a GPU-hour, today */
	double margin;          /* share of the price that is left after the full cost */
	double cash_hour;       /* what must be paid month by month: the running costs */
	double breakeven_price; /* today's price at which the project earns exactly its cost of
				 * capital: the full cost when the price stays */
	double breakeven_utilisation; /* at this price; above 1 when no utilisation suffices; NAN
				       * when the price moves or is partly prepaid */
	double payback_months;        /* until what came in, less running costs, equals the capital;
				       * not discounted; NAN: not within the life */
	double internal_rate;         /* a year, twelve times that of a month; NAN: below -99 % */
};

/* Of values with a price; ENDURES_UNKNOWN and NANs without one. */
void ownership_outlook(const double values[OWN_COUNT], struct ownership_outlook *ret_outlook);
