/*
 * A subcommand: a row of the table in main.c and a file of its own. It adds what it has to say to
 * a text, which main prints once at the end, so that an error leaves no half an answer.
 */
#pragma once

#include "cli/options.h"
#include "host/file.h"

enum {
	STATUS_GOOD = 0,
	STATUS_FAILS = 1,   /* findings that fail */
	STATUS_UNKNOWN = 2, /* could not tell */
	STATUS_USAGE = 64,
	STATUS_DATA = 65,
	STATUS_MISSING = 66,
	STATUS_INTERNAL = 70,
	STATUS_OUTPUT = 74,
	STATUS_ERROR = -1, /* `err` says what; main prints it and maps its code */
};

/* What a command works with. */
struct session {
	const struct host *host;
	const struct options *options;
	struct arena *arena;
	struct text *output;
};

struct command {
	const char *name;      /* one word, or two of a family: "market import" */
	const char *arguments; /* "PROVIDER [CRITERION]" */
	const char *summary;   /* one line of `assay help` */
	const char *text;      /* a paragraph of `assay help COMMAND` */
	uint64_t options;      /* enum option_share */
	unsigned formats;      /* bit n: --format takes enum report_format n; 0: the first four */
	unsigned arguments_minimum, arguments_maximum;
	int (*run)(const struct session *session, struct error *err);
};

extern const struct command command_rate, command_explain, command_compare, command_criteria,
	command_evidence, command_report, command_check, command_inventory, command_capture,
	command_agent, command_market_import, command_market_list, command_market_index,
	command_market_trend, command_market_effective, command_market_evidence,
	command_model_ownership, command_model_rental, command_model_goodput,
	command_model_training, command_advise, command_test, command_store, command_serve,
	command_push, command_enrol, command_feedback_questions, command_feedback_check,
	command_feedback_aggregate, command_fabric_discover, command_fabric_describe,
	command_fabric_topology, command_fabric_lint, command_fabric_neighbours,
	command_fabric_nccl, command_fabric_isolation, command_fabric_locate;

/* The line on standard error of a command that goes on: "assay: …"; nothing with --quiet. */
void session_note(const struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
