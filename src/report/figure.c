#include "report/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	ADDRESS_LENGTH = 12, /* 0000:19:00.0 */
};

struct scale {
	const char *unit;
	double base;          /* from one prefix to the next */
	int first;            /* power of the first name */
	const char *names[6]; /* NULL-terminated */
};

static const struct scale scales[] = {
	{ "B/s", 1000, 0, { "B/s", "kB/s", "MB/s", "GB/s", "TB/s" } },
	{ "FLOP/s", 1000, 0, { "FLOP/s", "kFLOP/s", "MFLOP/s", "GFLOP/s", "TFLOP/s" } },
	{ "b/s", 1000, 0, { "b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s" } },
	{ "B", 1024, 0, { "B", "KiB", "MiB", "GiB", "TiB" } },
	{ "s", 1000, -3, { "ns", "us", "ms", "s" } },
};

static const struct scale *scale_of(const char *unit)
{
	for (size_t i = 0; i < COUNT(scales); i++)
		if (strcmp(scales[i].unit, unit) == 0)
			return &scales[i];
	return NULL;
}

/* Four digits at most, where there is no need of more before the point. */
static const char *digits(double value, struct arena *arena)
{
	double size = fabs(value);
	int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;

	if (fabs(value - round(value)) < 1e-9 * (1 + size) && size < 1e6)
		decimals = 0;
	return arena_format(arena, "%.*f", decimals, value);
}

const char *figure_text(double value, const char *unit, struct arena *arena)
{
	const struct scale *scale = scale_of(unit);
	double scaled = value;
	size_t at = 0;

	if (!scale)
		return arena_format(arena, "%s %s", digits(value, arena), unit);
	scaled *= pow(scale->base, -scale->first);
	while (scale->names[at + 1] && fabs(scaled) >= scale->base) {
		scaled /= scale->base;
		at++;
	}
	if (value >= 0 && value <= 0) /* zero has no scale */
		return arena_format(arena, "0 %s", unit);
	return arena_format(arena, "%s %s", digits(scaled, arena), scale->names[at]);
}

/* Letters and digits of "hhhh:hh:hh.h". */
static bool is_address(const char *at)
{
	static const char form[] = "hhhh:hh:hh.h";

	for (size_t i = 0; i < ADDRESS_LENGTH; i++) {
		bool is_digit = at[i] != '\0' && strchr("0123456789abcdef", at[i]);

		if (form[i] == 'h' ? !is_digit : at[i] != form[i])
			return false;
	}
	return true;
}

const char *figure_role(const char *device, struct arena *arena)
{
	char *role, *into;

	if (!device)
		return NULL;
	role = into = arena_take(arena, strlen(device) + 1);
	while (*device) {
		if (is_address(device)) {
			*into++ = '*';
			device += ADDRESS_LENGTH;
		} else {
			*into++ = *device++;
		}
	}
	return role;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct figure_group *group_of(struct figure_group *groups, size_t *count,
				     enum measure measure, const char *role)
{
	for (size_t i = 0; i < *count; i++)
		if (groups[i].measure == measure && is_same(groups[i].role, role))
			return &groups[i];
	groups[*count] = (struct figure_group){ .measure = measure, .role = role };
	return &groups[(*count)++];
}

static void add(struct figure_group *group, const struct record *record)
{
	if (record->says == SAYS_UNKNOWN) {
		group->unknown = group->unknown ? group->unknown : record;
		group->unknown_count++;
	} else if (record->says != SAYS_VALUE) {
		group->other = group->other ? group->other : record;
		group->other_count++;
	} else {
		if (group->count == 0 || record->value < group->least) {
			group->least = record->value;
			group->lowest = record;
		}
		if (group->count == 0 || record->value > group->most)
			group->most = record->value;
		group->count++;
	}
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* The middle of a group's values, for which they are looked for again: `role_of` is by record. */
static double middle_of(const struct figure_group *group, const struct record *records,
			size_t count, const char *const *roles, double *values)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (records[i].says == SAYS_VALUE && roles[i] == group->role &&
		    strcmp(records[i].what, measures[group->measure].name) == 0)
			values[found++] = records[i].value;
	qsort(values, found, sizeof(*values), compare);
	if (found == 0)
		return 0;
	return found % 2 == 1 ? values[found / 2] : (values[found / 2 - 1] + values[found / 2]) / 2;
}

size_t figure_groups(const struct record *records, size_t count, struct arena *arena,
		     struct figure_group **ret_groups)
{
	struct figure_group *groups = ARENA_ARRAY(arena, struct figure_group, count + 1);
	const char **roles = ARENA_ARRAY(arena, const char *, count + 1);
	double *values = ARENA_ARRAY(arena, double, count + 1);
	size_t group_count = 0;

	for (size_t i = 0; i < count; i++) {
		struct figure_group *group;
		enum measure measure;

		if (!measure_find(records[i].what, &measure))
			continue;
		group = group_of(groups, &group_count, measure,
				 figure_role(records[i].subject.parts[SUBJECT_DEVICE], arena));
		roles[i] = group->role;
		add(group, &records[i]);
	}
	for (size_t i = 0; i < group_count; i++)
		groups[i].middle = middle_of(&groups[i], records, count, roles, values);
	*ret_groups = groups;
	return group_count;
}
