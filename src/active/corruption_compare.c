#include "active/corruption_compare.h"

#include <string.h>

enum {
	RERUNS = 5,
	KERNELS = CORRUPTION_KERNEL_COUNT,
	LANES = CORRUPTION_LANES,
};

bool corruption_ask(struct corruption_trial *trial, struct corruption_group group,
		    const char *request)
{
	const char **requests = ARENA_ARRAY(trial->run->arena, const char *, group.count);

	for (size_t i = 0; i < group.count; i++)
		requests[i] = request;
	active_ask_all(trial->run, &trial->workers[group.first], requests,
		       &trial->results[group.first], group.count);
	return trial->run->end == ACTIVE_DONE;
}

/* A unit whose process stalled, crashed or refused is named, and asked no more. Returns what is
 * left of the group. */
static struct corruption_group take_out_the_silent(struct corruption_trial *trial,
						   struct corruption_group group)
{
	for (size_t i = group.first + group.count; i-- > group.first;) {
		const struct worker_result *result = &trial->results[i];
		const char *unit = trial->tally.units[trial->unit_of[i]];
		size_t after;

		if (result->end == WORKER_CANCELLED)
			continue;
		if (result->end != WORKER_DONE)
			active_blame(trial->run, result, NODE_TEST_CORRUPTION_MISMATCHES, unit);
		else if (result->answer_count == 0 || span_starts(result->answers[0], "refused"))
			(void)saw_unknown(trial->run->sightings, NODE_TEST_CORRUPTION_MISMATCHES,
					  unit, "%.*s",
					  result->answer_count > 0 ? (int)result->answers[0].length
								   : 0,
					  result->answer_count > 0 ? result->answers[0].at : "");
		else
			continue;
		worker_end(&trial->workers[i]);
		after = --trial->count - i;
		group.count--;
		memmove(&trial->workers[i], &trial->workers[i + 1],
			after * sizeof(*trial->workers));
		memmove(&trial->unit_of[i], &trial->unit_of[i + 1],
			after * sizeof(*trial->unit_of));
		memmove(&trial->results[i], &trial->results[i + 1],
			after * sizeof(*trial->results));
	}
	return group;
}

/* True when all that ran ran alike, as one digest a unit says. */
static bool ran_alike(const struct corruption_trial *trial, struct corruption_group group)
{
	uint64_t first = 0, digest;
	bool has_first = false;

	for (size_t i = group.first; i < group.first + group.count; i++) {
		if (!corruption_read_ran(&trial->results[i], &digest))
			return false;
		if (has_first && digest != first)
			return false;
		first = digest;
		has_first = true;
	}
	return true;
}

/* The digests of each kernel and lane, of the batch that was run last. */
static bool collect(struct corruption_trial *trial, struct corruption_group group)
{
	const size_t units = trial->tally.unit_count;
	uint64_t lanes[KERNELS * LANES];

	memset(trial->is_present, 0, units * sizeof(*trial->is_present));
	if (!corruption_ask(trial, group, "tell"))
		return false;
	for (size_t i = group.first; i < group.first + group.count; i++) {
		const size_t unit = trial->unit_of[i];

		trial->is_present[unit] = corruption_read_lanes(&trial->results[i], lanes);
		for (unsigned kernel = 0; kernel < KERNELS && trial->is_present[unit]; kernel++)
			memcpy(&trial->digests[(kernel * units + unit) * LANES],
			       &lanes[kernel * LANES], LANES * sizeof(*lanes));
	}
	return true;
}

static bool is_published(const struct corruption_batch *batch)
{
	return batch->count == 1 && batch->first < CORRUPTION_KNOWN_SEEDS;
}

static struct corruption_ballot ballot_of(const struct corruption_trial *trial,
					  enum corruption_kernel kernel,
					  const struct corruption_batch *batch)
{
	return (struct corruption_ballot){
		.kernel = kernel,
		.point = batch->point,
		.digests = &trial->digests[kernel * trial->tally.unit_count * LANES],
		.present = trial->is_present,
	};
}

/* Too few for a majority: a unit whose digest is the published one tells what is right. */
static void judge_by_known(struct corruption_trial *trial, enum corruption_kernel kernel,
			   const struct corruption_batch *batch, uint32_t *odd)
{
	const size_t units = trial->tally.unit_count;
	const struct corruption_ballot ballot = ballot_of(trial, kernel, batch);
	const uint64_t *digests = ballot.digests;
	const uint64_t known = corruption_known(kernel, (unsigned)batch->first);

	for (size_t unit = 0; unit < units; unit++) {
		if (!trial->is_present[unit] || corruption_join(&digests[unit * LANES]) != known)
			continue;
		memcpy(trial->reference[kernel], &digests[unit * LANES],
		       sizeof(trial->reference[kernel]));
		corruption_tally_against(&trial->tally, &ballot, trial->reference[kernel], odd);
		corruption_tally_known(&trial->tally, kernel, true);
		return;
	}
	corruption_tally_undecided(&trial->tally, kernel);
	corruption_tally_known(&trial->tally, kernel, false);
}

