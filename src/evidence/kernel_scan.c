#include <string.h>

#include "evidence/kernel_line.h"

/* Most lines are of no interest. So the message is found first, by as little of the header as shows
 * where it begins, and the rest of the header is read only of a line that is. */

enum {
	HEADER_MAXIMUM = 128, /* of a record of /dev/kmsg, up to its ';' */
	STAMP_MAXIMUM = 40,   /* "[   12.345678] ", a date in brackets, an ISO time */
	USUAL_STAMP = sizeof("[   12.345678]") - 1,
	DATE_LENGTH = 24, /* "Mon Apr  6 07:25:23 2026" */
	LEVEL_WIDTH = 6,  /* to which dmesg fills up the names of facilities and levels */
	LEVEL_MASK = 7,
	LEVEL_UNKNOWN = 7,
	FACILITY_SHIFT = 3,
	FACILITY_MAXIMUM = 127,
};

static const char *const facility_names[] = {
	"kern", "user", "mail", "daemon", "auth",     "syslog",
	"lpr",  "news", "uucp", "cron",   "authpriv", "ftp",
};

static const char *const level_names[] = {
	"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug",
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct span behind(struct span text, size_t count)
{
	return (struct span){ text.at + count, text.length - count };
}

static size_t at_most(size_t length, size_t maximum)
{
	return length < maximum ? length : maximum;
}

/* How long the text is up to and with `mark`, when that is near; else 0. */
static size_t length_with(struct span text, char mark, size_t near)
{
	const char *found = memchr(text.at, mark, at_most(text.length, near));

	return found ? (size_t)(found - text.at) + 1 : 0;
}

/* Where what stands before a message ends: at 0 when nothing does. These look at marks alone;
 * read_header() later says whether it is what it looked like. */

static size_t stamp_length(struct span text)
{
	size_t length = USUAL_STAMP;

	if (text.length < 3 || text.at[0] != '[')
		return 0;
	/* Saves a search in most lines. */
	if (text.length < length || text.at[length - 1] != ']')
		length = length_with(text, ']', STAMP_MAXIMUM);
	if (length == 0 ||
	    (text.at[1] != ' ' && !is_digit(text.at[1]) && length != DATE_LENGTH + 2))
		return 0;
	if (length < text.length && text.at[length] == '[')
		length += length_with(behind(text, length), ']', STAMP_MAXIMUM);
	return length < text.length && text.at[length] == ' ' ? length + 1 : length;
}

static bool is_iso_time(struct span text)
{
	return text.length > 11 && text.at[4] == '-' && text.at[7] == '-' && text.at[10] == 'T';
}

static size_t time_length(struct span text)
{
	if (text.length > 0 && is_digit(text.at[0]))
		return is_iso_time(text) ? length_with(text, ' ', STAMP_MAXIMUM) : 0;
	return stamp_length(text);
}

/* "kern  :warn  : " */
static size_t names_length(struct span text)
{
	const size_t widths[] = { LEVEL_WIDTH, sizeof("authpriv") - 1 };

	if (text.length == 0 || text.at[0] < 'a' || text.at[0] > 'z')
		return 0;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		size_t level = widths[i] + 1, end = level + LEVEL_WIDTH;

		if (text.length >= end + 2 && text.at[level - 1] == ':' && text.at[end] == ':' &&
		    text.at[end + 1] == ' ')
			return end + 2;
	}
	return 0;
}

/* "<4>" and "<30>" */
static size_t priority_length(struct span text)
{
	if (text.length > 3 && text.at[2] == '>')
		return 3;
	return length_with(text, '>', sizeof("<1023>") - 1);
}

static size_t header_length(struct span line)
{
	size_t length;

	if (is_digit(line.at[0]) && !is_iso_time(line))
		return length_with(line, ';', HEADER_MAXIMUM);
	length = line.at[0] == '<' ? priority_length(line) : names_length(line);
	return length + time_length(behind(line, length));
}

static void set_priority(struct kernel_line *line, uint64_t priority)
{
	line->level = (unsigned)(priority & LEVEL_MASK);
	priority >>= FACILITY_SHIFT;
	line->facility = priority < FACILITY_MAXIMUM ? (unsigned)priority : FACILITY_MAXIMUM;
}

