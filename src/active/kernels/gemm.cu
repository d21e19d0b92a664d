#include "dialect.h"
#include "gemm.h"

/* As base/random.h has it: number counter + 1 of SplitMix64 seeded with the key. */
DEVICE u64 gemm_random(u64 key, u64 counter)
{
	u64 x = key + (counter + 1) * 0x9e3779b97f4a7c15ull;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

union gemm_single {
	float number;
	u32 bits;
};

union gemm_double {
	double number;
	u64 bits;
};

DEVICE float gemm_number(u64 random, u64 whole)
{
	if (whole)
		return (float)((int)(((random >> 32) * 5) >> 32) - 2);
	return (float)((int)(random & 0xffff) + (int)(random >> 16 & 0xffff) +
		       (int)(random >> 32 & 0xffff) + (int)(random >> 48) - 2 * 65535) *
	       GEMM_NORMAL_UNIT;
}

/* The code of a number between the smallest and the largest of the format, to nearest even. */
DEVICE u64 gemm_code(float number, const struct gemm_fill_work *a)
{
	union gemm_single single;
	const int lowest = 2 - (1 << (a->exponent_bits - 1));
	int exponent, shift = 23 - (int)a->fraction_bits;
	u32 fraction, rest, code;
	u64 sign;

	single.number = number;
	sign = (u64)(single.bits >> 31) << (a->exponent_bits + a->fraction_bits);
	exponent = (int)(single.bits >> 23 & 255u) - 127;
	if (exponent == -127)
		return sign << a->shift;
	fraction = (single.bits & 0x7fffffu) | 0x800000u;
	if (exponent < lowest) {
		shift += lowest - exponent;
		exponent = lowest;
	}
	if (shift > 25)
		return sign << a->shift;
	rest = fraction & ((1u << shift) - 1);
	code = fraction >> shift;
	if (rest > 1u << (shift - 1) || (rest == 1u << (shift - 1) && (code & 1u)))
		code++;
	return (sign | (((u64)(exponent - lowest) << a->fraction_bits) + code)) << a->shift;
}

DEVICE u64 gemm_element(const struct gemm_fill_work *a, u64 number)
{
	const float value = gemm_number(gemm_random(a->key, number), a->whole);
	union gemm_single single;
	union gemm_double wide;

	if (a->exponent_bits > 0)
		return gemm_code(value, a);
	single.number = value;
	wide.number = value;
	return a->element_bytes == 8 ? wide.bits : single.bits;
}

KERNEL_COST(gemm_fill, struct gemm_fill_work, 8.0 * (double)a.count, a.into)
KERNEL(gemm_fill, struct gemm_fill_work)
{
	u64 *into = (u64 *)a.into;
	const u64 each = 8 / a.element_bytes;

	EACH(i, a.count) {
		u64 word = 0;

		for (u64 part = 0; part < each; part++)
			word |= gemm_element(&a, a.first + i * each + part)
				<< (8 * a.element_bytes * part);
		into[i] = word;
	}
}

DEVICE double gemm_half(u32 code)
{
	union gemm_single single;
	const u32 exponent = code >> 10 & 31u;

	if (exponent == 31)
		single.bits = 0x7f800000u;
	else if (exponent == 0)
		single.number = (float)(code & 0x3ffu) / 16777216.0f;
	else
		single.bits = ((exponent + 112u) << 23) | ((code & 0x3ffu) << 13);
	single.bits |= (code & 0x8000u) << 16;
	return single.number;
}

DEVICE double gemm_read(const struct gemm_sum_work *a, u64 index)
{
	union gemm_single single;
	union gemm_double wide;
	u32 code;

	if (a->element_bytes == 8) {
		wide.bits = ((const u64 *)a->from)[index];
		return wide.number;
	}
	if (a->element_bytes == 4) {
		single.bits = ((const u32 *)a->from)[index];
		return single.number;
	}
	code = ((const unsigned short *)a->from)[index];
	if (a->is_half)
		return gemm_half(code);
	single.bits = code << 16;
	return single.number;
}

struct gemm_partial {
	u64 sum, squares, wild;
};

DEVICE void gemm_add(struct gemm_partial *partial, double number)
{
	const double half = number < 0 ? -0.5 : 0.5;

	if (!(number > -1048576.0 && number < 1048576.0)) {
		partial->wild++;
		return;
	}
	partial->sum += (u64)(long long)(number * (1 << GEMM_SUM_BITS) + half);
	partial->squares += (u64)(number * number * (1 << GEMM_SQUARE_BITS) + 0.5);
}

/* Rows that the stand-in's memory does not really have. */
#define IS_BEYOND(row) ((row) * a.columns * a.element_bytes / 16 >= LIMIT(~0ull))

/* 32 threads a row, which read what lies together. */
KERNEL_COST(gemm_row_sums, struct gemm_sum_work,
	    (double)a.element_bytes * (double)a.rows * (double)a.columns, a.from)
KERNEL(gemm_row_sums, struct gemm_sum_work)
{
	EACH(at, a.rows * 32) {
		const u64 row = at / 32;
		struct gemm_partial partial = { 0, 0, 0 };

		if (IS_BEYOND(row))
			continue;

		for (u64 column = at % 32; column < a.columns; column += 32)
			gemm_add(&partial, gemm_read(&a, row * a.columns + column));
		ADD((u64 *)a.row_sums + row, partial.sum);
		ADD((u64 *)a.row_squares + row, partial.squares);
		if (partial.wild)
			ADD(a.wild, partial.wild);
	}
}

/* A thread for each column of 256 rows. */
KERNEL_COST(gemm_column_sums, struct gemm_sum_work,
	    (double)a.element_bytes * (double)a.rows * (double)a.columns, a.from)
KERNEL(gemm_column_sums, struct gemm_sum_work)
{
	const u64 blocks = (a.rows + 255) / 256;

	EACH(at, blocks * a.columns) {
		const u64 column = at % a.columns;
		const u64 first = at / a.columns * 256;
		const u64 end = first + 256 < a.rows ? first + 256 : a.rows;
		struct gemm_partial partial = { 0, 0, 0 };

		for (u64 row = first; row < end && !IS_BEYOND(row); row++)
			gemm_add(&partial, gemm_read(&a, row * a.columns + column));
		ADD((u64 *)a.column_sums + column, partial.sum);
		ADD((u64 *)a.column_squares + column, partial.squares);
	}
}
