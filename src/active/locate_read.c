#include "active/locate_words.h"

#include <string.h>

#include "active/iperf3.h"
#include "active/pair_report.h"
#include "active/perftest.h"

enum {
	LINE_MAXIMUM = 160,
};

/* What timeout ends with when the program had to be ended. */
static const int timed_out = 124;
static const int killed = 137;

/* The first line that says something, without what a terminal would not show. */
static const char *first_line(const struct process_result *said, struct arena *arena)
{
	const struct span texts[] = { said->complained, said->said };
	char shown[LINE_MAXIMUM];
	size_t length = 0;

	for (unsigned i = 0; i < 2 && length == 0; i++) {
		struct span rest = texts[i];
		struct span line;

		while (length == 0 && span_cut(&rest, '\n', &line))
			for (size_t j = 0; j < line.length && length < sizeof(shown); j++)
				if (line.at[j] >= ' ' && line.at[j] <= '~')
					shown[length++] = line.at[j];
	}
	if (length > 0)
		return arena_string(arena, (struct span){ shown, length });
	if (said->stalled)
		return "the launcher did not come back in time";
	return arena_format(arena, "ended with %d and said nothing", said->status);
}

/* What comes from the program itself, not from what launches it; empty: nothing does. */
static struct span json_of(const struct process_result *said)
{
	struct span text = span_trim(said->said);

	while (text.length > 0 && (text.at[0] == '\r' || text.at[0] == '\n'))
		text = (struct span){ text.at + 1, text.length - 1 };
	return text.length > 0 && text.at[0] == '{' ? text : (struct span){ 0 };
}

static bool is_late(const struct process_result *said)
{
	return said->status == timed_out || said->status == killed;
}

static void answer_as(struct locate_answer *answer, enum locate_outcome outcome, const char *why)
{
	answer->outcome = outcome;
	answer->why = why;
}

/* A program that said nothing of its own. */
static void read_nothing(const struct process_result *said, struct arena *arena,
			 struct locate_answer *answer)
{
	if (is_late(said))
		answer_as(answer, LOCATE_BROKEN, "no end in time");
	else
		answer_as(answer, LOCATE_UNABLE, first_line(said, arena));
}

static enum locate_outcome outcome_of_complaint(const struct error *err)
{
	if (strstr(err->text, "name of the peer"))
		return LOCATE_UNABLE;
	if (strstr(err->text, "nobody listens") || iperf3_is_busy(err) ||
	    iperf3_is_turned_away(err))
		return LOCATE_AWAY;
	return LOCATE_BROKEN;
}

static void read_iperf3(const struct process_result *said, struct arena *arena,
			struct locate_answer *answer)
{
	struct span text = json_of(said);
	struct iperf3_report report;
	struct error err = { 0 };

	if (text.length == 0) {
		read_nothing(said, arena, answer);
	} else if (!iperf3_read(text, "iperf3", arena, &report, &err)) {
		answer_as(answer, outcome_of_complaint(&err),
			  arena_string(arena, span_of(err.text)));
	} else if (!(report.bytes_per_s > 0)) {
		answer_as(answer, LOCATE_BROKEN, "nothing arrived");
	} else {
		answer->outcome = LOCATE_MEASURED;
		answer->result.rate = report.bytes_per_s;
		answer->result.lost = report.retransmits >= 0 ? report.retransmits / 100 : -1;
		answer->result.worst_part = report.worst_part;
	}
}

static void read_perftest(const struct process_result *said, struct arena *arena,
			  struct locate_answer *answer)
{
	struct perftest_report report;
	struct error err = { 0 };

	if (perftest_read(said->said, "ib_write_bw", arena, &report, &err) &&
	    report.rows[report.count - 1].bytes_per_s > 0) {
		answer->outcome = LOCATE_MEASURED;
		answer->result.rate = report.rows[report.count - 1].bytes_per_s;
		return;
	}
	answer->why = first_line(said, arena);
	if (span_contains(said->complained, "Couldn't connect") ||
	    span_contains(said->said, "Couldn't connect"))
		answer->outcome = LOCATE_AWAY;
	else if (is_late(said) || span_contains(said->said, "-----"))
		answer->outcome = LOCATE_BROKEN;
	else
		answer->outcome = LOCATE_UNABLE;
}

