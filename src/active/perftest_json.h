/*
 * The file of perftest's --out_json, in its valid form and in that of before 2024: keys and words
 * without quotes, a comma behind the last value. It does not say in which unit the bandwidth is;
 * the number of messages a second does.
 */
#pragma once

#include "active/perftest.h"

bool perftest_read_json(struct span text, const char *file, struct arena *arena,
			struct perftest_report *ret_report, struct error *err);
