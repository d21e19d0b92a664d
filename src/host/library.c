#include "host/library.h"

#include <dlfcn.h>
#include <stdlib.h>

bool library_open(const char *const *names, struct library *ret_library, struct error *err)
{
	const char *said = "no name was given";

	for (size_t i = 0; names[i]; i++) {
		void *handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);

		if (handle) {
			ret_library->handle = handle;
			return true;
		}
		const char *words = dlerror();
		said = words ? words : "no reason given";
	}
	return fail(err, ERROR_MISSING, "no library: %s", said);
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

const char *library_folder(void)
{
	const char *folder = getenv("ASSAY_LIBRARY_PATH");

	return folder && *folder ? folder : NULL;
}