static void judge(struct corruption_trial *trial, struct corruption_group group,
		  enum corruption_kernel kernel, const struct corruption_batch *batch,
		  uint32_t *odd)
{
	const struct corruption_ballot ballot = ballot_of(trial, kernel, batch);
	enum vote_says says;

	memset(odd, 0, trial->tally.unit_count * sizeof(*odd));
	if (group.count < VOTE_LEAST && is_published(batch)) {
		judge_by_known(trial, kernel, batch, odd);
		return;
	}
	says = corruption_tally_vote(&trial->tally, &ballot, trial->reference[kernel], odd);
	if (is_published(batch) && (says == VOTE_AGREED || says == VOTE_ODD))
		corruption_tally_known(&trial->tally, kernel,
				       corruption_join(trial->reference[kernel]) ==
					       corruption_known(kernel, (unsigned)batch->first));
}

/* A worker of the group whose unit was right in all kernels; `group.first + group.count` when there
 * is none. */
static size_t find_witness(const struct corruption_trial *trial, struct corruption_group group)
{
	const size_t units = trial->tally.unit_count;
	size_t i = group.first;

	for (; i < group.first + group.count; i++) {
		const size_t unit = trial->unit_of[i];
		bool is_well = trial->is_present[unit];

		for (unsigned kernel = 0; kernel < KERNELS; kernel++)
			is_well = is_well && trial->odd[kernel * units + unit] == 0;
		if (is_well)
			break;
	}
	return i;
}

static bool is_right(const struct corruption_trial *trial, unsigned kernel, const uint64_t *lanes)
{
	return memcmp(&lanes[kernel * LANES], trial->reference[kernel],
		      sizeof(trial->reference[kernel])) == 0;
}

/* Runs the batch once more on one worker; false when it did not answer. */
static bool run_again(struct corruption_trial *trial, size_t worker,
		      const struct corruption_batch *batch, uint64_t *ret_lanes)
{
	const struct corruption_group alone = { worker, 1 };

	return corruption_ask(trial, alone, batch->request) &&
	       corruption_ask(trial, alone, "tell") &&
	       corruption_read_lanes(&trial->results[worker], ret_lanes);
}

/* The same input on a unit that differed and on one that did not tells a moment's fault from a
 * lasting one. */
static void rerun(struct corruption_trial *trial, struct corruption_group group,
		  const struct corruption_batch *batch)
{
	const size_t witness = find_witness(trial, group);
	uint64_t suspected_lanes[KERNELS * LANES] = { 0 }, lanes[KERNELS * LANES] = { 0 };

	for (size_t i = group.first; i < group.first + group.count; i++) {
		const size_t unit = trial->unit_of[i];
		bool wants[KERNELS], is_wanted = false;

		for (unsigned kernel = 0; kernel < KERNELS; kernel++) {
			wants[kernel] = corruption_tally_wants_rerun(&trial->tally, unit, kernel);
			is_wanted = is_wanted || wants[kernel];
		}
		for (unsigned n = 0; n < RERUNS && is_wanted && witness < group.first + group.count;
		     n++) {
			if (!run_again(trial, i, batch, suspected_lanes) ||
			    !run_again(trial, witness, batch, lanes))
				return;
			for (unsigned kernel = 0; kernel < KERNELS; kernel++)
				if (wants[kernel])
					corruption_tally_rerun(
						&trial->tally, unit, kernel,
						!is_right(trial, kernel, suspected_lanes),
						is_right(trial, kernel, lanes));
		}
	}
}

void corruption_compare(struct corruption_trial *trial, struct corruption_group group,
			const struct corruption_batch *batch)
{
	const size_t units = trial->tally.unit_count;

	/* First of all: a child that is started anew knows of no round. */
	group = take_out_the_silent(trial, group);
	memset(trial->is_present, 0, units * sizeof(*trial->is_present));
	for (size_t i = group.first; i < group.first + group.count; i++)
		trial->is_present[trial->unit_of[i]] = true;
	if (!ran_alike(trial, group) || group.count < VOTE_LEAST || is_published(batch)) {
		if (!collect(trial, group))
			return;
		for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++)
			if (corruption_has(kernel))
				judge(trial, group, kernel, batch, &trial->odd[kernel * units]);
		rerun(trial, group, batch);
	}
	corruption_tally_rounds(&trial->tally, batch->point, batch->count, trial->is_present);
	(void)take_out_the_silent(trial, group);
}
