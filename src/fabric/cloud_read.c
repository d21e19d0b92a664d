#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fabric/cloud.h"
#include "fabric/cloud_form.h"

/* "n1: {", as pdsh prints what a host answers. */
static bool is_prefixed(struct span text)
{
	struct span line, name;

	text = cloud_skip_spaces(text);
	return span_cut(&text, '\n', &line) && cloud_cut_name(&line, &name) && line.length > 0 &&
	       line.at[0] == '{';
}

static const char *last_key(const char *way)
{
	const char *mark = strrchr(way, '>');

	return mark ? mark + 1 : way;
}

static bool is_marked(struct span word)
{
	const struct node key = { .kind = NODE_SCALAR, .text = word };
	const struct node value = { .kind = NODE_SCALAR, .quoted = true };
	const struct node map = { NODE_MAP, .count = 1, .keys = &key, .items = &value };

	for (unsigned i = 0; i < cloud_form_count; i++) {
		for (unsigned k = 0; k < CLOUD_KEYS_MAXIMUM && cloud_forms[i].marks[k]; k++) {
			const char *ways[CLOUD_KEYS_MAXIMUM] = { last_key(
				cloud_forms[i].marks[k]) };

			if (cloud_find(&map, ways))
				return true;
		}
	}
	return false;
}

bool cloud_is(struct span text)
{
	const size_t longest = 80;
	struct span rest = cloud_skip_spaces(text), word;

	if (rest.length == 0 || (rest.at[0] != '{' && rest.at[0] != '[' && !is_prefixed(rest)))
		return false;
	while (span_cut(&rest, '"', &word)) {
		if (word.length >= strlen("subblock") && word.length <= longest && is_marked(word))
			return true;
	}
	return false;
}

/* What a host is read with. */
struct reading {
	struct cloud_hosts *hosts;
	const struct cloud_form *form;
	struct span owner; /* of an answer that names no host */
	const char *file;
	uint32_t found;
};

static bool read_word(const struct reading *reading, const struct node *node, const char **ret_word,
		      struct error *err)
{
	struct span word = span_trim(node->text);

	if (node->kind != NODE_SCALAR)
		return node_fail(node, reading->file, err, ERROR_INVALID,
				 "a text is expected, not a list or a map");
	if (word.length > CLOUD_NAME_MAXIMUM)
		return node_fail(node, reading->file, err, ERROR_LIMIT,
				 "a name of more than %d bytes", CLOUD_NAME_MAXIMUM);
	for (size_t i = 0; i < word.length; i++)
		if ((unsigned char)word.at[i] < ' ' || word.at[i] == 0x7f)
			return node_fail(node, reading->file, err, ERROR_INVALID,
					 "a name with control characters");
	*ret_word = arena_string(reading->hosts->arena, word);
	return true;
}

static bool read_first(const struct reading *reading, const struct node *map,
		       const char *const ways[], const char **ret_word, struct error *err)
{
	const struct node *found = cloud_find(map, ways);

	*ret_word = "";
	return !found || read_word(reading, found, ret_word, err);
}

/* Units by a field each. One behind a gap is not known to be the next one. */
static bool read_fields(const struct reading *reading, const struct node *map,
			struct cloud_host *host, struct error *err)
{
	const struct cloud_form *form = reading->form;

	for (unsigned i = 0; i < PLACEMENT_TIERS_MAXIMUM && form->units[i]; i++) {
		const char *ways[CLOUD_KEYS_MAXIMUM] = { form->units[i] };
		const char *word;

		if (!read_first(reading, map, ways, &word, err))
			return false;
		if (word[0] != '\0')
			host->units[host->unit_count++] = word;
		else if (!form->is_open || host->unit_count > 0)
			break;
	}
	return true;
}

/* "/block/subblock/host" as a list. */
static bool read_slashes(const struct reading *reading, const struct node *node,
			 struct cloud_host *host, struct error *err)
{
	struct span rest = node->text, piece;

	while (span_cut(&rest, '/', &piece)) {
		const struct node part = { .kind = NODE_SCALAR,
					   .text = piece,
					   .line = node->line,
					   .column = node->column };

		if (piece.length == 0)
			continue;
		if (host->unit_count == PLACEMENT_TIERS_MAXIMUM)
			return node_fail(node, reading->file, err, ERROR_LIMIT,
					 "more than %d units of one host", PLACEMENT_TIERS_MAXIMUM);
		if (!read_word(reading, &part, &host->units[host->unit_count++], err))
			return false;
	}
	return true;
}

