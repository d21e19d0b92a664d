/* One record of evidence as it was taken in. */
#include <microhttpd.h>
#include <string.h>

#include "base/json.h"
#include "report/html.h"
#include "report/phrase.h"
#include "store/store.h"
#include "web/pages.h"

/* A record, and what the store knows of how it came. */
struct kept {
	const struct record *record;
	const char *line;  /* canonical JSON */
	const char *party; /* NULL: it was not taken into a store as a record */
	int64_t taken, sequence;
	bool withdrawn;
};

static const struct record *find_loaded(const struct web_request *request, const char *id)
{
	const struct site_context context = pages_context(request);
	const struct evidence_set *set = context.rating->request.evidence;

	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->records[i].id, id) == 0)
			return &set->records[i];
	return NULL;
}

/* What the store has of it; nothing when it has none of that name. */
static bool find_stored(struct web *web, const struct web_request *request, const char *id,
			struct kept *kept, struct error *err)
{
	const struct record_reading how = { .file = "the store",
					    .schema_required = true,
					    .arena = request->arena };
	struct store *store = web_store_take(web, SQL_READ, err);
	struct record *record = ARENA_NEW(request->arena, struct record);
	struct store_found found;
	const struct node *root;
	SCOPED_TEXT(canonical);
	bool good;

	if (!store)
		return false;
	good = store_find_id(store, STORE_EVIDENCE, id, request->arena, &found, err);
	if (good && found.sequence != 0) {
		good = json_read(found.entry.line, how.file, 0, request->arena, &root, err) &&
		       record_read_sealed(root, &how, &canonical, record, err);
		*kept = (struct kept){ .record = record,
				       .line = found.entry.line.at,
				       .party = found.party,
				       .taken = found.taken,
				       .sequence = found.sequence,
				       .withdrawn = found.withdrawn };
	}
	web_store_end(web, SQL_READ, store, err);
	return good;
}

static bool find(struct web *web, const struct web_request *request, const char *id,
		 struct kept *kept, struct web_answer *answer)
{
	struct error err = { 0 };
	SCOPED_TEXT(line);

	if (web_has_store(web) && !find_stored(web, request, id, kept, &err)) {
		web_refuse_error(answer, request, &err);
		return false;
	}
	if (!kept->record)
		kept->record = find_loaded(request, id);
	if (!kept->record) {
		web_refuse(answer, request, MHD_HTTP_NOT_FOUND, NULL, "there is no record '%.100s'",
			   id);
		return false;
	}
	if (!kept->line) {
		record_write(kept->record, true, &line);
		kept->line = arena_string(request->arena, text_span(&line));
	}
	return true;
}

/* ---- as JSON ---- */

static void record_twin(struct web *web, const struct web_request *request,
			const char *const *segments, struct web_answer *answer)
{
	struct json_writer json = { .into = &answer->body };
	struct kept kept = { 0 };
	char taken[TIME_TEXT_SIZE];

	if (!find(web, request, segments[0], &kept, answer))
		return;
	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/record-page/v1");
	json_pair_string(&json, "party", kept.party);
	json_pair_string(&json, "taken", kept.party ? time_format(kept.taken, taken) : NULL);
	json_key(&json, "sequence");
	if (kept.party)
		json_put_integer(&json, kept.sequence);
	else
		json_put_null(&json);
	json_pair_bool(&json, "withdrawn", kept.withdrawn);
	json_key(&json, "record");
	json_put_document(&json, span_of(kept.line));
	json_close_object(&json);
	text_add_char(&answer->body, '\n');
}

/* ---- as a page ---- */

