#include "evidence/set.h"

#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"

void evidence_set_release(struct evidence_set *set)
{
	free(set->records);
	arena_release(&set->arena);
	*set = (struct evidence_set){ 0 };
}

bool evidence_set_reserve(struct evidence_set *set, size_t count, const char *file,
			  struct error *err)
{
	struct record *grown;

	if (count > EVIDENCE_RECORDS_MAXIMUM - set->count)
		return fail(err, ERROR_LIMIT,
			    "%s: more than %d records in the set; rate fewer files at a time", file,
			    EVIDENCE_RECORDS_MAXIMUM);
	if (set->count + count <= set->room)
		return true;
	grown = reallocarray(set->records, set->count + count, sizeof(*grown));
	if (!grown)
		memory_exhausted((set->count + count) * sizeof(*grown));
	set->records = grown;
	set->room = set->count + count;
	return true;
}

static bool check_yaml_head(const struct node *root, const char *file, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },
		{ "defaults", NODE_MAP, false },
		{ "records", NODE_LIST, true },
	};
	const struct node *schema = node_find(root, "schema"), *defaults;

	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, "assay/evidence/v1"))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not known here; this version reads "
				 "assay/evidence/v1",
				 SPAN_ARGS(schema->text));
	if (!node_expect(root, file, fields, 3, err))
		return false;
	defaults = node_find(root, "defaults");
	return !defaults || record_check_defaults(defaults, file, err);
}

bool evidence_set_add_yaml(struct evidence_set *set, struct span text, const char *file,
			   struct error *err)
{
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(canonical);
	const struct node *root, *records;
	struct record_reading how = { .arena = &set->arena };

	if (!yaml_read(text, file, &scratch, &root, err) || !check_yaml_head(root, file, err))
		return false;
	how.file = arena_string(&set->arena, span_of(file));
	how.defaults = node_find(root, "defaults");
	records = node_find(root, "records");
	if (!evidence_set_reserve(set, records->count, file, err))
		return false;
	/* A failure leaves the count as it was; the text of what was read stays in the arena. */
	for (uint32_t i = 0; i < records->count; i++)
		if (!record_read_sealed(&records->items[i], &how, &canonical,
					&set->records[set->count + i], err))
			return false;
	set->count += records->count;
	return true;
}

static int compare_records(const void *a, const void *b)
{
	const struct record *left = a, *right = b;
	int order = strcmp(left->id, right->id);

	/* Equal ids are refused; the rest of the order makes the message the same every time. */
	if (order == 0)
		order = strcmp(left->file, right->file);
	if (order == 0)
		order = (left->line > right->line) - (left->line < right->line);
	return order ? order : memcmp(left->hash, right->hash, RECORD_HASH_BYTES);
}

static int compare_hashes(const void *a, const void *b)
{
	return memcmp(a, b, RECORD_HASH_BYTES);
}

static void hash_set(struct evidence_set *set)
{
	struct hashing hashing;
	uint8_t(*hashes)[RECORD_HASH_BYTES] = calloc(set->count + 1, sizeof(*hashes));
	char text[RECORD_HASH_TEXT + 1];

	if (!hashes)
		memory_exhausted((set->count + 1) * sizeof(*hashes));
	for (size_t i = 0; i < set->count; i++)
		memcpy(hashes[i], set->records[i].hash, RECORD_HASH_BYTES);
	qsort(hashes, set->count, sizeof(*hashes), compare_hashes);
	hash_start(&hashing);
	for (size_t i = 0; i < set->count; i++) {
		hash_format(hashes[i], text);
		text[RECORD_HASH_TEXT - 1] = '\n';
		hash_more(&hashing, (struct span){ text, RECORD_HASH_TEXT });
	}
	hash_end(&hashing, set->hash);
	free(hashes);
}

bool evidence_set_finish(struct evidence_set *set, struct error *err)
{
	if (set->count > 0)
		qsort(set->records, set->count, sizeof(*set->records), compare_records);
	for (size_t i = 1; i < set->count; i++) {
		const struct record *a = &set->records[i - 1], *b = &set->records[i];

		if (strcmp(a->id, b->id) == 0)
			return fail(err, ERROR_CONFLICT,
				    "%s: line %u: record id '%s' is used before, at %s line %u; "
				    "give each record its own id",
				    b->file, b->line, b->id, a->file, a->line);
	}
	hash_set(set);
	return true;
}

date_t evidence_set_newest(const struct evidence_set *set)
{
	date_t newest = DATE_NONE;

	for (size_t i = 0; i < set->count; i++)
		if (!set->records[i].announced && set->records[i].observed > newest)
			newest = set->records[i].observed;
	return newest;
}

size_t evidence_set_observed(const struct evidence_set *set, date_t day)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += set->records[i].observed <= day;
	return count;
}

const struct record *evidence_set_find(const struct evidence_set *set, const char *id)
{
	const struct record key = { .id = id };
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(set->records[middle].id, key.id);

		if (order == 0)
			return &set->records[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
