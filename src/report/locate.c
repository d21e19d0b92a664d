#include "report/locate.h"

#include <math.h>

#include "report/page.h"
#include "report/phrase.h"

#define BITS 8.0

enum {
	NAMES_IN_A_LINE = 4,
};

/* Whose fault is less likely than this is not named while it goes on. */
#define SUSPECT_LEAST 0.05

const char *locate_rate_text(double bytes_per_s, struct arena *arena)
{
	static const char *const units[] = { "kb/s", "Mb/s", "Gb/s", "Tb/s" };
	double value = bytes_per_s * BITS / 1e3;
	unsigned unit = 0;

	while (value >= 1000 && unit < 3) {
		value /= 1000;
		unit++;
	}
	return arena_format(arena, "%s %s", decimal_text(value, value >= 100 ? 0 : 1, arena),
			    units[unit]);
}

const char *locate_endpoint_name(const struct locate_run *run, enum locate_stage stage,
				 uint32_t endpoint)
{
	const struct locate_hosts *hosts = run->plan->hosts;

	return stage == LOCATE_HOSTS ? hosts->hosts[endpoint].name : hosts->leaves[endpoint];
}

const char *locate_rail_name(const struct locate_run *run, unsigned rail, struct arena *arena)
{
	const char *const *devices = run->plan->devices;

	return devices ? devices[rail] : arena_format(arena, "%u", rail);
}

struct locate_tally locate_tally(const struct locate *locate)
{
	struct locate_tally tally = { 0 };

	for (uint32_t i = 0; i < locate->count; i++)
		tally.of[locate_verdict_of(locate, i)]++;
	return tally;
}

static const struct locate_finding *finding_at(const struct locate *locate, uint32_t endpoint,
					       unsigned rail)
{
	return &locate->findings[(size_t)endpoint * locate->options.rails + rail];
}

static const char *share_text(double share, unsigned decimals, struct arena *arena)
{
	return arena_format(arena, "%s %%", decimal_text(share * 100, decimals, arena));
}

static double fault_of(const struct locate_finding *finding)
{
	return finding->fault[finding->symptom];
}

/* Of its rails the most suspected; NULL when none is worth a word. */
static const struct locate_finding *suspicion_of(const struct locate *locate, uint32_t endpoint)
{
	const struct locate_finding *worst = NULL;

	for (unsigned i = 0; i < locate->options.rails; i++) {
		const struct locate_finding *finding = finding_at(locate, endpoint, i);

		if ((finding->verdict == LOCATE_FAULTY || finding->verdict == LOCATE_OPEN) &&
		    fault_of(finding) >= SUSPECT_LEAST &&
		    (!worst || fault_of(finding) > fault_of(worst)))
			worst = finding;
	}
	return worst;
}

/* The most suspected one behind `last`, who is NULL at first; those who are suspected alike in
 * their order. NULL when nobody else is. */
static const struct locate_finding *
next_suspect(const struct locate *locate, const struct locate_finding *last, uint32_t *ret_endpoint)
{
	const struct locate_finding *next = NULL;

	for (uint32_t i = 0; i < locate->count; i++) {
		const struct locate_finding *one = suspicion_of(locate, i);

		if (!one || (last && (fault_of(one) > fault_of(last) ||
				      (!(fault_of(one) < fault_of(last)) && one <= last))))
			continue;
		if (next && fault_of(one) <= fault_of(next))
			continue;
		next = one;
		*ret_endpoint = i;
	}
	return next;
}

/* " (n3 slow 99.99 %, n17 lossy 62.10 %)" */
static void add_suspects(const struct locate_run *run, enum locate_stage stage, struct text *into,
			 struct arena *arena)
{
	const struct locate *locate = &run->of[stage];
	uint32_t endpoint = 0;
	const struct locate_finding *finding = next_suspect(locate, NULL, &endpoint);
	unsigned named = 0;

