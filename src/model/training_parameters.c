#include "model/training_parameters.h"

#include <assert.h>
#include <math.h>

enum training_row {
	TRAINING_GPUS,
	TRAINING_TOKENS,
	TRAINING_TFLOPS,
	TRAINING_COMPUTE_MFU,
	TRAINING_OVERLAP_DATA,
	TRAINING_OVERLAP_TENSOR,
	TRAINING_OVERLAP_EXPERT,
	TRAINING_TENSOR,
	TRAINING_PIPELINE,
	TRAINING_EXPERT,
	TRAINING_SHARD,
	TRAINING_MICROBATCHES,
	TRAINING_CHUNKS,
	TRAINING_PASSES,
	TRAINING_PARAMETER_BYTES,
	TRAINING_ACTIVATION_BYTES,
	TRAINING_LAYERS,
	TRAINING_HIDDEN,
	TRAINING_VOCABULARY,
	TRAINING_HEADS,
	TRAINING_KEY_VALUE_HEADS,
	TRAINING_ATTENTION,
	TRAINING_FFN,
	TRAINING_EXPERTS,
	TRAINING_ACTIVE_EXPERTS,
	TRAINING_SHARED_EXPERTS,
	TRAINING_EXPERT_FFN,
	TRAINING_DENSE_LAYERS,
	TRAINING_SHARE,
	TRAINING_PRICE_A,
	TRAINING_PRICE_B,
	TRAINING_ROWS,
};

#define OURS "our own"
#define LLAMA3 "Llama Team, The Llama 3 Herd of Models, 2024, arXiv 2407.21783, table 3"

static const struct parameter_row training_rows[] = {
	[TRAINING_GPUS] = { "gpus", "", 1024, 1, 1e6, "GPUs that train together", OURS },
	[TRAINING_TOKENS] = { "tokens", "", 8192, 1, 1e8, "tokens of one GPU in one step",
			      "one sequence of 8,192 each" },
	[TRAINING_TFLOPS] = { "tflops", "TFLOPS", 989, 1, 1e6, "peak of one GPU, dense",
			      "NVIDIA, H100 SXM, bf16" },
	[TRAINING_COMPUTE_MFU] = { "compute_mfu", "share", 0.45, 0.01, 1,
				   "MFU of a GPU that waits for no other",
				   "our own, of published MFU points" },
	[TRAINING_OVERLAP_DATA] = { "overlap_data", "share", 0.1, 0, 1,
				    "of the traffic of parameters and gradients that computing "
				    "hides",
				    OURS },
	[TRAINING_OVERLAP_TENSOR] = { "overlap_tensor", "share", 0.3, 0, 1,
				      "the same of tensor-parallel sums", OURS },
	[TRAINING_OVERLAP_EXPERT] = { "overlap_expert", "share", 0.3, 0, 1,
				      "the same of the exchange between experts", OURS },
	[TRAINING_TENSOR] = { "tensor", "", 1, 1, 1024, "GPUs that divide each layer", OURS },
	[TRAINING_PIPELINE] = { "pipeline", "", 1, 1, 1024, "stages that divide the layers", OURS },
	[TRAINING_EXPERT] = { "expert", "", 1, 1, 1024, "GPUs that divide the experts", OURS },
	[TRAINING_SHARD] = { "shard", "", 0, 0, 1e6,
			     "data-parallel ranks that divide the parameters; 0: all", OURS },
	[TRAINING_MICROBATCHES] = { "microbatches", "", 1, 1, 1e5, "of a step", OURS },
	[TRAINING_CHUNKS] = { "chunks", "", 1, 1, 100, "of each stage, interleaved", OURS },
	[TRAINING_PASSES] = { "passes", "", 3, 2, 1e4,
			      "times that the parameters cross the network in a step",
			      "fully sharded: gathered twice, reduced once" },
	[TRAINING_PARAMETER_BYTES] = { "parameter_bytes", "bytes", 2, 0.5, 8,
				       "of a parameter, or gradient, on the way", "bf16" },
	[TRAINING_ACTIVATION_BYTES] = { "activation_bytes", "bytes", 2, 0.5, 8,
					"of an activation on the way", "bf16" },
	[TRAINING_LAYERS] = { "layers", "", 80, 1, 1e4, "of the model", LLAMA3 },
	[TRAINING_HIDDEN] = { "hidden", "", 8192, 1, 1e6, "width of the model", LLAMA3 },
	[TRAINING_VOCABULARY] = { "vocabulary", "", 128256, 0, 1e7, "tokens known", LLAMA3 },
	[TRAINING_HEADS] = { "heads", "", 64, 1, 1e4, "of attention", LLAMA3 },
	[TRAINING_KEY_VALUE_HEADS] = { "key_value_heads", "", 8, 1, 1e4, "of them", LLAMA3 },
	[TRAINING_ATTENTION] = { "attention", "", 0, 0, 1e12,
				 "parameters of a layer's attention; 0: as heads have them", OURS },
	[TRAINING_FFN] = { "ffn", "", 28672, 0, 1e7, "width of a dense feed-forward layer",
			   LLAMA3 },
	[TRAINING_EXPERTS] = { "experts", "", 0, 0, 1e5, "of a layer; 0: a dense model", OURS },
	[TRAINING_ACTIVE_EXPERTS] = { "active_experts", "", 0, 0, 1e5, "that a token meets", OURS },
	[TRAINING_SHARED_EXPERTS] = { "shared_experts", "", 0, 0, 1e5, "that all tokens meet",
				      OURS },
	[TRAINING_EXPERT_FFN] = { "expert_ffn", "", 0, 0, 1e7, "width of an expert", OURS },
	[TRAINING_DENSE_LAYERS] = { "dense_layers", "", 0, 0, 1e4, "without experts", OURS },
	[TRAINING_SHARE] = { "share", "share", NAN, 0, 0.99,
			     "of a step that waits for the network: x of the law",
			     "as the model gives it" },
	[TRAINING_PRICE_A] = { "price_a", "USD", NAN, 0, 1e4, "of a GPU-hour with network a", "" },
	[TRAINING_PRICE_B] = { "price_b", "USD", NAN, 0, 1e4, "of a GPU-hour with network b", "" },
};
static_assert(sizeof(training_rows) / sizeof(training_rows[0]) == TRAINING_ROWS,
	      "a row for each parameter");

