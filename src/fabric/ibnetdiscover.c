#include "fabric/ibnetdiscover.h"

#include <string.h>

#include "fabric/ibnetdiscover_parts.h"

enum {
	LINES_LOOKED_AT = 64, /* to tell what the text is */
	PIECE = 256 << 10,
	/* Of text; what a guess makes room for. */
	SMALL = 64 << 10,
	LARGE = 64 << 20,
	NODE_BYTES = 400, /* with its first port */
	PORT_BYTES = 70,
};

/* A text on its way, of which the beginning of the next line is held. */
struct pieces {
	struct byte_source source;
	char *buffer;
	size_t held, total;
	bool failed;
};

/* A text that is in memory as a whole. */
struct whole {
	struct span text, rest;
};

static bool read_from_span(void *context, char *into, size_t room, size_t *ret_length,
			   struct error *err)
{
	struct span *rest = context;
	size_t length = rest->length < room ? rest->length : room;

	(void)err;
	if (length > 0)
		memcpy(into, rest->at, length);
	rest->at += length;
	rest->length -= length;
	*ret_length = length;
	return true;
}

/* What is not used is not touched, so that a large guess costs nothing. */
static void make_room(struct reading *reading, size_t bytes)
{
	graph_reserve(reading->graph, (uint32_t)(bytes / NODE_BYTES),
		      (uint32_t)(bytes / PORT_BYTES));
	reading->end_room = (uint32_t)(bytes / PORT_BYTES) + 1;
	reading->ends = ARENA_ARRAY(reading->scratch, struct cable_end, reading->end_room);
}

/* All whole lines of the piece; returns how many bytes they are, or SIZE_MAX when one failed. */
static size_t take_lines(struct reading *reading, struct span piece,
			 bool (*take)(struct reading *reading, struct cursor line,
				      struct error *err),
			 struct error *err)
{
	const char *at = piece.at, *end = at + piece.length;

	for (;;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const struct cursor line = { at, stop };

		if (!stop)
			return (size_t)(at - piece.at);
		reading->line_number++;
		at = stop + 1;
		if (reading->is_too_long || line.end - line.at > IBNETDISCOVER_LINE_MAXIMUM) {
			reading->is_too_long = false;
			reading_note(reading, GRAPH_NOTE_UNREADABLE, line,
				     "a line that is too long");
		} else if (!take(reading, line, err)) {
			return SIZE_MAX;
		}
	}
}

/* One piece of the source behind what is held; false at the end and on a fault. */
static bool take_piece(struct reading *reading, struct pieces *pieces,
		       bool (*take)(struct reading *reading, struct cursor line, struct error *err),
		       struct error *err)
{
	size_t got = 0, taken;

	if (!pieces->source.read(pieces->source.context, pieces->buffer + pieces->held,
				 PIECE - pieces->held, &got, err)) {
		pieces->failed = true;
		return false;
	}
	if (!reading->ends)
		make_room(reading, got < SMALL ? got : LARGE);
	pieces->held += got;
	pieces->total += got;
	if (pieces->total > IBNETDISCOVER_BYTES_MAXIMUM)
		pieces->failed = !fail(err, ERROR_LIMIT, "%s: more than %d bytes", reading->file,
				       IBNETDISCOVER_BYTES_MAXIMUM);
	if (got == 0 || pieces->failed)
		return false;
	taken = take_lines(reading, (struct span){ pieces->buffer, pieces->held }, take, err);
	pieces->failed = taken == SIZE_MAX;
	if (pieces->failed)
		return false;
	pieces->held -= taken;
	memmove(pieces->buffer, pieces->buffer + taken, pieces->held);
	/* Of a line without an end nothing is kept but that it is one. */
	if (pieces->held == PIECE) {
		reading->is_too_long = true;
		pieces->held = 0;
	}
	return true;
}

/* All lines but one that the text ends within, which is ret_rest, in scratch. */
static bool take_text(struct reading *reading, const struct ibnetdiscover_text *text,
		      bool (*take)(struct reading *reading, struct cursor line, struct error *err),
		      struct span *ret_rest, struct error *err)
{
	struct pieces pieces = { .buffer = arena_take(reading->scratch, PIECE) };

	reading->line_number = 0;
	reading->is_too_long = false;
	if (!text->open(text->context, &pieces.source, err))
		return false;
	while (take_piece(reading, &pieces, take, err))
		;
	*ret_rest = (struct span){ pieces.buffer, pieces.held };
	return !pieces.failed;
}

bool ibnetdiscover_is(struct span text)
{
	for (unsigned i = 0; i < LINES_LOOKED_AT && text.length > 0; i++) {
		struct span line;

		(void)span_cut(&text, '\n', &line);
		if (span_starts(line, "vendid=") || span_starts(line, "Switch\t") ||
		    span_starts(line, "Ca\t") || span_starts(line, "Rt\t") ||
		    span_starts(line, "# Topology file: generated"))
			return true;
	}
	return false;
}

/* Nothing was in it: the first note says why, if there is one. */
static bool fail_empty(const struct reading *reading, uint32_t first_note, struct error *err)
{
	const struct graph *graph = reading->graph;

	if (first_note < graph->note_count && first_note < GRAPH_NOTES_MAXIMUM)
		return fail(err, ERROR_PARSE, "%s", graph->notes[first_note].text);
	return fail(err, ERROR_PARSE, "%s: holds no device; it is no text of ibnetdiscover",
		    reading->file);
}

bool ibnetdiscover_read_again(struct graph *graph, const struct ibnetdiscover_text *text,
			      const char *file, struct error *err)
{
	SCOPED_ARENA(scratch);
	struct reading reading = {
		.graph = graph,
		.file = file,
		.scratch = &scratch,
		.first_node = graph->node_count,
		.node = GRAPH_NONE,
	};
	uint32_t first_note = graph->note_count;
	struct linking *linking;
	struct span rest;

	if (!take_text(&reading, text, reading_line, &rest, err))
		return false;
	if (rest.length > 0 || reading.is_too_long) {
		reading.line_number++;
		reading_note(&reading, GRAPH_NOTE_CUT,
			     (struct cursor){ rest.at, rest.at + rest.length },
			     "the text ends within a line");
	}
	if (graph->node_count == reading.first_node && reading.end_count == 0)
		return fail_empty(&reading, first_note, err);
	linking = linking_start(&reading);
	if (!linking_add_unknown(linking, err))
		return false;
	/* What they are called stands on the lines that name them, which nobody kept. */
	if (graph->node_count > reading.described &&
	    !take_text(&reading, text, reading_names, &rest, err))
		return false;
	linking_finish(linking);
	return true;
}

static bool open_span(void *context, struct byte_source *ret_source, struct error *err)
{
	struct whole *whole = context;

	(void)err;
	whole->rest = whole->text;
	*ret_source = (struct byte_source){ read_from_span, &whole->rest };
	return true;
}

bool ibnetdiscover_read(struct graph *graph, struct span text, const char *file, struct error *err)
{
	struct whole whole = { .text = text };
	const struct ibnetdiscover_text again = { open_span, &whole };

	return ibnetdiscover_read_again(graph, &again, file, err);
}
