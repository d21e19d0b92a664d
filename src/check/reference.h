/*
 * What a measured figure is held against, in layers: the maker's peak, what others measured on the
 * same model, the bars that others test with, and other nodes of the same model and driver. Each
 * layer says which share of it was reached; the verdict is the worst that any of them says, so that
 * a further reference never makes a bad figure good. Without any it is UNKNOWN.
 */
#pragma once

#include "check/check.h"

enum reference_layer {
	REFERENCE_SPEC,      /* the maker's peak, or a bound that follows from the build */
	REFERENCE_MEASURED,  /* a row of figures.tsv that somebody measured */
	REFERENCE_THRESHOLD, /* a row that somebody fails parts by */
	REFERENCE_COHORT,    /* the median of other nodes */
	REFERENCE_LAYER_COUNT,
};

enum {
	REFERENCE_COHORT_LEAST = 5,     /* fewer nodes are no cohort */
	REFERENCE_COHORT_MAXIMUM = 512, /* later ones are left out */
};

/* Shares of a measured reference: at or above the first all is well, below the second it fails. */
#define REFERENCE_PASSES 0.95
#define REFERENCE_FAILS 0.90

/* Above the maker's peak by more than this, the measurement or the part is not what it seems. */
#define REFERENCE_SUSPECT 1.05

/* What is asked. All amounts are in the unit of the measure, which is that of
 * figure_in_base_unit. What is NULL or 0 is not asked. */
struct reference_query {
	const char *title;     /* "bf16 product of 8192x8192x8192"; NULL: the measure's own */
	const char *metric;    /* of rows that were measured, "gemm_bf16" */
	const char *threshold; /* of rows that are bars, "gemm_bf16_min" */
	const char *peak;      /* of rows that are the maker's peak, "gemm_bf16" */
	double bound;          /* instead of a row: a bound that follows from the build */
	const char *bound_row; /* where it is from: "8 x 400 Gb/s: shape.tsv H100-SXM (source)" */
	const char *size;      /* of the row; a row of another size warns at worst */
	uint32_t gpus, nodes;  /* that took part; a row for any number fits too */
	double pass_share, fail_share;           /* of what was measured; 0: as above */
	double peak_pass_share, peak_fail_share; /* of the peak; 0: it only bounds from above */
	bool less_is_better;                     /* a latency */
	bool may_exceed_peak; /* as all_reduce in the switch, which sends less than it counts */
	const char *action;   /* what to do when it is low */
};

/* What one layer says. */
struct reference_value {
	bool is_known;
	bool is_of_another_size;
	double value;         /* in the unit of the measure */
	double passes, fails; /* the bars: on the bad side of `fails` it fails */
	double share;         /* reached of `value`: 1 is as good, below is worse */
	enum verdict verdict; /* PASS, WARN or FAIL; UNKNOWN: it only bounds */
	uint32_t line;        /* of figures.tsv; 0: no row */
	const char *row;      /* "730 TFLOP/s: figures.tsv line 77 (gpu-fryer README)" */
};

struct reference {
	struct reference_value layers[REFERENCE_LAYER_COUNT];
	size_t cohort_nodes; /* that were fit to teach, enough or not */
	bool is_suspect;     /* better than can be */
	bool straddles;      /* the interval of the repeats lies on both sides of a bar */
	enum verdict verdict;
	enum reference_layer decided; /* the layer that said the verdict; COUNT: none */
};

/* A figure and the interval of its repeats; low and high are 0 when it is not known. */
struct measured {
	const struct record *record;
	double value, low, high;
};

/* Of a record, with the spread that another record tells: (high - low) / median in percent. NULL or
 * unknown: no interval. */
struct measured measured_of(const struct record *record, const struct record *spread);

/* The same with the interval that the machine knows of it: measures of tests have another, of the
 * same device, that tells the width. */
struct measured measured_on(const struct machine *machine, const struct record *record);

/* Bytes of a size in a row, "32KiB", "16G" or "17179869184B"; 0 when it is no size in bytes. */
double size_bytes(const char *size);

/* Looks the layers up and holds the figure against them. Machines
 * of seen->cohort that have the name of seen->machine are left out. */
void reference_find(const struct check_input *seen, const struct reference_query *query,
		    const struct measured *measured, struct arena *arena,
		    struct reference *ret_reference);

/* The same, and adds the finding about the record's device: it names each layer, the interval when
 * it decides, and in `bar` the row. Without any reference it is UNKNOWN and says so. */
struct finding *reference_judge(const struct check_input *seen, const struct reference_query *query,
				const struct measured *measured, struct findings *found);

/* A figure for people: "730 TFLOP/s", "3.35 TB/s", "4.2 us"; `unit` as in measures.h. */
const char *amount_text(double value, const char *unit, struct arena *arena);
