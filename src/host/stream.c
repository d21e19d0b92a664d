#include "host/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "host/below.h"

enum {
	BLOCK_BYTES = 1 << 16,
	GZIP_WINDOW = 15 + 16, /* the largest window, and a gzip header: see inflateInit2 */
};

static const unsigned char gzip_magic[] = { 0x1f, 0x8b };

struct stream {
	char *path;
	int file;
	bool is_own;        /* the descriptor is closed with the stream */
	bool is_compressed; /* `inflater` is set up */
	bool in_member;     /* of gzip: its end has not come yet */
	bool raw_end;       /* the file has ended; what is in `raw` may still be inflated */
	z_stream inflater;
	unsigned char raw[BLOCK_BYTES];
	size_t raw_at, raw_length;
	char head[STREAM_HEAD_MAXIMUM]; /* read ahead of whoever reads */
	size_t head_at, head_length;
	struct error fault; /* met while reading ahead; told by the next read */
};

static bool expect_readable(const struct stream *stream, struct error *err)
{
	struct stat status;

	if (fstat(stream->file, &status) != 0)
		return fail_system(err, "reading", stream->path);
	if (S_ISDIR(status.st_mode))
		return fail(err, ERROR_INVALID, "'%s' is a folder; name a file", stream->path);
	return true;
}

/* A pipe may have nothing yet: the descriptor never waits, so poll does. */
static bool wait_for_bytes(const struct stream *stream)
{
	struct pollfd one = { .fd = stream->file, .events = POLLIN };

	return poll(&one, 1, -1) >= 0 || errno == EINTR;
}

/* Up to `room` bytes as they lie in the file; 0 at its end. */
static bool read_raw(struct stream *stream, void *into, size_t room, size_t *ret_length,
		     struct error *err)
{
	for (;;) {
		ssize_t length = read(stream->file, into, room);

		if (length >= 0) {
			stream->raw_end = length == 0;
			*ret_length = (size_t)length;
			return true;
		}
		if (errno == EAGAIN && wait_for_bytes(stream))
			continue;
		if (errno != EINTR)
			return fail_system(err, "reading", stream->path);
	}
}

/* More of the file into `raw`, which is used up. */
static bool fill_raw(struct stream *stream, struct error *err)
{
	stream->raw_at = 0;
	stream->raw_length = 0;
	return stream->raw_end ||
	       read_raw(stream, stream->raw, sizeof(stream->raw), &stream->raw_length, err);
}

static bool fail_damaged(const struct stream *stream, struct error *err)
{
	return fail(err, ERROR_PARSE, "'%s' is damaged: what gzip compressed does not unpack (%s)",
		    stream->path, stream->inflater.msg ? stream->inflater.msg : "bad data");
}

/* Unpacks from `raw` until something came out, the member ended or `raw` is used up. */
static bool inflate_some(struct stream *stream, char *into, size_t room, size_t *ret_length,
			 struct error *err)
{
	z_stream *inflater = &stream->inflater;
	int result;

	inflater->next_in = stream->raw + stream->raw_at;
	inflater->avail_in = (uInt)(stream->raw_length - stream->raw_at);
	inflater->next_out = (Bytef *)into;
	inflater->avail_out = (uInt)room;
	result = inflate(inflater, Z_NO_FLUSH);
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
		return fail_damaged(stream, err);
	stream->raw_at = stream->raw_length - inflater->avail_in;
	stream->in_member = result != Z_STREAM_END;
	if (result == Z_STREAM_END && inflateReset(inflater) != Z_OK)
		return fail_damaged(stream, err);
	*ret_length = room - inflater->avail_out;
	return true;
}

static bool read_compressed(struct stream *stream, char *into, size_t room, size_t *ret_length,
			    struct error *err)
{
	*ret_length = 0;
	if (room > BLOCK_BYTES)
		room = BLOCK_BYTES;
	while (*ret_length == 0) {
		if (stream->raw_at == stream->raw_length && !fill_raw(stream, err))
			return false;
		if (stream->raw_length == 0 && stream->in_member)
			return fail(err, ERROR_PARSE,
				    "'%s' is half a gzip file: it ends in the middle; get it again",
				    stream->path);
		if (stream->raw_length == 0)
			return true;
		stream->in_member = true;
		if (!inflate_some(stream, into, room, ret_length, err))
			return false;
	}
	return true;
}

