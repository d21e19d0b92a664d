#include "report/checkup.h"

#include <string.h>

/* The group of a check: its name up to the first hyphen. */
static struct span group_of(const struct checkup_line *line)
{
	const char *hyphen = strchr(line->entry->name, '-');

	if (!hyphen)
		return span_of(line->entry->name);
	return (struct span){ line->entry->name, (size_t)(hyphen - line->entry->name) };
}

/* Text and attribute values alike; what XML 1.0 cannot hold becomes '?'. */
static void add_escaped(struct text *into, struct span text)
{
	while (text.length > 0) {
		uint32_t code = 0;
		size_t bytes = span_character(text, &code);
		bool fits = bytes > 0 && (code >= ' ' || code == '\t' || code == '\n') &&
			    code != 0xfffe && code != 0xffff;

		if (!fits)
			text_add_char(into, '?');
		else if (code == '<')
			text_add(into, "&lt;");
		else if (code == '>')
			text_add(into, "&gt;");
		else if (code == '&')
			text_add(into, "&amp;");
		else if (code == '"')
			text_add(into, "&quot;");
		else if (code == '\n')
			text_add(into, "&#10;");
		else
			text_add_span(into, (struct span){ text.at, bytes });
		bytes = bytes > 0 ? bytes : 1;
		text.at += bytes;
		text.length -= bytes;
	}
}

static void add_attribute(struct text *into, const char *name, struct span value)
{
	text_format(into, " %s=\"", name);
	add_escaped(into, value);
	text_add(into, "\"");
}

/* All findings of the verdict, a line each with what to do. */
static void add_findings(const struct checkup *checkup, const struct checkup_line *line,
			 enum verdict verdict, struct text *into)
{
	SCOPED_ARENA(arena);

	for (size_t i = 0; i < line->count; i++) {
		const struct finding *finding = &line->findings[i];

		if (finding->verdict != verdict)
			continue;
		if (finding->about) {
			add_escaped(into, span_of(device_label(checkup->machine, finding->about,
							       &arena)));
			text_add(into, ": ");
		}
		add_escaped(into, span_of(finding->text));
		if (finding->action) {
			text_add(into, "; do: ");
			add_escaped(into, span_of(finding->action));
		}
		text_add(into, "\n");
	}
}

/* The element that says how a case ended; none for a pass. */
static const char *element_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_FAIL:
		return "failure";
	case VERDICT_UNKNOWN:
	case VERDICT_STALE:
		return "error";
	case VERDICT_NOT_APPLICABLE:
		return "skipped";
	case VERDICT_WARN:
		return "system-out";
	case VERDICT_PASS:
	case VERDICT_COUNT:
		break;
	}
	return NULL;
}

static void add_case(const struct checkup *checkup, const struct checkup_line *line,
		     struct text *into)
{
	const char *element = element_of(line->worst);

	text_add(into, "    <testcase");
	add_attribute(into, "name", span_of(line->entry->name));
	add_attribute(into, "classname", group_of(line));
	if (!element) {
		text_add(into, "/>\n");
		return;
	}
	text_format(into, ">\n      <%s", element);
	if (line->worst != VERDICT_WARN)
		add_attribute(into, "message", span_of(line->entry->check->title));
	text_add(into, ">");
	add_findings(checkup, line, line->worst, into);
	text_format(into, "</%s>\n    </testcase>\n", element);
}

/* The lines of one group, which stand together in the catalogue or not. */
static void add_suite(const struct checkup_report *report, struct span group, struct text *into)
{
	const struct checkup *checkup = report->checkup;
	size_t counts[VERDICT_COUNT] = { 0 }, all = 0;
	char time[TIME_TEXT_SIZE];

	for (size_t i = 0; i < checkup->line_count; i++) {
		if (!span_equal(group_of(&checkup->lines[i]), group))
			continue;
		counts[checkup->lines[i].worst]++;
		all++;
	}
	text_add(into, "  <testsuite");
	add_attribute(into, "name", group);
	text_format(into, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", all,
		    counts[VERDICT_FAIL], counts[VERDICT_UNKNOWN] + counts[VERDICT_STALE],
		    counts[VERDICT_NOT_APPLICABLE]);
	add_attribute(into, "hostname", span_of(checkup->machine->name));
	add_attribute(into, "timestamp", span_of(time_format(report->time, time)));
	text_add(into, ">\n");
	for (size_t i = 0; i < checkup->line_count; i++)
		if (span_equal(group_of(&checkup->lines[i]), group))
			add_case(checkup, &checkup->lines[i], into);
	text_add(into, "  </testsuite>\n");
}

void checkup_write_junit(const struct checkup_report *report, struct text *into)
{
	const struct checkup *checkup = report->checkup;

	text_add(into, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	add_attribute(into, "name", SPAN("assay"));
	text_format(into, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", checkup->line_count,
		    checkup->checks[VERDICT_FAIL],
		    checkup->checks[VERDICT_UNKNOWN] + checkup->checks[VERDICT_STALE]);
	for (size_t i = 0; i < checkup->line_count; i++) {
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first = first && !span_equal(group_of(&checkup->lines[k]),
						     group_of(&checkup->lines[i]));
		if (first)
			add_suite(report, group_of(&checkup->lines[i]), into);
	}
	text_add(into, "</testsuites>\n");
}
