#include <string.h>

#include "check/handbook_read.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The tables of what hardware and software should be: shapes, figures and floors. */

enum {
	SHAPE_MODEL,
	SHAPE_VENDOR,
	SHAPE_PCI_IDS,
	SHAPE_NAMES,
	SHAPE_GENERATION,
	SHAPE_GPUS,
	SHAPE_LINKS,
	SHAPE_LINK_RATE,
	SHAPE_PCIE_GENERATION,
	SHAPE_PCIE_WIDTH,
	SHAPE_MEMORY,
	SHAPE_POWER,
	SHAPE_SWITCH,
	SHAPE_MULTI_NODE,
	SHAPE_RDMA_PORTS,
	SHAPE_RDMA_RATE,
	SHAPE_SOURCE,
};

static const char *const shape_columns[] = {
	"model",           "vendor",           "pci_ids",    "names",
	"generation",      "gpus_per_node",    "links",      "link_gb_per_s",
	"pcie_generation", "pcie_width",       "memory_gib", "power_limit_w",
	"has_switch",      "multi_node_links", "rdma_ports", "rdma_gbit_per_s",
	"source",
};

static const struct table_format shape_format = {
	.schema = "assay/shape/v1",
	.columns = shape_columns,
	.column_count = COUNT(shape_columns),
};

static bool read_scaled(const struct table_reader *reader, unsigned column, double scale,
			double *ret_value, struct error *err)
{
	double value;

	if (!table_number(reader, column, &value, err))
		return false;
	*ret_value = value * scale;
	return true;
}

static bool read_generation(const struct table_reader *reader, enum gpu_generation *ret_generation,
			    struct error *err)
{
	static const struct table_words words = { gpu_generation_names, GENERATION_COUNT };
	unsigned index = GENERATION_COUNT;

	if (reader->cells[SHAPE_GENERATION].length > 0 &&
	    !table_word(reader, SHAPE_GENERATION, &words, &index, err))
		return false;
	*ret_generation = (enum gpu_generation)index;
	return true;
}

/* Ids of four lower-case hexadecimal digits, with a blank between them. */
static bool read_pci_ids(const struct table_reader *reader, const char **ret_ids, struct error *err)
{
	struct span rest = reader->cells[SHAPE_PCI_IDS], id;

	while (span_cut(&rest, ' ', &id)) {
		size_t digits = 0;

		while (digits < id.length && strchr("0123456789abcdef", id.at[digits]))
			digits++;
		if (id.length != 4 || digits != 4)
			return table_fail(reader, SHAPE_PCI_IDS, err,
					  "'%.*s' is no device id, as 2330", SPAN_ARGS(id));
	}
	return table_required(reader, SHAPE_PCI_IDS, ret_ids, err);
}

static bool read_shape(const struct table_reader *reader, struct shape_row *row, struct error *err)
{
	const double giga = 1e9, gib = 1024.0 * 1024 * 1024;

	return table_required(reader, SHAPE_MODEL, &row->model, err) &&
	       table_required(reader, SHAPE_VENDOR, &row->vendor, err) &&
	       read_pci_ids(reader, &row->pci_ids, err) &&
	       table_required(reader, SHAPE_NAMES, &row->names, err) &&
	       read_generation(reader, &row->generation, err) &&
	       table_u32(reader, SHAPE_GPUS, &row->gpus_per_node, err) &&
	       table_u32(reader, SHAPE_LINKS, &row->links, err) &&
	       read_scaled(reader, SHAPE_LINK_RATE, giga, &row->link_bytes_per_s, err) &&
	       table_u32(reader, SHAPE_PCIE_GENERATION, &row->pcie_generation, err) &&
	       table_u32(reader, SHAPE_PCIE_WIDTH, &row->pcie_width, err) &&
	       read_scaled(reader, SHAPE_MEMORY, gib, &row->memory_bytes, err) &&
	       table_number(reader, SHAPE_POWER, &row->power_limit_w, err) &&
	       table_flag(reader, SHAPE_SWITCH, &row->has_switch, err) &&
	       table_flag(reader, SHAPE_MULTI_NODE, &row->multi_node_links, err) &&
	       table_u32(reader, SHAPE_RDMA_PORTS, &row->rdma_ports, err) &&
	       read_scaled(reader, SHAPE_RDMA_RATE, giga, &row->rdma_bits_per_s, err) &&
	       table_required(reader, SHAPE_SOURCE, &row->source, err);
}

