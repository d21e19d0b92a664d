/* The report site: its frame, its files, and which pages there are. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "report/html.h"
#include "report/json_twin.h"
#include "report/site_page.h"
#include "report/style.h"

/* What site_make fills. */
struct collecting {
	struct site site;
	struct arena *arena;
};

static void add_file(void *context, const char *path, struct span content)
{
	struct site *site = &((struct collecting *)context)->site;
	struct arena *arena = ((struct collecting *)context)->arena;

	ARENA_GROW(arena, site->files, site->count, site->room);
	site->files[site->count++] = (struct site_file){
		.path = arena_string(arena, span_of(path)),
		.content = { .at = arena_string(arena, content), .length = content.length },
	};
}

static int by_path(const void *a, const void *b)
{
	const struct site_file *one = a;
	const struct site_file *other = b;

	return strcmp(one->path, other->path);
}

static void add_navigation(const struct site_page *page, enum site_section current)
{
	static const struct {
		const char *path, *title;
		unsigned serves; /* only there when a server answers it; 0: always */
	} entries[] = {
		{ "index.html", "Ratings", 0 },
		{ "market.html", "Market", 0 },
		{ "guide", "Guide", SITE_SERVES_GUIDE },
		{ "nodes", "Nodes", SITE_SERVES_NODES },
		{ "feedback", "Customers", SITE_SERVES_FEEDBACK },
		{ "criteria.html", "Criteria", 0 },
		{ "method.html", "Method", 0 },
	};

	static_assert(sizeof(entries) / sizeof(entries[0]) == SECTION_COUNT, "one for each");
	html_add(page->into,
		 "<header class=\"top\"><a class=\"brand\" href=\"%sindex.html\">assay</a>\n"
		 "<nav aria-label=\"Site\"><ul>",
		 page->root);
	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		if ((entries[i].serves & page->context->serves) != entries[i].serves)
			continue;
		html_add(page->into, "<li><a href=\"%s%s\"", page->root, entries[i].path);
		if (i == current)
			text_add(page->into, " aria-current=\"true\"");
		html_add(page->into, ">%s</a></li>", entries[i].title);
	}
	text_add(page->into, "</ul></nav></header>\n");
}

/* What may be loaded: a served page is told by its headers. */
static void add_policy(const struct site_page *page)
{
	if (page->context->serves)
		html_add(page->into,
			 "<script type=\"module\" src=\"%sscript/assay.js\"></script>\n",
			 page->root);
	else
		text_add(page->into, "<meta http-equiv=\"Content-Security-Policy\" "
				     "content=\"default-src 'none'; "
				     "style-src 'self'; img-src 'self' data:; base-uri 'none'; "
				     "form-action 'none'\">\n");
}

void site_open(const struct site_page *page, const struct site_head *head)
{
	text_add(page->into, "<!DOCTYPE html>\n"
			     "<html lang=\"en\">\n"
			     "<head>\n"
			     "<meta charset=\"utf-8\">\n");
	add_policy(page);
	html_add(page->into,
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<meta name=\"description\" content=\"%s\">\n"
		 "<title>%s</title>\n"
		 "<link rel=\"stylesheet\" href=\"%sstyle.css\">\n"
		 "<link rel=\"icon\" href=\"data:,\">\n"
		 "<link rel=\"alternate\" type=\"application/json\" href=\"%s\">\n"
		 "</head>\n"
		 "<body>\n"
		 "<a class=\"skip\" href=\"#main\">Skip to content</a>\n",
		 head->description, head->title, page->root, head->twin);
	add_navigation(page, head->section);
	text_add(page->into, "<main id=\"main\">\n");
}

static void add_hash(const struct site_page *page, const char *of,
		     const uint8_t hash[RECORD_HASH_BYTES])
{
	char text[RECORD_HASH_TEXT];

	html_add(page->into, "<div><dt>%s</dt><dd><code>%s</code></dd></div>", of,
		 hash_format(hash, text));
}

void site_close(const struct site_page *page, const struct site_head *head)
{
	const struct site_context *context = page->context;
	const struct standard *standard = context->standard;
	const struct rating_request *request = &context->rating->request;

	html_add(page->into,
		 "</main>\n<footer>\n"
		 "<p>Rated by <a href=\"%smethod.html\">%s %s</a> from %zu records as of ",
		 page->root, standard->name, standard->version,
		 evidence_set_observed(request->evidence, request->as_of));
	site_date(page, request->as_of);
	html_add(
		page->into,
		". The same inputs give the same bytes. <a href=\"%s\">This page as JSON</a>.</p>\n"
		"<dl class=\"hashes\">",
		head->twin);
	add_hash(page, "Rating", context->rating->hash);
	add_hash(page, "Standard", standard->hash);
	add_hash(page, "Evidence", request->evidence->hash);
	text_add(page->into, "</dl>\n");
	text_add(page->into,
		 "<p>assay is an independent open project. It is not connected with and not "
		 "endorsed by ClusterMAX, a trademark of SemiAnalysis, or by any provider rated "
		 "here.</p>\n</footer>\n</body>\n</html>\n");
}

