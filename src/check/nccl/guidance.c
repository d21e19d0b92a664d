#include <string.h>
#include <strings.h>

#include "check/gpudirect/path.h"
#include "check/nccl/effective.h"
#include "check/tally.h"

enum match {
	MATCH_ANY,    /* whatever its value, but "-1", which is the default */
	MATCH_IS,     /* the value is the text */
	MATCH_WORD,   /* the same, in upper case or lower */
	MATCH_BELOW,  /* a number below the text's */
	MATCH_NUMBER, /* a number where a word is expected */
	MATCH_WITHOUT_LL128,
};

/* What a setting does to a job (environment variables of NCCL's user guide, of 2.28 unless a
 * version says otherwise). Two views stand side by side where the library's own guide and what
 * ClusterMAX asks of clouds differ. */
static const struct rule {
	const char *name;
	enum match match;
	const char *value;         /* of the match */
	const char *since, *until; /* versions of NCCL: from, and below; NULL for all */
	enum verdict verdict;
	bool file_is_judged; /* nccl-settings judges it in the system's file, where it applies */
	const char *says, *action;
} rules[] = {
	{ "NCCL_IB_GID_INDEX", MATCH_ANY, NULL, "2.21", NULL, VERDICT_WARN, false,
	  "from 2.21 on NCCL's guide says to leave it unset, the library chooses the address of "
	  "RoCE v2 itself; ClusterMAX asks for 3 on RoCE",
	  "leave it unset from NCCL 2.21 on; keep it only while older libraries run in "
	  "containers" },
	{ "NCCL_CONF_FILE", MATCH_ANY, NULL, NULL, "2.23", VERDICT_FAIL, false,
	  "NCCL reads a file of that name from 2.23 on: it is passed over",
	  "put the settings into /etc/nccl.conf, or take a newer NCCL" },
	{ "NCCL_IB_DISABLE", MATCH_IS, "1", NULL, NULL, VERDICT_FAIL, true, "RDMA is not used",
	  "take it out" },
	{ "NCCL_P2P_DISABLE", MATCH_IS, "1", NULL, NULL, VERDICT_FAIL, true,
	  "GPUs do not reach each other", "take it out" },
	{ "NCCL_SHM_DISABLE", MATCH_IS, "1", NULL, NULL, VERDICT_FAIL, true,
	  "shared memory is not used", "take it out" },
	{ "NCCL_NVLS_ENABLE", MATCH_IS, "0", NULL, NULL, VERDICT_FAIL, true,
	  "NVLink SHARP is not used", "take it out: the default finds out by itself" },
	{ "NCCL_NET", MATCH_WORD, "Socket", NULL, NULL, VERDICT_FAIL, true, "RDMA is not used",
	  "take it out" },
	{ "NCCL_NET_GDR_LEVEL", MATCH_IS, "LOC", NULL, NULL, VERDICT_FAIL, true,
	  "adapters do not reach the memory of GPUs", "take it out" },
	{ "NCCL_NET_GDR_LEVEL", MATCH_IS, "0", NULL, NULL, VERDICT_FAIL, true,
	  "adapters do not reach the memory of GPUs", "take it out" },
	{ "NCCL_NET_GDR_LEVEL", MATCH_NUMBER, NULL, NULL, NULL, VERDICT_WARN, false,
	  "numbers are the old form of it and mean other things in other versions",
	  "write PIX, PXB, PHB or SYS, or leave it unset" },
	{ "NCCL_P2P_LEVEL", MATCH_IS, "LOC", NULL, NULL, VERDICT_FAIL, false,
	  "GPUs do not reach each other", "take it out" },
	{ "NCCL_P2P_LEVEL", MATCH_NUMBER, NULL, NULL, NULL, VERDICT_WARN, false,
	  "numbers are the old form of it and mean other things in other versions",
	  "write NVL, PIX, PXB, PHB or SYS, or leave it unset" },
	{ "NCCL_NET_GDR_READ", MATCH_IS, "0", NULL, NULL, VERDICT_WARN, false,
	  "data that is sent goes through the memory of the host",
	  "leave it unset: it is on where GPUs are joined by NVLink" },
	{ "NCCL_PXN_DISABLE", MATCH_IS, "1", NULL, NULL, VERDICT_WARN, false,
	  "a GPU does not send through the adapter of another: on rails, traffic between rails "
	  "crosses the spines",
	  "take it out" },
	{ "NCCL_P2P_PXN_LEVEL", MATCH_IS, "0", NULL, NULL, VERDICT_WARN, false,
	  "sends and receives do not use the adapter of another GPU: all-to-all crosses the spines "
	  "on a fabric of rails",
	  "take it out" },
	{ "NCCL_PROTO", MATCH_WITHOUT_LL128, NULL, NULL, NULL, VERDICT_WARN, false,
	  "LL128 is left out: collectives of middling size lose much of their speed over NVLink",
	  "take it out" },
	{ "NCCL_PROTO", MATCH_IS, "LL128", NULL, NULL, VERDICT_FAIL, false,
	  "LL128 is forced: where the hardware does not keep 128 bytes together, data is corrupted",
	  "take it out: the library knows where LL128 is safe" },
	{ "NCCL_IB_PCI_RELAXED_ORDERING", MATCH_IS, "0", NULL, NULL, VERDICT_WARN, false,
	  "adapters write in strict order: in virtual machines that costs much of the bandwidth",
	  "take it out: the default finds out by itself" },
	{ "NCCL_IB_TIMEOUT", MATCH_BELOW, "18", NULL, NULL, VERDICT_WARN, false,
	  "shorter than the default (20, before 2.23 18): a flapping link ends the job",
	  "take it out, or give 20 and more" },
	{ "NCCL_IB_RETRY_CNT", MATCH_BELOW, "7", NULL, NULL, VERDICT_WARN, false,
	  "fewer tries than the default of 7: a flapping link ends the job", "take it out" },
	{ "NCCL_CROSS_NIC", MATCH_IS, "1", NULL, NULL, VERDICT_WARN, false,
	  "rings may change the rail between nodes: right where each node has one switch, wrong on "
	  "rails",
	  "leave it unset: the library tries to stay on the rail" },
	{ "NCCL_CUMEM_ENABLE", MATCH_IS, "0", "2.20", NULL, VERDICT_WARN, false,
	  "NVLink SHARP and symmetric memory need buffers that are allocated so: both are off",
	  "take it out unless a fault needed it: the default finds out by itself" },
	{ "NCCL_CUMEM_HOST_ENABLE", MATCH_IS, "0", "2.24", NULL, VERDICT_WARN, false,
	  "memory of the host is shared in the old way", "take it out unless a fault needed it" },
	{ "NCCL_DEBUG", MATCH_IS, "TRACE", NULL, NULL, VERDICT_WARN, false,
	  "each call is written down: that is for looking for a fault", "take it out" },
	{ "NCCL_CHECK_POINTERS", MATCH_IS, "1", NULL, NULL, VERDICT_WARN, false,
	  "each call checks its memory: that is for looking for a fault", "take it out" },
	{ "NCCL_LAUNCH_MODE", MATCH_ANY, NULL, NULL, NULL, VERDICT_WARN, false,
	  "the way that kernels start is forced, which later versions do not need", "take it out" },
};

