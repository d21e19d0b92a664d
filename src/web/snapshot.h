/*
 * The public pages as they were at one moment: every file with its ETag, packed, and the largest
 * that are asked for often also as they are. One snapshot is shared by the requests that it
 * answers, and goes with the last of them.
 */
#pragma once

#include "base/arena.h"
#include "base/thread.h"
#include "report/report.h"

struct served_market;

enum {
	SNAPSHOT_ETAG_SIZE = 36,
	SNAPSHOT_PLAIN_BYTES = 4 << 20, /* of files kept as they are */
};

struct snapshot_file {
	const char *path; /* "index.html" */
	const char *type;
	struct span packed;
	struct span plain;                    /* .at NULL: unpack it */
	size_t length;                        /* as it is */
	char etag[SNAPSHOT_ETAG_SIZE];        /* with quotes */
	char packed_etag[SNAPSHOT_ETAG_SIZE]; /* of the packed form, another one */
};

struct snapshot {
	struct snapshot_file *files; /* sorted by path */
	size_t count, room, plain_bytes, packed_bytes;
	int64_t made;     /* seconds since the epoch */
	int64_t sequence; /* of the store it was made from */
	uint32_t providers;
	size_t records;
	/* What the pages were made from, for those that are made for one visitor. The evidence is
	 * empty when it is the server's own. */
	struct evidence_set evidence;
	struct rating rating;
	const struct site_context *context;
	const struct published_grade *history; /* by provider, then day; in the arena */
	uint32_t history_count;
	struct served_market *market; /* NULL: no prices besides those in the evidence */
	struct arena arena;
	struct lock lock;
	unsigned users;
	struct lock rating_more; /* guards what follows */
	struct profile_rating {
		struct rating rating;
		const struct site_context *context; /* NULL: not asked for yet */
		struct arena arena;
	} profiles[PROFILES_MAXIMUM];
};

/* Has one user, the caller. */
struct snapshot *snapshot_new(void);
struct snapshot *snapshot_use(struct snapshot *snapshot);
void snapshot_drop(struct snapshot *snapshot); /* NULL is fine */

struct web_market;

/* Rates and adds all files of the site, with the prices of snapshot->market and its history.
 * `snapshot` is not shared yet; what the request points to stays as long as it. `serves` are bits
 * of enum site_serves, `with` what prices are read with, NULL without. */
void snapshot_rate(struct snapshot *snapshot, const struct rating_request *request, unsigned serves,
		   const struct web_market *with);

/* What pages are made from when it is rated by that profile of the standard, without draws: made
 * when it is first asked for. */
const struct site_context *snapshot_profile(struct snapshot *snapshot, int32_t profile);

/* The file, or NULL. */
const struct snapshot_file *snapshot_find(const struct snapshot *snapshot, const char *path);

/* The file as it is, in the arena when it has to be unpacked. */
struct span snapshot_plain(const struct snapshot_file *file, struct arena *arena);

/* By the end of a path, "text/html; charset=utf-8". */
const char *snapshot_type(const char *path);

/* gzip of the bytes, in the arena. */
struct span snapshot_pack(struct span plain, int level, struct arena *arena);