/* The site while it is written; `scratch` holds one file at a time, and the context's arena what
 * was made for it. */
struct writing {
	void (*keep)(void *context, const char *path, struct span content);
	void *keeper;
	const struct site_context *context;
	struct text scratch;
};

static struct site_page start_page(struct writing *writing, const char *root)
{
	text_clear(&writing->scratch);
	return (struct site_page){ .context = writing->context,
				   .into = &writing->scratch,
				   .root = root };
}

static struct text *start_twin(struct writing *writing)
{
	text_clear(&writing->scratch);
	return &writing->scratch;
}

/* Keeps what was written since a start as `folder``name``suffix`. */
static void keep_file(struct writing *writing, const char *folder, const char *name,
		      const char *suffix)
{
	struct arena *arena = writing->context->arena;

	writing->keep(writing->keeper, arena_format(arena, "%s%s%s", folder, name, suffix),
		      text_span(&writing->scratch));
	arena_clear(arena);
}

static void add_top(struct writing *writing)
{
	const struct site_context *context = writing->context;
	struct site_page page = start_page(writing, "");

	site_index(&page);
	keep_file(writing, "", "index", ".html");
	league_json(context->rating, start_twin(writing));
	keep_file(writing, "", "index", ".json");
	/* The same once more under the name by which programs know a site. */
	keep_file(writing, "", "rating", ".json");

	page = start_page(writing, "");
	site_market(&page);
	keep_file(writing, "", "market", ".html");
	market_json(context->rating, context->market, start_twin(writing));
	keep_file(writing, "", "market", ".json");

	page = start_page(writing, "");
	site_criteria(&page);
	keep_file(writing, "", "criteria", ".html");
	criteria_json(context->standard, start_twin(writing));
	keep_file(writing, "", "criteria", ".json");

	page = start_page(writing, "");
	site_method(&page);
	keep_file(writing, "", "method", ".html");
	method_json(context->rating, start_twin(writing));
	keep_file(writing, "", "method", ".json");

	text_add(start_twin(writing), style_css);
	keep_file(writing, "", "style", ".css");
}

static void add_provider(struct writing *writing, const struct explanation *explanation)
{
	const char *name = explanation->provider->name;
	struct site_page page = start_page(writing, "../");
	const struct published_grade *history;
	uint32_t count;

	site_provider(&page, explanation);
	keep_file(writing, "provider/", name, ".html");
	history = site_history_of(writing->context, name, &count);
	provider_history_json(explanation, history, count, start_twin(writing));
	keep_file(writing, "provider/", name, ".json");
}

static void add_criterion(struct writing *writing, uint32_t criterion)
{
	const struct site_context *context = writing->context;
	const char *id = context->standard->criteria[criterion].id;
	struct site_page page = start_page(writing, "../");

	site_criterion(&page, criterion);
	keep_file(writing, "criterion/", id, ".html");
	criterion_json(context->standard, context->rating, criterion, start_twin(writing));
	keep_file(writing, "criterion/", id, ".json");
}

static const struct explanation *explain_all(const struct rating *rating, struct arena *arena)
{
	struct explanation *all = ARENA_ARRAY(arena, struct explanation, rating->provider_count);

	for (uint32_t i = 0; i < rating->provider_count; i++)
		explanation_make(rating, &rating->providers[i], arena, &all[i]);
	return all;
}

struct site_context *site_context_new(const struct rating *rating, const struct site_market *market,
				      unsigned serves, struct arena *arena)
{
	struct site_context *context = ARENA_NEW(arena, struct site_context);
	struct gap *gaps;

	*context = (struct site_context){
		.rating = rating,
		.standard = rating->request.standard,
		.arena = arena,
		.market = market,
		.explanations = explain_all(rating, arena),
		.serves = serves,
	};
	gaps_of(rating, arena, &gaps, &context->gap_count);
	context->gaps = gaps;
	return context;
}

void site_each(const struct site_context *context,
	       void (*keep)(void *keeper, const char *path, struct span content), void *keeper)
{
	SCOPED_ARENA(passing);
	struct site_context page = *context;
	struct writing writing = { .keep = keep, .keeper = keeper, .context = &page };

	page.arena = &passing;
	add_top(&writing);
	for (uint32_t i = 0; i < context->rating->provider_count; i++)
		add_provider(&writing, &context->explanations[i]);
	for (uint32_t i = 0; i < context->standard->criterion_count; i++)
		add_criterion(&writing, i);
	text_release(&writing.scratch);
}

void site_make(const struct site_context *context, struct site *ret_site)
{
	struct collecting collecting = { .arena = context->arena };

	site_each(context, add_file, &collecting);
	qsort(collecting.site.files, collecting.site.count, sizeof(*collecting.site.files),
	      by_path);
	*ret_site = collecting.site;
}
