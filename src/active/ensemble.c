#include "active/ensemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S 1000000000ll

enum {
	FRAME_ASK = 'q',    /* of process 0: "LIMIT\n" and a line a rank */
	FRAME_ANSWER = 'a', /* a line a rank */
	FRAME_HERE = 'h',   /* of another process: its node, and a line a GPU */
};

/* Begins what is said in place of an answer, or at the end, by a process that ends early. */
#define LEAVING "leaves: "

/* How much longer than its children a process may take to answer. */
#define ANSWER_GRACE_NS (5 * NS_PER_S)

/* Who waits for a rank that failed waits in vain; what is on its way when that is known may arrive
 * all the same, so that two ranks that failed are both named. */
#define BAND_GRACE_NS (2 * NS_PER_S)

static struct meeting_patience patience_of(struct active_run *run, int64_t limit_ns)
{
	return (struct meeting_patience){
		.limit_ns = limit_ns,
		.goes_on = active_process_goes_on,
		.context = run,
	};
}

static void make_workers(struct ensemble *ensemble)
{
	for (unsigned i = 0; i < ensemble->local_count; i++)
		ensemble->workers[i] = (struct worker){
			.host = ensemble->run->request->here,
			.function = rank_serve,
			.call_limit_ns = ensemble->run->request->call_limit_ns,
			.total_limit_ns = active_left_ns(ensemble->run) + 1,
			.name = "collective",
		};
}

static void end_workers(struct ensemble *ensemble)
{
	for (unsigned i = 0; i < ensemble->local_count; i++)
		worker_end(&ensemble->workers[i]);
}

static void renew_here(struct ensemble *ensemble)
{
	end_workers(ensemble);
	make_workers(ensemble);
}

void ensemble_reply_write(const struct worker_result *result, struct text *into)
{
	if (result->end != WORKER_DONE)
		text_format(into, "%d %s", (int)result->end, result->call);
	else if (result->answer_count == 0)
		text_format(into, "%d ", (int)WORKER_DONE);
	else
		text_format(into, "%d %.*s", (int)WORKER_DONE,
			    SPAN_ARGS(result->answers[result->answer_count - 1]));
}

bool ensemble_reply_read(struct span line, struct ensemble_reply *ret_reply)
{
	struct ensemble_reply reply = { .was_asked = true };
	struct span word;
	uint64_t end;

	if (!span_cut(&line, ' ', &word))
		return false;
	if (span_is(word, "-")) {
		*ret_reply = (struct ensemble_reply){ .was_asked = false };
		return true;
	}
	if (!span_to_u64(word, &end) || end > WORKER_CANCELLED)
		return false;
	reply.end = (enum worker_end)end;
	if (reply.end == WORKER_DONE)
		reply.has_answer = rank_answer_read(line, &reply.answer);
	else
		(void)snprintf(
			reply.call, sizeof(reply.call), "%.*s",
			(int)(line.length < WORKER_CALL_SIZE ? line.length : WORKER_CALL_SIZE - 1),
			line.at);
	*ret_reply = reply;
	return true;
}

static bool says_error(const struct worker_result *result)
{
	struct rank_answer answer;

	return result->answer_count == 0 ||
	       !rank_answer_read(result->answers[result->answer_count - 1], &answer) ||
	       answer.said == RANK_ERROR;
}

/* Asks the workers of this process; a request "-" or "" is none. The lines live in the run's
 * arena. */
static void ask_here(struct ensemble *ensemble, const struct span *requests, int64_t limit_ns,
		     struct text *into)
{
	struct active_run *run = ensemble->run;
	struct worker *asked = ARENA_ARRAY(run->arena, struct worker, ensemble->local_count);
	const char **texts = ARENA_ARRAY(run->arena, const char *, ensemble->local_count);
	struct worker_result *results =
		ARENA_ARRAY(run->arena, struct worker_result, ensemble->local_count);
	unsigned count = 0, at = 0;

