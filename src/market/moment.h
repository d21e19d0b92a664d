/*
 * When a row was observed, as sources write it.
 */
#pragma once

#include "base/date.h"

/* "2026-07-06", "2026-07-06T10:10:58Z", with a blank for the T, a fraction of a second, which is
 * dropped, and a distance from UTC ("+02:00", "-0500"). A time without one is UTC; so is a day,
 * whose midnight it is. Seconds since the epoch. */
bool moment_parse(struct span text, int64_t *ret_seconds);
