/*
 * Lines of the kernel log that a table of words turns into findings: one a device and rule, and one
 * pass when no line asks for anything and the log was read.
 */
#pragma once

#include "check/check.h"

struct log_rule {
	const char *word;     /* stands in the line, in either case of letters; "" always does */
	const char *too;      /* stands in it as well; NULL for none */
	enum verdict verdict; /* PASS: the line is nobody's concern */
	const char *meaning;  /* "the firmware did not answer a command" */
	const char *action;
};

struct log_rules {
	enum measure topic;
	const struct log_rule *items; /* of those that fit a line the first counts */
	size_t count;
	const char *well; /* "no message of a network adapter about firmware, heat or power" */
};

/* Adds a finding for each device and rule that does not pass, with how often, the newest line and
 * what it means; then the pass, or UNKNOWN when the log could not be read. */
void log_rules_judge(const struct log_rules *rules, const struct check_input *seen,
		     struct findings *found);

/* The lines only: returns how many do not pass, and adds their findings. */
size_t log_rules_judge_lines(const struct log_rules *rules, const struct check_input *seen,
			     struct findings *found);

/* The rule that the line falls under; NULL when none fits. */
const struct log_rule *log_rules_find(const struct log_rules *rules, const char *line);
