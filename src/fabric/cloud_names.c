#include <stdlib.h>
#include <string.h>

#include "fabric/cloud.h"
#include "fabric/cloud_form.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.';
}

struct span cloud_skip_spaces(struct span text)
{
	while (text.length > 0 && is_space(text.at[0])) {
		text.at++;
		text.length--;
	}
	return text;
}

bool cloud_cut_name(struct span *line, struct span *ret_name)
{
	size_t length = 0;

	*line = span_trim(*line);
	while (length < line->length && is_of_name(line->at[length]))
		length++;
	if (length == 0 || length > CLOUD_NAME_MAXIMUM)
		return false;
	*ret_name = (struct span){ line->at, length };
	line->at += length;
	line->length -= length;
	if (line->length > 0 && line->at[0] == ':') {
		line->at++;
		line->length--;
	}
	*line = cloud_skip_spaces(*line);
	while (line->length > 0 && is_space(line->at[line->length - 1]))
		line->length--;
	return true;
}

static bool is_instance(struct span id)
{
	return (span_starts(id, "i-") && id.length >= strlen("i-12345678")) ||
	       span_starts(id, "ocid1.instance.") || span_starts(id, "computeinstance-");
}

static bool cut_instance(struct span *line, struct span *ret_name)
{
	return cloud_cut_name(line, ret_name) && is_instance(*line) &&
	       line->length <= CLOUD_NAME_MAXIMUM && !memchr(line->at, ' ', line->length);
}

bool cloud_names_is(struct span text)
{
	struct span line, name;

	text = cloud_skip_spaces(text);
	return span_cut(&text, '\n', &line) && cut_instance(&line, &name);
}

static void add_alias(struct cloud_hosts *hosts, struct span id, struct span name)
{
	if (hosts->alias_count == hosts->alias_room) {
		uint32_t room = hosts->alias_room > 0 ? 2 * hosts->alias_room : 64;
		struct cloud_alias *more = ARENA_ARRAY(hosts->arena, struct cloud_alias, room);

		if (hosts->alias_count > 0)
			memcpy(more, hosts->aliases, hosts->alias_count * sizeof(*more));
		hosts->aliases = more;
		hosts->alias_room = room;
	}
	hosts->aliases[hosts->alias_count++] = (struct cloud_alias){
		arena_string(hosts->arena, id),
		arena_string(hosts->arena, name),
	};
}

bool cloud_names_read(struct cloud_hosts *hosts, struct span text, const char *file,
		      struct error *err)
{
	uint32_t number = 0;
	struct span line, name;

	while (span_cut(&text, '\n', &line)) {
		number++;
		if (cloud_skip_spaces(line).length == 0)
			continue;
		if (!cut_instance(&line, &name))
			return fail(err, ERROR_INVALID,
				    "%s: line %u is not 'NAME: INSTANCE', as 'n1: i-0abc…'", file,
				    number);
		if (hosts->alias_count == PLACEMENT_HOSTS_MAXIMUM)
			return fail(err, ERROR_LIMIT, "%s: more than %d names", file,
				    PLACEMENT_HOSTS_MAXIMUM);
		add_alias(hosts, line, name);
	}
	return true;
}

static int compare_aliases(const void *a, const void *b)
{
	const struct cloud_alias *left = a, *right = b;

	return strcmp(left->id, right->id);
}

static const struct cloud_alias *find_alias(const struct cloud_alias *sorted, uint32_t count,
					    const char *id)
{
	const struct cloud_alias key = { .id = id };

	return count == 0 || id[0] == '\0'
		       ? NULL
		       : bsearch(&key, sorted, count, sizeof(key), compare_aliases);
}

/* What the user calls instances, by instance, each once. */
struct naming {
	struct cloud_alias *by_id;
	bool *is_used;
	uint32_t count;
};

static int compare_names(const void *a, const void *b)
{
	const struct cloud_alias *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static bool check_names(const struct naming *naming, struct arena *scratch, struct error *err)
{
	struct cloud_alias *by_name = ARENA_ARRAY(scratch, struct cloud_alias, naming->count);

	for (uint32_t i = 0; i < naming->count; i++)
		by_name[i] = naming->by_id[i];
	if (naming->count > 0)
		qsort(by_name, naming->count, sizeof(*by_name), compare_names);
	for (uint32_t i = 1; i < naming->count; i++)
		if (strcmp(by_name[i - 1].name, by_name[i].name) == 0)
			return fail(
				err, ERROR_CONFLICT,
				"'%.128s' is the name of two instances, %.128s and %.128s; give "
				"each its own",
				by_name[i].name, by_name[i - 1].id, by_name[i].id);
	return true;
}

static bool sort_names(const struct cloud_hosts *hosts, struct arena *arena,
		       struct naming *ret_naming, struct error *err)
{
	struct naming naming = {
		.by_id = ARENA_ARRAY(arena, struct cloud_alias, hosts->alias_count),
		.is_used = ARENA_ARRAY(arena, bool, hosts->alias_count),
	};
	uint32_t count = hosts->alias_count;

	if (count > 0) {
		memcpy(naming.by_id, hosts->aliases, count * sizeof(*naming.by_id));
		qsort(naming.by_id, count, sizeof(*naming.by_id), compare_aliases);
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct cloud_alias *last = &naming.by_id[naming.count - (naming.count > 0)];
		const struct cloud_alias *next = &naming.by_id[i];

		if (naming.count > 0 && strcmp(last->id, next->id) == 0) {
			if (strcmp(last->name, next->name) == 0)
				continue;
			return fail(err, ERROR_CONFLICT,
				    "instance %.128s has two names, '%.128s' and '%.128s'; give it "
				    "one",
				    next->id, last->name, next->name);
		}
		naming.by_id[naming.count++] = *next;
	}
	*ret_naming = naming;
	return check_names(&naming, arena, err);
}

static const char *name_of(struct naming *naming, const char *id)
{
	const struct cloud_alias *found = find_alias(naming->by_id, naming->count, id);

	if (!found)
		return NULL;
	naming->is_used[found - naming->by_id] = true;
	return found->name;
}

bool cloud_name_all(const struct cloud_hosts *hosts, struct arena *arena,
		    struct cloud_host **ret_named, uint32_t *ret_count, struct error *err)
{
	struct cloud_host *named =
		ARENA_ARRAY(arena, struct cloud_host, (size_t)hosts->count + hosts->alias_count);
	struct naming naming = { 0 };
	uint32_t count = 0;

	if (!sort_names(hosts, arena, &naming, err))
		return false;
	for (uint32_t i = 0; i < hosts->count; i++) {
		struct cloud_host *host = &named[count++];
		const char *name = name_of(&naming, hosts->items[i].id);

		*host = hosts->items[i];
		if (!name)
			name = name_of(&naming, host->name);
		if (name && host->id[0] == '\0')
			host->id = host->name;
		if (name)
			host->name = name;
	}
	for (uint32_t i = 0; i < naming.count; i++)
		if (!naming.is_used[i])
			named[count++] = (struct cloud_host){
				.name = naming.by_id[i].name,
				.id = "",
				.why = arena_format(arena, "no answer tells of its instance, %s",
						    naming.by_id[i].id),
				.domain = "",
				.subdomain = "",
			};
	*ret_named = named;
	*ret_count = count;
	return true;
}
