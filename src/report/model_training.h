/* What a network does to training, for people and for programs. */
#pragma once

#include "fabric/alpha_beta.h"
#include "model/training_compare.h"
#include "report/report.h"

/* One model on two networks, with the names that they are shown by. */
struct training_row {
	const char *model, *network_a, *network_b;
	const struct parameters *training, *parameters_a, *parameters_b;
	struct training_comparison comparison; /* stays where it was made */
};

/* A measured curve, the line through it and what that means. */
struct training_fit {
	const char *title, *network;
	enum collective collective;
	unsigned gpus;
	const struct timing *timings;
	struct alpha_beta fit;
	struct alpha_beta_meaning meaning;
};

struct training_result {
	const struct training_row *rows;
	unsigned row_count;
	const struct training_fit *fits;
	unsigned fit_count;
};

/* How sure the ratio of two networks is, a share: simulators state 2 to 10 % (docs/training.md). */
extern const double training_uncertainty;

/* Bandwidths of the law's table, and the shares x that publications imply. */
enum {
	LAW_BANDWIDTHS = 4,
	LAW_PUBLISHED = 3,
};

struct law_published {
	const char *name;
	double share;
};

extern const double law_bandwidths[LAW_BANDWIDTHS];
extern const struct law_published law_published[LAW_PUBLISHED];

/* The x of a row: what was given, else what its model says. */
double training_row_share(const struct training_row *row);

/* CSV has the cases; the measured curves when there is no case. */
void training_write(const struct training_result *result, enum report_format format,
		    const struct report_style *style, struct text *into);

/* The document of FORMAT_JSON. */
void training_json(const struct training_result *result, struct text *into);
