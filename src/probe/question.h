/*
 * Questions of which each may never be answered, asked in a worker one after the other: what stalls
 * is left out, and the rest is asked again, so that one mount whose server is gone hides no other.
 */
#pragma once

#include "host/worker.h"

enum question_end {
	QUESTION_NOT_ASKED, /* the time was over before; `words` says so */
	QUESTION_ANSWERED,  /* `words` is the answer */
	QUESTION_STALLED,   /* it outlasted its deadline */
	QUESTION_FAILED,    /* the child ended, or none could be made; `words` says why */
};

struct question {
	const char *text; /* without blanks and newlines; not empty */
	enum question_end end;
	struct span words;
};

enum {
	QUESTIONS_MAXIMUM = 4096,
};

/* Answers one question in the child: one worker_answers, or none when nothing is to be said. */
typedef void question_function(struct worker_port *port, const struct host *host,
			       const char *question, struct arena *arena);

struct questioning {
	const char *name; /* of the worker, as "storage" */
	const struct host *host;
	question_function *function;
	int64_t call_limit_ns;  /* one question */
	int64_t total_limit_ns; /* all of them */
};

/* Fills in the end and the words of each. Of more than QUESTIONS_MAXIMUM the rest is not asked. */
void questions_ask(const struct questioning *questioning, struct question *questions, size_t count,
		   struct arena *arena);

/* The same for who does not wait: the worker, not started yet (`questioning` must outlive it), what
 * it is to be asked, NULL for nothing, and what it answered. What is no question any more is left
 * out, and what was none then was not asked. */
void questions_worker(const struct questioning *questioning, struct worker *ret_worker);
const char *questions_request(struct question *questions, size_t count, struct arena *arena);
void questions_take(const struct worker_result *given, struct question *questions, size_t count,
		    struct arena *arena);
