#include "test/inject.h"

#include <assert.h>

/* Where a value can go wrong. */
enum site {
	SITE_RESULT,
	SITE_HELD,
	SITE_LOADED,
	SITE_STORED,
	SITE_STEP,
	SITE_COUNT,
};

static uint64_t pass_through(struct corruption_work *work, enum site site, unsigned lane,
			     uint64_t value);
static bool is_skipped(struct corruption_work *work, unsigned lane);

#define RESULT(work, lane, value) pass_through(work, SITE_RESULT, lane, value)
#define HELD(work, lane, value) pass_through(work, SITE_HELD, lane, value)
#define LOADED(work, lane, value) pass_through(work, SITE_LOADED, lane, value)
#define STORED(work, lane, value) pass_through(work, SITE_STORED, lane, value)
#define SKIPPED(work, lane) is_skipped(work, lane)
#define IN_ALL_LANES(statement)                                          \
	do {                                                             \
		for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++) \
			statement;                                       \
	} while (false)

#include "active/corruption_choose.h"

/* The work that the kernels see, and what goes wrong in it. */
struct faulty_work {
	struct corruption_work work; /* first: what a kernel is given leads here */
	const struct fault *fault;
	enum corruption_kernel kernel;
	uint32_t seen[SITE_COUNT][CORRUPTION_LANES];
	uint64_t last[CORRUPTION_LANES]; /* result of each lane */
	unsigned changes;
};

const char *const fault_kind_names[] = {
	[FAULT_BIT] = "bit",           [FAULT_BITS] = "bits",
	[FAULT_HELD] = "held",         [FAULT_STUCK] = "stuck",
	[FAULT_WRONG] = "wrong",       [FAULT_SIGN] = "sign",
	[FAULT_EXPONENT] = "exponent", [FAULT_NAN] = "nan",
	[FAULT_DROPPED] = "dropped",   [FAULT_LOAD] = "load",
	[FAULT_STORE] = "store",       [FAULT_INTERMITTENT] = "intermittent",
	[FAULT_SWAP] = "swap",         [FAULT_NEIGHBOUR] = "neighbour",
};
static_assert(sizeof(fault_kind_names) / sizeof(fault_kind_names[0]) == FAULT_KIND_COUNT,
	      "a name for each kind");

static const enum site sites[FAULT_KIND_COUNT] = {
	[FAULT_HELD] = SITE_HELD,
	[FAULT_DROPPED] = SITE_STEP,
	[FAULT_LOAD] = SITE_LOADED,
	[FAULT_STORE] = SITE_STORED,
};

static bool is_walk(enum corruption_kernel kernel)
{
	return kernel == CORRUPTION_L1 || kernel == CORRUPTION_L2 || kernel == CORRUPTION_MEMORY;
}

static bool is_real(enum corruption_kernel kernel)
{
	return kernel == CORRUPTION_FMA32 || kernel == CORRUPTION_FMA64 ||
	       kernel == CORRUPTION_VECTOR_FMA || kernel == CORRUPTION_MATRIX;
}

bool fault_fits(enum fault_kind kind, enum corruption_kernel kernel)
{
	if (kind == FAULT_LOAD || kind == FAULT_STORE)
		return is_walk(kernel);
	if (kind == FAULT_SIGN || kind == FAULT_EXPONENT || kind == FAULT_NAN)
		return is_real(kernel);
	return true;
}

uint32_t fault_lanes(const struct fault *fault)
{
	return fault->kind == FAULT_WRONG ? (1u << CORRUPTION_LANES) - 1 : 1u << fault->lane;
}

/* Two bytes change places. */
static uint64_t swap_bytes(uint64_t value, uint64_t chance)
{
	const unsigned a = (chance & 7) * 8, b = (chance >> 3 & 7) * 8;
	const uint64_t difference = (value >> a ^ value >> b) & 0xff;

	return value ^ difference << a ^ difference << b;
}

