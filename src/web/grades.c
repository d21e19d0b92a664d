#include "web/grades.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum {
	GRADES_FIRST = 256,
};

static bool read_number(const struct node *root, const char *key, double *ret_number)
{
	const struct node *node = node_find(root, key);

	return node && node->kind == NODE_SCALAR && span_to_double(node->text, ret_number);
}

/* False when the line is no row of a published table. */
static bool read_row(const struct store_found *found, struct arena *arena,
		     struct published_grade *ret_row)
{
	SCOPED_ARENA(scratch);
	const struct node *root, *provider, *league, *grade;
	struct published_grade row = { .day = date_from_unix(found->entry.time),
				       .taken = found->taken };
	double rank = 0;

	if (!json_read(found->entry.line, "the store", 0, &scratch, &root, NULL) ||
	    root->kind != NODE_MAP)
		return false;
	provider = node_find(root, "provider");
	league = node_find(root, "league");
	grade = node_find(root, "grade");
	if (!provider || provider->kind != NODE_SCALAR || !league || league->kind != NODE_SCALAR ||
	    !grade || grade->kind != NODE_SCALAR || !read_number(root, "score", &row.score) ||
	    !read_number(root, "low", &row.low) || !read_number(root, "high", &row.high) ||
	    !read_number(root, "rank", &rank))
		return false;
	for (unsigned i = 0; grade->quoted && i < GRADE_COUNT && !row.rated; i++) {
		row.rated = span_is(grade->text, grade_names[i]);
		row.grade = (enum grade)i;
	}
	row.rank = rank > 0 && rank < UINT32_MAX ? (uint32_t)rank : 0;
	row.provider = arena_string(arena, provider->text);
	row.league = arena_string(arena, league->text);
	*ret_row = row;
	return true;
}

static int by_place(const void *left, const void *right)
{
	const struct published_grade *a = left;
	const struct published_grade *b = right;
	int order = strcmp(a->provider, b->provider);

	if (order != 0)
		return order;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->taken != b->taken)
		return a->taken < b->taken ? -1 : 1;
	return strcmp(a->league, b->league);
}

static struct published_grade *grow(struct published_grade *rows, uint32_t count, uint32_t room,
				    struct arena *arena)
{
	struct published_grade *larger = ARENA_ARRAY(arena, struct published_grade, room);

	if (count > 0)
		memcpy(larger, rows, count * sizeof(*rows));
	return larger;
}

bool grades_published(struct store *store, struct arena *arena,
		      const struct published_grade **ret_grades, uint32_t *ret_count,
		      struct error *err)
{
	const struct store_query query = { .stream = STORE_RATINGS,
					   .what = "grade",
					   .newest_first = true,
					   .limit = GRADES_SHOWN_MAXIMUM };
	struct published_grade *rows = NULL;
	struct store_cursor *cursor = NULL;
	struct store_found found;
	uint32_t count = 0, room = 0;
	bool more = true, good = store_find(store, &query, &cursor, err);

	while (good && (good = store_next(cursor, &found, &more, err)) && more) {
		if (count == room) {
			room = room > 0 ? room * 2 : GRADES_FIRST;
			rows = grow(rows, count, room, arena);
		}
		count += read_row(&found, arena, &rows[count]);
	}
	store_cursor_close(cursor);
	if (!good)
		return false;
	if (count > 0)
		qsort(rows, count, sizeof(*rows), by_place);
	*ret_grades = rows;
	*ret_count = count;
	return true;
}
