#include <math.h>
#include <stdio.h>
#include <string.h>

#include "active/import_nccl_parts.h"

enum {
	WORDS_MAXIMUM = 32,
	LEAST_WORDS = 8,
};

static const double giga = 1e9;
static const double micro = 1e-6;

/* Words between blanks; false when there are too many. */
static bool cut_words(struct span line, struct span *words, unsigned *ret_count)
{
	struct span word;

	*ret_count = 0;
	for (size_t i = 0; i < line.length; i++)
		if (line.at[i] == '\r')
			line.length = i;
	while (span_cut(&line, ' ', &word)) {
		word = span_trim(word);
		if (word.length == 0)
			continue;
		if (*ret_count == WORDS_MAXIMUM)
			return false;
		words[(*ret_count)++] = word;
	}
	return *ret_count > 0;
}

/* "#  Rank  0 Group  0 Pid 1234 on  node7 device  0 [0x19] NVIDIA H100": a rank of a node. */
struct ranks {
	unsigned count, nodes;
	struct span names[WORDS_MAXIMUM * 32];
};

static bool read_rank(const struct span *words, unsigned count, struct ranks *ranks)
{
	unsigned at = 0;

	if (count < 4 || !span_is(words[1], "Rank"))
		return false;
	ranks->count++;
	for (unsigned i = 2; i + 1 < count; i++) {
		if (!span_is(words[i], "on"))
			continue;
		while (at < ranks->nodes && !span_equal(ranks->names[at], words[i + 1]))
			at++;
		if (at == ranks->nodes && at < sizeof(ranks->names) / sizeof(ranks->names[0]))
			ranks->names[ranks->nodes++] = words[i + 1];
		break;
	}
	return true;
}

/* Where the columns of the out-of-place half stand, by the line of their names: redop and root are
 * newer than the rest. */
struct columns {
	unsigned time, algbw, busbw, wrong;
	bool is_known;
};

static bool read_heading(const struct span *words, unsigned count, struct columns *columns)
{
	struct columns found = { 0 };
	bool has_time = false;

	/* The first word is the '#'. */
	for (unsigned i = 1; i < count && i < WORDS_MAXIMUM; i++) {
		unsigned column = i - 1;

		if (span_is(words[i], "time") && !has_time) {
			found.time = column;
			has_time = true;
		}
		if (span_is(words[i], "algbw") && found.algbw == 0)
			found.algbw = column;
		if (span_is(words[i], "busbw") && found.busbw == 0)
			found.busbw = column;
		if ((span_is(words[i], "#wrong") || span_is(words[i], "error")) && found.wrong == 0)
			found.wrong = column;
	}
	found.is_known = has_time && found.algbw > 0 && found.busbw > 0;
	if (found.is_known)
		*columns = found;
	return found.is_known;
}

static bool read_row(const struct span *words, unsigned count, const struct columns *columns,
		     struct nccl_result *ret_result)
{
	struct nccl_result result = { .wrong = (double)NAN };
	double time, algbw, busbw;

	if (count < LEAST_WORDS || columns->busbw >= count ||
	    !span_to_u64(words[0], &result.bytes) || !span_to_double(words[columns->time], &time) ||
	    !span_to_double(words[columns->algbw], &algbw) ||
	    !span_to_double(words[columns->busbw], &busbw) || time < 0 || busbw < 0)
		return false;
	if (columns->wrong > 0 && columns->wrong < count &&
	    !span_to_double(words[columns->wrong], &result.wrong))
		result.wrong = (double)NAN; /* "N/A" of -c 0 */
	result.time_s = time * micro;
	result.algbw = algbw * giga;
	result.busbw = busbw * giga;
	*ret_result = result;
	return true;
}

/* A table that is being read. */
struct reading {
	struct ranks *ranks;
	struct columns columns;
	struct nccl_report *report;
	struct arena *arena;
	bool is_full;
};

static bool read_line(const struct span *words, unsigned count, struct reading *reading)
{
	struct nccl_result result;
	uint64_t size;

	if (span_starts(words[0], "#")) {
		if (!read_rank(words, count, reading->ranks))
			(void)read_heading(words, count, &reading->columns);
		return true;
	}
	if (!span_to_u64(words[0], &size))
		return true; /* what other programs print between */
	if (!reading->columns.is_known || !read_row(words, count, &reading->columns, &result))
		return false;
	reading->is_full = !nccl_report_add(reading->report, &result, reading->arena);
	return !reading->is_full;
}

bool nccl_table_read(struct span text, const char *file, struct arena *arena,
		     struct nccl_report *report, struct error *err)
{
	struct reading reading = {
		.ranks = ARENA_NEW(arena, struct ranks),
		.report = report,
		.arena = arena,
	};
	struct span words[WORDS_MAXIMUM], line;
	unsigned number = 0, count;

	(void)nccl_program_find(text, &report->collective);
	while (span_cut(&text, '\n', &line)) {
		number++;
		if (!cut_words(line, words, &count) || count == 0)
			continue;
		if (read_line(words, count, &reading))
			continue;
		if (reading.is_full)
			return fail(err, ERROR_LIMIT, "%s: more than %d results", file,
				    NCCL_RESULTS_MAXIMUM);
		return fail(err, ERROR_PARSE, "%s: line %u: a row that does not fit its heading",
			    file, number);
	}
	report->ranks = reading.ranks->count;
	report->nodes = reading.ranks->nodes;
	return true;
}