static bool read_items(const struct reading *reading, const struct node *list,
		       struct cloud_host *host, struct error *err)
{
	static const char *const ids[CLOUD_KEYS_MAXIMUM] = { "id", "name" };

	if (list->kind == NODE_MAP)
		return node_fail(list, reading->file, err, ERROR_INVALID,
				 "a list of units is expected, not a map");
	if (list->count > PLACEMENT_TIERS_MAXIMUM)
		return node_fail(list, reading->file, err, ERROR_LIMIT,
				 "more than %d units of one host", PLACEMENT_TIERS_MAXIMUM);
	for (uint32_t i = 0; i < list->count; i++) {
		const struct node *item = &list->items[i];

		if (item->kind == NODE_MAP)
			item = cloud_find(item, ids);
		if (!item)
			return node_fail(&list->items[i], reading->file, err, ERROR_INVALID,
					 "a unit without an id");
		if (!read_word(reading, item, &host->units[host->unit_count++], err))
			return false;
	}
	return true;
}

static bool read_list(const struct reading *reading, const struct node *map,
		      struct cloud_host *host, struct error *err)
{
	const struct node *list = cloud_find(map, reading->form->lists);
	unsigned count;

	if (!list)
		return true;
	if (list->kind == NODE_SCALAR ? !read_slashes(reading, list, host, err)
				      : !read_items(reading, list, host, err))
		return false;
	if (reading->form->order == CLOUD_HOST_LAST && host->unit_count > 0)
		host->unit_count--;
	count = host->unit_count;
	for (unsigned i = 0; reading->form->order != CLOUD_NEAREST_FIRST && i < count / 2; i++) {
		const char *other = host->units[i];

		host->units[i] = host->units[count - 1 - i];
		host->units[count - 1 - i] = other;
	}
	for (unsigned i = 0; i < count; i++)
		host->unit_count = host->units[i][0] != '\0' ? host->unit_count : 0;
	return true;
}

static bool read_host(struct reading *reading, const struct node *map, struct error *err)
{
	const struct cloud_form *form = reading->form;
	const char *needs[CLOUD_KEYS_MAXIMUM] = { form->needs };
	struct arena *arena = reading->hosts->arena;
	struct cloud_host host = { .unit_count = 0 };

	if (map->kind != NODE_MAP || (form->needs && !cloud_find(map, needs)))
		return true;
	if (!read_first(reading, map, form->hosts, &host.name, err) ||
	    !read_first(reading, map, form->ids, &host.id, err) ||
	    !read_first(reading, map, form->domains, &host.domain, err) ||
	    !read_first(reading, map, form->subdomains, &host.subdomain, err) ||
	    !read_fields(reading, map, &host, err) || !read_list(reading, map, &host, err))
		return false;
	if (host.name[0] == '\0' && reading->found == 0)
		host.name = arena_string(arena, reading->owner);
	if (host.name[0] == '\0')
		return node_fail(map, reading->file, err, ERROR_INVALID, "%s: host %u has no name",
				 form->name, reading->found + 1);
	if (host.unit_count == 0)
		host.why = arena_format(arena, "%s does not say which unit it is in", form->name);
	reading->found++;
	return cloud_add(reading->hosts, &host, err);
}

static bool has_marked_item(const struct reading *reading, const struct node *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (cloud_has_mark(reading->form, &list->items[i]))
			return true;
	return false;
}

/* Neighbours in a list of a host are hosts too, of which less is said. */
static bool read_hosts(struct reading *reading, const struct node *node, struct error *err)
{
	if (node->kind == NODE_SCALAR)
		return true;
	if (node->kind == NODE_MAP && cloud_has_mark(reading->form, node))
		return read_host(reading, node, err);
	bool is_list = node->kind == NODE_LIST && has_marked_item(reading, node);

	for (uint32_t i = 0; i < node->count; i++)
		if (is_list ? !read_host(reading, &node->items[i], err)
			    : !read_hosts(reading, &node->items[i], err))
			return false;
	return true;
}

