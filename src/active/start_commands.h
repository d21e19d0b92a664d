/*
 * Commands whose time is taken, from a file of YAML (schema assay/start-commands/v1):
 *
 *   schema: assay/start-commands/v1
 *   instance-created: 1795680000        # Unix time at which the instance was asked for; optional
 *   commands:
 *     - name: torch                     # letters, digits, '-', '_' and '.'
 *       kind: import-time               # what it stands for
 *       words: [python3, -c, import torch]
 *       repetitions: 5                  # 3 when not given
 *       cache: warm                     # warm, fresh (an empty folder each time), cold
 *       limit: 60                       # seconds of one run; 120 when not given
 *       bytes: 22100000000              # that it moves; optional
 *       path: 100                       # Gb/s that the path to it allows; optional
 *       as: caller                      # nobody (when not given, where that is possible)
 *       environment: [HF_HOME={folder}]
 *
 * No shell reads the words; {folder} in them and in the environment is the folder that is made for
 * the runs and removed after them.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

enum {
	START_COMMANDS_MAXIMUM = 64,
	START_WORDS_MAXIMUM = 64,
	START_ENVIRONMENT_MAXIMUM = 32,
	START_REPETITIONS_MAXIMUM = 100,
	START_LIMIT_MAXIMUM_S = 7200,
	START_BYTES_OF_FILE = 256 << 10,
};

enum start_kind {
	START_IMPORT,
	START_INSTALL,
	START_IMAGE,
	START_MODEL,
	START_CONTAINER,
	START_PROGRAM,
	START_KIND_COUNT,
};

extern const char *const start_kind_names[START_KIND_COUNT]; /* "import-time" … */

enum start_cache {
	START_WARM,
	START_FRESH,
	START_COLD,
	START_CACHE_COUNT,
};

extern const char *const start_cache_names[START_CACHE_COUNT]; /* "warm", "fresh", "cold" */

struct start_command {
	const char *name;
	enum start_kind kind;
	enum start_cache cache;
	const char *const *words;       /* NULL-terminated, at least one */
	const char *const *environment; /* NULL-terminated */
	unsigned repetitions, limit_s;
	uint64_t bytes;       /* 0: not given */
	double path_gb_per_s; /* in Gb/s; 0: not given */
	bool as_caller;
	bool need_not_be; /* one of the usual commands, whose program may be absent */
};

struct start_commands {
	const struct start_command *items;
	size_t count;
	uint64_t instance_created; /* Unix time; 0: not given */
};

/* Reads the text of the file; errors carry its name, line and column. */
bool start_commands_read(struct span text, const char *file, struct arena *arena,
			 struct start_commands *ret_commands, struct error *err);

/* What is timed without a file: nothing that needs a network. */
struct start_commands start_commands_usual(void);

/* The word with {folder} replaced. */
const char *start_word(const char *word, const char *folder, struct arena *arena);
