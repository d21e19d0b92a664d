#include "model/ownership.h"

#include <assert.h>
#include <math.h>

#include "model/sensitivity.h"

/* "ours": a middle value that no source was found for; presets give sourced ones. */
static const struct parameter_row rows[] = {
	[OWN_GPUS] = { "gpus", "GPUs", NAN, 1, 100000,
		       "of a server, or of a rack that is bought whole", "" },
	[OWN_SERVER] = { "server", "USD", NAN, 0, 1e9, "bill of materials of the server", "" },
	[OWN_MARGIN] = { "margin", "share", 0.02, 0, 0.9, "of its price that its maker keeps",
			 "ODM 2 %, OEM 10-15 %: SemiAnalysis, 2025-03" },
	[OWN_NETWORK] = { "network", "USD", NAN, 0, 1e9,
			  "scale-out network, a server's share of leaves, spines and optics", "" },
	[OWN_STORAGE] = { "storage", "USD", NAN, 0, 1e9, "a server's share of it", "" },
	[OWN_MANAGEMENT] = { "management", "USD", NAN, 0, 1e9,
			     "front-end and management network, a server's share", "" },
	[OWN_RACKS] = { "racks", "USD", NAN, 0, 1e9, "racks, power distribution, cabling", "" },
	[OWN_SPARES] = { "spares", "share", 0.03, 0, 1, "of the servers' price",
			 "2-6 %: SemiAnalysis, 2026-04" },
	[OWN_INSTALL] = { "install", "USD", NAN, 0, 1e9, "installation and burn-in", "" },
	[OWN_SOFTWARE] = { "software", "USD", 0, 0, 1e9, "licences that are bought once", "ours" },
	[OWN_SHIPPING] = { "shipping", "USD", 0, 0, 1e9, "freight and duty", "ours" },
	[OWN_LIQUID] = { "liquid", "share", 0, 0, 1,
			 "of the server's heat that a liquid takes; 0 is air", "ours" },
	[OWN_LIQUID_CAPITAL] = { "liquid-capital", "USD/kW", 1000, 0, 100000,
				 "pumps, manifolds and heat exchangers, once, of what liquid cools",
				 "ours" },
	[OWN_LIFE] = { "life", "months", 48, 1, 240, "until the server is sold or scrapped",
		       "36-60: a public glossary" },
	[OWN_RESIDUAL] = { "residual", "share", 0, 0, 1, "of the server's price at the end of life",
			   "careful; 20-40 %: a public glossary" },
	[OWN_CAPITAL_COST] = { "capital-cost", "share", 0.1, 0, 2,
			       "cost of capital a year, debt and equity; a twelfth of it a month",
			       "ours" },
	[OWN_SERVER_KW] = { "server-kw", "kW", NAN, 0, 10000, "of a server, as installed", "" },
	[OWN_OTHER_KW] = { "other-kw", "kW", 0, 0, 10000,
			   "its share of network, storage and head nodes", "ours" },
	[OWN_LOAD] = { "load", "share", 0.8, 0, 1, "of the power, in hours that are sold", "ours" },
	[OWN_IDLE_LOAD] = { "idle-load", "share", 0.3, 0, 1, "of the power, in hours that are not",
			    "ours" },
	[OWN_FANS] = { "fans", "share", 0.12, 0, 0.9,
		       "of the server's power, that its fans take where air cools it", "ours" },
	[OWN_PUE] = { "pue", "", 1.25, 1, 4, "power of the building to that of its machines, air",
		      "1.1-1.15 best, 1.2-1.3 typical, 1.5-1.8 old: public pages" },
	[OWN_PUE_LIQUID] = { "pue-liquid", "", 1.12, 1, 4, "the same where liquid cools", "ours" },
	[OWN_ELECTRICITY] = { "electricity", "USD/kWh", 0.08, 0, 2,
			      "0 when the rent of the hall holds it", "ours" },
	[OWN_COLOCATION] = { "colocation", "USD/kW-month", 0, 0, 10000,
			     "rent of a hall by installed power; 0 when it is one's own",
			     "150-250: a public page" },
	[OWN_HALL] = { "hall", "USD/kW", 0, 0, 1000000,
		       "building, power and cooling of one's own, by installed power; 0 when "
		       "rented",
		       "ours" },
	[OWN_HALL_LIFE] = { "hall-life", "months", 180, 12, 600, "of one's own hall", "ours" },
	[OWN_BANDWIDTH] = { "bandwidth", "USD/month", 0, 0, 1e9, "to the outside", "ours" },
	[OWN_STAFF] = { "staff", "USD/month", 0, 0, 1e9, "who runs it, a server's share", "ours" },
	[OWN_HANDS] = { "hands", "USD/month", 0, 0, 1e9, "remote hands and returns", "ours" },
	[OWN_LICENCES] = { "licences", "USD/month", 0, 0, 1e9, "software that is rented", "ours" },
	[OWN_INSURANCE] = { "insurance", "share", 0, 0, 1, "of the capital, a year", "ours" },
	[OWN_UTILISATION] = { "utilisation", "share", 0.8, 0.01, 1, "of all hours that are sold",
			      "ours" },
	[OWN_HOURS] = { "hours", "h", 730, 672, 744, "of a month", "8,760 / 12" },
	[OWN_PRICE] = { "price", "USD/GPU-hour", NAN, 0, 10000, "what the market pays", "" },
	[OWN_PRICE_CHANGE] = { "price-change", "share", 0, -0.9, 1, "of the price, a year",
			       "ours" },
	[OWN_PREPAID] = { "prepaid", "share", 0, 0, 1, "of all that a life brings, at its start",
			  "25 % is common: SemiAnalysis, 2025-11" },
};
static_assert(sizeof(rows) / sizeof(rows[0]) == OWN_COUNT, "a row for each parameter");
static_assert(sizeof(rows) / sizeof(rows[0]) <= PARAMETERS_MAXIMUM, "as many as a table holds");

