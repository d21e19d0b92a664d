#include <string.h>

#include "check/gpu/walk.h"
#include "evidence/kernel_line.h"

/* AMD's fault records (CPER) and what its driver writes into the kernel log about them. */

enum {
	AFIDS_MAXIMUM = 128,
	DEVICES_MAXIMUM = 64,
};

/* Records of one fault of one GPU. */
struct fault {
	const char *device;
	uint32_t afid;
	bool is_fatal; /* by the severity in one of the records */
	size_t count;
	const struct record *record;
};

/* What the log says of one GPU, or of no one in particular. */
struct story {
	const char *device;
	size_t grave, mild, begun, succeeded, failed;
	int64_t last_fault, last_success; /* times of lines; 0 when none has one */
	const struct record *worst;       /* a line to show: of the worst kind seen */
	unsigned worst_kind;
};

enum line_kind {
	LINE_QUIET,     /* corrected, or a count of zero */
	LINE_SUCCEEDED, /* a reset came to its end */
	LINE_BEGUN,
	LINE_MILD,
	LINE_GRAVE,
	LINE_FAILED, /* a reset, or the start of the GPU */
};

/* The first that stands in a message decides. The words are those of the amdgpu driver. */
static const struct {
	const char *words;
	enum line_kind kind;
} rules[] = {
	{ "GPU reset begin", LINE_BEGUN },
	{ ") succeeded", LINE_SUCCEEDED },
	{ "GPU reset succeeded, trying to resume", LINE_QUIET },
	{ ") failed", LINE_FAILED },
	{ "Recovery Failed", LINE_FAILED },
	{ "end with ret = -", LINE_FAILED },
	{ "Fatal error during GPU init", LINE_FAILED },
	{ "probe with driver amdgpu failed", LINE_FAILED },
	{ "reaches threshold", LINE_GRAVE },
	{ "ncorrectable", LINE_GRAVE },
	{ "oison consum", LINE_GRAVE },
	{ "oison is consum", LINE_GRAVE },
	{ "RAS fatal", LINE_GRAVE },
	{ "severity: fatal", LINE_GRAVE },
	{ "severity: corrected", LINE_QUIET },
	{ "severity: info", LINE_QUIET },
	{ "correctable hardware errors", LINE_QUIET },
};

/* "0 new uncorrectable hardware errors detected": the number stands before the words. */
static bool counts_none(const char *text)
{
	return (strstr(text, " 0 new uncorrectable") || strstr(text, " 0 uncorrectable")) != 0;
}

static enum line_kind kind_of(const char *text)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strstr(text, rules[i].words))
			return rules[i].kind == LINE_GRAVE && counts_none(text) ? LINE_QUIET
										: rules[i].kind;
	return LINE_MILD;
}

/* The GPU that a line is about: as recorded, else as the line says; NULL when neither tells. */
static const char *device_of(const struct record *line, struct arena *arena)
{
	char pci[PCI_NAME_SIZE];

	if (record_device(line))
		return record_device(line);
	return kernel_line_pci(span_of(line->text), pci) ? arena_format(arena, "gpu:%s", pci)
							 : NULL;
}

static struct story *find_story(struct story *stories, size_t *count, const char *device)
{
	for (size_t i = 0; i < *count; i++) {
		const char *other = stories[i].device;

		if ((!other && !device) || (other && device && strcmp(other, device) == 0))
			return &stories[i];
	}
	if (*count == DEVICES_MAXIMUM)
		return &stories[*count - 1];
	stories[*count] = (struct story){ .device = device };
	return &stories[(*count)++];
}

static void add_line(struct story *story, const struct record *line)
{
	enum line_kind kind = kind_of(line->text);

	story->begun += kind == LINE_BEGUN;
	story->succeeded += kind == LINE_SUCCEEDED;
	story->failed += kind == LINE_FAILED;
	story->grave += kind == LINE_GRAVE;
	story->mild += kind == LINE_MILD;
	if (kind >= LINE_GRAVE && line->time > story->last_fault)
		story->last_fault = line->time;
	if (kind == LINE_SUCCEEDED && line->time > story->last_success)
		story->last_success = line->time;
	if (!story->worst || kind > story->worst_kind) {
		story->worst = line;
		story->worst_kind = kind;
	}
}

static void judge_story(const struct machine *machine, const struct story *story,
			struct findings *found)
{
	bool ended = story->succeeded > 0 && story->last_success >= story->last_fault;
	const char *name =
		story->device ? device_label(machine, story->device, found->arena) : "a GPU";
	struct finding *finding;

	if (story->failed > 0 && !ended)
		finding = findings_add(found, VERDICT_FAIL, story->device,
				       "%s: could not be reset or started: %.200s", name,
				       story->worst->text);
	else if (story->begun > story->succeeded + story->failed)
		finding = findings_add(found, VERDICT_FAIL, story->device,
				       "%s: %zu resets began and %zu came to their end", name,
				       story->begun, story->succeeded);
	else if (story->grave > 0 && !ended)
		finding = findings_add(found, VERDICT_FAIL, story->device,
				       "%s: %zu messages of uncorrected errors and no reset after "
				       "them: %.160s",
				       name, story->grave, story->worst->text);
	else if (ended || story->mild > 0)
		finding =
			findings_add(found, VERDICT_WARN, story->device,
				     "%s: %zu resets succeeded, %zu further messages: %.160s", name,
				     story->succeeded, story->failed + story->grave + story->mild,
				     story->worst->text);
	else
		return;
	finding->bar = "no message of uncorrected errors, hangs or resets since the start";
	finding->action = finding->verdict == VERDICT_FAIL
				  ? "drain; reboot; run the vendor's diagnostics; return the GPU "
				    "when it comes again"
				  : "watch it; look at the job that ran then";
	finding->clears = "the next start of the node";
	finding_rests_on(finding, story->worst);
}

