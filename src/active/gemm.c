#include "active/gemm.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "active/kernels/gemm.h"
#include "base/random.h"

const char *const gemm_type_names[] = {
	[GEMM_BF16] = "bf16", [GEMM_FP16] = "fp16", [GEMM_TF32] = "tf32",
	[GEMM_FP32] = "fp32", [GEMM_FP8] = "fp8",   [GEMM_FP64] = "fp64",
};
static_assert(sizeof(gemm_type_names) / sizeof(gemm_type_names[0]) == GEMM_TYPE_COUNT,
	      "a name for each format");

const struct gemm_shape gemm_reference_shape = { 8192, 8192, 8192 };

enum {
	ALIGNMENT = 256,
	SIDE_LEAST = 256,
	SEED_MIX = 0x67656d6d,
	FLOAT_BITS = 32,
	FLOAT_EXPONENT_BITS = 8,
};

/* How a format keeps a number; exponent_bits 0: as C does. */
struct format {
	unsigned bytes;
	int exponent_bits, fraction_bits;
	uint32_t largest;    /* code of the largest finite number */
	bool saturates;      /* there is no infinity */
	unsigned shift;      /* bits of the word below the code */
	unsigned capability; /* that multiplies it, at least */
};

static const struct format formats[] = {
	[GEMM_BF16] = { 2, 8, 7, 0x7f7f, false, 0, 80 },
	[GEMM_FP16] = { 2, 5, 10, 0x7bff, false, 0, 70 },
	[GEMM_TF32] = { 4, 8, 10, 0x3fbff, false, 13, 80 },
	[GEMM_FP32] = { 4, 0, 0, 0, false, 0, 0 },
	[GEMM_FP8] = { 1, 4, 3, 0x7e, true, 0, 89 },
	[GEMM_FP64] = { 8, 0, 0, 0, false, 0, 0 },
};
static_assert(sizeof(formats) / sizeof(formats[0]) == GEMM_TYPE_COUNT, "all formats");

enum gemm_type gemm_output_type(enum gemm_type type)
{
	switch (type) {
	case GEMM_FP8:
		return GEMM_BF16;
	case GEMM_TF32:
		return GEMM_FP32;
	case GEMM_BF16:
	case GEMM_FP16:
	case GEMM_FP32:
	case GEMM_FP64:
	case GEMM_TYPE_COUNT:
		break;
	}
	return type;
}

unsigned gemm_element_bytes(enum gemm_type type)
{
	return formats[type].bytes;
}

void gemm_name(enum gemm_type type, const struct gemm_shape *shape, unsigned batch,
	       char ret_name[static GEMM_NAME_SIZE])
{
	int length = snprintf(ret_name, GEMM_NAME_SIZE, "%s:%" PRIu64 "x%" PRIu64 "x%" PRIu64,
			      gemm_type_names[type], shape->m, shape->n, shape->k);

	if (batch > 1)
		(void)snprintf(ret_name + length, GEMM_NAME_SIZE - (size_t)length, "*%u", batch);
}

double gemm_operations(const struct gemm_shape *shape)
{
	return 2 * (double)shape->m * (double)shape->n * (double)shape->k;
}

