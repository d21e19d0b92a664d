/*
 * What nccl-tests and rccl-tests say: their JSON (versions 1 to 3 of -J) and their table. Kept are
 * sizes, times, bandwidths, wrong elements, ranks, nodes and the library's version; of the
 * environment, which the JSON holds whole, keys and all, nothing but the names below, and of these
 * only values that are numbers, or words of letters, digits and ":,=^_-".
 */
#pragma once

#include "active/import.h"
#include "fabric/collective.h"

enum {
	NCCL_RESULTS_MAXIMUM = 4096,
	NCCL_SETTINGS_MAXIMUM = 64,
};

struct nccl_result {
	uint64_t bytes;
	double time_s, algbw, busbw; /* NAN: not told */
	double wrong;                /* elements; NAN: not compared */
};

struct nccl_report {
	enum collective collective;
	unsigned ranks, nodes; /* 0: not told */
	unsigned version;      /* as ncclGetVersion has it; 0: not told */
	struct nccl_result *results;
	size_t count;
	bool is_bad; /* it says itself that results are out of bounds */
	const char *settings[NCCL_SETTINGS_MAXIMUM]; /* "NCCL_ALGO=Ring" */
	unsigned setting_count;
};

/* Reads the text of one run. Results of in-place operations are left out where there are others. */
bool nccl_report_read(struct span text, const char *file, struct arena *arena,
		      struct nccl_report *ret_report, struct error *err);

/* "NCCL_ALGO=Ring": whether a setting may be kept. */
bool nccl_setting_is_harmless(struct span setting);
