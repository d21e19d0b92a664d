/*
 * Pieces of the inventory that its forms share.
 */
#pragma once

#include "base/json.h"
#include "report/inventory.h"
#include "report/wrap.h"

/* What belongs together. */
struct inventory_section {
	const char *name;             /* in JSON */
	const enum measure *measures; /* in the order that they are told in */
	unsigned count;
};

extern const struct inventory_section inventory_sections[];
extern const size_t inventory_section_count;

/* A number of bytes with the binary unit that suits it: "80 GiB", "48 KiB". */
const char *bytes_text(double bytes, struct arena *arena);

/* What the record says, in units for people; "-" for NULL, "unknown" for what is. */
const char *fact_text(const struct record *record, struct arena *arena);

/* How a machine differs from what its GPU model asks for. */
struct shape_difference {
	const char *what;     /* "links that are up" */
	const char *device;   /* NULL: the node */
	const char *expected; /* with its unit */
	const char *is;       /* NULL: not known */
	const char *why;      /* not known; NULL when it is */
};

/* Against machine->shape, which is not NULL; what the shape does not state is not compared. */
size_t inventory_shape(const struct machine *machine, struct arena *arena,
		       struct shape_difference **ret_differences);

/* How many links of the GPU were seen, and how many of them are up. */
void inventory_links(const struct machine *machine, const char *gpu, unsigned *ret_up,
		     unsigned *ret_seen);

/* Of an inventory for people: what each piece is written with. */
struct inventory_writing {
	const struct inventory *inventory;
	const struct report_style *style;
	struct arena *arena;
	struct text *into;
};

/* The PCI functions as an indented tree, each with its link. */
void inventory_add_tree(const struct inventory_writing *write);

void inventory_write_table(const struct inventory *inventory, const struct report_style *style,
			   struct text *into);
void inventory_write_json(const struct inventory *inventory, struct text *into);
