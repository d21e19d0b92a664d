/*
 * Writes the trees of YAML documents as C, each with the hash of the bytes that it was read from:
 * what src/standard/compiled.h declares.
 *
 * usage: make-trees OUTPUT INPUT...
 */
#include <stdio.h>

#include "base/tree.h"
#include "base/yaml.h"
#include "host/file.h"
#include "standard/compiled.h"

enum {
	BYTES_A_LINE = 24,
	EXIT_WRONG = 1,
};

static void write_bytes(struct text *into, const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (i % BYTES_A_LINE == 0)
			text_add(into, i > 0 ? "\"\n\t\"" : "\n\t\"");
		/* Three digits always, so that none that follows is taken for a fourth. */
		text_format(into, "\\%03o", bytes[i]);
	}
	text_add(into, "\"");
}

static bool write_tree(const struct host *host, const char *file, unsigned number,
		       struct text *into, struct text *table, struct error *err)
{
	const struct node *root = NULL;
	uint8_t hash[RECORD_HASH_BYTES];
	SCOPED_ARENA(arena);
	SCOPED_TEXT(packed);
	struct span text;

	if (!host_read(host, file, YAML_BYTES_MAXIMUM, &arena, &text, err) ||
	    !yaml_read(text, file, &arena, &root, err))
		return false;
	tree_pack(root, &packed);
	if (packed.overflowed)
		return fail(err, ERROR_LIMIT, "'%s' is too long", file);
	text_format(into, "\nstatic const unsigned char tree_%u[] =", number);
	write_bytes(into, (const unsigned char *)packed.at, packed.length);
	text_add(into, ";\n");
	hash_bytes(text, hash);
	text_add(table, "\t{ {");
	for (unsigned i = 0; i < RECORD_HASH_BYTES; i++)
		text_format(table, " %u,", hash[i]);
	text_format(table, " }, tree_%u },\n", number);
	return true;
}

int main(int count, char **words)
{
	const struct host host = { 0 };
	struct error err = { 0 };
	SCOPED_TEXT(code);
	SCOPED_TEXT(table);

	if (count < 3) {
		(void)fputs("usage: make-trees OUTPUT INPUT...\n", stderr);
		return EXIT_WRONG;
	}
	text_add(&code, "/* Made by tools/make_trees.c. */\n#include \"standard/compiled.h\"\n");
	for (int i = 2; i < count; i++) {
		if (!write_tree(&host, words[i], (unsigned)i - 2, &code, &table, &err)) {
			(void)fprintf(stderr, "make-trees: %s\n", err.text);
			return EXIT_WRONG;
		}
	}
	text_format(&code,
		    "\nconst struct compiled_document compiled_documents[] = {\n%s};\n\n"
		    "const size_t compiled_document_count = %d;\n",
		    text_string(&table), count - 2);
	if (code.overflowed || table.overflowed ||
	    !host_write(&host, words[1], text_span(&code), &err)) {
		(void)fprintf(stderr, "make-trees: '%s': %s\n", words[1],
			      code.overflowed ? "too long" : err.text);
		return EXIT_WRONG;
	}
	return 0;
}
