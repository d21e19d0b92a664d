#include "web/pages.h"

#include "report/html.h"
#include "web/parts.h"

const char pages_html[] = "text/html; charset=utf-8";

struct site_context pages_context(const struct web_request *request)
{
	struct site_context context = *exchange_of(request)->snapshot->context;

	context.arena = request->arena;
	return context;
}

struct site_context pages_profile(const struct web_request *request, int32_t profile)
{
	struct site_context context;

	if (profile < 0)
		return pages_context(request);
	context = *snapshot_profile(exchange_of(request)->snapshot, profile);
	context.arena = request->arena;
	return context;
}

const struct served_market *pages_market(const struct web_request *request)
{
	return exchange_of(request)->snapshot->market;
}

void pages_bare_open(const char *title, const char *heading, struct text *into)
{
	html_add(into,
		 "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s</title>\n"
		 "<link rel=\"stylesheet\" href=\"/style.css\">\n"
		 "<link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n"
		 "<a class=\"skip\" href=\"#main\">Skip to content</a>\n"
		 "<header class=\"top\"><a class=\"brand\" href=\"/\">assay</a></header>\n"
		 "<main id=\"main\">\n<h1>%s</h1>\n",
		 title, heading);
}

void pages_bare_close(struct text *into)
{
	text_add(into, "</main>\n</body>\n</html>\n");
}
