/*
 * An explanation without outlook and trend, which each rate once more: for a table of many
 * providers.
 */
#pragma once

#include "report/report.h"

/* As explanation_make; the outlook is made only for a provider of which something is announced,
 * the trend is left empty. */
void explanation_make_brief(const struct rating *rating, const struct provider *provider,
			    struct arena *arena, struct explanation *ret_explanation);
