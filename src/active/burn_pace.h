/*
 * When a burn-in loads and how much: full load, pulses of half the time, nothing, over and over.
 * The steps between them are what power supplies, and clocks that follow the power, do not like;
 * all GPUs step at the same moment, by the clock that all processes of a machine share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum burn_phase {
	BURN_FULL,
	BURN_HALF, /* pulses: half of the time nothing */
	BURN_IDLE,
};

struct burn_pace {
	int64_t start_ns, end_ns; /* host_boot_ns */
	int64_t cycle_ns;         /* 80 % full, 14 % pulses, 6 % nothing */
	int64_t pulse_ns;         /* a pulse and the pause behind it */
};

/* Ten minutes a cycle, in a burn-in of less than an hour a sixth of it but two seconds; pulses of a
 * second, or shorter, so that there are three of them. */
struct burn_pace burn_pace_of(int64_t start_ns, int64_t end_ns);

/* What is going on at a moment; *ret_is_on whether there is load, *ret_until_ns when that changes
 * (never behind the end), *ret_since_ns since when the phase goes on. Nothing before the start and
 * after the end. */
enum burn_phase burn_pace_at(const struct burn_pace *pace, int64_t now_ns, bool *ret_is_on,
			     int64_t *ret_since_ns, int64_t *ret_until_ns);

/* What a GPU does without being asked anything: half a second, and at least ten of them a cycle. */
int64_t burn_pace_slice_ns(const struct burn_pace *pace);

/* How much full load there is from one moment to another. */
int64_t burn_pace_full_ns(const struct burn_pace *pace, int64_t now_ns, int64_t until_ns);
