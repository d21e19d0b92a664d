#include "check/setting.h"
#include "check/software.h"

#include <string.h>
#include <strings.h>

static const char prefix[] = "setting:nccl:";

/* What takes a path of the fabric away from all jobs (environment variables of NCCL's user guide).
 */
static const struct {
	const char *name, *value, *harm;
} harmful[] = {
	{ "NCCL_IB_DISABLE", "1", "RDMA is not used" },
	{ "NCCL_P2P_DISABLE", "1", "GPUs do not reach each other" },
	{ "NCCL_SHM_DISABLE", "1", "shared memory is not used" },
	{ "NCCL_NVLS_ENABLE", "0", "NVLink SHARP is not used" },
	{ "NCCL_NET", "Socket", "RDMA is not used" },
	{ "NCCL_NET_GDR_LEVEL", "LOC", "adapters do not reach the memory of GPUs" },
	{ "NCCL_NET_GDR_LEVEL", "0", "adapters do not reach the memory of GPUs" },
};

/* What a fabric may need. */
static const char *const needed[] = {
	"NCCL_CROSS_NIC",     "NCCL_IB_ADAPTIVE_ROUTING",
	"NCCL_IB_GID_INDEX",  "NCCL_IB_HCA",
	"NCCL_IB_MERGE_NICS", "NCCL_IB_QPS_PER_CONNECTION",
	"NCCL_IB_SL",         "NCCL_IB_SPLIT_DATA_ON_QPS",
	"NCCL_IB_TC",         "NCCL_IB_TIMEOUT",
	"NCCL_IB_RETRY_CNT",  "NCCL_NET_PLUGIN",
	"NCCL_SOCKET_IFNAME", "NCCL_TOPO_FILE",
};

static const char *find_harm(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(harmful) / sizeof(harmful[0]); i++)
		if (strcmp(harmful[i].name, name) == 0 && strcasecmp(harmful[i].value, value) == 0)
			return harmful[i].harm;
	return NULL;
}

static bool is_needed(const char *name)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (strcmp(needed[i], name) == 0)
			return true;
	return false;
}

static bool has_adapter(const struct machine *machine, struct span name, bool exact)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_RDMA_DRIVER, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct span have =
			span_of(device && strncmp(device, "rdma:", 5) == 0 ? device + 5 : device);

		if (have.length >= name.length && memcmp(have.at, name.at, name.length) == 0 &&
		    (!exact || have.length == name.length))
			return true;
	}
	return false;
}

/* "=mlx5_0:1,mlx5_3": the first adapter of the list that the node does not have; empty when all are
 * there, or the list says what not to take. Without "=" a name is a beginning. */
static struct span find_missing(const struct machine *machine, const char *list)
{
	struct span rest = span_of(list), one;
	bool exact = span_starts(rest, "=");

	if (span_starts(rest, "^") || machine->by[NODE_RDMA_DRIVER].count == 0)
		return (struct span){ 0 };
	if (exact)
		rest = (struct span){ rest.at + 1, rest.length - 1 };
	while (span_cut(&rest, ',', &one)) {
		struct span name;

		one = span_trim(one);
		if (span_cut(&one, ':', &name) && !has_adapter(machine, name, exact))
			return name;
	}
	return (struct span){ 0 };
}

static void judge_one(const struct machine *machine, const struct record *record,
		      struct findings *found)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	const char *name = device + strlen(prefix);
	bool is_adapters = strcmp(name, "NCCL_IB_HCA") == 0;
	struct finding *finding = NULL;
	struct span missing = { 0 };

	if (record->says != SAYS_STATE) {
		(void)item_unknown(found, machine, NODE_SETTING, device);
		return;
	}
	if (is_adapters)
		missing = find_missing(machine, record->text);
	if (is_adapters && machine->by[NODE_RDMA_DRIVER].count == 0)
		finding = findings_add(found, VERDICT_UNKNOWN, device,
				       "%.60s=%.60s: the adapters of this node are not known", name,
				       record->text);
	else if (find_harm(name, record->text))
		finding = findings_add(found, VERDICT_FAIL, device, "%.60s=%.60s: %s", name,
				       record->text, find_harm(name, record->text));
	else if (missing.length > 0)
		finding = findings_add(
			found, VERDICT_FAIL, device,
			"%.60s=%.100s names %.*s, which this node does not have", name,
			record->text, (int)(missing.length > 60 ? 60 : missing.length), missing.at);
	else if (!is_needed(name))
		finding = findings_add(found, VERDICT_WARN, device,
				       "%.60s=%.60s is set for all jobs, no fabric needs it", name,
				       record->text);
	if (!finding)
		return;
	if (finding->verdict != VERDICT_UNKNOWN)
		finding->action = "take the line out of /etc/nccl.conf, or mend it";
	finding_rests_on(finding, record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	/* The probe says of this name whether it is set: so the file was read. */
	static const struct item read = { NODE_SETTING, "setting:nccl:NCCL_IB_HCA" };
	const struct machine *machine = seen->machine;
	size_t before = found->count, at = 0, count = 0;
	const struct record *one;

	while ((one = setting_next(machine, prefix, &at))) {
		count++;
		judge_one(machine, one, found);
	}
	if (found->count > before)
		return;
	if (item_presence(machine, read) == PRESENCE_UNKNOWN)
		(void)item_unknown(found, machine, read.measure, read.device);
	else
		finding_rests_on(findings_add(found, VERDICT_PASS, NULL,
					      count > 0
						      ? "the system NCCL file sets %zu things that "
							"a fabric may need"
						      : "the system NCCL file sets nothing",
					      count),
				 machine_find(machine, read.measure, read.device));
}

CHECK(nccl_settings) = {
	.title = "The system NCCL file sets what the fabric needs and nothing else",
	.since = "0.1",
	.needs = "node.setting",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_GPU,
	.judge = judge,
};