bool handbook_read_shapes(struct handbook_reading *reading, struct error *err)
{
	struct table_reader *reader = &reading->reader;
	struct shape_row *rows;
	size_t count = 0;
	enum table_step step;

	if (!handbook_open(reading, &shape_format, err))
		return false;
	rows = ARENA_ARRAY(reading->arena, struct shape_row, table_rows_at_most(reader));
	for (; (step = table_next(reader, err)) == TABLE_ROW; count++) {
		if (!read_shape(reader, &rows[count], err))
			return false;
	}
	reading->handbook->shapes = rows;
	reading->handbook->shape_count = count;
	return step == TABLE_END;
}

enum {
	FIGURE_VENDOR,
	FIGURE_MODEL,
	FIGURE_GPUS,
	FIGURE_NODES,
	FIGURE_METRIC,
	FIGURE_SIZE,
	FIGURE_VALUE,
	FIGURE_UNIT,
	FIGURE_KIND,
	FIGURE_TOOL,
	FIGURE_CONDITIONS,
	FIGURE_SOURCE,
	FIGURE_CAUTION,
};

static const char *const figure_columns[] = {
	"vendor", "model", "gpus", "nodes",      "metric", "size",    "value",
	"unit",   "kind",  "tool", "conditions", "source", "caution",
};

static const struct table_format figure_format = {
	.schema = "assay/figures/v1",
	.columns = figure_columns,
	.column_count = COUNT(figure_columns),
};

static bool read_kind(const struct table_reader *reader, enum figure_kind *ret_kind,
		      struct error *err)
{
	static const char *const names[FIGURE_KIND_COUNT] = {
		[FIGURE_SPEC] = "spec",
		[FIGURE_MEASURED] = "measured",
		[FIGURE_THRESHOLD] = "threshold",
	};
	static const struct table_words words = { names, FIGURE_KIND_COUNT };
	unsigned index;

	if (!table_word(reader, FIGURE_KIND, &words, &index, err))
		return false;
	*ret_kind = (enum figure_kind)index;
	return true;
}

static bool read_figure(const struct table_reader *reader, struct figure_row *row,
			struct error *err)
{
	row->size = reader->cells[FIGURE_SIZE].at;
	row->tool = reader->cells[FIGURE_TOOL].at;
	row->conditions = reader->cells[FIGURE_CONDITIONS].at;
	row->caution = reader->cells[FIGURE_CAUTION].at;
	row->line = reader->line;
	if (reader->cells[FIGURE_VALUE].length == 0)
		return table_fail(reader, FIGURE_VALUE, err, "has to be filled in");
	return table_required(reader, FIGURE_VENDOR, &row->vendor, err) &&
	       table_required(reader, FIGURE_MODEL, &row->model, err) &&
	       table_u32(reader, FIGURE_GPUS, &row->gpus, err) &&
	       table_u32(reader, FIGURE_NODES, &row->nodes, err) &&
	       table_required(reader, FIGURE_METRIC, &row->metric, err) &&
	       table_number(reader, FIGURE_VALUE, &row->value, err) &&
	       table_required(reader, FIGURE_UNIT, &row->unit, err) &&
	       read_kind(reader, &row->kind, err) &&
	       table_required(reader, FIGURE_SOURCE, &row->source, err);
}

bool handbook_read_figures(struct handbook_reading *reading, struct error *err)
{
	struct table_reader *reader = &reading->reader;
	struct figure_row *rows;
	size_t count = 0;
	enum table_step step;

	if (!handbook_open(reading, &figure_format, err))
		return false;
	rows = ARENA_ARRAY(reading->arena, struct figure_row, table_rows_at_most(reader));
	for (; (step = table_next(reader, err)) == TABLE_ROW; count++) {
		if (!read_figure(reader, &rows[count], err))
			return false;
	}
	reading->handbook->figures = rows;
	reading->handbook->figure_count = count;
	return step == TABLE_END;
}

