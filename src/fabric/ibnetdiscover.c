#include "fabric/ibnetdiscover.h"

#include <string.h>

#include "fabric/ibnetdiscover_parts.h"

enum {
	LINES_LOOKED_AT = 64, /* to tell what the text is */
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
		.threads = text->threads,
	};
	uint32_t first_note = graph->note_count;
	struct linking *linking;
	struct span rest;

	if (!reading_pieces(&reading, text, false, &rest, err))
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
	    !reading_pieces(&reading, text, true, &rest, err))
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
	const struct ibnetdiscover_text again = { .open = open_span, .context = &whole };

	return ibnetdiscover_read_again(graph, &again, file, err);
}
