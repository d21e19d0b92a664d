/*
 * Lines of configuration files: without comments, blanks around them and carriage returns, those
 * that go on joined. What is read is bounded; bytes of any kind come through as they are.
 */
#pragma once

#include "host/system.h"

enum conf_form {
	CONF_COMMENT_ANYWHERE = 1 << 0,     /* '#' ends the line wherever it stands, but for "\#" */
	CONF_COMMENT_BEHIND_BLANK = 1 << 1, /* '#' ends the line where a blank is before it */
	CONF_USER_NUMBERS = 1 << 2,         /* '#' before a digit is no comment: sudoers */
	CONF_JOINED_FIRST = 1 << 3, /* '\' at the end joins the next line, of comments too */
	CONF_JOINED = 1 << 4,       /* the same, but a comment ends with its line */
};

struct conf {
	struct span rest;
	unsigned form; /* enum conf_form; in each form a line that begins with '#' is a comment */
	struct arena *arena; /* for joined lines */
};

enum {
	CONF_FILE_MAXIMUM = 256 << 10,
	CONF_FILES_MAXIMUM = 256, /* that are read from one folder */
	CONF_LINE_MAXIMUM = 8192, /* of a joined line; what is beyond is left out */
};

/* The next line with anything in it; false at the end. */
bool conf_next(struct conf *conf, struct span *ret_line);

/* Cuts off the next word; blanks inside double or single quotes do not end it, and quotes around
 * the whole word are left out. False when there is none. */
bool conf_word(struct span *rest, struct span *ret_word);

/* "KEY = VALUE" without blanks and quotes around the value; false without '=' or key. */
bool conf_pair(struct span line, struct span *ret_key, struct span *ret_value);

/* Equal but for the case of ASCII letters. */
bool conf_same(struct span a, const char *word);

/* True when the whole of it is letters, digits and "_.-", and not longer than 64 bytes. */
bool conf_is_name(struct span name);

/* Files that are read one after the other for one question. */
struct conf_files {
	const struct host *host;
	struct arena *arena;
	unsigned count; /* files that were read */
	const char
		*why; /* why the first was not that could not be; NULL when all there are could */
};

typedef void conf_reader(void *context, const char *path, struct span text);

/* Hands the file's text to the reader. A file that is not there is no fault; false then, and when
 * it could not be read. */
bool conf_file(struct conf_files *files, const char *path, conf_reader *reader, void *context);

/* The same for each file of the folder whose name ends with the suffix ("" for all), by the order
 * of their names; those that begin with a point or end with '~' are left out. */
void conf_folder(struct conf_files *files, const char *folder, const char *suffix,
		 conf_reader *reader, void *context);
