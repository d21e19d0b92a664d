#include <string.h>

#include "check/gpu/walk.h"
#include "check/tally.h"

static const char drive_action[] = "save what is on the drive; replace it";

/* Bits of the drive's critical warning (NVM Express base specification 2.0, figure 207). */
static const struct {
	const char *word;
	enum verdict verdict;
	const char *meaning;
} warnings[] = {
	{ "spare", VERDICT_FAIL, "spare blocks are running out" },
	{ "temperature", VERDICT_WARN, "it is too hot or too cold" },
	{ "reliability", VERDICT_FAIL, "it has become unreliable" },
	{ "read-only", VERDICT_FAIL, "it takes no more writes" },
	{ "backup", VERDICT_FAIL, "the backup of its volatile memory has failed" },
	{ "region", VERDICT_FAIL, "its persistent memory region is unreliable" },
};

static void say(struct tally *tally, enum verdict verdict, const char *device,
		const struct record *record, const char *text, const char *bar)
{
	struct finding *finding = tally_say(tally, verdict, device, record, "%s", text);

	finding->bar = bar;
	finding->action = drive_action;
}

static void judge_warning(struct tally *tally, const char *device, const struct record *one)
{
	size_t before = tally->found->count;

	for (size_t i = 0; i < sizeof(warnings) / sizeof(warnings[0]); i++)
		if (state_has(one->text, warnings[i].word))
			say(tally, warnings[i].verdict, device, one,
			    arena_format(tally->found->arena, "the drive warns: %s",
					 warnings[i].meaning),
			    "no critical warning (NVM Express base specification 2.0)");
	if (tally->found->count == before && strcmp(one->text, "none") != 0)
		tally_say(tally, VERDICT_UNKNOWN, device, one,
			  "it warns in words that are not known here: '%.60s'", one->text);
}

static void judge_spare(struct tally *tally, const char *device)
{
	const struct record *spare = tally_need(tally, NODE_NVME_SPARE, device);
	double threshold;

	if (!spare)
		return;
	if (!machine_value(tally->machine, NODE_NVME_SPARE_THRESHOLD, device, &threshold)) {
		(void)tally_need(tally, NODE_NVME_SPARE_THRESHOLD, device);
		return;
	}
	if (spare->value < threshold)
		say(tally, VERDICT_FAIL, device, spare,
		    arena_format(tally->found->arena,
				 "%.0f %% of the spare blocks are left, at least %.0f %% expected",
				 spare->value, threshold),
		    "the drive's own threshold");
}

static void judge_wear(struct tally *tally, const char *device)
{
	const struct record *used = tally_need(tally, NODE_NVME_USED, device);

	if (used && used->value >= 100.0)
		say(tally, VERDICT_WARN, device, used,
		    arena_format(tally->found->arena,
				 "%.0f %% of its life are used, less than 100 %% expected",
				 used->value),
		    "the maker's estimate of its life");
}

static void judge_media(struct tally *tally, const char *device)
{
	const struct record *errors = tally_need(tally, NODE_NVME_MEDIA_ERRORS, device);
	struct counter_rate rate;
	bool is_rising;

	if (!errors || errors->value < 0.5)
		return;
	is_rising = machine_rate(tally->machine, NODE_NVME_MEDIA_ERRORS, device, &rate) &&
		    !rate.since_boot && rate.rise > 0.5;
	say(tally, is_rising ? VERDICT_FAIL : VERDICT_WARN, device, errors,
	    arena_format(tally->found->arena, "%.0f data errors in its life%s, none expected",
			 errors->value, is_rising ? ", and more while it was looked at" : ""),
	    "none: data could not be read");
}

static void judge_drive(struct tally *tally, const struct record *state)
{
	const char *device = state->subject.parts[SUBJECT_DEVICE];
	size_t before = tally->found->count;
	const struct record *log;

	if (state->says != SAYS_STATE) {
		(void)tally_need(tally, NODE_NVME_STATE, device);
		return;
	}
	/* What a drive told before it died is of no use. */
	if (strcmp(state->text, "live") != 0) {
		say(tally, VERDICT_FAIL, device, state,
		    arena_format(tally->found->arena, "the controller is '%.40s', live expected",
				 state->text),
		    "live");
		return;
	}
	log = machine_find(tally->machine, NODE_NVME_WARNING, device);
	if (!log || log->says != SAYS_STATE) {
		tally_say(tally, VERDICT_UNKNOWN, device, log,
			  "live; what its own health log says is not known: %s",
			  machine_why_unknown(tally->machine, NODE_NVME_WARNING, device));
		return;
	}
	judge_warning(tally, device, log);
	judge_spare(tally, device);
	judge_wear(tally, device);
	judge_media(tally, device);
	if (tally->found->count == before)
		tally_well(tally, state);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_NVME_STATE, &at)))
		if (one->subject.parts[SUBJECT_DEVICE])
			judge_drive(&tally, one);
	tally_pass(&tally, "%zu NVMe drive%s: live, no warning, spare blocks left, no data error",
		   tally.well, plural(tally.well));
}

CHECK(nvme_health) = {
	.title = "NVMe drives are well",
	.since = "0.1",
	.needs = "node.nvme.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_NVME,
	.judge = judge,
};
