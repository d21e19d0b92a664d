#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "standard/compiled.h"
#include "standard/reading.h"

/* The files of a standard, read in the order that their names in each other need: the head, the
 * criteria by category, then grades and gates. */

enum file_kind {
	FILE_HEAD,
	FILE_GRADES,
	FILE_CRITERIA,
	FILE_KIND_COUNT,
};

static const char *const schemas[] = {
	[FILE_HEAD] = "assay/standard/v1",
	[FILE_GRADES] = "assay/grades/v1",
	[FILE_CRITERIA] = "assay/criteria/v1",
};

enum {
	THREADS = 4, /* the files are read side by side */
};

struct parsed {
	const struct standard_file *file;
	const struct node *root;
	enum file_kind kind;
	struct arena arena; /* of the tree, until it is joined to the caller's */
	struct error error;
	uint8_t hash[RECORD_HASH_BYTES]; /* of the file's bytes */
	bool failed;
};

/* The tree of a file that is as it was when the program was built; NULL of any other. */
static const struct node *find_compiled(const uint8_t hash[static RECORD_HASH_BYTES],
					struct arena *arena)
{
	for (size_t i = 0; i < compiled_document_count; i++)
		if (memcmp(compiled_documents[i].hash, hash, RECORD_HASH_BYTES) == 0)
			return tree_unpack(compiled_documents[i].tree, arena);
	return NULL;
}

static void parse_file(void *context, size_t item, unsigned worker)
{
	struct parsed *one = &((struct parsed *)context)[item];

	(void)worker;
	hash_bytes(one->file->text, one->hash);
	one->root = find_compiled(one->hash, &one->arena);
	if (one->root)
		return;
	/* A tree takes about five times the bytes of its text. */
	arena_reserve(&one->arena, 6 * one->file->text.length);
	one->failed =
		!yaml_read(one->file->text, one->file->name, &one->arena, &one->root, &one->error);
}

/* Reads every file; of several failures the first one's is told. */
static bool parse_files(struct parsed *parsed, size_t count, struct arena *arena, struct error *err)
{
	bool fine = true;

	parallel_for(count, THREADS, parse_file, parsed);
	for (size_t i = 0; i < count; i++) {
		arena_join(arena, &parsed[i].arena);
		if (parsed[i].failed && fine && err)
			*err = parsed[i].error;
		fine = fine && !parsed[i].failed;
	}
	return fine;
}

static bool tell_kind(struct parsed *parsed, struct error *err)
{
	const struct node *schema = node_find(parsed->root, "schema");

	if (!schema || schema->kind != NODE_SCALAR)
		return node_fail(parsed->root, parsed->file->name, err, ERROR_INVALID,
				 "'schema' is missing; a standard's file is %s, %s or %s",
				 schemas[0], schemas[1], schemas[2]);
	for (unsigned i = 0; i < FILE_KIND_COUNT; i++) {
		if (span_is(schema->text, schemas[i])) {
			parsed->kind = (enum file_kind)i;
			return true;
		}
	}
	return node_fail(schema, parsed->file->name, err, ERROR_UNSUPPORTED,
			 "schema '%.*s' is not known here; this version reads %s, %s and %s",
			 SPAN_ARGS(schema->text), schemas[0], schemas[1], schemas[2]);
}

static bool find_one(const struct parsed *parsed, size_t count, enum file_kind kind,
		     const struct parsed **ret_parsed, struct error *err)
{
	const struct parsed *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (parsed[i].kind != kind)
			continue;
		if (found)
			return fail(err, ERROR_CONFLICT, "%s: schema %s is in %s already",
				    parsed[i].file->name, schemas[kind], found->file->name);
		found = &parsed[i];
	}
	if (!found)
		return fail(err, ERROR_MISSING,
			    "the standard has no file of schema %s; add it to the folder",
			    schemas[kind]);
	*ret_parsed = found;
	return true;
}

struct named {
	const char *id;
	uint32_t index;
};

static int compare_named(const void *a, const void *b)
{
	const struct named *left = a, *right = b;
	int order = strcmp(left->id, right->id);

	return order ? order : (left->index > right->index) - (left->index < right->index);
}

bool standard_index(struct standard *standard, struct arena *arena, struct error *err)
{
	uint32_t count = standard->criterion_count;
	struct named *named = ARENA_ARRAY(arena, struct named, count);

	for (uint32_t i = 0; i < count; i++)
		named[i] = (struct named){ standard->criteria[i].id, i };
	qsort(named, count, sizeof(*named), compare_named);
	standard->by_id = ARENA_ARRAY(arena, uint32_t, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct criterion *one = &standard->criteria[named[i].index], *before;

		standard->by_id[i] = named[i].index;
		before = i > 0 ? &standard->criteria[named[i - 1].index] : NULL;
		if (before && strcmp(before->id, one->id) == 0)
			return fail(err, ERROR_CONFLICT,
				    "%s: line %u: criterion '%s' is there before, at %s line %u",
				    one->file, one->line, one->id, before->file, before->line);
	}
	return true;
}

