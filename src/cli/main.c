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
	&command_rate,
	&command_explain,
	&command_compare,
	&command_criteria,
	&command_evidence,
	&command_report,
	&command_check,
	&command_test,
	&command_inventory,
	&command_capture,
	&command_agent,
	&command_fabric_discover,
	&command_fabric_describe,
	&command_fabric_topology,
	&command_fabric_lint,
	&command_fabric_neighbours,
	&command_fabric_nccl,
	&command_fabric_isolation,
	&command_fabric_locate,
	&command_market_import,
	&command_market_list,
	&command_market_index,
	&command_market_trend,
	&command_market_effective,
	&command_market_evidence,
	&command_model_ownership,
	&command_model_rental,
	&command_model_goodput,
	&command_model_training,
	&command_advise,
	&command_feedback_questions,
	&command_feedback_check,
	&command_feedback_aggregate,
	&command_store,
	&command_serve,
	&command_push,
	&command_enrol,
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]),
};

/* Never NULL. */
static const struct command *command_at(size_t place)
{
	const struct command *command = commands[place];

	assert(command);
	return command;
}

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

/* The command that the words name, "rate" or "market" "import", and how many of them do; NULL when
 * none does. */
static const struct command *find(int count, char **words, int *ret_taken)
{
	SCOPED_TEXT(pair);

	text_format(&pair, "%s %s", count > 0 ? words[0] : "", count > 1 ? words[1] : "");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		bool whole = count > 1 && strcmp(command_at(i)->name, text_string(&pair)) == 0;

		if (whole || (count > 0 && strcmp(command_at(i)->name, words[0]) == 0)) {
			*ret_taken = whole ? 2 : 1;
			return command_at(i);
		}
	}
	return NULL;
}

/* Whether the word begins the names of several commands. */
static bool is_family(const char *word, const struct command *command)
{
	size_t length = strlen(word);

	return strncmp(command->name, word, length) == 0 && command->name[length] == ' ';
}

static const char *first_of_family(const char *word)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (is_family(word, command_at(i)))
			return command_at(i)->name;
	}
	return "";
}

/* The commands of the family a line each; false when the word names none. */
static bool list_family(const char *word, struct text *into)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (is_family(word, command_at(i)))
			text_format(into, "  %-17s %s\n", command_at(i)->name,
				    command_at(i)->summary);
	}
	return into->length > 0;
}

/* One line that names the nearest command. */
static int refuse(int count, char **words)
{
	const struct command *nearest = command_at(0);
	SCOPED_TEXT(family);
	SCOPED_TEXT(given);

	text_add(&given, words[0]);
	if (list_family(words[0], &family) && count > 1)
		text_format(&given, " %s", words[1]);
	if (family.length > 0 && count < 2) {
		(void)fprintf(
			stderr,
			"assay: '%s' needs one more word, as '%s'; `assay help %s` lists them\n",
			words[0], first_of_family(words[0]), words[0]);
		return STATUS_USAGE;
	}

	const char *name = text_string(&given);

	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		size_t edits = span_distance(span_of(name), span_of(command_at(i)->name));

		if (edits < span_distance(span_of(name), span_of(nearest->name)))
			nearest = command_at(i);
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
		text_format(&text, "  %-17s %s\n", command_at(i)->name, command_at(i)->summary);
	text_add(&text, "\n`assay help COMMAND` says more, `man assay-COMMAND` most. "
			"Start with: assay rate\n");
	return print_text(&text);
}

/* help, help COMMAND, help --list, help --options COMMAND */
static int help(int count, char **words)
{
	bool options = count > 1 && strcmp(words[1], "--options") == 0;
	char **name = words + (options ? 2 : 1);
	int name_count = count - (int)(name - words);
	int taken = 0;
	const struct command *command = find(name_count, name, &taken);
	SCOPED_TEXT(text);

	if (name_count < 1 || strcmp(name[0], "help") == 0)
		return print_overview();
	if (strcmp(name[0], "--list") == 0) {
		for (size_t i = 0; i < COMMAND_COUNT; i++)
			text_format(&text, "%s\n", command_at(i)->name);
		return print_text(&text);
	}
	if (!command && name_count == 1 && list_family(name[0], &text))
		return print_text(&text);
	if (!command)
		return refuse(name_count, name);
	if (options) {
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

	int taken = 0;
	const struct command *command = find(count - 1, words + 1, &taken);
	SCOPED_TEXT(family);
	char name[64];

	if (!command && count > 2 && strcmp(words[2], "--help") == 0 &&
	    list_family(words[1], &family))
		return print_text(&family);
	if (!command)
		return refuse(count - 1, words + 1);
	(void)snprintf(name, sizeof(name), "assay %s", command->name);
	words[taken] = name;
	return run_command(command, count - taken, words + taken);
}
