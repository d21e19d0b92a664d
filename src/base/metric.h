/*
 * Prometheus' text format, version 0.0.4: what stands before the samples of a metric, and labels.
 */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/* The lines HELP and TYPE. `help` is one line without a backslash. */
void metric_head(struct text *into, const char *name, const char *help, bool counter);

/* name="value", with backslash, quote and newline escaped. */
void metric_label(struct text *into, const char *name, const char *value);
