/*
 * The text that ibnetdiscover prints of an InfiniBand fabric, read into a graph and written from
 * one. docs/fabric.md tells the form. Reading is one pass over the text and linear in its links;
 * what it says of a device once is taken, what it contradicts itself in becomes a note, and what is
 * no such text is an error with its line.
 */
#pragma once

#include "base/stream.h"
#include "base/text.h"
#include "fabric/graph.h"

enum {
	IBNETDISCOVER_BYTES_MAXIMUM = 1 << 30,
	IBNETDISCOVER_LINE_MAXIMUM = 1000,
};

/* Whether the text begins like one. */
bool ibnetdiscover_is(struct span text);

/* Adds the devices and links of the text to the graph, which may hold those of other texts: a
 * device that another text told of is the same device. `file` stands in errors and notes. A text
 * that ends within a line or within a device leaves GRAPH_NOTE_CUT and the graph partial; so does
 * a cable to a device that the text does not describe. On failure the graph is not to be used. */
bool ibnetdiscover_read(struct graph *graph, struct span text, const char *file, struct error *err);

/* The same of a text that is not in memory: `open` begins it anew each time, and what it gave
 * before is done with. Once is enough, and a second time is needed where cables name devices that
 * the text describes nowhere. */
struct ibnetdiscover_text {
	bool (*open)(void *context, struct byte_source *ret_source, struct error *err);
	void *context;
	unsigned threads; /* that read it, one after the other, and understand it side by side; 0 is
			   * 1. The graph does not depend on it */
};

bool ibnetdiscover_read_again(struct graph *graph, const struct ibnetdiscover_text *text,
			      const char *file, struct error *err);

/* Appends a text that reads back to the same graph; that it is partial, and its notes, are comments
 * to other readers. Devices and ports stand in the graph's order, so that the same graph gives the
 * same bytes. Rates that are not known to InfiniBand are written as unknown. */
void ibnetdiscover_write(const struct graph *graph, struct text *into);
