#include <string.h>

#include "check/handbook_read.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The tables of fault codes: Xid, its decoding for NVLink 5, SXid and AFID. */

const char *const fault_class_names[FAULT_CLASS_COUNT] = {
	[FAULT_INFO] = "info",       [FAULT_APPLICATION] = "application",
	[FAULT_WATCH] = "watch",     [FAULT_DEGRADED] = "degraded",
	[FAULT_FATAL] = "fatal",     [FAULT_DECODE] = "decode",
	[FAULT_UNKNOWN] = "unknown",
};

const char *const gpu_generation_names[GENERATION_COUNT] = {
	[GENERATION_A100] = "A100",
	[GENERATION_H100] = "H100",
	[GENERATION_B100] = "B100",
	[GENERATION_GB200] = "GB200",
};

static const struct table_words classes = { fault_class_names, FAULT_CLASS_COUNT };

static bool read_class(const struct table_reader *reader, unsigned column,
		       enum fault_class *ret_class, struct error *err)
{
	unsigned index;

	if (!table_word(reader, column, &classes, &index, err))
		return false;
	*ret_class = (enum fault_class)index;
	return true;
}

static const char *text_or_empty(const struct table_reader *reader, unsigned column)
{
	return reader->cells[column].at;
}

/* Codes ascend, which also refuses a code that stands there twice. */
static bool read_code(const struct table_reader *reader, const uint32_t *previous,
		      uint32_t *ret_code, struct error *err)
{
	uint32_t code;

	if (reader->cells[0].length == 0)
		return table_fail(reader, 0, err, "has to be filled in");
	if (!table_u32(reader, 0, &code, err))
		return false;
	if (previous && code <= *previous)
		return table_fail(reader, 0, err,
				  "%u stands behind %u; each code has one row, in ascending order",
				  code, *previous);
	*ret_code = code;
	return true;
}

enum {
	XID_CODE,
	XID_MNEMONIC,
	XID_MEANING,
	XID_GENERATIONS,
	XID_IMMEDIATE,
	XID_INVESTIGATORY,
	XID_RAISES,
	XID_CLASS,
	XID_ACTION,
	XID_OVERRIDE,
	XID_SOURCE,
};

static const char *const xid_columns[] = {
	"code",
	"mnemonic",
	"meaning",
	"generations",
	"immediate_action",
	"investigatory_action",
	"raises_154",
	"class",
	"action",
	"override",
	"source",
};

static const struct table_format xid_format = {
	.schema = "assay/xid/v1",
	.columns = xid_columns,
	.column_count = COUNT(xid_columns),
};

static bool read_generations(const struct table_reader *reader, unsigned *ret_generations,
			     struct error *err)
{
	struct span rest = reader->cells[XID_GENERATIONS], name;
	unsigned generations = 0;

	while (span_cut(&rest, ' ', &name)) {
		unsigned i = 0;

		while (i < GENERATION_COUNT && !span_is(name, gpu_generation_names[i]))
			i++;
		if (i == GENERATION_COUNT)
			return table_fail(reader, XID_GENERATIONS, err,
					  "'%.*s' is none of: A100, H100, B100, GB200",
					  SPAN_ARGS(name));
		generations |= 1U << i;
	}
	*ret_generations = generations;
	return true;
}

/* "R565" and the like, the first driver branch that says 154 beside it, or "yes". */
static bool read_raises(const struct table_reader *reader, bool *ret_raises, struct error *err)
{
	struct span cell = reader->cells[XID_RAISES];
	uint64_t branch;

	if (cell.length > 0 && !span_is(cell, "yes") &&
	    !(cell.at[0] == 'R' &&
	      span_to_u64((struct span){ cell.at + 1, cell.length - 1 }, &branch)))
		return table_fail(reader, XID_RAISES, err,
				  "'%.*s' is no driver branch; write R565, yes or nothing",
				  SPAN_ARGS(cell));
	*ret_raises = cell.length > 0;
	return true;
}

static bool read_xid(const struct table_reader *reader, const struct xid_row *previous,
		     struct xid_row *row, struct error *err)
{
	row->mnemonic = text_or_empty(reader, XID_MNEMONIC);
	row->immediate_action = text_or_empty(reader, XID_IMMEDIATE);
	row->investigatory_action = text_or_empty(reader, XID_INVESTIGATORY);
	row->override = table_text(reader, XID_OVERRIDE);
	return read_code(reader, previous ? &previous->code : NULL, &row->code, err) &&
	       table_required(reader, XID_MEANING, &row->meaning, err) &&
	       read_generations(reader, &row->generations, err) &&
	       read_raises(reader, &row->raises_154, err) &&
	       read_class(reader, XID_CLASS, &row->class, err) &&
	       table_required(reader, XID_ACTION, &row->action, err) &&
	       table_required(reader, XID_SOURCE, &row->source, err);
}

