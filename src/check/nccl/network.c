#include <string.h>

#include "check/check.h"

static const char prefix[] = "nccl-log:";

static const char *word_of(const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	return device && strncmp(device, prefix, strlen(prefix)) == 0 ? device + strlen(prefix)
								      : "";
}

/* What NCCL calls its own transport over TCP. */
static void judge_networks(const struct machine *machine, struct findings *found)
{
	const struct record *one, *plain = NULL, *other = NULL;
	struct finding *finding;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_NCCL_LOG_NETWORK, &at))) {
		if (one->says == SAYS_VALUE && strcmp(word_of(one), "Socket") == 0)
			plain = one;
		else if (one->says == SAYS_VALUE)
			other = one;
	}
	if (plain) {
		finding = findings_add(found, VERDICT_FAIL, "nccl-log:network",
				       "%.0f rank%s used plain TCP (Socket) for the network",
				       plain->value, plain->value > 1 ? "s" : "");
		finding->action = "see NCCL's lines on NET/IB and NET/Plugin above the choice: no "
				  "device, NCCL_IB_DISABLE, a plug-in that was not loaded";
		finding_rests_on(finding, plain);
	} else if (other) {
		finding_rests_on(findings_add(found, VERDICT_PASS, "nccl-log:network",
					      "the network was %.60s", word_of(other)),
				 other);
	}
}

static void judge_direct(const struct machine *machine, struct findings *found)
{
	const struct record *record = machine_find(machine, NODE_NCCL_LOG_CHANNEL, "nccl-log:net");
	double all = 0, direct = 0;
	struct finding *finding;

	if (!machine_value(machine, NODE_NCCL_LOG_CHANNEL, "nccl-log:net", &all) || all <= 0 ||
	    !machine_value(machine, NODE_NCCL_LOG_CHANNEL, "nccl-log:net/direct", &direct))
		return;
	if (direct >= all)
		finding = findings_add(found, VERDICT_PASS, "nccl-log:direct",
				       "all %.0f connections over the network go from GPU to "
				       "adapter (GPUDirect RDMA)",
				       all);
	else
		finding = findings_add(found, VERDICT_FAIL, "nccl-log:direct",
				       "%.0f of %.0f connections over the network go through "
				       "memory of the host",
				       all - direct, all);
	if (finding->verdict == VERDICT_FAIL)
		finding->action = "nvidia_peermem or DMA-BUF, PCIe ACS and NCCL_NET_GDR_LEVEL: see "
				  "gpudirect-rdma";
	finding_rests_on(finding, record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	judge_networks(seen->machine, found);
	judge_direct(seen->machine, found);
	if (found->count == 0)
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "the log has no line on the network: the job was on one node, or the "
			     "log lacks INIT and NET");
}

CHECK(nccl_network) = {
	.title = "A job's collectives went over RDMA, from GPU to adapter",
	.since = "0.1",
	.needs = "node.nccl.log.",
	.scope = SCOPE_NODE,
	.judge = judge,
};
