/*
 * What was seen of an object store: a device about it is "object:WHAT:HOST/BUCKET".
 */
#pragma once

#include "check/tally.h"

/* What stands behind "object:WHAT:" in the device; NULL when it is none of WHAT. */
const char *store_of(const char *device, const char *what);

/* The record of the measure about WHAT in the store; NULL when there is none, or it is unknown. */
const struct record *object_find(const struct tally *tally, enum measure measure, const char *what,
				 const char *store);