const struct parameter_table ownership_table = { "ownership", rows, OWN_COUNT };

const char *const ownership_line_names[] = {
	[OWN_LINE_SERVER] = "server",
	[OWN_LINE_NETWORK] = "scale-out network",
	[OWN_LINE_STORAGE] = "storage",
	[OWN_LINE_MANAGEMENT] = "management network",
	[OWN_LINE_RACKS] = "racks",
	[OWN_LINE_SPARES] = "spares",
	[OWN_LINE_INSTALL] = "installation",
	[OWN_LINE_SOFTWARE] = "software",
	[OWN_LINE_SHIPPING] = "shipping",
	[OWN_LINE_COOLING] = "liquid cooling",
	[OWN_LINE_RESIDUAL] = "residual value, at the end",
	[OWN_LINE_COLOCATION] = "colocation",
	[OWN_LINE_HALL] = "own hall",
	[OWN_LINE_ELECTRICITY] = "electricity",
	[OWN_LINE_BANDWIDTH] = "bandwidth",
	[OWN_LINE_STAFF] = "staff",
	[OWN_LINE_HANDS] = "remote hands",
	[OWN_LINE_LICENCES] = "licences",
	[OWN_LINE_INSURANCE] = "insurance",
};
static_assert(sizeof(ownership_line_names) / sizeof(ownership_line_names[0]) == OWN_LINE_COUNT,
	      "a name for each line");

/* Interest is so small that the limit, 1/n, is exact. */
#define INTEREST_NONE 1e-12

/* What one dollar of today costs a month, paid back over so many months. */
static double recovery(double rate, double months)
{
	return rate < INTEREST_NONE ? 1 / months : rate / -expm1(-months * log1p(rate));
}

/* Capital cooled by liquid, and power and PUE that follow from it. */
static void add_cooling(const double values[OWN_COUNT], struct ownership_cost *cost)
{
	double liquid = values[OWN_LIQUID];
	/* Fans stand still as far as liquid takes the heat. */
	double server_kw = values[OWN_SERVER_KW] * (1 - values[OWN_FANS] * liquid);

	cost->it_kw = server_kw + values[OWN_OTHER_KW];
	cost->pue = values[OWN_PUE] + (values[OWN_PUE_LIQUID] - values[OWN_PUE]) * liquid;
	cost->building_kw = cost->it_kw * values[OWN_LOAD] * cost->pue;
	cost->once[OWN_LINE_COOLING] = values[OWN_LIQUID_CAPITAL] * server_kw * liquid;
}

static void add_capital(const double values[OWN_COUNT], struct ownership_cost *cost)
{
	static const struct {
		enum ownership_line line;
		enum ownership_parameter parameter;
	} same[] = {
		{ OWN_LINE_NETWORK, OWN_NETWORK },       { OWN_LINE_STORAGE, OWN_STORAGE },
		{ OWN_LINE_MANAGEMENT, OWN_MANAGEMENT }, { OWN_LINE_RACKS, OWN_RACKS },
		{ OWN_LINE_INSTALL, OWN_INSTALL },       { OWN_LINE_SOFTWARE, OWN_SOFTWARE },
		{ OWN_LINE_SHIPPING, OWN_SHIPPING },
	};
	double rate = values[OWN_CAPITAL_COST] / 12;
	double crf = recovery(rate, values[OWN_LIFE]);
	double residual = 0;

	cost->server_price = values[OWN_SERVER] / (1 - values[OWN_MARGIN]);
	cost->once[OWN_LINE_SERVER] = cost->server_price;
	cost->once[OWN_LINE_SPARES] = cost->server_price * values[OWN_SPARES];
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		cost->once[same[i].line] = values[same[i].parameter];
	residual = cost->server_price * values[OWN_RESIDUAL];
	for (unsigned i = 0; i < OWN_LINE_RESIDUAL; i++) {
		cost->capital += cost->once[i];
		cost->month[i] = cost->once[i] * crf;
	}
	cost->once[OWN_LINE_RESIDUAL] = -residual;
	cost->month[OWN_LINE_RESIDUAL] = -residual * exp(-values[OWN_LIFE] * log1p(rate)) * crf;
}

