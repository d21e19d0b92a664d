/*
 * What a job needs: the schema "assay/need/v1", which docs/advise.md describes. The same fields are
 * set by a file, by flags and by --set, through one table; each names what it may be when it is
 * refused. Nothing is presumed in silence: what was not said is listed in `presumed`.
 */
#pragma once

#include <math.h>

#include "market/generation.h"
#include "model/parameter.h"
#include "rating/rating.h"

#define NEED_SCHEMA "assay/need/v1"

enum {
	NEED_GPUS_MAXIMUM = 8, /* families that a need accepts */
	NEED_REGIONS_MAXIMUM = 32,
	NEED_COUNT_MAXIMUM = 1000000, /* GPUs at once */
};

enum tolerance {
	TOLERATES_NOTHING,      /* must not be taken away: no spot */
	TOLERATES_CHECKPOINTED, /* goes on from its last checkpoint, all of it at once */
	TOLERATES_ANY, /* pieces that do not wait for each other: one node's loss is its own */
	TOLERANCE_COUNT,
};

enum traffic {
	TRAFFIC_NONE, /* each GPU by itself */
	TRAFFIC_NODE,
	TRAFFIC_DENSE,   /* between nodes, as training of a dense model does */
	TRAFFIC_EXPERTS, /* and as of a mixture of experts */
	TRAFFIC_COUNT,
};

/* Words of compliance; which criterion of the standard settles each, and with which answers,
 * rated.c says. */
enum compliance {
	COMPLIES_SOC1,
	COMPLIES_SOC2, /* type II: over a period */
	COMPLIES_SOC2_TYPE1,
	COMPLIES_ISO27001,
	COMPLIES_ISO27017,
	COMPLIES_GDPR,
	COMPLIES_HIPAA,
	COMPLIES_PCI_DSS,
	COMPLIANCE_COUNT,
};

extern const char *const tolerance_names[TOLERANCE_COUNT];   /* "never", "checkpointed", "any" */
extern const char *const traffic_names[TRAFFIC_COUNT];       /* "single-gpu" … "moe" */
extern const char *const compliance_names[COMPLIANCE_COUNT]; /* "soc2", "iso27001" … */

/* A family that would do. */
struct need_gpu {
	const char *name; /* as the catalogue has it, once resolved */
	uint16_t gpu;     /* row of the catalogue; GPU_NONE before need_resolve */
	/* Work of an hour of it in hours of the first family; NAN: not known. */
	struct quantity performance;
	const char *source; /* of the ratio; NULL */
};

struct need {
	const char *title; /* NULL */
	const char *work;  /* "training" or "inference": whose ratios of generations count */
	double gpus;       /* at once; NAN until said */
	struct need_gpu accepts[NEED_GPUS_MAXIMUM]; /* the first is the yardstick of `hours` */
	unsigned accept_count;
	unsigned forms;   /* bit n: enum form n will do; 0: any */
	double memory_gb; /* of one GPU at least; 0 any */
	/* Hours that the work takes on all GPUs of the first family at once, with the network of
	 * `gbit_per_s`, if nothing ever failed. */
	double hours;
	double gpu_hours;  /* the same times `gpus`; NAN when hours were said */
	date_t start;      /* DATE_NONE: today */
	double deadline_h; /* from the start; INFINITY: none */
	date_t deadline;   /* as a day; need_complete makes hours of it. DATE_NONE */
	double confidence; /* probability with which the deadline has to be met */
	enum tolerance tolerance;
	struct quantity write_s, restart_s; /* of a checkpoint */
	double interval_s;                  /* between two; 0: the optimum */
	enum traffic traffic;
	struct quantity exposed; /* share of a step that waits for the network; NAN: of the kind */
	double gbit_per_s;       /* of one GPU, of the network that `hours` were measured on */
	double node_gpus;        /* GPUs of a node */
	double stored_tb, in_gb, out_gb;
	unsigned compliance; /* bit n: enum compliance n */
	const char *regions[NEED_REGIONS_MAXIMUM];
	unsigned region_count;
	bool grade_wanted;
	enum grade minimum_grade;
	double budget_usd; /* INFINITY: none */
	double team_usd_per_h;
	uint64_t said; /* bit n: field n of the table was set */
};

void need_init(struct need *need);

/* Sets one field, by its dotted name ("checkpoint.write_s"), from text; a list is cut at commas and
 * replaces what was there. False: unknown (the nearest is named) or not what the field may be. */
bool need_set(struct need *need, struct span name, struct span value, struct arena *arena,
	      struct error *err);

/* True when a need has a field of that name. */
bool need_has_field(struct span name);

/* Reads a document; unknown fields are refused with the nearest. May still be incomplete. */
bool need_read(struct need *need, struct span text, const char *file, struct arena *arena,
	       struct error *err);

/* Finds each family in the catalogue, and checks that all is there and fits together: GPUs, a
 * family, hours; makes `deadline_h` of a day (`today` where no start was said); sets what follows
 * from the rest (communication, exposed share). */
bool need_complete(struct need *need, const struct catalogue *catalogue, date_t today,
		   struct error *err);

/* Ratios that the need does not give, from the table where it has them, with their source. Two
 * families that no row compares stay incomparable. Of a complete need. */
void need_compare(struct need *need, const struct generations *generations);

/* Whether the field was said; for the list of what is presumed. */
bool need_said(const struct need *need, const char *name);
bool need_leaves_node(const struct need *need); /* communicates between nodes */
