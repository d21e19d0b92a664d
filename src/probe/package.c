#include "probe/package.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "probe/release.h"

/* One entry of the file while it is read. */
struct entry {
	struct package package;
	struct span status; /* "install ok installed" */
};

static struct span rest_of(struct span line, size_t length)
{
	line = (struct span){ line.at + length, line.length - length };
	while (line.length > 0 && line.at[line.length - 1] == '\r')
		line.length--;
	return span_trim(line);
}

static void take_line(struct entry *entry, struct span line)
{
	if (line.at[0] == 'P' && span_starts(line, "Package:"))
		entry->package.name = rest_of(line, strlen("Package:"));
	else if (line.at[0] == 'V' && span_starts(line, "Version:"))
		entry->package.version = rest_of(line, strlen("Version:"));
	else if (line.at[0] == 'S' && span_starts(line, "Status:"))
		entry->status = rest_of(line, strlen("Status:"));
}

/* The third word of the status: with "config-files" and "not-installed" the files are gone, and
 * with "half-installed" nobody knows. */
static bool has_files(const struct entry *entry)
{
	struct span rest = entry->status, word = SPAN("");

	for (unsigned i = 0; i < 3; i++)
		if (!span_cut(&rest, ' ', &word))
			return false;
	return entry->package.name.length > 0 && entry->package.version.length > 0 &&
	       (span_is(word, "installed") || span_is(word, "unpacked") ||
		span_is(word, "half-configured") || span_is(word, "triggers-awaited") ||
		span_is(word, "triggers-pending"));
}

struct list {
	struct arena *arena;
	struct packages *packages;
	size_t room;
	bool sorted, full;
};

static void end_entry(struct list *list, struct entry *entry)
{
	struct packages *packages = list->packages;
	bool counts = has_files(entry);
	struct package package = entry->package;

	*entry = (struct entry){ 0 };
	if (!counts)
		return;
	if (packages->count == PACKAGES_MAXIMUM) {
		list->full = true;
		return;
	}
	ARENA_GROW(list->arena, packages->items, packages->count, list->room);
	if (packages->count > 0 &&
	    span_compare(packages->items[packages->count - 1].name, package.name) > 0)
		list->sorted = false;
	packages->items[packages->count++] = package;
}

static int compare_packages(const void *a, const void *b)
{
	const struct package *left = a, *right = b;
	int order = span_compare(left->name, right->name);

	/* Of one package for two processors, each run of the program takes the same. */
	return order ? order : span_compare(left->version, right->version);
}

bool packages_parse(struct span status, struct arena *arena, struct packages *ret_packages)
{
	struct packages packages = { .manager = PACKAGES_DPKG };
	struct list list = { arena, &packages, 0, true, false };
	struct entry entry = { 0 };
	const char *at = status.at, *end = status.at + status.length;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		struct span line = { at, (size_t)((newline ? newline : end) - at) };

		if (line.length == 0 || (line.length == 1 && line.at[0] == '\r'))
			end_entry(&list, &entry);
		else
			take_line(&entry, line);
		at = newline ? newline + 1 : end;
	}
	end_entry(&list, &entry);
	if (list.full)
		return false;
	if (!list.sorted)
		qsort(packages.items, packages.count, sizeof(*packages.items), compare_packages);
	*ret_packages = packages;
	return true;
}

/* True when one of the files that hold rpm's database is there. */
static bool has_rpm(const struct host *host)
{
	static const char *const paths[] = {
		"/usr/lib/sysimage/rpm/rpmdb.sqlite",
		"/usr/lib/sysimage/rpm/Packages.db",
		"/var/lib/rpm/rpmdb.sqlite",
		"/var/lib/rpm/Packages.db",
		"/var/lib/rpm/Packages",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (host_kind(host, paths[i]) == HOST_FILE)
			return true;
	return false;
}

struct packages packages_read(const struct host *host, struct arena *arena)
{
	static const char path[] = "/var/lib/dpkg/status";
	struct packages packages = { .manager = PACKAGES_NONE };
	struct error err = { 0 };
	struct span text = SPAN("");

	if (host_peek(host, path, PACKAGE_STATUS_MAXIMUM, arena, &text, &err)) {
		if (packages_parse(text, arena, &packages) && packages.count > 0)
			return packages;
		packages.manager = PACKAGES_REFUSED;
		packages.why = arena_format(arena, "'%s' has no package, or too many", path);
	} else if (err.code != ERROR_MISSING) {
		packages.manager = PACKAGES_REFUSED;
		packages.why = arena_string(arena, span_of(err.text));
	} else if (has_rpm(host)) {
		packages.manager = PACKAGES_RPM;
		packages.why = "the database of rpm is not read";
	} else {
		packages.why = "there is no list of packages that can be read";
	}
	packages.items = NULL;
	packages.count = 0;
	return packages;
}

/* The first whose name is not before this one. */
static size_t find_place(const struct packages *packages, struct span name)
{
	size_t low = 0, high = packages->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (span_compare(packages->items[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool goes_on_with_digit(struct span name, struct span head)
{
	return name.length > head.length && memcmp(name.at, head.at, head.length) == 0 &&
	       name.at[head.length] >= '0' && name.at[head.length] <= '9';
}

const struct package *packages_find(const struct packages *packages, struct span name)
{
	bool is_head = name.length > 1 && name.at[name.length - 1] == '*';
	const struct package *newest = NULL;
	size_t at;

	name.length -= is_head;
	at = find_place(packages, name);
	if (!is_head)
		return at < packages->count && span_equal(packages->items[at].name, name)
			       ? &packages->items[at]
			       : NULL;
	for (; at < packages->count; at++) {
		const struct package *one = &packages->items[at];

		if (one->name.length < name.length ||
		    memcmp(one->name.at, name.at, name.length) != 0)
			break;
		if (goes_on_with_digit(one->name, name) &&
		    (!newest || release_compare(one->version, newest->version) > 0))
			newest = one;
	}
	return newest;
}

static bool is_candidate(struct span rest)
{
	return span_starts(rest, "~rc") || span_starts(rest, "~alpha") ||
	       span_starts(rest, "~beta");
}

const char *package_upstream(struct span version, struct arena *arena)
{
	struct span whole = version, upstream;
	const char *colon = version.length > 0 ? memchr(version.at, ':', version.length) : NULL;
	char *text;

	if (colon)
		version = (struct span){ colon + 1,
					 version.length - (size_t)(colon + 1 - version.at) };
	upstream = version;
	while (upstream.length > 0 && upstream.at[upstream.length - 1] != '-')
		upstream.length--;
	if (upstream.length > 1)
		version.length = upstream.length - 1;
	for (size_t i = 0; i < version.length; i++) {
		struct span rest = { version.at + i, version.length - i };

		if (rest.at[0] == '+' || (rest.at[0] == '~' && !is_candidate(rest)))
			version.length = i;
	}
	if (version.length == 0 || version.at[0] < '0' || version.at[0] > '9')
		version = whole;
	text = arena_take(arena, version.length + 1);
	for (size_t i = 0; i < version.length; i++)
		text[i] = version.at[i] == '~' ? '-' : version.at[i];
	return text;
}
