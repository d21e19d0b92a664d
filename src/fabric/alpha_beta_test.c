#include "fabric/alpha_beta.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const double mib = 1024 * 1024;

/* nccl-tests, all-reduce, out of place, from 512 MiB doubling: README of coreweave/nccl-tests
 * 0120901, read on 2026-11-26. */
static const struct {
	unsigned ranks, count;
	double times_us[6];
	double alpha_us, busbw, half_mib, worst; /* to the digits of docs/training.md */
} published[] = {
	{ 64, 5, { 2984.6, 5808.0, 11163, 22181, 43980 }, 259, 386, 48, 1.2 },
	{ 72, 5, { 1806.7, 3108.8, 5589.1, 10094, 20299 }, 606, 866, 254, 2.9 },
	{ 144, 6, { 2156.8, 3574.4, 6264.0, 11469, 21493, 42067 }, 890, 815, 348, 2.3 },
	{ 1440, 6, { 7108.4, 9805.7, 14980, 24782, 45004, 84625 }, 4674, 426, 949, 1.5 },
};

static unsigned points_of(size_t row, struct timing into[static 6])
{
	for (unsigned i = 0; i < published[row].count; i++)
		into[i] = (struct timing){ 512 * mib * (double)(1u << i),
					   published[row].times_us[i] };
	return published[row].count;
}

static void published_curves_are_two_numbers_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		double factor = collective_factor(COLLECTIVE_ALL_REDUCE, published[i].ranks);
		struct timing points[6];
		struct alpha_beta fit;
		struct error err = { 0 };
		unsigned count = points_of(i, points);

		assert_true(alpha_beta_fit(points, count, factor, &fit, &err));
		assert_true(fabs(fit.alpha_us - published[i].alpha_us) < 0.5);
		assert_true(fabs(fit.busbw_gb_per_s - published[i].busbw) < 0.5);
		assert_true(fabs(fit.half_bytes / mib - published[i].half_mib) < 0.5);
		assert_true(fabs(fit.worst * 100 - published[i].worst) < 0.05);
	}
}

static void a_straight_line_is_found_exactly(void **state)
{
	struct timing points[12];
	struct alpha_beta fit;
	struct error err = { 0 };

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		double bytes = mib * (double)(1u << i);

		points[i] = (struct timing){ bytes, 40 + bytes / 200e3 };
	}
	assert_true(alpha_beta_fit(points, 12, 1, &fit, &err));
	assert_true(fabs(fit.alpha_us - 40) < 1e-6 && fabs(fit.busbw_gb_per_s - 200) < 1e-6);
	assert_true(fit.worst < 1e-9);
	/* Nine times the bytes of half make nine tenths. */
	double bytes = 9 * fit.half_bytes;
	assert_true(fabs(bytes / (40 + bytes / 200e3) / 1e3 / 200 - 0.9) < 1e-9);
}

static void what_is_no_curve_is_refused(void **state)
{
	static const struct timing falling[] = { { 1e6, 300 }, { 2e6, 200 }, { 4e6, 100 } };
	static const struct timing one_size[] = { { 1e6, 300 }, { 1e6, 200 }, { 1e6, 100 } };
	static const struct timing without[] = { { 1e6, 300 }, { 2e6, 0 }, { 4e6, 100 } };
	struct alpha_beta fit;
	struct error err = { 0 };

	(void)state;
	assert_false(alpha_beta_fit(falling, 3, 1, &fit, &err));
	assert_non_null(strstr(err.text, "does not grow"));
	assert_false(alpha_beta_fit(one_size, 3, 1, &fit, &err));
	assert_false(alpha_beta_fit(without, 3, 1, &fit, &err));
	assert_false(alpha_beta_fit(falling, 2, 1, &fit, &err));
}

static struct network make(void)
{
	struct network network = {
		.gpus_per_node = 8,
		.domain_gpus = 8,
		.domain_ring_gb_per_s = 366,
		.domain_switch_gb_per_s = 475,
		.rail_count = 8,
		.wire_share = 0.965,
		.is_rail_optimised = true,
		.radix = 64,
		.tiers = 3,
		.oversubscription = { 1, 1 },
		.message_us = 14,
	};

