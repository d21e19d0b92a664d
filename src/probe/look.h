/*
 * The usual ways of looking at a file of the kernel: read it, type it, add what was seen.
 */
#pragma once

#include "host/system.h"
#include "probe/sighting.h"

enum look_missing {
	MISSING_IS_SILENT,  /* a file that need not be there: nothing is added */
	MISSING_IS_UNKNOWN, /* a file that has to be there */
};

/* One look: where, about what. */
struct look {
	const struct host *host;
	struct sightings *sightings;
	const char *device;
	enum look_missing missing;
};

/* The file's text, without the blanks around it, as the state. False when it was not known. */
bool look_state(const struct look *look, const char *path, enum measure measure);

/* The number that the file begins with (decimal, or hexadecimal with 0x; what follows a blank is
 * left out, as in "16.0 GT/s PCIe"), times `scale`. What is no number is unknown and quoted in the
 * reason. */
bool look_value(const struct look *look, const char *path, enum measure measure, double scale);

/* arena_format into the sightings' arena, for paths. */
const char *look_path(const struct look *look, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The file's trimmed text, or an empty span when there is none or it could not be read. For what
 * decides where to look; not for what is judged. */
struct span look_text(const struct host *host, struct arena *arena, const char *path);

/* The names in a folder; 0 when there is none. */
size_t look_names(const struct host *host, struct arena *arena, const char *path,
		  const char *const **ret_names);

/* The trimmed value of the first line "KEY: value" or "KEY=value" with the key, without the quotes
 * around it; an empty span when there is none. */
struct span line_value(struct span text, char separator, const char *key);
