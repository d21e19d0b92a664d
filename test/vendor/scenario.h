/*
 * The scenario that a stand-in for a vendor's library plays: what each GPU answers, when it changes
 * and which calls fail. README.md beside this file has the form of the files.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCENARIO_LINES_MAXIMUM = 1024,
	SCENARIO_TEXT_SIZE = 256,
	SCENARIO_POOL_SIZE = 1 << 17, /* bytes of all files together */
	SCENARIO_GPUS_MAXIMUM = 64,
	SCENARIO_SYSTEM = -1, /* in place of a GPU */
	SCENARIO_NO_LINK = -1,
};

/* What a line is about; the ends of a range are inside it. */
struct scenario_target {
	int gpu_first, gpu_last;
	int link_first, link_last;
};

struct scenario_line {
	struct scenario_target target;
	const char *key;
	const char *value;
	double since, until; /* seconds of the scenario */
};

struct scenario {
	struct scenario_line lines[SCENARIO_LINES_MAXIMUM];
	unsigned count;
	char pool[SCENARIO_POOL_SIZE];
	size_t pool_used;
	bool started;
	double epoch; /* seconds since 1970 */
	char complaint[512];
};

enum scenario_answer {
	SCENARIO_ABSENT, /* no line, or "-": not supported */
	SCENARIO_ERROR,  /* "!15" */
	SCENARIO_VALUE,
};

/* Reads the file named by $ASSAY_SCENARIO and the machines it names, in place of what was loaded.
 * False with a complaint that names the line; `loaded` stays empty then. The clock starts at
 * $ASSAY_SCENARIO_EPOCH, seconds since 1970, or with the first load. */
bool scenario_load(struct scenario *scenario);

/* Seconds of the scenario that have passed. */
double scenario_now(const struct scenario *scenario);

/* The last line that holds now for this GPU (or SCENARIO_SYSTEM) and link (or SCENARIO_NO_LINK). */
enum scenario_answer scenario_number(const struct scenario *scenario, int gpu, int link,
				     const char *key, double *ret_number, unsigned *ret_error);

/* The same for text: "{}" in it becomes the number of the GPU, in two digits. */
enum scenario_answer scenario_text(const struct scenario *scenario, int gpu, const char *key,
				   char ret_text[static SCENARIO_TEXT_SIZE], unsigned *ret_error);

/* The number-th line of this key for the GPU itself, from 0, in the order of the file and whether
 * or not it holds now; NULL behind the last. */
const struct scenario_line *scenario_nth(const struct scenario *scenario, int gpu, const char *key,
					 unsigned number);

/* Whether the line holds now. */
bool scenario_holds(const struct scenario *scenario, const struct scenario_line *line);

/* The word-th number of a value, from 0; false when it has none there. */
bool scenario_word(const char *value, unsigned word, double *ret_number);

/* True from the moment on that the GPU is to vanish. */
bool scenario_vanished(const struct scenario *scenario, int gpu);

enum scenario_fault {
	SCENARIO_NO_FAULT,
	SCENARIO_FAULT_ERROR, /* answer with *ret_error */
	SCENARIO_RUBBISH,     /* success, and random bytes in what is answered */
};

/* What a call has to do. A stall and a crash happen inside. */
enum scenario_fault scenario_fault(const struct scenario *scenario, int gpu, const char *call,
				   unsigned *ret_error);

/* Fills `at` with bytes that are the same in every run. */
void scenario_rubbish(void *at, size_t size);
