#include "active/perftest.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "active/perftest_json.h"

/* What the programs call MB is 2^20 bytes; later ones write it MiB. */
static const double mib = 1 << 20, gigabit = 1e9 / 8, microsecond = 1e-6, million = 1e6;

enum {
	COLUMNS_MAXIMUM = 16,
};

enum column {
	COLUMN_BYTES,
	COLUMN_ITERATIONS,
	COLUMN_PEAK,
	COLUMN_AVERAGE,
	COLUMN_MESSAGES,
	COLUMN_LEAST,
	COLUMN_MOST,
	COLUMN_TYPICAL,
	COLUMN_MEAN,
	COLUMN_DEVIATION,
	COLUMN_P99,
	COLUMN_P999,
	COLUMN_OTHER, /* known, and of no use here */
};

/* The words of a heading, and what a figure below is to be multiplied with. */
static const struct heading {
	const char *words;
	enum column column;
	double scale;
} headings[] = {
	{ "#bytes", COLUMN_BYTES, 1 },
	{ "#iterations", COLUMN_ITERATIONS, 1 },
	{ "#sl", COLUMN_OTHER, 1 },
	{ "BW peak[MB/sec]", COLUMN_PEAK, mib },
	{ "BW peak[MiB/sec]", COLUMN_PEAK, mib },
	{ "BW peak[Gb/sec]", COLUMN_PEAK, gigabit },
	{ "BW average[MB/sec]", COLUMN_AVERAGE, mib },
	{ "BW average[MiB/sec]", COLUMN_AVERAGE, mib },
	{ "BW average[Gb/sec]", COLUMN_AVERAGE, gigabit },
	{ "MsgRate[Mpps]", COLUMN_MESSAGES, million },
	{ "BW Port1[MB/sec]", COLUMN_OTHER, 1 },
	{ "BW Port1[MiB/sec]", COLUMN_OTHER, 1 },
	{ "BW Port1[Gb/sec]", COLUMN_OTHER, 1 },
	{ "BW Port2[MB/sec]", COLUMN_OTHER, 1 },
	{ "BW Port2[MiB/sec]", COLUMN_OTHER, 1 },
	{ "BW Port2[Gb/sec]", COLUMN_OTHER, 1 },
	{ "MsgRate Port1[Mpps]", COLUMN_OTHER, 1 },
	{ "MsgRate Port2[Mpps]", COLUMN_OTHER, 1 },
	{ "CPU_Util[%]", COLUMN_OTHER, 1 },
	{ "t_min[usec]", COLUMN_LEAST, microsecond },
	{ "t_max[usec]", COLUMN_MOST, microsecond },
	{ "t_typical[usec]", COLUMN_TYPICAL, microsecond },
	{ "t_avg[usec]", COLUMN_MEAN, microsecond },
	{ "t_stdev[usec]", COLUMN_DEVIATION, microsecond },
	{ "99% percentile[usec]", COLUMN_P99, microsecond },
	{ "99.9% percentile[usec]", COLUMN_P999, microsecond },
	{ "tps average", COLUMN_OTHER, 1 },
};

/* While a text is read. */
struct reading {
	const char *file;
	uint32_t line;
	const struct heading *columns[COLUMNS_MAXIMUM];
	size_t column_count; /* 0: no table is open */
	bool is_over;        /* the tables of the single sides follow */
	struct perftest_report report;
	struct perftest_row *rows;
	struct arena *arena;
};

static struct span without_blanks(struct span text)
{
	while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && strchr(" \t\r", text.at[text.length - 1]))
		text.length--;
	return text;
}

/* The heading that the text begins with; NULL when it is not known. */
static const struct heading *heading_of(struct span text)
{
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		if (span_starts(text, headings[i].words))
			return &headings[i];
	return NULL;
}

static bool read_headings(struct reading *reading, struct span text, struct error *err)
{
	reading->column_count = 0;
	while (text.length > 0) {
		const struct heading *heading = heading_of(text);
		size_t length;

		if (!heading || reading->column_count == COLUMNS_MAXIMUM)
			return fail(err, ERROR_PARSE, "%s: line %u: heading '%.*s' is not known",
				    reading->file, reading->line,
				    (int)(text.length < 40 ? text.length : 40), text.at);
		reading->columns[reading->column_count++] = heading;
		length = strlen(heading->words);
		text = without_blanks((struct span){ text.at + length, text.length - length });
	}
	return true;
}

/* Cuts off what stands before the next blanks. */
static bool cut_word(struct span *rest, struct span *ret_word)
{
	size_t length = 0;

	*rest = without_blanks(*rest);
	while (length < rest->length && rest->at[length] != ' ' && rest->at[length] != '\t')
		length++;
	*ret_word = (struct span){ rest->at, length };
	rest->at += length;
	rest->length -= length;
	return length > 0;
}

static void set(struct perftest_row *row, enum column column, double value)
{
	double *const places[] = {
		[COLUMN_PEAK] = &row->peak_bytes_per_s,
		[COLUMN_AVERAGE] = &row->bytes_per_s,
		[COLUMN_MESSAGES] = &row->messages_per_s,
		[COLUMN_LEAST] = &row->least_s,
		[COLUMN_MOST] = &row->most_s,
		[COLUMN_TYPICAL] = &row->typical_s,
		[COLUMN_MEAN] = &row->average_s,
		[COLUMN_DEVIATION] = &row->deviation_s,
		[COLUMN_P99] = &row->p99_s,
		[COLUMN_P999] = &row->p999_s,
	};

	if (column >= COLUMN_PEAK && column <= COLUMN_P999)
		*places[column] = value;
}

