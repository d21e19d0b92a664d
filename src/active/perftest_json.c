#include "active/perftest_json.h"

#include <math.h>
#include <string.h>

static const double mib = 1 << 20, gigabit = 1e9 / 8, microsecond = 1e-6, million = 1e6;

/* Bandwidth and message rate are rounded: with 2 decimals small figures are far off. The two units
 * differ 119-fold. */
static const double unit_tolerance = 0.3;

enum {
	DEPTH_MAXIMUM = 4,
	PAIRS_MAXIMUM = 256,
};

struct cursor {
	struct span rest;
	const char *file;
	uint32_t line;
};

/* Figures of "results", as they stand there. */
struct figures {
	uint64_t bytes, iterations;
	double peak, average, messages;
	double least, most, typical, mean, deviation, p99, p999;
	bool has_average, has_mean;
};

struct place {
	const char *key;
	size_t offset;
};

static const struct place places[] = {
	{ "BW_peak", offsetof(struct figures, peak) },
	{ "BW_average", offsetof(struct figures, average) },
	{ "MsgRate", offsetof(struct figures, messages) },
	{ "t_min", offsetof(struct figures, least) },
	{ "t_max", offsetof(struct figures, most) },
	{ "t_typical", offsetof(struct figures, typical) },
	{ "t_avg", offsetof(struct figures, mean) },
	{ "t_stdev", offsetof(struct figures, deviation) },
	{ "percentile_99", offsetof(struct figures, p99) },
	{ "percentile_99.9", offsetof(struct figures, p999) },
};

static bool bad(const struct cursor *cursor, const char *what, struct error *err)
{
	return fail(err, ERROR_PARSE, "%s: line %u: %s", cursor->file, cursor->line, what);
}

static void step(struct cursor *cursor)
{
	cursor->line += cursor->rest.at[0] == '\n';
	cursor->rest.at++;
	cursor->rest.length--;
}

static bool is_next(const struct cursor *cursor, const char *set)
{
	return cursor->rest.length > 0 && cursor->rest.at[0] != '\0' &&
	       strchr(set, cursor->rest.at[0]) != NULL;
}

static void skip(struct cursor *cursor, const char *set)
{
	while (is_next(cursor, set))
		step(cursor);
}

/* What stands in quotes, or a bare word up to what ends one. */
static bool take_word(struct cursor *cursor, struct span *ret_word, struct error *err)
{
	bool quoted = is_next(cursor, "\"");
	struct span word;

	if (quoted)
		step(cursor);
	word = (struct span){ cursor->rest.at, 0 };
	while (cursor->rest.length > 0 && !is_next(cursor, quoted ? "\"\n" : ":,{}\n")) {
		step(cursor);
		word.length++;
	}
	if (quoted && !is_next(cursor, "\""))
		return bad(cursor, "a quote is not closed", err);
	if (quoted)
		step(cursor);
	*ret_word = span_trim(word);
	if (ret_word->length == 0 && !quoted)
		return bad(cursor, "a word is missing", err);
	return true;
}

static bool take_figure(const struct cursor *cursor, struct span key, struct span value,
			struct figures *figures, struct error *err)
{
	double number;
	bool good = true;

	if (span_is(key, "MsgSize"))
		good = span_to_u64(value, &figures->bytes);
	else if (span_is(key, "n_iterations"))
		good = span_to_u64(value, &figures->iterations);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!span_is(key, places[i].key))
			continue;
		good = span_to_double(value, &number) && number >= 0;
		if (good)
			memcpy((char *)figures + places[i].offset, &number, sizeof(number));
	}
	figures->has_average = figures->has_average || span_is(key, "BW_average");
	figures->has_mean = figures->has_mean || span_is(key, "t_avg");
	return good || bad(cursor, "a figure of the results is no number", err);
}

static void take_info(struct span key, struct span value, struct arena *arena,
		      struct perftest_report *report)
{
	key = span_trim(key);
	if (span_is(key, "test"))
		report->test = arena_string(arena, value);
	else if (span_is(key, "Device"))
		report->device = arena_string(arena, value);
	else if (span_is(key, "Link_type"))
		report->link = arena_string(arena, value);
}