static uint64_t spoil(const struct faulty_work *faulty, unsigned lane, uint64_t value)
{
	const struct fault *fault = faulty->fault;
	const bool is_single = faulty->kernel == CORRUPTION_FMA32;

	switch (fault->kind) {
	case FAULT_BIT:
	case FAULT_BITS:
	case FAULT_HELD:
	case FAULT_LOAD:
	case FAULT_STORE:
	case FAULT_INTERMITTENT:
		return value ^ fault->mask;
	case FAULT_STUCK:
		return fault->at & 1 ? value | fault->mask : value & ~fault->mask;
	case FAULT_WRONG:
		return value + (fault->mask | 1);
	case FAULT_SIGN:
		return value ^ 1ull << (is_single && fault->mask & 1 ? 31 : 63);
	case FAULT_EXPONENT:
		return value ^ 1ull << (is_single ? 23 + fault->mask % 8 : 52 + fault->mask % 11);
	case FAULT_NAN:
		return is_single ? value | 0x7fc00000u : 0x7ff8000000000000u;
	case FAULT_SWAP:
		return swap_bytes(value, fault->mask);
	case FAULT_NEIGHBOUR:
		return faulty->last[(lane + 1) % CORRUPTION_LANES];
	case FAULT_DROPPED:
	case FAULT_KIND_COUNT:
		break;
	}
	return value;
}

/* Whether the fault acts on the `ordinal`th value of the lane. */
static bool strikes(const struct fault *fault, unsigned lane, uint32_t ordinal)
{
	if (!(fault_lanes(fault) >> lane & 1))
		return false;
	if (fault->kind == FAULT_STUCK)
		return ordinal >= fault->at;
	if (fault->kind == FAULT_INTERMITTENT)
		return ordinal % (fault->at + 1) == fault->at;
	return ordinal == fault->at;
}

static uint64_t pass_through(struct corruption_work *work, enum site site, unsigned lane,
			     uint64_t value)
{
	struct faulty_work *faulty = (struct faulty_work *)work;
	const uint32_t ordinal = faulty->seen[site][lane]++;
	uint64_t spoilt = value;

	if (faulty->fault && sites[faulty->fault->kind] == site &&
	    strikes(faulty->fault, lane, ordinal))
		spoilt = spoil(faulty, lane, value);
	if (site == SITE_RESULT)
		faulty->last[lane] = value;
	faulty->changes += spoilt != value;
	return spoilt;
}

static bool is_skipped(struct corruption_work *work, unsigned lane)
{
	struct faulty_work *faulty = (struct faulty_work *)work;
	const uint32_t ordinal = faulty->seen[SITE_STEP][lane]++;
	const bool is = faulty->fault && faulty->fault->kind == FAULT_DROPPED &&
			strikes(faulty->fault, lane, ordinal);

	faulty->changes += is;
	return is;
}

unsigned fault_run(struct corruption_work *work, enum corruption_kernel kernel,
		   const struct fault *fault, uint64_t ret_lanes[static CORRUPTION_LANES])
{
	struct faulty_work faulty = { .work = *work, .fault = fault, .kernel = kernel };
	const bool has_run = run_kernel(&faulty.work, kernel, ret_lanes);

	assert(has_run);
	(void)has_run;
	return faulty.changes;
}

/* Values of one lane at the kind's site in a run of the kernel. */
static uint32_t values_of(enum fault_kind kind, enum corruption_kernel kernel,
			  const struct corruption_size *size)
{
	const uint32_t words = kernel == CORRUPTION_L1   ? size->near_words
			       : kernel == CORRUPTION_L2 ? size->middle_words
							 : size->far_words;
	const uint32_t passes = kernel == CORRUPTION_L1 ? 32 : kernel == CORRUPTION_L2 ? 4 : 1;
	const uint32_t products = size->steps / STEPS_A_PRODUCT;

	if (is_walk(kernel))
		return words / CORRUPTION_LANES * passes * (kind == FAULT_DROPPED ? 4 : 3);
	if (kernel == CORRUPTION_MATRIX)
		return kind == FAULT_DROPPED ? products : products * SIDE;
	return size->steps;
}

struct fault fault_draw(enum fault_kind kind, enum corruption_kernel kernel,
			const struct corruption_size *size, uint64_t number)
{
	const uint64_t key = random_join(kind, random_join(kernel, number));
	const uint32_t values = values_of(kind, kernel, size);
	struct fault fault = {
		.kind = kind,
		.lane = random_u64(key, 0) % CORRUPTION_LANES,
		.at = (uint32_t)(random_u64(key, 1) % values),
		.mask = 1ull << (random_u64(key, 2) & 63),
	};

	if (kind == FAULT_BITS)
		for (unsigned i = 0; i < 2 + random_u64(key, 3) % 6; i++)
			fault.mask |= 1ull << (random_u64(key, 4 + i) & 63);
	if (kind == FAULT_WRONG || kind == FAULT_EXPONENT || kind == FAULT_SIGN ||
	    kind == FAULT_SWAP)
		fault.mask = random_u64(key, 3);
	if (kind == FAULT_INTERMITTENT)
		fault.at = (uint32_t)(random_u64(key, 1) % (values / 2));
	return fault;
}
