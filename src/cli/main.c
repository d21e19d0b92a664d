#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

enum {
	OUTPUT_MAXIMUM = 1 << 30,
};

static const struct command *const commands[] = {
	&command_rate,   &command_explain, &command_compare,   &command_criteria, &command_evidence,
	&command_report, &command_check,   &command_inventory, &command_capture,  &command_agent,
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]),
};

/* The exit status of an error. */
static const int statuses[] = {
	[ERROR_NONE] = STATUS_INTERNAL,   [ERROR_IO] = STATUS_OUTPUT,
	[ERROR_PARSE] = STATUS_DATA,      [ERROR_INVALID] = STATUS_DATA,
	[ERROR_MISSING] = STATUS_MISSING, [ERROR_UNSUPPORTED] = STATUS_DATA,
	[ERROR_LIMIT] = STATUS_DATA,      [ERROR_CONFLICT] = STATUS_DATA,
};
static_assert(sizeof(statuses) / sizeof(statuses[0]) == ERROR_CODE_COUNT, "a status for each code");

void session_note(const struct session *session, const char *format, ...)
{
	va_list args;

	if (session->options->quiet)
		return;
	va_start(args, format);
	(void)fputs("assay: ", stderr);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
}

static void print_error(const struct error *err)
{
	(void)fprintf(stderr, "assay: %s\n", err->text);
}

/* Writes all of it to standard output. */
static bool print(struct span text, struct error *err)
{
	while (text.length > 0) {
		ssize_t written = write(STDOUT_FILENO, text.at, text.length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return fail(err, ERROR_IO, "writing to standard output: %s",
				    strerror(errno));
		text.at += written;
		text.length -= (size_t)written;
	}
	return true;
}

static bool deliver(const struct session *session, struct error *err)
{
	if (session->output->overflowed)
		return fail(err, ERROR_LIMIT, "the output is longer than %d bytes; ask for less",
			    OUTPUT_MAXIMUM);
	if (session->options->output)
		return host_write(session->host, session->options->output,
				  text_span(session->output), err);
	return print(text_span(session->output), err);
}

static int run_command(const struct command *command, int count, char **words)
{
	SCOPED_ARENA(arena);
	struct text output = { .maximum = OUTPUT_MAXIMUM };
	const struct host host = { 0 };
	struct options options;
	const struct session session = {
		.host = &host, .options = &options, .arena = &arena, .output = &output
	};
	struct error err = { 0 };
	struct error broken = { 0 };

	options_parse(command, count, words, &arena, &options);
	int status = command->run(&session, &err);
	if (status != STATUS_ERROR && status != STATUS_USAGE && !deliver(&session, &broken)) {
		print_error(&broken);
		status = statuses[broken.code];
	} else if (err.code != ERROR_NONE) {
		print_error(&err);
		if (status == STATUS_ERROR)
			status = statuses[err.code];
	}
	text_release(&output);
	return status;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

/* One line that names the nearest command. */
static int refuse(const char *name)
{
	const struct command *nearest = commands[0];

	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		size_t edits = span_distance(span_of(name), span_of(commands[i]->name));

		if (edits < span_distance(span_of(name), span_of(nearest->name)))
			nearest = commands[i];
	}
	(void)fprintf(stderr,
		      "assay: there is no command '%s'; the nearest is '%s', and `assay help` "
		      "lists them\n",
		      name, nearest->name);
	return STATUS_USAGE;
}

static int print_text(struct text *text)
{
	struct error err = { 0 };
	bool done = print(text_span(text), &err);

	if (!done)
		print_error(&err);
	return done ? STATUS_GOOD : STATUS_OUTPUT;
}

static int print_overview(void)
{
	SCOPED_TEXT(text);

	text_add(&text, "assay rates GPU clouds from evidence, by a published rule.\n\n"
			"usage: assay COMMAND [OPTION...] [ARGUMENT...]\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		text_format(&text, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	text_add(&text, "\n`assay help COMMAND` says more, `man assay-COMMAND` most. "
			"Start with: assay rate\n");
	return print_text(&text);
}

/* help, help COMMAND, help --list, help --options COMMAND */
static int help(int count, char **words)
{
	const char *first = count > 1 ? words[1] : "";
	const char *name = strcmp(first, "--options") == 0 && count > 2 ? words[2] : first;
	const struct command *command = find(name);
	SCOPED_TEXT(text);

	if (count < 2 || strcmp(first, "help") == 0)
		return print_overview();
	if (strcmp(first, "--list") == 0) {
		for (size_t i = 0; i < COMMAND_COUNT; i++)
			text_format(&text, "%s\n", commands[i]->name);
		return print_text(&text);
	}
	if (!command)
		return refuse(name);
	if (strcmp(first, "--options") == 0) {
		options_list(command, &text);
		return print_text(&text);
	}
	options_help(command);
	return STATUS_GOOD;
}

static int print_version(void)
{
	SCOPED_TEXT(text);

	text_add(&text, "assay " ASSAY_VERSION "\n");
	return print_text(&text);
}

int main(int count, char **words)
{
	if (count < 2) {
		(void)print_overview();
		return STATUS_USAGE;
	}
	if (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0)
		return print_overview();
	if (strcmp(words[1], "--version") == 0)
		return print_version();
	if (strcmp(words[1], "help") == 0)
		return help(count - 1, words + 1);

	const struct command *command = find(words[1]);
	char name[64];
	if (!command)
		return refuse(words[1]);
	(void)snprintf(name, sizeof(name), "assay %s", command->name);
	words[1] = name;
	return run_command(command, count - 1, words + 1);
}
