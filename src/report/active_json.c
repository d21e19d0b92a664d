#include "report/active.h"
#include "report/json_parts.h"

#define NS_PER_S 1000000000ll

static void put_step(struct json_writer *json, const struct active_step *step,
		     const struct active_outcome *outcome)
{
	json_open_object(json);
	json_pair_string(json, "name", step->test->name);
	json_pair_string(json, "group", step->test->group);
	json_pair_string(json, "title", step->test->title);
	json_pair_string(json, "consent", consent_names[step->consent]);
	if (step->cannot)
		json_pair_string(json, "cannot", step->cannot);
	if (step->loads)
		json_pair_string(json, "loads", step->loads);
	if (step->writes)
		json_pair_string(json, "writes", step->writes);
	json_pair_integer(json, "needed_s", step->needed_ns / NS_PER_S);
	if (outcome) {
		json_pair_string(json, "ended", active_end_names[outcome->end]);
		if (outcome->reason)
			json_pair_string(json, "reason", outcome->reason);
		json_pair_decimal(json, "took_s", outcome->took_s, 3);
	}
	json_close_object(json);
}

static void put_measurements(struct json_writer *json, const struct active_report *report)
{
	json_key(json, "measurements");
	json_open_array(json);
	for (size_t i = 0; i < report->plan->count; i++) {
		const struct active_outcome *outcome = &report->outcomes[i];

		for (size_t k = 0; k < outcome->count; k++)
			checkup_put_evidence(json, &report->sightings->items[outcome->first + k]);
	}
	json_close_array(json);
}

void active_write_json(const struct active_report *report, struct text *into)
{
	const struct active_request *request = report->request;
	struct json_writer json = { .into = into, .indent = JSON_INDENT };
	char time[TIME_TEXT_SIZE];
	SCOPED_TEXT(checkup);

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/test/v1");
	json_pair_string(&json, "version", ASSAY_VERSION);
	json_pair_string(&json, "node", report->sightings->subject.parts[SUBJECT_NODE]);
	if (report->found.provider)
		json_pair_string(&json, "provider", report->found.provider);
	json_pair_string(&json, "time", time_format(report->sightings->time, time));
	json_pair_string(&json, "profile", active_profile_names[request->profile]);
	json_pair_string(&json, "consent", consent_names[request->consent]);
	json_pair_integer(&json, "limit_s", request->limit_ns / NS_PER_S);
	json_key(&json, "tests");
	json_open_array(&json);
	for (size_t i = 0; i < report->plan->count; i++)
		put_step(&json, &report->plan->steps[i],
			 report->outcomes ? &report->outcomes[i] : NULL);
	json_close_array(&json);
	if (report->outcomes) {
		put_measurements(&json, report);
		checkup_write_json(&report->found, &checkup);
		json_key(&json, "checkup");
		json_put_document(&json, text_span(&checkup));
	}
	json_close_object(&json);
	text_add(into, "\n");
}
