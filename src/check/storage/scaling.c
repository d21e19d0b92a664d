#include "check/storage/folder.h"

/* One that holds up loses little to more clients. The bar is ours: a third lost is no noise, and
 * such a system starves when a job starts on all cores at once. */
static const double keeps = 0.7;

enum {
	CLIENTS_LEAST = 8, /* fewer do not load what serves many */
};

/* The record with so many clients; NULL when there is none. */
static const struct record *with_clients(const struct tally *tally, const char *work,
					 const char *way, const char *mark, unsigned clients)
{
	const char *what = arena_format(tally->found->arena, "%s.%s.c%u", work, way, clients);
	const struct record *one = machine_find(tally->machine, NODE_TEST_STORAGE_BANDWIDTH,
						folder_device(tally, what, mark));

	return one && one->says == SAYS_VALUE ? one : NULL;
}

static void judge_work(struct tally *tally, const char *work, const char *way, const char *mark)
{
	unsigned most = 0, best_clients = 1;
	const struct record *last =
		folder_most(tally, NODE_TEST_STORAGE_BANDWIDTH, work, way, mark, &most);
	const struct record *first = with_clients(tally, work, way, mark, 1);
	const struct record *best = first;
	struct finding *finding;

	if (!first || !last || most < CLIENTS_LEAST) {
		tally_say(tally, VERDICT_UNKNOWN, folder_device(tally, work, mark), last,
			  "was not measured with one and with %d clients or more", CLIENTS_LEAST);
		return;
	}
	for (unsigned clients = 2; clients <= most; clients *= 2) {
		const struct record *one = with_clients(tally, work, way, mark, clients);

		if (!one || one->value <= best->value)
			continue;
		best = one;
		best_clients = clients;
	}
	if (last->value >= keeps * best->value) {
		tally_well(tally, last);
		return;
	}
	finding = tally_say(tally, VERDICT_WARN, last->subject.parts[SUBJECT_DEVICE], last,
			    "%.2f GB/s by %u clients, %.2f GB/s by %u: more clients get less",
			    last->value / 1e9, most, best->value / 1e9, best_clients);
	finding->bar = "at least 70 % of the best rate with the most clients (ours)";
	finding->action = "ask for the number of clients that the file system is made for";
	(void)finding_rests_on(finding, best);
}

static void judge_folder(struct tally *tally, const char *mark)
{
	const char *way = machine_state_is(tally->machine, NODE_TEST_STORAGE_DIRECT,
					   folder_device(tally, "direct", mark), "taken")
				  ? "direct"
				  : "buffered";

	judge_work(tally, "sequential-read", way, mark);
	judge_work(tally, "random-read", way, mark);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const char *mark;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((mark = folder_next(&tally, &at)))
		judge_folder(&tally, mark);
	tally_pass(&tally, "the rate holds up to the most clients in %zu kind%s of reading",
		   tally.well, plural(tally.well));
}

CHECK(storage_scaling) = {
	.title = "Throughput holds when clients are added",
	.since = "0.1",
	.needs = "node.test.storage.bandwidth",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
