#include "active/start_commands.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"

#define SCHEMA "assay/start-commands/v1"
#define FOLDER "{folder}"

enum {
	NAME_MAXIMUM = 40,
	WORD_MAXIMUM = 4096,
	USUAL_REPETITIONS = 3,
	USUAL_LIMIT_S = 120,
};

const char *const start_kind_names[] = {
	[START_IMPORT] = "import-time",       [START_INSTALL] = "package-install",
	[START_IMAGE] = "image-pull",         [START_MODEL] = "model-download",
	[START_CONTAINER] = "container-pull", [START_PROGRAM] = "program-start",
};
static_assert(sizeof(start_kind_names) / sizeof(start_kind_names[0]) == START_KIND_COUNT,
	      "a name for each kind");

const char *const start_cache_names[] = {
	[START_WARM] = "warm",
	[START_FRESH] = "fresh",
	[START_COLD] = "cold",
};
static_assert(sizeof(start_cache_names) / sizeof(start_cache_names[0]) == START_CACHE_COUNT,
	      "a name for each state of the caches");

static const struct node_field file_fields[] = {
	{ "schema", NODE_SCALAR, true },
	{ "instance-created", NODE_SCALAR, false },
	{ "commands", NODE_LIST, true },
};

static const struct node_field command_fields[] = {
	{ "name", NODE_SCALAR, true },   { "kind", NODE_SCALAR, true },
	{ "words", NODE_LIST, true },    { "repetitions", NODE_SCALAR, false },
	{ "cache", NODE_SCALAR, false }, { "limit", NODE_SCALAR, false },
	{ "bytes", NODE_SCALAR, false }, { "path", NODE_SCALAR, false },
	{ "as", NODE_SCALAR, false },    { "environment", NODE_LIST, false },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Where a file is read. */
struct place {
	const char *file;
	struct arena *arena;
	struct error *err;
};

static bool bad(const struct place *place, const struct node *node, const char *what)
{
	return node_fail(node, place->file, place->err, ERROR_INVALID, "%s", what);
}

/* A whole number from 1 to `most`; `otherwise` when the field is not there. */
static bool read_number(const struct place *place, const struct node *map, const char *key,
			uint64_t most, uint64_t otherwise, uint64_t *ret_number)
{
	const struct node *node = node_find(map, key);

	*ret_number = otherwise;
	if (!node)
		return true;
	if (span_to_u64(node->text, ret_number) && *ret_number > 0 && *ret_number <= most)
		return true;
	return node_fail(node, place->file, place->err, ERROR_INVALID,
			 "'%.*s' is no whole number from 1 to %llu",
			 (int)(node->text.length < 40 ? node->text.length : 40), node->text.at,
			 (unsigned long long)most);
}

/* One of the names; *ret_which stays when there is none. */
static bool read_word(const struct place *place, const struct node *map, const char *key,
		      const char *const *names, size_t count, unsigned *ret_which)
{
	const struct node *node = node_find(map, key);
	SCOPED_TEXT(known);

	if (!node)
		return true;
	for (unsigned i = 0; i < count; i++) {
		if (span_is(node->text, names[i])) {
			*ret_which = i;
			return true;
		}
		text_format(&known, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	return node_fail(node, place->file, place->err, ERROR_INVALID, "%s is one of %s", key,
			 text_string(&known));
}

/* The name becomes part of a device's: no blank, no slash, no colon. */
static bool read_name(const struct place *place, const struct node *map,
		      const struct start_command *before, size_t count, const char **ret_name)
{
	const struct node *node = node_find(map, "name");
	struct span name = node->text;

	if (name.length == 0 || name.length > NAME_MAXIMUM)
		return bad(place, node, "a name has 1 to 40 characters");
	for (size_t i = 0; i < name.length; i++) {
		char c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return bad(place, node, "a name has letters, digits, '-', '_' and '.'");
	}
	for (size_t i = 0; i < count; i++)
		if (span_is(name, before[i].name))
			return bad(place, node, "two commands have this name");
	*ret_name = arena_string(place->arena, name);
	return true;
}

static bool read_list(const struct place *place, const struct node *list, size_t most,
		      const char *const **ret_words)
{
	size_t count = list ? list->count : 0;
	const char **words = ARENA_ARRAY(place->arena, const char *, count + 1);

	if (count > most)
		return bad(place, list, "too many words");
	for (size_t i = 0; i < count; i++) {
		const struct node *one = &list->items[i];

		if (one->kind != NODE_SCALAR || one->text.length > WORD_MAXIMUM)
			return bad(place, one, "a word is text of 4096 bytes at most");
		words[i] = arena_string(place->arena, one->text);
	}
	*ret_words = words;
	return true;
}

static bool read_environment(const struct place *place, const struct node *list,
			     const char *const **ret_words)
{
	if (!read_list(place, list, START_ENVIRONMENT_MAXIMUM, ret_words))
		return false;
	for (size_t i = 0; (*ret_words)[i]; i++)
		if ((*ret_words)[i][0] == '=' || !strchr((*ret_words)[i], '='))
			return bad(place, &list->items[i], "write NAME=value");
	return true;
}

static bool read_path(const struct place *place, const struct node *map, double *ret_gb_per_s)
{
	const struct node *node = node_find(map, "path");

	*ret_gb_per_s = 0;
	if (!node ||
	    (span_to_double(node->text, ret_gb_per_s) && *ret_gb_per_s > 0 && *ret_gb_per_s < 1e6))
		return true;
	return bad(place, node, "path is a number of Gb/s");
}

static bool read_command(const struct place *place, const struct node *map,
			 struct start_command *items, size_t count)
{
	static const char *const users[] = { "nobody", "caller" };
	struct start_command *command = &items[count];
	const struct node *words = node_find(map, "words");
	uint64_t repetitions, limit_s;
	unsigned kind = 0, cache = START_WARM, user = 0;

	if (!node_expect(map, place->file, command_fields, COUNT(command_fields), place->err) ||
	    !read_name(place, map, items, count, &command->name) ||
	    !read_word(place, map, "kind", start_kind_names, START_KIND_COUNT, &kind) ||
	    !read_word(place, map, "cache", start_cache_names, START_CACHE_COUNT, &cache) ||
	    !read_word(place, map, "as", users, 2, &user) ||
	    !read_list(place, words, START_WORDS_MAXIMUM, &command->words) ||
	    !read_environment(place, node_find(map, "environment"), &command->environment) ||
	    !read_number(place, map, "repetitions", START_REPETITIONS_MAXIMUM, USUAL_REPETITIONS,
			 &repetitions) ||
	    !read_number(place, map, "limit", START_LIMIT_MAXIMUM_S, USUAL_LIMIT_S, &limit_s) ||
	    !read_number(place, map, "bytes", UINT64_C(1) << 50, 0, &command->bytes) ||
	    !read_path(place, map, &command->path_gb_per_s))
		return false;
	if (words->count == 0 || command->words[0][0] == '\0')
		return bad(place, words, "words begin with a program");
	command->kind = (enum start_kind)kind;
	command->cache = (enum start_cache)cache;
	command->as_caller = user == 1;
	command->repetitions = (unsigned)repetitions;
	command->limit_s = (unsigned)limit_s;
	return true;
}

bool start_commands_read(struct span text, const char *file, struct arena *arena,
			 struct start_commands *ret_commands, struct error *err)
{
	const struct place place = { .file = file, .arena = arena, .err = err };
	struct start_commands commands = { .count = 0 };
	struct start_command *items;
	const struct node *root, *list;

	if (!yaml_read(text, file, arena, &root, err) ||
	    !node_expect(root, file, file_fields, COUNT(file_fields), err))
		return false;
	if (!span_is(node_find(root, "schema")->text, SCHEMA))
		return node_fail(node_find(root, "schema"), file, err, ERROR_UNSUPPORTED,
				 "the schema is '" SCHEMA "'");
	if (!read_number(&place, root, "instance-created", UINT32_MAX, 0,
			 &commands.instance_created))
		return false;
	list = node_find(root, "commands");
	if (list->count > START_COMMANDS_MAXIMUM)
		return bad(&place, list, "more than 64 commands");
	items = ARENA_ARRAY(arena, struct start_command, list->count);
	while (commands.count < list->count) {
		if (!read_command(&place, &list->items[commands.count], items, commands.count))
			return false;
		commands.count++;
	}
	commands.items = items;
	*ret_commands = commands;
	return true;
}

struct start_commands start_commands_usual(void)
{
	static const char *const none[] = { NULL };
	static const char *const python[] = { "python3", "-c", "pass", NULL };
	static const char *const torch[] = { "python3", "-c", "import torch", NULL };
	static const char *const smi[] = { "nvidia-smi", "-L", NULL };
	static const struct start_command usual[] = {
		{ "python", START_PROGRAM, START_WARM, python, none, 5, 30, 0, 0, false, true },
		{ "torch", START_IMPORT, START_WARM, torch, none, 5, 120, 0, 0, false, true },
		{ "nvidia-smi", START_PROGRAM, START_WARM, smi, none, 3, 120, 0, 0, false, true },
	};

	return (struct start_commands){ .items = usual, .count = COUNT(usual) };
}

const char *start_word(const char *word, const char *folder, struct arena *arena)
{
	const char *at = strstr(word, FOLDER);
	SCOPED_TEXT(whole);

	if (!at)
		return word;
	while ((at = strstr(word, FOLDER))) {
		text_add_span(&whole, (struct span){ word, (size_t)(at - word) });
		text_add(&whole, folder);
		word = at + strlen(FOLDER);
	}
	text_add(&whole, word);
	return arena_string(arena, text_span(&whole));
}
