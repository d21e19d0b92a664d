#include "report/checkup.h"

#include <string.h>

#include "base/metric.h"

enum {
	CHECKS_NAMED = 3, /* on the one line of a plug-in */
};

static void add_check(struct text *into, const struct checkup *checkup,
		      const struct checkup_line *line)
{
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		text_add(into, "assay_check_verdict{");
		metric_label(into, "node", checkup->machine->name);
		text_add(into, ",");
		metric_label(into, "check", line->entry->name);
		text_add(into, ",");
		metric_label(into, "verdict", verdict_names[i]);
		text_format(into, "} %d\n", line->worst == (enum verdict)i);
	}
}

/* What is wrong, device by device. */
static void add_finding(struct text *into, const struct checkup *checkup,
			const struct checkup_line *line, const struct finding *finding)
{
	if (finding->verdict == VERDICT_PASS || finding->verdict == VERDICT_NOT_APPLICABLE)
		return;
	text_add(into, "assay_finding{");
	metric_label(into, "node", checkup->machine->name);
	text_add(into, ",");
	metric_label(into, "check", line->entry->name);
	text_add(into, ",");
	metric_label(into, "device", finding->about ? finding->about : "");
	text_add(into, ",");
	metric_label(into, "verdict", verdict_names[finding->verdict]);
	text_add(into, "} 1\n");
}

/* Two findings with the same labels are one sample: the format forbids duplicates. */
static bool is_repeated(const struct checkup_line *line, size_t at)
{
	const char *about = line->findings[at].about ? line->findings[at].about : "";

	for (size_t i = 0; i < at; i++) {
		const char *other = line->findings[i].about ? line->findings[i].about : "";

		if (line->findings[i].verdict == line->findings[at].verdict &&
		    strcmp(other, about) == 0)
			return true;
	}
	return false;
}

void checkup_write_prometheus(const struct checkup_report *report, struct text *into)
{
	const struct checkup *checkup = report->checkup;

	metric_head(into, "assay_gate", "1 for the verdict of the node's gate.", false);
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		if (i == VERDICT_NOT_APPLICABLE || i == VERDICT_STALE)
			continue;
		text_add(into, "assay_gate{");
		metric_label(into, "node", checkup->machine->name);
		text_add(into, ",");
		metric_label(into, "profile", check_profile_name(checkup->profile));
		text_add(into, ",");
		metric_label(into, "verdict", verdict_names[i]);
		text_format(into, "} %d\n", checkup->gate == (enum verdict)i);
	}
	metric_head(into, "assay_check_time_seconds", "When the node was looked at, Unix time.",
		    false);
	text_add(into, "assay_check_time_seconds{");
	metric_label(into, "node", checkup->machine->name);
	text_format(into, "} %lld\n", (long long)report->time);
	metric_head(into, "assay_check_verdict", "1 for the worst verdict of each check.", false);
	for (size_t i = 0; i < checkup->line_count; i++)
		add_check(into, checkup, &checkup->lines[i]);
	metric_head(into, "assay_finding", "1 for each finding that is no pass.", false);
	for (size_t i = 0; i < checkup->line_count; i++)
		for (size_t k = 0; k < checkup->lines[i].count; k++)
			if (!is_repeated(&checkup->lines[i], k))
				add_finding(into, checkup, &checkup->lines[i],
					    &checkup->lines[i].findings[k]);
}

int checkup_nagios_status(const struct checkup *checkup)
{
	switch (checkup->gate) {
	case VERDICT_PASS:
		return 0;
	case VERDICT_WARN:
		return 1;
	case VERDICT_FAIL:
		return 2;
	case VERDICT_UNKNOWN:
	case VERDICT_NOT_APPLICABLE:
	case VERDICT_STALE:
	case VERDICT_COUNT:
		break;
	}
	return 3;
}

/* '|' begins the performance data and a newline ends the line, so neither can stand in the text;
 * nor can what would move a terminal's cursor. */
static void add_plain(struct text *into, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '|' || *c == '\n')
			text_add_char(into, '/');
		else
			text_add_char(into, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
	}
}

static void name_check(struct text *into, const struct checkup_line *line)
{
	size_t at = 0;

	text_format(into, "; %s: ", line->entry->name);
	while (at < line->count && line->findings[at].verdict != line->worst)
		at++;
	if (at < line->count)
		add_plain(into, line->findings[at].text);
}

/* What decided the gate, worst first; of what is unknown only what is required. */
static void name_worst(struct text *into, const struct checkup *checkup)
{
	static const enum verdict order[] = { VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_WARN };
	unsigned named = 0;

	for (unsigned v = 0; v < sizeof(order) / sizeof(order[0]); v++) {
		for (size_t i = 0; i < checkup->line_count && named < CHECKS_NAMED; i++) {
			const struct checkup_line *line = &checkup->lines[i];

			if (line->worst != order[v] ||
			    (order[v] == VERDICT_UNKNOWN && !line->entry->check->required))
				continue;
			name_check(into, line);
			named++;
		}
	}
}

void checkup_write_nagios(const struct checkup_report *report, struct text *into)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	const struct checkup *checkup = report->checkup;
	const size_t *checks = checkup->checks;

	text_format(into, "ASSAY %s - %zu fail, %zu unknown, %zu warn, %zu pass",
		    words[checkup_nagios_status(checkup)], checks[VERDICT_FAIL],
		    checks[VERDICT_UNKNOWN] + checks[VERDICT_STALE], checks[VERDICT_WARN],
		    checks[VERDICT_PASS]);
	name_worst(into, checkup);
	if (checkup_unseen_gpus(checkup) > 0)
		text_add(into, "; no GPU on the PCI bus");
	text_format(into, " | fail=%zu unknown=%zu warn=%zu pass=%zu\n", checks[VERDICT_FAIL],
		    checks[VERDICT_UNKNOWN] + checks[VERDICT_STALE], checks[VERDICT_WARN],
		    checks[VERDICT_PASS]);
}
