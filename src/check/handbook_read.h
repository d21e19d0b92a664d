/* The readers of the single tables; handbook_read puts them together. */
#pragma once

#include "base/table.h"
#include "check/handbook.h"

/* One table on its way into the handbook. */
struct handbook_reading {
	const char *file;
	struct span text;
	struct table_reader reader;
	struct arena *arena;
	struct handbook *handbook;
};

/* Opens the reader on the text. */
bool handbook_open(struct handbook_reading *reading, const struct table_format *format,
		   struct error *err);

bool handbook_read_xids(struct handbook_reading *reading, struct error *err);
bool handbook_read_nvlink5(struct handbook_reading *reading, struct error *err);
bool handbook_read_sxids(struct handbook_reading *reading, struct error *err);
bool handbook_read_afids(struct handbook_reading *reading, struct error *err);
bool handbook_read_shapes(struct handbook_reading *reading, struct error *err);
bool handbook_read_figures(struct handbook_reading *reading, struct error *err);
bool handbook_read_floors(struct handbook_reading *reading, struct error *err);

extern const char *const gpu_generation_names[GENERATION_COUNT];
