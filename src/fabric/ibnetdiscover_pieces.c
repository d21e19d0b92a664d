#define _GNU_SOURCE /* memrchr */

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/thread.h"
#include "fabric/ibnetdiscover_parts.h"

enum {
	PIECE = 256 << 10,
	LINES_ROOM = PIECE / 32, /* that say something, and are taken together */
	THREADS_MAXIMUM = 4,     /* more wait for each other */
	PIECES_MAXIMUM = 8,      /* in hand at a time; two for each thread */
	/* Of text; what a guess makes room for. */
	SMALL = 64 << 10,
	LARGE = 64 << 20,
	NODE_BYTES = 400, /* with its first port */
	PORT_BYTES = 70,
};

/* Whole lines of the text, and what some of them say. */
struct piece {
	char *buffer;
	size_t length;     /* of whole lines */
	size_t understood; /* of those, bytes whose lines were looked at */
	uint32_t turn;     /* which piece of the text it is */
	uint32_t number;   /* of the line that was looked at last, in the piece */
	bool goes_on;      /* its first line is the end of one that is too long */
	bool failed;       /* the source did, with `error` */
	struct error error;
	struct line_said *lines; /* with room for one more */
	uint32_t line_count;
	struct piece *next; /* that is free too */
};

struct pieces {
	struct reading *reading;
	bool only_names;
	struct error *err;

	struct lock source_lock; /* over these */
	struct byte_source source;
	char *held; /* of the next line, what came with the piece before */
	size_t held_length, total;
	uint32_t next_turn;
	bool goes_on, at_end;

	struct lock turn_lock;               /* over these */
	struct piece *ready[PIECES_MAXIMUM]; /* of piece n at n % PIECES_MAXIMUM, once understood */
	uint32_t turn;                       /* which piece is taken next */
	bool is_taking;                      /* somebody is */
	struct piece *free;

	struct bell freed; /* rung when a piece is free */
	bool failed;       /* whoever takes alone looks at it */
	struct piece all[PIECES_MAXIMUM];
};

/* What is not used is not touched, so that a large guess costs nothing. */
static void make_room(struct reading *reading, size_t bytes)
{
	graph_reserve(reading->graph, (uint32_t)(bytes / NODE_BYTES),
		      (uint32_t)(bytes / PORT_BYTES));
	reading_make_room(reading, reading->graph->port_room);
}

/* Fills the buffer behind what it holds, as far as the source goes. */
static size_t read_full(struct pieces *pieces, struct piece *piece, size_t length)
{
	while (length < PIECE && !pieces->at_end && !piece->failed) {
		size_t got = 0;

		piece->failed = !pieces->source.read(pieces->source.context, piece->buffer + length,
						     PIECE - length, &got, &piece->error);
		pieces->at_end = piece->failed || got == 0;
		pieces->total += got;
		length += got;
		if (pieces->total > IBNETDISCOVER_BYTES_MAXIMUM)
			piece->failed = !fail(&piece->error, ERROR_LIMIT, "%s: more than %d bytes",
					      pieces->reading->file, IBNETDISCOVER_BYTES_MAXIMUM);
	}
	return length;
}

/* The next whole lines of the text; false when there are none. */
static bool read_piece(struct pieces *pieces, struct piece *piece)
{
	const char *last = NULL;

	piece->length = piece->understood = 0;
	piece->number = 0;
	piece->failed = false;
	while (!pieces->at_end && !last && !piece->failed) {
		size_t length;

		memcpy(piece->buffer, pieces->held, pieces->held_length);
		length = read_full(pieces, piece, pieces->held_length);
		last = memrchr(piece->buffer, '\n', length);
		piece->goes_on = pieces->goes_on;
		piece->length = last ? (size_t)(last + 1 - piece->buffer) : 0;
		pieces->held_length = length - piece->length;
		/* Of a line without an end nothing is kept but that it is one. */
		pieces->goes_on = !last && (pieces->goes_on || length == PIECE);
		if (!last && length == PIECE)
			pieces->held_length = 0;
		memcpy(pieces->held, piece->buffer + piece->length, pieces->held_length);
	}
	piece->turn = pieces->next_turn++;
	return last || piece->failed;
}

/* What heads say of the device that follows. */
static void add_head(struct line_said *into, const struct line_said *head)
{
	into->vendor = head->vendor;
	into->model = head->model;
	into->own_guid = head->own_guid;
	into->told |= head->told;
}

/* Keeps the line that stands behind those that are kept. Heads come with their device, or alone
 * where none follows. */
static void keep(struct piece *piece, struct line_said *heads)
{
	struct line_said *said = &piece->lines[piece->line_count];

	if (heads->told != 0) {
		if (said->kind == SAYS_DEVICE) {
			add_head(said, heads);
		} else {
			said[1] = said[0];
			said[0] = *heads;
			piece->line_count++;
		}
		*heads = (struct line_said){ 0 };
	}
	piece->line_count++;
}

/* Lines of the piece until there is no more room for what they say. */
static void understand(struct piece *piece)
{
	struct line_said heads = { 0 };

	piece->line_count = 0;
	while (piece->understood < piece->length && piece->line_count < LINES_ROOM) {
		const char *at = piece->buffer + piece->understood;
		const char *stop = memchr(at, '\n', piece->length - piece->understood);
		struct line_said *said = &piece->lines[piece->line_count];

		piece->understood = (size_t)(stop + 1 - piece->buffer);
		piece->number++;
		if (at == stop && !piece->goes_on)
			continue;
		*said = (struct line_said){ .number = piece->number };
		if (piece->goes_on || stop - at > IBNETDISCOVER_LINE_MAXIMUM) {
			said->kind = SAYS_TOO_LONG;
			said->why = "a line that is too long";
			said->at = (uint32_t)(at - piece->buffer);
		} else {
			line_read((struct cursor){ at, stop }, piece->buffer, &heads, said);
		}
		piece->goes_on = false;
		if (said->kind != SAYS_NOTHING)
			keep(piece, &heads);
	}
	if (heads.told != 0)
		piece->lines[piece->line_count++] = heads;
}

