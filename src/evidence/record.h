/*
 * One observed fact: about whom, what, which answer or value, when, by whom, how strong.
 * docs/evidence.md says what each field means; everything a record points to lives in the arena
 * of the set that holds it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/node.h"
#include "base/text.h"

enum subject_part {
	SUBJECT_PROVIDER,
	SUBJECT_PRODUCT,
	SUBJECT_REGION,
	SUBJECT_GPU,
	SUBJECT_CLUSTER,
	SUBJECT_NODE,
	SUBJECT_DEVICE,
	SUBJECT_PART_COUNT,
};

/* The parts that make a rated unit; cluster, node and device say where inside it. */
enum {
	SUBJECT_UNIT_PARTS = SUBJECT_GPU + 1,
};

struct subject {
	const char *parts[SUBJECT_PART_COUNT]; /* NULL where not given; the provider always is */
};

enum evidence_kind {
	KIND_MEASUREMENT,
	KIND_DOCUMENT,
	KIND_ANSWER,
	KIND_STATEMENT,
	KIND_PRICE,
	KIND_COUNT,
};

enum strength {
	STRENGTH_E0,
	STRENGTH_E1,
	STRENGTH_E2,
	STRENGTH_E3,
	STRENGTH_E4,
	STRENGTH_COUNT,
};

enum record_says {
	SAYS_ANSWER,         /* text is one of the criterion's answers */
	SAYS_VALUE,          /* value in unit */
	SAYS_NOT_APPLICABLE, /* text is the reason */
	SAYS_WITHHELD,       /* asked and not shown; text is the reason */
	SAYS_TEXT,           /* a remark, or a line as it was written; settles nothing */
	SAYS_STATE,          /* text is the state of a part of a node */
	SAYS_UNKNOWN,        /* it was looked for and could not be told; text is the reason */
	SAYS_COUNT,
};

struct source {
	const char *name;                             /* never NULL */
	const char *publisher, *url, *tool, *version; /* NULL when not given */
};

enum {
	RECORD_HASH_BYTES = 32,
	RECORD_HASH_TEXT = 7 + 2 * RECORD_HASH_BYTES + 1, /* "sha256:…" and NUL */
	RECORD_EXCERPT_MAXIMUM = 2000,
	RECORD_LINE_MAXIMUM = 64 << 10,
	RECORD_DEVICE_MAXIMUM = 200,
};

struct record {
	const char *id;
	struct subject subject;
	const char *what; /* a criterion, a measure, "name.*" (withheld only), "remark" … */
	enum record_says says;
	const char *text; /* NULL for SAYS_VALUE */
	double value;
	const char *unit;
	enum evidence_kind kind;
	enum strength strength;
	date_t observed;
	int64_t time;   /* seconds since the epoch, at the latest of the day of `observed`: when it
			 * was so, as the time of a line of a log; 0 when only the day is known */
	date_t expires; /* DATE_NONE: the criterion's expiry counts */
	bool announced; /* not true yet */
	date_t due;     /* of an announced fact; DATE_NONE when no day was given */
	struct source source;
	const char *excerpt; /* NULL when not given */
	const char *file;    /* where it was read, for errors */
	uint32_t line;
	uint8_t hash[RECORD_HASH_BYTES];
};

extern const char *const subject_part_names[SUBJECT_PART_COUNT];
extern const char *const evidence_kind_names[KIND_COUNT];
extern const char *const strength_names[STRENGTH_COUNT];
extern const char *const record_says_names[SAYS_COUNT]; /* the field that says it: "answer" … */

bool strength_parse(struct span text, enum strength *ret_strength);

/* "google/a3-mega"; a part that is skipped before a given one is a star; at most `parts`
 * parts are named. */
const char *subject_name(const struct subject *subject, unsigned parts, struct arena *arena);

/* True when every part that `wide` gives, `narrow` gives too, and the same. Equal covers equal. */
bool subject_covers(const struct subject *wide, const struct subject *narrow, unsigned parts);

/* How many of the first `parts` parts are given. */
unsigned subject_depth(const struct subject *subject, unsigned parts);

/* True when a file's `defaults` hold fields that its records may share, and no other. */
bool record_check_defaults(const struct node *defaults, const char *file, struct error *err);

/* How records of one file are read. */
struct record_reading {
	const char *file;            /* for errors; records keep it */
	const struct node *defaults; /* fields that all records share; NULL without */
	bool schema_required;        /* each record carries its own schema: JSON Lines */
	struct arena *arena;         /* takes the records' text */
};

/* Reads one record from a map (YAML or JSON). Does not compute the hash; when the map has one
 * it is put into record->hash and *ret_has_hash is true. */
bool record_read(const struct node *map, const struct record_reading *how,
		 struct record *ret_record, bool *ret_has_hash, struct error *err);

/* Reads one record and seals it; a hash that the map has and that does not fit is refused.
 * `scratch` is cleared and used. */
bool record_read_sealed(const struct node *map, const struct record_reading *how,
			struct text *scratch, struct record *ret_record, struct error *err);

/* Appends the canonical JSON, without a newline; `with_hash` decides about the hash field. */
void record_write(const struct record *record, bool with_hash, struct text *into);

/* Computes the hash of the canonical form into record->hash. `scratch` is cleared and used. */
void record_seal(struct record *record, struct text *scratch);

/* "sha256:…" of 32 bytes. */
const char *hash_format(const uint8_t hash[RECORD_HASH_BYTES], char into[static RECORD_HASH_TEXT]);
bool hash_parse(struct span text, uint8_t ret_hash[RECORD_HASH_BYTES]);

/* SHA-256 of the bytes. */
void hash_bytes(struct span bytes, uint8_t ret_hash[RECORD_HASH_BYTES]);

/* The same of bytes that come in pieces. `opaque` has room for the state of SHA-256. */
struct hashing {
	uint64_t opaque[16];
};

void hash_start(struct hashing *hashing);
void hash_more(struct hashing *hashing, struct span bytes);
void hash_end(struct hashing *hashing, uint8_t ret_hash[RECORD_HASH_BYTES]);
