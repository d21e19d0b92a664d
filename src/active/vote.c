#include "active/vote.h"

#include <assert.h>
#include <string.h>

/* What more than half of the units gave in a lane, by Boyer and Moore's pairing off; false when
 * nothing was given so often. */
static bool find_majority(const uint64_t *digests, size_t units, unsigned lanes, unsigned lane,
			  uint64_t *ret_digest)
{
	uint64_t candidate = 0;
	size_t lead = 0, count = 0;

	for (size_t unit = 0; unit < units; unit++) {
		const uint64_t digest = digests[unit * lanes + lane];

		if (lead == 0)
			candidate = digest;
		if (digest == candidate)
			lead++;
		else
			lead--;
	}
	for (size_t unit = 0; unit < units; unit++)
		count += digests[unit * lanes + lane] == candidate;
	if (count * 2 <= units)
		return false;
	*ret_digest = candidate;
	return true;
}

static bool mark(const uint64_t *digests, size_t units, unsigned lanes, unsigned lane,
		 uint64_t reference, uint32_t *odd)
{
	bool is_marked = false;

	for (size_t unit = 0; unit < units; unit++) {
		if (digests[unit * lanes + lane] == reference)
			continue;
		odd[unit] |= 1u << lane;
		is_marked = true;
	}
	return is_marked;
}

enum vote_says vote(const uint64_t *digests, size_t units, unsigned lanes, uint64_t *ret_reference,
		    uint32_t *ret_odd)
{
	bool is_split = false, is_odd = false;

	assert(lanes <= VOTE_LANES_MAXIMUM);
	memset(ret_reference, 0, lanes * sizeof(*ret_reference));
	memset(ret_odd, 0, units * sizeof(*ret_odd));
	if (units < VOTE_LEAST)
		return VOTE_TOO_FEW;
	for (unsigned lane = 0; lane < lanes; lane++) {
		if (!find_majority(digests, units, lanes, lane, &ret_reference[lane]))
			is_split = true;
		else if (mark(digests, units, lanes, lane, ret_reference[lane], ret_odd))
			is_odd = true;
	}
	if (is_split)
		return VOTE_SPLIT;
	return is_odd ? VOTE_ODD : VOTE_AGREED;
}

size_t vote_against(const uint64_t *digests, size_t units, unsigned lanes,
		    const uint64_t *reference, uint32_t *ret_odd)
{
	size_t count = 0;

	assert(lanes <= VOTE_LANES_MAXIMUM);
	memset(ret_odd, 0, units * sizeof(*ret_odd));
	for (unsigned lane = 0; lane < lanes; lane++)
		(void)mark(digests, units, lanes, lane, reference[lane], ret_odd);
	for (size_t unit = 0; unit < units; unit++)
		count += ret_odd[unit] != 0;
	return count;
}
