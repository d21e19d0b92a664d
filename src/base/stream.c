#include "base/stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	BLOCK_BYTES = 1 << 18,
	FIRST_BYTES = 1 << 16,
};

void line_reader_init(struct line_reader *reader, struct byte_source source, const char *file,
		      size_t maximum)
{
	size_t room = maximum + BLOCK_BYTES;

	*reader = (struct line_reader){
		.source = source,
		.file = file,
		.buffer = malloc(room),
		.room = room,
		.maximum = maximum,
	};
	if (!reader->buffer)
		memory_exhausted(room);
}

void line_reader_release(struct line_reader *reader)
{
	free(reader->buffer);
	*reader = (struct line_reader){ 0 };
}

/* Moves what is left to the front and reads more behind it. */
static bool refill(struct line_reader *reader, struct error *err)
{
	size_t length = 0;

	memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
	reader->end -= reader->start;
	reader->start = 0;
	assert(reader->end < reader->room);
	if (!reader->source.read(reader->source.context, reader->buffer + reader->end,
				 reader->room - reader->end, &length, err))
		return fail_while(err, "reading '%s'", reader->file);
	reader->end += length;
	reader->at_end = length == 0;
	return true;
}

static void skip_mark(struct line_reader *reader)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t length = sizeof(mark) - 1;

	if (reader->line == 0 && reader->end - reader->start >= length &&
	    memcmp(reader->buffer + reader->start, mark, length) == 0)
		reader->start += length;
}

static struct span without_return(const char *at, size_t length)
{
	if (length > 0 && at[length - 1] == '\r')
		length--;
	return (struct span){ .at = at, .length = length };
}

/* Reads on until a line ends, and leaves its rest behind. */
static enum line_step skip_line(struct line_reader *reader, struct error *err)
{
	for (;;) {
		char *from = reader->buffer + reader->start;
		char *found = memchr(from, '\n', reader->end - reader->start);

		if (found) {
			reader->start = (size_t)(found - reader->buffer) + 1;
			return LINE_TOO_LONG;
		}
		reader->start = reader->end;
		if (reader->at_end)
			return LINE_TOO_LONG;
		if (!refill(reader, err))
			return LINE_FAULT;
	}
}

enum line_step line_next(struct line_reader *reader, struct span *ret_line, struct error *err)
{
	size_t searched = 0; /* bytes behind start that hold no end of a line */

	for (;;) {
		char *from = reader->buffer + reader->start;
		size_t length = reader->end - reader->start;
		char *found =
			length > searched ? memchr(from + searched, '\n', length - searched) : NULL;

		if (found) {
			size_t taken = (size_t)(found - from);

			reader->line++;
			reader->start += taken + 1;
			*ret_line = without_return(from, taken);
			return taken > reader->maximum ? LINE_TOO_LONG : LINE_READ;
		}
		searched = length;
		if (length > reader->maximum) {
			static const struct span unseen = { 0 };

			reader->line++;
			*ret_line = unseen;
			return skip_line(reader, err);
		}
		if (reader->at_end) {
			if (length == 0)
				return LINE_END;
			reader->line++;
			reader->start = reader->end;
			*ret_line = without_return(from, length);
			return LINE_READ;
		}
		if (!refill(reader, err))
			return LINE_FAULT;
		skip_mark(reader);
	}
}

bool source_read_all(struct byte_source source, const char *file, size_t maximum,
		     struct arena *arena, struct span *ret_text, struct error *err)
{
	struct text text = { .maximum = maximum + 1 };
	SCOPED_ARENA(scratch);
	char *piece = ARENA_ARRAY(&scratch, char, FIRST_BYTES);
	size_t length = 0;
	bool done = true;

	do {
		done = source.read(source.context, piece, FIRST_BYTES, &length, err);
		if (done)
			text_add_span(&text, (struct span){ .at = piece, .length = length });
	} while (done && length > 0 && text.length <= maximum);
	if (!done)
		(void)fail_while(err, "reading '%s'", file);
	else if (text.length > maximum)
		done = fail(err, ERROR_LIMIT, "'%s' is longer than %zu bytes", file, maximum);
	else
		*ret_text = (struct span){ .at = arena_string(arena, text_span(&text)),
					   .length = text.length };
	text_release(&text);
	return done;
}
