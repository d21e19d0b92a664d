/*
 * What a network does to training: how long a step computes, how long its communication shows, and
 * what follows for the price that a network is worth.
 *
 * Two ways that check each other. The law has one number, the share x of a step that waits for the
 * network. First principles derive that share from the model, how it is spread and the network.
 * Neither foretells an absolute MFU: software moves it more than any network (docs/training.md). Of
 * the ratio of two networks about 10 % is uncertain.
 */
#pragma once

#include "fabric/collective.h"
#include "model/transformer.h"

/* MFU with relative bandwidth b of collectives, over MFU with 1: 1 / (1 + x (1/b - 1)). x is the
 * share of the step that waits for the network at b = 1. */
double training_law(double bandwidth, double exposed_share);

/* The x of a law by which bandwidth b gives this ratio; b is not 1. */
double training_law_share(double bandwidth, double ratio);

/* Shares of communication that computing hides, 0 to 1. */
struct overlaps {
	double data;   /* of gathering parameters and reducing gradients */
	double tensor; /* of the sums within a layer */
	double expert; /* of the all-to-all between experts */
};

/* How a model is trained on so many GPUs. Ranks are numbered tensor first, then expert within data,
 * then pipeline: tensor groups are neighbours. */
struct training {
	const struct transformer *model;
	unsigned gpus;
	unsigned tensor, pipeline, expert; /* GPUs of a group; 1: not divided so */
	unsigned shard;        /* data-parallel ranks that divide the parameters; 0: all of them */
	unsigned microbatches; /* of a step */
	unsigned chunks;       /* of each pipeline stage, interleaved; 1: not */
	unsigned passes;       /* times that the parameters cross the network in a step: 3 gathered
				* twice and reduced once, 2 gathered once */
	double tokens;         /* of one GPU in one step */
	double tflops;         /* peak of one GPU */
	double compute_mfu;    /* that it reaches when it waits for no other */
	double parameter_bytes, activation_bytes;
	struct overlaps overlap;
};

enum communication {
	COMMUNICATION_DATA,     /* parameters and gradients between data-parallel ranks */
	COMMUNICATION_REPLICAS, /* gradients between groups that hold the whole model each */
	COMMUNICATION_TENSOR,
	COMMUNICATION_EXPERT,
	COMMUNICATION_PIPELINE,
	COMMUNICATION_COUNT,
};

extern const char *const communication_names[COMMUNICATION_COUNT];

struct communication_cost {
	double bytes;     /* that one GPU sends in a step */
	double time_s;    /* of a step, alone */
	double exposed_s; /* that computing does not hide */
	enum algorithm algorithm;
	bool crosses; /* leaves the NVLink domain */
};

struct training_step {
	double compute_s;
	double bubble_s; /* stages of a pipeline that have nothing to do */
	struct communication_cost costs[COMMUNICATION_COUNT];
	double exposed_s;
	double time_s;
	double exposed_share; /* of the step */
	double network_share; /* of the step, of what leaves the domain alone: the law's x */
	double mfu;
	double tokens_per_s; /* of one GPU */
};

/* Fails where the groups do not divide the GPUs, the experts or the layers. */
bool training_check(const struct training *training, struct error *err);

/* The step on that network, which holds the GPUs. */
bool training_step(const struct training *training, const struct network *network,
		   struct training_step *ret_step, struct error *err);

/* Bytes of parameters that cross a node's NICs in a step, and FLOP of one GPU: what a calculation
 * on the back of an envelope starts from. */
double training_parameter_bytes(const struct training *training);
double training_flop(const struct training *training);

/* USD for a billion tokens at this price of a GPU-hour. */
double training_usd_per_billion(double usd_per_gpu_hour, double tokens_per_s);
