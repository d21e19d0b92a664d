#include "probe/software_find.h"

#include <string.h>

#include "base/json.h"
#include "probe/release.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	FILE_MAXIMUM = 32 << 10,
	VERSION_MAXIMUM = 64, /* bytes of one */
	NAMES_MAXIMUM = 1024, /* that are looked at in one folder */
};

static void keep_why(struct software_search *search, const struct error *err)
{
	if (err->code != ERROR_MISSING && !search->why)
		search->why = arena_string(search->arena, span_of(err->text));
}

static bool is_there(struct software_search *search, const char *path)
{
	struct host_status status;
	struct error err = { 0 };

	if (host_status(search->host, path, &status, &err))
		return true;
	keep_why(search, &err);
	return false;
}

const char *software_path(struct software_search *search, const char *paths)
{
	struct span rest = span_of(paths), path;

	while (span_cut(&rest, ' ', &path)) {
		const char *one = arena_string(search->arena, path);

		if (is_there(search, one))
			return one;
	}
	return NULL;
}

const char *software_program(struct software_search *search, const char *names)
{
	static const char *const folders[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
					       "/usr/bin" };
	struct span rest = span_of(names), name;

	while (span_cut(&rest, ' ', &name)) {
		if (span_starts(name, "/")) {
			const char *path = arena_string(search->arena, name);

			if (is_there(search, path))
				return path;
			continue;
		}
		for (size_t i = 0; i < COUNT(folders); i++) {
			const char *path =
				arena_format(search->arena, "%s/%.*s", folders[i], SPAN_ARGS(name));

			if (is_there(search, path))
				return path;
		}
	}
	return NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Length of the numbers with points that the text begins with; 0 when they are no version. */
static size_t numbers_length(struct span text)
{
	size_t at = 0, numbers = 0;

	while (at < text.length && is_digit(text.at[at])) {
		while (at < text.length && is_digit(text.at[at]))
			at++;
		numbers++;
		if (at + 1 >= text.length || text.at[at] != '.' || !is_digit(text.at[at + 1]))
			break;
		at++;
	}
	return numbers >= 2 && numbers <= 6 ? at : 0;
}

static bool is_suffix(char c)
{
	return is_digit(c) || is_letter(c) || c == '-' || c == '+' || c == '~' || c == '.' ||
	       c == '_';
}

/* Length of the version that the word begins with; 0 when it goes on as something else. */
static size_t version_length(struct span word)
{
	size_t at = numbers_length(word);

	if (at == 0 || at == word.length || word.at[at] == ',' || word.at[at] == ':' ||
	    word.at[at] == ')')
		return at;
	if (!is_suffix(word.at[at]) || word.at[at] == '.' || word.at[at] == '_')
		return 0;
	while (at < word.length && is_suffix(word.at[at]))
		at++;
	return at;
}

struct span software_find_version(struct span text)
{
	static const char separators[] = " \t\r\n\"'(=";
	size_t at = 0;

	while (at < text.length) {
		size_t length = 0, version;
		struct span word;

		while (at + length < text.length && text.at[at + length] != '\0' &&
		       !strchr(separators, text.at[at + length]))
			length++;
		word = (struct span){ text.at + at, length };
		if (length > 1 && (word.at[0] == 'v' || word.at[0] == 'V'))
			word = (struct span){ word.at + 1, word.length - 1 };
		version = version_length(word);
		if (version > 0 && version <= VERSION_MAXIMUM)
			return (struct span){ word.at, version };
		at += length + 1;
	}
	return SPAN("");
}

static const char *const library_folders[] = {
	"/usr/lib/x86_64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu",
	"/usr/lib64",
	"/usr/lib",
	"/usr/local/lib",
	"/usr/local/lib64",
	"/usr/local/cuda/lib64",
	"/opt/rocm/lib",
	"/opt/nccl/lib",
	"/opt/nccl/build/lib",
	"/opt/amazon/efa/lib64",
	"/opt/amazon/efa/lib",
};

/* What the name of the file behind all links has behind ".so.", when it is more than one number. */
static struct span library_version(struct software_search *search, const char *path)
{
	const char *real = path, *name, *number;

	if (!host_real_path(search->host, path, search->arena, &real, NULL))
		return SPAN("");
	name = strrchr(real, '/');
	number = strstr(name ? name : real, ".so.");
	if (!number)
		return SPAN("");
	number += strlen(".so.");
	return numbers_length(span_of(number)) == strlen(number) &&
			       strlen(number) <= VERSION_MAXIMUM
		       ? span_of(number)
		       : SPAN("");
}

const char *software_library(struct software_search *search, const char *names,
			     struct span *ret_version)
{
	struct span rest = span_of(names), name;

	while (span_cut(&rest, ' ', &name))
		for (size_t i = 0; i < COUNT(library_folders); i++) {
			const char *path = arena_format(search->arena, "%s/%.*s",
							library_folders[i], SPAN_ARGS(name));

			if (!is_there(search, path))
				continue;
			*ret_version = library_version(search, path);
			return path;
		}
	return NULL;
}

/* The name of the folder's newest version; NULL without. */
static const char *newest_in(struct software_search *search, const char *folder, const char *prefix,
			     struct span *ret_version)
{
	const char *const *names = NULL;
	const char *best = NULL;
	struct error err = { 0 };
	size_t count = 0;

	if (!host_list(search->host, folder, search->arena, &names, &count, &err)) {
		keep_why(search, &err);
		return NULL;
	}
	for (size_t i = 0; i < count && i < NAMES_MAXIMUM; i++) {
		struct span name = span_of(names[i]);
		size_t length;

		if (!span_starts(name, prefix))
			continue;
		name.at += strlen(prefix);
		name.length -= strlen(prefix);
		length = numbers_length(name);
		/* "26.5", and "v2.24-gcc-inbox" behind the prefix "hpcx-v". */
		if (length == 0 || length > VERSION_MAXIMUM ||
		    (length < name.length && name.at[length] != '-'))
			continue;
		name.length = length;
		if (!best || release_compare(name, *ret_version) > 0) {
			best = names[i];
			*ret_version = name;
		}
	}
	return best ? arena_format(search->arena, "%s/%s", folder, best) : NULL;
}

const char *software_folder(struct software_search *search, const char *folders, const char *prefix,
			    struct span *ret_version)
{
	struct span rest = span_of(folders), folder, version = SPAN("");

	while (span_cut(&rest, ' ', &folder)) {
		const char *path =
			newest_in(search, arena_string(search->arena, folder), prefix, &version);

		if (path) {
			*ret_version = version;
			return path;
		}
	}
	return NULL;
}

/* The text behind the first line's beginning that is the key. */
static struct span behind_key(struct span text, const char *key)
{
	struct span line, rest;

	if (!key)
		return text;
	while (span_cut(&text, '\n', &line))
		if (span_behind(line, key, &rest))
			return rest;
	return SPAN("");
}

const char *software_file(struct software_search *search, const char *paths, const char *key,
			  struct span *ret_version)
{
	struct span rest = span_of(paths), path, text, version;

	while (span_cut(&rest, ' ', &path)) {
		const char *one = arena_string(search->arena, path);
		struct error err = { 0 };

		if (!host_peek_start(search->host, one, FILE_MAXIMUM, search->arena, &text, &err)) {
			keep_why(search, &err);
			continue;
		}
		version = software_find_version(behind_key(text, key));
		if (version.length > 0) {
			*ret_version = version;
			return one;
		}
	}
	return NULL;
}

bool software_component(struct span json, const char *name, struct arena *arena,
			struct span *ret_version, struct error *err)
{
	const struct node *root, *version;

	if (!json_read(json, "version.json", 1, arena, &root, err))
		return false;
	version = node_find(node_find(root, name), "version");
	*ret_version = SPAN("");
	if (version && version->kind == NODE_SCALAR)
		*ret_version = software_find_version(version->text);
	return true;
}
