#include "fleet/parts.h"

#include <string.h>

#include "base/json.h"
#include "base/metric.h"

/* What the agent shows of a node: measures whose curve a person wants to see. */
static const struct shown {
	const char *name, *help;
	enum measure measure;
	bool counter;
} shown[] = {
	{ "assay_gpu_temperature_celsius", "Temperature of the chip.", NODE_GPU_TEMPERATURE,
	  false },
	{ "assay_gpu_temperature_margin_celsius",
	  "Distance to the temperature at which it slows down.", NODE_GPU_TEMPERATURE_MARGIN,
	  false },
	{ "assay_gpu_power_watts", "Power drawn.", NODE_GPU_POWER, false },
	{ "assay_gpu_utilisation_percent", "Share of time with a kernel running.",
	  NODE_GPU_UTILISATION, false },
	{ "assay_gpu_memory_used_bytes", "Memory in use.", NODE_GPU_MEMORY_USED, false },
	{ "assay_gpu_ecc_corrected_total", "Corrected memory errors since the driver started.",
	  NODE_GPU_ECC_CORRECTED, true },
	{ "assay_gpu_ecc_uncorrected_total", "Uncorrected memory errors since the driver started.",
	  NODE_GPU_ECC_UNCORRECTED, true },
	{ "assay_gpu_pcie_replays_total", "PCIe packets sent again.", NODE_GPU_PCIE_REPLAYS, true },
	{ "assay_gpu_throttle_thermal_seconds_total", "Time slowed by heat.",
	  NODE_GPU_THROTTLE_THERMAL, true },
	{ "assay_rdma_events_total", "Counters of RDMA ports by the kernel's names.",
	  NODE_RDMA_COUNTER, true },
	{ "assay_net_carrier_changes_total", "Times that a link went up or down.",
	  NODE_NET_CARRIER_CHANGES, true },
	{ "assay_memory_corrected_total", "Corrected memory errors.", NODE_EDAC_CORRECTED, true },
	{ "assay_memory_uncorrected_total", "Uncorrected memory errors.", NODE_EDAC_UNCORRECTED,
	  true },
};

static void add_own(struct text *into, const char *name, const char *help, bool counter,
		    double value)
{
	char number[32];

	metric_head(into, name, help, counter);
	text_format(into, "%s %s\n", name, number_format(value, number));
}

/* The newest look that has the measure: counters are looked at more often than the rest. */
static void add_reading(const struct agent *agent, const struct shown *one, struct text *into)
{
	static const enum look_kind order[] = { LOOK_COUNTERS, LOOK_FULL };
	char number[32];

	for (unsigned k = 0; k < 2; k++) {
		const struct sightings *seen = &agent->looks[order[k]].sightings;
		bool any = false;

		for (size_t i = 0; i < seen->count; i++) {
			const struct record *record = &seen->items[i];
			const char *device = record->subject.parts[SUBJECT_DEVICE];

			if (record->what != measures[one->measure].name ||
			    record->says != SAYS_VALUE)
				continue;
			if (!any)
				metric_head(into, one->name, one->help, one->counter);
			any = true;
			text_format(into, "%s{", one->name);
			metric_label(into, "device", device ? device : "");
			text_format(into, "} %s\n", number_format(record->value, number));
		}
		if (any)
			return;
	}
}

static void add_standings(const struct agent *agent, struct text *into)
{
	enum verdict gate = agent_gate(agent);

	metric_head(into, "assay_gate", "1 for what the node's gate says.", false);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		if (i != VERDICT_NOT_APPLICABLE && i != VERDICT_STALE)
			text_format(into, "assay_gate{verdict=\"%s\"} %d\n", verdict_names[i],
				    gate == (enum verdict)i);
	metric_head(into, "assay_finding", "1 for what stands and is no pass.", false);
	for (size_t i = 0; i < agent->standings.count; i++) {
		const struct standing *one = &agent->standings.items[i];

		if (one->verdict == VERDICT_PASS || one->verdict == VERDICT_NOT_APPLICABLE)
			continue;
		text_add(into, "assay_finding{");
		metric_label(into, "check", one->check);
		text_add(into, ",");
		metric_label(into, "device", one->about);
		text_add(into, ",");
		metric_label(into, "verdict", verdict_names[one->verdict]);
		text_add(into, "} 1\n");
	}
}

static double own_cpu_s(void)
{
	uv_rusage_t used = { 0 };

	if (uv_getrusage(&used) != 0)
		return 0.0;
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void agent_metrics(const struct agent *agent, struct text *into)
{
	const struct agent_counts *counts = &agent->counts;

	add_standings(agent, into);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		add_reading(agent, &shown[i], into);
	add_own(into, "assay_agent_looks_total", "Looks at the node.", true, (double)counts->looks);
	add_own(into, "assay_agent_log_looks_total", "Looks at the kernel's log.", true,
		(double)counts->log_looks);
	add_own(into, "assay_agent_log_verdict_seconds",
		"From the last line of interest to its verdict.", false, counts->log_seconds);
	add_own(into, "assay_agent_events_total", "Changes of what stands.", true,
		(double)counts->events);
	add_own(into, "assay_agent_lost_events_total",
		"Changes that no disk took, and that were given up.", true,
		(double)counts->lost_events);
	add_own(into, "assay_agent_unsaved_events", "Changes that wait for the disk.", false,
		(double)agent->unsaved_count);
	add_own(into, "assay_agent_write_failures_total", "Writes of the history that failed.",
		true, (double)counts->write_failures);
	add_own(into, "assay_agent_stalls_total", "Calls of vendor libraries that stalled.", true,
		(double)counts->stalls);
	add_own(into, "assay_agent_look_stalls_total",
		"Looks of probes that hung or crashed and were broken off.", true,
		(double)counts->look_stalls);
	add_own(into, "assay_agent_look_seconds", "How long the last look took.", false,
		counts->look_seconds);
	add_own(into, "assay_agent_last_full_look_seconds", "Unix time of the last full look.",
		false, (double)counts->last_full);
	add_own(into, "assay_agent_cpu_seconds_total", "Processor time of the agent's own process.",
		true, own_cpu_s());
}

void agent_findings(const struct agent *agent, struct text *into)
{
	struct json_writer json = { .into = into, .indent = 2 };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/standing/v1");
	json_pair_string(&json, "node", agent->settings.subject.parts[SUBJECT_NODE]);
	json_pair_string(&json, "version", ASSAY_VERSION);
	json_pair_string(&json, "time", time_format(host_unix_time(agent->request->host), time));
	json_pair_string(&json, "last_full_look",
			 agent->counts.last_full ? time_format(agent->counts.last_full, time)
						 : NULL);
	json_pair_string(&json, "gate", verdict_names[agent_gate(agent)]);
	json_key(&json, "findings");
	json_open_array(&json);
	for (size_t i = 0; i < agent->standings.count; i++) {
		const struct standing *one = &agent->standings.items[i];

		if (one->verdict == VERDICT_PASS || one->verdict == VERDICT_NOT_APPLICABLE)
			continue;
		json_open_object(&json);
		json_pair_string(&json, "check", one->check);
		json_pair_string(&json, "about", one->about);
		json_pair_string(&json, "verdict", verdict_names[one->verdict]);
		json_pair_string(&json, "text", one->text);
		json_pair_string(&json, "action", one->action);
		json_pair_string(&json, "since", time_format(one->since, time));
		json_pair_bool(&json, "sticky", one->sticky);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_close_object(&json);
	text_add(into, "\n");
}
