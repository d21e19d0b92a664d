#define _GNU_SOURCE /* memmem */

#include <string.h>

#include "fabric/ibnetdiscover_parts.h"

enum {
	LMC_MAXIMUM = 7,
};

bool is_aggregator(struct span description)
{
	static const struct span name = SPAN("Aggregation Node");

	return description.length >= name.length &&
	       memmem(description.at, description.length, name.at, name.length) != NULL;
}

/* "lid 4 lmc 0", the second where it is given. */
IN_LINE void read_lid(struct line_said *said, struct cursor *at)
{
	uint32_t lid = 0, lmc = 0;

	if (!cursor_skip_word(at, SPAN("lid ")) || !cursor_number(at, UINT16_MAX, &lid))
		return;
	if (cursor_skip_word(at, SPAN(" lmc ")))
		(void)cursor_number(at, LMC_MAXIMUM, &lmc);
	said->lid = (uint16_t)lid;
	said->lmc = (uint8_t)lmc;
	said->told |= TOLD_LID;
}

/* Of a switch, ` base port 0 lid 4 lmc 0`. */
static void read_own_port(struct line_said *said, struct cursor at)
{
	cursor_skip_blanks(&at);
	if (cursor_skip_word(&at, SPAN("base port 0 ")) ||
	    cursor_skip_word(&at, SPAN("enhanced port 0 ")))
		read_lid(said, &at);
}

/* Behind "Switch", `64 "S-…"		# "name" base port 0 lid 4 lmc 0`. */
static const char *read_device(struct line_said *said, struct cursor at, const char *piece,
			       enum graph_kind kind)
{
	struct span description = SPAN("");
	enum graph_kind its = kind;
	const char *behind;
	uint32_t ports = 0;

	said->device = (uint8_t)kind;
	cursor_skip_blanks(&at);
	if (!cursor_number(&at, GRAPH_PORT_MAXIMUM, &ports))
		return "not a number of ports";
	cursor_skip_blanks(&at);
	if (!cursor_device(&at, &its, &said->guid) || its != kind)
		return "not the name of such a device, as \"S-0002c90300a1b2c0\"";
	said->port = (uint16_t)ports;
	behind = quoted_behind(at, &description);
	if (behind) {
		at.at = behind;
		said->description = (uint32_t)(description.at - piece);
		said->description_length = (uint16_t)strnlen(description.at, description.length);
		description.length = said->description_length;
	}
	said->is_aggregator = kind == GRAPH_ADAPTER && is_aggregator(description);
	if (kind == GRAPH_SWITCH)
		read_own_port(said, at);
	return NULL;
}

/* Behind the '#': of an adapter `lid 4 lmc 0 "name" lid 1 4xNDR`, of a switch without the first
 * two. What is not there stays unknown. */
IN_LINE void read_tail(struct line_said *said, struct cursor *at)
{
	const char *close = at->end;
	uint32_t other = 0;

	cursor_skip_blanks(at);
	if (cursor_begins(at, SPAN("lid ")))
		read_lid(said, at);
	while (close > at->at && close[-1] != '"')
		close--;
	at->at = close;
	cursor_skip_blanks(at);
	if (!cursor_skip_word(at, SPAN("lid ")) || !cursor_number(at, UINT16_MAX, &other))
		return;
	cursor_skip_blanks(at);
	rate_read(*at, &said->width, &said->speed);
	said->told |= TOLD_RATE;
}

/* `[3](guid) 	"H-…"[1](guid) 		# …` */
static const char *read_port(struct line_said *said, struct cursor at)
{
	enum graph_kind kind = GRAPH_ADAPTER;
	uint32_t number = 0, other = 0;

	if (!cursor_port(&at, &number))
		return "not a port, as \"[3]\"";
	if (cursor_skip(&at, '(') && (!cursor_hex(&at, &said->own_guid) || !cursor_skip(&at, ')')))
		return "not the GUID of a port";
	cursor_skip_blanks(&at);
	if (!cursor_device(&at, &kind, &said->guid) || !cursor_port(&at, &other))
		return "no device and port at the other end";
	said->port = (uint16_t)number;
	said->other = (uint16_t)other;
	said->device = (uint8_t)kind;
	cursor_skip_blanks(&at);
	/* The GUID of an adapter's port comes before it. */
	if (at.at < at.end && *at.at != '#')
		at.at = memchr(at.at, '#', (size_t)(at.end - at.at));
	if (at.at && cursor_skip(&at, '#'))
		read_tail(said, &at);
	return NULL;
}

