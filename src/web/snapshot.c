#include "web/snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "evidence/digest.h"
#include "report/site_page.h"
#include "web/market.h"

enum {
	WINDOW_GZIP = 15 + 16, /* zlib: the largest window, with the head of gzip */
	MEMORY_LEVEL = 9,
	LEVEL_LASTING = 6,
	FILES_FIRST = 256,
	TAG_DIGITS = 24,
};

struct snapshot *snapshot_new(void)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (!snapshot)
		memory_exhausted(sizeof(*snapshot));
	snapshot->lock = (struct lock)LOCK_READY;
	snapshot->rating_more = (struct lock)LOCK_READY;
	snapshot->users = 1;
	return snapshot;
}

struct snapshot *snapshot_use(struct snapshot *snapshot)
{
	lock_take(&snapshot->lock);
	snapshot->users++;
	lock_give(&snapshot->lock);
	return snapshot;
}

void snapshot_drop(struct snapshot *snapshot)
{
	unsigned users;

	if (!snapshot)
		return;
	lock_take(&snapshot->lock);
	users = --snapshot->users;
	lock_give(&snapshot->lock);
	if (users > 0)
		return;
	evidence_set_release(&snapshot->evidence);
	served_market_drop(snapshot->market);
	for (unsigned i = 0; i < PROFILES_MAXIMUM; i++)
		arena_release(&snapshot->profiles[i].arena);
	arena_release(&snapshot->arena);
	free(snapshot->files);
	free(snapshot);
}

struct span snapshot_pack(struct span plain, int level, struct arena *arena)
{
	z_stream stream = { 0 };
	size_t room;
	char *packed;
	int done = deflateInit2(&stream, level, Z_DEFLATED, WINDOW_GZIP, MEMORY_LEVEL,
				Z_DEFAULT_STRATEGY);

	if (done != Z_OK)
		memory_exhausted(plain.length);
	room = deflateBound(&stream, plain.length);
	packed = malloc(room);
	if (!packed)
		memory_exhausted(room);
	stream.next_in = (Bytef *)(uintptr_t)plain.at;
	stream.avail_in = (uInt)plain.length;
	stream.next_out = (Bytef *)packed;
	stream.avail_out = (uInt)room;
	done = deflate(&stream, Z_FINISH);
	assert(done == Z_STREAM_END);
	(void)deflateEnd(&stream);

	struct span kept = { arena_string(arena, (struct span){ packed, stream.total_out }),
			     stream.total_out };
	free(packed);
	return kept;
}

struct span snapshot_plain(const struct snapshot_file *file, struct arena *arena)
{
	z_stream stream = { 0 };
	char *plain;
	int done;

	if (file->plain.at)
		return file->plain;
	plain = arena_take(arena, file->length + 1);
	if (inflateInit2(&stream, WINDOW_GZIP) != Z_OK)
		memory_exhausted(file->length);
	stream.next_in = (Bytef *)(uintptr_t)file->packed.at;
	stream.avail_in = (uInt)file->packed.length;
	stream.next_out = (Bytef *)plain;
	stream.avail_out = (uInt)file->length + 1;
	done = inflate(&stream, Z_FINISH);
	assert(done == Z_STREAM_END && stream.total_out == file->length);
	(void)done;
	(void)inflateEnd(&stream);
	return (struct span){ plain, file->length };
}

const char *snapshot_type(const char *path)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
	};
	const char *end = strrchr(path, '.');

	for (size_t i = 0; end && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(end, types[i].end) == 0)
			return types[i].type;
	return "application/octet-stream";
}

static void add(void *context, const char *path, struct span content)
{
	struct snapshot *snapshot = context;
	struct snapshot_file *file;
	char digits[DIGEST_HEX_SIZE];

	if (snapshot->count == snapshot->room) {
		size_t room = snapshot->room > 0 ? snapshot->room * 2 : FILES_FIRST;
		struct snapshot_file *files =
			realloc(snapshot->files, room * sizeof(*snapshot->files));

		if (!files)
			memory_exhausted(room * sizeof(*files));
		snapshot->files = files;
		snapshot->room = room;
	}
	file = &snapshot->files[snapshot->count++];
	*file = (struct snapshot_file){
		.path = arena_string(&snapshot->arena, span_of(path)),
		.type = snapshot_type(path),
		.packed = snapshot_pack(content, LEVEL_LASTING, &snapshot->arena),
		.length = content.length,
	};
	/* What lies at the top is asked for most; of the rest few ask unpacked. */
	if (!strchr(path, '/') && snapshot->plain_bytes + content.length <= SNAPSHOT_PLAIN_BYTES) {
		file->plain =
			(struct span){ arena_string(&snapshot->arena, content), content.length };
		snapshot->plain_bytes += content.length;
	}
	snapshot->packed_bytes += file->packed.length;
	digest_hex(content, digits);
	(void)snprintf(file->etag, sizeof(file->etag), "\"%.*s\"", TAG_DIGITS, digits);
	(void)snprintf(file->packed_etag, sizeof(file->packed_etag), "\"%.*s-gz\"", TAG_DIGITS,
		       digits);
}

static int by_path(const void *a, const void *b)
{
	const struct snapshot_file *one = a;
	const struct snapshot_file *other = b;

	return strcmp(one->path, other->path);
}

/* What the market page shows of the prices. */
static const struct site_market *shown_of(struct snapshot *snapshot, const struct web_market *with)
{
	const struct served_market *market = snapshot->market;
	struct site_market *shown;

	if (!market || !with)
		return NULL;
	shown = ARENA_NEW(&snapshot->arena, struct site_market);
	*shown = (struct site_market){
		.trend = &market->trend,
		.effective = with->effective            ? with->effective
			     : market->effective.prices ? &market->effective
							: NULL,
		.advice = served_market_models(market, with, &snapshot->rating, &snapshot->arena),
	};
	return shown;
}

void snapshot_rate(struct snapshot *snapshot, const struct rating_request *request, unsigned serves,
		   const struct web_market *with)
{
	struct rating_request priced = *request;
	struct site_context *context;

	priced.listed = snapshot->market ? &snapshot->market->listed : NULL;
	rating_run(&priced, &snapshot->arena, &snapshot->rating);
	context = site_context_new(&snapshot->rating, shown_of(snapshot, with), serves,
				   &snapshot->arena);
	context->history = snapshot->history;
	context->history_count = snapshot->history_count;
	snapshot->context = context;
	site_each(snapshot->context, add, snapshot);
	qsort(snapshot->files, snapshot->count, sizeof(*snapshot->files), by_path);
	snapshot->providers = snapshot->rating.provider_count;
	snapshot->records = request->evidence->count;
}

const struct site_context *snapshot_profile(struct snapshot *snapshot, int32_t profile)
{
	struct rating_request request = snapshot->rating.request;
	struct profile_rating *one;

	assert(profile >= 0 && profile < PROFILES_MAXIMUM);
	one = &snapshot->profiles[profile];
	request.profile = profile;
	request.draws = 0;
	lock_take(&snapshot->rating_more);
	if (!one->context) {
		rating_run(&request, &one->arena, &one->rating);
		one->context = site_context_new(&one->rating, NULL, snapshot->context->serves,
						&one->arena);
	}
	lock_give(&snapshot->rating_more);
	return one->context;
}

const struct snapshot_file *snapshot_find(const struct snapshot *snapshot, const char *path)
{
	const struct snapshot_file wanted = { .path = path };

	if (!snapshot || snapshot->count == 0)
		return NULL;
	return bsearch(&wanted, snapshot->files, snapshot->count, sizeof(*snapshot->files),
		       by_path);
}
