#include <math.h>
#include <string.h>

#include "active/import_nccl_parts.h"
#include "base/json.h"

enum {
	VERSION_MOST = 3,
};

static const double giga = 1e9;
static const double micro = 1e-6;

/* Numbers may be strings; "nan" and "N/A" are no number. */
static double number_of(const struct node *map, const char *key)
{
	const struct node *node = map ? node_find(map, key) : NULL;
	double value;

	if (!node || node->kind != NODE_SCALAR || !span_to_double(node->text, &value))
		return (double)NAN;
	return value;
}

static unsigned count_of(const struct node *map, const char *key)
{
	double value = number_of(map, key);

	return value >= 0 && value <= 1e6 ? (unsigned)value : 0;
}

/* "true" with or without quotes. */
static bool is_false(const struct node *map, const char *key)
{
	const struct node *node = map ? node_find(map, key) : NULL;

	return node && node->kind == NODE_SCALAR && span_is(node->text, "false");
}

/* "22809", or "2.28.9" in a text around it. */
static unsigned read_version(const struct node *root)
{
	const struct node *node = node_find(root, "nccl_version");
	struct span rest, word;
	uint64_t parts[3] = { 0 };
	unsigned count = 0;

	if (!node || node->kind != NODE_SCALAR)
		return 0;
	rest = node->text;
	if (span_to_u64(rest, &parts[0]))
		return parts[0] < 1000000 ? (unsigned)parts[0] : 0;
	while (count < 3 && span_cut(&rest, '.', &word)) {
		size_t length = 0;

		while (length < word.length && word.at[length] >= '0' && word.at[length] <= '9')
			length++;
		if (!span_to_u64((struct span){ word.at, length }, &parts[count]) ||
		    parts[count] > 99)
			return 0;
		count++;
	}
	if (count < 3)
		return 0;
	return parts[0] == 2 && parts[1] <= 8
		       ? (unsigned)(parts[0] * 1000 + parts[1] * 100 + parts[2])
		       : (unsigned)(parts[0] * 10000 + parts[1] * 100 + parts[2]);
}

static void read_settings(const struct node *root, struct arena *arena, struct nccl_report *report)
{
	const struct node *env = node_find(root, "env");

	for (uint32_t i = 0; env && env->kind == NODE_LIST && i < env->count; i++) {
		const struct node *one = &env->items[i];

		if (one->kind == NODE_SCALAR && nccl_setting_is_harmless(one->text) &&
		    report->setting_count < NCCL_SETTINGS_MAXIMUM)
			report->settings[report->setting_count++] = arena_string(arena, one->text);
	}
}

static void read_program(const struct node *root, struct nccl_report *report)
{
	const struct node *args = node_find(root, "args");

	if (args && args->kind == NODE_SCALAR)
		(void)nccl_program_find(args->text, &report->collective);
	if (args && args->kind == NODE_LIST && args->count > 0 &&
	    args->items[0].kind == NODE_SCALAR)
		(void)nccl_program_find(args->items[0].text, &report->collective);
}

/* Ranks and nodes: told, or counted by the devices, of which a process names its first alone. */
static void read_ranks(const struct node *root, struct nccl_report *report)
{
	const struct node *config = node_find(root, "config");
	const struct node *devices = config ? node_find(config, "devices") : NULL;
	unsigned each = count_of(config, "ngpus");

	report->ranks = count_of(config, "nranks");
	each = each > 0 ? each : count_of(config, "nGpus");
	if (!devices || devices->kind != NODE_LIST)
		return;
	if (report->ranks == 0)
		report->ranks = devices->count * (each > 0 ? each : 1);
	for (uint32_t i = 0; i < devices->count; i++) {
		const struct node *host = node_find(&devices->items[i], "hostname");
		uint32_t before = 0;

		if (!host || host->kind != NODE_SCALAR)
			return;
		while (before < i) {
			const struct node *other = node_find(&devices->items[before], "hostname");

			if (other && other->kind == NODE_SCALAR &&
			    span_equal(other->text, host->text))
				break;
			before++;
		}
		report->nodes += before == i;
	}
}

static bool read_result(const struct node *one, const char *file, struct arena *arena,
			struct nccl_report *report, struct error *err)
{
	const struct node *size = node_find(one, "size");
	const struct node *place = node_find(one, "out_of_place");
	struct nccl_result result;

	if (!place || place->kind != NODE_MAP || !(number_of(place, "bus_bw") > 0))
		place = node_find(one, "in_place");
	if (!size || size->kind != NODE_SCALAR || !span_to_u64(size->text, &result.bytes))
		return node_fail(one, file, err, ERROR_PARSE, "a result without a size");
	if (!place || place->kind != NODE_MAP)
		return node_fail(one, file, err, ERROR_PARSE,
				 "a result that is neither out of place nor in place");
	result.time_s = number_of(place, "time") * micro;
	result.algbw = number_of(place, "alg_bw") * giga;
	result.busbw = number_of(place, "bus_bw") * giga;
	result.wrong = number_of(place, "nwrong");
	if (isnan(result.time_s) || result.time_s < 0 || isnan(result.busbw) || result.busbw < 0)
		return node_fail(place, file, err, ERROR_PARSE, "a result without time or bus_bw");
	return nccl_report_add(report, &result, arena) ||
	       node_fail(one, file, err, ERROR_LIMIT, "more than %d results", NCCL_RESULTS_MAXIMUM);
}

bool nccl_json_read(struct span text, const char *file, struct arena *arena,
		    struct nccl_report *report, struct error *err)
{
	const struct node *root, *results;
	double version;

	if (!json_read(text, file, 1, arena, &root, err))
		return false;
	if (root->kind != NODE_MAP)
		return fail(err, ERROR_PARSE, "%s: no output of nccl-tests", file);
	version = number_of(root, "version");
	if (version > VERSION_MOST)
		return fail(err, ERROR_UNSUPPORTED,
			    "%s: version %.0f of nccl-tests' JSON; up to %d are known", file,
			    version, VERSION_MOST);
	results = node_find(root, "results");
	if (!results || results->kind != NODE_LIST)
		return fail(err, ERROR_PARSE, "%s: it has no list of results", file);
	read_program(root, report);
	report->version = read_version(root);
	read_ranks(root, report);
	read_settings(root, arena, report);
	report->is_bad = is_false(node_find(root, "out_of_bounds"), "okay");
	for (uint32_t i = 0; i < results->count; i++)
		if (!read_result(&results->items[i], file, arena, report, err))
			return false;
	return true;
}
