/*
 * Libraries that are found at run time. Those of a vendor are opened only in a worker: what they do
 * to the process stays there. The one exception is libibumad, which only reads files of the system
 * (host/mad.h). Those of the system that a few commands need and that cost every command its start
 * otherwise are loaded when they are first needed: libcurl (host/curl.h), libpq (store/libpq.h),
 * libmicrohttpd and GnuTLS (web/microhttpd.h, web/gnutls.h).
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

/* A library of the system, loaded late. */
struct late_library {
	const char *need;         /* what it is for: "asking a server" */
	const char *const *names; /* of one interface, NULL ends them: "libcurl.so.4" */
	const char *package;      /* Debian's that has the first of the names */
};

/* A symbol of it and the pointer of its type that its address goes to. */
struct late_symbol {
	const char *name;
	void *into;
};

/* The row of a symbol that a header declares; a pointer of another type is not compiled. */
#define LATE_SYMBOL(pointer, symbol) \
	((struct late_symbol){ #symbol, 1 ? &(pointer) : (__typeof__(&(symbol)) *)NULL })

/* Fills in every pointer. ERROR_MISSING, with the package to install and the words of the loader,
 * when there is no such library or it does not load; ERROR_UNSUPPORTED, naming the symbol, when it
 * has not all of them. It stays loaded. */
bool library_load_late(const struct late_library *wanted, const struct late_symbol *symbols,
		       size_t count, struct error *err);

/* The folder that the environment variable ASSAY_LIBRARY_PATH names: vendor libraries are then
 * taken from there and from nowhere else, as tests with stand-ins do. NULL when it is not set. */
const char *library_folder(void);

/* The first of the NULL-terminated symbols that it has, newest version first, NULL when none;
 * *ret_index, which may be NULL, tells which. The address is put into a function pointer with
 * memcpy. */
void *library_symbol(const struct library *library, const char *const *symbols,
		     unsigned *ret_index);
