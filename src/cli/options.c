#include "cli/options.h"

#include <argp.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

enum {
	DRAWS_DEFAULT = 10000,
	DRAWS_MAXIMUM = 1000000,
	SEED_DEFAULT = 1,
	THREADS_MAXIMUM = 256,
	INTERVAL_MAXIMUM_S = 86400,
	DAYS_MAXIMUM = 3660,
	DURATION_MAXIMUM_S = 7 * 86400,
	RANKS_MAXIMUM = 1 << 16,
	TIMEOUT_DEFAULT_MS = 2000,
	PORT_DEFAULT = 8080,
	RATE_MAXIMUM = 1000000,
	TIMEOUT_MAXIMUM_MS = 600000,
	SECONDS_PER_DAY = 86400,
};

enum option_key {
	KEY_STANDARD = 0x100,
	KEY_EVIDENCE,
	KEY_PROFILE,
	KEY_AS_OF,
	KEY_SEED,
	KEY_DRAWS,
	KEY_THREADS,
	KEY_FORMAT,
	KEY_AGAINST,
	KEY_COLOR,
	KEY_LINT,
	KEY_PROVIDER,
	KEY_CRITERION,
	KEY_TO,
	KEY_OUTPUT,
	KEY_QUIET,
	KEY_ROOT,
	KEY_GOLDEN,
	KEY_BUNDLE,
	KEY_KEY,
	KEY_NONCE,
	KEY_PRODUCT,
	KEY_REGION,
	KEY_GPU,
	KEY_CLUSTER,
	KEY_NODE,
	KEY_INTERVAL,
	KEY_TIMEOUT,
	KEY_ALL,
	KEY_LIST,
	KEY_TRUST,
	KEY_PROGRAMS,
	KEY_CONFIG,
	KEY_SOURCE,
	KEY_RATES,
	KEY_OBSERVED,
	KEY_REFUSED,
	KEY_SERIES,
	KEY_RESTATE,
	KEY_PRESET,
	KEY_FORM,
	KEY_RENTAL,
	KEY_TERM,
	KEY_TIER,
	KEY_METHOD,
	KEY_GPUS,
	KEY_HOURS,
	KEY_DEADLINE,
	KEY_MINIMUM_GRADE,
	KEY_MARKET,
	KEY_NEED,
	KEY_EFFECTIVE,
	KEY_SET,
	KEY_NETWORK,
	KEY_WINDOW,
	KEY_STEP,
	KEY_CONSENT,
	KEY_DURATION,
	KEY_FOLDER,
	KEY_BUCKET,
	KEY_PEER,
	KEY_COMMANDS,
	KEY_MEET,
	KEY_RANK,
	KEY_RANKS,
	KEY_HEAT_LIMIT,
	KEY_SAMPLES,
	KEY_CLAIMS,
	KEY_IMPORT,
	KEY_COHORT,
	KEY_RECORDS,
	KEY_STORE,
	KEY_ADDRESS,
	KEY_PORT,
	KEY_TLS_MAKE,
	KEY_TLS_CERTIFICATE,
	KEY_TLS_KEY,
	KEY_REQUEST_RATE,
	KEY_PATIENCE,
	KEY_LOG_REQUESTS,
	KEY_URL,
	KEY_TOKEN_FILE,
	KEY_IDENTITY,
	KEY_PIN,
	KEY_CODE,
	KEY_KNOWN_AT,
	KEY_PUBLISH,
	KEY_STREAM,
	KEY_PARTY,
	KEY_SCOPE,
	KEY_EXPIRES,
};

struct shared_option {
	uint64_t share; /* 0: of every command */
	struct argp_option option;
};

#define OPTION(in_share, in_key, in_name, in_argument, in_text) \
	{                                                       \
		.share = (in_share), .option = {                \
			.name = (in_name),                      \
			.key = (in_key),                        \
			.arg = (in_argument),                   \
			.doc = (in_text)                        \
		}                                               \
	}

