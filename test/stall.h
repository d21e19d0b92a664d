/*
 * A small market for tests of importers: a catalogue of a few invented lines, a book, and files
 * that are texts.
 */
#pragma once

#include "market/import.h"

struct stall {
	struct arena arena;
	struct catalogue catalogue;
	struct exchange exchange;
	struct book book;
	struct availability *regions;
	struct arena scratch; /* of one file */
	struct error err;     /* of the last import */
};

/* A catalogue that cannot be read fails the test. */
void stall_open(struct stall *stall);
void stall_close(struct stall *stall);

#define SCOPED_STALL(name)                                               \
	struct stall name __attribute__((cleanup(stall_close))) = { 0 }; \
	stall_open(&(name))

/* Reads `text` as the file, which came on `day` ("" or NULL: its name does not say). The bytes come
 * in pieces of seven. False with stall->err when the import ends with a fault. */
bool stall_read(struct stall *stall, const struct importer *importer, const char *file,
		const char *day, struct span text);

/* The same, where a fault fails the test. */
void stall_take(struct stall *stall, const struct importer *importer, const char *file,
		const char *day, const char *text);

uint64_t stall_refused(const struct stall *stall, enum refusal why);

/* Fails the test unless so many rows were kept, and refused for the one reason, and no others were
 * read. */
void stall_expect(const struct stall *stall, uint64_t kept, enum refusal why, uint64_t refused);

/* The quote that was kept as n-th, which has to be there. */
const struct quote *stall_quote(const struct stall *stall, size_t n);

/* The text of a name of the quote. */
const char *stall_name(struct stall *stall, name_t name);

/* USD for a GPU and an hour, to the nearest ten thousandth. */
void stall_expect_usd(const struct quote *quote, double usd);

/* Fails the test unless importer_for gives the importer for the text. */
void stall_expect_claim(const struct importer *importer, const char *file, const char *text);
