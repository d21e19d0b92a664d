#include <string.h>

#include "base/json.h"
#include "base/parallel.h"
#include "evidence/set.h"

/* JSON Lines, read in chunks side by side: each chunk has its own arena and its own part of the
 * set's records, so that the result does not depend on the number of threads. */

enum {
	CHUNK_BYTES = 256 << 10,
};

struct chunk {
	struct span text;
	uint32_t first_line;    /* of the file, from 1 */
	struct record *records; /* room for one a line */
	size_t count;
	struct arena arena;
	struct error error;
	bool failed;
};

struct reading_lines {
	struct chunk *chunks;
	const char *file;
};

static bool read_line(struct chunk *chunk, const struct record_reading *how, struct span line,
		      uint32_t number, struct arena *scratch, struct text *canonical)
{
	const struct node *root;

	if (line.length > RECORD_LINE_MAXIMUM)
		return fail(&chunk->error, ERROR_LIMIT,
			    "%s: line %u: the record has %zu bytes; the limit is %d", how->file,
			    number, line.length, RECORD_LINE_MAXIMUM);
	arena_clear(scratch);
	if (!json_read(line, how->file, number, scratch, &root, &chunk->error) ||
	    !record_read_sealed(root, how, canonical, &chunk->records[chunk->count], &chunk->error))
		return false;
	chunk->count++;
	return true;
}

static void read_chunk(void *context, size_t item, unsigned worker)
{
	const struct reading_lines *all = context;
	struct chunk *chunk = &all->chunks[item];
	const struct record_reading how = {
		.file = all->file,
		.schema_required = true,
		.arena = &chunk->arena,
	};
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(canonical);
	struct span rest = chunk->text, line;
	uint32_t number = chunk->first_line;

	(void)worker;
	for (; !chunk->failed && span_cut(&rest, '\n', &line); number++)
		if (span_trim(line).length > 0)
			chunk->failed = !read_line(chunk, &how, line, number, &scratch, &canonical);
}

static uint32_t count_lines(struct span text)
{
	const char *at = text.at, *end = text.at + text.length;
	uint32_t count = 0;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		count++;
		at = newline ? newline + 1 : end;
	}
	return count;
}

/* Cuts the text behind newlines; returns the number of chunks and of lines. */
static size_t cut_chunks(struct span text, struct chunk *chunks, size_t *ret_lines)
{
	size_t count = 0, lines = 0;

	while (text.length > 0) {
		size_t length = text.length;

		if (CHUNK_BYTES < text.length) {
			const char *newline =
				memchr(text.at + CHUNK_BYTES, '\n', text.length - CHUNK_BYTES);

			length = newline ? (size_t)(newline - text.at) + 1 : text.length;
		}
		chunks[count].text = (struct span){ text.at, length };
		chunks[count].first_line = (uint32_t)lines + 1;
		lines += count_lines(chunks[count++].text);
		text.at += length;
		text.length -= length;
	}
	*ret_lines = lines;
	return count;
}

/* Moves what was read together and takes over its text; or tells the first failure. */
static bool join_chunks(struct evidence_set *set, struct chunk *chunks, size_t count,
			struct error *err)
{
	bool failed = false;

	for (size_t i = 0; i < count && !failed; i++) {
		failed = chunks[i].failed;
		if (failed && err)
			*err = chunks[i].error;
	}
	for (size_t i = 0; i < count; i++) {
		if (failed) {
			arena_release(&chunks[i].arena);
			continue;
		}
		memmove(&set->records[set->count], chunks[i].records,
			chunks[i].count * sizeof(*set->records));
		set->count += chunks[i].count;
		arena_join(&set->arena, &chunks[i].arena);
	}
	return !failed;
}

bool evidence_set_add_lines(struct evidence_set *set, struct span text, const char *file,
			    struct error *err)
{
	SCOPED_ARENA(scratch);
	struct reading_lines all = { 0 };
	size_t lines, count;

	if (text.length > EVIDENCE_LINES_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "%s: the file has %zu bytes; the limit is %d; split it", file,
			    text.length, EVIDENCE_LINES_BYTES_MAXIMUM);
	all.chunks = ARENA_ARRAY(&scratch, struct chunk, text.length / CHUNK_BYTES + 1);
	count = cut_chunks(text, all.chunks, &lines);
	if (!evidence_set_reserve(set, lines, file, err))
		return false;
	all.file = arena_string(&set->arena, span_of(file));
	for (size_t i = 0; i < count; i++)
		all.chunks[i].records = &set->records[set->count + all.chunks[i].first_line - 1];
	parallel_for(count, set->threads, read_chunk, &all);
	return join_chunks(set, all.chunks, count, err);
}