static const struct shared_option shared_options[] = {
	OPTION(TAKES_STANDARD, KEY_STANDARD, "standard", "DIR",
	       "Take the standard from this folder"),
	OPTION(TAKES_EVIDENCE, KEY_EVIDENCE, "evidence", "PATH",
	       "Take records from this file or folder instead of the installed ones; repeatable"),
	OPTION(TAKES_STORE | TAKES_SERVE, KEY_STORE, "store", "WHERE",
	       "The store: a file, or postgresql://... (default: $ASSAY_STORE)"),
	OPTION(TAKES_STORE, KEY_KNOWN_AT, "known-at", "TIME",
	       "Take what the store knew at this time, or at the end of this day"),
	OPTION(TAKES_AGAINST, KEY_PUBLISH, "publish", NULL,
	       "Append the league table to the store that it was rated from"),
	OPTION(TAKES_KEEPING, KEY_STREAM, "stream", "NAME",
	       "What imported records are: evidence (default) or nodes"),
	OPTION(TAKES_KEEPING, KEY_PARTY, "party", "NAME",
	       "Who gives what is imported, or whom a token or a code is for"),
	OPTION(TAKES_KEEPING, KEY_SCOPE, "scope", "LIST",
	       "What a token may do: push, nodes, feedback, moderate, admin"),
	OPTION(TAKES_KEEPING, KEY_EXPIRES, "expires", "DATE",
	       "The day on whose beginning a token ends"),
	OPTION(TAKES_KEEPING, KEY_DURATION, "duration", "TIME",
	       "How long a code is good: 30m, 8h (default: 1h)"),
	OPTION(TAKES_KEEPING, KEY_TO, "to", "FILE", "Export to this file, whole or not at all"),
	OPTION(TAKES_RATING, KEY_AS_OF, "as-of", "DATE",
	       "Rate with what was known on this day (default: the day of the newest record)"),
	OPTION(TAKES_RATING, KEY_PROFILE, "profile", "NAME",
	       "Ask only what concerns this use (default: all criteria)"),
	OPTION(TAKES_QUOTES, KEY_SOURCE, "source", "NAME",
	       "The form of the files (default: told from their first bytes)"),
	OPTION(TAKES_QUOTES, KEY_RATES, "rates", "FILE",
	       "Take exchange rates from this table instead of the installed one"),
	OPTION(TAKES_QUOTES, KEY_OBSERVED, "observed", "DATE",
	       "Take this day for rows that do not say when, in files whose path does not either"),
	OPTION(TAKES_QUOTES, KEY_AS_OF, "as-of", "DATE",
	       "Take this day for today: later rows are of the future (default: today)"),
	OPTION(TAKES_IMPORT, KEY_TO, "to", "FILE",
	       "Write the quotes to this file of CSV, whole or not at all"),
	OPTION(TAKES_IMPORT, KEY_REFUSED, "refused", "FILE",
	       "List every row that was refused, and why, in this file of CSV"),
	OPTION(TAKES_KEY, KEY_GPU, "gpu", "NAME", "Of this GPU alone: h100, b200, a100 ..."),
	OPTION(TAKES_KEY, KEY_FORM, "form", "NAME",
	       "Of this form alone: sxm, pcie, nvl, oam, nvl72, superchip or unknown"),
	OPTION(TAKES_KEY, KEY_RENTAL, "rental", "NAME",
	       "Of this rental model alone: on-demand, spot, contract or serverless"),
	OPTION(TAKES_KEY, KEY_TERM, "term", "MONTHS", "Contracts of this length alone"),
	OPTION(TAKES_KEY, KEY_TIER, "tier", "NAME",
	       "Of this kind of provider alone: hyperscaler, neocloud or marketplace"),
	OPTION(TAKES_KEY, KEY_PROVIDER, "provider", "NAME", "Of this provider alone"),
	OPTION(TAKES_KEY, KEY_PRODUCT, "product", "NAME", "Of this product alone"),
	OPTION(TAKES_KEY, KEY_REGION, "region", "NAME", "Of this region alone"),
	OPTION(TAKES_INDEX, KEY_METHOD, "method", "NAME", "The estimator; see the manual page"),
	OPTION(TAKES_INDEX, KEY_WINDOW, "window", "DAYS", "Days that a value looks back"),
	OPTION(TAKES_INDEX, KEY_STEP, "step", "DAYS", "Days from one value to the next"),
	OPTION(TAKES_SERIES, KEY_SERIES, "series", "FILE",
	       "Append the values to this file; what it holds is never changed"),
	OPTION(TAKES_SERIES, KEY_RESTATE, "restate", "REASON",
	       "Put a value that differs from the one that stands beside it, with this reason"),
	OPTION(TAKES_MODEL, KEY_PRESET, "preset", "NAME",
	       "Start from these installed parameters; `list` lists them"),
	OPTION(TAKES_MODEL, KEY_SET, "set", "NAME=VALUE",
	       "Set one parameter, to a number or a range LOW..HIGH; repeatable"),
	OPTION(TAKES_NETWORK, KEY_NETWORK, "network", "NAME",
	       "Compare this network with the usual one; given twice, the first with the second"),
	OPTION(TAKES_NEED, KEY_GPUS, "gpus", "N", "GPUs that the job needs at once"),
	OPTION(TAKES_NEED, KEY_GPU, "gpu", "NAME", "The GPU it needs"),
	OPTION(TAKES_NEED, KEY_HOURS, "hours", "H", "Useful hours of all GPUs that the work takes"),
	OPTION(TAKES_NEED, KEY_DEADLINE, "deadline", "H",
	       "Hours from its start to its end at most"),
	OPTION(TAKES_NEED, KEY_REGION, "region", "NAME", "The region it has to be in"),
	OPTION(TAKES_NEED, KEY_MINIMUM_GRADE, "minimum-grade", "GRADE",
	       "The grade that a provider must hold"),
	OPTION(TAKES_SITE, KEY_NEED, "need", "FILE",
	       "Show what the job in this file costs by rental model"),
	OPTION(TAKES_SITE, KEY_EFFECTIVE, "effective", "FILE",
	       "Show what the quotes in this file are worth"),
	OPTION(TAKES_SITE, KEY_MARKET, "market", "FILE",
	       "Show the trend of the quotes of this file or folder"),
	OPTION(TAKES_NEED | TAKES_SERVE, KEY_MARKET, "market", "FILE",
	       "Choose among the quotes of this file or folder"),
	OPTION(TAKES_RATING | TAKES_DRAWS, KEY_DRAWS, "draws", "N",
	       "Draws of the Monte Carlo run; 0 for none (default: 10000)"),
	OPTION(TAKES_RATING | TAKES_DRAWS, KEY_SEED, "seed", "N", "Seed of the draws (default: 1)"),
	OPTION(TAKES_RATING | TAKES_DRAWS, KEY_THREADS, "threads", "N",
	       "Threads to use; the result does not depend on it (default: all processors)"),
	OPTION(TAKES_RIVAL, KEY_AGAINST, "against", "GPU",
	       "Say what the price would have to be to do the work of this GPU at its cost"),
	OPTION(TAKES_AGAINST, KEY_AGAINST, "against", "FILE",
	       "Show the agreement with the published grades in this file instead"),
	OPTION(TAKES_LINT, KEY_LINT, "lint", NULL, "Say what is wrong with the standard instead"),
	OPTION(TAKES_RECORDS, KEY_PROVIDER, "provider", "NAME", "Only records about this provider"),
	OPTION(TAKES_RECORDS, KEY_CRITERION, "criterion", "ID", "Only records on this criterion"),
	OPTION(TAKES_TO, KEY_TO, "to", "FILE", "The file of JSON Lines that records are added to"),
	OPTION(TAKES_FORMAT | TAKES_TABLE_FORMAT, KEY_FORMAT, "format", "FORM",
	       "table (default), json, csv or markdown"),
	OPTION(TAKES_CHECK_FORMAT, KEY_FORMAT, "format", "FORM",
	       "table (default), json, junit, prometheus or nagios"),
	OPTION(TAKES_PLAIN_FORMAT, KEY_FORMAT, "format", "FORM", "table (default), json or jsonl"),
	OPTION(TAKES_MACHINE, KEY_ROOT, "root", "DIR",
	       "Look at the machine below this folder, captured or not, instead of this one"),
	OPTION(TAKES_MACHINE, KEY_TIMEOUT, "timeout", "MS",
	       "Give up on one call of a vendor library or file system after so many milliseconds "
	       "(default: 2000)"),
	OPTION(TAKES_MACHINE, KEY_TRUST, "trust-user-space", NULL,
	       "Believe kernel messages that user space wrote, as tests do"),
	OPTION(TAKES_MACHINE, KEY_PROGRAMS, "run-programs", NULL,
	       "Ask programs for the versions that no file tells"),
	OPTION(TAKES_SUBJECT, KEY_PROVIDER, "provider", "NAME", "Who rents the machine out"),
	OPTION(TAKES_SUBJECT, KEY_PRODUCT, "product", "NAME", "The product it is rented as"),
	OPTION(TAKES_SUBJECT, KEY_REGION, "region", "NAME", "The region it stands in"),
	OPTION(TAKES_SUBJECT, KEY_GPU, "gpu", "NAME", "The GPU that the product is sold with"),
	OPTION(TAKES_SUBJECT, KEY_CLUSTER, "cluster", "NAME", "The cluster it is a part of"),
	OPTION(TAKES_SUBJECT, KEY_NODE, "node", "NAME", "Its name (default: its host name)"),
	OPTION(TAKES_CONFIG, KEY_CONFIG, "config", "FILE",
	       "Take the settings from this file (default: /etc/assay.yaml)"),
	OPTION(TAKES_GOLDEN, KEY_GOLDEN, "golden", "FILE",
	       "Compare with the good node recorded in this file of JSON Lines"),
	OPTION(TAKES_CHECKUP, KEY_PROFILE, "profile", "NAME", "quick, full (default) or security"),
	OPTION(TAKES_CHECKUP, KEY_INTERVAL, "interval", "S",
	       "Look twice, so many seconds apart, and judge counters by their rate"),
	OPTION(TAKES_CHECKUP | TAKES_TEST, KEY_BUNDLE, "bundle", "FILE",
	       "Write what was seen and found to this file, for assay rate --evidence"),
	OPTION(TAKES_CHECKUP | TAKES_TEST, KEY_KEY, "key", "FILE",
	       "Sign the bundle with this key, which is made when it is not there"),
	OPTION(TAKES_CHECKUP | TAKES_TEST, KEY_NONCE, "nonce", "TEXT",
	       "The nonce that whoever rates has given, for the signature"),
	OPTION(TAKES_CHECKUP, KEY_LINT, "lint", NULL,
	       "Say what is wrong with the tables of faults, figures and floors instead"),
	OPTION(TAKES_CHECKUP | TAKES_TEST, KEY_ALL, "all", NULL,
	       "Show what passed and what does not apply too"),
	OPTION(TAKES_TEST, KEY_PROFILE, "profile", "NAME", "quick (default), weekly or burnin"),
	OPTION(TAKES_TEST, KEY_DURATION, "duration", "TIME",
	       "End after so long, as 90s, 30m or 8h (default: 1, 30 minutes or 8 hours)"),
	OPTION(TAKES_TEST, KEY_CONSENT, "consent", "WHAT",
	       "Allow what the plan says: load or destructive; without it the plan is printed"),
	OPTION(TAKES_TEST, KEY_FOLDER, "folder", "DIR",
	       "Test the file system of this folder; repeatable"),
	OPTION(TAKES_TEST, KEY_BUCKET, "bucket", "URL",
	       "Test this bucket of an object store, with the keys that AWS_ACCESS_KEY_ID and "
	       "AWS_SECRET_ACCESS_KEY hold"),
	OPTION(TAKES_TEST, KEY_PEER, "peer", "HOST[:PORT]",
	       "Measure RDMA with this host, where the same test is run with --peer too, and the "
	       "network, where iperf3 -s listens (at PORT)"),
	OPTION(TAKES_TEST, KEY_MEET, "meet", "HOST:PORT",
	       "Where the ranks of a collective find each other; the first rank listens there"),
	OPTION(TAKES_TEST, KEY_RANK, "rank", "N", "Number of this process, from 0"),
	OPTION(TAKES_TEST, KEY_RANKS, "ranks", "N",
	       "Processes that take part (default: as Slurm or MPI say, else one)"),
	OPTION(TAKES_TEST, KEY_COMMANDS, "commands", "FILE",
	       "Time the commands of this file of YAML instead of the usual ones"),
	OPTION(TAKES_TEST, KEY_HEAT_LIMIT, "heat-limit", "CELSIUS",
	       "Stop when a GPU gets so hot (default: where it slows down by itself)"),
	OPTION(TAKES_TEST, KEY_SAMPLES, "samples", "FILE",
	       "Write temperature, power and clock of each GPU and second to this file"),
	OPTION(TAKES_TEST, KEY_CLAIMS, "claims", "FILE",
	       "Hold what is measured against what this file says was sold"),
	OPTION(TAKES_TEST, KEY_IMPORT, "import", "FILE",
	       "Judge this output of nccl-tests, perftest, iperf3 or fio too; repeatable"),
	OPTION(TAKES_TEST, KEY_COHORT, "cohort", "FILE",
	       "Compare with the nodes of this bundle or file of JSON Lines; repeatable"),
	OPTION(TAKES_TEST, KEY_LIST, "list", NULL, "List the tests of the profile instead"),
	OPTION(TAKES_CHECKUP, KEY_LIST, "list", NULL, "List the checks of the profile instead"),
	OPTION(TAKES_SERVE, KEY_ADDRESS, "address", "ADDRESS",
	       "Listen at this address (default: 127.0.0.1)"),
	OPTION(TAKES_SERVE, KEY_PORT, "port", "N",
	       "Listen at this port; 0 takes any that is free (default: 8080)"),
	OPTION(TAKES_SERVE, KEY_TLS_MAKE, "tls-make", "DIR",
	       "Serve over TLS with the certificate in this folder, which is made when it is not "
	       "there"),
	OPTION(TAKES_SERVE, KEY_TLS_CERTIFICATE, "tls-certificate", "FILE",
	       "Serve over TLS with this certificate, PEM"),
	OPTION(TAKES_SERVE, KEY_TLS_KEY, "tls-key", "FILE", "The certificate's key, PEM"),
	OPTION(TAKES_SERVE, KEY_REQUEST_RATE, "rate", "N",
	       "Requests a second that one address may make; 0 for any number (default: 50)"),
	OPTION(TAKES_SERVE, KEY_PATIENCE, "patience", "S",
	       "Seconds that a request and its answer may take as a whole (default: 60)"),
	OPTION(TAKES_SERVE, KEY_LOG_REQUESTS, "log-requests", NULL,
	       "Log every request, not only those that fail or change something"),
	OPTION(TAKES_REMOTE, KEY_URL, "to", "URL", "The server, as https://ratings.example:8443"),
	OPTION(TAKES_REMOTE, KEY_TOKEN_FILE, "token-file", "FILE",
	       "Show the token that this file holds"),
	OPTION(TAKES_REMOTE | TAKES_ENROL, KEY_IDENTITY, "identity", "DIR",
	       "The folder of this agent's key and certificate"),
	OPTION(TAKES_REMOTE | TAKES_ENROL, KEY_PIN, "pin", "PIN",
	       "The server's key has to be this one: sha256// and its hash, as the server says"),
	OPTION(TAKES_ENROL, KEY_NODE, "node", "NAME", "Its name (default: its host name)"),
	OPTION(TAKES_ENROL, KEY_CODE, "code", "CODE", "The code that the server's keeper gave"),
	OPTION(TAKES_FORMAT | TAKES_CHECK_FORMAT | TAKES_PLAIN_FORMAT | TAKES_TABLE_FORMAT,
	       KEY_COLOR, "color", "WHEN",
	       "auto (default), always or never; NO_COLOR turns auto off"),
	OPTION(TAKES_QUESTIONS, KEY_PROVIDER, "provider", "NAME",
	       "The provider that the form is about"),
	OPTION(TAKES_QUESTIONS, KEY_ALL, "all", NULL,
	       "Ask all that customers' answers may settle, not only what they are asked first"),
	OPTION(TAKES_OPINIONS, KEY_AS_OF, "as-of", "DATE",
	       "Say what was known on this day (default: the day of the newest answer)"),
	OPTION(TAKES_OPINIONS, KEY_RECORDS, "records", NULL,
	       "Write records of evidence as JSON Lines instead, for assay rate --evidence"),
	OPTION(TAKES_OUTPUT, KEY_OUTPUT, "output", "FILE",
	       "Write to this file, whole or not at all, instead of standard output"),
	OPTION(0, KEY_QUIET, "quiet", NULL, "Say nothing but results and errors"),
};

