/*
 * Finding and reading what a command works on: the standard, the evidence, a reference, and the
 * rating that follows from them.
 */
#pragma once

#include "base/yaml.h"
#include "check/handbook.h"
#include "cli/command.h"
#include "evidence/set.h"
#include "rating/rating.h"

/* The installed file or folder of that name below data/: in $ASSAY_DATA, else beside the program;
 * NULL when there is none. */
const char *find_installed(const struct session *session, const char *name);

/* From --standard, else $ASSAY_DATA/standard, else the installed folder beside the program. */
bool load_standard(const struct session *session, struct standard *ret_standard, struct error *err);

/* The tables that checks look their bars up in: of $ASSAY_DATA, else the installed ones. */
bool load_handbook(const struct session *session, struct handbook *ret_handbook, struct error *err);

/* One file of evidence, as text: what lint looks at record by record. */
struct evidence_file {
	const char *path;
	bool lines;  /* JSON Lines */
	bool bundle; /* a run on a machine; neither: YAML */
};

/* The files of --evidence in their order, folders read through by name, else those of
 * $ASSAY_DATA/evidence, else the installed ones. */
bool find_evidence(const struct session *session, const struct evidence_file **ret_files,
		   size_t *ret_count, struct error *err);

/* The files below one path. `ret_files` is an array in the session's arena. */
bool find_evidence_in(const struct session *session, const char *const *paths, size_t path_count,
		      const struct evidence_file **ret_files, size_t *ret_count, struct error *err);

bool read_evidence_file(const struct session *session, const struct evidence_file *file,
			struct arena *arena, struct span *ret_text, struct error *err);

/* Adds its records to the set, which is not finished. */
bool add_evidence_file(const struct session *session, const struct evidence_file *file,
		       struct evidence_set *set, struct error *err);

/* Finishes the set and holds each record against the standard. */
bool finish_evidence(const struct session *session, const struct standard *standard,
		     struct evidence_set *set, struct error *err);

/* All evidence of files, finished, each record accepted by the standard. */
bool load_evidence(const struct session *session, const struct standard *standard,
		   struct evidence_set *set, struct error *err);

/* Today, the last day that a record may be observed on. */
date_t today(const struct session *session);

/* What a rating rests on; it must stay in place as long as the rating. */
struct loaded {
	struct standard standard;
	struct handbook handbook;
	struct evidence_set evidence;
	struct rating rating;
	int64_t known; /* the last entry of the store that it rests on; 0: on none */
};

/* Loads, from the store too where one is named, and rates as the options say. Without a record
 * there is nothing to rate: ERROR_MISSING. */
bool load_rating(const struct session *session, struct loaded *loaded, struct error *err);

/* The profile's index in the standard; -1, all criteria, when `name` is NULL. */
bool load_profile(const struct standard *standard, const char *name, int32_t *ret_index,
		  struct error *err);

/* The provider, or an error that names the nearest. */
bool load_provider(const struct rating *rating, const char *name,
		   const struct provider **ret_provider, struct error *err);

/* The criterion's index: its id, or the part behind the dot where that is unique; or an error
 * that names the nearest. */
bool load_criterion(const struct standard *standard, const char *name, int32_t *ret_index,
		    struct error *err);

void loaded_release(struct loaded *loaded);

#define SCOPED_LOADED(name) struct loaded name __attribute__((cleanup(loaded_release))) = { 0 }
