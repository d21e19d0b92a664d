/*
 * What the programs of perftest (ib_write_bw, ib_read_lat …) of versions 4.5 to 26.x say: their
 * table, and the JSON of --out_json, which older versions write without quotes and with commas too
 * many. Nothing is guessed: a column that is not known, a row that does not fit its heading and a
 * figure without a unit are refused with their line.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

enum {
	PERFTEST_BYTES_MAXIMUM = 1 << 20,
	PERFTEST_ROWS_MAXIMUM = 256,
};

/* One message size. What was not told is 0: a run of fixed length in time has no peak, and one of a
 * fixed length of latency has only an average. */
struct perftest_row {
	uint64_t bytes, iterations;
	double bytes_per_s, peak_bytes_per_s, messages_per_s;
	double least_s, most_s, typical_s, average_s, deviation_s, p99_s, p999_s; /* one way */
};

struct perftest_report {
	const char *test;   /* "RDMA_Write BW Test"; "" when it does not say */
	const char *device; /* "mlx5_0"; "" */
	const char *link;   /* "IB", "Ethernet"; "" */
	bool is_latency;
	bool is_bidirectional; /* figures are of both directions together */
	const struct perftest_row *rows;
	size_t count; /* at least 1 */
};

/* Reads the output of one run, or the file of its --out_json. Of --report-both the first table
 * counts, which is of both sides. Without a single row it fails with what the program complained
 * of, when that is known. */
bool perftest_read(struct span text, const char *file, struct arena *arena,
		   struct perftest_report *ret_report, struct error *err);

/* One clear sentence on what a run that failed complained of, or NULL when nothing in it is known.
 */
const char *perftest_complaint(struct span said, struct span complained);
