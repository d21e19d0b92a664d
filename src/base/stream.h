/*
 * Bytes that come in pieces from somewhere that only the caller knows: a file, a pipe, a
 * decompressor, a test. Reading is bounded by whoever reads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

/* Up to `room` bytes into `into`; *ret_length 0 is the end. */
struct byte_source {
	bool (*read)(void *context, char *into, size_t room, size_t *ret_length, struct error *err);
	void *context;
};

/* Lines of a source, without their ends ("\n" or "\r\n"), in one buffer of bounded size. */
struct line_reader {
	struct byte_source source;
	const char *file; /* for errors */
	char *buffer;
	size_t start, end, room;
	size_t maximum; /* of a line; longer ones are skipped and said to be too long */
	uint64_t line;  /* of what was returned last, from 1 */
	bool at_end;
};

enum line_step {
	LINE_READ,
	LINE_TOO_LONG, /* skipped to its end; ret_line is of no use */
	LINE_END,
	LINE_FAULT,
};

/* Takes room for `maximum` bytes and a block. */
void line_reader_init(struct line_reader *reader, struct byte_source source, const char *file,
		      size_t maximum);
void line_reader_release(struct line_reader *reader);

/* ret_line lives until the next call. A last line without an end is a line; a byte order mark at
 * the start of the file is left out. */
enum line_step line_next(struct line_reader *reader, struct span *ret_line, struct error *err);

/* All of the source, which is at most `maximum` bytes, NUL-terminated; for formats that are read
 * as a whole. */
bool source_read_all(struct byte_source source, const char *file, size_t maximum,
		     struct arena *arena, struct span *ret_text, struct error *err);
