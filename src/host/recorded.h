/*
 * How a captured machine answers, private to this room. Each function fails as the live machine
 * did, and with ERROR_MISSING where it was not asked.
 */
#pragma once

#include "host/journal.h"

struct capture {
	struct journal journal; /* without contents and links, which lie below the root */
	const char *root;
	bool has_lists; /* it was recorded: a folder that was not listed is not known */
	int64_t unix_time;
	int64_t boot_ns;
};

/* Reads capture.json; `file` is its name for errors. */
bool capture_parse(struct span text, const char *file, struct arena *arena,
		   struct capture *ret_capture, struct error *err);

/* True when a capture answers for this path: relative paths are the program's own. */
bool capture_answers(const struct host *host, const char *path);

/* What was refused; false when it was not. */
bool capture_refused(const struct host *host, const char *question, const char *path,
		     struct error *err);

/* For what the folder of the capture does not have: says that nobody asked. Always false. */
bool capture_lacks(const char *path, struct error *err);

/* True when the file below the root is the start only of what there was. */
bool capture_is_start(const struct host *host, const char *path);

/* NULL when not recorded. */
const struct journal_entry *capture_find(const struct host *host, enum journal_kind kind,
					 const char *path);

bool capture_answer(const struct host *host, const char *name, const char *request,
		    struct arena *arena, struct worker_result *ret_result, struct error *err);
bool capture_run(const struct host *host, const char *const *words, struct arena *arena,
		 struct process_result *ret_result, struct error *err);
