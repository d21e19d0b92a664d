/*
 * Two numbers for a measured curve: time = alpha + bytes / rate. What many bytes reach, and what
 * none cost, tell a slow network from a large one.
 */
#pragma once

#include "fabric/collective.h"

enum {
	TIMINGS_MAXIMUM = 64,
};

struct timing {
	double bytes, time_us;
};

struct alpha_beta {
	unsigned count;
	double alpha_us;       /* below 0: no straight line */
	double busbw_gb_per_s; /* of endless bytes */
	double half_bytes;     /* that reach half of it; 90 % takes nine times as many */
	double worst;          /* residual, a share of the measured time */
	double residuals[TIMINGS_MAXIMUM]; /* fitted over measured, less 1 */
};

/* Least squares of the relative error, so that small messages count as much as large ones. Fails
 * with fewer than three points, two sizes, or a time that does not grow with the bytes. */
bool alpha_beta_fit(const struct timing *timings, unsigned count, double factor,
		    struct alpha_beta *ret_fit, struct error *err);

/* What the bandwidth looks like beside what the NICs of a node give, or NVLink inside a domain. */
enum band {
	BAND_ABOVE,   /* the algorithm makes more of the NICs, or the network is not this one */
	BAND_AT,      /* within 7 % */
	BAND_RAILS,   /* near k of the NICs of a node: the others may be dead or shared */
	BAND_HALF,    /* a PCIe generation or width, or a NIC for two */
	BAND_THIRD,   /* GPUDirect RDMA is off */
	BAND_BETWEEN, /* none of these: oversubscription or congestion */
	BAND_COUNT,
};

enum residual_shape {
	SHAPE_STRAIGHT, /* every residual within 3 % */
	SHAPE_CURVED,   /* the ends on one side, the middle on the other: a change of protocol */
	SHAPE_ROUGH,    /* no order: congestion, or too few iterations */
	SHAPE_COUNT,
};

struct alpha_beta_meaning {
	double bound_gb_per_s;     /* of the best algorithm */
	double reference_gb_per_s; /* what the NICs give, where that is less: healthy clusters
				    * reach this (docs/training.md) */
	double share;              /* of the reference that the asymptote reaches */
	enum band band;
	unsigned rails; /* BAND_RAILS: how many look alive */
	double step_us; /* alpha over the ring's steps */
	/* What NCCL's constants give: the fastest protocol and way, and Simple's ring. */
	double least_us, most_us;
	enum residual_shape shape;
};

void alpha_beta_explain(const struct alpha_beta *fit, const struct timing *timings,
			const struct network *network, const struct rank_group *group,
			enum collective collective, struct alpha_beta_meaning *ret_meaning);
