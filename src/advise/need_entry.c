#include "advise/need_entry.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

const char *const tolerance_names[] = {
	[TOLERATES_NOTHING] = "never",
	[TOLERATES_CHECKPOINTED] = "checkpointed",
	[TOLERATES_ANY] = "any",
};
static_assert(sizeof(tolerance_names) / sizeof(tolerance_names[0]) == TOLERANCE_COUNT,
	      "a name for each tolerance");

const char *const traffic_names[] = {
	[TRAFFIC_NONE] = "single-gpu",
	[TRAFFIC_NODE] = "single-node",
	[TRAFFIC_DENSE] = "dense",
	[TRAFFIC_EXPERTS] = "moe",
};
static_assert(sizeof(traffic_names) / sizeof(traffic_names[0]) == TRAFFIC_COUNT,
	      "a name for each kind");

const char *const compliance_names[] = {
	[COMPLIES_SOC1] = "soc1",
	[COMPLIES_SOC2] = "soc2",
	[COMPLIES_SOC2_TYPE1] = "soc2-type1",
	[COMPLIES_ISO27001] = "iso27001",
	[COMPLIES_ISO27017] = "iso27017",
	[COMPLIES_GDPR] = "gdpr",
	[COMPLIES_HIPAA] = "hipaa",
	[COMPLIES_PCI_DSS] = "pci-dss",
};
static_assert(sizeof(compliance_names) / sizeof(compliance_names[0]) == COMPLIANCE_COUNT,
	      "a name for each word");

static bool set_number(const struct need_setting *setting)
{
	double *place = (double *)(void *)((char *)setting->need + setting->field->offset);
	double value = 0;

	if (!span_to_double(setting->text, &value) || !(value >= setting->field->minimum) ||
	    !(value <= setting->field->maximum))
		return false;
	*place = value;
	return true;
}

static bool set_count(const struct need_setting *setting)
{
	uint64_t count = 0;

	return span_to_u64(setting->text, &count) && set_number(setting);
}

static bool set_quantity(const struct need_setting *setting)
{
	struct quantity *place =
		(struct quantity *)(void *)((char *)setting->need + setting->field->offset);
	struct quantity value;

	if (!quantity_parse(setting->text, &value) || !(value.low >= setting->field->minimum) ||
	    !(value.high <= setting->field->maximum))
		return false;
	*place = value;
	return true;
}

