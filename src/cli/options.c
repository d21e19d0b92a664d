#include "cli/options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/option_rows.h"

enum {
	DRAWS_DEFAULT = 10000,
	DRAWS_MAXIMUM = 1000000,
	SEED_DEFAULT = 1,
	THREADS_MAXIMUM = 256,
	DURATION_MAXIMUM_S = 7 * 86400,
	TIMEOUT_DEFAULT_MS = 2000,
	PORT_DEFAULT = 8080,
	RATE_MAXIMUM = 1000000,
	SLOW_MAXIMUM = 90,
	GBIT_MAXIMUM = 100000,
	SECONDS_PER_DAY = 86400,
};

/* What the parser reads and fills. */
struct parse {
	const struct command *command;
	struct options *options;
};

/* The position of `word` among the names. */
static unsigned choice_of(const char *word, const char *name, const char *const *names,
			  unsigned count, struct argp_state *state)
{
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(word, names[i]) == 0)
			return i;
	}
	argp_error(state, "--%s %s: it is %s, %s or %s", name, word, names[0], names[1],
		   names[count - 1]);
	return 0;
}

static date_t date_of(const char *word, const char *name, struct argp_state *state)
{
	date_t date = DATE_NONE;

	if (!date_parse(span_of(word), &date))
		argp_error(state, "--%s %s: write a day as YYYY-MM-DD", name, word);
	return date;
}

static enum report_format format_of(const char *word, struct argp_state *state)
{
	const struct command *command = ((struct parse *)state->input)->command;
	unsigned formats = command->formats ? command->formats : (1u << FORMAT_JUNIT) - 1;
	SCOPED_TEXT(known);

	for (unsigned i = 0; i < FORMAT_COUNT; i++) {
		if (!(formats & (1u << i)))
			continue;
		if (strcmp(word, report_format_names[i]) == 0)
			return (enum report_format)i;
		text_format(&known, "%s%s", known.length > 0 ? ", " : "", report_format_names[i]);
	}
	argp_error(state, "--format %s: it is one of %s", word, text_string(&known));
	return FORMAT_TABLE;
}

