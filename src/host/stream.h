/*
 * A file of any length, read from its beginning to its end with bounded memory: by path, or `-`,
 * standard input; plain, or compressed with gzip, which its first bytes tell. Members of gzip that
 * follow each other are one file.
 */
#pragma once

#include "base/stream.h"
#include "host/file.h"

struct stream;

/* Opens `path` and reads its first bytes. A folder fails with ERROR_INVALID. The stream lives until
 * stream_close. */
bool stream_open(const struct host *host, const char *path, struct stream **ret_stream,
		 struct error *err);
void stream_close(struct stream *stream); /* NULL is fine */

/* The first `maximum` bytes, decompressed, or all of a shorter file; they are still to be read. At
 * most STREAM_HEAD_MAXIMUM. A fault of the source is told by reading. */
enum {
	STREAM_HEAD_MAXIMUM = 1 << 16,
};
struct span stream_head(struct stream *stream, size_t maximum);

/* Fails with ERROR_PARSE when what is compressed ends in the middle or is damaged. */
struct byte_source stream_source(struct stream *stream);
