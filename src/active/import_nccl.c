#define _GNU_SOURCE /* memmem */

#include "active/import_nccl.h"

#include <math.h>
#include <string.h>

#include "active/import_nccl_parts.h"
#include "active/nccl.h"

static const char *const checks[] = {
	"collective-bandwidth",
	"collective-correct",
	"collective-dips",
	"collective-explained",
	NULL,
};

/* Names of the programs, without "_perf". */
static const struct {
	const char *program, *collective;
} programs[] = {
	{ "all_reduce", "all-reduce" },         { "all_gather", "all-gather" },
	{ "reduce_scatter", "reduce-scatter" }, { "alltoall", "all-to-all" },
	{ "broadcast", "broadcast" },           { "sendrecv", "send-receive" },
};

bool nccl_program_find(struct span text, enum collective *ret_collective)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		size_t length = strlen(programs[i].program);

		for (size_t at = 0; at + length <= text.length; at++) {
			/* "nccl-tests/build/all_reduce_perf", and no "my_all_reduce_old". */
			if (memcmp(text.at + at, programs[i].program, length) != 0 ||
			    text.length - at - length < 5 ||
			    memcmp(text.at + at + length, "_perf", 5) != 0 ||
			    (at > 0 && text.at[at - 1] != '/' && text.at[at - 1] != ' '))
				continue;
			return collective_find(span_of(programs[i].collective), ret_collective);
		}
	}
	return false;
}

bool nccl_setting_is_harmless(struct span setting)
{
	static const char *const names[] = {
		"NCCL_ALGO",
		"NCCL_BUFFSIZE",
		"NCCL_COLLNET_ENABLE",
		"NCCL_CROSS_NIC",
		"NCCL_CUMEM_ENABLE",
		"NCCL_IB_ADAPTIVE_ROUTING",
		"NCCL_IB_GID_INDEX",
		"NCCL_IB_HCA",
		"NCCL_IB_PCI_RELAXED_ORDERING",
		"NCCL_IB_QPS_PER_CONNECTION",
		"NCCL_IB_SL",
		"NCCL_IB_TC",
		"NCCL_IB_TIMEOUT",
		"NCCL_IGNORE_CPU_AFFINITY",
		"NCCL_MAX_NCHANNELS",
		"NCCL_MIN_NCHANNELS",
		"NCCL_MNNVL_ENABLE",
		"NCCL_NET_GDR_LEVEL",
		"NCCL_NVLS_ENABLE",
		"NCCL_P2P_DISABLE",
		"NCCL_P2P_LEVEL",
		"NCCL_PROTO",
		"NCCL_PXN_DISABLE",
		"NCCL_SHM_DISABLE",
		"NCCL_TESTS_SPLIT",
	};
	struct span name;
	size_t at = 0;

	if (!span_cut(&setting, '=', &name) || setting.length == 0 || setting.length > 64)
		return false;
	while (at < sizeof(names) / sizeof(names[0]) && !span_is(name, names[at]))
		at++;
	if (at == sizeof(names) / sizeof(names[0]))
		return false;
	for (size_t i = 0; i < setting.length; i++) {
		char c = setting.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c != '\0' && strchr(":,=^_-", c))))
			return false;
	}
	return true;
}

bool nccl_report_add(struct nccl_report *report, const struct nccl_result *result,
		     struct arena *arena)
{
	if (!report->results)
		report->results = ARENA_ARRAY(arena, struct nccl_result, NCCL_RESULTS_MAXIMUM);
	if (report->count == NCCL_RESULTS_MAXIMUM)
		return false;
	report->results[report->count++] = *result;
	return true;
}

static bool is_json(struct span text)
{
	while (text.length > 0 && strchr(" \t\r\n", text.at[0]) && text.at[0] != '\0')
		text = (struct span){ text.at + 1, text.length - 1 };
	return text.length > 0 && text.at[0] == '{';
}

