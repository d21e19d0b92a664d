/*
 * A small standard for tests: valid as it is, and refused for one reason after one change.
 */
#pragma once

#include "standard/standard.h"

enum sample_file {
	SAMPLE_HEAD,
	SAMPLE_GRADES,
	SAMPLE_SPEED,
	SAMPLE_TRUST,
	SAMPLE_FILE_COUNT,
};

/* The first `from` of the file becomes `to`; a NULL `from` puts `to` behind its end. */
struct sample_change {
	enum sample_file file;
	const char *from, *to;
};

/* The text of the file, as it is. */
extern const char *const sample_texts[SAMPLE_FILE_COUNT];

/* The files with a change, which may be NULL; false when it has no place. */
bool sample_files(const struct sample_change *change, struct arena *arena,
		  struct standard_file files[static SAMPLE_FILE_COUNT]);

/* Loads the sample with a change, which may be NULL. */
bool sample_load(const struct sample_change *change, struct arena *arena,
		 struct standard *ret_standard, struct error *err);

/* A change of one file, and how the error for it begins. */
struct sample_refusal {
	const char *from, *to;
	enum error_code code;
	const char *text;
};

/* Asserts that each change is refused with its code and text. */
void sample_assert_refusals(enum sample_file file, const struct sample_refusal *refusals,
			    size_t count);

/* Asserts that each change is taken. */
void sample_assert_taken(const struct sample_change *changes, size_t count);