	for (unsigned i = 0; i < ensemble->local_count; i++) {
		if (span_is(requests[i], "-"))
			continue;
		asked[count] = ensemble->workers[i];
		asked[count].call_limit_ns = limit_ns;
		texts[count++] = arena_string(run->arena, requests[i]);
	}
	const struct active_band band = {
		.workers = asked,
		.count = count,
		.has_failed = says_error,
		.grace_ns = BAND_GRACE_NS,
	};
	active_ask_band(run, &band, texts, results);
	for (unsigned i = 0; i < ensemble->local_count; i++) {
		text_add(into, i > 0 ? "\n" : "");
		if (span_is(requests[i], "-")) {
			text_add(into, "- ");
			continue;
		}
		ensemble->workers[i] = asked[at];
		ensemble_reply_write(&results[at++], into);
	}
}

static void read_replies(struct span body, unsigned count, struct ensemble_reply *ret_replies)
{
	struct span line;

	for (unsigned i = 0; i < count; i++)
		if (!span_cut(&body, '\n', &line) || !ensemble_reply_read(line, &ret_replies[i]))
			ret_replies[i] =
				(struct ensemble_reply){ .was_asked = true, .end = WORKER_DIED };
}

/* "leaves: stopped by the user": why; empty when it is something else. */
static struct span leaving_reason(struct span body)
{
	const size_t head = strlen(LEAVING);

	return span_starts(body, LEAVING) ? (struct span){ body.at + head, body.length - head }
					  : SPAN("");
}

/* A process that is no more ends the test: the first that goes is told, the others follow it. */
static void end_early(struct active_run *run, enum active_end end, const char *reason)
{
	if (run->end != ACTIVE_DONE)
		return;
	run->end = end;
	run->reason = reason;
}

static const char *node_of(const struct ensemble *ensemble, unsigned process)
{
	for (unsigned i = 0; i < ensemble->rank_count; i++)
		if (ensemble->ranks[i].process == process)
			return ensemble->ranks[i].node;
	return "of no GPU";
}

/* It told that it leaves: what was measured until then counts, and none of its ranks is to blame.
 */
static void let_go(struct ensemble *ensemble, unsigned process, struct span reason,
		   struct ensemble_reply *replies)
{
	struct active_run *run = ensemble->run;

	for (unsigned i = 0; i < ensemble->rank_count; i++)
		if (ensemble->ranks[i].process == process)
			replies[i] = (struct ensemble_reply){ .was_asked = true,
							      .end = WORKER_CANCELLED };
	if (ensemble->lost)
		return;
	ensemble->has_left = true;
	ensemble->lost = arena_format(run->arena, "process %u (%s) ended early: %.*s", process,
				      node_of(ensemble, process), SPAN_ARGS(reason));
	end_early(run, ACTIVE_CUT, ensemble->lost);
}

/* A process that went away takes its ranks with it. */
static void lose_process(struct ensemble *ensemble, unsigned process, const char *words,
			 struct ensemble_reply *replies)
{
	struct active_run *run = ensemble->run;

	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		if (ensemble->ranks[i].process != process)
			continue;
		replies[i] = (struct ensemble_reply){ .was_asked = true, .end = WORKER_DIED };
		(void)snprintf(replies[i].call, WORKER_CALL_SIZE, "%.90s", words);
	}
	/* Who is not heard since this one ends is not lost. */
	if (ensemble->lost || !active_goes_on(run))
		return;
	ensemble->lost = arena_format(run->arena, "process %u (%s) went away: %s", process,
				      node_of(ensemble, process), words);
	end_early(run, ACTIVE_FAILED, ensemble->lost);
}

static unsigned first_of(const struct ensemble *ensemble, unsigned process, unsigned *ret_count)
{
	unsigned first = ensemble->rank_count, count = 0;

	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		if (ensemble->ranks[i].process != process)
			continue;
		first = count == 0 ? i : first;
		count++;
	}
	*ret_count = count;
	return first;
}

static bool send_requests(struct ensemble *ensemble, unsigned process, const char *const *requests,
			  int64_t limit_ns, struct error *err)
{
	const struct meeting_patience patience = patience_of(ensemble->run, ANSWER_GRACE_NS);
	unsigned count, first = first_of(ensemble, process, &count);
	SCOPED_TEXT(body);

	text_format(&body, "ask %lld", (long long)limit_ns);
	for (unsigned i = 0; i < count; i++)
		text_format(&body, "\n%s", requests[first + i] ? requests[first + i] : "-");
	return meeting_say(ensemble->meeting, process, FRAME_ASK, text_span(&body), &patience, err);
}

