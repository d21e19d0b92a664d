/*
 * Work that may never come back: a vendor library on a sick GPU, a mount whose server is gone. It
 * runs in a child of this process (forked, no program is started) that says what it is about to
 * call before it calls it. When a call outlasts its deadline the child is killed, and abandoned
 * when it cannot even be killed; what it had answered is kept and the call is named.
 *
 * An answer is a line of text without a newline. The child keeps no descriptor but its own, has
 * default signal handling, and ends with its parent.
 */
#pragma once

#include "host/file.h"

enum {
	WORKER_CALL_SIZE = 96,          /* name of a call and NUL */
	WORKER_LINE_MAXIMUM = 4096,     /* bytes of one answer */
	WORKER_ANSWERS_MAXIMUM = 65536, /* lines of one request */
	WORKERS_AT_ONCE = 256,          /* that are waited for together */
};

/* The child's side. */
struct worker_port;

/* Says which call comes next, as "nvmlDeviceGetTemperature gpu:0000:19:00.0"; cheap: no system
 * call but the reading of a clock. Its deadline runs until the next worker_calls or the end of the
 * request. */
void worker_calls(struct worker_port *port, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Answers one line; longer than WORKER_LINE_MAXIMUM is cut. */
void worker_answers(struct worker_port *port, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What the child does with each request; what it returns no longer matters once it has answered.
 * It may keep what it opened (a library) in static storage of the child only through `state`,
 * which starts as NULL and is kept between requests. */
typedef void worker_function(struct worker_port *port, const char *request, void **state,
			     const void *context);

/* The parent's side. */
struct worker {
	const struct host *host;
	worker_function *function;
	const void *context;    /* must outlive the worker; the child has a copy of the memory */
	int64_t call_limit_ns;  /* one call */
	int64_t total_limit_ns; /* one request */
	const char *name;       /* "nvml", for errors and for a captured machine's answers */
	bool is_for_once; /* each request has a new child, which knows what the parent knows */
	/* private: */
	int process, port_fd;
	void *shared;
};

enum worker_end {
	WORKER_DONE,
	WORKER_STALLED,   /* a call outlasted its deadline; the child was killed or abandoned */
	WORKER_DIED,      /* the child ended by itself: a crash in the library */
	WORKER_FLOODED,   /* more than the maximum of answers; the child was killed */
	WORKER_CANCELLED, /* by worker_cancel; the child was killed */
};

struct worker_result {
	enum worker_end end;
	char call[WORKER_CALL_SIZE]; /* the last one that was announced */
	int signal;                  /* that ended it, of WORKER_DIED; 0 when it exited */
	const struct span *answers;
	size_t answer_count;
};

/* Starts the child when there is none, sends the request and waits for its answers. False only
 * when no child could be made. After any end but WORKER_DONE the next request starts a new child.
 * On a captured machine nothing is started: the answers recorded under `name` and `request` are
 * given, and none recorded is ERROR_MISSING. A recording host records them. */
bool worker_ask(struct worker *worker, const char *request, struct arena *arena,
		struct worker_result *ret_result, struct error *err);

/* For an event loop: sends the request without waiting, and the descriptor to poll. */
bool worker_send(struct worker *worker, const char *request, int *ret_descriptor,
		 struct error *err);

/* Takes what has come; *ret_finished when the request has ended in whichever way, and *ret_result
 * is filled. To be called when the descriptor is readable and at least every tenth of a second:
 * it is what notices a deadline. */
bool worker_receive(struct worker *worker, struct arena *arena, bool *ret_finished,
		    struct worker_result *ret_result, struct error *err);

/* Waits until one of the workers has something to receive, or for so long; those that were asked
 * nothing, and NULL, are left out. At most WORKERS_AT_ONCE. */
void worker_wait(const struct worker *const *workers, size_t count, int64_t limit_ns);

/* Ends the request and its child at once; what was answered until then is kept. The worker may be
 * asked again. Something has to have been asked. */
void worker_cancel(struct worker *worker, struct arena *arena, struct worker_result *ret_result);

/* `into`, which has asked nothing yet, takes over the running child of `from`, which is as new
 * then: for who makes its request anew and keeps the child, with the library that it has opened.
 * Both are of one function and name. */
void worker_take_over(struct worker *into, struct worker *from);

/* Ends the child; never waits for one that cannot die. */
void worker_end(struct worker *worker);