static void judge_log(const struct machine *machine, struct findings *found)
{
	static const enum measure topics[] = { NODE_LOG_AMD_RAS, NODE_LOG_AMD_GPU };
	struct story stories[DEVICES_MAXIMUM];
	const struct record *line, *lines = machine_find(machine, NODE_LOG_LINES, NULL);
	size_t count = 0;

	if (!lines || lines->says != SAYS_VALUE)
		findings_add_unknown(found, machine, NODE_LOG_LINES, NULL);
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		for (size_t at = 0; (line = machine_next(machine, topics[i], &at));) {
			if (line->says == SAYS_TEXT)
				add_line(find_story(stories, &count, device_of(line, found->arena)),
					 line);
			else
				findings_add_unknown(found, machine, topics[i],
						     record_device(line));
		}
	}
	for (size_t i = 0; i < count; i++)
		judge_story(machine, &stories[i], found);
}

/* "afid 24 severity fatal" */
static bool parse_afid(const char *text, uint32_t *ret_afid, bool *ret_fatal)
{
	struct span rest = span_of(text), word;
	uint64_t number;

	if (!span_cut(&rest, ' ', &word) || !span_is(word, "afid") ||
	    !span_cut(&rest, ' ', &word) || !span_to_u64(word, &number) || number > UINT32_MAX)
		return false;
	if (!span_cut(&rest, ' ', &word) || !span_is(word, "severity"))
		return false;
	*ret_afid = (uint32_t)number;
	*ret_fatal = span_is(span_trim(rest), "fatal");
	return true;
}

static size_t collect_faults(const struct machine *machine, struct fault *faults,
			     struct findings *found)
{
	const struct record *one;
	size_t count = 0, at = 0;

	while ((one = machine_next(machine, NODE_GPU_CPER, &at))) {
		const char *device = record_device(one);
		uint32_t afid;
		bool is_fatal;
		size_t i = 0;

		if (one->says != SAYS_TEXT || !parse_afid(one->text, &afid, &is_fatal)) {
			finding_rests_on(findings_add(found, VERDICT_UNKNOWN, device,
						      "an error record cannot be read: %.200s",
						      one->text),
					 one);
			continue;
		}
		while (i < count && (faults[i].afid != afid || !device || !faults[i].device ||
				     strcmp(faults[i].device, device) != 0))
			i++;
		if (i == AFIDS_MAXIMUM)
			continue;
		if (i == count)
			faults[count++] = (struct fault){ device, afid, false, 0, one };
		faults[i].is_fatal |= is_fatal;
		faults[i].count++;
	}
	return count;
}

static void judge_fault(const struct check_input *seen, const struct fault *fault,
			struct findings *found)
{
	static const enum verdict verdicts[FAULT_CLASS_COUNT] = {
		[FAULT_INFO] = VERDICT_PASS,    [FAULT_APPLICATION] = VERDICT_WARN,
		[FAULT_WATCH] = VERDICT_WARN,   [FAULT_DEGRADED] = VERDICT_WARN,
		[FAULT_FATAL] = VERDICT_FAIL,   [FAULT_DECODE] = VERDICT_UNKNOWN,
		[FAULT_UNKNOWN] = VERDICT_WARN,
	};
	const struct fault_row *row =
		seen->handbook ? handbook_afid(seen->handbook, fault->afid) : NULL;
	enum verdict verdict = verdicts[row ? row->class : FAULT_UNKNOWN];
	const char *name =
		fault->device ? device_label(seen->machine, fault->device, found->arena) : "a GPU";
	struct finding *finding;

	/* The record itself says so; no table makes it milder. */
	if (fault->is_fatal)
		verdict = VERDICT_FAIL;
	finding = findings_add(found, verdict, fault->device, "%s: %zu records of AFID %u, %s%s",
			       name, fault->count, fault->afid,
			       row ? row->meaning : "which no table here knows",
			       fault->is_fatal ? " (fatal)" : "");
	if (row)
		finding->bar = arena_format(found->arena, "afid.tsv %u: %s (%s)", row->code,
					    fault_class_names[row->class], row->source);
	finding->action = row ? row->action : "keep the record; ask AMD";
	finding->clears = "the next start of the node, or the exchange of the GPU";
	finding_rests_on(finding, fault->record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct fault faults[AFIDS_MAXIMUM];
	size_t before = found->count, count;
	struct gpu_walk walk;
	const char *gpu;

	count = collect_faults(seen->machine, faults, found);
	for (size_t i = 0; i < count; i++)
		judge_fault(seen, &faults[i], found);
	judge_log(seen->machine, found);
	if (found->count > before)
		return;
	/* No record is good news only of a GPU that could have given one. */
	gpu_walk_start(&walk, seen, found, "amd");
	while ((gpu = gpu_walk_next(&walk))) {
		const struct record *one = gpu_walk_need(&walk, NODE_GPU_ANSWERS, gpu);

		if (one && strcmp(one->text, "ok") == 0)
			gpu_walk_well(&walk, one);
		else if (one)
			gpu_walk_say(&walk, VERDICT_UNKNOWN, gpu, one,
				     "it answers '%.40s': its error records were not read",
				     one->text);
	}
	gpu_walk_end(&walk, "no error record, and no message of a fault in the kernel log");
}

CHECK(gpu_afid) = {
	.title = "AMD's error records tell of no fault",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_AMD,
	.required = true,
	.judge = judge,
};
