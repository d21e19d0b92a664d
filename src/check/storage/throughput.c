#include "check/storage/folder.h"

/* A published test found a service that wrote six times as fast as it read; data sets are read
 * far more often than written, so a read far below the write is a fault of the service. Half of
 * what was published is the bar: ClusterMAX 3.0 on DigitalOcean, as read on 2026-09-25. */
static const double lopsided = 3;

static const struct record *best_of(const struct tally *tally, const char *work, const char *mark,
				    unsigned *ret_clients)
{
	const struct record *direct =
		folder_most(tally, NODE_TEST_STORAGE_BANDWIDTH, work, "direct", mark, ret_clients);

	return direct ? direct
		      : folder_most(tally, NODE_TEST_STORAGE_BANDWIDTH, work, "buffered", mark,
				    ret_clients);
}

static void judge_folder(struct tally *tally, const char *mark)
{
	unsigned readers = 0, writers = 0;
	const struct record *read = best_of(tally, "sequential-read", mark, &readers);
	const struct record *write = best_of(tally, "sequential-write", mark, &writers);
	const char *device = folder_device(tally, "sequential-read", mark);
	struct finding *finding;

	if (!read) {
		const char *why = folder_error(tally, "folder", mark);

		tally_say(tally, VERDICT_UNKNOWN, device, NULL, "was not measured%s%s",
			  why[0] ? ": " : "", why);
		return;
	}
	if (write && read->value * lopsided < write->value) {
		finding = tally_say(
			tally, VERDICT_WARN, device, read,
			"%.2f GB/s by %u clients, %.2f GB/s written: reads are far slower",
			read->value / 1e9, readers, write->value / 1e9);
		finding->bar =
			"at least a third of the rate of writing (published: six times faster "
			"writes at one provider, ClusterMAX 3.0)";
		finding->action = "ask the provider which rate a reader is promised";
		(void)finding_rests_on(finding, write);
		return;
	}
	finding = tally_say(tally, VERDICT_UNKNOWN, device, read,
			    "%.2f GB/s read by %u clients, %.2f GB/s written by %u: no published "
			    "figure for one node of this file system to compare with",
			    read->value / 1e9, readers, write ? write->value / 1e9 : 0.0, writers);
	finding->action = "compare with what the provider states (--claims) or with other nodes";
	(void)finding_rests_on(finding, write);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const char *mark;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((mark = folder_next(&tally, &at)))
		judge_folder(&tally, mark);
}

CHECK(storage_throughput) = {
	.title = "File systems are read and written at full speed",
	.since = "0.1",
	.needs = "node.test.storage.bandwidth",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
