/* What handlers fill and read: answers that refuse, fields of a query or form. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "report/html.h"
#include "web/pages.h"
#include "web/parts.h"

enum {
	SAID_MAXIMUM = 512,
};

static void write_page(struct text *into, unsigned status, const char *said, const char *hint)
{
	char title[SAID_MAXIMUM + 8], heading[8];

	(void)snprintf(title, sizeof(title), "%u: %s", status, said);
	(void)snprintf(heading, sizeof(heading), "%u", status);
	pages_bare_open(title, heading, into);
	html_add(into, "<p>%s.</p>\n", said);
	if (hint)
		html_add(into, "<p>%s.</p>\n", hint);
	text_add(into, "<p><a href=\"/\">To the ratings</a></p>\n");
	pages_bare_close(into);
}

static void write_json(struct text *into, unsigned status, const char *said, const char *hint)
{
	struct json_writer writer = { .into = into };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/error/v1");
	json_pair_integer(&writer, "status", status);
	json_pair_string(&writer, "error", said);
	if (hint)
		json_pair_string(&writer, "hint", hint);
	json_close_object(&writer);
	text_add_char(into, '\n');
}

void web_refuse(struct web_answer *answer, const struct web_request *request, unsigned status,
		const char *hint, const char *format, ...)
{
	char said[SAID_MAXIMUM];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(said, sizeof(said), format, args);
	va_end(args);

	text_clear(&answer->body);
	answer->status = status;
	answer->file = NULL;
	answer->is_private = true;
	answer->why = request->arena ? arena_string(request->arena, span_of(said)) : NULL;
	if (request->wants_html) {
		answer->type = snapshot_type(".html");
		write_page(&answer->body, status, said, hint);
		return;
	}
	answer->type = snapshot_type(".json");
	write_json(&answer->body, status, said, hint);
}

void web_refuse_error(struct web_answer *answer, const struct web_request *request,
		      const struct error *err)
{
	static const unsigned statuses[] = {
		[ERROR_NONE] = MHD_HTTP_INTERNAL_SERVER_ERROR,
		[ERROR_IO] = MHD_HTTP_SERVICE_UNAVAILABLE,
		[ERROR_PARSE] = MHD_HTTP_BAD_REQUEST,
		[ERROR_INVALID] = MHD_HTTP_BAD_REQUEST,
		[ERROR_MISSING] = MHD_HTTP_NOT_FOUND,
		[ERROR_UNSUPPORTED] = MHD_HTTP_BAD_REQUEST,
		[ERROR_LIMIT] = MHD_HTTP_CONTENT_TOO_LARGE,
		[ERROR_CONFLICT] = MHD_HTTP_CONFLICT,
	};
	_Static_assert(sizeof(statuses) / sizeof(statuses[0]) == ERROR_CODE_COUNT, "one for each");

	if (err->code != ERROR_IO) {
		web_refuse(answer, request, statuses[err->code], NULL, "%s", err->text);
		return;
	}
	/* Where the store lies is for the log alone. */
	web_refuse(answer, request, statuses[err->code], NULL,
		   "what is kept here cannot be reached at the moment; try again");
	answer->why = request->arena ? arena_string(request->arena, span_of(err->text)) : NULL;
	answer->retry_after_s = 1;
}

/* Whether that is what Content-Type says before its parameters. */
static bool is_type(struct span content_type, const char *type)
{
	struct span rest = content_type, name;

	return span_cut(&rest, ';', &name) && span_trim(name).length == strlen(type) &&
	       strncasecmp(span_trim(name).at, type, strlen(type)) == 0;
}

bool web_json_or_refuse(const struct web_request *request, struct web_answer *answer)
{
	if (is_type(request->content_type, "application/json"))
		return true;
	web_refuse(answer, request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, NULL,
		   "the body has to be application/json");
	return false;
}

static bool get_field(struct read_fields *kept, const struct web_request *request,
		      struct span encoded, const char *name, const char **ret_value,
		      struct error *err)
{
	if (!kept->is_read)
		(void)fields_read(encoded, request->arena, &kept->fields, &kept->err);
	kept->is_read = true;
	if (kept->err.code != ERROR_NONE)
		return fail(err, kept->err.code, "%s", kept->err.text);
	return fields_get(&kept->fields, name, ret_value, err);
}

bool web_field(const struct web_request *request, const char *name, const char **ret_value,
	       struct error *err)
{
	struct exchange *exchange = exchange_of(request);
	const char *of_query = NULL, *of_form = NULL;

	if (!get_field(&exchange->of_query, request, span_of(request->query), name, &of_query, err))
		return false;
	if (is_type(request->content_type, "application/x-www-form-urlencoded") &&
	    !get_field(&exchange->of_body, request, request->body, name, &of_form, err))
		return false;
	if (of_query && of_form)
		return fail(err, ERROR_CONFLICT, "the field '%s' is given twice", name);
	*ret_value = of_form ? of_form : of_query;
	return true;
}

bool web_has_controls(struct span text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == 0x7f || (c < ' ' && c != '\n' && c != '\r' && c != '\t'))
			return true;
	}
	return false;
}

bool web_number(const struct web_request *request, const char *name, struct web_range range,
		int64_t *ret_value, struct error *err)
{
	const char *text = NULL;
	int64_t value = range.otherwise;

	if (!web_field(request, name, &text, err))
		return false;
	if (text &&
	    (!span_to_i64(span_of(text), &value) || value < range.minimum || value > range.maximum))
		return fail(err, ERROR_INVALID, "'%s' is a whole number from %lld to %lld", name,
			    (long long)range.minimum, (long long)range.maximum);
	*ret_value = value;
	return true;
}

bool web_field_or_refuse(const struct web_request *request, const char *name,
			 const char **ret_value, struct web_answer *answer)
{
	struct error err = { 0 };

	if (web_field(request, name, ret_value, &err))
		return true;
	err.code = ERROR_INVALID;
	web_refuse_error(answer, request, &err);
	return false;
}
