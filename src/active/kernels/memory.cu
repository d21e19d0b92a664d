#include "dialect.h"
#include "memory.h"

struct ALIGNED(16) piece {
	u64 x, y;
};

struct ALIGNED(16) real_piece {
	double x, y;
};

/* As base/random.h has it: number counter + 1 of SplitMix64 seeded with the key. */
DEVICE u64 random_word(u64 key, u64 counter)
{
	u64 x = key + (counter + 1) * 0x9e3779b97f4a7c15ull;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

/* Reads everything, and writes only when all of it folds to the key: a compiler cannot leave out a
 * load, and no store disturbs the measurement. */
KERNEL_COST(memory_read, struct memory_work, 16.0 * (double)a.count, a.from)
KERNEL(memory_read, struct memory_work)
{
	const struct piece *from = (const struct piece *)a.from;
	u64 folded = 0;

	EACH(i, a.count) {
		const struct piece piece = from[i];

		folded ^= piece.x ^ piece.y;
	}
	if (folded == a.key)
		*(u64 *)a.result = folded;
}

KERNEL_COST(memory_write, struct memory_work, 16.0 * (double)a.count, a.into)
KERNEL(memory_write, struct memory_work)
{
	struct piece *into = (struct piece *)a.into;
	const struct piece piece = { a.key, ~a.key };

	EACH(i, a.count)
		into[i] = piece;
}

KERNEL_COST(memory_copy, struct memory_work, 32.0 * (double)a.count, a.into)
KERNEL(memory_copy, struct memory_work)
{
	const struct piece *from = (const struct piece *)a.from;
	struct piece *into = (struct piece *)a.into;

	EACH(i, a.count)
		into[i] = from[i];
}

/* into = from + key * also, in doubles. */
KERNEL_COST(memory_triad, struct memory_work, 48.0 * (double)a.count, a.into)
KERNEL(memory_triad, struct memory_work)
{
	const struct real_piece *from = (const struct real_piece *)a.from;
	const struct real_piece *also = (const struct real_piece *)a.also;
	struct real_piece *into = (struct real_piece *)a.into;
	const double factor = (double)a.key;

	EACH(i, a.count) {
		const struct real_piece one = from[i];
		const struct real_piece two = also[i];
		const struct real_piece sum = { one.x + factor * two.x, one.y + factor * two.y };

		into[i] = sum;
	}
}

KERNEL_COST(memory_fill, struct memory_work, 8.0 * (double)a.count, a.into)
KERNEL(memory_fill, struct memory_work)
{
	u64 *into = (u64 *)a.into;

	EACH(i, a.count)
		into[i] = random_word(a.key, a.first + i);
}

/* Adds to the result the sum over all words of a mix of the word and its number: it does not depend
 * on the order that the threads come in, and a word that is elsewhere changes it. */
KERNEL_COST(memory_digest, struct memory_work, 8.0 * (double)a.count, a.from)
KERNEL(memory_digest, struct memory_work)
{
	const u64 *from = (const u64 *)a.from;
	u64 sum = 0;

	EACH(i, a.count)
		sum += random_word(from[i], a.first + i);
	if (sum)
		ADD(a.result, sum);
}

DEVICE u64 pattern_word(const struct memory_pattern_work *a, u64 i)
{
	const u64 number = a->work.first + i;
	u64 word = a->work.key;

	if (a->pattern == MEMORY_WALKING_ONE)
		word = 1ull << ((number + a->work.key) & 63u);
	else if (a->pattern == MEMORY_WALKING_ZERO)
		word = ~(1ull << ((number + a->work.key) & 63u));
	else if (a->pattern == MEMORY_ADDRESS)
		word = (a->work.into + 8 * i) ^ (a->work.key << 56);
	else if (a->pattern == MEMORY_RANDOM)
		word = random_word(a->work.key, number);
	return word ^ a->invert;
}

DEVICE void note_fault(u64 result, u64 address, u64 expected, u64 found)
{
	struct memory_faults *faults = (struct memory_faults *)result;
	const u64 at = TAKE(&faults->kept, 1);

	ADD(&faults->count, 1);
	JOIN(&faults->bits, expected ^ found);
	LOWER(&faults->lowest, address);
	if (at >= MEMORY_FAULTS_KEPT)
		return;
	faults->list[at].address = address;
	faults->list[at].expected = expected;
	faults->list[at].found = found;
}

KERNEL_COST(memory_pattern_write, struct memory_pattern_work, 8.0 * (double)a.work.count,
	    a.work.into)
KERNEL(memory_pattern_write, struct memory_pattern_work)
{
	u64 *into = (u64 *)a.work.into;

	EACH(i, a.work.count)
		into[i] = pattern_word(&a, i);
}

KERNEL_COST(memory_pattern_verify, struct memory_pattern_work, 8.0 * (double)a.work.count,
	    a.work.into)
KERNEL(memory_pattern_verify, struct memory_pattern_work)
{
	const u64 *into = (const u64 *)a.work.into;

	EACH(i, a.work.count) {
		const u64 expected = pattern_word(&a, i);
		const u64 found = into[i];

		if (found != expected)
			note_fault(a.work.result, a.work.into + 8 * i, expected, found);
	}
}

/* Verifies each word and puts its inverse in its place at once: a moving inversion. */
KERNEL_COST(memory_pattern_turn, struct memory_pattern_work, 16.0 * (double)a.work.count,
	    a.work.into)
KERNEL(memory_pattern_turn, struct memory_pattern_work)
{
	u64 *into = (u64 *)a.work.into;

	EACH(i, a.work.count) {
		const u64 expected = pattern_word(&a, i);
		const u64 found = into[i];

		into[i] = ~expected;
		if (found != expected)
			note_fault(a.work.result, a.work.into + 8 * i, expected, found);
	}
}