const struct parameter_table training_table = { "training", training_rows, TRAINING_ROWS };

enum network_row {
	NETWORK_GPUS_PER_NODE,
	NETWORK_DOMAIN,
	NETWORK_RING,
	NETWORK_NVLS,
	NETWORK_NICS,
	NETWORK_RATE,
	NETWORK_WIRE,
	NETWORK_RAILS,
	NETWORK_GROUP,
	NETWORK_RADIX,
	NETWORK_TIERS,
	NETWORK_LEAF_OVERSUBSCRIPTION,
	NETWORK_SPINE_OVERSUBSCRIPTION,
	NETWORK_SCATTER,
	NETWORK_SHARP,
	NETWORK_STATIC,
	NETWORK_DEAD_NICS,
	NETWORK_MESSAGE,
	NETWORK_HOP,
	NETWORK_OVERHEAD,
	NETWORK_ROWS,
};

#define H100 "NVIDIA, DGX H100"
#define MEASURED "stas00/ml-engineering 744d01e, nccl-tests on H200"
#define NCCL "NVIDIA/nccl 5067397, src/graph/tuning.cc"

static const struct parameter_row network_rows[] = {
	[NETWORK_GPUS_PER_NODE] = { "gpus_per_node", "", 8, 1, 64, "of one node", H100 },
	[NETWORK_DOMAIN] = { "domain", "", 8, 1, 1024, "GPUs of one NVLink domain", H100 },
	[NETWORK_RING] = { "ring", "GB/s", 366, 1, 1e5, "bus bandwidth of a ring in a domain",
			   MEASURED },
	[NETWORK_NVLS] = { "nvls", "GB/s", 475, 0, 1e5,
			   "the same of an all-reduce in the NVLink switch; 0: none", MEASURED },
	[NETWORK_NICS] = { "nics", "", 8, 1, NETWORK_RAILS_MAXIMUM, "of a node, for GPUs", H100 },
	[NETWORK_RATE] = { "rate", "Gb/s", 400, 1, 1e5, "of one NIC", H100 },
	[NETWORK_WIRE] = { "wire", "share", 0.965, 0.05, 1, "of the rate that data gets",
			   "CoreWeave, nccl-tests, 64 H100: 386 of 400 GB/s" },
	[NETWORK_RAILS] = { "rails", "", 1, 0, 1, "1: rail-optimised, 0: a node on one leaf",
			    H100 },
	[NETWORK_GROUP] = { "group", "nodes", 0, 0, 1e5,
			    "below the same leaves; 0: as the radix allows", OURS },
	[NETWORK_RADIX] = { "radix", "ports", 64, 4, 4096, "of a switch", "NVIDIA, QM9700" },
	[NETWORK_TIERS] = { "tiers", "", 3, 1, NETWORK_TIERS_MAXIMUM, "of switches", OURS },
	[NETWORK_LEAF_OVERSUBSCRIPTION] = { "leaf_oversubscription", "", 1, 1, 100,
					    "of the way from leaf to spine", OURS },
	[NETWORK_SPINE_OVERSUBSCRIPTION] = { "spine_oversubscription", "", 1, 1, 100,
					     "of the way from spine to core", OURS },
	[NETWORK_SCATTER] = { "scatter", "share", 0, 0, 1,
			      "0: jobs placed by topology, 1: anywhere", OURS },
	[NETWORK_SHARP] = { "sharp", "", 0, 0, 1, "1: the switches add up", OURS },
	[NETWORK_STATIC] = { "static_split", "", 0, 0, 1,
			     "1: the slowest NIC is the pace, 0: the others take over", OURS },
	[NETWORK_DEAD_NICS] = { "dead_nics", "", 0, 0, NETWORK_RAILS_MAXIMUM - 1, "of a node",
				OURS },
	[NETWORK_MESSAGE] = { "message", "us", 14, 0.1, 1e4, "one message through one switch",
			      NCCL },
	[NETWORK_HOP] = { "hop", "us", 0.5, 0, 1e3, "each further switch", OURS },
	[NETWORK_OVERHEAD] = { "overhead", "us", 1, 0, 1e3, "of sending one more message", NCCL },
};
static_assert(sizeof(network_rows) / sizeof(network_rows[0]) == NETWORK_ROWS,
	      "a row for each parameter");

