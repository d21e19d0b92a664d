/*
 * The watcher of one node: it waits for the kernel's news, looks again at a steady pace, judges,
 * and keeps what changed. One process without threads around one loop; what may never answer is
 * asked in workers.
 */
#pragma once

#include "fleet/standing.h"
#include "probe/probe.h"

enum {
	AGENT_COUNTERS_S = 60, /* default pace of counters */
	AGENT_FULL_S = 300,    /* default pace of a full look */
	AGENT_PORT = 9431,
	AGENT_ADDRESS_SIZE = 64,
};

/* What may be changed by a reload. */
struct agent_settings {
	struct subject subject;
	const struct handbook *handbook;
	unsigned counters_s, full_s;
	bool trust_user_space;
	int64_t call_limit_ns;
};

struct agent_request {
	const struct host *host;
	struct agent_settings settings;
	const char *history; /* path; NULL keeps nothing */
	uint64_t history_bytes;
	const char *address; /* to serve /metrics on, "127.0.0.1"; NULL serves nothing */
	unsigned port;       /* 0: any, told in the log */
	/* Reads the settings anew, on SIGHUP; false keeps the old ones. The arena lives until the
	 * next reload; `settings` until the first. */
	bool (*reload)(void *context, struct arena *arena, struct agent_settings *ret_settings,
		       struct error *err);
	/* One line for the log: "<3>…" to "<7>…", a level as systemd reads it. */
	void (*log)(void *context, const char *line);
	void *context;
};

/* Runs until SIGTERM or SIGINT. False when it could not start: no loop, the address in use, a
 * history that cannot be opened. What fails later is logged and counted, and tried again. */
bool agent_run(const struct agent_request *request, struct error *err);
