/* The parameters that a result of a model rests on, the same in every report. */
#pragma once

#include "base/json.h"
#include "model/parameter.h"
#include "report/report.h"

/* A table: name, value or range, unit, where from. Those left at their default come last and,
 * unless `all`, not at all. */
void parameters_show(const struct parameters *parameters, bool all, enum report_format format,
		     const struct report_style *style, struct text *into);

/* The pair "parameters": a list of name, value, low, high, unit, origin, source. */
void parameters_pair(struct json_writer *writer, const struct parameters *parameters);
