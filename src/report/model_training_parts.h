/* Parts of what is shown of training, which several files make. */
#pragma once

#include "report/model_training.h"
#include "report/page.h"

/* "-10.0%", "+5.9%", "0.0%" of a factor. */
const char *training_change_text(double factor, struct arena *arena);

/* The law for the published shares and for each case. */
void training_add_laws(const struct page *page, const struct training_result *result);

/* What an all-reduce reaches at best on each network. */
void training_add_curves(const struct page *page, const struct training_result *result);

/* Measured curves with what they mean; nothing when there is none. */
void training_add_fits(const struct page *page, const struct training_result *result);
void training_write_fits(const struct training_result *result, const struct report_style *style,
			 struct arena *arena, struct text *into);
