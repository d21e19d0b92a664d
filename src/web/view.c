/* Pages that are made for whoever asks: his view of the league table, the scripts of the pages. */
#include "report/site_served.h"
#include "web/pages.h"
#include "web/script.h"

/* ---- the view ---- */

static bool set_field(const struct web_request *request, const struct standard *standard,
		      const char *name, struct league_view *view, struct error *err)
{
	const char *value;

	return web_field(request, name, &value, err) &&
	       (!value || league_view_set(standard, name, value, view, err));
}

/* Takes every field that can be; false, with what is wrong with the first that cannot. Fields that
 * a view does not have are nobody's business here. */
static bool read_fields(const struct web_request *request, const struct standard *standard,
			struct league_view *view, struct error *err)
{
	static const char *const names[] = {
		"profile", "order", "gpu", "region", "rental", "price"
	};
	bool good = true;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		good &= set_field(request, standard, names[i], view, good ? err : NULL);
	for (uint32_t i = 0; i < standard->category_count; i++)
		good &= set_field(request, standard,
				  arena_format(request->arena, "w.%s", standard->categories[i].id),
				  view, good ? err : NULL);
	return good;
}

static bool read_view(const struct web_request *request, const struct standard *standard,
		      struct league_view *view, struct error *err)
{
	league_view_init(standard, view);
	return read_fields(request, standard, view, err);
}

/* The form once more, with what was typed, what of it can be, and what cannot. */
static void complain(const struct web_request *request, const char *why, struct league_view *view)
{
	view->complaint = arena_string(request->arena, span_of(why));
	(void)web_field(request, "price", &view->price_asked, NULL);
}

static void view_page(struct web *web, const struct web_request *request,
		      const char *const *segments, struct web_answer *answer)
{
	struct site_context context;
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "" };
	struct league_view view;
	struct error err = { 0 };

	(void)segments;
	if (!read_view(request, web_standard(web), &view, &err)) {
		complain(request, err.text, &view);
		answer->status = 400;
	}
	context = pages_profile(request, view.profile);
	answer->type = pages_html;
	site_view(&page, &view);
}

static void view_twin(struct web *web, const struct web_request *request,
		      const char *const *segments, struct web_answer *answer)
{
	struct site_context context;
	struct league_view view;
	struct error err = { 0 };

	(void)segments;
	if (!read_view(request, web_standard(web), &view, &err)) {
		err.code = ERROR_INVALID;
		web_refuse_error(answer, request, &err);
		return;
	}
	context = pages_profile(request, view.profile);
	league_view_json(context.rating, context.explanations, &view, &answer->body);
}

/* ---- scripts ---- */

static void send_text(struct web_answer *answer, const char *type, const char *text)
{
	answer->type = type;
	text_add(&answer->body, text);
}

static void script(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	static const struct {
		const char *name, *text;
	} scripts[] = {
		{ "assay.js", script_assay_js },
		{ "curves.js", script_curves_js },
		{ "uplot.js", script_uplot_js },
		{ "uplot.css", script_uplot_css },
	};
	struct span name = span_of(segments[0]);

	(void)web;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		if (!span_is(name, scripts[i].name))
			continue;
		send_text(answer,
			  name.at[name.length - 2] == 'j' ? "text/javascript; charset=utf-8"
							  : "text/css; charset=utf-8",
			  scripts[i].text);
		return;
	}
	web_refuse(answer, request, 404, NULL, "there is no script '%.40s'", segments[0]);
}

const struct web_route web_view_routes[] = {
	{ WEB_GET, "/view", ACCESS_PUBLIC, "viewPage", view_page, 0 },
	{ WEB_GET, "/view.json", ACCESS_PUBLIC, "view", view_twin, 0 },
	{ WEB_GET, "/script/{name}", ACCESS_PUBLIC, "script", script, 0 },
	{ 0 },
};
