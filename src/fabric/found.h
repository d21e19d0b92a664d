/*
 * The JSON of a fabric that was found, as `assay fabric discover --format json` prints it
 * (data/schema/fabric-found.v1.json, written by report/fabric_found_json.c), read back. What was
 * counted, and how it was asked, is left out.
 */
#pragma once

#include "fabric/graph.h"

enum {
	FOUND_BYTES_MAXIMUM = 256 << 20,
};

#define FOUND_SCHEMA "assay/fabric-found/v1"

/* Adds its devices, cables and notes to the graph, which may hold those of other files. What
 * contradicts itself becomes a note; what is not of the schema is an error with its place, and then
 * the graph may hold a part. */
bool found_read(struct graph *graph, struct span text, const char *file, struct error *err);

/* Whether the text begins like one. */
bool found_is(struct span text);