enum {
	RULES = sizeof(rules) / sizeof(rules[0]),
};

static bool leaves_out_ll128(const char *value)
{
	struct span rest = span_of(value), one;

	if (value[0] == '^') {
		rest = (struct span){ rest.at + 1, rest.length - 1 };
		while (span_cut(&rest, ',', &one))
			if (span_is(span_trim(one), "LL128"))
				return true;
		return false;
	}
	return !strstr(value, "LL128");
}

static bool matches(const struct rule *rule, const char *value)
{
	int64_t number, limit;

	switch (rule->match) {
	case MATCH_ANY:
		return strcmp(value, "-1") != 0;
	case MATCH_IS:
		return strcmp(value, rule->value) == 0;
	case MATCH_WORD:
		return strcasecmp(value, rule->value) == 0;
	case MATCH_BELOW:
		return span_to_i64(span_of(value), &number) &&
		       span_to_i64(span_of(rule->value), &limit) && number >= 0 && number < limit;
	case MATCH_NUMBER:
		return span_to_i64(span_of(value), &number) && number > 0;
	case MATCH_WITHOUT_LL128:
		return leaves_out_ll128(value);
	}
	return false;
}

/* 1: it holds for the version; 0: it does not; -1: that is not known. */
static int holds_for(const struct rule *rule, const char *version)
{
	if (!rule->since && !rule->until)
		return 1;
	if (!version)
		return -1;
	if (rule->since && nccl_is_before(version, rule->since))
		return 0;
	return !rule->until || nccl_is_before(version, rule->until);
}

static const char *versions_of(const struct rule *rule, struct arena *arena)
{
	return arena_format(arena, "%s %s", rule->since ? "from" : "before",
			    rule->since ? rule->since : rule->until);
}

/* Without a GPU nccl-settings does not apply, and the file is still one that jobs may start with.
 */
static bool is_judged_elsewhere(const struct machine *machine, const struct rule *rule,
				const struct nccl_setting *setting)
{
	const char *reason;

	return rule->file_is_judged && setting->is_of_system &&
	       machine_has(machine, PART_GPU, &reason) != PRESENCE_ABSENT;
}

