#include "web/pages.h"

#include "web/parts.h"

const char pages_html[] = "text/html; charset=utf-8";

struct site_context pages_context(const struct web_request *request)
{
	struct site_context context = *exchange_of(request)->snapshot->context;

	context.arena = request->arena;
	return context;
}
