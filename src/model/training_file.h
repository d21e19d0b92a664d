/*
 * What people write for assay model training: which models on which networks, and curves that they
 * measured. Form: data/schema/training.v1.json.
 */
#pragma once

#include "base/node.h"
#include "fabric/alpha_beta.h"

#define TRAINING_SCHEMA "assay/training/v1"

enum {
	TRAINING_CASES_MAXIMUM = 32,
	TRAINING_CURVES_MAXIMUM = 32,
};

/* A model or a network: a preset, and what differs from it. */
struct training_choice {
	const char *preset;     /* NULL: the defaults */
	const struct node *set; /* a map of parameters, or NULL */
};

struct training_case {
	struct training_choice model, a, b;
};

struct training_curve {
	const char *title;
	struct training_choice network;
	enum collective collective;
	unsigned gpus;
	const struct timing *timings;
	unsigned timing_count;
};

struct training_file {
	const char *name; /* for errors */
	const struct training_case *cases;
	unsigned case_count;
	const struct training_curve *curves;
	unsigned curve_count;
};

/* At least one case or curve. */
bool training_file_read(struct span text, const char *file, struct arena *arena,
			struct training_file *ret_file, struct error *err);