const struct parameter_table network_table = { "network", network_rows, NETWORK_ROWS };

/* ---- values ---- */

/* Whole numbers are read one after the other; the first fault stays. */
struct taking {
	const struct parameters *parameters;
	struct error *err;
	bool failed;
};

static double value_of(const struct parameters *parameters, unsigned row)
{
	return parameters->values[row].value;
}

static unsigned count_of(struct taking *taking, unsigned row)
{
	double value = value_of(taking->parameters, row);
	char text[100];

	if (!taking->failed && fabs(value - round(value)) > 0)
		taking->failed = !fail(
			taking->err, ERROR_INVALID, "%s is %s, where a whole number has to be",
			taking->parameters->table->rows[row].name,
			quantity_format((struct quantity){ value, value, value }, text));
	return (unsigned)value;
}

bool training_input_make(const struct parameters *parameters, struct training_input *ret_input,
			 struct error *err)
{
	struct taking taking = { .parameters = parameters, .err = err };

	ret_input->transformer = (struct transformer){
		.layers = count_of(&taking, TRAINING_LAYERS),
		.hidden = value_of(parameters, TRAINING_HIDDEN),
		.vocabulary = value_of(parameters, TRAINING_VOCABULARY),
		.heads = count_of(&taking, TRAINING_HEADS),
		.key_value_heads = count_of(&taking, TRAINING_KEY_VALUE_HEADS),
		.attention = value_of(parameters, TRAINING_ATTENTION),
		.ffn = value_of(parameters, TRAINING_FFN),
		.experts = count_of(&taking, TRAINING_EXPERTS),
		.active_experts = count_of(&taking, TRAINING_ACTIVE_EXPERTS),
		.shared_experts = count_of(&taking, TRAINING_SHARED_EXPERTS),
		.expert_ffn = value_of(parameters, TRAINING_EXPERT_FFN),
		.dense_layers = count_of(&taking, TRAINING_DENSE_LAYERS),
	};
	ret_input->training = (struct training){
		.model = &ret_input->transformer,
		.gpus = count_of(&taking, TRAINING_GPUS),
		.tensor = count_of(&taking, TRAINING_TENSOR),
		.pipeline = count_of(&taking, TRAINING_PIPELINE),
		.expert = count_of(&taking, TRAINING_EXPERT),
		.shard = count_of(&taking, TRAINING_SHARD),
		.microbatches = count_of(&taking, TRAINING_MICROBATCHES),
		.chunks = count_of(&taking, TRAINING_CHUNKS),
		.passes = count_of(&taking, TRAINING_PASSES),
		.tokens = value_of(parameters, TRAINING_TOKENS),
		.tflops = value_of(parameters, TRAINING_TFLOPS),
		.compute_mfu = value_of(parameters, TRAINING_COMPUTE_MFU),
		.parameter_bytes = value_of(parameters, TRAINING_PARAMETER_BYTES),
		.activation_bytes = value_of(parameters, TRAINING_ACTIVATION_BYTES),
		.overlap = {
			.data = value_of(parameters, TRAINING_OVERLAP_DATA),
			.tensor = value_of(parameters, TRAINING_OVERLAP_TENSOR),
			.expert = value_of(parameters, TRAINING_OVERLAP_EXPERT),
		},
	};
	return !taking.failed && training_check(&ret_input->training, err);
}

