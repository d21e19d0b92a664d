/*
 * What the files that read ibnetdiscover's text share; private to this room.
 */
#pragma once

#include <string.h>

#include "fabric/ibnetdiscover.h"

/* One end of a cable as a line tells it: our port, and which port of which device it leads to. */
struct cable_end {
	uint64_t guid;   /* of the other device */
	uint32_t line;   /* that says it */
	uint32_t port;   /* ours, in the graph */
	uint16_t number; /* of the other port */
	uint8_t kind;    /* enum graph_kind, of the other device */
};

struct reading {
	struct graph *graph;
	const char *file;
	struct arena *scratch;
	uint32_t line_number;
	uint32_t described;  /* nodes before those that are only named */
	uint32_t first_node; /* of this text; those before it came from other texts */

	/* The lines before a device's own. */
	uint64_t system_guid;
	uint32_t vendor, device;

	/* The device whose ports follow; GRAPH_NONE: none, or one that is passed over. */
	uint32_t node;
	bool is_skipping;
	bool is_too_long; /* the line that the text ends within */

	struct cable_end *ends;
	uint32_t end_count, end_room;
};

/* A place in one line. */
struct cursor {
	const char *at, *end;
};

/* These are short and called for each line, and so stand here. */

static inline bool cursor_begins(const struct cursor *cursor, struct span word)
{
	return (size_t)(cursor->end - cursor->at) >= word.length &&
	       memcmp(cursor->at, word.at, word.length) == 0;
}

static inline bool cursor_skip(struct cursor *cursor, char c)
{
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static inline bool cursor_skip_word(struct cursor *cursor, struct span word)
{
	if (!cursor_begins(cursor, word))
		return false;
	cursor->at += word.length;
	return true;
}

static inline void cursor_skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t'))
		cursor->at++;
}

/* Decimal, at most `maximum`. */
static inline bool cursor_number(struct cursor *cursor, uint32_t maximum, uint32_t *ret_number)
{
	const char *start = cursor->at;
	uint64_t number = 0;

	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
		number = number * 10 + (uint64_t)(*cursor->at - '0');
		if (number > maximum)
			return false;
		cursor->at++;
	}
	*ret_number = (uint32_t)number;
	return cursor->at > start;
}

/* 1 to 16 digits of base 16 behind an optional "0x". */
bool cursor_hex(struct cursor *cursor, uint64_t *ret_number);

/* "S-b83fd20300a00001" in quotes. */
bool cursor_device(struct cursor *cursor, enum graph_kind *ret_kind, uint64_t *ret_guid);

/* `[5]` with what ibnetdiscover -g says of a chassis behind it. */
bool cursor_port(struct cursor *cursor, uint32_t *ret_number);

/* What stands between the first quote and the last; the cursor moves behind the last. False
 * without two quotes. */
bool cursor_quoted(struct cursor *cursor, struct span *ret_text);

/* "4xNDR"; false when it is none. What is not known of it is left 0. */
bool cursor_rate(struct cursor *cursor, uint8_t *ret_width, uint8_t *ret_speed);

/* What kind of line it is, when it says anything. */
enum said_kind {
	SAYS_NOTHING,   /* empty, a comment, a heading */
	SAYS_HEAD,      /* before a device: of whom it is */
	SAYS_DEVICE,    /* with the heads that stand directly before it */
	SAYS_PORT,      /* a cable at a port */
	SAYS_SILENT,    /* `# [5] silent`, which only we write */
	SAYS_COMPLAINT, /* of the program that swept */
	SAYS_UNKNOWN,
	SAYS_TOO_LONG,
};

/* What of a line's parts is told. */
enum said_part {
	TOLD_VENDOR = 1,
	TOLD_MODEL = 2,
	TOLD_SYSTEM = 4,
	TOLD_LID = 8,
	TOLD_RATE = 16,
	TOLD_HEAD = 32, /* lines before the device's own */
};

/* What a line says by itself, whatever stands before it. Numbers that are not told are 0. */
struct line_said {
	uint64_t guid;        /* of the device, or of the one at the other end */
	uint64_t own_guid;    /* of the port; of the device's system */
	const char *why;      /* NULL, or what is wrong with it, for a note */
	uint32_t number;      /* of the line, within its piece, from 1 */
	uint32_t at;          /* in its piece: what of it a note quotes */
	uint32_t description; /* of a device: in its piece */
	uint32_t vendor, model;
	uint16_t description_length;
	uint16_t port;  /* its number; of a device how many it has */
	uint16_t other; /* number of the port at the other end */
	uint16_t lid;
	uint8_t lmc, width, speed;
	uint8_t device; /* enum graph_kind: what the GUID is of */
	uint8_t kind;   /* enum said_kind */
	uint8_t told;   /* enum said_part */
	bool is_aggregator;
};

/* What the line says but its number; offsets count from `piece`. *ret_said is all 0 before. */
void line_read(struct cursor text, const char *piece, struct line_said *ret_said);

/* Takes what a line of the piece says; the lines come in their order. False with `err` set when the
 * graph is full. */
bool reading_take(struct reading *reading, const struct line_said *said, struct span piece,
		  struct error *err);

/* Of a line that names a device which nothing describes: its description and the port's GUID. */
void reading_names(struct reading *reading, struct cursor line);

/* Notes the line, as much of it as helps, and that the graph is partial. */
void reading_note(struct reading *reading, enum graph_note_kind kind, struct cursor line,
		  const char *why);

/* SHARP: a switch shows its aggregator as an adapter, by this description. */
bool is_aggregator(struct span description);

/* All lines of the text in their order, but one that the text ends within, which is ret_rest, in
 * scratch. Pieces of it are read and understood on several threads, and what they say is taken by
 * one at a time, so that the result does not depend on their number. `only_names` looks for no more
 * than what devices that the text leaves out are called. */
bool reading_pieces(struct reading *reading, const struct ibnetdiscover_text *text, bool only_names,
		    struct span *ret_rest, struct error *err);

struct linking;

/* Links the ends that agree. It lives in the reading's scratch. */
struct linking *linking_start(struct reading *reading);

/* Adds the devices that are only named, without what they are called. */
bool linking_add_unknown(struct linking *linking, struct error *err);

/* Links what else can be, and notes what does not agree. */
void linking_finish(struct linking *linking);