/* A library that one of the two hosts cannot open is that host's alone. */
static void read_unopened(const struct locate_plan *plan, const struct locate_errand *errand,
			  struct arena *arena, struct locate_answer *answer)
{
	const char *server = arena_format(arena, "(%s,", plan->hosts->hosts[errand->to].name);

	answer->outcome = LOCATE_UNABLE;
	answer->is_server_unable = strstr(answer->why, server) != NULL;
}

static void read_nccl(const struct locate_plan *plan, const struct locate_errand *errand,
		      const struct process_result *said, struct arena *arena,
		      struct locate_answer *answer)
{
	struct span text = json_of(said);
	struct pair_report report;
	struct error err = { 0 };

	if (text.length == 0) {
		read_nothing(said, arena, answer);
		return;
	}
	if (!pair_report_read(text, "assay test pair", arena, &report, &err)) {
		answer_as(answer, LOCATE_UNABLE, arena_string(arena, span_of(err.text)));
		return;
	}
	answer->why = report.why[0] != '\0' ? report.why : "it said nothing of a measurement";
	if (report.bytes_per_s > 0) {
		answer->outcome = LOCATE_MEASURED;
		answer->result.rate = report.bytes_per_s;
		answer->result.worst_part = report.worst_part;
	} else if (report.is_absent) {
		answer->outcome = LOCATE_UNABLE;
	} else if (!report.has_met) {
		answer->outcome = LOCATE_AWAY;
	} else if (!report.has_opened) {
		read_unopened(plan, errand, arena, answer);
	} else {
		answer->outcome = LOCATE_BROKEN;
	}
}

void locate_read(const struct locate_plan *plan, const struct locate_errand *errand,
		 const struct process_result *said, struct arena *arena,
		 struct locate_answer *ret_answer)
{
	*ret_answer = (struct locate_answer){
		.outcome = LOCATE_STOPPED,
		.result = { .lost = -1, .worst_part = -1 },
		.why = "ended before its result",
	};
	if (said->stopped)
		return;
	switch (plan->tool) {
	case LOCATE_IPERF3:
		read_iperf3(said, arena, ret_answer);
		break;
	case LOCATE_WRITE_BANDWIDTH:
		read_perftest(said, arena, ret_answer);
		break;
	case LOCATE_NCCL:
		read_nccl(plan, errand, said, arena, ret_answer);
		break;
	case LOCATE_TOOL_COUNT:
		break;
	}
}

/* Ended while it waited. Into a pipe neither NCCL's end nor perftest's says that it listens before
 * it is over. */
static bool has_waited(const struct process_result *said)
{
	return said->stopped && said->said.length == 0 && said->complained.length == 0;
}

static const char *complaint_of_nccl(const struct process_result *said, struct arena *arena)
{
	struct span text = json_of(said);
	struct pair_report report;
	struct error err = { 0 };

	if (text.length == 0)
		return first_line(said, arena);
	if (!pair_report_read(text, "assay test pair", arena, &report, &err))
		return arena_string(arena, span_of(err.text));
	return report.is_absent ? report.why : NULL;
}

const char *locate_server_complaint(const struct locate_plan *plan,
				    const struct process_result *said, struct arena *arena)
{
	const char *listens =
		plan->tool == LOCATE_IPERF3 ? "Server listening" : "Waiting for client";

	if (plan->tool != LOCATE_IPERF3 && has_waited(said))
		return NULL;
	if (plan->tool == LOCATE_NCCL)
		return complaint_of_nccl(said, arena);
	if (span_contains(said->said, listens) || span_contains(said->complained, listens))
		return NULL;
	return first_line(said, arena);
}
