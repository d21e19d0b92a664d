#include "probe/question.h"

#include <string.h>

#include "base/text.h"
#include "host/system.h"

enum {
	REQUEST_MAXIMUM = 60000, /* bytes; a worker takes somewhat more */
};

/* A request is the questions, joined by blanks; the answer to each begins with its number in the
 * request and itself. So a question that answers nothing is told from one that was never reached,
 * and answers find their questions when these have changed meanwhile. */
static void serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct questioning *questioning = context;
	struct span rest = span_of(request), word;
	unsigned number = 0;

	(void)state;
	while (span_cut(&rest, ' ', &word)) {
		SCOPED_ARENA(arena);
		const char *question = arena_string(&arena, word);

		worker_calls(port, "%u %s", number, question);
		worker_answers(port, "%u %s", number, question);
		questioning->function(port, questioning->host, question, &arena);
		number++;
	}
}

/* The questions that fit into one request, those that are open. */
static size_t make_request(const struct question *questions, size_t count, struct text *request)
{
	size_t asked = 0;

	for (size_t i = 0; i < count; i++) {
		if (questions[i].end != QUESTION_NOT_ASKED)
			continue;
		if (request->length + strlen(questions[i].text) + 1 > REQUEST_MAXIMUM)
			break;
		if (asked > 0)
			text_add_char(request, ' ');
		text_add(request, questions[i].text);
		asked++;
	}
	return asked;
}

/* True for the line that begins the answer to the question of that number. */
static bool begins(struct span line, size_t number, struct span *ret_text)
{
	struct span head;
	uint64_t value;

	if (!span_cut(&line, ' ', &head) || !span_to_u64(head, &value) || value != number ||
	    line.length == 0)
		return false;
	*ret_text = line;
	return true;
}

/* The open question of that text, looked for from `from` on and around; NULL when there is none. */
static struct question *find_question(struct question *questions, size_t count, size_t from,
				      struct span text)
{
	for (size_t i = 0; i < count; i++) {
		struct question *one = &questions[(from + i) % count];

		if (one->end == QUESTION_NOT_ASKED && span_is(text, one->text))
			return one;
	}
	return NULL;
}

/* Gives the answers to their questions; returns how many questions were begun, and the last of
 * them, which may be NULL. A question is over when the next has begun, or the request has ended
 * well. */
static size_t take_answers(const struct worker_result *result, struct question *questions,
			   size_t count, struct question **ret_last)
{
	struct question *last = NULL;
	size_t begun = 0;
	struct span text;

	for (size_t i = 0; i < result->answer_count; i++) {
		if (!begins(result->answers[i], begun, &text)) {
			if (last)
				last->words = result->answers[i];
			continue;
		}
		if (last)
			last->end = QUESTION_ANSWERED;
		last = find_question(questions, count, last ? (size_t)(last - questions) : 0, text);
		begun++;
	}
	if (last && result->end == WORKER_DONE)
		last->end = QUESTION_ANSWERED;
	*ret_last = last;
	return begun;
}

/* What the question that was last begun came to, when the request did not end well. */
static void blame(const struct worker_result *result, struct question *question,
		  struct arena *arena)
{
	switch (result->end) {
	case WORKER_DONE:
		return;
	case WORKER_STALLED:
		question->end = QUESTION_STALLED;
		question->words = SPAN("");
		return;
	case WORKER_DIED:
		question->end = QUESTION_FAILED;
		question->words = span_of(
			arena_format(arena, "asking ended the process, signal %d", result->signal));
		return;
	case WORKER_FLOODED:
		question->end = QUESTION_FAILED;
		question->words = SPAN("asking gave answers without end");
		return;
	case WORKER_CANCELLED:
		question->end = QUESTION_FAILED;
		question->words = SPAN("asking was given up");
		return;
	}
}

static void give_up(struct question *questions, size_t count, enum question_end end,
		    const char *why)
{
	for (size_t i = 0; i < count; i++) {
		if (questions[i].end != QUESTION_NOT_ASKED)
			continue;
		questions[i].end = end;
		questions[i].words = span_of(why);
	}
}

/* One request; false when it brought nothing and the next would not either. */
static bool ask_once(struct worker *worker, struct question *questions, size_t count,
		     struct arena *arena)
{
	struct worker_result result = { .end = WORKER_DONE };
	struct error err = { 0 };
	int64_t start_ns = host_boot_ns(worker->host);
	struct question *last;
	size_t begun;

	SCOPED_TEXT(request);
	if (make_request(questions, count, &request) == 0)
		return false;
	if (!worker_ask(worker, text_string(&request), arena, &result, &err)) {
		give_up(questions, count, QUESTION_FAILED, arena_string(arena, span_of(err.text)));
		return false;
	}
	begun = take_answers(&result, questions, count, &last);
	if (begun == 0) {
		/* The child never came to the first: the next would fare the same. */
		give_up(questions, count, QUESTION_FAILED, "the worker did not begin");
		return false;
	}
	/* What it began with is none of these questions, so it would not come to an end. */
	if (!last)
		return false;
	blame(&result, last, arena);
	/* Many slow ones before it used up the time; that is not its fault. */
	if (result.end == WORKER_STALLED && begun > 1 &&
	    host_boot_ns(worker->host) - start_ns >= worker->total_limit_ns) {
		last->end = QUESTION_FAILED;
		last->words = SPAN("the time for all was over while it was asked");
	}
	return true;
}

static void start_over(struct question *questions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		questions[i].end = QUESTION_NOT_ASKED;
		questions[i].words = SPAN("");
	}
}

static void leave_open(struct question *questions, size_t count, struct span why)
{
	for (size_t i = 0; i < count; i++)
		if (questions[i].end == QUESTION_NOT_ASKED)
			questions[i].words = why;
}

void questions_worker(const struct questioning *questioning, struct worker *ret_worker)
{
	*ret_worker = (struct worker){
		.host = questioning->host,
		.function = serve,
		.context = questioning,
		.call_limit_ns = questioning->call_limit_ns,
		.total_limit_ns = questioning->total_limit_ns,
		.name = questioning->name,
	};
}

const char *questions_request(struct question *questions, size_t count, struct arena *arena)
{
	size_t used = count < QUESTIONS_MAXIMUM ? count : QUESTIONS_MAXIMUM;

	SCOPED_TEXT(request);
	start_over(questions, count);
	if (make_request(questions, used, &request) == 0)
		return NULL;
	return arena_string(arena, text_span(&request));
}

void questions_take(const struct worker_result *given, struct question *questions, size_t count,
		    struct arena *arena)
{
	struct question *last;

	start_over(questions, count);
	(void)take_answers(given, questions, count, &last);
	if (last)
		blame(given, last, arena);
	leave_open(questions, count, SPAN("it was not asked"));
}

void questions_ask(const struct questioning *questioning, struct question *questions, size_t count,
		   struct arena *arena)
{
	struct worker worker;
	size_t used = count < QUESTIONS_MAXIMUM ? count : QUESTIONS_MAXIMUM;
	int64_t start_ns = host_boot_ns(questioning->host);

	questions_worker(questioning, &worker);
	start_over(questions, count);
	while (worker.total_limit_ns > 0 && ask_once(&worker, questions, used, arena)) {
		int64_t gone_ns = host_boot_ns(questioning->host) - start_ns;

		worker.total_limit_ns = questioning->total_limit_ns - gone_ns;
	}
	worker_end(&worker);
	leave_open(questions, count, SPAN("there was no time left to ask"));
}