/* True when the rule had something to say. */
static bool judge_rule(struct tally *tally, const struct rule *rule, const char *version,
		       unsigned *elsewhere)
{
	struct arena *arena = tally->found->arena;
	struct nccl_setting setting;
	struct finding *finding;
	int holds = holds_for(rule, version);

	if (holds == 0 || !nccl_setting_find(tally->machine, rule->name, arena, &setting) ||
	    !matches(rule, setting.value))
		return false;
	if (is_judged_elsewhere(tally->machine, rule, &setting)) {
		(*elsewhere)++;
		return false;
	}
	if (holds < 0)
		finding = findings_add(tally->found, VERDICT_UNKNOWN,
				       setting.record->subject.parts[SUBJECT_DEVICE],
				       "%s=%.60s in %s: %s NCCL %s; which version is used here is "
				       "not known",
				       rule->name, setting.value, setting.place, rule->says,
				       versions_of(rule, arena));
	else
		finding = findings_add(
			tally->found, rule->verdict, setting.record->subject.parts[SUBJECT_DEVICE],
			"%s=%.60s in %s: %s", rule->name, setting.value, setting.place, rule->says);
	finding->action = rule->action;
	finding->bar = "NCCL's user guide, environment variables";
	finding_rests_on(finding, setting.record);
	finding_rests_on(finding, machine_find(tally->machine, NODE_NCCL_VERSION, NULL));
	return true;
}

static const struct record *roce_port(const struct machine *machine)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_RDMA_LAYER, &at)))
		if (one->says == SAYS_STATE && strcmp(one->text, "ethernet") == 0)
			return one;
	return NULL;
}

/* Before 2.21 the index was 0 unless it was set: RoCE v1, or an address that is not routed. */
static void judge_missing_index(struct tally *tally, const char *version)
{
	const struct record *port = roce_port(tally->machine);
	struct nccl_setting setting;
	struct finding *finding;

	if (!port || !nccl_is_before(version, "2.21") ||
	    nccl_setting_find(tally->machine, "NCCL_IB_GID_INDEX", tally->found->arena, &setting))
		return;
	finding = findings_add(tally->found, VERDICT_WARN, NULL,
			       "RoCE with NCCL %.20s, and NCCL_IB_GID_INDEX is not set: before "
			       "2.21 it is then 0, which is rarely the address of RoCE v2",
			       version);
	finding->action = "set NCCL_IB_GID_INDEX to the index of RoCE v2 (often 3), or take NCCL "
			  "2.21 or newer";
	finding->bar = "NCCL's user guide and ClusterMAX agree for these versions";
	finding_rests_on(finding, port);
}

/* Without dma-buf only the peer-memory module is left. */
static void judge_dma_buf(struct tally *tally)
{
	struct gpudirect_path path;
	struct nccl_setting setting;
	struct finding *finding;

	if (!nccl_setting_find(tally->machine, "NCCL_DMABUF_ENABLE", tally->found->arena,
			       &setting) ||
	    strcmp(setting.value, "0") != 0)
		return;
	path = gpudirect_path_of(tally->machine, tally->found->arena);
	if (path.legacy == PATH_PRESENT)
		return;
	finding = findings_add(tally->found,
			       path.legacy == PATH_ABSENT ? VERDICT_FAIL : VERDICT_UNKNOWN,
			       setting.record->subject.parts[SUBJECT_DEVICE],
			       "NCCL_DMABUF_ENABLE=0 in %s, and peer memory: %.120s: adapters may "
			       "not reach the memory of GPUs",
			       setting.place, path.legacy_why);
	finding->action = "take it out, or load nvidia_peermem";
	finding_rests_on(finding, setting.record);
	finding_rests_on(finding, path.legacy_record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *version = nccl_version_of(machine);
	const struct record *one, *read = NULL;
	struct tally tally;
	unsigned elsewhere = 0;
	size_t at = 0;

	tally_start(&tally, seen, found);
	for (size_t i = 0; i < RULES; i++)
		(void)judge_rule(&tally, &rules[i], version, &elsewhere);
	judge_missing_index(&tally, version);
	judge_dma_buf(&tally);
	while ((one = machine_next(machine, NODE_NCCL_FILE, &at))) {
		if (one->says == SAYS_STATE)
			read = one;
		else
			findings_add_unknown(found, machine, NODE_NCCL_FILE,
					     one->subject.parts[SUBJECT_DEVICE]);
	}
	if (!read && found->count == tally.before) {
		findings_add_unknown(found, machine, NODE_NCCL_FILE, NULL);
		return;
	}
	tally_well(&tally, read);
	tally_pass(&tally, "nothing%s that is set takes a path away or is unfit for %s",
		   elsewhere > 0 ? " but what nccl-settings tells" : "",
		   version ? arena_format(found->arena, "NCCL %.20s", version)
			   : "NCCL (its version is not known)");
}

CHECK(nccl_guidance) = {
	.title = "Settings of NCCL fit its version and take no path away",
	.since = "0.1",
	.needs = "node.nccl.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.judge = judge,
};
