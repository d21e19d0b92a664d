#include "report/locate.h"

#include <math.h>

#include "base/json.h"

static void write_unless(struct json_writer *json, const char *key, bool is_unknown, double value,
			 unsigned decimals)
{
	json_key(json, key);
	if (is_unknown)
		json_put_null(json);
	else
		json_put_decimal(json, value, decimals);
}

static void write_finding(struct json_writer *json, const struct locate_run *run,
			  enum locate_stage stage, uint32_t endpoint, unsigned rail)
{
	const struct locate *locate = &run->of[stage];
	const struct locate_finding *finding =
		&locate->findings[(size_t)endpoint * locate->options.rails + rail];
	bool is_alone = finding->partners == 0;

	json_open_object(json);
	json_pair_string(json, "name", locate_endpoint_name(run, stage, endpoint));
	json_pair_integer(json, "rail", rail);
	json_pair_string(json, "device", run->plan->devices ? run->plan->devices[rail] : NULL);
	json_pair_string(json, "verdict", locate_verdict_names[finding->verdict]);
	json_key(json, "symptom");
	json_put_string(json, finding->verdict == LOCATE_FAULTY || finding->verdict == LOCATE_OPEN
				      ? locate_symptom_names[finding->symptom]
				      : NULL);
	json_key(json, "probability");
	json_open_object(json);
	for (unsigned i = 0; i < LOCATE_SYMPTOM_COUNT; i++)
		json_pair_decimal(json, locate_symptom_names[i], finding->fault[i], 6);
	json_close_object(json);
	write_unless(json, "lacks", is_alone, finding->lacks, 4);
	write_unless(json, "lacks_within", is_alone, finding->lacks_within, 4);
	write_unless(json, "lost", is_alone || finding->lost < 0, finding->lost, 6);
	json_pair_integer(json, "tests", finding->tests);
	json_pair_integer(json, "failures", finding->failures);
	json_pair_integer(json, "with_sound_partners", finding->partners);
	json_key(json, "why");
	json_put_string(json, stage == LOCATE_HOSTS ? run->whys[endpoint] : NULL);
	json_close_object(json);
}

static void write_stage(struct json_writer *json, const struct locate_run *run,
			enum locate_stage stage, bool all)
{
	const struct locate *locate = &run->of[stage];
	struct locate_tally tally = locate_tally(locate);

	json_open_object(json);
	json_pair_integer(json, "count", locate->count);
	for (unsigned i = 0; i < LOCATE_VERDICT_COUNT; i++)
		json_pair_integer(json, locate_verdict_names[i], tally.of[i]);
	json_pair_integer(json, "rounds", locate->round);
	json_key(json, "rails");
	json_open_array(json);
	for (unsigned i = 0; i < locate->options.rails; i++) {
		json_open_object(json);
		json_pair_string(json, "device", run->plan->devices ? run->plan->devices[i] : NULL);
		write_unless(json, "healthy_bytes_per_s", !(locate->rates[i] > 0), locate->rates[i],
			     0);
		write_unless(json, "noise", !(locate->rates[i] > 0), locate->noises[i], 5);
		json_close_object(json);
	}
	json_close_array(json);
	json_key(json, "findings");
	json_open_array(json);
	for (uint32_t i = 0; i < locate->count; i++)
		for (unsigned rail = 0; rail < locate->options.rails; rail++)
			if (all ||
			    locate->findings[(size_t)i * locate->options.rails + rail].verdict !=
				    LOCATE_SOUND)
				write_finding(json, run, stage, i, rail);
	json_close_array(json);
	json_close_object(json);
}

void locate_write_json(const struct locate_run *run, bool all, struct text *into)
{
	struct json_writer json = { .into = into, .indent = 2 };

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/locate/v1");
	json_pair_string(&json, "tool", locate_tool_names[run->plan->tool]);
	json_pair_decimal(&json, "slow", run->plan->options.slow, 4);
	json_pair_integer(&json, "measurements", (int64_t)run->measurements);
	json_pair_decimal(&json, "seconds", (double)run->took_ns / 1e9, 3);
	json_key(&json, "cut");
	json_put_string(&json, run->cut);
	json_pair_string(&json, "note", run->note[0] != '\0' ? run->note : NULL);
	json_key(&json, "hosts");
	write_stage(&json, run, LOCATE_HOSTS, all);
	json_key(&json, "leaves");
	if (run->has_leaves)
		write_stage(&json, run, LOCATE_LEAVES, all);
	else
		json_put_null(&json);
	json_close_object(&json);
	text_add_span(into, SPAN("\n"));
}
