#include "active/burn_load.h"

#include <math.h>

const char *burn_request(struct arena *arena, const char *gpu, const struct burn_turn *turn)
{
	const struct burn_pace *pace = &turn->pace;

	return arena_format(arena, "%s %lld %lld %lld %lld %lld %u %u %llu", gpu,
			    (long long)pace->start_ns, (long long)pace->end_ns,
			    (long long)pace->cycle_ns, (long long)pace->pulse_ns,
			    (long long)turn->until_ns, turn->order.blocks, turn->order.iterations,
			    (unsigned long long)turn->order.elements);
}

static bool cut_number(struct span *rest, int64_t *ret_number)
{
	struct span word;

	return span_cut(rest, ' ', &word) && span_to_i64(word, ret_number) && *ret_number >= 0;
}

static bool cut_double(struct span *rest, double *ret_number)
{
	struct span word;

	return span_cut(rest, ' ', &word) && span_to_double(word, ret_number) &&
	       isfinite(*ret_number) && *ret_number >= 0;
}

static bool cut_order(struct span *rest, struct burn_order *ret_order)
{
	int64_t blocks, iterations, elements;

	if (!cut_number(rest, &blocks) || !cut_number(rest, &iterations) ||
	    !cut_number(rest, &elements) || blocks > UINT32_MAX ||
	    iterations > RANK_ITERATIONS_MAXIMUM ||
	    (blocks > 0 && (iterations == 0 || elements == 0)))
		return false;
	*ret_order =
		(struct burn_order){ (unsigned)blocks, (unsigned)iterations, (uint64_t)elements };
	return true;
}

bool burn_request_read(struct span request, const char **ret_gpu, struct burn_turn *ret_turn,
		       struct arena *arena)
{
	struct span gpu;
	struct burn_turn turn;
	struct burn_pace *pace = &turn.pace;

	if (!span_cut(&request, ' ', &gpu) || gpu.length == 0 ||
	    !cut_number(&request, &pace->start_ns) || !cut_number(&request, &pace->end_ns) ||
	    !cut_number(&request, &pace->cycle_ns) || !cut_number(&request, &pace->pulse_ns) ||
	    !cut_number(&request, &turn.until_ns) || !cut_order(&request, &turn.order) ||
	    request.length > 0 || pace->cycle_ns == 0 || pace->pulse_ns == 0)
		return false;
	*ret_gpu = arena_string(arena, gpu);
	*ret_turn = turn;
	return true;
}

/* Those that are a letter alone. */
static bool read_mark(struct span text, struct burn_line *line)
{
	if (span_is(text, "b"))
		line->kind = BURN_LINE_WAITS;
	else if (span_is(text, "g"))
		line->kind = BURN_LINE_GOES_ON;
	else if (span_is(text, "t"))
		line->kind = BURN_LINE_IN_VAIN;
	else
		return false;
	return true;
}

static bool cut_count(struct span *rest, uint64_t *ret_count)
{
	struct span word;

	return span_cut(rest, ' ', &word) && span_to_u64(word, ret_count);
}

static bool read_wrong(struct span text, struct burn_line *line)
{
	line->kind = BURN_LINE_WRONG;
	return cut_count(&text, &line->wrong) && cut_count(&text, &line->row_count) &&
	       cut_count(&text, &line->column_count) && cut_count(&text, &line->row) &&
	       cut_count(&text, &line->column) && text.length == 0;
}

static bool read_figures(struct span kind, struct span text, struct burn_line *line)
{
	if (span_is(kind, "x"))
		return read_wrong(text, line);
	if (span_is(kind, "v")) {
		line->kind = BURN_LINE_COMPARED;
		return span_to_u64(text, &line->wrong);
	}
	if (!cut_number(&text, &line->start_ns) || !cut_number(&text, &line->end_ns) ||
	    line->end_ns < line->start_ns)
		return false;
	if (span_is(kind, "w")) {
		line->kind = BURN_LINE_SLICE;
		return cut_double(&text, &line->speed) && cut_count(&text, &line->checked) &&
		       text.length == 0;
	}
	line->kind = BURN_LINE_BLOCK;
	return span_is(kind, "c") && cut_double(&text, &line->seconds) &&
	       cut_double(&text, &line->working_s) && text.length == 0;
}

bool burn_line_read(struct span text, struct burn_line *ret_line)
{
	struct burn_line line = { .kind = BURN_LINE_WRONG };
	struct span kind;
	bool is_error;

	if (read_mark(text, &line)) {
		*ret_line = line;
		return true;
	}
	if (!span_cut(&text, ' ', &kind) || text.length == 0)
		return false;
	is_error = span_is(kind, "e");
	if (is_error || span_is(kind, "n")) {
		line.kind = is_error ? BURN_LINE_ERROR : BURN_LINE_NO_RANK;
		line.words = text;
	} else if (!read_figures(kind, text, &line)) {
		return false;
	}
	*ret_line = line;
	return true;
}
