/*
 * A language model as far as training it costs something: how many parameters there are, how many a
 * token meets, and how large what is sent is.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

struct transformer {
	unsigned layers;
	double hidden, vocabulary;
	unsigned heads, key_value_heads;
	double attention; /* parameters of one layer's attention; 0: as heads have them */
	double ffn;       /* of a dense layer, three matrices */

	/* Mixture of experts; no experts: a dense model. */
	unsigned experts, active_experts, shared_experts;
	double expert_ffn;
	unsigned dense_layers; /* of the layers, those without experts */
};

bool transformer_check(const struct transformer *model, struct error *err);

unsigned transformer_expert_layers(const struct transformer *model);

/* Parameters in all: embedding and output, attention, feed-forward, router; norms are left out
 * (below 0.01 %). */
double transformer_parameters(const struct transformer *model);

/* Those of the routed experts alone. */
double transformer_expert_parameters(const struct transformer *model);

/* Those that one token meets; the embedding counts, as publications count. */
double transformer_active_parameters(const struct transformer *model);
