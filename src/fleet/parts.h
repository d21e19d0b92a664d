/*
 * The parts of the agent, for the files of this room.
 */
#pragma once

#include <uv.h>

#include "fleet/agent.h"
#include "fleet/sight.h"
#include "host/kmsg.h"
#include "store/history.h"

enum {
	AGENT_UNSAVED_MAXIMUM =
		256, /* transitions that wait for a full disk; the oldest are lost first */
	KMSG_PIECE_SIZE = 64 << 10,
	/* Whom the agent waits for: the workers of probes, and the one that looks. */
	ASKED_LOOK = PROBE_WORKER_COUNT,
	ASKED_COUNT,
	AGENT_PROBES_MAXIMUM = 64,
};

/* One look and what it saw; the arena holds all of it. */
struct agent_look {
	struct arena arena;
	struct sightings sightings;
};

enum look_kind {
	LOOK_FULL,     /* everything but the log */
	LOOK_BEFORE,   /* counters, of the pace before */
	LOOK_COUNTERS, /* counters, of this pace */
	LOOK_LOG,      /* the kernel's log */
	LOOK_COUNT,
};

/* One that is asked and answers some day. */
struct asked {
	struct worker worker;
	struct worker_result result;
	struct news *news;    /* its descriptor in the loop; NULL when it has none */
	const char *counters; /* what it is asked at each pace, NULL for nothing; found by a full
				 look */
	bool is_asked;        /* its answer has not come yet */
	bool is_tired;        /* it stalled: until the next full look it is not asked */
};

/* A transition that the history could not take yet. */
struct unsaved {
	struct arena arena;
	struct history_event event;
};

/* For /metrics, and the log. */
struct agent_counts {
	uint64_t looks, log_looks, events, lost_events, write_failures, requests;
	uint64_t stalls;      /* of workers */
	uint64_t look_stalls; /* probes that hung or crashed */
	int64_t last_full, last_counters;
	double look_seconds; /* how long the last look took */
	double log_seconds;  /* of the last look at the log: from the line to the verdict */
};

struct agent {
	const struct agent_request *request;
	struct agent_settings settings;
	struct arena settings_arena; /* of the settings that hold now */
	struct arena arena;          /* what lives as long as the agent */
	const char *boot;
	uv_loop_t loop;
	uv_timer_t pace, patience, later, news, log_rest, watchdog;
	uv_signal_t signals[3];
	uv_poll_t kmsg_poll, news_polls[2];
	int news_files[2];
	bool kmsg_open, kmsg_polled;
	struct kmsg kmsg;
	char *kmsg_piece;
	size_t kmsg_kept;
	bool log_matters;
	uint64_t log_line_ns, log_ended_ns; /* when the first line came; when its look ended */
	uint64_t log_took_ns;               /* the look itself */
	struct agent_look looks[LOOK_COUNT];
	struct agent_look fresh; /* the one that is being made */
	enum look_kind newest;   /* of the finished ones */
	bool is_looking;         /* a cycle runs */
	bool look_is_full;       /* it is a full one */
	bool full_is_wanted;     /* another one, full, is to follow */
	uint64_t look_began_ns;
	struct arena asking;        /* what is asked at each pace */
	struct arena judging;       /* of one judgment; kept for its room */
	struct arena cycle;         /* of the cycle that runs: requests and answers */
	struct probe_request probe; /* of the cycle that runs */
	struct sight_order order;   /* of the cycle that runs */
	struct asked asked[ASKED_COUNT];
	int64_t left_out_until[AGENT_PROBES_MAXIMUM]; /* probes that hung; 0 looks */
	struct standings standings;
	bool has_told; /* the last full checkup had a check that could tell */
	struct history *history;
	struct unsaved unsaved[AGENT_UNSAVED_MAXIMUM];
	size_t unsaved_first, unsaved_count;
	bool is_failing; /* the last write of the history failed */
	struct agent_counts counts;
	struct server *server;
};

void agent_say(struct agent *agent, unsigned level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Begins a cycle: asks the workers, and goes on when they have answered. While one runs, a full one
 * follows it, and one of counters is left out. */
void agent_look_now(struct agent *agent, bool full);

/* Reads the kernel's log again from its beginning and judges it. */
void agent_look_at_log(struct agent *agent);

/* Judges what is known; only checks of the log when `log_only`. */
void agent_judge(struct agent *agent, bool log_only);

/* Ends the children. */
void agent_end_workers(struct agent *agent);

/* Opens the history, makes its folder, and takes up what stood in it. ERROR_LIMIT: its disk is
 * full. */
bool agent_open_history(struct agent *agent, struct error *err);

/* Tries to keep what could not be kept before. */
void agent_save(struct agent *agent);

/* The gate: UNKNOWN before the first full look, when no check could tell, and when looks have
 * stopped to come. */
enum verdict agent_gate(const struct agent *agent);

/* True when full looks come as they should. */
bool agent_is_current(const struct agent *agent);

/* A server of /metrics, /findings and /healthz on the address; NULL on failure. */
struct server *server_start(struct agent *agent, const char *address, unsigned port,
			    struct error *err);

/* Closes all connections; the loop has to run until they are closed. */
void server_stop(struct server *server);

/* Prometheus' text of what stands, of the readings and of the agent itself. */
void agent_metrics(const struct agent *agent, struct text *into);

/* What stands, as JSON of assay/standing/v1. */
void agent_findings(const struct agent *agent, struct text *into);
