/* What the file of a shared library says of itself: nothing of it is run. */
#pragma once

#include "host/file.h"

struct library_texts {
	struct span constants; /* its read-only texts */
	struct span symbols;   /* the names of its symbols, and of the libraries that it needs */
};

/* Both in `arena`. Fails as elf_section does. */
bool library_texts_read(const struct host *host, const char *path, struct arena *arena,
			struct library_texts *ret_texts, struct error *err);
