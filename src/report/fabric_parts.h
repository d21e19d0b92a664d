/* The forms behind fabric_write. */
#pragma once

#include "report/fabric.h"
#include "report/page.h"

void fabric_write_page(const struct fabric_view *view, const struct page *page);
void fabric_write_json(const struct fabric_view *view, struct arena *arena, struct text *into);
/* `has_words`: with the gravest findings below it, since no table goes with it. */
void fabric_write_svg(const struct fabric_view *view, bool has_words, struct arena *arena,
		      struct text *into);
void fabric_write_records(const struct fabric_view *view, struct text *into);

/* "400 Gb/s", "1.6 Tb/s", "?" for 0. */
const char *fabric_rate_text(double mbit_per_s, struct arena *arena);

/* "1.20"; "-" for what there is not. */
const char *fabric_ratio_text(double ratio, struct arena *arena);

/* The worst weight of the findings at each node of the graph, WEIGHT_COUNT without one. */
const uint8_t *fabric_marks(const struct layout *layout, struct arena *arena);

/* The same of each host. */
const uint8_t *fabric_host_marks(const struct layout *layout, struct arena *arena);