/* Plain bytes that were read to see whether they are compressed come first. */
static bool read_plain(struct stream *stream, char *into, size_t room, size_t *ret_length,
		       struct error *err)
{
	size_t left = stream->raw_length - stream->raw_at;

	if (left == 0 && stream->raw_end) {
		*ret_length = 0;
		return true;
	}
	if (left == 0)
		return read_raw(stream, into, room, ret_length, err);
	*ret_length = left < room ? left : room;
	memcpy(into, stream->raw + stream->raw_at, *ret_length);
	stream->raw_at += *ret_length;
	return true;
}

static bool read_content(struct stream *stream, char *into, size_t room, size_t *ret_length,
			 struct error *err)
{
	return stream->is_compressed ? read_compressed(stream, into, room, ret_length, err)
				     : read_plain(stream, into, room, ret_length, err);
}

static bool read_stream(void *context, char *into, size_t room, size_t *ret_length,
			struct error *err)
{
	struct stream *stream = context;
	size_t left = stream->head_length - stream->head_at;

	if (left > 0) {
		*ret_length = left < room ? left : room;
		memcpy(into, stream->head + stream->head_at, *ret_length);
		stream->head_at += *ret_length;
		return true;
	}
	if (stream->fault.code != ERROR_NONE) {
		if (err)
			*err = stream->fault;
		return false;
	}
	return read_content(stream, into, room, ret_length, err);
}

/* Reads the first bytes and sets up the inflater where they are those of gzip. */
static bool begin(struct stream *stream, struct error *err)
{
	size_t length = 0;

	while (stream->raw_length < sizeof(gzip_magic) && !stream->raw_end) {
		if (!read_raw(stream, stream->raw + stream->raw_length,
			      sizeof(stream->raw) - stream->raw_length, &length, err))
			return false;
		stream->raw_length += length;
	}
	if (stream->raw_length < sizeof(gzip_magic) ||
	    memcmp(stream->raw, gzip_magic, sizeof(gzip_magic)) != 0)
		return true;
	if (inflateInit2(&stream->inflater, GZIP_WINDOW) != Z_OK)
		memory_exhausted(sizeof(stream->inflater));
	stream->is_compressed = true;
	return true;
}

bool stream_open(const struct host *host, const char *path, struct stream **ret_stream,
		 struct error *err)
{
	bool is_input = strcmp(path, "-") == 0;
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		memory_exhausted(sizeof(*stream));
	stream->path = strdup(is_input ? "standard input" : path);
	if (!stream->path)
		memory_exhausted(strlen(path) + 1);
	stream->is_own = !is_input;
	stream->file = is_input ? STDIN_FILENO : open_below(host, path, O_RDONLY);
	if (stream->file < 0)
		(void)fail_system(err, "opening", path);
	if (stream->file < 0 || !expect_readable(stream, err) || !begin(stream, err)) {
		stream_close(stream);
		return false;
	}
	*ret_stream = stream;
	return true;
}

void stream_close(struct stream *stream)
{
	if (!stream)
		return;
	if (stream->is_compressed)
		(void)inflateEnd(&stream->inflater);
	if (stream->is_own)
		close_descriptor(&stream->file);
	free(stream->path);
	free(stream);
}

struct span stream_head(struct stream *stream, size_t maximum)
{
	if (maximum > sizeof(stream->head))
		maximum = sizeof(stream->head);
	while (stream->head_length < maximum && stream->fault.code == ERROR_NONE) {
		size_t length = 0;

		if (!read_content(stream, stream->head + stream->head_length,
				  maximum - stream->head_length, &length, &stream->fault) ||
		    length == 0)
			break;
		stream->head_length += length;
	}
	return (struct span){ .at = stream->head, .length = stream->head_length };
}

struct byte_source stream_source(struct stream *stream)
{
	return (struct byte_source){ .read = read_stream, .context = stream };
}
