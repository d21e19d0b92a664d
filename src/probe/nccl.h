/*
 * What NCCL would find on this machine: its library and what that knows, plug-ins, files of
 * settings and what is the matter with their lines, and which of the names that are set the
 * library asks for. Reads only, runs nothing.
 */
#pragma once

#include "probe/nccl_file.h"
#include "probe/nccl_library.h"
#include "probe/sighting.h"

struct nccl_request {
	const struct host *host;
	const char *library; /* the one to hold names against; NULL: the one that is found */
	/* Files of settings in place of the machine's, the first the strongest; then they are
	 * recorded as settings of "nccl" too. None: those of the machine. */
	const char *const *files;
	size_t file_count;
	const struct host *files_host; /* where `library` and `files` lie */
};

/* Adds what is seen. Names that are set are those among the sightings: settings are looked at
 * before. */
void nccl_look(const struct nccl_request *request, struct sightings *sightings);

/* Private to the parts. */
struct nccl_search {
	const struct nccl_request *request;
	struct sightings *sightings;
	struct arena *arena;         /* for what is not recorded */
	struct host host;            /* the request's, unrecorded */
	struct span environment;     /* of this process, NUL-terminated pieces; empty: not known */
	struct nccl_library main;    /* what the library names */
	struct nccl_library plugins; /* what plug-ins name */
	bool has_library;
	const char *why; /* that no library was found or could be read */
};

/* The value of a variable of this process; empty when it has none. */
struct span nccl_variable(const struct nccl_search *search, const char *name);

/* Finds the library, its copies and plug-ins, adds them and fills in what they name. */
void nccl_find_libraries(struct nccl_search *search);
void nccl_find_plugins(struct nccl_search *search);
