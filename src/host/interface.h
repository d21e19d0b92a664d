/*
 * The network interfaces that this process sees, by their addresses.
 */
#pragma once

#include "host/file.h"

/* The name of the interface that has the address, as "10.0.0.3" or "fd00::3", with or without its
 * scope behind a '%'. ERROR_MISSING when none has it; a machine that is elsewhere has none here:
 * ERROR_UNSUPPORTED. */
bool interface_of_address(const struct host *host, const char *address, struct arena *arena,
			  const char **ret_name, struct error *err);