enum {
	FLOOR_COMPONENT,
	FLOOR_BRANCH,
	FLOOR_FLOOR,
	FLOOR_FROM,
	FLOOR_BEFORE,
	FLOOR_ADVISORY,
	FLOOR_PACKAGED,
	FLOOR_PUBLISHED,
	FLOOR_EXPIRES,
	FLOOR_SOURCE,
};

static const char *const floor_columns[] = {
	"component", "branch",       "floor",     "from",    "before",
	"advisory",  "packaged_fix", "published", "expires", "source",
};

static const struct table_format floor_format = {
	.schema = "assay/floors/v1",
	.columns = floor_columns,
	.column_count = COUNT(floor_columns),
};

static bool check_version(const struct table_reader *reader, unsigned column, struct error *err)
{
	struct span cell = reader->cells[column];
	int order;

	return cell.length == 0 || version_compare(cell, cell, &order) ||
	       table_fail(reader, column, err, "'%.*s' is no version", SPAN_ARGS(cell));
}

/* A row is a floor, the end of a branch, or a range. */
static bool read_bounds(const struct table_reader *reader, struct floor_row *row, struct error *err)
{
	bool range;

	row->end_of_life = span_is(reader->cells[FLOOR_FLOOR], "end-of-life");
	row->floor = row->end_of_life ? NULL : table_text(reader, FLOOR_FLOOR);
	row->from = table_text(reader, FLOOR_FROM);
	row->before = table_text(reader, FLOOR_BEFORE);
	range = row->from || row->before;
	if (range == (row->floor || row->end_of_life))
		return table_fail(reader, FLOOR_FLOOR, err,
				  "a row has either a floor or a range (from, before)");
	return (row->end_of_life || check_version(reader, FLOOR_FLOOR, err)) &&
	       check_version(reader, FLOOR_FROM, err) && check_version(reader, FLOOR_BEFORE, err);
}

static bool read_days(const struct table_reader *reader, struct floor_row *row, struct error *err)
{
	if (!table_date(reader, FLOOR_PUBLISHED, &row->published, err) ||
	    !table_date(reader, FLOOR_EXPIRES, &row->expires, err))
		return false;
	if (row->published == DATE_NONE || row->expires == DATE_NONE)
		return table_fail(reader, FLOOR_EXPIRES, err,
				  "a row says when it was published and when it is too old");
	return true;
}

static bool read_floor(const struct table_reader *reader, struct floor_row *row, struct error *err)
{
	row->advisory = reader->cells[FLOOR_ADVISORY].at;
	row->packaged_fix = table_text(reader, FLOOR_PACKAGED);
	if (!table_required(reader, FLOOR_COMPONENT, &row->component, err) ||
	    !table_required(reader, FLOOR_BRANCH, &row->branch, err))
		return false;
	if (strcmp(row->branch, "*") != 0 && !check_version(reader, FLOOR_BRANCH, err))
		return false;
	return read_bounds(reader, row, err) && read_days(reader, row, err) &&
	       table_required(reader, FLOOR_SOURCE, &row->source, err);
}

bool handbook_read_floors(struct handbook_reading *reading, struct error *err)
{
	struct table_reader *reader = &reading->reader;
	struct floor_row *rows;
	size_t count = 0;
	enum table_step step;

	if (!handbook_open(reading, &floor_format, err))
		return false;
	rows = ARENA_ARRAY(reading->arena, struct floor_row, table_rows_at_most(reader));
	for (; (step = table_next(reader, err)) == TABLE_ROW; count++) {
		if (!read_floor(reader, &rows[count], err))
			return false;
	}
	reading->handbook->floors = rows;
	reading->handbook->floor_count = count;
	return step == TABLE_END;
}