/* What the others answered, after this process' own ranks have. */
static void hear_replies(struct ensemble *ensemble, int64_t limit_ns,
			 struct ensemble_reply *ret_replies)
{
	const struct meeting_patience patience =
		patience_of(ensemble->run, limit_ns + ANSWER_GRACE_NS);

	for (unsigned process = 1; process < ensemble->process_count; process++) {
		unsigned count, first = first_of(ensemble, process, &count);
		struct error err = { .code = ERROR_NONE };
		struct span body;

		if (!meeting_hear(ensemble->meeting,
				  (struct meeting_awaited){ process, FRAME_ANSWER }, &patience,
				  ensemble->run->arena, &body, &err))
			lose_process(ensemble, process, err.text, ret_replies);
		else if (leaving_reason(body).length > 0)
			let_go(ensemble, process, leaving_reason(body), ret_replies);
		else
			read_replies(body, count, ret_replies + first);
	}
}

bool ensemble_ask(struct ensemble *ensemble, const char *const *requests, int64_t limit_ns,
		  struct ensemble_reply *ret_replies)
{
	struct active_run *run = ensemble->run;
	struct span own[ENSEMBLE_LOCAL_MAXIMUM];
	SCOPED_TEXT(said);

	for (unsigned i = 0; i < ensemble->rank_count; i++)
		ret_replies[i] = (struct ensemble_reply){ .was_asked = false };
	for (unsigned process = 1; process < ensemble->process_count; process++) {
		struct error err = { .code = ERROR_NONE };

		/* Who is gone may have said why: its last message is heard below. */
		(void)send_requests(ensemble, process, requests, limit_ns, &err);
	}
	for (unsigned i = 0; i < ensemble->local_count; i++)
		own[i] = span_of(requests[i] ? requests[i] : "-");
	ask_here(ensemble, own, limit_ns, &said);
	/* The answers are pointed at: they have to outlive this call. */
	read_replies(span_of(arena_string(run->arena, text_span(&said))), ensemble->local_count,
		     ret_replies);
	hear_replies(ensemble, limit_ns, ret_replies);
	return active_goes_on(run);
}

static void say_to_all(struct ensemble *ensemble, struct span body)
{
	const struct meeting_patience patience = {
		.limit_ns = ANSWER_GRACE_NS, /* also when the test has to end: they should know */
	};

	for (unsigned process = 1; process < ensemble->process_count; process++)
		(void)meeting_say(ensemble->meeting, process, FRAME_ASK, body, &patience, NULL);
}

void ensemble_renew(struct ensemble *ensemble)
{
	say_to_all(ensemble, SPAN("renew"));
	renew_here(ensemble);
}

static void take_facts(struct active_run *run, struct span facts)
{
	struct worker_result result = { .end = WORKER_DONE };
	struct span *lines, line;
	size_t count = 1;

	for (size_t i = 0; i < facts.length; i++)
		count += facts.at[i] == '\n';
	lines = ARENA_ARRAY(run->arena, struct span, count);
	while (span_cut(&facts, '\n', &line))
		if (line.length > 0)
			lines[result.answer_count++] = line;
	result.answers = lines;
	active_take(run, &result);
}

void ensemble_tell(struct ensemble *ensemble, struct span facts)
{
	SCOPED_TEXT(body);

	take_facts(ensemble->run, facts);
	text_add(&body, "facts\n");
	text_add_span(&body, facts);
	say_to_all(ensemble, text_span(&body));
}

/* Process 0 is told that this one ends early, so that nobody's GPU is blamed for that. */
static void say_leaving(struct ensemble *ensemble)
{
	const struct meeting_patience patience = { .limit_ns = ANSWER_GRACE_NS };
	const char *reason = ensemble->run->reason;
	SCOPED_TEXT(body);

	text_format(&body, LEAVING "%s", reason ? reason : "no reason was given");
	(void)meeting_say(ensemble->meeting, 0, FRAME_ANSWER, text_span(&body), &patience, NULL);
}

