#include "report/checkup.h"

#include "report/json_parts.h"

void checkup_put_evidence(struct json_writer *json, const struct record *record)
{
	char time[TIME_TEXT_SIZE];

	json_open_object(json);
	json_pair_string(json, "id", record->id);
	json_pair_string(json, "what", record->what);
	if (record->subject.parts[SUBJECT_DEVICE])
		json_pair_string(json, "device", record->subject.parts[SUBJECT_DEVICE]);
	json_key(json, record_says_names[record->says]);
	if (record->says == SAYS_VALUE) {
		json_put_number(json, record->value);
		json_pair_string(json, "unit", record->unit);
	} else {
		json_put_string(json, record->text);
	}
	if (record->time != 0)
		json_pair_string(json, "time", time_format(record->time, time));
	json_close_object(json);
}

static void put_finding(struct json_writer *json, const struct checkup_report *report,
			const struct finding *finding, struct arena *arena)
{
	char day[DATE_TEXT_SIZE];

	json_open_object(json);
	json_pair_string(json, "verdict", verdict_names[finding->verdict]);
	if (finding->about) {
		json_pair_string(json, "about", finding->about);
		json_pair_string(json, "label",
				 device_label(report->checkup->machine, finding->about, arena));
	}
	json_pair_string(json, "text", finding->text);
	if (finding->bar)
		json_pair_string(json, "bar", finding->bar);
	if (finding->action)
		json_pair_string(json, "action", finding->action);
	if (finding->clears)
		json_pair_string(json, "clears", finding->clears);
	if (finding->attested)
		json_pair_bool(json, "attested", true);
	if (finding->observed != DATE_NONE)
		json_pair_string(json, "observed", date_format(finding->observed, day));
	json_pair_string(json, "strength", strength_names[finding->strength]);
	json_key(json, "evidence");
	json_open_array(json);
	for (unsigned i = 0; i < 4 && finding->evidence[i]; i++)
		checkup_put_evidence(json, finding->evidence[i]);
	json_close_array(json);
	json_close_object(json);
}

static void put_words(struct json_writer *json, const char *words)
{
	struct span rest = span_of(words), word;

	json_open_array(json);
	while (span_cut(&rest, ' ', &word))
		if (word.length > 0)
			json_put_span(json, word);
	json_close_array(json);
}

static void put_line(struct json_writer *json, const struct checkup_report *report,
		     const struct checkup_line *line, struct arena *arena)
{
	json_open_object(json);
	json_pair_string(json, "name", line->entry->name);
	json_pair_string(json, "title", line->entry->check->title);
	json_pair_string(json, "verdict", verdict_names[line->worst]);
	json_pair_bool(json, "required", line->entry->check->required);
	json_key(json, "cmax");
	put_words(json, line->entry->check->cmax);
	json_key(json, "findings");
	json_open_array(json);
	for (size_t i = 0; i < line->count; i++)
		put_finding(json, report, &line->findings[i], arena);
	json_close_array(json);
	json_close_object(json);
}

static void put_counts(struct json_writer *json, const char *key,
		       const size_t counts[static VERDICT_COUNT])
{
	json_key(json, key);
	json_open_object(json);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		json_pair_integer(json, verdict_names[i], (int64_t)counts[i]);
	json_close_object(json);
}

void checkup_write_json(const struct checkup_report *report, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct checkup *checkup = report->checkup;
	struct json_writer json = { .into = into, .indent = 2 };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/checkup/v1");
	json_pair_string(&json, "version", ASSAY_VERSION);
	json_pair_string(&json, "node", checkup->machine->name);
	if (report->provider)
		json_pair_string(&json, "provider", report->provider);
	json_pair_string(&json, "time", time_format(report->time, time));
	json_pair_string(&json, "profile", check_profile_name(checkup->profile));
	json_pair_string(&json, "gate", verdict_names[checkup->gate]);
	if (checkup->machine->shape)
		json_pair_string(&json, "model", checkup->machine->shape->model);
	if (report->handbook)
		json_pair_hash(&json, "handbook", report->handbook->hash);
	put_counts(&json, "check_count", checkup->checks);
	put_counts(&json, "finding_count", checkup->findings);
	json_key(&json, "checks");
	json_open_array(&json);
	for (size_t i = 0; i < checkup->line_count; i++)
		put_line(&json, report, &checkup->lines[i], &arena);
	json_close_array(&json);
	json_close_object(&json);
	text_add(into, "\n");
}
