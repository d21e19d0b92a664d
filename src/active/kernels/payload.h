/*
 * Arguments of the kernels in payload.cu, which write and compare what active/payload.h says, in
 * the memory of the device: floats, each 4 bytes.
 */
#pragma once

struct payload_work {
	unsigned long long at;     /* address of the first element */
	unsigned long long count;  /* of elements */
	unsigned long long first;  /* number of the first, in what its rank sends */
	unsigned long long rank;   /* whose they are; of a sum: nothing */
	unsigned long long ranks;  /* how many were added up; 0: no sum */
	unsigned long long result; /* address of a struct payload_faults */
};

/* Starts as zeros, with `lowest` all ones; several launches add to one. */
struct payload_faults {
	unsigned long long compared, wrong;
	unsigned long long lowest; /* address of the first wrong one */
};
