/*
 * Outputs of other tools as evidence: each is recognised by its content, read within bounds and
 * added as records of the measures that the tests of assay write themselves, so that the same
 * checks judge them. Nothing else of a file is kept.
 */
#pragma once

#include "probe/sighting.h"

enum {
	IMPORT_BYTES_MAXIMUM = 16 << 20,
};

struct active_importer {
	const char *name; /* "nccl-tests" */
	/* Names of the checks that judge what it adds; NULL-terminated. */
	const char *const *checks;
	/* Whether the text looks like it; reads no further than it has to. */
	bool (*fits)(struct span text);
	/* Adds what the text says; `file` is for errors. On an error nothing was added. */
	bool (*read)(struct span text, const char *file, struct arena *arena,
		     struct sightings *sightings, struct error *err);
};

extern const struct active_importer active_import_fio, active_import_iperf3, active_import_nccl,
	active_import_perftest;

/* Recognises, reads and adds; *ret_importer, which may be NULL, tells which it was. ERROR_INVALID
 * for what no importer knows. */
bool active_import_text(struct span text, const char *file, struct arena *arena,
			struct sightings *sightings, const struct active_importer **ret_importer,
			struct error *err);

/* active_import_text of the file at an absolute or relative path of this machine. */
bool active_import_file(const struct host *host, const char *path, struct arena *arena,
			struct sightings *sightings, const struct active_importer **ret_importer,
			struct error *err);