/* All that the piece says, at its turn. */
static bool take_piece(struct reading *reading, struct piece *piece, struct error *err)
{
	uint32_t before = reading->line_number;

	if (reading->end_room == 0)
		make_room(reading, piece->length < SMALL ? piece->length : LARGE);
	while (reading_take(reading, piece->lines, piece->line_count, before,
			    (struct span){ piece->buffer, piece->length }, err)) {
		reading->line_number = before + piece->number;
		if (piece->understood == piece->length)
			return true;
		understand(piece);
	}
	return false;
}

static bool take_names(struct reading *reading, struct piece *piece)
{
	const char *at = piece->buffer, *end = at + piece->length;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!piece->goes_on && stop - at <= IBNETDISCOVER_LINE_MAXIMUM)
			reading_names(reading, (struct cursor){ at, stop });
		piece->goes_on = false;
		at = stop + 1;
	}
	return true;
}

static bool take(struct pieces *pieces, struct piece *piece)
{
	if (!piece->failed)
		return pieces->only_names ? take_names(pieces->reading, piece)
					  : take_piece(pieces->reading, piece, pieces->err);
	if (pieces->err)
		*pieces->err = piece->error;
	return false;
}

static void set_free(struct pieces *pieces, struct piece *piece)
{
	lock_take(&pieces->turn_lock);
	piece->next = pieces->free;
	pieces->free = piece;
	lock_give(&pieces->turn_lock);
	bell_ring(&pieces->freed);
}

/* A piece that nobody uses. All are in use only while somebody takes one, who frees it then. */
static struct piece *find_free(struct pieces *pieces)
{
	for (;;) {
		struct piece *piece, *more = NULL;

		lock_take(&pieces->turn_lock);
		piece = pieces->free;
		if (piece)
			more = pieces->free = piece->next;
		lock_give(&pieces->turn_lock);
		/* One ring may stand for several pieces. */
		if (more)
			bell_ring(&pieces->freed);
		if (piece)
			return piece;
		bell_wait(&pieces->freed);
	}
}

/* Takes what is ready, in turn, unless somebody does: who then takes this piece too. */
static void take_ready(struct pieces *pieces, struct piece *understood)
{
	struct piece *piece;

	lock_take(&pieces->turn_lock);
	pieces->ready[understood->turn % PIECES_MAXIMUM] = understood;
	while (!pieces->is_taking && (piece = pieces->ready[pieces->turn % PIECES_MAXIMUM])) {
		pieces->ready[pieces->turn % PIECES_MAXIMUM] = NULL;
		pieces->is_taking = true;
		lock_give(&pieces->turn_lock);
		pieces->failed = pieces->failed || !take(pieces, piece);
		if (pieces->failed) {
			lock_take(&pieces->source_lock);
			pieces->at_end = true;
			lock_give(&pieces->source_lock);
		}
		set_free(pieces, piece);
		lock_take(&pieces->turn_lock);
		pieces->is_taking = false;
		pieces->turn++;
	}
	lock_give(&pieces->turn_lock);
}

/* Reads a piece and understands it; it is taken when all before it are. False when there is
 * none. */
static bool do_piece(struct pieces *pieces)
{
	struct piece *piece = find_free(pieces);
	bool is_there;

	lock_take(&pieces->source_lock);
	is_there = read_piece(pieces, piece);
	lock_give(&pieces->source_lock);
	if (!is_there) {
		set_free(pieces, piece);
		return false;
	}
	if (!pieces->only_names && !piece->failed)
		understand(piece);
	take_ready(pieces, piece);
	return true;
}

static void work(void *context, size_t item, unsigned worker)
{
	(void)item, (void)worker;
	while (do_piece(context))
		;
}

static void make_piece(struct pieces *pieces, unsigned index)
{
	struct arena *arena = pieces->reading->scratch;
	struct piece *piece = &pieces->all[index];

	piece->buffer = arena_take(arena, PIECE);
	piece->lines = ARENA_ARRAY(arena, struct line_said, LINES_ROOM + 2);
	set_free(pieces, piece);
}

bool reading_pieces(struct reading *reading, const struct ibnetdiscover_text *text, bool only_names,
		    struct span *ret_rest, struct error *err)
{
	unsigned threads = text->threads < THREADS_MAXIMUM ? text->threads : THREADS_MAXIMUM;
	struct pieces pieces = {
		.reading = reading,
		.only_names = only_names,
		.err = err,
		.source_lock = LOCK_READY,
		.turn_lock = LOCK_READY,
		.freed = BELL_READY,
		.held = arena_take(reading->scratch, PIECE),
	};

	reading->line_number = 0;
	if (!text->open(text->context, &pieces.source, err))
		return false;
	make_piece(&pieces, 0);
	/* What is one piece is not worth a thread. */
	if (do_piece(&pieces) && !pieces.at_end) {
		for (unsigned i = 1; threads > 1 && i < 2 * threads; i++)
			make_piece(&pieces, i);
		parallel_for(threads > 1 ? threads : 1, threads, work, &pieces);
	}
	reading->is_too_long = pieces.goes_on;
	*ret_rest = (struct span){ pieces.held, pieces.held_length };
	return !pieces.failed;
}