static uint64_t aligned(uint64_t bytes)
{
	return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

uint64_t gemm_bytes(enum gemm_type type, const struct gemm_shape *shape)
{
	uint64_t input = formats[type].bytes;
	uint64_t output = formats[gemm_output_type(type)].bytes;

	return aligned(shape->m * shape->k * input) + aligned(shape->n * shape->k * input) +
	       aligned(shape->m * shape->n * output);
}

bool gemm_fit(enum gemm_type type, struct gemm_shape *shape, uint64_t bytes)
{
	struct gemm_shape fitting = *shape;

	while (gemm_bytes(type, &fitting) > bytes) {
		uint64_t *longest = &fitting.m;

		if (fitting.n > *longest)
			longest = &fitting.n;
		if (fitting.k > *longest)
			longest = &fitting.k;
		*longest /= 2;
		if (*longest < SIDE_LEAST)
			return false;
	}
	*shape = fitting;
	return true;
}

bool gemm_is_served(enum gemm_type type, unsigned capability)
{
	return capability >= formats[type].capability;
}

/* The bits of the number without its sign, of a format that is not C's own. */
static uint32_t code_of(const struct format *format, double magnitude)
{
	int bias = (1 << (format->exponent_bits - 1)) - 1;
	int exponent;
	uint32_t code;

	if (isnan(magnitude))
		return format->largest + (format->saturates ? 1 : 2);
	if (isinf(magnitude))
		return format->saturates ? format->largest : format->largest + 1;
	if (magnitude <= 0)
		return 0;
	(void)frexp(magnitude, &exponent);
	exponent = exponent - 1 < 1 - bias ? 1 - bias : exponent - 1;
	if (exponent > bias + 1)
		return format->saturates ? format->largest : format->largest + 1;
	/* The leading bit of a normal number is one of the exponent: a carry needs no care. */
	code = ((uint32_t)(exponent + bias - 1) << format->fraction_bits) +
	       (uint32_t)nearbyint(ldexp(magnitude, format->fraction_bits - exponent));
	if (code > format->largest)
		code = format->saturates ? format->largest : format->largest + 1;
	return code;
}

static double number_of(const struct format *format, uint32_t code)
{
	int bias = (1 << (format->exponent_bits - 1)) - 1;
	int exponent = (int)(code >> format->fraction_bits);
	uint32_t fraction = code & ((1u << format->fraction_bits) - 1);

	if (code > format->largest)
		return !format->saturates && code == format->largest + 1 ? (double)INFINITY
									 : (double)NAN;
	if (exponent == 0)
		return ldexp(fraction, 1 - bias - format->fraction_bits);
	return ldexp(fraction + (1u << format->fraction_bits),
		     exponent - bias - format->fraction_bits);
}

/* The number of bits in front of the code: the sign alone. */
static uint32_t sign_of(const struct format *format)
{
	return 1u << (format->exponent_bits + format->fraction_bits);
}

/* What has the exponent of a float is its beginning: the common case, and quickly told. */
static double leading_of_float(const struct format *format, uint32_t word)
{
	uint32_t bits = (word >> format->shift)
			<< (FLOAT_BITS - 1 - FLOAT_EXPONENT_BITS - format->fraction_bits);
	float single;

	memcpy(&single, &bits, sizeof(single));
	return (double)single;
}

double gemm_decode(enum gemm_type type, const void *element)
{
	const struct format *format = &formats[type];
	uint32_t word = 0;
	uint32_t code;
	double number;

	if (type == GEMM_FP64) {
		memcpy(&number, element, sizeof(number));
		return number;
	}
	if (type == GEMM_FP32) {
		float single;

		memcpy(&single, element, sizeof(single));
		return (double)single;
	}
	memcpy(&word, element, format->bytes);
	if (format->exponent_bits == FLOAT_EXPONENT_BITS)
		return leading_of_float(format, word);
	code = (word >> format->shift) & (sign_of(format) * 2 - 1);
	number = number_of(format, code & (sign_of(format) - 1));
	return code & sign_of(format) ? -number : number;
}

void gemm_encode(enum gemm_type type, double value, void *ret_element)
{
	const struct format *format = &formats[type];
	uint32_t code;

	if (type == GEMM_FP64) {
		memcpy(ret_element, &value, sizeof(value));
		return;
	}
	if (type == GEMM_FP32) {
		float single = (float)value;

		memcpy(ret_element, &single, sizeof(single));
		return;
	}
	code = code_of(format, fabs(value)) | (signbit(value) ? sign_of(format) : 0);
	code <<= format->shift;
	memcpy(ret_element, &code, format->bytes);
}

/* In single precision, so that a kernel makes the same numbers. */
static float normal_of(uint64_t bits)
{
	int sum = (int)(bits & 0xffff) + (int)(bits >> 16 & 0xffff) + (int)(bits >> 32 & 0xffff) +
		  (int)(bits >> 48);

	return (float)(sum - 2 * 65535) * GEMM_NORMAL_UNIT;
}

uint64_t gemm_fill_key(uint64_t seed)
{
	return random_join(SEED_MIX, seed);
}

void gemm_fill(enum gemm_type type, enum gemm_fill fill, uint64_t seed, uint64_t first,
	       uint64_t count, void *into)
{
	uint64_t key = gemm_fill_key(seed);
	char *at = into;

	for (uint64_t i = 0; i < count; i++, at += formats[type].bytes) {
		uint64_t bits = random_u64(key, first + i);
		int whole = (int)(((bits >> 32) * 5) >> 32) - 2;

		gemm_encode(type, fill == GEMM_FILL_WHOLE ? whole : (double)normal_of(bits), at);
	}
}

struct gemm_coding gemm_coding(enum gemm_type type)
{
	const struct format *format = &formats[type];

	return (struct gemm_coding){
		.bytes = format->bytes,
		.exponent_bits = (unsigned)format->exponent_bits,
		.fraction_bits = (unsigned)format->fraction_bits,
		.shift = format->shift,
	};
}

static double dot(enum gemm_type type, const char *a, const char *b, uint64_t k)
{
	unsigned bytes = formats[type].bytes;
	double sum = 0;

	for (uint64_t i = 0; i < k; i++)
		sum += gemm_decode(type, a + i * bytes) * gemm_decode(type, b + i * bytes);
	return sum;
}

void gemm_multiply(enum gemm_type type, const struct gemm_shape *shape, const void *a,
		   const void *b, void *ret_d)
{
	enum gemm_type output = gemm_output_type(type);
	uint64_t stride = shape->k * formats[type].bytes;
	char *at = ret_d;

	for (uint64_t row = 0; row < shape->m; row++) {
		for (uint64_t column = 0; column < shape->n; column++) {
			gemm_encode(output,
				    dot(type, (const char *)a + row * stride,
					(const char *)b + column * stride, shape->k),
				    at);
			at += formats[output].bytes;
		}
	}
}

uint64_t gemm_digest(uint64_t digest, const void *bytes, size_t count)
{
	static const uint64_t prime = UINT64_C(0x100000001b3);
	const unsigned char *at = bytes;

	for (; count >= sizeof(uint64_t); count -= sizeof(uint64_t), at += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, at, sizeof(word));
		digest = (digest ^ word) * prime;
		/* The product alone never moves a high bit down. */
		digest ^= digest >> 32;
	}
	for (; count > 0; count--, at++)
		digest = (digest ^ *at) * prime;
	return digest;
}
