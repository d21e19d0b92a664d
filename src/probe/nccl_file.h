/*
 * Files of settings as NCCL itself reads them, which is unlike most: '#' is a comment in the first
 * column only, nothing is trimmed, quotes and what looks like a comment behind the value belong to
 * the value, and of a name that is set twice the first counts. A line that does not do what it
 * seems to is told with what is the matter.
 */
#pragma once

#include "base/span.h"

enum nccl_fault {
	NCCL_NO_VALUE,        /* no '=': the line is skipped */
	NCCL_EXPORT,          /* "export " is taken for a part of the name */
	NCCL_BLANK_IN_NAME,   /* the blank is a part of the name: nothing reads it */
	NCCL_COMMENTED,       /* '#' behind blanks is no comment: a strange name is set */
	NCCL_FOREIGN,         /* the name is not one of NCCL's */
	NCCL_QUOTED,          /* quotes are a part of the value */
	NCCL_BLANK_AROUND,    /* a blank before or behind the value is a part of it */
	NCCL_COMMENT_BEHIND,  /* what looks like a comment is a part of the value */
	NCCL_CARRIAGE_RETURN, /* the line ends as on Windows: the value does too */
	NCCL_CUT,             /* longer than NCCL keeps: the rest is lost */
	NCCL_FAULT_COUNT,
};

enum {
	NCCL_NAME_MAXIMUM = 1023, /* bytes of a name or value that NCCL keeps */
};

extern const char *const nccl_fault_words[NCCL_FAULT_COUNT]; /* "blank-in-name" */

struct nccl_file {
	struct span rest;
	unsigned line; /* of what was read last, from 1 */
};

struct nccl_line {
	struct span name;  /* as NCCL takes it */
	struct span value; /* the same; empty with NCCL_NO_VALUE */
	struct span meant; /* the name that was meant: without "export", '#' and blanks */
	unsigned faults;   /* bit n: enum nccl_fault n */
	bool is_number;    /* the value is a number for NCCL, in spite of what is around it */
};

/* The next line that is no comment and not empty; false at the end. */
bool nccl_file_next(struct nccl_file *file, struct nccl_line *ret_line);