static bool has_host(const struct cloud_form *form, const struct node *node)
{
	if (node->kind == NODE_MAP && cloud_has_mark(form, node))
		return true;
	for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
		if (has_host(form, &node->items[i]))
			return true;
	return false;
}

static bool has_next_page(const struct node *root)
{
	static const char *const ways[CLOUD_KEYS_MAXIMUM] = { "nexttoken", "nextpagetoken",
							      "opcnextpage", "metadata>continue" };
	const struct node *next = cloud_find(root, ways);

	return next && next->kind == NODE_SCALAR && next->text.length > 0;
}

static bool read_answer(struct cloud_hosts *hosts, struct span text, struct span owner,
			const char *file, struct error *err)
{
	struct reading reading = { .hosts = hosts, .owner = owner, .file = file };
	const struct node *root;
	SCOPED_ARENA(scratch);

	if (!json_read(text, file, 0, &scratch, &root, err))
		return false;
	for (unsigned i = 0; i < cloud_form_count && !reading.form; i++)
		if (has_host(&cloud_forms[i], root))
			reading.form = &cloud_forms[i];
	if (!reading.form)
		return fail(err, ERROR_INVALID,
			    "%s: no host in it is said to be in any unit; was the answer given "
			    "without its topology?",
			    file);
	if (!hosts->source)
		hosts->source = reading.form->name;
	hosts->is_partial = hosts->is_partial || has_next_page(root);
	return read_hosts(&reading, root, err);
}

/* The file's name without folder and ending. */
static struct span stem(const char *file)
{
	const char *slash = strrchr(file, '/');
	struct span name = span_of(slash ? slash + 1 : file);

	for (size_t i = name.length; i-- > 1;) {
		if (name.at[i] == '.') {
			name.length = i;
			break;
		}
	}
	return name;
}

/* A line of a host's answer. */
struct said {
	struct span host, words;
	uint32_t line;
};

static int compare_said(const void *a, const void *b)
{
	const struct said *left = a, *right = b;
	int order = span_compare(left->host, right->host);

	return order != 0 ? order : left->line < right->line ? -1 : left->line > right->line;
}

static bool split_lines(struct span text, struct arena *scratch, const char *file,
			struct said **ret_said, uint32_t *ret_count, struct error *err)
{
	struct span line, rest = text;
	uint32_t lines = 0, count = 0, number = 0;
	struct said *said;

	while (span_cut(&rest, '\n', &line))
		lines++;
	said = ARENA_ARRAY(scratch, struct said, lines);
	while (span_cut(&text, '\n', &line)) {
		struct said *next = &said[count];

		number++;
		if (cloud_skip_spaces(line).length == 0)
			continue;
		if (!cloud_cut_name(&line, &next->host))
			return fail(err, ERROR_INVALID,
				    "%s: line %u does not begin with the name of a host", file,
				    number);
		next->words = line;
		next->line = number;
		count++;
	}
	qsort(said, count, sizeof(*said), compare_said);
	*ret_said = said;
	*ret_count = count;
	return true;
}

/* Lines of hosts that answer at once come in any order; each host's own are in theirs. */
static bool read_prefixed(struct cloud_hosts *hosts, struct span text, const char *file,
			  struct error *err)
{
	SCOPED_ARENA(scratch);
	struct said *said = NULL;
	uint32_t count = 0;

	if (!split_lines(text, &scratch, file, &said, &count, err))
		return false;
	for (uint32_t i = 0; i < count;) {
		SCOPED_TEXT(answer);
		uint32_t first = i;

		for (; i < count && span_equal(said[i].host, said[first].host); i++) {
			text_add_span(&answer, said[i].words);
			text_add_char(&answer, '\n');
		}
		if (!read_answer(hosts, text_span(&answer), said[first].host,
				 arena_format(&scratch, "%s: host %.*s", file,
					      SPAN_ARGS(said[first].host)),
				 err))
			return false;
	}
	return true;
}

bool cloud_read(struct cloud_hosts *hosts, struct span text, const char *file, struct error *err)
{
	return is_prefixed(text) ? read_prefixed(hosts, text, file, err)
				 : read_answer(hosts, text, stem(file), file, err);
}