static void answer(struct ensemble *ensemble, struct span rest)
{
	const struct meeting_patience patience = patience_of(ensemble->run, ANSWER_GRACE_NS);
	struct span requests[ENSEMBLE_LOCAL_MAXIMUM], word;
	struct error err = { .code = ERROR_NONE };
	uint64_t limit_ns;
	SCOPED_TEXT(said);

	if (!span_cut(&rest, '\n', &word) || !span_to_u64(word, &limit_ns) || limit_ns == 0 ||
	    limit_ns > INT64_MAX / 4) {
		active_fails(ensemble->run, "process 0 asked something that is no request");
		return;
	}
	for (unsigned i = 0; i < ensemble->local_count; i++)
		if (!span_cut(&rest, '\n', &requests[i]))
			requests[i] = SPAN("-");
	ask_here(ensemble, requests, (int64_t)limit_ns, &said);
	/* What was cancelled is no answer. */
	if (active_goes_on(ensemble->run))
		(void)meeting_say(ensemble->meeting, 0, FRAME_ANSWER, text_span(&said), &patience,
				  &err); /* why it is gone is heard next */
}

/* False when it is over. */
static bool follow_one(struct ensemble *ensemble, struct span body)
{
	static const struct span facts = { "facts\n", 6 };

	if (span_is(body, "end"))
		return false;
	if (leaving_reason(body).length > 0) {
		end_early(ensemble->run, ACTIVE_CUT,
			  arena_format(ensemble->run->arena, "process 0 ended early: %.*s",
				       SPAN_ARGS(leaving_reason(body))));
		return false;
	}
	if (span_is(body, "renew"))
		renew_here(ensemble);
	else if (body.length >= facts.length && memcmp(body.at, facts.at, facts.length) == 0)
		take_facts(ensemble->run,
			   (struct span){ body.at + facts.length, body.length - facts.length });
	else if (span_starts(body, "ask "))
		answer(ensemble, (struct span){ body.at + 4, body.length - 4 });
	else
		active_fails(ensemble->run, "process 0 asked something that is no request");
	return active_goes_on(ensemble->run);
}

void ensemble_follow(struct ensemble *ensemble)
{
	struct active_run *run = ensemble->run;

	for (bool goes_on = true; goes_on;) {
		const struct meeting_patience patience = patience_of(run, active_left_ns(run));
		struct error err = { .code = ERROR_NONE };
		struct span body;

		active_shows(run, -1, "what process 0 asks");
		goes_on = meeting_hear(ensemble->meeting, (struct meeting_awaited){ 0, FRAME_ASK },
				       &patience, run->arena, &body, &err);
		if (goes_on)
			goes_on = follow_one(ensemble, body);
		/* This one may have been told to end meanwhile: that is the reason then. */
		else if (active_goes_on(run))
			active_fails(run, "process 0 went away: %s", err.text);
	}
	if (run->end != ACTIVE_DONE)
		say_leaving(ensemble);
}

/* "node7\ngpu:0000:19:00.0\n…": adds the ranks of a process. */
static bool add_process(struct ensemble *ensemble, unsigned process, struct span body)
{
	struct active_run *run = ensemble->run;
	struct span node, gpu;
	const char *name;

	if (!span_cut(&body, '\n', &node) || node.length == 0)
		return false;
	name = arena_string(run->arena, node);
	for (unsigned local = 0; span_cut(&body, '\n', &gpu); local++) {
		if (local == ENSEMBLE_LOCAL_MAXIMUM || gpu.length >= VENDOR_NAME_SIZE ||
		    !span_starts(gpu, "gpu:") || ensemble->rank_count == PAYLOAD_RANKS_MAXIMUM)
			return false;
		ensemble->ranks[ensemble->rank_count++] = (struct ensemble_rank){
			.process = process,
			.local = local,
			.node = name,
			.gpu = arena_string(run->arena, gpu),
		};
	}
	return true;
}

static void count_nodes(struct ensemble *ensemble)
{
	ensemble->node_count = 0;
	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		unsigned before = 0;

		while (before < i &&
		       strcmp(ensemble->ranks[before].node, ensemble->ranks[i].node) != 0)
			before++;
		ensemble->node_count += before == i;
	}
}

