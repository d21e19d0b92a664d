/*
 * What iperf3 says with --json at the side that comes, of versions 3.1 on. Version 3.12 and others
 * end with status 0 after an error: its "error" counts, not the status. Nothing is guessed: what a
 * version does not tell is not known.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

enum {
	IPERF3_BYTES_MAXIMUM = 4 << 20,
	IPERF3_STREAMS_MAXIMUM = 128, /* as many as iperf3 itself takes */
	IPERF3_PACKETS_MAXIMUM = 1000000000,
};

struct iperf3_report {
	const char *version; /* "3.12" */
	const char *peer;    /* as it was called: a name or an address */
	uint64_t port;
	const char *local; /* address of this side; "" when it is not told */
	bool is_udp;
	bool is_reverse; /* the peer sends */
	uint64_t streams;
	double seconds;
	double bytes_per_s; /* that arrived, of all streams */
	/* Of TCP: segments that were sent again, percent of those that were sent; negative: not
	 * known, as where the system does not count them. */
	double retransmits;
	/* Round trips under this load, of the middle and the best; 0: not known. Only the side that
	 * sends knows them. */
	double rtt_s, rtt_least_s;
	/* Of UDP; jitter as RFC 3550 has it. */
	double jitter_s, packets, lost;
	/* Rate of the worst two neighbouring intervals over that of the middle one, of TCP;
	 * negative: not known, as with fewer than four intervals. */
	double worst_part;
	/* Of one thread of iperf3, the busier side, in percent; negative: not known. Since 3.16
	 * each stream has a thread. */
	double busy;
};

/* ERROR_INVALID with one sentence when the run failed. */
bool iperf3_read(struct span text, const char *file, struct arena *arena,
		 struct iperf3_report *ret_report, struct error *err);

/* Whether the text looks like it. */
bool iperf3_fits(struct span text);

/* True when the sentence of a failed run says that the peer serves somebody else just now. */
bool iperf3_is_busy(const struct error *err);

/* True when the sentence says that the peer listened, but closed the connection before the test
 * began: iperf3 -s does it to whoever comes while it opens its port anew after another test. */
bool iperf3_is_turned_away(const struct error *err);

/* True when the sentence says that the peer was not reached at all. */
bool iperf3_is_away(const struct error *err);
