/*
 * Whatever the bytes, what is taken out of them lies within them and within its bounds: lines and
 * words of configuration files, packages of dpkg, components of CUDA, versions in what a program
 * says. The first byte of the input is the form of the lines.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/conf.h"
#include "probe/package.h"
#include "probe/software_ask.h"
#include "probe/software_find.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_inside(struct span part, struct span whole)
{
	return part.length == 0 || (part.at >= whole.at && part.length <= whole.length &&
				    (size_t)(part.at - whole.at) <= whole.length - part.length);
}

static void check_version(struct span version, struct span text)
{
	assert(is_inside(version, text) && version.length <= 64);
	assert(version.length == 0 || (version.at[0] >= '0' && version.at[0] <= '9'));
	/* A version is one, and the same again. */
	assert(span_equal(software_find_version(version), version));
}

static void check_line(struct span line)
{
	struct span rest = line, word, key, value;
	size_t words = 0;

	assert(line.length > 0 && line.at[line.length - 1] != ' ' && line.at[0] != ' ');
	for (size_t i = 0; i < line.length; i++)
		assert(line.at[i] != '\n');
	while (conf_word(&rest, &word)) {
		assert(is_inside(word, line) && is_inside(rest, line));
		words++;
		if (conf_pair(word, &key, &value))
			assert(key.length > 0 && is_inside(key, word) && is_inside(value, word));
	}
	assert(words > 0 && words <= line.length);
}

static void check_lines(struct span text, unsigned form)
{
	SCOPED_ARENA(arena);
	struct conf conf = { text, form, &arena };
	bool is_joined = form & (CONF_JOINED | CONF_JOINED_FIRST);
	size_t lines = 0;
	struct span line;

	for (; conf_next(&conf, &line); lines++) {
		assert(is_joined || is_inside(line, text));
		assert((form & CONF_USER_NUMBERS) || line.at[0] != '#');
		check_line(line);
	}
	assert(lines <= text.length);
	/* Joined lines are copied once, and each takes a little more than it has. */
	assert(arena.bytes <= 32 * text.length + 64);
}

static void check_packages(struct span text)
{
	SCOPED_ARENA(arena);
	struct packages packages;

	if (!packages_parse(text, &arena, &packages))
		return;
	for (size_t i = 0; i < packages.count; i++) {
		const struct package *package = &packages.items[i];
		const char *upstream = package_upstream(package->version, &arena);

		assert(is_inside(package->name, text) && package->name.length > 0);
		assert(is_inside(package->version, text) && package->version.length > 0);
		assert(strlen(upstream) <= package->version.length);
		assert(i == 0 || span_compare(package[-1].name, package->name) <= 0);
		if (package->name.at[package->name.length - 1] != '*')
			assert(span_equal(packages_find(&packages, package->name)->name,
					  package->name));
	}
}

static void check_component(struct span text)
{
	SCOPED_ARENA(arena);
	struct span version = SPAN("");

	if (software_component(text, "cuda", &arena, &version, NULL) && version.length > 0)
		check_version(version, version);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text;

	if (size == 0)
		return 0;
	text = (struct span){ (const char *)data + 1, size - 1 };
	check_lines(text, data[0] & 31);
	check_packages(text);
	check_component(text);
	check_version(software_find_version(text), text);
	check_version(software_answer(text), text);
	return 0;
}