	for (; finding && named < NAMES_IN_A_LINE; named++) {
		text_format(into, "%s%s %s %s", named == 0 ? " (" : ", ",
			    locate_endpoint_name(run, stage, endpoint),
			    locate_symptom_names[finding->symptom],
			    share_text(fmin(fault_of(finding), 0.9999), 2, arena));
		finding = next_suspect(locate, finding, &endpoint);
	}
	text_add(into, finding ? ", …" : "");
	text_add(into, named > 0 ? ")" : "");
}

const char *locate_line(const struct locate_run *run, struct arena *arena)
{
	enum locate_stage stage =
		run->has_leaves && run->of[LOCATE_LEAVES].round > 0 ? LOCATE_LEAVES : LOCATE_HOSTS;
	const struct locate *locate = &run->of[stage];
	struct locate_tally tally = locate_tally(locate);
	SCOPED_TEXT(suspects);

	add_suspects(run, stage, &suspects, arena);
	return arena_format(arena, "round %u of %u at most: %u sound, %u faulty, %u open%s",
			    locate->round, locate->options.rounds, tally.of[LOCATE_SOUND],
			    tally.of[LOCATE_FAULTY], tally.of[LOCATE_OPEN], text_string(&suspects));
}

/* What is one fault of the whole endpoint when all of its rails have it. */
static const char *what_to_do(const struct locate_run *run, enum locate_stage stage,
			      const struct locate_finding *finding, bool is_everywhere)
{
	if (stage == LOCATE_LEAVES)
		return "look at its uplinks: missing, degraded or with errors (assay fabric "
		       "describe)";
	if (finding->symptom == LOCATE_FLAPPING)
		return "take it out of use; look for link-downs on its port and at its cable";
	if (finding->symptom == LOCATE_LOSSY)
		return "look at error counters of its port and the switch's; clean or change the "
		       "cable";
	if (run->of[stage].options.rails > 1 && is_everywhere)
		return "all rails: look at the host, its PCIe and memory, before its adapters";
	return "take it out of use; compare its link's speed and width, PCIe and settings with a "
	       "sound one's";
}

static void add_row(struct table *table, const struct locate_run *run, enum locate_stage stage,
		    uint32_t endpoint, unsigned rail, bool is_everywhere)
{
	const struct locate *locate = &run->of[stage];
	const struct locate_finding *finding = finding_at(locate, endpoint, rail);
	bool is_faulty = finding->verdict == LOCATE_FAULTY;
	bool is_known = finding->partners > 0;
	struct arena *arena = table->arena;

	table_cell(table, locate_endpoint_name(run, stage, endpoint));
	table_cell(table, locate_rail_name(run, rail, arena));
	table_tinted(table,
		     is_faulty                          ? TINT_BAD
		     : finding->verdict == LOCATE_SOUND ? TINT_NONE
							: TINT_WARN,
		     locate_verdict_names[finding->verdict]);
	table_cell(table,
		   finding->verdict == LOCATE_SOUND ? "" : locate_symptom_names[finding->symptom]);
	table_cell(table,
		   is_known ? arena_format(arena, "%s ± %s", share_text(finding->lacks, 1, arena),
					   share_text(finding->lacks_within, 1, arena))
			    : "not known");
	table_cell(table, is_known && finding->lost >= 0 ? share_text(finding->lost, 2, arena)
							 : "not known");
	table_format(table, "%u of %u", finding->failures, finding->tests);
	table_cell(table, share_text(fmin(finding->fault[finding->symptom], 0.9999), 2, arena));
	table_cell(table, is_faulty ? what_to_do(run, stage, finding, is_everywhere) : "");
}

static bool is_faulty_everywhere(const struct locate *locate, uint32_t endpoint)
{
	for (unsigned i = 0; i < locate->options.rails; i++)
		if (finding_at(locate, endpoint, i)->verdict != LOCATE_FAULTY)
			return false;
	return true;
}