bool network_make(const struct parameters *parameters, struct network *ret_network,
		  struct error *err)
{
	struct taking taking = { .parameters = parameters, .err = err };
	unsigned dead = count_of(&taking, NETWORK_DEAD_NICS);
	uint32_t rate = (uint32_t)round(value_of(parameters, NETWORK_RATE) * 1000);
	struct network network = {
		.gpus_per_node = count_of(&taking, NETWORK_GPUS_PER_NODE),
		.domain_gpus = count_of(&taking, NETWORK_DOMAIN),
		.domain_ring_gb_per_s = value_of(parameters, NETWORK_RING),
		.domain_switch_gb_per_s = value_of(parameters, NETWORK_NVLS),
		.rail_count = count_of(&taking, NETWORK_NICS),
		.is_split_statically = count_of(&taking, NETWORK_STATIC) > 0,
		.wire_share = value_of(parameters, NETWORK_WIRE),
		.is_rail_optimised = count_of(&taking, NETWORK_RAILS) > 0,
		.group_nodes = count_of(&taking, NETWORK_GROUP),
		.radix = count_of(&taking, NETWORK_RADIX),
		.tiers = count_of(&taking, NETWORK_TIERS),
		.oversubscription = { value_of(parameters, NETWORK_LEAF_OVERSUBSCRIPTION),
				      value_of(parameters, NETWORK_SPINE_OVERSUBSCRIPTION) },
		.scatter = value_of(parameters, NETWORK_SCATTER),
		.has_sharp = count_of(&taking, NETWORK_SHARP) > 0,
		.message_us = value_of(parameters, NETWORK_MESSAGE),
		.hop_us = value_of(parameters, NETWORK_HOP),
		.overhead_us = value_of(parameters, NETWORK_OVERHEAD),
	};

	if (taking.failed)
		return false;
	if (dead >= network.rail_count)
		return fail(err, ERROR_INVALID, "%u dead NICs of %u leave no network", dead,
			    network.rail_count);
	for (unsigned i = 0; i + dead < network.rail_count; i++)
		network.rail_mbit_per_s[i] = rate;
	if (!network_check(&network, err))
		return false;
	*ret_network = network;
	return true;
}

struct training_asides training_asides_of(const struct parameters *parameters)
{
	return (struct training_asides){
		.share = parameters->values[TRAINING_SHARE],
		.price_a = parameters->values[TRAINING_PRICE_A],
		.price_b = parameters->values[TRAINING_PRICE_B],
	};
}

/* ---- ranges ---- */

static bool is_range(struct quantity quantity)
{
	return quantity.high > quantity.low;
}

unsigned parameters_ranges(const struct parameters *parameters)
{
	unsigned count = 0;

	for (unsigned i = 0; i < parameters->table->count; i++)
		count += is_range(parameters->values[i]);
	return count;
}

void parameters_at_ends(const struct parameters *parameters, unsigned ends,
			struct parameters *ret_parameters)
{
	unsigned range = 0;

	*ret_parameters = *parameters;
	for (unsigned i = 0; i < parameters->table->count; i++) {
		struct quantity *quantity = &ret_parameters->values[i];

		if (!is_range(*quantity))
			continue;
		quantity->value = ends >> range & 1 ? quantity->high : quantity->low;
		range++;
	}
}
