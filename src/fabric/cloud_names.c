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
