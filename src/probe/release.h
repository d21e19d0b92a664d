/*
 * Releases of kernels: which are of the same flavour, and which is newer.
 */
#pragma once

#include <stdbool.h>

#include "base/span.h"

/* True when both are built for the same: what is left of the release without numbers is the same.
 * "6.1.0-28-cloud-amd64" is not of the flavour of "6.1.0-28-amd64". */
bool release_same_flavour(struct span a, struct span b);

/* Below, equal to or above 0 as `a` is older, as new or newer: numbers by value, words by bytes, a
 * number newer than a word, and of two that begin alike the longer one. */
int release_compare(struct span a, struct span b);