bool nccl_report_read(struct span text, const char *file, struct arena *arena,
		      struct nccl_report *ret_report, struct error *err)
{
	struct nccl_report report = { .collective = COLLECTIVE_COUNT };
	bool good = is_json(text) ? nccl_json_read(text, file, arena, &report, err)
				  : nccl_table_read(text, file, arena, &report, err);

	if (!good)
		return false;
	if (report.collective == COLLECTIVE_COUNT)
		return fail(err, ERROR_INVALID, "%s: it does not say which collective it is", file);
	if (report.count == 0)
		return fail(err, ERROR_INVALID, "%s: it has no results", file);
	*ret_report = report;
	return true;
}

static bool fits(struct span text)
{
	enum { LOOKED_AT = 1 << 20 };

	if (text.length > LOOKED_AT)
		text.length = LOOKED_AT;
	if (is_json(text))
		return span_contains(text, "\"nccl_version\"") ||
		       span_contains(text, "\"average_bus_bandwidth\"") ||
		       (span_contains(text, "\"out_of_place\"") &&
			span_contains(text, "\"bus_bw\""));
	return span_contains(text, "# Avg bus bandwidth") || span_contains(text, "busbw");
}

/* Of several results of one size the last counts. */
static bool is_last(const struct nccl_report *report, size_t which)
{
	for (size_t i = which + 1; i < report->count; i++)
		if (report->results[i].bytes == report->results[which].bytes)
			return false;
	return true;
}

static void add_result(const struct nccl_report *report, const struct nccl_result *result,
		       struct arena *arena, struct sightings *sightings)
{
	const char *device = arena_format(arena, "collective:%s:nccl-tests/%llu",
					  collective_names[report->collective],
					  (unsigned long long)result->bytes);

	(void)saw_value(sightings, NODE_TEST_COLLECTIVE_TIME, device, result->time_s);
	(void)saw_value(sightings, NODE_TEST_COLLECTIVE_ALGBW, device, result->algbw);
	(void)saw_value(sightings, NODE_TEST_COLLECTIVE_BUSBW, device, result->busbw);
	if (isnan(result->wrong))
		(void)saw_unknown(sightings, NODE_TEST_COLLECTIVE_WRONG, device,
				  "nccl-tests compared nothing (-c 0)");
	else
		(void)saw_value(sightings, NODE_TEST_COLLECTIVE_WRONG, device, result->wrong);
	if (!isnan(result->wrong))
		(void)saw_value(sightings, NODE_TEST_COLLECTIVE_CHECKED, device,
				(double)(result->bytes / 4) *
					(report->ranks > 0 ? report->ranks : 1));
}

static bool read_into(struct span text, const char *file, struct arena *arena,
		      struct sightings *sightings, struct error *err)
{
	struct nccl_report report = { .collective = COLLECTIVE_COUNT };
	static const char device[] = "collective:nccl-tests";

	if (!nccl_report_read(text, file, arena, &report, err))
		return false;
	if (report.ranks > 0)
		(void)saw_value(sightings, NODE_TEST_COLLECTIVE_RANKS, device, report.ranks);
	else
		(void)saw_unknown(sightings, NODE_TEST_COLLECTIVE_RANKS, device,
				  "the output does not tell");
	if (report.nodes > 0)
		(void)saw_value(sightings, NODE_TEST_COLLECTIVE_NODES, device, report.nodes);
	if (report.version > 0)
		(void)saw_state(
			sightings, NODE_TEST_COLLECTIVE_LIBRARY, device,
			arena_format(arena, "nccl %s", nccl_version_words(report.version).at));
	for (size_t i = 0; i < report.count; i++)
		if (is_last(&report, i))
			add_result(&report, &report.results[i], arena, sightings);
	return true;
}

const struct active_importer active_import_nccl = {
	.name = "nccl-tests",
	.checks = checks,
	.fits = fits,
	.read = read_into,
};