/* `# [5] silent`, or a remark about the whole: false when it is another comment. */
static bool read_silent(struct line_said *said, struct cursor at)
{
	uint32_t number = 0;

	at.at++;
	cursor_skip_blanks(&at);
	said->port = SAID_OF_WHOLE;
	if (cursor_begins(&at, SPAN("partial: ")) || cursor_begins(&at, SPAN("note ")))
		return true;
	if (!cursor_port(&at, &number) || !cursor_begins(&at, SPAN(" silent")))
		return false;
	said->port = (uint16_t)number;
	return true;
}

/* What heads begin with, by their first letters, and what they tell. */
static bool begins_head(struct cursor *line, enum said_part *ret_part)
{
	*ret_part = TOLD_HEAD;
	switch (*line->at) {
	case 'v':
		*ret_part = TOLD_VENDOR;
		return cursor_skip_word(line, SPAN("vendid="));
	case 'd':
		*ret_part = TOLD_MODEL;
		return cursor_skip_word(line, SPAN("devid="));
	case 's':
		if (cursor_skip_word(line, SPAN("switchguid=")))
			return true;
		*ret_part = TOLD_SYSTEM;
		return cursor_skip_word(line, SPAN("sysimgguid="));
	case 'c':
		return cursor_skip_word(line, SPAN("caguid="));
	case 'r':
		return cursor_skip_word(line, SPAN("rtguid="));
	default:
		return false;
	}
}

/* `vendid=0x2c9`, added to what lines before it say: false when it is another line. */
static bool read_head(struct cursor line, struct line_said *heads)
{
	enum said_part part;
	uint64_t number = 0;

	if (!begins_head(&line, &part) || !cursor_hex(&line, &number))
		return false;
	if (part == TOLD_VENDOR)
		heads->vendor = (uint32_t)number;
	else if (part == TOLD_MODEL)
		heads->model = (uint32_t)number;
	else if (part == TOLD_SYSTEM)
		heads->own_guid = number;
	heads->kind = SAYS_HEAD;
	heads->told |= (uint8_t)(part | TOLD_HEAD);
	return true;
}

/* Headings of ibnetdiscover -g. */
static bool is_heading(const struct cursor *line)
{
	return cursor_begins(line, SPAN("Chassis ")) || cursor_begins(line, SPAN("Non-Chassis")) ||
	       cursor_begins(line, SPAN("Hostname:"));
}

/* What the program complains of while it runs: it could not reach something. */
static bool is_complaint(const struct cursor *line)
{
	return cursor_begins(line, SPAN("ibwarn:")) || cursor_begins(line, SPAN("src/")) ||
	       cursor_begins(line, SPAN("ibpanic:")) || cursor_begins(line, SPAN("ibdiag")) ||
	       cursor_begins(line, SPAN("libibnetdisc"));
}

/* Lines that are none of a port. */
static enum said_kind read_other(struct line_said *said, struct cursor *line, const char *piece)
{
	if (*line->at == '#')
		return read_silent(said, *line) ? SAYS_SILENT : SAYS_NOTHING;
	if (cursor_skip_word(line, SPAN("Ca\t")))
		said->why = read_device(said, *line, piece, GRAPH_ADAPTER);
	else if (cursor_skip_word(line, SPAN("Switch\t")))
		said->why = read_device(said, *line, piece, GRAPH_SWITCH);
	else if (cursor_skip_word(line, SPAN("Rt\t")))
		said->why = read_device(said, *line, piece, GRAPH_ROUTER);
	else if (is_complaint(line))
		return SAYS_COMPLAINT;
	else if (is_heading(line))
		return SAYS_NOTHING;
	else {
		said->why = "not a line of ibnetdiscover's text";
		return SAYS_UNKNOWN;
	}
	return SAYS_DEVICE;
}

void line_read(struct cursor text, const char *piece, struct line_said *heads,
	       struct line_said *ret_said)
{
	enum said_kind kind = SAYS_PORT;

	if (text.at < text.end && text.end[-1] == '\r')
		text.end--;
	if (text.at == text.end)
		return;
	if (*text.at == '[')
		ret_said->why = read_port(ret_said, text);
	else if (read_head(text, heads))
		return;
	else
		kind = read_other(ret_said, &text, piece);
	ret_said->kind = (uint8_t)kind;
	ret_said->at = (uint32_t)(text.at - piece);
}
