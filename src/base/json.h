/*
 * The face of jansson for reading, and a small deterministic writer: same calls, same bytes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/node.h"
#include "base/text.h"

enum {
	JSON_DEPTH_MAXIMUM_NODES = 32,
};

/* One JSON value. Duplicate keys, NaN, NUL, bytes that are not UTF-8, leftovers and more than
 * 32 levels of maps and lists are refused. `line` is the line of `file` on which `text` starts
 * (JSON Lines: one record a line): errors carry it with the column; nodes carry it without one,
 * and no line at all when `text` spans several. Numbers become scalars with quoted=false
 * (shortest form of at most 15 digits), true, false and null the scalars "true", "false", "null"
 * with quoted=false. */
bool json_read(struct span text, const char *file, uint32_t line, struct arena *arena,
	       const struct node **ret_root, struct error *err);

/* The same of what another program writes that gives a key of one map several values: the last one
 * counts. */
bool json_read_repeating(struct span text, const char *file, struct arena *arena,
			 const struct node **ret_root, struct error *err);

/* Writes JSON to `into`. `indent` 0 writes compact form, else that many blanks a level.
 * The caller keeps the grammar (an assert catches a value without its key) and stays below
 * 64 levels. `struct json_writer w = { .into = &text, .indent = 2 };` is ready. */
struct json_writer {
	struct text *into;
	unsigned indent;
	unsigned depth;
	uint64_t objects; /* bit n: level n is an object */
	bool after_value; /* a comma is due before the next value */
	bool after_key;
};

void json_open_object(struct json_writer *writer);
void json_close_object(struct json_writer *writer);
void json_open_array(struct json_writer *writer);
void json_close_array(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *key);

/* Values are put, because jansson owns the names json_string, json_integer and json_null.
 * Bytes that are not UTF-8 are written as U+FFFD. */
void json_put_string(struct json_writer *writer, const char *value); /* NULL writes null */
void json_put_span(struct json_writer *writer, struct span value);
void json_put_integer(struct json_writer *writer, int64_t value);
void json_put_bool(struct json_writer *writer, bool value);
void json_put_null(struct json_writer *writer);

/* A value that is JSON already; blanks and line ends around it are left out. */
void json_put_document(struct json_writer *writer, struct span document);

/* With exactly `decimals` (at most 20) digits after the point: 12.30. NaN and infinity write
 * null. */
void json_put_decimal(struct json_writer *writer, double value, unsigned decimals);

/* As number_format writes it: 3.5, 3200. NaN and infinity write null. */
void json_put_number(struct json_writer *writer, double value);

/* Key and value in one call. */
void json_pair_string(struct json_writer *writer, const char *key, const char *value);
void json_pair_integer(struct json_writer *writer, const char *key, int64_t value);
void json_pair_decimal(struct json_writer *writer, const char *key, double value,
		       unsigned decimals);
void json_pair_bool(struct json_writer *writer, const char *key, bool value);

/* The shortest decimal that reads back, locale-free, into `into`, which it returns. A value
 * that no 15 significant digits name exactly is rounded to 15. Zero has no sign; NaN and
 * infinity give "nan", "inf" and "-inf", which no reader here accepts. */
const char *number_format(double value, char into[static 32]);
