#include "check/claims.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	enum claim_trap trap;
} traps[] = {
	{ "both-directions", CLAIM_BOTH_DIRECTIONS },
	{ "sparsity", CLAIM_SPARSITY },
	{ "up-to", CLAIM_UP_TO },
	{ "about", CLAIM_ABOUT },
};

struct claims_file {
	const char *file;
	struct arena *arena;
	const char *source; /* of the file; NULL when it gives none */
	date_t day;         /* DATE_NONE when it gives none */
};

static bool read_text(const struct claims_file *from, const struct node *node,
		      const char **ret_text, struct error *err)
{
	size_t length = node ? node->text.length : 0;

	if (!node)
		return true;
	if (length == 0 || length > CLAIM_TEXT_MAXIMUM)
		return node_fail(node, from->file, err, ERROR_INVALID,
				 "a text has 1 to %d bytes; shorten it", CLAIM_TEXT_MAXIMUM);
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)node->text.at[i] < ' ')
			return node_fail(node, from->file, err, ERROR_INVALID,
					 "a text stands on one line; leave out control characters");
	}
	*ret_text = arena_string(from->arena, node->text);
	return true;
}

/* "name, address" of a map, or a text. */
static bool read_source(const struct claims_file *from, const struct node *node,
			const char **ret_source, struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "name", .kind = NODE_SCALAR, .required = true },
		{ .name = "url", .kind = NODE_SCALAR },
	};
	const char *name = NULL, *url = NULL;

	if (!node)
		return true;
	if (node->kind == NODE_SCALAR)
		return read_text(from, node, ret_source, err);
	if (!node_expect(node, from->file, fields, COUNT(fields), err) ||
	    !read_text(from, node_find(node, "name"), &name, err) ||
	    !read_text(from, node_find(node, "url"), &url, err))
		return false;
	*ret_source = url ? arena_format(from->arena, "%s, %s", name, url) : name;
	return true;
}

static bool read_day(const struct claims_file *from, const struct node *node, date_t *ret_day,
		     struct error *err)
{
	if (!node)
		return true;
	return date_parse(node->text, ret_day) ||
	       node_fail(node, from->file, err, ERROR_INVALID, "'%.*s' is no day; write YYYY-MM-DD",
			 SPAN_ARGS(node->text));
}

static bool read_kind(const struct claims_file *from, const struct node *node,
		      enum claim_kind *ret_kind, struct error *err)
{
	SCOPED_TEXT(known);

	for (unsigned i = 0; i < CLAIM_KIND_COUNT; i++) {
		if (span_is(node->text, claim_rows[i].name)) {
			*ret_kind = (enum claim_kind)i;
			return true;
		}
		text_format(&known, "%s %s", i > 0 ? "," : "", claim_rows[i].name);
	}
	return node_fail(node, from->file, err, ERROR_INVALID,
			 "'%.*s' is nothing that can be held against a node; it is one of%s",
			 (int)(node->text.length < 40 ? node->text.length : 40), node->text.at,
			 text_string(&known));
}

static bool fail_unit(const struct claims_file *from, const struct node *at,
		      const struct claim_row *row, struct error *err)
{
	SCOPED_TEXT(known);

	claim_units_write(row, &known);
	return node_fail(at, from->file, err, ERROR_INVALID, "'%s' is in one of:%s", row->name,
			 text_string(&known));
}

static bool read_number(const struct claims_file *from, const struct node *map, const char *field,
			const struct claim_row *row, double *ret_value, struct error *err)
{
	const struct node *value = node_find(map, field), *unit = node_find(map, "unit");
	double number, factor = unit ? claim_unit_factor(row, unit->text) : 0;

	if (!value)
		return true;
	if (!span_to_double(value->text, &number) || !(number > 0) || number > 1e15)
		return node_fail(value, from->file, err, ERROR_INVALID,
				 "%s: '%.*s' is no number above 0; the unit stands under 'unit'",
				 field, (int)(value->text.length < 40 ? value->text.length : 40),
				 value->text.at);
	if (!(factor > 0))
		return fail_unit(from, unit ? unit : value, row, err);
	*ret_value = number * factor;
	return true;
}

static bool read_amount(const struct claims_file *from, const struct node *map, struct claim *claim,
			struct error *err)
{
	const struct claim_row *row = &claim_rows[claim->kind];
	const struct node *is = node_find(map, "is"), *value = node_find(map, "value");
	const struct node *front = node_find(map, "front-end");

	if (!row->unit && (!is || value))
		return node_fail(map, from->file, err, ERROR_INVALID,
				 "'%s' is a word; give it as 'is'", row->name);
	if (row->unit && (is || !value))
		return node_fail(map, from->file, err, ERROR_INVALID,
				 "'%s' is a number; give 'value' and 'unit'", row->name);
	if (front && claim->kind != CLAIM_NODE_BANDWIDTH)
		return node_fail(front, from->file, err, ERROR_INVALID,
				 "only 'node-bandwidth' has a 'front-end'");
	if (!row->unit)
		return read_text(from, is, &claim->word, err);
	if (!read_number(from, map, "value", row, &claim->value, err) ||
	    !read_number(from, map, "front-end", row, &claim->front_end, err))
		return false;
	if (claim->front_end >= claim->value)
		return node_fail(front, from->file, err, ERROR_INVALID,
				 "the front end is a part of the value; give less");
	if (claim->kind == CLAIM_UPTIME && claim->value > 100)
		return node_fail(value, from->file, err, ERROR_INVALID,
				 "an availability is 100 %% at most");
	return true;
}