bool handbook_read_xids(struct handbook_reading *reading, struct error *err)
{
	struct table_reader *reader = &reading->reader;
	struct xid_row *rows;
	size_t count = 0;
	enum table_step step;

	if (!handbook_open(reading, &xid_format, err))
		return false;
	rows = ARENA_ARRAY(reading->arena, struct xid_row, table_rows_at_most(reader));
	for (; (step = table_next(reader, err)) == TABLE_ROW; count++) {
		if (!read_xid(reader, count > 0 ? &rows[count - 1] : NULL, &rows[count], err))
			return false;
	}
	reading->handbook->xids = rows;
	reading->handbook->xid_count = count;
	return step == TABLE_END;
}

enum {
	NVLINK5_CODE,
	NVLINK5_UNIT,
	NVLINK5_MASK_BEFORE,
	NVLINK5_MASK_FROM,
	NVLINK5_STATUS,
	NVLINK5_PROMOTE_BEFORE,
	NVLINK5_PROMOTE_FROM,
	NVLINK5_PROMOTE_CLASS,
	NVLINK5_PROMOTE_ACTION,
	NVLINK5_IMMEDIATE,
	NVLINK5_INVESTIGATORY,
	NVLINK5_SEVERITY,
	NVLINK5_CLASS,
	NVLINK5_ACTION,
	NVLINK5_SOURCE,
};

static const char *const nvlink5_columns[] = {
	"code",
	"unit",
	"mask_before_r575",
	"mask_from_r575",
	"status",
	"promote_mask_before_r575",
	"promote_mask_from_r575",
	"promote_class",
	"promote_action",
	"immediate_action",
	"investigatory_action",
	"severity",
	"class",
	"action",
	"source",
};

static const struct table_format nvlink5_format = {
	.schema = "assay/nvlink5/v1",
	.columns = nvlink5_columns,
	.column_count = COUNT(nvlink5_columns),
};

enum {
	MASK_BITS = 32,
};

static bool read_mask(const struct table_reader *reader, unsigned column, const char **ret_mask,
		      struct error *err)
{
	struct span cell = reader->cells[column];

	if (cell.length > 0 && (cell.length != MASK_BITS || strspn(cell.at, "01-") != MASK_BITS))
		return table_fail(reader, column, err,
				  "'%.*s' is no mask: 32 characters, each 0, 1 or -",
				  SPAN_ARGS(cell));
	*ret_mask = table_text(reader, column);
	return true;
}

/* Nothing for any status, one, or two with a blank between them. */
static bool read_status(struct table_reader *reader, struct nvlink5_row *row, struct error *err)
{
	struct span cell = reader->cells[NVLINK5_STATUS], rest = cell, first;
	bool good;

	row->has_status = span_cut(&rest, ' ', &first);
	reader->cells[NVLINK5_STATUS] = first;
	good = !row->has_status || table_u32(reader, NVLINK5_STATUS, &row->status, err);
	row->status_too = row->status;
	reader->cells[NVLINK5_STATUS] = rest;
	if (good && row->has_status && rest.length > 0)
		good = table_u32(reader, NVLINK5_STATUS, &row->status_too, err);
	reader->cells[NVLINK5_STATUS] = cell;
	return good;
}

static bool read_promotion(const struct table_reader *reader, struct nvlink5_row *row,
			   struct error *err)
{
	row->promote_class = row->class;
	row->promote_action = NULL;
	if (!read_mask(reader, NVLINK5_PROMOTE_BEFORE, &row->promote_mask_before_r575, err) ||
	    !read_mask(reader, NVLINK5_PROMOTE_FROM, &row->promote_mask_from_r575, err))
		return false;
	if (!row->promote_mask_before_r575 && !row->promote_mask_from_r575) {
		if (reader->cells[NVLINK5_PROMOTE_CLASS].length > 0)
			return table_fail(reader, NVLINK5_PROMOTE_CLASS, err,
					  "there is no mask that it is for");
		return true;
	}
	return read_class(reader, NVLINK5_PROMOTE_CLASS, &row->promote_class, err) &&
	       table_required(reader, NVLINK5_PROMOTE_ACTION, &row->promote_action, err);
}

