#include <string.h>

#include "fabric/hosts.h"
#include "fabric/naming.h"

enum {
	LINES_LOOKED_AT = 8, /* to tell what the text is */
};

static const char folder[] = "/infiniband/";

/* One line on its way into facts; NULL facts only look. */
struct list_line {
	struct host_facts *facts;
	struct host_fact fact;
	struct span device, pci; /* for the next GUID */
	struct arena *scratch;
	unsigned guids;
	bool ends_in_colon; /* the host's name does */
};

/* Words are parted by blanks, tabs and commas. */
static bool cut_word(struct span *rest, struct span *ret_word)
{
	static const char between[] = " \t,\r";
	size_t length = 0;

	if (rest->length == 0)
		return false;
	while (rest->length > 0 && strchr(between, rest->at[0])) {
		rest->at++;
		rest->length--;
	}
	while (length < rest->length && !strchr(between, rest->at[length]))
		length++;
	*ret_word = (struct span){ rest->at, length };
	rest->at += length;
	rest->length -= length;
	return length > 0;
}

static bool add_guid(struct list_line *line, uint64_t guid, bool is_system, struct error *err)
{
	struct fabric_adapter *adapter = &line->fact.adapter;

	line->guids++;
	*adapter = (struct fabric_adapter){ 0 };
	*(is_system ? &adapter->system_guid : &adapter->node_guid) = guid;
	if (line->facts) {
		adapter->device = arena_string(line->scratch, line->device);
		adapter->pci = arena_string(line->scratch, line->pci);
	}
	line->device = line->pci = SPAN("");
	return !line->facts || host_facts_add(line->facts, &line->fact, err);
}

/* "…/infiniband/mlx5_0/node_guid:b83f:d203:00a1:b2c0", as grep prints it. False when it is none. */
static bool is_grep_line(struct span word, struct span *ret_device, bool *ret_is_system,
			 uint64_t *ret_guid)
{
	struct span rest, name;

	if (!span_behind(word, folder, &rest) || !span_cut(&rest, '/', ret_device) ||
	    !span_cut(&rest, ':', &name))
		return false;
	*ret_is_system = span_is(name, "sys_image_guid");
	return (*ret_is_system || span_is(name, "node_guid")) && guid_parse(rest, ret_guid);
}

/* "mlx5_0", "mlx5_0=" and "mlx5_0@0000:19:00.0=" name the adapter that the next GUID is of. */
static void take_name(struct list_line *line, struct span name)
{
	struct span rest = name;

	(void)span_cut(&rest, '@', &line->device);
	line->pci = rest.length < name.length ? rest : SPAN("");
}

static bool take_word(struct list_line *line, struct span word, struct error *err)
{
	const char *equals = memchr(word.at, '=', word.length);
	bool is_system = false;
	uint64_t guid = 0;

	if (is_grep_line(word, &line->device, &is_system, &guid))
		return add_guid(line, guid, is_system, err);
	if (equals) {
		take_name(line, (struct span){ word.at, (size_t)(equals - word.at) });
		word = (struct span){ equals + 1, word.length - (size_t)(equals + 1 - word.at) };
	}
	if (guid_parse(word, &guid))
		return add_guid(line, guid, false, err);
	take_name(line, word);
	return true;
}

/* The heading of ibv_devices. */
static bool is_heading(struct span rest)
{
	struct span word;

	return cut_word(&rest, &word) && (span_is(word, "device") || span_starts(word, "----"));
}

static bool take_line(struct list_line *line, struct span text, struct error *err)
{
	struct span comment = text, rest, word;
	unsigned words = 0;

	(void)span_cut(&comment, '#', &rest);
	if (text.length > 0 && text.at[0] == '#')
		rest = SPAN("");
	if (!cut_word(&rest, &word))
		return true;
	line->ends_in_colon = word.at[word.length - 1] == ':';
	word.length -= line->ends_in_colon;
	line->fact = (struct host_fact){
		.host = arena_string(line->scratch, word),
		.naming = HOST_NAMED_BY_LIST,
	};
	if (is_heading(rest))
		return true;
	while (cut_word(&rest, &word)) {
		words++;
		if (!take_word(line, word, err))
			return false;
	}
	if (line->guids > 0)
		return true;
	if (words > 0 && !line->ends_in_colon)
		return fail(err, ERROR_PARSE,
			    "no GUID behind '%s'; write HOST and the GUIDs of its adapters, as "
			    "0xb83fd20300a1b2c0",
			    line->fact.host);
	/* A host that gives no answer, as pdsh tells it, is there all the same. */
	line->fact.adapter = (struct fabric_adapter){ 0 };
	return !line->facts || host_facts_add(line->facts, &line->fact, err);
}

bool host_list_is(struct span text)
{
	SCOPED_ARENA(scratch);
	struct span head;

	for (unsigned i = 0; i < LINES_LOOKED_AT && span_cut(&text, '\n', &head); i++) {
		struct list_line line = { .scratch = &scratch };

		if (head.length > HOST_NAME_MAXIMUM * 4 || !span_is_utf8(head, NULL) ||
		    !take_line(&line, head, NULL))
			return false;
		if (line.guids > 0)
			return true;
	}
	return false;
}

bool host_list_read(struct host_facts *facts, struct span text, const char *file, struct error *err)
{
	SCOPED_ARENA(scratch);
	struct span head;

	if (text.length > HOST_LIST_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: %zu bytes; the limit is %d", file, text.length,
			    HOST_LIST_BYTES_MAXIMUM);
	for (uint32_t number = 1; span_cut(&text, '\n', &head); number++) {
		struct list_line line = { .facts = facts, .scratch = &scratch };
		size_t bad = 0;

		if (!span_is_utf8(head, &bad))
			return fail(err, ERROR_PARSE, "%s: line %u, column %zu: no UTF-8", file,
				    number, bad + 1);
		if (!take_line(&line, head, err))
			return fail_while(err, "%s: line %u", file, number);
		arena_clear(&scratch);
	}
	return true;
}
