/*
 * What the files that read ibnetdiscover's text share; private to this room.
 */
#pragma once

#include <string.h>

#include "fabric/ibnetdiscover.h"
#include "fabric/ibnetdiscover_cursor.h"

/* One end of a cable as a line tells it of a port of the graph: which port of which device it leads
 * to. */
struct told_end {
	uint64_t guid;   /* of the other device */
	uint32_t line;   /* that says it; 0: none does */
	uint16_t number; /* of the other port */
	uint8_t kind;    /* enum graph_kind, of the other device */
};

/* What a second line says of a port. */
struct told_again {
	uint32_t port;
	struct told_end end;
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

	struct told_end *ends; /* of each port of the graph */
	uint32_t end_room;     /* ports that there is room for */
	uint32_t end_count;    /* lines of this text that told one */
	struct told_again *again;
	uint32_t again_count, again_room;
	unsigned threads; /* that link */
};

/* What kind of line it is, when it says anything. */
enum said_kind {
	SAYS_NOTHING,   /* empty, a comment, a heading */
	SAYS_HEAD,      /* before a device: of whom it is */
	SAYS_DEVICE,    /* with the heads that stand directly before it */
	SAYS_PORT,      /* a cable at a port */
	SAYS_SILENT,    /* `# [5] silent`, or a remark, which only we write */
	SAYS_COMPLAINT, /* of the program that swept */
	SAYS_UNKNOWN,
	SAYS_TOO_LONG,
};

enum {
	SAID_OF_WHOLE = UINT16_MAX, /* in place of a port of SAYS_SILENT: a remark */
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

/* What the line says but its number; offsets count from `piece`. *ret_said is all 0 before. What
 * heads say is added to `heads` instead, and *ret_said then stays as it was. */
void line_read(struct cursor text, const char *piece, struct line_said *heads,
	       struct line_said *ret_said);

/* Room for what lines tell of so many ports of the graph. */
void reading_make_room(struct reading *reading, uint32_t ports);

/* Takes what lines of the piece say, in their order; `before` lines stand before it. False with
 * `err` set when the graph is full. */
bool reading_take(struct reading *reading, const struct line_said *lines, uint32_t count,
		  uint32_t before, struct span piece, struct error *err);

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