static void add_endpoints(const struct page *page, const struct locate_run *run,
			  enum locate_stage stage, bool all)
{
	static const struct column columns[] = {
		{ .title = "which" },
		{ .title = "rail" },
		{ .title = "verdict" },
		{ .title = "symptom" },
		{ .title = "lacks", .right = true },
		{ .title = "loses", .right = true },
		{ .title = "failed", .right = true },
		{ .title = "sure", .right = true },
		{ .title = "what to do" },
	};
	static const enum locate_verdict order[] = { LOCATE_FAULTY, LOCATE_OPEN, LOCATE_SOUND };
	const struct locate *locate = &run->of[stage];
	TABLE(table, columns, page->arena);

	for (unsigned o = 0; o < (all ? 3u : 2u); o++)
		for (uint32_t i = 0; i < locate->count; i++)
			for (unsigned rail = 0; rail < locate->options.rails; rail++)
				if (finding_at(locate, i, rail)->verdict == order[o])
					add_row(&table, run, stage, i, rail,
						is_faulty_everywhere(locate, i));
	if (table.count == 0)
		return;
	page_heading(page, stage == LOCATE_HOSTS ? "Hosts" : "Leaves: the ways between them");
	page_table(page, &table);
}

static void add_away(const struct page *page, const struct locate_run *run)
{
	const struct locate *locate = &run->of[LOCATE_HOSTS];
	bool is_any = false;

	for (uint32_t i = 0; i < locate->count; i++) {
		const char *why = run->whys[i];

		if (!why && locate_verdict_of(locate, i) != LOCATE_UNTESTED)
			continue;
		if (!is_any)
			page_heading(page, "Not measured to the end");
		is_any = true;
		page_item(page, "%s: %s", locate_endpoint_name(run, LOCATE_HOSTS, i),
			  why ? why : "it never had a partner");
	}
	if (is_any)
		page_end_list(page);
}

static void add_rates(const struct page *page, const struct locate_run *run)
{
	const struct locate *locate = &run->of[LOCATE_HOSTS];

	for (unsigned i = 0; i < locate->options.rails; i++) {
		if (!(locate->rates[i] > 0))
			continue;
		page_item(page,
			  "rail %s: a healthy pair reaches %s, and one measurement is good to %s",
			  locate_rail_name(run, i, page->arena),
			  locate_rate_text(locate->rates[i], page->arena),
			  share_text(locate->noises[i], 1, page->arena));
	}
	page_end_list(page);
}

void locate_write(const struct locate_run *run, bool all, enum report_format format,
		  const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = FORMAT_TABLE, .style = style, .arena = &arena, .into = into
	};
	const struct locate *locate = &run->of[LOCATE_HOSTS];
	struct locate_tally tally = locate_tally(locate);

	if (format == FORMAT_JSON) {
		locate_write_json(run, all, into);
		return;
	}
	page_title(&page, "%u hosts: %u sound, %u faulty, %u open, %u not measured", locate->count,
		   tally.of[LOCATE_SOUND], tally.of[LOCATE_FAULTY], tally.of[LOCATE_OPEN],
		   tally.of[LOCATE_UNTESTED]);
	page_paragraph(&page,
		       "%u rounds and %zu measurements by %s in %s s; slow is what lacks %s or "
		       "more.%s%s%s",
		       locate->round + run->of[LOCATE_LEAVES].round, run->measurements,
		       locate_tool_names[run->plan->tool],
		       decimal_text((double)run->took_ns / 1e9, 0, &arena),
		       share_text(locate->options.slow, 1, &arena), run->cut ? " Cut short: " : "",
		       run->cut ? run->cut : "", run->cut ? "." : "");
	if (run->note[0] != '\0')
		page_paragraph(&page, "%s", run->note);
	add_rates(&page, run);
	add_endpoints(&page, run, LOCATE_HOSTS, all);
	if (run->has_leaves)
		add_endpoints(&page, run, LOCATE_LEAVES, all);
	add_away(&page, run);
}
