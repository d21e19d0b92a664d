/*
 * Fio, driven: one pattern of one block size by so many clients, each with a file of its own, all
 * in the temporary folder.
 */
#pragma once

#include "active/import_fio.h"
#include "active/storage.h"

enum {
	FIO_CLIENTS_MAXIMUM = 32,
	FIO_CLIENT_LEAST = 4 << 20, /* bytes of a client's file: less says nothing */
};

struct fio_work {
	const char *name; /* "sequential-read" */
	const char *rw;   /* fio's own word */
	unsigned block;   /* bytes */
	bool direct;
	bool is_once; /* each byte once: a second time it would come from the page cache */
};

/* How much of it. */
struct fio_load {
	const struct fio_work *work;
	unsigned clients;
	uint64_t size; /* of each client's file */
	int64_t time_ns;
};

/* Looks for fio and records its version. False with the reason as the end of the test, when there
 * is none or its reports are not known. */
bool fio_is_there(struct active_run *run);

/* Runs it. False, and the reason recorded, when it could not be run or failed. What it left when it
 * was ended is not taken. */
bool fio_run(struct active_run *run, const struct storage_place *place, const struct fio_load *load,
	     struct fio_job *ret_job);

/* "sequential-read.direct.c8". */
const char *fio_load_name(const struct fio_load *load, struct arena *arena);

/* What each client's file may have, when all together have at most `most` bytes; 0 when that is too
 * little to say anything. */
uint64_t fio_size(const struct storage_place *place, unsigned clients, uint64_t most);

/* Writes the files whole, so that they can be read, for at most that time. False as fio_run. */
bool fio_prepare(struct active_run *run, const struct storage_place *place, unsigned clients,
		 uint64_t size, int64_t time_ns, uint64_t *ret_size);
