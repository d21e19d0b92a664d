/*
 * What the functions of this room tell a recorder, private to it. Each keeps the first answer to
 * a question; paths are kept without links, with the links on the way.
 */
#pragma once

#include "host/journal.h"

/* The names of questions that can be refused. */
#define ASKED_READ "read"
#define ASKED_PEEK "peek"
#define ASKED_START "peek_start"
#define ASKED_LIST "list"
#define ASKED_LINK "link"
#define ASKED_REAL "real_path"
#define ASKED_STATUS "status"
#define ASKED_RUN "run"

/* True when the answer for this path is to be kept: relative paths are the program's own. */
bool recorder_wants(const struct host *host, const char *path);

/* `whole` is false when the text is the start of a longer one, or may be. */
void recorder_keep_text(const struct host *host, const char *path, struct span text, bool whole);
void recorder_keep_names(const struct host *host, const char *path, const char *const *names,
			 size_t count);
void recorder_keep_link(const struct host *host, const char *path, const char *target);
void recorder_keep_status(const struct host *host, const char *path,
			  const struct host_status *status);
void recorder_keep_readable(const struct host *host, const char *path, bool readable);
void recorder_keep_refusal(const struct host *host, const char *question, const char *path,
			   const struct error *err);
void recorder_keep_answer(const struct host *host, const char *name, const char *request,
			  const struct worker_result *result);
void recorder_keep_run(const struct host *host, const char *const *words,
		       const struct process_result *result);
void recorder_keep_missing_run(const struct host *host, const char *const *words,
			       const struct error *err);