static void add_running(const double values[OWN_COUNT], struct ownership_cost *cost)
{
	double utilisation = values[OWN_UTILISATION];
	double load = values[OWN_LOAD] * utilisation + values[OWN_IDLE_LOAD] * (1 - utilisation);
	double hall_rate = values[OWN_CAPITAL_COST] / 12;

	cost->month[OWN_LINE_COLOCATION] = values[OWN_COLOCATION] * cost->it_kw;
	cost->month[OWN_LINE_HALL] =
		values[OWN_HALL] * cost->it_kw * recovery(hall_rate, values[OWN_HALL_LIFE]);
	cost->month[OWN_LINE_ELECTRICITY] =
		values[OWN_ELECTRICITY] * cost->it_kw * load * cost->pue * values[OWN_HOURS];
	cost->month[OWN_LINE_BANDWIDTH] = values[OWN_BANDWIDTH];
	cost->month[OWN_LINE_STAFF] = values[OWN_STAFF];
	cost->month[OWN_LINE_HANDS] = values[OWN_HANDS];
	cost->month[OWN_LINE_LICENCES] = values[OWN_LICENCES];
	cost->month[OWN_LINE_INSURANCE] = values[OWN_INSURANCE] / 12 * cost->capital;
}

void ownership_cost(const double values[OWN_COUNT], struct ownership_cost *ret_cost)
{
	double owned = values[OWN_GPUS] * values[OWN_HOURS];
	struct ownership_cost cost = { .sold_hours = owned * values[OWN_UTILISATION] };

	add_cooling(values, &cost);
	add_capital(values, &cost);
	add_running(values, &cost);
	for (unsigned i = 0; i < OWN_LINE_COUNT; i++) {
		cost.hour[i] = cost.month[i] / cost.sold_hours;
		if (i < OWN_LINE_RUNNING) {
			cost.capital_hour += cost.hour[i];
		} else {
			cost.running_month += cost.month[i];
			cost.running_hour += cost.hour[i];
		}
	}
	cost.full_hour = cost.capital_hour + cost.running_hour;
	cost.idle_hour = cost.full_hour * (1 - values[OWN_UTILISATION]);
	*ret_cost = cost;
}

double ownership_hour(const double *values)
{
	struct ownership_cost cost;

	ownership_cost(values, &cost);
	return cost.full_hour;
}

static bool check_hall(const double values[OWN_COUNT], struct error *err)
{
	bool rented = values[OWN_COLOCATION] > 0;
	bool owned = values[OWN_HALL] > 0;

	if (rented && owned)
		return fail(err, ERROR_CONFLICT,
			    "ownership: colocation and hall are both given; a hall is rented or "
			    "one's own, set one of them to 0");
	if (!rented && !owned)
		return fail(err, ERROR_CONFLICT,
			    "ownership: neither colocation nor hall is given; servers stand "
			    "somewhere, set one of them");
	if (owned && !(values[OWN_ELECTRICITY] > 0))
		return fail(
			err, ERROR_CONFLICT,
			"ownership: electricity is 0 in one's own hall; only a rent may hold it");
	return true;
}

bool ownership_check(const struct parameters *parameters, struct error *err)
{
	struct parameters priced = *parameters;
	double values[OWN_COUNT];

	if (isnan(priced.values[OWN_PRICE].value))
		priced.values[OWN_PRICE] = quantity_of(0);
	if (!parameters_complete(&priced, err))
		return false;
	parameters_values(&priced, values);
	if (!check_hall(values, err))
		return false;
	if (values[OWN_LIQUID] > 0 && values[OWN_PUE_LIQUID] > values[OWN_PUE])
		return fail(
			err, ERROR_CONFLICT,
			"ownership: pue-liquid is above pue; liquid is taken for what wastes less");
	if (values[OWN_IDLE_LOAD] > values[OWN_LOAD])
		return fail(err, ERROR_CONFLICT,
			    "ownership: idle-load is above load; unsold hours take no more power");
	return true;
}
