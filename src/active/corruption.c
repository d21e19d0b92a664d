#include "active/corruption.h"

#include <assert.h>

#include "active/corruption_choose.h"

const char *const corruption_kernel_names[] = {
	[CORRUPTION_INTEGER] = "integer", [CORRUPTION_BITS] = "bits",
	[CORRUPTION_DIVIDE] = "divide",   [CORRUPTION_FMA32] = "fma32",
	[CORRUPTION_FMA64] = "fma64",     [CORRUPTION_ROOT] = "root",
	[CORRUPTION_VECTOR] = "vector",   [CORRUPTION_VECTOR_FMA] = "vector-fma",
	[CORRUPTION_CRC] = "crc",         [CORRUPTION_AES] = "aes",
	[CORRUPTION_L1] = "l1",           [CORRUPTION_L2] = "l2",
	[CORRUPTION_MEMORY] = "memory",   [CORRUPTION_MATRIX] = "matrix",
};
static_assert(sizeof(corruption_kernel_names) / sizeof(corruption_kernel_names[0]) ==
		      CORRUPTION_KERNEL_COUNT,
	      "a name for each kernel");

const struct corruption_size corruption_full = {
	.steps = 131072,
	.near_words = 2048,
	.middle_words = 32768,
	.far_words = 524288,
};

bool corruption_is_everywhere(enum corruption_kernel kernel)
{
	return kernel != CORRUPTION_CRC && kernel != CORRUPTION_AES;
}

bool corruption_has(enum corruption_kernel kernel)
{
	return corruption_is_everywhere(kernel) || choose_special(kernel) != NULL;
}

void corruption_run(struct corruption_work *work, enum corruption_kernel kernel,
		    uint64_t ret_lanes[static CORRUPTION_LANES])
{
	const bool has_run = run_kernel(work, kernel, ret_lanes);

	assert(has_run);
	(void)has_run;
}

uint64_t corruption_join(const uint64_t lanes[static CORRUPTION_LANES])
{
	uint64_t digest = 0;

	for (unsigned i = 0; i < CORRUPTION_LANES; i++)
		digest = corruption_fold(digest, lanes[i]);
	return digest;
}

static const uint64_t known[CORRUPTION_KERNEL_COUNT][CORRUPTION_KNOWN_SEEDS] = {
	[CORRUPTION_INTEGER] = { 0xa851882aee5a247du, 0x404a8c6301b084ddu, 0x91dd4f2a447cbcdau,
				 0x99f822fda7148402u },
	[CORRUPTION_BITS] = { 0xdcc09aa0893cdd28u, 0xf3215ec6f3acec3bu, 0x47685a49cfeb9052u,
			      0xf961a4dddc5a7a90u },
	[CORRUPTION_DIVIDE] = { 0x5fc57d017bd760eau, 0x1eddfae3004e4a35u, 0x63b2175e21d498adu,
				0xbba4216113668c94u },
	[CORRUPTION_FMA32] = { 0x10d6fd11f0c0676eu, 0xde836e212496d348u, 0x6fd5bdaae304fc91u,
			       0x80fe5ef70d668524u },
	[CORRUPTION_FMA64] = { 0x3b1c176b24ffdef0u, 0x1e371ccb1164d697u, 0x1d107999e24d841au,
			       0xd6b891c6f49fffb7u },
	[CORRUPTION_ROOT] = { 0x02fcf49b82d313eeu, 0x70150650d259abdbu, 0xb08a76a94097ef77u,
			      0x4498e87fe462e936u },
	[CORRUPTION_VECTOR] = { 0x719b520b69bfe5d6u, 0x98f9e9ac6c6357b1u, 0x868c42846c0bf2b1u,
				0xe91a106770861d3eu },
	[CORRUPTION_VECTOR_FMA] = { 0xff4f247932b0be42u, 0x8ac4c2a15fb9ba26u, 0x409f22e5f54f14ecu,
				    0x96a209526c775f99u },
	[CORRUPTION_CRC] = { 0xd5260689abab09a0u, 0xaf74c7b02f0ed76fu, 0x96049178ee14a313u,
			     0x94721b4a6daf2263u },
	[CORRUPTION_AES] = { 0x9d4743785ee9fdf9u, 0x0f00255a386f251du, 0x2e89d807077a0b3cu,
			     0xdeeedfd330d1bef3u },
	[CORRUPTION_L1] = { 0xb56461cb9bdb5a58u, 0x481c00396b856a94u, 0x7e6dc091033ec1e0u,
			    0x7d48ef3b03b56772u },
	[CORRUPTION_L2] = { 0xf505e308aa53d6b1u, 0xc5368290e241293du, 0xc45af066d7417e73u,
			    0x3f2def598bfdb4beu },
	[CORRUPTION_MEMORY] = { 0x30333b841594803du, 0x8f8002d6aad5fab5u, 0x6ee668a2fb02c223u,
				0x60dbd3958ae6d28au },
	[CORRUPTION_MATRIX] = { 0xdce3c2fd5c995c77u, 0x683b8e6904838becu, 0x36558d5920e034d3u,
				0x53fff2eb9c850186u },
};

uint64_t corruption_known(enum corruption_kernel kernel, unsigned seed)
{
	return known[kernel][seed];
}
