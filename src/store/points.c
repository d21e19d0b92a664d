#include <math.h>
#include <string.h>

#include "store/asking.h"
#include "store/store_parts.h"

enum {
	PER_STRETCH = 4, /* first, least, greatest, last */
};

/* Thins points that come in their order to at most `limit`. */
struct thinning {
	struct store_point *points;
	size_t count;
	int64_t seen, total;
	size_t stretches, stretch; /* how many, and which one is open */
	struct store_point kept[PER_STRETCH];
	size_t kept_count;
};

static void add_kept(struct thinning *thinning, const struct store_point *point)
{
	const struct store_point *last =
		thinning->count > 0 ? &thinning->points[thinning->count - 1] : NULL;

	if (!last || last->time != point->time || last->value < point->value ||
	    last->value > point->value)
		thinning->points[thinning->count++] = *point;
}

/* Closes the stretch: its four points in the order of their times. */
static void close_stretch(struct thinning *thinning)
{
	const struct store_point *kept = thinning->kept;
	bool least_first = kept[1].time <= kept[2].time;

	if (thinning->kept_count == 0)
		return;
	add_kept(thinning, &kept[0]);
	add_kept(thinning, &kept[least_first ? 1 : 2]);
	add_kept(thinning, &kept[least_first ? 2 : 1]);
	add_kept(thinning, &kept[3]);
	thinning->kept_count = 0;
}

static void thin(struct thinning *thinning, const struct store_point *point)
{
	size_t stretch = (size_t)((double)thinning->seen * (double)thinning->stretches /
				  (double)thinning->total);

	thinning->seen++;
	if (stretch != thinning->stretch) {
		close_stretch(thinning);
		thinning->stretch = stretch;
	}
	if (thinning->kept_count == 0)
		for (unsigned i = 0; i < PER_STRETCH; i++)
			thinning->kept[i] = *point;
	thinning->kept_count++;
	if (point->value < thinning->kept[1].value)
		thinning->kept[1] = *point;
	if (point->value > thinning->kept[2].value)
		thinning->kept[2] = *point;
	thinning->kept[3] = *point;
}

static void write_points(struct asking *asking, const char *head, const struct store_query *query,
			 const struct series_asked *asked, int64_t bound)
{
	asking_add(asking, head);
	asking_add(asking, " FROM entry e WHERE e.series IN (");
	asking_series(asking, asked);
	asking_add(asking, ") AND e.value IS NOT NULL");
	asking_entries(asking, query, bound);
}

static bool count_points(struct store *store, const struct store_query *query,
			 const struct series_asked *asked, int64_t bound, int64_t *ret_count,
			 struct error *err)
{
	SCOPED_ASKING(asking);

	write_points(&asking, "SELECT count(*)", query, asked, bound);
	return sql_ask(store->sql, text_string(&asking.words), asking.values, asking.count,
		       ret_count, err);
}

static double number_of(const struct sql_value *value)
{
	return value->type == SQL_REAL ? value->real : (double)value->integer;
}

static bool read_points(struct store *store, struct asking *asking, struct thinning *thinning,
			bool is_thinned, struct error *err)
{
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	bool more = true;
	bool good = sql_query(store->sql, text_string(&asking->words), asking->values,
			      asking->count, &rows, err);

	/* One more may have been taken in since they were counted. */
	while (good && thinning->seen < thinning->total &&
	       (good = sql_next(rows, &row, &more, err)) && more) {
		const struct store_point point = { row[0].integer, number_of(&row[1]) };

		if (is_thinned) {
			thin(thinning, &point);
			continue;
		}
		thinning->points[thinning->count++] = point;
		thinning->seen++;
	}
	sql_rows_close(rows);
	close_stretch(thinning);
	return good;
}

bool store_points(struct store *store, const struct store_query *query, struct arena *arena,
		  struct store_point **ret_points, size_t *ret_count, struct error *err)
{
	struct thinning thinning = { 0 };
	struct series_asked asked;
	SCOPED_ASKING(asking);
	SCOPED_ARENA(names);
	int64_t bound = 0;
	size_t limit = query->limit ? query->limit : SIZE_MAX;
	bool is_thinned;

	*ret_points = NULL;
	*ret_count = 0;
	if (!series_resolve(store, query, &names, &asked, err) ||
	    !query_bound(store, query, &bound, err))
		return false;
	if (asked.nothing || bound == 0)
		return true;
	if (!count_points(store, query, &asked, bound, &thinning.total, err))
		return false;
	is_thinned = (uint64_t)thinning.total > limit;
	thinning.stretches = is_thinned ? limit / PER_STRETCH : 0;
	if (is_thinned && thinning.stretches == 0)
		thinning.stretches = 1;
	thinning.points = ARENA_ARRAY(arena, struct store_point,
				      is_thinned ? limit + PER_STRETCH : (size_t)thinning.total);
	write_points(&asking, "SELECT e.time, e.value", query, &asked, bound);
	asking_add(&asking, " ORDER BY e.time, e.sequence");
	if (!read_points(store, &asking, &thinning, is_thinned, err))
		return false;
	*ret_points = thinning.points;
	*ret_count = thinning.count < limit ? thinning.count : limit;
	return true;
}

bool store_subjects(struct store *store, const struct store_below *below, struct arena *arena,
		    const char ***ret_names, size_t *ret_count, struct error *err)
{
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	const char **found = NULL;
	SCOPED_ASKING(asking);
	size_t count = 0, room = 0;
	int64_t parent = 0;
	bool more = true, good;

	*ret_count = 0;
	if (!names_subject(store->names, below->stream, span_of(below->subject), false, &parent,
			   err))
		return false;
	if (parent == 0 && below->subject && below->subject[0] != '\0')
		return true;
	asking_integer(&asking, "SELECT name FROM subject WHERE stream = ", below->stream);
	asking_integer(&asking, " AND parent = ", parent);
	asking_add(&asking, " AND name > ");
	asking_value(&asking, sql_text(below->after ? below->after : ""));
	asking_integer(&asking, " ORDER BY name LIMIT ",
		       below->limit ? (int64_t)below->limit : INT64_MAX);
	good = sql_query(store->sql, text_string(&asking.words), asking.values, asking.count, &rows,
			 err);
	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		if (count == room) {
			size_t larger = room ? 2 * room : 64;
			const char **grown = ARENA_ARRAY(arena, const char *, larger);

			if (count > 0)
				memcpy(grown, found, count * sizeof(*grown));
			found = grown;
			room = larger;
		}
		found[count++] = arena_string(arena, row[0].bytes);
	}
	sql_rows_close(rows);
	*ret_names = found;
	*ret_count = good ? count : 0;
	return good;
}
