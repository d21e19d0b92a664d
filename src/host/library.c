#include "host/library.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The path of a name in the folder; false when it is none that is looked for there. */
static bool is_of_folder(const char *folder, const char *name, char ret_path[static PATH_MAX])
{
	int length = snprintf(ret_path, PATH_MAX, "%s/%s", folder, name);

	return name[0] != '/' && length > 0 && length < PATH_MAX;
}

static bool open_first(const char *const *names, const char *folder, struct library *ret_library,
		       unsigned *ret_index, struct error *err)
{
	const char *said = "no name was given";
	char path[PATH_MAX];

	for (unsigned i = 0; names[i]; i++) {
		if (folder && !is_of_folder(folder, names[i], path))
			continue;
		void *handle = dlopen(folder ? path : names[i], RTLD_NOW | RTLD_LOCAL);

		if (handle) {
			ret_library->handle = handle;
			if (ret_index)
				*ret_index = i;
			return true;
		}
		const char *words = dlerror();
		said = words ? words : "no reason given";
	}
	return fail(err, ERROR_MISSING, "no library: %s", said);
}

bool library_open(const char *const *names, struct library *ret_library, struct error *err)
{
	return open_first(names, NULL, ret_library, NULL, err);
}

bool library_open_vendor(const char *const *names, struct library *ret_library, unsigned *ret_index,
			 struct error *err)
{
	return open_first(names, library_folder(), ret_library, ret_index, err);
}

void *library_symbol(const struct library *library, const char *const *symbols, unsigned *ret_index)
{
	for (unsigned i = 0; symbols[i]; i++) {
		void *address = dlsym(library->handle, symbols[i]);

		if (!address)
			continue;
		if (ret_index)
			*ret_index = i;
		return address;
	}
	return NULL;
}

bool library_load_late(const struct late_library *wanted, const struct late_symbol *symbols,
		       size_t count, struct error *err)
{
	struct library library;

	if (!library_open(wanted->names, &library, NULL)) {
		/* What the loader says of the usual name, not of the last. */
		(void)library_open((const char *const[]){ wanted->names[0], NULL }, &library, err);
		return fail_while(err, "%s needs %s (Debian: %s)", wanted->need, wanted->names[0],
				  wanted->package);
	}
	for (size_t i = 0; i < count; i++) {
		void *address = library_symbol(
			&library, (const char *const[]){ symbols[i].name, NULL }, NULL);

		if (!address)
			return fail(err, ERROR_UNSUPPORTED,
				    "%s needs a newer %s: this one has no %s (Debian: %s)",
				    wanted->need, wanted->names[0], symbols[i].name,
				    wanted->package);
		memcpy(symbols[i].into, &address, sizeof(address));
	}
	return true;
}

const char *library_folder(void)
{
	const char *folder = getenv("ASSAY_LIBRARY_PATH");

	return folder && *folder ? folder : NULL;
}
