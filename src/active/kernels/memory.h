/*
 * Arguments of the kernels in memory.cu. Addresses are of device memory, 16-byte aligned; `count`
 * is of pieces of 16 bytes (read, write, copy, triad) or of words of 8 bytes (all others).
 */
#pragma once

struct memory_work {
	unsigned long long from, also, into;
	unsigned long long count;
	unsigned long long key;    /* value written, factor, or key of the random stream */
	unsigned long long first;  /* number of the first word, where its number matters */
	unsigned long long result; /* address of one word, or of a struct memory_faults */
};

/* What a word of a pattern is; the word's number is work.first and its index. */
enum memory_pattern {
	MEMORY_CONSTANT,     /* key */
	MEMORY_WALKING_ONE,  /* one bit, which goes on from word to word, starting at bit key */
	MEMORY_WALKING_ZERO, /* the inverse */
	MEMORY_ADDRESS,      /* its own address, and above it the key */
	MEMORY_RANDOM,       /* random_u64(key, number) of base/random.h */
	MEMORY_PATTERN_COUNT,
};

struct memory_pattern_work {
	struct memory_work work;
	unsigned long long pattern; /* enum memory_pattern */
	unsigned long long invert;  /* all ones: the inverse of it; 0: itself */
};

#define MEMORY_FAULTS_KEPT 8

/* Starts as zeros, with `lowest` all ones. */
struct memory_faults {
	unsigned long long count;  /* words that are not what was written */
	unsigned long long bits;   /* all bits that differed, or-ed */
	unsigned long long lowest; /* smallest address */
	unsigned long long kept;   /* of the list that were found, may be above its length */
	struct {
		unsigned long long address, expected, found;
	} list[MEMORY_FAULTS_KEPT]; /* some of them, in no order */
};