/* Takes "1234," off the text. A header has no number of more digits. */
static bool cut_number(struct span *text, uint64_t *ret_number)
{
	enum {
		DIGITS_MAXIMUM = 18,
	};
	uint64_t number = 0;
	size_t i = 0;

	for (; i < text->length && is_digit(text->at[i]); i++)
		number = number * 10 + (uint64_t)(text->at[i] - '0');
	if (i == 0 || i > DIGITS_MAXIMUM || i == text->length || text->at[i] != ',')
		return false;
	*ret_number = number;
	*text = behind(*text, i + 1);
	return true;
}

/* "4,1234,5678901,-,caller=T1;" */
static bool read_record_header(struct span header, struct kernel_line *line)
{
	uint64_t priority, time;

	if (!cut_number(&header, &priority) || !cut_number(&header, &line->sequence) ||
	    !cut_number(&header, &time))
		return false;
	set_priority(line, priority);
	line->boot_us = (int64_t)time;
	return true;
}

static bool find_name(const char *const *names, size_t count, struct span name, unsigned *ret_index)
{
	for (size_t i = 0; i < count; i++) {
		if (!span_is(name, names[i]))
			continue;
		*ret_index = (unsigned)i;
		return true;
	}
	return false;
}

static bool read_names(struct span names, struct kernel_line *line)
{
	struct span facility, level;

	return span_cut(&names, ':', &facility) && span_cut(&names, ':', &level) &&
	       find_name(facility_names, sizeof(facility_names) / sizeof(facility_names[0]),
			 span_trim(facility), &line->facility) &&
	       find_name(level_names, sizeof(level_names) / sizeof(level_names[0]),
			 span_trim(level), &line->level);
}

/* "[   12.345678] ", behind the number perhaps "[    T1]", the thread or processor that spoke. */
static bool read_stamp(struct span stamp, struct kernel_line *line)
{
	struct span inside, seconds;
	uint64_t whole, part;

	stamp = behind(stamp, 1);
	if (!span_cut(&stamp, ']', &inside))
		return false;
	if (inside.length == DATE_LENGTH && inside.at[3] == ' ' && inside.at[7] == ' ')
		return true;
	inside = span_trim(inside);
	if (!span_cut(&inside, '.', &seconds) || seconds.length > 12 || inside.length != 6 ||
	    !span_to_u64(seconds, &whole) || !span_to_u64(inside, &part))
		return false;
	line->boot_us = (int64_t)(whole * 1000000 + part);
	return true;
}

/* Reads all that stands before the message; false when it is not what it looked like. */
static bool read_header(struct span header, struct kernel_line *line)
{
	size_t length = 0;

	if (header.length == 0)
		return true;
	if (is_digit(header.at[0]) && !is_iso_time(header))
		return read_record_header(header, line);
	if (header.at[0] == '<') {
		struct span number = behind(header, 1);
		uint64_t priority;

		length = length_with(header, '>', header.length);
		number.length = length - 2;
		if (!span_to_u64(number, &priority))
			return false;
		set_priority(line, priority);
	} else if (names_length(header) > 0) {
		length = names_length(header);
		if (!read_names(header, line))
			return false;
	}
	header = behind(header, length);
	return header.length == 0 || header.at[0] != '[' || read_stamp(header, line);
}

static void scan_line(const struct kernel_scan *scan, struct span text)
{
	struct kernel_line line = { .boot_us = -1, .level = LEVEL_UNKNOWN };
	size_t length;

	if (text.length > 0 && text.at[text.length - 1] == '\r')
		text.length--;
	/* A record's further lines, as " SUBSYSTEM=pci", begin with a blank. */
	if (text.length == 0 || text.at[0] == ' ')
		return;
	length = header_length(text);
	line.message = behind(text, length);
	line.topic = kernel_topic(line.message);
	if (line.topic == KERNEL_OTHER || !read_header((struct span){ text.at, length }, &line))
		return;
	if (line.facility == 0 || scan->trust_user_space)
		scan->found(scan->context, &line);
}

size_t kernel_scan(const struct kernel_scan *scan, struct span log)
{
	size_t used = 0;

	while (used < log.length) {
		const char *at = log.at + used;
		const char *newline = memchr(at, '\n', log.length - used);
		size_t length = newline ? (size_t)(newline - at) : log.length - used;

		if (!newline && !scan->is_end)
			break;
		scan_line(scan, (struct span){ at, at_most(length, KERNEL_LINE_MAXIMUM) });
		used += length + (newline ? 1 : 0);
	}
	return used;
}
