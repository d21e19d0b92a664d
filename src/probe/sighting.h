/*
 * What a probe saw, as evidence records about one node. A probe adds what it saw, and what it
 * looked for and could not tell, with the reason; it never guesses and never leaves out a refusal.
 */
#pragma once

#include "base/text.h"
#include "evidence/measure.h"
#include "host/file.h"

struct sightings {
	struct arena *arena;
	struct record *items; /* moves when it grows */
	size_t count, room;
	struct subject subject; /* provider to node; the device is each record's own */
	const char *run;        /* begins each id: unique for this look at this node */
	int64_t time;
	date_t observed;
	enum strength strength;
	struct source source;
};

/* A look at `node` of `provider` now: by the host's clock. The run is made of node and time. */
void sightings_start(struct sightings *sightings, const struct subject *subject,
		     const struct host *host, struct arena *arena);

/* A later look of the same run: records from here on carry the host's time of now. */
void sightings_again(struct sightings *sightings, const struct host *host);

/* A record of this look about `what`, which is kept and not copied, and which need not be a
 * measure: the rest of it is the caller's to fill in. */
struct record *sightings_add(struct sightings *sightings, const char *what, const char *device,
			     enum record_says says);

/* `device` NULL: the whole node; it is copied, and what is no printable ASCII in it becomes '_'; so
 * does an empty one. Text is copied without the blanks and newlines around it, cut at
 * RECORD_EXCERPT_MAXIMUM between two characters, and bad bytes and control characters become '?'. A
 * value that is not finite, and an empty text, are unknown instead. Each returns the record, valid
 * until the next. */
struct record *saw_value(struct sightings *sightings, enum measure measure, const char *device,
			 double value);
struct record *saw_state(struct sightings *sightings, enum measure measure, const char *device,
			 const char *state);
struct record *saw_text(struct sightings *sightings, enum measure measure, const char *device,
			struct span text);
struct record *saw_unknown(struct sightings *sightings, enum measure measure, const char *device,
			   const char *format, ...) __attribute__((format(printf, 4, 5)));
