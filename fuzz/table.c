/*
 * Whatever the bytes, a table reads to its end or fails with a place, and its fields end with a
 * NUL; what the handbook takes as tables can be looked up, judged and checked. The first byte
 * chooses the table that the rest is read as; the others are empty but for their heads.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/table.h"
#include "check/handbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const heads[HANDBOOK_TABLE_COUNT] = {
	[HANDBOOK_XID] = "# assay/xid/v1\ncode\tmnemonic\tmeaning\tgenerations\timmediate_action\t"
			 "investigatory_action\traises_154\tclass\taction\toverride\tsource\n",
	[HANDBOOK_NVLINK5] =
		"# assay/nvlink5/v1\ncode\tunit\tmask_before_r575\tmask_from_r575\tstatus\t"
		"promote_mask_before_r575\tpromote_mask_from_r575\tpromote_class\t"
		"promote_action\timmediate_action\tinvestigatory_action\tseverity\tclass\t"
		"action\tsource\n",
	[HANDBOOK_SXID] = "# assay/sxid/v1\ncode\tmeaning\tseverity\tclass\taction\tsource\n",
	[HANDBOOK_AFID] = "# assay/afid/v1\ncode\tmeaning\tseverity\tclass\taction\tsource\n",
	[HANDBOOK_SHAPE] =
		"# assay/shape/v1\nmodel\tvendor\tpci_ids\tnames\tgeneration\tgpus_per_node\t"
		"links\tlink_gb_per_s\tpcie_generation\tpcie_width\tmemory_gib\t"
		"power_limit_w\thas_switch\tmulti_node_links\trdma_ports\trdma_gbit_per_s\t"
		"source\n",
	[HANDBOOK_FIGURES] =
		"# assay/figures/v1\nvendor\tmodel\tgpus\tnodes\tmetric\tsize\tvalue\tunit\t"
		"kind\ttool\tconditions\tsource\tcaution\n",
	[HANDBOOK_FLOORS] = "# assay/floors/v1\ncomponent\tbranch\tfloor\tfrom\tbefore\tadvisory\t"
			    "packaged_fix\tpublished\texpires\tsource\n",
};

static void check_table(struct span text)
{
	static const char *const columns[] = { "a", "b" };
	static const struct table_format format = { "assay/ab/v1", columns, 2 };
	SCOPED_ARENA(arena);
	struct table_reader reader;
	struct error err = { 0 };
	size_t rows = 0, most;

	if (!table_open(&reader, &format, "t", text, &arena, &err)) {
		assert(strncmp(err.text, "t: ", 3) == 0);
		return;
	}
	most = table_rows_at_most(&reader);
	for (;;) {
		enum table_step step = table_next(&reader, &err);
		uint32_t number;

		if (step == TABLE_END)
			return;
		if (step == TABLE_FAULT)
			break;
		assert(++rows <= most);
		assert(strlen(reader.cells[0].at) == reader.cells[0].length);
		assert(strlen(reader.cells[1].at) == reader.cells[1].length);
		(void)table_u32(&reader, 1, &number, NULL);
	}
	assert(strncmp(err.text, "t: line ", 8) == 0);
}

/* Asks for what the rows themselves name, so that something is found. */
static void look_up(const struct handbook *handbook)
{
	const uint32_t registers[] = { 0, 0 };

	for (size_t i = 0; i < handbook->xid_count; i++)
		assert(handbook_xid(handbook, handbook->xids[i].code) == &handbook->xids[i]);
	for (size_t i = 0; i < handbook->nvlink5_count; i++) {
		enum fault_class class = FAULT_CLASS_COUNT;

		if (handbook_nvlink5(handbook, handbook->nvlink5[i].code, registers, 2, 570,
				     &class))
			assert(class < FAULT_CLASS_COUNT);
	}
	for (size_t i = 0; i < handbook->shape_count; i++) {
		const struct shape_row *row = &handbook->shapes[i];
		const struct figure_query query = { .shape = row, .metric = "hbm_bw" };

		(void)handbook_shape(handbook, row->vendor, 0x2330, row->names);
		(void)handbook_shape(handbook, row->vendor, 0, row->model);
		(void)handbook_figure(handbook, &query);
	}
	for (size_t i = 0; i < handbook->floor_count; i++) {
		const struct floor_row *row = &handbook->floors[i], *by;
		const char *version = row->floor    ? row->floor
				      : row->before ? row->before
						    : row->from;

		if (version && floor_judge(handbook, row->component, span_of(version),
					   row->packaged_fix, row->expires, &by) == FLOOR_MET)
			assert(by && strcmp(by->component, row->component) == 0);
	}
}

static void check_handbook(enum handbook_table table, struct span text)
{
	struct span texts[HANDBOOK_TABLE_COUNT];
	SCOPED_ARENA(arena);
	SCOPED_TEXT(complaints);
	struct handbook handbook;
	struct error err = { 0 };

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++)
		texts[i] = span_of(heads[i]);
	texts[table] = span_of(arena_format(&arena, "%s%.*s", heads[table], SPAN_ARGS(text)));
	if (!handbook_read(texts, &arena, &handbook, &err)) {
		assert(err.text[0]);
		return;
	}
	look_up(&handbook);
	assert((handbook_lint(&handbook, 20000, &complaints) > 0) == (complaints.length > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text;

	/* The lint compares the bars with each other. */
	if (size == 0 || size > 1 << 14)
		return 0;
	text = (struct span){ .at = (const char *)data + 1, .length = size - 1 };
	check_table(text);
	check_handbook(data[0] % HANDBOOK_TABLE_COUNT, text);
	return 0;
}
