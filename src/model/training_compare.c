#include "model/training_compare.h"

#include <math.h>

/* What is told as an interval, at one end of the ranges. */
enum told {
	TOLD_MFU_A,
	TOLD_MFU_B,
	TOLD_RATIO,
	TOLD_WAIT_A,
	TOLD_WAIT_B,
	TOLD_SPEED,
	TOLD_USD_A,
	TOLD_USD_B,
	TOLD_USD_RATIO,
	TOLD_COUNT,
};

struct ends {
	double told[TOLD_COUNT];
};

/* Parameters of the three parts, at their values or at some end. */
struct parts {
	struct parameters training, a, b;
};

static bool step_both(const struct parts *parts, struct training_comparison *comparison,
		      struct error *err)
{
	struct training_comparison *to = comparison;

	if (!training_input_make(&parts->training, &to->input, err))
		return false;
	if (!network_make(&parts->a, &to->network_a, err) ||
	    !training_step(&to->input.training, &to->network_a, &to->a, err))
		return fail_while(err, "network a");
	if (!network_make(&parts->b, &to->network_b, err) ||
	    !training_step(&to->input.training, &to->network_b, &to->b, err))
		return fail_while(err, "network b");
	return true;
}

/* Of what crosses the network. */
static double speed_of(const struct training_step *a, const struct training_step *b)
{
	double shown_a = a->network_share * a->time_s;
	double shown_b = b->network_share * b->time_s;

	if (!(shown_a > 0) || !(shown_b > 0))
		return NAN;
	return shown_a / shown_b;
}

static struct ends tell(const struct training_comparison *comparison,
			const struct parameters *training)
{
	struct training_asides asides = training_asides_of(training);
	const struct training_step *a = &comparison->a;
	const struct training_step *b = &comparison->b;
	double usd_a = training_usd_per_billion(asides.price_a.value, a->tokens_per_s);
	double usd_b = training_usd_per_billion(asides.price_b.value, b->tokens_per_s);

	return (struct ends){ {
		[TOLD_MFU_A] = a->mfu,
		[TOLD_MFU_B] = b->mfu,
		/* Of equal steps it is 1 to the last bit. */
		[TOLD_RATIO] = a->time_s / b->time_s,
		[TOLD_WAIT_A] = a->network_share,
		[TOLD_WAIT_B] = b->network_share,
		[TOLD_SPEED] = speed_of(a, b),
		[TOLD_USD_A] = usd_a,
		[TOLD_USD_B] = usd_b,
		[TOLD_USD_RATIO] = usd_b / usd_a,
	} };
}

/* Where each of what is told goes. */
static void widen(struct training_comparison *comparison, const struct ends *ends, bool is_value)
{
	struct quantity *const places[] = {
		[TOLD_MFU_A] = &comparison->mfu_a,         [TOLD_MFU_B] = &comparison->mfu_b,
		[TOLD_RATIO] = &comparison->ratio,         [TOLD_WAIT_A] = &comparison->wait_a,
		[TOLD_WAIT_B] = &comparison->wait_b,       [TOLD_SPEED] = &comparison->speed,
		[TOLD_USD_A] = &comparison->usd_a,         [TOLD_USD_B] = &comparison->usd_b,
		[TOLD_USD_RATIO] = &comparison->usd_ratio,
	};

	for (int i = 0; i < TOLD_COUNT; i++) {
		double value = ends->told[i];

		if (is_value)
			*places[i] = (struct quantity){ value, value, value };
		places[i]->low = fmin(places[i]->low, value);
		places[i]->high = fmax(places[i]->high, value);
	}
}

bool training_compare(const struct parameters *training, const struct parameters *a,
		      const struct parameters *b, struct training_comparison *ret_comparison,
		      struct error *err)
{
	unsigned counts[] = { parameters_ranges(training), parameters_ranges(a),
			      parameters_ranges(b) };
	unsigned count = counts[0] + counts[1] + counts[2];
	struct parts parts = { *training, *a, *b };

	if (count > COMPARISON_RANGES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%u parameters are ranges; %d at most: fix some",
			    count, COMPARISON_RANGES_MAXIMUM);
	if (!step_both(&parts, ret_comparison, err))
		return false;

	struct ends at_value = tell(ret_comparison, training);
	widen(ret_comparison, &at_value, true);
	for (unsigned ends = 0; ends < 1u << count; ends++) {
		struct training_comparison end;

		parameters_at_ends(training, ends, &parts.training);
		parameters_at_ends(a, ends >> counts[0], &parts.a);
		parameters_at_ends(b, ends >> (counts[0] + counts[1]), &parts.b);
		if (!step_both(&parts, &end, err))
			return false;

		struct ends at_end = tell(&end, &parts.training);
		widen(ret_comparison, &at_end, false);
	}
	return true;
}