static bool link_parents(struct standard *standard, const char *const *parents, struct error *err)
{
	for (uint32_t i = 0; i < standard->criterion_count; i++)
		if (parents[i])
			standard->criteria[i].parent =
				standard_find_criterion(standard, span_of(parents[i]));
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct criterion *one = &standard->criteria[i];
		const struct criterion *parent;

		if (!parents[i])
			continue;
		parent = one->parent >= 0 ? &standard->criteria[one->parent] : NULL;
		if (!parent || parent->category != one->category || parent->parent >= 0 ||
		    parent == one)
			return fail(err, ERROR_INVALID,
				    "%s: line %u: parent '%s' of '%s' is not a headline criterion "
				    "of the same category",
				    one->file, one->line, parents[i], one->id);
	}
	return true;
}

/* Orders criteria by category and within it as written, files by name, and tells each category
 * where its own begin. */
static void sort_criteria(struct standard *standard, const char **parents, struct arena *arena)
{
	uint32_t count = standard->criterion_count, at = 0;
	struct criterion *sorted = ARENA_ARRAY(arena, struct criterion, count);
	const char **named = ARENA_ARRAY(arena, const char *, count);

	for (uint32_t c = 0; c < standard->category_count; c++) {
		standard->categories[c].criteria_first = at;
		for (uint32_t i = 0; i < count; i++) {
			if (standard->criteria[i].category != c)
				continue;
			sorted[at] = standard->criteria[i];
			named[at++] = parents[i];
		}
		standard->categories[c].criteria_count =
			at - standard->categories[c].criteria_first;
	}
	standard->criteria = sorted;
	memcpy(parents, named, count * sizeof(*named));
}

static bool read_all_criteria(const struct parsed *parsed, size_t count, struct arena *arena,
			      struct standard *standard, struct error *err)
{
	uint32_t total = 0, read = 0;
	const char **parents;

	for (size_t i = 0; i < count; i++)
		if (parsed[i].kind == FILE_CRITERIA)
			total += standard_count_criteria(parsed[i].root);
	if (total == 0 || total > CRITERIA_MAXIMUM)
		return fail(err, ERROR_LIMIT, "the standard has %u criteria; it has 1 to %d", total,
			    CRITERIA_MAXIMUM);
	standard->criteria = ARENA_ARRAY(arena, struct criterion, total);
	parents = ARENA_ARRAY(arena, const char *, total);
	for (size_t i = 0; i < count; i++) {
		const struct reading from = { parsed[i].file->name, arena, standard, err };

		if (parsed[i].kind == FILE_CRITERIA &&
		    !standard_read_criteria(&from, parsed[i].root, parents, &read))
			return false;
	}
	standard->criterion_count = total;
	sort_criteria(standard, parents, arena);
	for (uint32_t c = 0; c < standard->category_count; c++)
		if (standard->categories[c].criteria_count == 0 ||
		    standard->categories[c].criteria_count > CATEGORY_CRITERIA_MAXIMUM)
			return fail(
				err, ERROR_LIMIT, "category '%s' has %u criteria; it has 1 to %d",
				standard->categories[c].id, standard->categories[c].criteria_count,
				CATEGORY_CRITERIA_MAXIMUM);
	return standard_index(standard, arena, err) && link_parents(standard, parents, err);
}

static const char *last_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static int compare_parsed(const void *a, const void *b)
{
	const struct parsed *left = a, *right = b;
	int order = strcmp(last_part(left->file->name), last_part(right->file->name));

	/* Folders are left out, so two files may share a name. */
	return order ? order : span_compare(left->file->text, right->file->text);
}

/* Over each file's name and the hash of its bytes. */
static void hash_files(const struct parsed *parsed, size_t count, struct standard *standard)
{
	SCOPED_TEXT(all);
	char line[RECORD_HASH_TEXT];

	for (size_t i = 0; i < count; i++)
		text_format(&all, "%s %s\n", last_part(parsed[i].file->name),
			    hash_format(parsed[i].hash, line));
	hash_bytes(text_span(&all), standard->hash);
}

bool standard_load(const struct standard_file *files, size_t count, struct arena *arena,
		   struct standard *ret_standard, struct error *err)
{
	struct standard standard = { 0 };
	struct parsed *parsed = ARENA_ARRAY(arena, struct parsed, count);
	const struct parsed *head, *grades;

	for (size_t i = 0; i < count; i++)
		parsed[i].file = &files[i];
	if (!parse_files(parsed, count, arena, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!tell_kind(&parsed[i], err))
			return false;
	if (count > 0)
		qsort(parsed, count, sizeof(*parsed), compare_parsed);
	if (!find_one(parsed, count, FILE_HEAD, &head, err) ||
	    !find_one(parsed, count, FILE_GRADES, &grades, err))
		return false;
	if (!standard_read_head(&(struct reading){ head->file->name, arena, &standard, err },
				head->root) ||
	    !read_all_criteria(parsed, count, arena, &standard, err) ||
	    !standard_read_grades(&(struct reading){ grades->file->name, arena, &standard, err },
				  grades->root))
		return false;
	hash_files(parsed, count, &standard);
	*ret_standard = standard;
	return true;
}