static bool find_word(struct span text, const char *const *words, unsigned count,
		      unsigned *ret_index)
{
	for (unsigned i = 0; i < count; i++) {
		if (span_is(text, words[i])) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

static bool set_title(const struct need_setting *setting)
{
	setting->need->title = arena_string(setting->arena, setting->text);
	return setting->text.length > 0;
}

static bool set_work(const struct need_setting *setting)
{
	static const char *const works[] = { "training", "inference" };
	unsigned work = 0;

	if (!find_word(setting->text, works, 2, &work))
		return false;
	setting->need->work = works[work];
	return true;
}

static bool set_gpu(const struct need_setting *setting)
{
	struct need *need = setting->need;

	if (setting->text.length == 0 || need->accept_count == NEED_GPUS_MAXIMUM)
		return false;
	need->accepts[need->accept_count++] = (struct need_gpu){
		.name = arena_string(setting->arena, setting->text),
		.gpu = GPU_NONE,
		.performance = { .value = NAN, .low = NAN, .high = NAN },
	};
	return true;
}

static bool set_form(const struct need_setting *setting)
{
	unsigned form = 0;

	if (!find_word(setting->text, form_names, FORM_COUNT, &form) || form == FORM_UNKNOWN)
		return false;
	setting->need->forms |= 1u << form;
	return true;
}

static bool set_region(const struct need_setting *setting)
{
	struct need *need = setting->need;

	if (setting->text.length == 0 || need->region_count == NEED_REGIONS_MAXIMUM)
		return false;
	need->regions[need->region_count++] = arena_string(setting->arena, setting->text);
	return true;
}

static bool set_compliance(const struct need_setting *setting)
{
	unsigned word = 0;

	if (!find_word(setting->text, compliance_names, COMPLIANCE_COUNT, &word))
		return false;
	setting->need->compliance |= 1u << word;
	return true;
}

static bool set_tolerance(const struct need_setting *setting)
{
	unsigned word = 0;

	if (!find_word(setting->text, tolerance_names, TOLERANCE_COUNT, &word))
		return false;
	setting->need->tolerance = (enum tolerance)word;
	return true;
}

static bool set_traffic(const struct need_setting *setting)
{
	unsigned word = 0;

	if (!find_word(setting->text, traffic_names, TRAFFIC_COUNT, &word))
		return false;
	setting->need->traffic = (enum traffic)word;
	return true;
}

static bool set_grade(const struct need_setting *setting)
{
	setting->need->grade_wanted = true;
	return grade_parse(setting->text, &setting->need->minimum_grade);
}

static bool set_start(const struct need_setting *setting)
{
	return date_parse(setting->text, &setting->need->start);
}

static bool set_deadline(const struct need_setting *setting)
{
	setting->need->deadline = DATE_NONE;
	return date_parse(setting->text, &setting->need->deadline) || set_number(setting);
}

static bool set_interval(const struct need_setting *setting)
{
	setting->need->interval_s = 0;
	return span_is(setting->text, "optimal") || set_number(setting);
}

#define AT(member) .offset = offsetof(struct need, member)

static const double HOURS_MAXIMUM = 1e6;

static const struct need_entry fields[] = {
	{ .name = "title", .set = set_title, .may_be = "a text" },
	{ .name = "work", .set = set_work, .may_be = "training or inference" },
	{ .name = "gpus",
	  .set = set_count,
	  AT(gpus),
	  .minimum = 1,
	  .maximum = NEED_COUNT_MAXIMUM,
	  .may_be = "a whole number of GPUs from 1 to 1000000" },
	{ .name = "gpu",
	  .set = set_gpu,
	  .list = true,
	  .may_be = "the name of a GPU such as h100, at most 8 of them" },
	{ .name = "form",
	  .set = set_form,
	  .list = true,
	  .may_be = "sxm, pcie, nvl, oam, nvl72 or superchip" },
	{ .name = "memory_gb",
	  .set = set_number,
	  AT(memory_gb),
	  .maximum = 10000,
	  .may_be = "GB of one GPU, from 0 to 10000" },
	{ .name = "hours",
	  .set = set_number,
	  AT(hours),
	  .minimum = 0.01,
	  .maximum = HOURS_MAXIMUM,
	  .may_be = "hours from 0.01 to 1000000" },
	{ .name = "gpu_hours",
	  .set = set_number,
	  AT(gpu_hours),
	  .minimum = 0.01,
	  .maximum = 1e12,
	  .may_be = "GPU-hours from 0.01 to 1e12" },
	{ .name = "start", .set = set_start, .may_be = "a day as YYYY-MM-DD" },
	{ .name = "deadline",
	  .set = set_deadline,
	  AT(deadline_h),
	  .minimum = 0.01,
	  .maximum = HOURS_MAXIMUM,
	  .may_be = "hours from the start, or a day as YYYY-MM-DD" },
	{ .name = "confidence",
	  .set = set_number,
	  AT(confidence),
	  .minimum = 0.5,
	  .maximum = 0.9999,
	  .may_be = "a probability from 0.5 to 0.9999" },
	{ .name = "interruption", .set = set_tolerance, .may_be = "never, checkpointed or any" },
	{ .name = "checkpoint.write_s",
	  .set = set_quantity,
	  AT(write_s),
	  .minimum = 0.1,
	  .maximum = 86400,
	  .may_be = "seconds from 0.1 to 86400" },
	{ .name = "checkpoint.restart_s",
	  .set = set_quantity,
	  AT(restart_s),
	  .maximum = 86400,
	  .may_be = "seconds from 0 to 86400" },
	{ .name = "checkpoint.interval_s",
	  .set = set_interval,
	  AT(interval_s),
	  .minimum = 1,
	  .maximum = 2678400,
	  .may_be = "seconds from 1 to 2678400, or optimal" },
	{ .name = "communication.kind",
	  .set = set_traffic,
	  .may_be = "single-gpu, single-node, dense or moe" },
	{ .name = "communication.exposed",
	  .set = set_quantity,
	  AT(exposed),
	  .maximum = 0.9,
	  .may_be = "a share from 0 to 0.9" },
	{ .name = "communication.gbit_per_s",
	  .set = set_number,
	  AT(gbit_per_s),
	  .minimum = 1,
	  .maximum = 100000,
	  .may_be = "Gb/s of one GPU from 1 to 100000" },
	{ .name = "node",
	  .set = set_count,
	  AT(node_gpus),
	  .minimum = 1,
	  .maximum = 1024,
	  .may_be = "a whole number of GPUs in a node from 1 to 1024" },
	{ .name = "data.stored_tb",
	  .set = set_number,
	  AT(stored_tb),
	  .maximum = 1e6,
	  .may_be = "TB from 0 to 1000000" },
	{ .name = "data.in_gb",
	  .set = set_number,
	  AT(in_gb),
	  .maximum = 1e9,
	  .may_be = "GB from 0 to 1e9" },
	{ .name = "data.out_gb",
	  .set = set_number,
	  AT(out_gb),
	  .maximum = 1e9,
	  .may_be = "GB from 0 to 1e9" },
	{ .name = "compliance",
	  .set = set_compliance,
	  .list = true,
	  .may_be = "soc1, soc2, soc2-type1, iso27001, iso27017, gdpr, hipaa or pci-dss" },
	{ .name = "regions",
	  .set = set_region,
	  .list = true,
	  .may_be = "names of regions, at most 32" },
	{ .name = "minimum_grade",
	  .set = set_grade,
	  .may_be = "Platinum, Gold, Silver, Bronze or UnderPerform" },
	{ .name = "budget_usd",
	  .set = set_number,
	  AT(budget_usd),
	  .minimum = 0.01,
	  .maximum = 1e12,
	  .may_be = "USD from 0.01 to 1e12" },
	{ .name = "team_usd_per_h",
	  .set = set_number,
	  AT(team_usd_per_h),
	  .maximum = 1e6,
	  .may_be = "USD for an hour from 0 to 1000000" },
};

enum {
	FIELD_COUNT = sizeof(fields) / sizeof(fields[0]),
};
static_assert(FIELD_COUNT <= 64, "a bit for each field");

const struct need_entry *need_entry_find(struct span name)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if (span_is(name, fields[i].name))
			return &fields[i];
	}
	return NULL;
}

const struct need_entry *need_entry_nearest(struct span name)
{
	const struct need_entry *nearest = &fields[0];
	size_t least = SIZE_MAX;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		size_t edits = span_distance(name, span_of(fields[i].name));

		if (edits < least) {
			least = edits;
			nearest = &fields[i];
		}
	}
	return nearest;
}

void need_entry_mark(struct need *need, const struct need_entry *field)
{
	need->said |= (uint64_t)1 << (field - fields);
}

void need_entry_empty(struct need *need, const struct need_entry *field)
{
	if (field->set == set_gpu)
		need->accept_count = 0;
	else if (field->set == set_form)
		need->forms = 0;
	else if (field->set == set_region)
		need->region_count = 0;
	else if (field->set == set_compliance)
		need->compliance = 0;
}

bool need_entry_is_gpu(const struct need_entry *field)
{
	return field->set == set_gpu;
}

bool need_entry_marked(const struct need *need, const struct need_entry *field)
{
	return (need->said >> (field - fields)) & 1;
}

bool need_entry_is_group(struct span name)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if (strncmp(fields[i].name, name.at, name.length) == 0 &&
		    fields[i].name[name.length] == '.')
			return true;
	}
	return false;
}