static bool read_nvlink5(struct table_reader *reader, struct nvlink5_row *row, struct error *err)
{
	row->immediate_action = text_or_empty(reader, NVLINK5_IMMEDIATE);
	row->investigatory_action = text_or_empty(reader, NVLINK5_INVESTIGATORY);
	return read_code(reader, NULL, &row->code, err) &&
	       table_required(reader, NVLINK5_UNIT, &row->unit, err) &&
	       read_mask(reader, NVLINK5_MASK_BEFORE, &row->mask_before_r575, err) &&
	       read_mask(reader, NVLINK5_MASK_FROM, &row->mask_from_r575, err) &&
	       read_status(reader, row, err) &&
	       table_required(reader, NVLINK5_SEVERITY, &row->severity, err) &&
	       read_class(reader, NVLINK5_CLASS, &row->class, err) &&
	       table_required(reader, NVLINK5_ACTION, &row->action, err) &&
	       table_required(reader, NVLINK5_SOURCE, &row->source, err) &&
	       read_promotion(reader, row, err);
}

bool handbook_read_nvlink5(struct handbook_reading *reading, struct error *err)
{
	struct table_reader *reader = &reading->reader;
	struct nvlink5_row *rows;
	size_t count = 0;
	enum table_step step;

	if (!handbook_open(reading, &nvlink5_format, err))
		return false;
	rows = ARENA_ARRAY(reading->arena, struct nvlink5_row, table_rows_at_most(reader));
	for (; (step = table_next(reader, err)) == TABLE_ROW; count++) {
		if (!read_nvlink5(reader, &rows[count], err))
			return false;
	}
	reading->handbook->nvlink5 = rows;
	reading->handbook->nvlink5_count = count;
	return step == TABLE_END;
}

enum {
	FAULT_ROW_CODE,
	FAULT_ROW_MEANING,
	FAULT_ROW_SEVERITY,
	FAULT_ROW_CLASS,
	FAULT_ROW_ACTION,
	FAULT_ROW_SOURCE,
};

static const char *const fault_columns[] = {
	"code", "meaning", "severity", "class", "action", "source",
};

static const struct table_format sxid_format = {
	.schema = "assay/sxid/v1",
	.columns = fault_columns,
	.column_count = COUNT(fault_columns),
};

static const struct table_format afid_format = {
	.schema = "assay/afid/v1",
	.columns = fault_columns,
	.column_count = COUNT(fault_columns),
};

static bool read_fault(const struct table_reader *reader, const struct fault_row *previous,
		       struct fault_row *row, struct error *err)
{
	return read_code(reader, previous ? &previous->code : NULL, &row->code, err) &&
	       table_required(reader, FAULT_ROW_MEANING, &row->meaning, err) &&
	       table_required(reader, FAULT_ROW_SEVERITY, &row->severity, err) &&
	       read_class(reader, FAULT_ROW_CLASS, &row->class, err) &&
	       table_required(reader, FAULT_ROW_ACTION, &row->action, err) &&
	       table_required(reader, FAULT_ROW_SOURCE, &row->source, err);
}

static bool read_faults(struct handbook_reading *reading, const struct table_format *format,
			const struct fault_row **ret_rows, size_t *ret_count, struct error *err)
{
	struct table_reader *reader = &reading->reader;
	struct fault_row *rows;
	size_t count = 0;
	enum table_step step;

	if (!handbook_open(reading, format, err))
		return false;
	rows = ARENA_ARRAY(reading->arena, struct fault_row, table_rows_at_most(reader));
	for (; (step = table_next(reader, err)) == TABLE_ROW; count++) {
		if (!read_fault(reader, count > 0 ? &rows[count - 1] : NULL, &rows[count], err))
			return false;
	}
	*ret_rows = rows;
	*ret_count = count;
	return step == TABLE_END;
}

bool handbook_read_sxids(struct handbook_reading *reading, struct error *err)
{
	return read_faults(reading, &sxid_format, &reading->handbook->sxids,
			   &reading->handbook->sxid_count, err);
}

bool handbook_read_afids(struct handbook_reading *reading, struct error *err)
{
	return read_faults(reading, &afid_format, &reading->handbook->afids,
			   &reading->handbook->afid_count, err);
}
