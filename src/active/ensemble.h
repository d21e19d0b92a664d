/*
 * All ranks of a collective, of this process and of those that it meets (host/meeting.h), as one:
 * the process of rank 0 asks each rank something and has what each answered; the others do what
 * they are asked. Each process has one worker a GPU (active/collective_rank.h).
 */
#pragma once

#include "active/active.h"
#include "active/collective_rank.h"
#include "host/meeting.h"

enum {
	ENSEMBLE_LOCAL_MAXIMUM = 64, /* GPUs of one process */
	ENSEMBLE_LINES_MAXIMUM = 64, /* that one rank answers to one request */
};

struct ensemble_rank {
	unsigned process, local; /* which worker of which process it is */
	const char *node, *gpu;  /* "node7", "gpu:0000:19:00.0" */
};

struct ensemble {
	struct active_run *run;
	struct meeting *meeting; /* NULL: alone */
	unsigned process, process_count;
	struct ensemble_rank *ranks; /* of all processes, in order; only in process 0 */
	unsigned rank_count, node_count;
	unsigned local_first, local_count;
	const char *local_gpus[ENSEMBLE_LOCAL_MAXIMUM];
	const char *node; /* this one's name */
	/* Process 0: why another one goes on no more, "process 1 (node8) ended early: …"; NULL
	 * while all are there. `has_left` says that it told so itself: its ranks are not to blame.
	 */
	const char *lost;
	bool has_left;
	struct worker workers[ENSEMBLE_LOCAL_MAXIMUM];
};

/* What one rank said to one request. */
struct ensemble_reply {
	bool was_asked;
	enum worker_end end;
	char call[WORKER_CALL_SIZE]; /* the last that was announced, when the end is not DONE */
	bool has_answer;             /* it is DONE and said something that is an answer */
	struct rank_answer answer;   /* its last line */
};

/* Which part of the ranks is this process'. */
struct ensemble_part {
	unsigned process, process_count;
	const char *const *gpus;
	unsigned gpu_count;
};

/* Meets the others when there are any and learns which ranks they have. `meeting` is NULL when
 * alone. False with run->end and reason set. */
bool ensemble_meet(struct ensemble *ensemble, struct active_run *run, struct meeting *meeting,
		   const struct ensemble_part *part);

/* Process 0: asks rank i `requests[i]`, NULL for nothing, all at once, and waits for all.
 * `limit_ns` is of one call. False when the test has to end, as it has when a process is lost; what
 * was answered until then is there. */
bool ensemble_ask(struct ensemble *ensemble, const char *const *requests, int64_t limit_ns,
		  struct ensemble_reply *ret_replies);

/* Process 0: all children end, and new ones are made for the next request. */
void ensemble_renew(struct ensemble *ensemble);

/* Process 0: every process takes these facts (lines as active_take reads them). */
void ensemble_tell(struct ensemble *ensemble, struct span facts);

/* The other processes: does what process 0 asks until it says that it is over. */
void ensemble_follow(struct ensemble *ensemble);

/* Says that it is over, and why when it ends early, and ends all children. */
void ensemble_end(struct ensemble *ensemble);

/* What came of one rank as a line of a message between processes, and back; false for what is none.
 * "- " was not asked; "0 LINE" answered, "3 CALL" ended as enum worker_end says. */
void ensemble_reply_write(const struct worker_result *result, struct text *into);
bool ensemble_reply_read(struct span line, struct ensemble_reply *ret_reply);
