/*
 * What pages have besides when a server answers: forms, the visitor's view, pages of nodes. Without
 * a server there is nobody to send a form to, and none of this is written.
 */
#pragma once

#include "advise/advice.h"
#include "report/league_view.h"
#include "report/site_page.h"

/* The form that asks for a view. */
void site_view_form(const struct site_page *page, const struct league_view *view,
		    const struct league_rows *rows);

/* The whole page of a view. */
void site_view(const struct site_page *page, const struct league_view *view);

/* Its twin, schema assay/view/v1. */
void league_view_json(const struct rating *rating, const struct explanation *explanations,
		      const struct league_view *view, struct text *into);

/* The guide as it was asked. */
struct guide {
	const struct guide_field {
		const char *name, *value; /* a field of the need, as need_set takes it */
	} * fields;
	size_t count;
	const char *query;           /* that asks it again; "" without fields */
	const char *complaint;       /* what of it cannot be; NULL */
	const struct advice *advice; /* NULL: nothing was asked, or it cannot be */
};

/* "" when it was not given. */
const char *guide_value(const struct guide *guide, const char *field);

void site_guide(const struct site_page *page, const struct guide *guide);