/* A key and what belongs to it; an object opens. Which object it stands in does not matter: latency
 * of a fixed length in time is written among the settings, by 4.5 at least. */
static bool take_pair(struct cursor *cursor, unsigned *depth, struct figures *figures,
		      struct perftest_report *report, struct arena *arena, struct error *err)
{
	struct span key = { 0 }, value = { 0 };

	if (!take_word(cursor, &key, err))
		return false;
	skip(cursor, " \t");
	if (!is_next(cursor, ":"))
		return bad(cursor, "a ':' is missing", err);
	step(cursor);
	skip(cursor, " \t\r\n");
	if (is_next(cursor, "{")) {
		step(cursor);
		(*depth)++;
		return *depth <= DEPTH_MAXIMUM || bad(cursor, "too many levels", err);
	}
	if (!take_word(cursor, &value, err))
		return false;
	take_info(key, value, arena, report);
	return take_figure(cursor, key, value, figures, err);
}

static bool walk(struct cursor *cursor, struct figures *figures, struct perftest_report *report,
		 struct arena *arena, struct error *err)
{
	unsigned depth, pairs = 0;

	skip(cursor, " \t\r\n");
	step(cursor); /* the brace, as whoever calls has seen */
	for (depth = 1; depth > 0;) {
		skip(cursor, " \t\r\n,");
		if (cursor->rest.length == 0)
			return bad(cursor, "it ends before its braces are closed", err);
		if (is_next(cursor, "}")) {
			step(cursor);
			depth--;
			continue;
		}
		if (++pairs > PAIRS_MAXIMUM)
			return bad(cursor, "too many values", err);
		if (!take_pair(cursor, &depth, figures, report, arena, err))
			return false;
	}
	skip(cursor, " \t\r\n");
	return cursor->rest.length == 0 ||
	       bad(cursor, "something follows: runs that share a file overwrite each other", err);
}

/* The factor of the bandwidth's unit, told by the number of messages; 0 when it is not told. */
static double unit_of(const struct figures *figures)
{
	double by_messages = figures->messages * million * (double)figures->bytes;

	if (by_messages <= 0 || figures->average <= 0)
		return 0;
	if (fabs(figures->average * gigabit / by_messages - 1) < unit_tolerance)
		return gigabit;
	if (fabs(figures->average * mib / by_messages - 1) < unit_tolerance)
		return mib;
	return 0;
}

bool perftest_read_json(struct span text, const char *file, struct arena *arena,
			struct perftest_report *ret_report, struct error *err)
{
	struct cursor cursor = { .rest = text, .file = file, .line = 1 };
	struct perftest_report report = { .test = "", .device = "", .link = "", .count = 1 };
	struct perftest_row *row = ARENA_NEW(arena, struct perftest_row);
	struct figures figures = { .bytes = 0 };
	double unit;

	if (!walk(&cursor, &figures, &report, arena, err))
		return false;
	if (figures.iterations == 0 || !(figures.has_average || figures.has_mean))
		return fail(err, ERROR_PARSE, "%s: there is no result of perftest in it", file);
	unit = unit_of(&figures);
	if (figures.has_average && unit <= 0)
		return fail(err, ERROR_PARSE,
			    "%s: the unit of BW_average is not told: MsgRate does not fit it",
			    file);
	*row = (struct perftest_row){
		.bytes = figures.bytes,
		.iterations = figures.iterations,
		.bytes_per_s = figures.average * unit,
		.peak_bytes_per_s = figures.peak * unit,
		.messages_per_s = figures.messages * million,
		.least_s = figures.least * microsecond,
		.most_s = figures.most * microsecond,
		.typical_s = figures.typical * microsecond,
		.average_s = figures.mean * microsecond,
		.deviation_s = figures.deviation * microsecond,
		.p99_s = figures.p99 * microsecond,
		.p999_s = figures.p999 * microsecond,
	};
	report.rows = row;
	report.is_latency = figures.has_mean;
	report.is_bidirectional = strstr(report.test, "Bidirectional") != NULL;
	*ret_report = report;
	return true;
}
