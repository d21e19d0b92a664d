#include <string.h>

#include "check/handbook.h"

enum {
	PARTS_MAXIMUM = 8,
};

struct version {
	uint64_t parts[PARTS_MAXIMUM]; /* those behind `count` are 0 */
	unsigned count;
	uint64_t candidate; /* number of the release candidate; UINT64_MAX for a release */
};

/* What stands behind "-" or "~": "rc.3" and "rc3" are candidates, "alpha" and "beta" come before
 * all of them, everything else is a distribution's. */
static uint64_t read_candidate(struct span suffix)
{
	uint64_t number = 0;

	if (span_starts(suffix, "alpha") || span_starts(suffix, "beta"))
		return 0;
	if (!span_starts(suffix, "rc"))
		return UINT64_MAX;
	suffix = (struct span){ suffix.at + 2, suffix.length - 2 };
	if (span_starts(suffix, "."))
		suffix = (struct span){ suffix.at + 1, suffix.length - 1 };
	for (size_t i = 0; i < suffix.length && i < 9; i++) {
		if (suffix.at[i] < '0' || suffix.at[i] > '9')
			break;
		number = number * 10 + (uint64_t)(suffix.at[i] - '0');
	}
	return number;
}

static bool read_version(struct span text, struct version *ret_version)
{
	struct version version = { .candidate = UINT64_MAX };
	struct span part;
	size_t end = 0;

	text = span_trim(text);
	if (span_starts(text, "v"))
		text = (struct span){ text.at + 1, text.length - 1 };
	while (end < text.length && !strchr("-+~", text.at[end]))
		end++;
	if (end + 1 < text.length && text.at[end] != '+')
		version.candidate =
			read_candidate((struct span){ text.at + end + 1, text.length - end - 1 });
	/* A point at the end leaves nothing behind it, which span_cut would not give. */
	if (end == 0 || text.at[end - 1] == '.')
		return false;
	text.length = end;
	while (span_cut(&text, '.', &part)) {
		if (version.count == PARTS_MAXIMUM ||
		    !span_to_u64(part, &version.parts[version.count]))
			return false;
		version.count++;
	}
	*ret_version = version;
	return true;
}

static int compare_parts(const struct version *a, const struct version *b)
{
	for (unsigned i = 0; i < PARTS_MAXIMUM; i++) {
		if (a->parts[i] != b->parts[i])
			return a->parts[i] < b->parts[i] ? -1 : 1;
	}
	return 0;
}

static int compare_releases(const struct version *a, const struct version *b)
{
	int order = compare_parts(a, b);

	if (order != 0)
		return order;
	return (a->candidate > b->candidate) - (a->candidate < b->candidate);
}

bool version_compare(struct span a, struct span b, int *ret_order)
{
	struct version left, right;

	if (!read_version(a, &left) || !read_version(b, &right))
		return false;
	*ret_order = compare_parts(&left, &right);
	return true;
}

/* Is the version below the text? An unreadable text, which the reader of the table refuses, is
 * above everything: nothing is fit then. */
static bool is_below(const struct version *version, const char *text)
{
	struct version other;

	return !read_version(span_of(text), &other) || compare_releases(version, &other) < 0;
}

/* Parts that the branch names, all of which the version shares; -1 when it is another branch. */
static int match_branch(const struct floor_row *row, const struct version *version)
{
	struct version branch;

	if (strcmp(row->branch, "*") == 0)
		return 0;
	if (!read_version(span_of(row->branch), &branch))
		return -1;
	for (unsigned i = 0; i < branch.count; i++) {
		if (branch.parts[i] != version->parts[i])
			return -1;
	}
	return (int)branch.count;
}

static size_t length_without_number(struct span text)
{
	while (text.length > 0 && text.at[text.length - 1] >= '0' &&
	       text.at[text.length - 1] <= '9')
		text.length--;
	return text.length;
}

/* "1.1.5+ds1-1+deb12u2" carries what "1.1.5+ds1-1+deb12u1" fixed: the same but for a last number
 * that is not lower. */
static bool is_later_build(struct span package, struct span fixed)
{
	size_t stem = length_without_number(fixed);
	uint64_t have, need;

	if (span_equal(package, fixed))
		return true;
	if (stem == 0 || length_without_number(package) != stem ||
	    memcmp(package.at, fixed.at, stem) != 0)
		return false;
	return span_to_u64((struct span){ package.at + stem, package.length - stem }, &have) &&
	       span_to_u64((struct span){ fixed.at + stem, fixed.length - stem }, &need) &&
	       have >= need;
}

static bool carries_fix(const struct floor_row *row, const char *package)
{
	struct span rest = span_of(row->packaged_fix), fixed;

	while (package && span_cut(&rest, ' ', &fixed)) {
		if (is_later_build(span_of(package), fixed))
			return true;
	}
	return false;
}

static bool is_in_range(const struct floor_row *row, const struct version *version)
{
	if (!row->from && !row->before)
		return false;
	if (match_branch(row, version) < 0 || (row->from && is_below(version, row->from)))
		return false;
	return !row->before || is_below(version, row->before);
}

static const struct floor_row *find_range(const struct handbook *handbook, const char *component,
					  const struct version *version, const char *package)
{
	for (size_t i = 0; i < handbook->floor_count; i++) {
		const struct floor_row *row = &handbook->floors[i];

		if (strcmp(row->component, component) == 0 && is_in_range(row, version) &&
		    !carries_fix(row, package))
			return row;
	}
	return NULL;
}

/* The floor of the closest branch. */
static const struct floor_row *find_floor(const struct handbook *handbook, const char *component,
					  const struct version *version)
{
	const struct floor_row *best = NULL;
	int closest = -1;

	for (size_t i = 0; i < handbook->floor_count; i++) {
		const struct floor_row *row = &handbook->floors[i];
		int close;

		if (strcmp(row->component, component) != 0 || (!row->floor && !row->end_of_life))
			continue;
		close = match_branch(row, version);
		if (close > closest) {
			closest = close;
			best = row;
		}
	}
	return best;
}

/* Firmware of ConnectX is family, train and build: the family is the chip, not a branch. */
static void drop_family(const char *component, struct version *version)
{
	if (strcmp(component, "connectx-firmware") != 0 || version->count < 3)
		return;
	version->count--;
	memmove(version->parts, version->parts + 1, version->count * sizeof(version->parts[0]));
	version->parts[version->count] = 0;
}

enum floor_state floor_judge(const struct handbook *handbook, const char *component,
			     struct span version, const char *package, date_t today,
			     const struct floor_row **ret_row)
{
	const struct floor_row *row;
	struct version have;

	*ret_row = NULL;
	if (!read_version(version, &have))
		return FLOOR_UNKNOWN;
	drop_family(component, &have);
	row = find_range(handbook, component, &have, package);
	if (row) {
		*ret_row = row;
		return FLOOR_BELOW;
	}
	row = find_floor(handbook, component, &have);
	if (!row)
		return FLOOR_UNKNOWN;
	*ret_row = row;
	if ((row->end_of_life || is_below(&have, row->floor)) && !carries_fix(row, package))
		return FLOOR_BELOW;
	return today != DATE_NONE && today > row->expires ? FLOOR_TABLE_EXPIRED : FLOOR_MET;
}
