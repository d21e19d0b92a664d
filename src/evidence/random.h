/*
 * Bytes that nobody can guess, from the system: for salts and keys, never for a result.
 */
#pragma once

#include <stddef.h>

void random_secret(void *into, size_t length);
