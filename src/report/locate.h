/*
 * Which hosts and leaves were found slow, lossy or flapping, for people and for programs.
 */
#pragma once

#include "active/locate.h"
#include "report/report.h"

/* Faulty ones first, then what is open, then hosts that could not be used; with `all` the sound
 * ones too. FORMAT_TABLE or FORMAT_JSON. */
void locate_write(const struct locate_run *run, bool all, enum report_format format,
		  const struct report_style *style, struct text *into);

/* "assay/locate/v1"; report/locate_json.c. */
void locate_write_json(const struct locate_run *run, bool all, struct text *into);

/* "95.6 Mb/s", "391 Gb/s". */
const char *locate_rate_text(double bytes_per_s, struct arena *arena);

/* What the endpoint of the stage is called. */
const char *locate_endpoint_name(const struct locate_run *run, enum locate_stage stage,
				 uint32_t endpoint);

/* The device that the rail is, else its number. */
const char *locate_rail_name(const struct locate_run *run, unsigned rail, struct arena *arena);

/* In one line: "round 4 of 9 at most: 12 sound, 1 faulty, 2 open (n3 slow 99.99 %, n17 lossy
 * 62.10 %)": who is suspected most, and how likely it is at fault. */
const char *locate_line(const struct locate_run *run, struct arena *arena);

struct locate_tally {
	uint32_t of[LOCATE_VERDICT_COUNT];
};

struct locate_tally locate_tally(const struct locate *locate);
