/*
 * Reports of fio 3, as it writes them with --output-format=json or json+: what this program has it
 * do, and what others had it do before.
 */
#pragma once

#include "probe/sighting.h"

enum {
	FIO_REPORT_MAXIMUM = 16 << 20, /* bytes of one report */
	FIO_JOBS_MAXIMUM = 4096,
};

/* One direction of a job. What the report does not tell is NAN. */
struct fio_side {
	double bytes; /* moved; 0: the job does not go this way */
	double bytes_per_s, per_s;
	double p50_s, p90_s, p99_s; /* from the submission of an operation to its end */
};

struct fio_job {
	const char *name;
	const char *pattern; /* option "rw": "read", "randwrite"; NULL when it is not told */
	const char *block;   /* option "bs": "1m"; NULL likewise */
	const char *folder;  /* option "directory"; NULL likewise */
	uint64_t clients;    /* option "numjobs"; 1 when it is not told */
	bool direct;
	int64_t error; /* an errno; 0: none */
	struct fio_side read, write;
};

struct fio_report {
	const char *version; /* "fio-3.33" */
	const struct fio_job *jobs;
	size_t count;
};

/* True for a version whose reports are known: fio 3, whose times are in nanoseconds. */
bool fio_version_is_known(struct span version);

/* Remarks before and after the document are left out; `file` stands in errors. Everything lives in
 * `arena`. */
bool fio_read(struct span text, const char *file, struct arena *arena,
	      struct fio_report *ret_report, struct error *err);
