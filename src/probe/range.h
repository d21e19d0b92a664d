/*
 * Numbers that the kernel shows and that have to lie in a range: what lies outside is garbage, or
 * the kernel's way of saying that it does not know.
 */
#pragma once

#include "probe/look.h"

struct range {
	double low, high; /* both belong to it */
};

/* The number that the file begins with, as look_value takes it but decimal only, when it lies in
 * the range. Otherwise it is unknown, and the reason quotes the file. A missing file is treated as
 * the look says. */
bool look_in_range(const struct look *look, const char *path, enum measure measure,
		   struct range range);
