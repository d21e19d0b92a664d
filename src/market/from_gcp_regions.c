#include "market/importers.h"

enum {
	ROWS_MAXIMUM = 1 << 20,
};

enum column {
	NAME,
	ZONE,
	COLUMNS,
};

static const char *const columns[COLUMNS] = {
	[NAME] = "NAME",
	[ZONE] = "ZONE",
};

static const struct csv_form form = {
	.separator = ';',
	.columns = columns,
	.column_count = COLUMNS,
	.required = COLUMNS,
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return csv_claims(&form, head);
}

/* The rows are no quotes: nothing is handed to the book but what cannot be read. The column is
 * called a zone and holds a region. */
static bool take(const struct csv_reader *reader, void *context, struct error *err)
{
	const struct import *import = reader->import;
	struct span type = csv_cell(reader, NAME), region = csv_cell(reader, ZONE);
	size_t *count = context;

	if (++*count > ROWS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: more than %d rows; split it", import->file,
			    ROWS_MAXIMUM);
	if (availability_add(import->regions, type, region))
		return true;
	return book_refuse(import->book, import->file, reader->lines.line,
			   type.length > 0 && region.length > 0 ? REFUSAL_TOO_LONG
								: REFUSAL_MALFORMED,
			   type, err);
}

static bool read_regions(const struct import *import, struct error *err)
{
	size_t count = 0;

	return csv_each(&form, import, take, &count, err);
}

const struct importer from_gcp_regions = {
	.name = "gcp-regions",
	.title = "where Google's machine types exist; its rows are no quotes",
	.first = true,
	.claims = claims,
	.read = read_regions,
};
