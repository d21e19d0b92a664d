/*
 * What failures cost, for people and for programs.
 */
#pragma once

#include "model/goodput_study.h"
#include "report/report.h"

/* The closed forms, then the simulation when there was one, then the parameters. CSV has one row a
 * figure, those of the simulation with the prefix "simulated-". */
void model_goodput_write(const struct goodput_study *study, const struct goodput_request *request,
			 enum report_format format, const struct report_style *style,
			 struct text *into);

/* "assay/model-goodput/v1"; report/model_goodput_json.c. */
void model_goodput_json(const struct goodput_study *study, const struct goodput_request *request,
			struct text *into);
