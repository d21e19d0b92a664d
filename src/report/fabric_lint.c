#include "report/fabric_lint.h"

#include "report/json_parts.h"
#include "report/page.h"
#include "report/phrase.h"

static uint32_t count_nodes(const struct slurm_file *file)
{
	uint32_t nodes = 0;

	for (uint32_t i = 0; i < file->count; i++)
		nodes += file->topologies[i].nodes.count;
	return nodes;
}

static uint32_t count_units(const struct slurm_file *file)
{
	uint32_t units = 0;

	for (uint32_t i = 0; i < file->count; i++)
		units += file->topologies[i].unit_count;
	return units;
}

static uint32_t count_all(const struct slurm_findings *findings)
{
	uint32_t all = 0;

	for (unsigned i = 0; i < SLURM_WEIGHT_COUNT; i++)
		all += findings->counts[i];
	return all;
}

static void put_finding(struct json_writer *writer, const struct slurm_finding *finding)
{
	json_open_object(writer);
	json_pair_string(writer, "rule", slurm_rule_names[finding->rule]);
	json_pair_string(writer, "weight", slurm_weight_names[finding->weight]);
	json_key(writer, "line");
	if (finding->line > 0)
		json_put_integer(writer, finding->line);
	else
		json_put_null(writer);
	json_pair_string(writer, "subject", finding->subject[0] != '\0' ? finding->subject : NULL);
	json_pair_string(writer, "says", finding->says);
	json_pair_string(writer, "advice", finding->advice);
	json_close_object(writer);
}

static void write_json(const struct fabric_lint *lint, struct text *into)
{
	const struct slurm_findings *findings = lint->findings;
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/fabric-lint/v1");
	json_pair_string(&writer, "file", lint->file->path);
	json_pair_string(&writer, "form", lint->file->is_yaml ? "topology.yaml" : "topology.conf");
	json_pair_string(&writer, "fabric", lint->placement ? lint->placement->source : NULL);
	json_pair_bool(&writer, "partial", lint->placement && lint->placement->is_partial);
	json_pair_integer(&writer, "units", count_units(lint->file));
	json_pair_integer(&writer, "nodes", count_nodes(lint->file));
	json_key(&writer, "counts");
	json_open_object(&writer);
	for (unsigned i = 0; i < SLURM_WEIGHT_COUNT; i++)
		json_pair_integer(&writer, slurm_weight_names[i], findings->counts[i]);
	json_close_object(&writer);
	json_key(&writer, "findings");
	json_open_array(&writer);
	for (uint32_t i = 0; i < findings->kept; i++)
		put_finding(&writer, &findings->items[i]);
	json_close_array(&writer);
	json_close_document(&writer);
}

static void add_rows(const struct fabric_lint *lint, bool is_csv, struct table *table)
{
	static const enum tint tints[] = {
		[SLURM_FAILS] = TINT_BAD,
		[SLURM_WARNS] = TINT_WARN,
		[SLURM_UNKNOWN] = TINT_DIM,
	};

	for (uint32_t i = 0; i < lint->findings->kept; i++) {
		const struct slurm_finding *finding = &lint->findings->items[i];

		if (finding->line > 0)
			table_format(table, "%u", finding->line);
		else
			table_cell(table, is_csv ? "" : "-");
		table_tinted(table, tints[finding->weight], slurm_weight_names[finding->weight]);
		table_cell(table, slurm_rule_names[finding->rule]);
		table_cell(table, finding->subject);
		if (is_csv) {
			table_cell(table, finding->says);
			table_cell(table, finding->advice);
		} else {
			table_format(table, "%s\nTo do: %s", finding->says, finding->advice);
		}
	}
}

static void write_csv(const struct fabric_lint *lint, const struct report_style *style,
		      struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "line", .right = true },
		{ .title = "weight" },
		{ .title = "rule" },
		{ .title = "subject" },
		{ .title = "says" },
		{ .title = "advice" },
	};
	TABLE(table, columns, arena);

	add_rows(lint, true, &table);
	table_write(&table, FORMAT_CSV, style, into);
}

static void add_foot(const struct page *page, const struct fabric_lint *lint)
{
	const struct slurm_findings *findings = lint->findings;
	struct arena *arena = page->arena;

	if (count_all(findings) == 0)
		page_paragraph(page, "Nothing is wrong with it.");
	else
		page_paragraph(page, "%s: %u fail, %u warn, %u could not be compared.",
			       count_text(count_all(findings), "finding", arena),
			       findings->counts[SLURM_FAILS], findings->counts[SLURM_WARNS],
			       findings->counts[SLURM_UNKNOWN]);
	if (count_all(findings) > findings->kept)
		page_paragraph(page, "Only the first %u of them are shown.", findings->kept);
	if (!lint->placement)
		page_paragraph(page,
			       "By Slurm's rules alone: no fabric was given to compare with.");
	else if (lint->placement->is_partial)
		page_paragraph(page, "The fabric was not seen as a whole: what agrees with it may "
				     "still be wrong.");
}

void fabric_lint_write(const struct fabric_lint *lint, enum report_format format,
		       const struct report_style *style, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "line", .right = true },
		{ .title = "weight" },
		{ .title = "rule" },
		{ .title = "of" },
		{ .title = "what, and what to do" },
	};
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};
	TABLE(table, columns, &arena);

	if (format == FORMAT_JSON) {
		write_json(lint, into);
		return;
	}
	if (format == FORMAT_CSV) {
		write_csv(lint, style, &arena, into);
		return;
	}
	page_title(&page, "%s: %u switches or blocks, %s", lint->file->path,
		   count_units(lint->file), count_text(count_nodes(lint->file), "node", &arena));
	if (lint->placement)
		page_paragraph(&page, "Held against %s.", lint->placement->source);
	if (lint->findings->kept > 0) {
		add_rows(lint, false, &table);
		page_table(&page, &table);
	}
	add_foot(&page, lint);
}
