/*
 * Arguments of the kernels in gemm.cu. Addresses are of device memory, 16-byte aligned.
 */
#pragma once

/* One over the deviation of the sum of four numbers of 16 bits: the root of 3 over 65536. */
#define GEMM_NORMAL_UNIT 0x1.bb67ae0000000p-16f

/* Fills with the numbers that gemm_fill (active/gemm.h) fills with, bit for bit. */
struct gemm_fill_work {
	unsigned long long into;
	unsigned long long count;         /* words of 8 bytes */
	unsigned long long key;           /* of the random stream: gemm_fill_key */
	unsigned long long first;         /* number of the first element */
	unsigned long long element_bytes; /* 1, 2, 4 or 8 */
	unsigned long long exponent_bits; /* of a format that is not C's own; 0: float or double */
	unsigned long long fraction_bits;
	unsigned long long shift; /* bits of the element below its code */
	unsigned long long whole; /* 1: whole numbers from -2 to 2; 0: like a normal distribution */
};

/* Sums of the rows and the columns of a matrix in rows, added to what is there: numbers times
 * 2^GEMM_SUM_BITS, squares times 2^GEMM_SQUARE_BITS, each rounded, so that the order of the sum
 * does not matter. What is no number, or 2^20 and above, counts in `wild` and is left out. */
#define GEMM_SUM_BITS 24
#define GEMM_SQUARE_BITS 8

struct gemm_sum_work {
	unsigned long long from;
	unsigned long long rows, columns; /* columns: a multiple of 4 */
	unsigned long long element_bytes; /* 2: of the format below; 4: float; 8: double */
	unsigned long long is_half;       /* 1: 5 bits of exponent and 10 of fraction; 0: 8 and 7 */
	unsigned long long row_sums, column_sums;       /* of signed words of 8 bytes */
	unsigned long long row_squares, column_squares; /* of unsigned ones */
	unsigned long long wild;                        /* one word: how many */
};
