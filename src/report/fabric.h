/*
 * What a fabric is made of and what is wrong with it, for people, for programs and as a drawing.
 */
#pragma once

#include "fabric/records.h"
#include "report/report.h"

enum {
	FABRIC_HOPS_RAILS = 64, /* rails that two hosts are compared on */
};

/* How far two hosts are from each other. */
struct fabric_between {
	const char *from, *to;             /* names; NULL: nothing was asked */
	unsigned hops;                     /* switches on the way, over any adapters; 0: none */
	unsigned rails[FABRIC_HOPS_RAILS]; /* the same on each rail */
	unsigned rail_count;
};

struct fabric_view {
	const struct layout *layout;
	struct layout_distances distances; /* of the compute fabric */
	struct fabric_between between;
	const char *source;
	const struct fabric_records *records; /* what is told of it: for FORMAT_LINES */
	bool all;                             /* each leaf group and each finding, however many */
};

/* FORMAT_TABLE for people, FORMAT_MARKDOWN the same. FORMAT_JSON is assay/fabric/v1
 * (data/schema/fabric.v1.json). FORMAT_SVG is a drawing, and FORMAT_HTML a page of drawing and
 * tables that needs no other file. FORMAT_LINES is records for assay rate --evidence, of which
 * there are none where nothing was told. */
void fabric_write(const struct fabric_view *view, enum report_format format,
		  const struct report_style *style, struct arena *arena, struct text *into);