	for (unsigned i = 0; i < network.rail_count; i++)
		network.rail_mbit_per_s[i] = 400000;
	return network;
}

/* A curve of 64 GPUs that reaches a share of what their NICs give. */
static struct alpha_beta_meaning meaning_of(double share)
{
	struct network network = make();
	struct rank_group group = network_group(&network, 64, 1);
	double bound = network_outside_bound(&network, &group, PATTERN_RING);
	double factor = collective_factor(COLLECTIVE_ALL_REDUCE, 64);
	struct alpha_beta_meaning meaning;
	struct alpha_beta fit;
	struct timing points[8];
	struct error err = { 0 };

	for (unsigned i = 0; i < 8; i++) {
		double bytes = mib * (double)(1u << i);

		points[i] = (struct timing){ bytes, 252 + bytes * factor / (bound * share * 1e3) };
	}
	assert_true(alpha_beta_fit(points, 8, factor, &fit, &err));
	alpha_beta_explain(&fit, points, &network, &group, COLLECTIVE_ALL_REDUCE, &meaning);
	return meaning;
}

static void the_band_says_what_is_missing(void **state)
{
	static const struct {
		double share;
		enum band band;
		unsigned rails;
	} rows[] = {
		{ 1.2, BAND_ABOVE, 0 },   { 1, BAND_AT, 0 },         { 0.94, BAND_AT, 0 },
		{ 0.875, BAND_RAILS, 7 }, { 0.75, BAND_RAILS, 6 },   { 0.5, BAND_HALF, 0 },
		{ 0.34, BAND_THIRD, 0 },  { 0.42, BAND_BETWEEN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct alpha_beta_meaning meaning = meaning_of(rows[i].share);

		assert_true(fabs(meaning.share - rows[i].share) < 1e-6);
		assert_int_equal(meaning.band, rows[i].band);
		assert_int_equal(meaning.rails, rows[i].rails);
		assert_true(fabs(meaning.step_us - 2) < 1e-6); /* 252 us over 126 steps */
		assert_true(meaning.least_us < meaning.most_us);
		assert_int_equal(meaning.shape, SHAPE_STRAIGHT);
	}
}

/* CoreWeave's H100: 386 of 400 GB/s. */
static void a_healthy_cluster_is_at_what_its_nics_give(void **state)
{
	struct network network = make();
	struct rank_group group = network_group(&network, 64, 1);
	struct alpha_beta_meaning meaning;
	struct alpha_beta fit;
	struct timing points[6];
	struct error err = { 0 };
	unsigned count = points_of(0, points);

	(void)state;
	assert_true(alpha_beta_fit(points, count, 2 * 63.0 / 64, &fit, &err));
	alpha_beta_explain(&fit, points, &network, &group, COLLECTIVE_ALL_REDUCE, &meaning);
	assert_int_equal(meaning.band, BAND_AT);
	assert_true(fabs(meaning.share - 1) < 0.01);
	assert_true(fit.alpha_us > meaning.least_us && fit.alpha_us < meaning.most_us);
}

static void a_change_of_protocol_bends_the_residuals(void **state)
{
	struct network network = make();
	struct rank_group group = network_group(&network, 64, 1);
	struct alpha_beta_meaning meaning;
	struct alpha_beta fit;
	struct timing points[8];
	struct error err = { 0 };

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		double bytes = mib * (double)(1u << i);

		/* Slower in the middle than the line through both ends. */
		points[i] = (struct timing){ bytes,
					     (100 + bytes / 180e3) * (i > 2 && i < 5 ? 1.2 : 1) };
	}
	assert_true(alpha_beta_fit(points, 8, 1.97, &fit, &err));
	alpha_beta_explain(&fit, points, &network, &group, COLLECTIVE_ALL_REDUCE, &meaning);
	assert_int_equal(meaning.shape, SHAPE_CURVED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_curves_are_two_numbers_each),
		cmocka_unit_test(a_straight_line_is_found_exactly),
		cmocka_unit_test(what_is_no_curve_is_refused),
		cmocka_unit_test(the_band_says_what_is_missing),
		cmocka_unit_test(a_healthy_cluster_is_at_what_its_nics_give),
		cmocka_unit_test(a_change_of_protocol_bends_the_residuals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
