#include "dialect.h"
#include "corruption.h"

/* The last three values of a lane; x is the newest. */
struct chain {
	u64 x, y, z;
};

union real {
	u64 bits;
	double wide;
	struct {
		u32 low, high;
	} half;
};

union single {
	u32 bits;
	float value;
};

DEVICE u64 mixed(u64 key, u64 counter)
{
	u64 x = key + (counter + 1) * 0x9e3779b97f4a7c15ull;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

DEVICE u64 turned(u64 x, u32 by)
{
	return x << by | x >> (64 - by);
}

/* As active/corruption.h has it. */
DEVICE u64 folded(u64 digest, u64 result)
{
	digest = turned(digest, 23) ^ result;
	return digest + (digest << 3);
}

DEVICE float float_of(u32 bits)
{
	union single single;

	single.bits = bits;
	return single.value;
}

DEVICE u32 bits_of(float value)
{
	union single single;

	single.value = value;
	return single.bits;
}

/* Numbers of either sign between 2^-7 and 2: chains that neither die out nor overflow. */
DEVICE u64 settle_any(u64 bits)
{
	return bits;
}

DEVICE u64 settle_double(u64 bits)
{
	return (bits & 0x800fffffffffffffull) | (0x3f8 + (bits & 7)) << 52;
}

DEVICE u64 settle_floats(u64 bits)
{
	return (bits & 0x807fffff807fffffull) | (0x78 + (bits & 7)) << 23 |
	       (0x78 + (bits >> 32 & 7)) << 55;
}

#ifdef FOR_CUDA
#define FUSED_FLOAT(x, y, z) __fmaf_rn(x, y, z)
#define FUSED(x, y, z) __fma_rn(x, y, z)
#define HIGH(x, y) __umul64hi(x, y)
/* One of the unit for special functions, chosen by the step. */
DEVICE float special(u32 which, float x)
{
	float y = 0;

	if (which == 0)
		asm volatile("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
	else if (which == 1)
		asm volatile("rsqrt.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x * x));
	else if (which == 2)
		asm volatile("sin.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
	else
		asm volatile("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
	return y;
}
#else
#define FUSED_FLOAT(x, y, z) __builtin_fmaf(x, y, z)
#define FUSED(x, y, z) __builtin_fma(x, y, z)
#define HIGH(x, y) ((u64)((unsigned __int128)(x) * (y) >> 64))
#endif

#ifdef FOR_HIP
/* One of the transcendental unit, chosen by the step; the sine is of turns. */
DEVICE float special(u32 which, float x)
{
	if (which == 0)
		return __builtin_exp2f(x);
	if (which == 1)
		return __builtin_amdgcn_rsqf(x * x);
	if (which == 2)
		return __builtin_amdgcn_sinf(x);
	return __builtin_amdgcn_rcpf(x);
}
#elif !defined(FOR_CUDA)
/* No GPU's: any function will do. */
DEVICE float special(u32 which, float x)
{
	return 1.0f / (x + (float)which);
}
#endif

DEVICE u64 step_integer(const struct chain *chain)
{
	return chain->x * chain->y + turned(HIGH(chain->x, chain->y), 29) +
	       (turned(chain->z, 11) ^ (chain->x >> 5));
}

DEVICE u64 step_fma32(const struct chain *chain)
{
	const float low = FUSED_FLOAT(float_of((u32)chain->x), float_of((u32)chain->y),
				      float_of((u32)chain->z));
	const float high = FUSED_FLOAT(float_of((u32)(chain->x >> 32)),
				       float_of((u32)(chain->y >> 32)),
				       float_of((u32)(chain->z >> 32)));

	return bits_of(low) | (u64)bits_of(high) << 32;
}

DEVICE u64 step_fma64(const struct chain *chain)
{
	union real x, y, z;

	x.bits = chain->x;
	y.bits = chain->y;
	z.bits = chain->z;
	x.wide = FUSED(x.wide, y.wide, z.wide);
	return x.bits;
}

DEVICE u64 step_special(const struct chain *chain)
{
	const u32 low = bits_of(special((u32)chain->y & 3, float_of((u32)chain->x)));
	const u32 high = bits_of(special((u32)chain->z & 3, float_of((u32)(chain->x >> 32))));

	return (low | (u64)high << 32) ^ turned(chain->z, 13);
}

DEVICE void finish(const struct corruption_work_gpu *a, u64 thread, u64 digest, u32 multiprocessor)
{
	((u64 *)a->digests)[thread] = digest;
	((u64 *)a->places)[thread] = multiprocessor;
}

#define CHAIN(name, step, settle)                                                       \
	KERNEL(corruption_##name, struct corruption_work_gpu)                           \
	{                                                                               \
		const u64 key = mixed(a.seed, LANE);                                    \
		struct chain chain;                                                     \
		u64 digest = 0;                                                         \
                                                                                        \
		chain.x = settle(mixed(key, 0));                                        \
		chain.y = settle(mixed(key, 1));                                        \
		chain.z = settle(mixed(key, 2));                                        \
		for (u64 i = 0; i < a.steps; i++) {                                     \
			const u64 result = step(&chain);                                \
                                                                                        \
			digest = folded(digest, result);                                \
			chain.z = chain.y;                                              \
			chain.y = chain.x;                                              \
			chain.x = settle(result);                                       \
		}                                                                       \
		finish(&a, THREAD, COMPUTED(digest), MULTIPROCESSOR);                   \
	}

CHAIN(integer, step_integer, settle_any)
CHAIN(fma32, step_fma32, settle_floats)
CHAIN(fma64, step_fma64, settle_double)
CHAIN(special, step_special, settle_floats)

/* Words of shared memory that each thread has to itself. */
#define SHARED_WORDS 8
#define THREADS_MOST 256

KERNEL(corruption_shared, struct corruption_work_gpu)
{
#if defined(FOR_CUDA) || defined(FOR_HIP)
	SHARED volatile u64 rooms[THREADS_MOST * SHARED_WORDS];
	volatile u64 *room = rooms + (THREAD_OF_BLOCK % THREADS_MOST);
#define ROOM(i) room[(i) * THREADS_MOST]
#else
	u64 room[SHARED_WORDS];
#define ROOM(i) room[i]
#endif
	const u64 key = mixed(a.seed, LANE);
	u64 digest = 0;

	for (u32 i = 0; i < SHARED_WORDS; i++)
		ROOM(i) = mixed(key, i);
	for (u64 i = 0; i < a.steps; i++) {
		const u32 at = (u32)(i * 5) % SHARED_WORDS;
		const u64 word = ROOM(at);

		digest = folded(digest, word);
		ROOM(at) = i & SHARED_WORDS ? ~word : turned(word, 7) + i;
	}
	finish(&a, THREAD, COMPUTED(digest), MULTIPROCESSOR);
}

/* The same words for all, by turns from the near cache and past it. */
KERNEL(corruption_cache, struct corruption_work_gpu)
{
	const u64 *memory = (const u64 *)a.memory;
	u64 at = mixed(a.seed, LANE);
	u64 digest = 0;

	for (u64 i = 0; i < a.steps; i++) {
		u64 word;
		const u64 *from = memory + (at & (a.words - 1)) % LIMIT(a.words);

#if defined(FOR_CUDA)
		if (i & 1)
			asm volatile("ld.global.cg.u64 %0, [%1];" : "=l"(word) : "l"(from));
		else
			asm volatile("ld.global.ca.u64 %0, [%1];" : "=l"(word) : "l"(from));
#elif defined(FOR_HIP)
		word = i & 1 ? __builtin_nontemporal_load(from) : *from;
#else
		word = *from;
#endif
		digest = folded(digest, word);
		at = at * 0x9e3779b97f4a7c15ull + word;
	}
	finish(&a, THREAD, COMPUTED(digest), MULTIPROCESSOR);
}

/* AMD's matrix cores spread a product over a wavefront in a way of their own: none of ours. */
#ifndef FOR_HIP

/* Operands of a product on the tensor cores: registers of two or four small numbers. */
struct operands {
	u32 a[4], b[2];
};

/* Halves and bfloats of middling size, of either sign, from chance. */
DEVICE u32 halves(u32 bits)
{
	return (bits & 0x83ff83ffu) | 0x30003000u | (bits & 0x0c000c00u);
}

DEVICE u32 bfloats(u32 bits)
{
	return (bits & 0x807f807fu) | 0x3e003e00u | (bits & 0x01800180u);
}

DEVICE u32 tens(u32 bits)
{
	return (bits & 0x807fe000u) | 0x3e000000u | (bits & 0x01800000u);
}

DEVICE u32 bytes(u32 bits)
{
	return bits;
}

#ifdef FOR_CUDA
#define MULTIPLY_FLOAT(shape_and_types)                                                    \
	asm volatile("mma.sync.aligned." shape_and_types                                   \
		     " {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%10,%10,%10};"          \
		     : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])                      \
		     : "r"(o->a[0]), "r"(o->a[1]), "r"(o->a[2]), "r"(o->a[3]), "r"(o->b[0]), \
		       "r"(o->b[1]), "f"(0.0f))

DEVICE u64 joined(const float *d)
{
	return (bits_of(d[0]) | (u64)bits_of(d[1]) << 32) ^
	       turned(bits_of(d[2]) | (u64)bits_of(d[3]) << 32, 19);
}

DEVICE u64 multiply_f16(const struct operands *o)
{
	float d[4];

	MULTIPLY_FLOAT("m16n8k16.row.col.f32.f16.f16.f32");
	return joined(d);
}

DEVICE u64 multiply_bf16(const struct operands *o)
{
	float d[4];

	MULTIPLY_FLOAT("m16n8k16.row.col.f32.bf16.bf16.f32");
	return joined(d);
}

DEVICE u64 multiply_tf32(const struct operands *o)
{
	float d[4];

	MULTIPLY_FLOAT("m16n8k8.row.col.f32.tf32.tf32.f32");
	return joined(d);
}

DEVICE u64 multiply_int8(const struct operands *o)
{
	u32 d[4];

	asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32"
		     " {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%10,%10,%10};"
		     : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
		     : "r"(o->a[0]), "r"(o->a[1]), "r"(o->a[2]), "r"(o->a[3]), "r"(o->b[0]),
		       "r"(o->b[1]), "r"(0));
	return (d[0] | (u64)d[1] << 32) ^ turned(d[2] | (u64)d[3] << 32, 19);
}

DEVICE u64 multiply_f64(const struct operands *o)
{
	union real x, y, d[2];

	x.bits = settle_double(o->a[0] | (u64)o->a[1] << 32);
	y.bits = settle_double(o->a[2] | (u64)o->b[0] << 32);
	asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0,%1}, {%2}, {%3}, {%4,%4};"
		     : "=d"(d[0].wide), "=d"(d[1].wide)
		     : "d"(x.wide), "d"(y.wide), "d"(0.0));
	return d[0].bits ^ turned(d[1].bits, 19);
}
#else
DEVICE u64 mixed_operands(const struct operands *o, u64 key)
{
	for (u32 i = 0; i < 4; i++)
		key = mixed(key, o->a[i]);
	return mixed(mixed(key, o->b[0]), o->b[1]);
}

#define MULTIPLY(name, number)                                 \
	DEVICE u64 multiply_##name(const struct operands *o)   \
	{                                                      \
		return mixed_operands(o, number);              \
	}
MULTIPLY(f16, 1)
MULTIPLY(bf16, 2)
MULTIPLY(tf32, 3)
MULTIPLY(int8, 4)
MULTIPLY(f64, 5)
#endif

/* Operands are drawn anew for each product, so that a result is not made of an earlier one. */
#define PRODUCTS(name, cut)                                                             \
	KERNEL(corruption_mma_##name, struct corruption_work_gpu)                       \
	{                                                                               \
		const u64 key = mixed(a.seed, LANE);                                    \
		u64 digest = 0;                                                         \
                                                                                        \
		for (u64 i = 0; i < a.steps; i++) {                                     \
			const u64 one = mixed(key, 2 * i), other = mixed(key, 2 * i + 1); \
			struct operands operands;                                       \
                                                                                        \
			operands.a[0] = cut((u32)one);                                  \
			operands.a[1] = cut((u32)(one >> 32));                          \
			operands.a[2] = cut((u32)other);                                \
			operands.a[3] = cut((u32)(other >> 32));                        \
			operands.b[0] = cut((u32)(one >> 16));                          \
			operands.b[1] = cut((u32)(other >> 16));                        \
			digest = folded(digest, multiply_##name(&operands));            \
		}                                                                       \
		finish(&a, THREAD, COMPUTED(digest), MULTIPROCESSOR);                   \
	}

PRODUCTS(f16, halves)
PRODUCTS(bf16, bfloats)
PRODUCTS(tf32, tens)
PRODUCTS(int8, bytes)
PRODUCTS(f64, bytes)

#endif