static bool read_figure(const struct heading *heading, struct span word, struct perftest_row *row)
{
	double value;

	if (heading->column == COLUMN_BYTES)
		return span_to_u64(word, &row->bytes);
	if (heading->column == COLUMN_ITERATIONS)
		return span_to_u64(word, &row->iterations);
	if (!span_to_double(word, &value) || value < 0)
		return false;
	set(row, heading->column, value * heading->scale);
	return true;
}

static bool read_row(struct reading *reading, struct span text, struct error *err)
{
	struct perftest_row row = { .bytes = 0 };
	struct span word = text;
	size_t count = 0;

	if (reading->report.count == PERFTEST_ROWS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: line %u: more than %d rows", reading->file,
			    reading->line, PERFTEST_ROWS_MAXIMUM);
	while (cut_word(&text, &word)) {
		if (count == reading->column_count ||
		    !read_figure(reading->columns[count], word, &row))
			return fail(err, ERROR_PARSE,
				    "%s: line %u: '%.*s' is no figure of the table", reading->file,
				    reading->line, (int)(word.length < 40 ? word.length : 40),
				    word.at);
		count++;
	}
	if (count < reading->column_count)
		return fail(err, ERROR_PARSE, "%s: line %u: %zu figures below %zu headings",
			    reading->file, reading->line, count, reading->column_count);
	/* A run that was cut short, or the side of --report-both that did not send. */
	if (row.iterations > 0)
		reading->rows[reading->report.count++] = row;
	return true;
}

/* "Link type       : Ethernet", and two such on a line with a tab between. */
static const char *value_of(const struct reading *reading, struct span line, const char *key)
{
	struct span rest = line, name;

	if (!span_cut(&rest, ':', &name) || !span_is(without_blanks(name), key))
		return NULL;
	(void)cut_word(&rest, &name);
	return arena_string(reading->arena, name);
}

static void read_setting(struct reading *reading, struct span line)
{
	const char *tab = memchr(line.at, '\t', line.length);
	struct span second = line;
	const char *value = value_of(reading, line, "Link type");

	if (value)
		reading->report.link = value;
	if (tab) {
		second.at = tab + 1;
		second.length = line.length - (size_t)(second.at - line.at);
	}
	value = value_of(reading, second, "Device");
	if (value)
		reading->report.device = value;
	if (line.length > 5 && line.length < 100 && line.at[line.length - 1] == 't' &&
	    span_is((struct span){ line.at + line.length - 5, 5 }, " Test"))
		reading->report.test = arena_string(reading->arena, line);
}

static bool read_line(struct reading *reading, struct span line, struct error *err)
{
	line = without_blanks(line);
	if (span_starts(line, "Local results") || span_starts(line, "Remote results"))
		reading->is_over = true;
	if (line.length == 0 || reading->is_over)
		return true;
	if (span_starts(line, "#bytes"))
		return read_headings(reading, line, err);
	if (span_starts(line, "---"))
		reading->column_count = 0;
	else if (reading->column_count > 0 && line.at[0] >= '0' && line.at[0] <= '9')
		return read_row(reading, line, err);
	else if (reading->column_count == 0)
		read_setting(reading, line);
	return true;
}

static bool read_table(struct reading *reading, struct span text, struct error *err)
{
	struct span line;

	while (span_cut(&text, '\n', &line)) {
		reading->line++;
		if (!read_line(reading, line, err))
			return false;
	}
	return true;
}

static bool finish(struct reading *reading, struct span text, struct error *err)
{
	struct perftest_report *report = &reading->report;
	const char *complaint = perftest_complaint(text, SPAN(""));

	if (report->count == 0 && complaint)
		return fail(err, ERROR_INVALID, "%s: %s", reading->file, complaint);
	if (report->count == 0)
		return fail(err, ERROR_PARSE, "%s: there is no result of perftest in it",
			    reading->file);
	report->rows = reading->rows;
	for (size_t i = 0; i < report->count; i++)
		report->is_latency = report->is_latency || report->rows[i].average_s > 0;
	report->is_bidirectional = strstr(report->test, "Bidirectional") != NULL;
	return true;
}

bool perftest_read(struct span text, const char *file, struct arena *arena,
		   struct perftest_report *ret_report, struct error *err)
{
	struct reading reading = {
		.file = file,
		.report = { .test = "", .device = "", .link = "" },
		.arena = arena,
	};
	struct span start = text;
	bool good;

	if (text.length > PERFTEST_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: more than %d bytes", file,
			    PERFTEST_BYTES_MAXIMUM);
	while (start.length > 0 && strchr(" \t\r\n", start.at[0]) && start.at[0] != '\0') {
		start.at++;
		start.length--;
	}
	if (start.length > 0 && start.at[0] == '{')
		return perftest_read_json(text, file, arena, ret_report, err);
	reading.rows = ARENA_ARRAY(arena, struct perftest_row, PERFTEST_ROWS_MAXIMUM);
	good = read_table(&reading, text, err) && finish(&reading, text, err);
	if (good)
		*ret_report = reading.report;
	return good;
}