static void add_pair(struct text *into, const char *name, const char *value)
{
	if (value && value[0] != '\0')
		html_add(into, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", name, value);
}

static void add_source(struct text *into, const struct source *source)
{
	add_pair(into, "Source", source->name);
	add_pair(into, "Publisher", source->publisher);
	if (html_is_web_address(source->url))
		html_add(into,
			 "<tr><th scope=\"row\">Address</th><td><a rel=\"nofollow noreferrer\" "
			 "href=\"%s\">%s</a></td></tr>\n",
			 source->url, source->url);
	add_pair(into, "Tool", source->tool);
	add_pair(into, "Version", source->version);
}

static void add_fields(const struct site_page *page, const struct kept *kept)
{
	const struct record *record = kept->record;
	struct arena *arena = page->context->arena;
	int32_t criterion = standard_find_criterion(page->context->standard, span_of(record->what));
	char hash[RECORD_HASH_TEXT], time[TIME_TEXT_SIZE];

	site_table_open(page, "record", "What the record says");
	text_add(page->into, "<tbody>\n");
	text_add(page->into, "<tr><th scope=\"row\">About</th><td>");
	if (criterion >= 0)
		site_criterion_link(page, (uint32_t)criterion);
	else
		html_add(page->into, "%s", record->what);
	text_add(page->into, "</td></tr>\n");
	add_pair(page->into, "Of", subject_name(&record->subject, SUBJECT_PART_COUNT, arena));
	add_pair(page->into, "Says", record_text(record, arena));
	add_pair(page->into, "Kind", evidence_kind_names[record->kind]);
	add_pair(page->into, "Strength", strength_names[record->strength]);
	text_add(page->into, "<tr><th scope=\"row\">Observed</th><td>");
	site_date(page, record->observed);
	text_add(page->into, "</td></tr>\n");
	add_source(page->into, &record->source);
	add_pair(page->into, "Hash", hash_format(record->hash, hash));
	add_pair(page->into, "Given by", kept->party);
	add_pair(page->into, "Taken in", kept->party ? time_format(kept->taken, time) : NULL);
	add_pair(page->into, "Withdrawn",
		 kept->withdrawn ? "yes; the moderation log has the reason" : NULL);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void record_page(struct web *web, const struct web_request *request,
			const char *const *segments, struct web_answer *answer)
{
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "../" };
	struct site_head head = {
		.title = "A record of evidence | assay",
		.description = "One record as it was taken in, with its raw excerpt.",
		.section = SECTION_RATINGS,
	};
	SCOPED_TEXT(line);
	struct kept kept = { 0 };

	if (!find(web, request, segments[0], &kept, answer))
		return;
	head.twin = arena_format(request->arena, "/api/v1/evidence/%s", kept.record->id);
	answer->type = pages_html;
	site_open(&page, &head);
	html_add(page.into,
		 "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><a "
		 "href=\"../provider/%s.html#record-%s\">%s</a></nav>\n<h1>%s</h1>\n",
		 kept.record->subject.parts[SUBJECT_PROVIDER], kept.record->id,
		 kept.record->subject.parts[SUBJECT_PROVIDER], kept.record->id);
	add_fields(&page, &kept);
	site_heading(&page, "excerpt", "The raw excerpt");
	if (kept.record->excerpt)
		html_add(page.into, "<pre class=\"excerpt\" tabindex=\"0\">%s</pre>\n",
			 kept.record->excerpt);
	else
		text_add(page.into, "<p>The record has none.</p>\n");
	site_heading(&page, "line", "The line that the hash is of");
	record_write(kept.record, false, &line);
	html_add(page.into,
		 "<p>SHA-256 of these bytes, without a line end, is the hash.</p>\n"
		 "<pre class=\"excerpt line\" tabindex=\"0\">%s</pre>\n",
		 text_string(&line));
	site_close(&page, &head);
}

const struct web_route web_record_routes[] = {
	{ WEB_GET, "/api/v1/evidence/{id}", ACCESS_PUBLIC, "record", record_twin, 0 },
	{ WEB_GET, "/record/{id}", ACCESS_PUBLIC, "recordPage", record_page, 0 },
	{ 0 },
};