static int by_gpu(const void *a, const void *b)
{
	const struct ensemble_rank *one = *(const struct ensemble_rank *const *)a;
	const struct ensemble_rank *other = *(const struct ensemble_rank *const *)b;
	int order = strcmp(one->node, other->node);

	if (order == 0)
		order = strcmp(one->gpu, other->gpu);
	return order != 0 ? order
			  : (one->process > other->process) - (one->process < other->process);
}

/* Two processes that were shown the same GPU would wait for each other on it. */
static bool check_shares(const struct ensemble *ensemble)
{
	const struct ensemble_rank **ranks = ARENA_ARRAY(
		ensemble->run->arena, const struct ensemble_rank *, ensemble->rank_count + 1);

	for (unsigned i = 0; i < ensemble->rank_count; i++)
		ranks[i] = &ensemble->ranks[i];
	qsort(ranks, ensemble->rank_count, sizeof(*ranks), by_gpu);
	for (unsigned i = 1; i < ensemble->rank_count; i++) {
		if (strcmp(ranks[i - 1]->gpu, ranks[i]->gpu) != 0 ||
		    strcmp(ranks[i - 1]->node, ranks[i]->node) != 0)
			continue;
		active_fails(ensemble->run,
			     "%s of %s is of processes %u and %u: start one process a node, or "
			     "give each GPUs of its own, and nodes names of their own (--node)",
			     ranks[i]->gpu, ranks[i]->node, ranks[i - 1]->process,
			     ranks[i]->process);
		return false;
	}
	return true;
}

static void introduce(const struct ensemble *ensemble, struct text *into)
{
	text_add(into, ensemble->node);
	for (unsigned i = 0; i < ensemble->local_count; i++)
		text_format(into, "\n%s", ensemble->local_gpus[i]);
}

static bool hear_all(struct ensemble *ensemble)
{
	struct active_run *run = ensemble->run;
	const struct meeting_patience patience = patience_of(run, active_left_ns(run));
	struct error err = { .code = ERROR_NONE };
	struct span body;
	SCOPED_TEXT(own);

	ensemble->ranks = ARENA_ARRAY(run->arena, struct ensemble_rank,
				      (size_t)ensemble->process_count * ENSEMBLE_LOCAL_MAXIMUM);
	introduce(ensemble, &own);
	(void)add_process(ensemble, 0, text_span(&own));
	for (unsigned process = 1; process < ensemble->process_count; process++) {
		if (!meeting_hear(ensemble->meeting,
				  (struct meeting_awaited){ process, FRAME_HERE }, &patience,
				  run->arena, &body, &err)) {
			active_fails(run, "%s", err.text);
			return false;
		}
		if (!add_process(ensemble, process, body)) {
			active_fails(run, "process %u does not say which GPUs it has", process);
			return false;
		}
	}
	count_nodes(ensemble);
	return check_shares(ensemble);
}

bool ensemble_meet(struct ensemble *ensemble, struct active_run *run, struct meeting *meeting,
		   const struct ensemble_part *part)
{
	*ensemble = (struct ensemble){
		.run = run,
		.meeting = meeting,
		.process = part->process,
		.process_count = part->process_count,
		.local_count = part->gpu_count,
		.node = run->sightings->subject.parts[SUBJECT_NODE],
	};
	for (unsigned i = 0; i < part->gpu_count; i++)
		ensemble->local_gpus[i] = part->gpus[i];
	make_workers(ensemble);
	if (part->process > 0) {
		const struct meeting_patience patience = patience_of(run, ANSWER_GRACE_NS);
		struct error err = { .code = ERROR_NONE };
		SCOPED_TEXT(own);

		introduce(ensemble, &own);
		if (meeting_say(meeting, 0, FRAME_HERE, text_span(&own), &patience, &err))
			return true;
		active_fails(run, "%s", err.text);
		return false;
	}
	return hear_all(ensemble);
}

void ensemble_end(struct ensemble *ensemble)
{
	const struct active_run *run = ensemble->run;
	SCOPED_TEXT(last);

	if (run->end == ACTIVE_DONE)
		text_add(&last, "end");
	else
		text_format(&last, LEAVING "%s", run->reason ? run->reason : "it failed");
	if (ensemble->process == 0)
		say_to_all(ensemble, text_span(&last));
	end_workers(ensemble);
	meeting_close(ensemble->meeting);
	ensemble->meeting = NULL;
}