static bool read_traps(const struct claims_file *from, const struct node *list, struct claim *claim,
		       struct error *err)
{
	for (uint32_t i = 0; list && i < list->count; i++) {
		const struct node *one = &list->items[i];
		size_t at = 0;

		while (at < COUNT(traps) &&
		       (one->kind != NODE_SCALAR || !span_is(one->text, traps[at].name)))
			at++;
		if (at == COUNT(traps))
			return node_fail(one, from->file, err, ERROR_INVALID,
					 "'counts' may have both-directions, sparsity, up-to and "
					 "about");
		claim->traps |= traps[at].trap;
	}
	return true;
}

static bool read_folder(const struct claims_file *from, const struct node *map, struct claim *claim,
			struct error *err)
{
	const struct node *folder = node_find(map, "folder");
	const struct claim_row *row = &claim_rows[claim->kind];

	if (folder && !row->has_folder)
		return node_fail(folder, from->file, err, ERROR_INVALID, "'%s' has no folder",
				 row->name);
	if (row->has_folder && (!folder || folder->text.length == 0 || folder->text.at[0] != '/'))
		return node_fail(folder ? folder : map, from->file, err, ERROR_INVALID,
				 "'%s' needs the 'folder' that it was sold for, absolute",
				 row->name);
	return read_text(from, folder, &claim->folder, err);
}

static bool read_claim(const struct claims_file *from, const struct node *map, struct claim *claim,
		       struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "what", .kind = NODE_SCALAR, .required = true },
		{ .name = "is", .kind = NODE_SCALAR },
		{ .name = "value", .kind = NODE_SCALAR },
		{ .name = "unit", .kind = NODE_SCALAR },
		{ .name = "front-end", .kind = NODE_SCALAR },
		{ .name = "counts", .kind = NODE_LIST },
		{ .name = "folder", .kind = NODE_SCALAR },
		{ .name = "words", .kind = NODE_SCALAR },
		{ .name = "source", .kind = NODE_ANY },
		{ .name = "day", .kind = NODE_SCALAR },
	};

	*claim = (struct claim){ .source = from->source, .day = from->day, .line = map->line };
	if (!node_expect(map, from->file, fields, COUNT(fields), err) ||
	    !read_kind(from, node_find(map, "what"), &claim->kind, err) ||
	    !read_amount(from, map, claim, err) ||
	    !read_traps(from, node_find(map, "counts"), claim, err) ||
	    !read_folder(from, map, claim, err) ||
	    !read_text(from, node_find(map, "words"), &claim->sold_as, err) ||
	    !read_source(from, node_find(map, "source"), &claim->source, err) ||
	    !read_day(from, node_find(map, "day"), &claim->day, err))
		return false;
	if (!claim->source || claim->day == DATE_NONE)
		return node_fail(map, from->file, err, ERROR_INVALID,
				 "a claim needs a 'source' and the 'day' as sold, its own or the "
				 "file's");
	return true;
}

static bool is_again(const struct claim *items, size_t count)
{
	const struct claim *last = &items[count];

	for (size_t i = 0; i < count; i++) {
		if (items[i].kind == last->kind &&
		    (!last->folder || strcmp(items[i].folder, last->folder) == 0))
			return true;
	}
	return false;
}

static bool read_list(const struct claims_file *from, const struct node *list,
		      struct claims *claims, struct error *err)
{
	struct claim *items;

	if (list->count == 0 || list->count > CLAIMS_MAXIMUM)
		return node_fail(list, from->file, err, ERROR_INVALID, "a file has 1 to %d claims",
				 CLAIMS_MAXIMUM);
	items = ARENA_ARRAY(from->arena, struct claim, list->count);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!read_claim(from, &list->items[i], &items[i], err))
			return false;
		if (is_again(items, i))
			return node_fail(&list->items[i], from->file, err, ERROR_INVALID,
					 "'%s' was claimed above; leave one of both",
					 claim_rows[items[i].kind].name);
	}
	claims->items = items;
	claims->count = list->count;
	return true;
}

bool claims_read(struct span text, const char *file, struct arena *arena, struct claims *ret_claims,
		 struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "schema", .kind = NODE_SCALAR, .required = true },
		{ .name = "provider", .kind = NODE_SCALAR },
		{ .name = "product", .kind = NODE_SCALAR },
		{ .name = "source", .kind = NODE_ANY },
		{ .name = "day", .kind = NODE_SCALAR },
		{ .name = "claims", .kind = NODE_LIST, .required = true },
	};
	struct claims_file from = { .file = file, .arena = arena, .day = DATE_NONE };
	struct claims claims = { .file = file };
	const struct node *root;

	if (text.length > CLAIMS_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: more than %d bytes; a file of claims is short",
			    file, CLAIMS_BYTES_MAXIMUM);
	if (!yaml_read(text, file, arena, &root, err) ||
	    !node_expect(root, file, fields, COUNT(fields), err))
		return false;
	if (!span_is(node_find(root, "schema")->text, "assay/claims/v1"))
		return node_fail(node_find(root, "schema"), file, err, ERROR_INVALID,
				 "the schema is not assay/claims/v1");
	if (!read_text(&from, node_find(root, "provider"), &claims.provider, err) ||
	    !read_text(&from, node_find(root, "product"), &claims.product, err) ||
	    !read_source(&from, node_find(root, "source"), &from.source, err) ||
	    !read_day(&from, node_find(root, "day"), &from.day, err) ||
	    !read_list(&from, node_find(root, "claims"), &claims, err))
		return false;
	*ret_claims = claims;
	return true;
}
