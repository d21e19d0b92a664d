/*
 * Vendor libraries, found at run time and only in a worker: what they do to the process stays
 * there. The one exception is libibumad, which only reads files of the system (host/mad.h).
 */
#pragma once

#include "host/file.h"

struct library {
	void *handle;
};

/* Opens the first of the NULL-terminated names that there is; ERROR_MISSING when none is, with what
 * the loader said of the last. */
bool library_open(const char *const *names, struct library *ret_library, struct error *err);

/* The same of a vendor's library, whose names are those of files, newest first, and then absolute
 * paths: where the loader does not look. When library_folder() is set, the names of files are
 * looked for there and nowhere else. `*ret_index`, which may be NULL, tells which of the names it
 * was. */
bool library_open_vendor(const char *const *names, struct library *ret_library, unsigned *ret_index,
			 struct error *err);

/* The folder that the environment variable ASSAY_LIBRARY_PATH names: vendor libraries are then
 * taken from there and from nowhere else, as tests with stand-ins do. NULL when it is not set. */
const char *library_folder(void);

/* The first of the NULL-terminated symbols that it has, newest version first, NULL when none;
 * *ret_index, which may be NULL, tells which. The address is put into a function pointer with
 * memcpy. */
void *library_symbol(const struct library *library, const char *const *symbols,
		     unsigned *ret_index);
