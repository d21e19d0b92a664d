#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/json.h"
#include "cli/evidence.h"

/* What lint has found so far. The set holds files without a fault of form; `others` are the
 * well-formed records of the other files. */
struct linting {
	const struct session *session;
	const struct standard *standard;
	struct evidence_set set;
	struct record *others;
	size_t other_count, other_room;
	size_t faults;
};

static void add_fault(struct linting *linting, const struct error *fault)
{
	text_format(linting->session->output, "%s\n", fault->text);
	linting->faults++;
}

static void keep(struct linting *linting, const struct record *record)
{
	ARENA_GROW(linting->session->arena, linting->others, linting->other_count,
		   linting->other_room);
	linting->others[linting->other_count++] = *record;
}

static void read_record(struct linting *linting, const struct node *map,
			const struct record_reading *how)
{
	SCOPED_TEXT(scratch);
	struct error fault = { 0 };
	struct record record;

	if (record_read_sealed(map, how, &scratch, &record, &fault))
		keep(linting, &record);
	else
		add_fault(linting, &fault);
}

static void read_document(struct linting *linting, struct span text, const char *file)
{
	SCOPED_ARENA(scratch);
	const struct node *root = NULL;
	const struct node *records;
	struct record_reading how = { .file = file, .arena = &linting->set.arena };

	if (!yaml_read(text, file, &scratch, &root, NULL))
		return;
	how.defaults = node_find(root, "defaults");
	records = node_find(root, "records");
	for (uint32_t i = 0; records && records->kind == NODE_LIST && i < records->count; i++)
		read_record(linting, &records->items[i], &how);
}

static void read_lines(struct linting *linting, struct span text, const char *file)
{
	const struct record_reading how = { .file = file,
					    .schema_required = true,
					    .arena = &linting->set.arena };
	uint32_t number = 0;
	struct span line;

	while (span_cut(&text, '\n', &line)) {
		SCOPED_ARENA(scratch);
		const struct node *map = NULL;
		struct error fault = { 0 };

		number++;
		if (span_trim(line).length == 0)
			continue;
		if (json_read(line, file, number, &scratch, &map, &fault))
			read_record(linting, map, &how);
		else
			add_fault(linting, &fault);
	}
}

/* Takes the file whole when its form is good, else record by record for all of its faults. */
static void lint_file(struct linting *linting, const struct evidence_file *file)
{
	SCOPED_ARENA(scratch);
	struct error fault = { 0 };
	struct span text;
	size_t faults = linting->faults;

	if (!read_evidence_file(linting->session, file, &scratch, &text, &fault)) {
		add_fault(linting, &fault);
		return;
	}
	if (file->lines ? evidence_set_add_lines(&linting->set, text, file->path, &fault)
			: evidence_set_add_yaml(&linting->set, text, file->path, &fault))
		return;
	if (file->lines)
		read_lines(linting, text, file->path);
	else
		read_document(linting, text, file->path);
	/* Nothing wrong with any record: then it is the file itself. */
	if (linting->faults == faults)
		add_fault(linting, &fault);
}

static int by_id(const void *left, const void *right)
{
	const struct record *a = *(const struct record *const *)left;
	const struct record *b = *(const struct record *const *)right;
	int order = strcmp(a->id, b->id);

	if (order == 0)
		order = strcmp(a->file, b->file);
	if (order == 0)
		order = a->line < b->line ? -1 : a->line > b->line;
	return order;
}

static void lint_record(struct linting *linting, const struct record *record,
			const struct record *before)
{
	struct error fault = { 0 };

	if (!standard_accepts(linting->standard, record, today(linting->session), &fault))
		add_fault(linting, &fault);
	if (!before || strcmp(before->id, record->id) != 0)
		return;
	(void)fail(&fault, ERROR_CONFLICT,
		   "%s: line %u: record id '%s' is used before, at %s line %u; give each record "
		   "its own id",
		   record->file, record->line, record->id, before->file, before->line);
	add_fault(linting, &fault);
}

static size_t lint_records(struct linting *linting)
{
	size_t count = linting->set.count + linting->other_count;
	const struct record **records =
		ARENA_ARRAY(linting->session->arena, const struct record *, count);

	for (size_t i = 0; i < linting->set.count; i++)
		records[i] = &linting->set.records[i];
	for (size_t i = 0; i < linting->other_count; i++)
		records[linting->set.count + i] = &linting->others[i];
	if (count > 0)
		qsort(records, count, sizeof(*records), by_id);
	for (size_t i = 0; i < count; i++)
		lint_record(linting, records[i], i > 0 ? records[i - 1] : NULL);
	return count;
}

int evidence_lint(const struct session *session, struct error *err)
{
	struct standard standard;
	struct linting linting = {
		.session = session,
		.standard = &standard,
		.set = { .threads = session->options->threads },
	};
	const struct evidence_file *files = NULL;
	size_t count = 0;

	if (!load_standard(session, &standard, err) || !find_evidence(session, &files, &count, err))
		return STATUS_ERROR;
	for (size_t i = 0; i < count; i++)
		lint_file(&linting, &files[i]);

	size_t records = lint_records(&linting);
	evidence_set_release(&linting.set);
	if (linting.faults == 0) {
		text_format(session->output, "%zu record%s in %zu file%s, no fault\n", records,
			    records == 1 ? "" : "s", count, count == 1 ? "" : "s");
		return STATUS_GOOD;
	}
	(void)fail(err, ERROR_INVALID,
		   "the evidence has %zu fault%s, listed on standard output; mend them there",
		   linting.faults, linting.faults == 1 ? "" : "s");
	return STATUS_DATA;
}