static error_t parse_choice(int key, const char *word, struct argp_state *state)
{
	static const char *const colors[] = { "auto", "always", "never" };
	struct options *options = ((struct parse *)state->input)->options;

	switch (key) {
	case KEY_PROFILE:
		options->profile = word;
		break;
	case KEY_FORMAT:
		options->format = format_of(word, state);
		break;
	case KEY_COLOR:
		options->color = (enum color_choice)choice_of(word, "color", colors, 3, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* "90s", "30m", "8h" or "1h30m"; at most a week. */
static uint64_t seconds_of(const char *word, struct argp_state *state)
{
	uint64_t total = 0;
	const char *at = word;

	while (*at) {
		size_t digits = strspn(at, "0123456789");
		uint64_t number = 0, unit = at[digits] == 'h'   ? 3600
					    : at[digits] == 'm' ? 60
								: at[digits] == 's';

		if (unit == 0 || digits > 7 || !span_to_u64((struct span){ at, digits }, &number))
			break;
		total += number * unit;
		at += digits + 1;
	}
	if (*at || total == 0 || total > DURATION_MAXIMUM_S)
		argp_error(state, "--duration %s: write it as 90s, 30m or 8h; a week is the most",
			   word);
	return total;
}

/* A day means its last second. */
static int64_t moment_of(const char *word, const char *name, struct argp_state *state)
{
	int64_t seconds = 0;
	date_t date = DATE_NONE;

	if (time_parse(span_of(word), &seconds))
		return seconds;
	if (!date_parse(span_of(word), &date))
		argp_error(state, "--%s %s: write a time as YYYY-MM-DDTHH:MM:SSZ, or a day", name,
			   word);
	return ((int64_t)date + 1) * SECONDS_PER_DAY - 1;
}

/* A number above 0 and at most `most`, with a point or without. */
static double decimal_of(const char *word, const char *name, double most, struct argp_state *state)
{
	double value = 0;

	if (!span_to_double(span_of(word), &value) || !(value > 0 && value <= most))
		argp_error(state, "--%s %s: it is a number above 0, %g at most", name, word, most);
	return value;
}

static error_t parse_time(int key, const char *word, struct argp_state *state)
{
	struct options *options = ((struct parse *)state->input)->options;

	switch (key) {
	case KEY_AS_OF:
		options->as_of = date_of(word, "as-of", state);
		break;
	case KEY_OBSERVED:
		options->observed = date_of(word, "observed", state);
		break;
	case KEY_EXPIRES:
		options->expires = date_of(word, "expires", state);
		break;
	case KEY_KNOWN_AT:
		options->known_at = moment_of(word, "known-at", state);
		break;
	case KEY_DURATION:
		options->duration_s = seconds_of(word, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse_number(int key, const char *word, struct argp_state *state)
{
	struct options *options = ((struct parse *)state->input)->options;

	switch (key) {
	case KEY_DRAWS:
		options->draws = (uint32_t)option_number(word, "draws", 0, DRAWS_MAXIMUM, state);
		break;
	case KEY_THREADS:
		options->threads =
			(unsigned)option_number(word, "threads", 1, THREADS_MAXIMUM, state);
		break;
	case KEY_REQUEST_RATE:
		options->rate = (double)option_number(word, "rate", 0, RATE_MAXIMUM, state);
		break;
	case KEY_SLOW:
		options->slow_percent = decimal_of(word, "slow", SLOW_MAXIMUM, state);
		break;
	case KEY_EXPECT:
		options->expected_gbit = decimal_of(word, "expect", GBIT_MAXIMUM, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse_key(int key, char *word, struct argp_state *state)
{
	const struct parse *parse = state->input;
	struct options *options = parse->options;

	if (option_take_plain(key, word, options, state))
		return 0;
	if (key == ARGP_KEY_ARG) {
		if (options->argument_count >= parse->command->arguments_maximum)
			argp_error(state, "'%s' is one argument too many", word);
		options->arguments[options->argument_count++] = word;
		return 0;
	}
	if (key == ARGP_KEY_END) {
		if (options->argument_count < parse->command->arguments_minimum)
			argp_error(state, "an argument is missing; it is: %s",
				   parse->command->arguments);
		return 0;
	}

	error_t result = parse_choice(key, word, state);
	if (result == ARGP_ERR_UNKNOWN)
		result = parse_time(key, word, state);
	if (result == ARGP_ERR_UNKNOWN)
		result = parse_number(key, word, state);
	return result;
}

static bool is_offered(const struct command *command, const struct shared_option *option)
{
	return option->share == 0 || (command->options & option->share) != 0;
}

/* The command's share of the table as argp wants it, in `ret_options`. */
static struct argp make_argp(const struct command *command,
			     struct argp_option ret_options[static OPTION_ROWS_MAXIMUM + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < option_row_count; i++) {
		if (is_offered(command, &option_rows[i]))
			ret_options[count++] = option_rows[i].option;
	}
	ret_options[count] = (struct argp_option){ 0 };
	return (struct argp){
		.options = ret_options,
		.parser = parse_key,
		.args_doc = command->arguments,
		.doc = command->text,
	};
}

static unsigned processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > THREADS_MAXIMUM ? THREADS_MAXIMUM : (unsigned)count;
}

void options_parse(const struct command *command, int count, char **words, struct arena *arena,
		   struct options *ret_options)
{
	struct argp_option offered[OPTION_ROWS_MAXIMUM + 1];
	struct argp argp = make_argp(command, offered);
	struct parse parse = { .command = command, .options = ret_options };

	*ret_options = (struct options){
		.as_of = DATE_NONE,
		.observed = DATE_NONE,
		.expires = DATE_NONE,
		.seed = SEED_DEFAULT,
		.draws = DRAWS_DEFAULT,
		.threads = processors(),
		.timeout_ms = TIMEOUT_DEFAULT_MS,
		.port = command->options & TAKES_SERVE ? PORT_DEFAULT : 0,
		.rate = NAN,
		.evidence = ARENA_ARRAY(arena, const char *, (size_t)count),
		.assignments = ARENA_ARRAY(arena, const char *, (size_t)count),
		.networks = ARENA_ARRAY(arena, const char *, (size_t)count),
		.folders = ARENA_ARRAY(arena, const char *, (size_t)count),
		.fabrics = ARENA_ARRAY(arena, const char *, (size_t)count),
		.imports = ARENA_ARRAY(arena, const char *, (size_t)count),
		.cohort = ARENA_ARRAY(arena, const char *, (size_t)count),
		.arguments = ARENA_ARRAY(arena, const char *, (size_t)count),
	};
	argp_err_exit_status = STATUS_USAGE;
	if (argp_parse(&argp, count, words, 0, NULL, &parse) != 0)
		exit(STATUS_USAGE);
}

void options_list(const struct command *command, struct text *into)
{
	for (size_t i = 0; i < option_row_count; i++) {
		if (is_offered(command, &option_rows[i]))
			text_format(into, "--%s\n", option_rows[i].option.name);
	}
}

void options_help(const struct command *command)
{
	SCOPED_ARENA(arena);
	struct options options;
	char name[64];
	char word[] = "--help";
	char *words[] = { name, word, NULL };

	(void)snprintf(name, sizeof(name), "assay %s", command->name);
	options_parse(command, 2, words, &arena, &options);
}