enum {
	SHARED_COUNT = sizeof(shared_options) / sizeof(shared_options[0]),
};

/* What the parser reads and fills. */
struct parse {
	const struct command *command;
	struct options *options;
};

static uint64_t number_of(const char *word, const char *name, uint64_t minimum, uint64_t maximum,
			  struct argp_state *state)
{
	uint64_t number = 0;

	if (!span_to_u64(span_of(word), &number) || number < minimum || number > maximum)
		argp_error(state, "--%s %s: give a whole number from %llu to %llu", name, word,
			   (unsigned long long)minimum, (unsigned long long)maximum);
	return number;
}

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

static error_t parse_rating(int key, const char *word, struct argp_state *state)
{
	struct options *options = ((struct parse *)state->input)->options;

	switch (key) {
	case KEY_PROFILE:
		options->profile = word;
		break;
	case KEY_AS_OF:
		options->as_of = date_of(word, "as-of", state);
		break;
	case KEY_OBSERVED:
		options->observed = date_of(word, "observed", state);
		break;
	case KEY_SEED:
		options->seed = number_of(word, "seed", 0, INT64_MAX, state);
		break;
	case KEY_DRAWS:
		options->draws = (uint32_t)number_of(word, "draws", 0, DRAWS_MAXIMUM, state);
		break;
	case KEY_THREADS:
		options->threads = (unsigned)number_of(word, "threads", 1, THREADS_MAXIMUM, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
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

static error_t parse_form(int key, const char *word, struct argp_state *state)
{
	static const char *const colors[] = { "auto", "always", "never" };
	struct options *options = ((struct parse *)state->input)->options;

	switch (key) {
	case KEY_FORMAT:
		options->format = format_of(word, state);
		break;
	case KEY_COLOR:
		options->color = (enum color_choice)choice_of(word, "color", colors, 3, state);
		break;
	case KEY_LINT:
		options->lint = true;
		break;
	case KEY_QUIET:
		options->quiet = true;
		break;
	case KEY_RECORDS:
		options->records = true;
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

static error_t parse_machine(int key, const char *word, struct argp_state *state)
{
	struct options *options = ((struct parse *)state->input)->options;

	switch (key) {
	case KEY_WINDOW:
		options->window_days = number_of(word, "window", 1, DAYS_MAXIMUM, state);
		break;
	case KEY_STEP:
		options->step_days = number_of(word, "step", 1, DAYS_MAXIMUM, state);
		break;
	case KEY_INTERVAL:
		options->interval_s = number_of(word, "interval", 1, INTERVAL_MAXIMUM_S, state);
		break;
	case KEY_TIMEOUT:
		options->timeout_ms = number_of(word, "timeout", 1, TIMEOUT_MAXIMUM_MS, state);
		break;
	case KEY_DURATION:
		options->duration_s = seconds_of(word, state);
		break;
	case KEY_RANK:
		options->rank = number_of(word, "rank", 0, RANKS_MAXIMUM - 1, state);
		break;
	case KEY_RANKS:
		options->ranks = number_of(word, "ranks", 1, RANKS_MAXIMUM, state);
		break;
	case KEY_PORT:
		options->port = number_of(word, "port", 0, UINT16_MAX, state);
		break;
	case KEY_REQUEST_RATE:
		options->rate = (double)number_of(word, "rate", 0, RATE_MAXIMUM, state);
		break;
	case KEY_PATIENCE:
		options->patience_s = number_of(word, "patience", 1, INTERVAL_MAXIMUM_S, state);
		break;
	case KEY_LOG_REQUESTS:
		options->log_requests = true;
		break;
	case KEY_HEAT_LIMIT:
		options->heat_limit_c = number_of(word, "heat-limit", 30, 120, state);
		break;
	case KEY_ALL:
		options->all = true;
		break;
	case KEY_LIST:
		options->list = true;
		break;
	case KEY_TRUST:
		options->trust_user_space = true;
		break;
	case KEY_PROGRAMS:
		options->run_programs = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Where the words of options go. */
static const struct {
	int key;
	size_t place; /* in struct options */
} places[] = {
	{ KEY_SOURCE, offsetof(struct options, source) },
	{ KEY_RATES, offsetof(struct options, rates) },
	{ KEY_REFUSED, offsetof(struct options, refused) },
	{ KEY_SERIES, offsetof(struct options, series) },
	{ KEY_RESTATE, offsetof(struct options, restate) },
	{ KEY_PRESET, offsetof(struct options, preset) },
	{ KEY_FORM, offsetof(struct options, form) },
	{ KEY_RENTAL, offsetof(struct options, rental) },
	{ KEY_TERM, offsetof(struct options, term) },
	{ KEY_TIER, offsetof(struct options, tier) },
	{ KEY_METHOD, offsetof(struct options, method) },
	{ KEY_GPUS, offsetof(struct options, gpus) },
	{ KEY_HOURS, offsetof(struct options, hours) },
	{ KEY_DEADLINE, offsetof(struct options, deadline) },
	{ KEY_MINIMUM_GRADE, offsetof(struct options, minimum_grade) },
	{ KEY_MARKET, offsetof(struct options, market) },
	{ KEY_NEED, offsetof(struct options, need) },
	{ KEY_EFFECTIVE, offsetof(struct options, effective) },
	{ KEY_CONFIG, offsetof(struct options, config) },
	{ KEY_ROOT, offsetof(struct options, root) },
	{ KEY_GOLDEN, offsetof(struct options, golden) },
	{ KEY_BUNDLE, offsetof(struct options, bundle) },
	{ KEY_KEY, offsetof(struct options, key) },
	{ KEY_NONCE, offsetof(struct options, nonce) },
	{ KEY_PRODUCT, offsetof(struct options, product) },
	{ KEY_REGION, offsetof(struct options, region) },
	{ KEY_GPU, offsetof(struct options, gpu) },
	{ KEY_CLUSTER, offsetof(struct options, cluster) },
	{ KEY_NODE, offsetof(struct options, node) },
	{ KEY_CONSENT, offsetof(struct options, consent) },
	{ KEY_BUCKET, offsetof(struct options, bucket) },
	{ KEY_PEER, offsetof(struct options, peer) },
	{ KEY_COMMANDS, offsetof(struct options, commands) },
	{ KEY_MEET, offsetof(struct options, meeting) },
	{ KEY_SAMPLES, offsetof(struct options, samples) },
	{ KEY_CLAIMS, offsetof(struct options, claims) },
	{ KEY_STANDARD, offsetof(struct options, standard) },
	{ KEY_AGAINST, offsetof(struct options, against) },
	{ KEY_PROVIDER, offsetof(struct options, provider) },
	{ KEY_CRITERION, offsetof(struct options, criterion) },
	{ KEY_TO, offsetof(struct options, to) },
	{ KEY_OUTPUT, offsetof(struct options, output) },
	{ KEY_STORE, offsetof(struct options, store) },
	{ KEY_ADDRESS, offsetof(struct options, address) },
	{ KEY_TLS_MAKE, offsetof(struct options, tls_make) },
	{ KEY_TLS_CERTIFICATE, offsetof(struct options, tls_certificate) },
	{ KEY_TLS_KEY, offsetof(struct options, tls_key) },
	{ KEY_URL, offsetof(struct options, to) },
	{ KEY_TOKEN_FILE, offsetof(struct options, token_file) },
	{ KEY_IDENTITY, offsetof(struct options, identity) },
	{ KEY_PIN, offsetof(struct options, pin) },
	{ KEY_CODE, offsetof(struct options, code) },
	{ KEY_STREAM, offsetof(struct options, stream) },
	{ KEY_PARTY, offsetof(struct options, party) },
	{ KEY_SCOPE, offsetof(struct options, scope) },
};

/* NULL when the key is none of these. */
static const char **place_of(int key, struct options *options)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].key == key)
			return (const char **)(void *)((char *)options + places[i].place);
	return NULL;
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

static error_t parse_store(int key, const char *word, struct argp_state *state)
{
	struct options *options = ((struct parse *)state->input)->options;

	switch (key) {
	case KEY_KNOWN_AT:
		options->known_at = moment_of(word, "known-at", state);
		break;
	case KEY_EXPIRES:
		options->expires = date_of(word, "expires", state);
		break;
	case KEY_PUBLISH:
		options->publish = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse_name(int key, const char *word, struct argp_state *state)
{
	struct options *options = ((struct parse *)state->input)->options;
	const char **place = place_of(key, options);

	if (!place)
		return ARGP_ERR_UNKNOWN;
	if (word[0] == '\0')
		argp_error(state, "an option has an empty name; leave it out or give one");
	*place = word;
	return 0;
}

/* Options that may be given again and again. */
static bool add_to_list(int key, const char *word, struct options *options)
{
	const struct {
		int key;
		const char **list;
		size_t *count;
	} lists[] = {
		{ KEY_EVIDENCE, options->evidence, &options->evidence_count },
		{ KEY_SET, options->assignments, &options->assignment_count },
		{ KEY_NETWORK, options->networks, &options->network_count },
		{ KEY_FOLDER, options->folders, &options->folder_count },
		{ KEY_IMPORT, options->imports, &options->import_count },
		{ KEY_COHORT, options->cohort, &options->cohort_count },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (lists[i].key != key)
			continue;
		lists[i].list[(*lists[i].count)++] = word;
		return true;
	}
	return false;
}

static error_t parse_key(int key, char *word, struct argp_state *state)
{
	const struct parse *parse = state->input;
	struct options *options = parse->options;

	if (add_to_list(key, word, options))
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

	error_t result = parse_rating(key, word, state);
	if (result == ARGP_ERR_UNKNOWN)
		result = parse_form(key, word, state);
	if (result == ARGP_ERR_UNKNOWN)
		result = parse_machine(key, word, state);
	if (result == ARGP_ERR_UNKNOWN)
		result = parse_store(key, word, state);
	if (result == ARGP_ERR_UNKNOWN)
		result = parse_name(key, word, state);
	return result;
}

static bool is_offered(const struct command *command, const struct shared_option *option)
{
	return option->share == 0 || (command->options & option->share) != 0;
}

/* The command's share of the table as argp wants it, in `ret_options`. */
static struct argp make_argp(const struct command *command,
			     struct argp_option ret_options[static SHARED_COUNT + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (is_offered(command, &shared_options[i]))
			ret_options[count++] = shared_options[i].option;
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
	struct argp_option offered[SHARED_COUNT + 1];
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
		.port = PORT_DEFAULT,
		.rate = NAN,
		.evidence = ARENA_ARRAY(arena, const char *, (size_t)count),
		.assignments = ARENA_ARRAY(arena, const char *, (size_t)count),
		.networks = ARENA_ARRAY(arena, const char *, (size_t)count),
		.folders = ARENA_ARRAY(arena, const char *, (size_t)count),
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
	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (is_offered(command, &shared_options[i]))
			text_format(into, "--%s\n", shared_options[i].option.name);
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
