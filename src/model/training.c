#include "model/training.h"

#include <assert.h>
#include <math.h>

enum {
	SECONDS_PER_HOUR = 3600,
	FLOP_PER_PARAMETER = 6,   /* forward 2, backward 4 */
	SUMS_PER_LAYER = 4,       /* tensor parallel: attention and feed-forward, each way */
	EXCHANGES_PER_LAYER = 4,  /* experts: there and back, each way */
	GATHERINGS_OF_A_STEP = 2, /* of passes; what is more reduces */
};

const char *const communication_names[] = {
	[COMMUNICATION_DATA] = "data",         [COMMUNICATION_REPLICAS] = "replicas",
	[COMMUNICATION_TENSOR] = "tensor",     [COMMUNICATION_EXPERT] = "expert",
	[COMMUNICATION_PIPELINE] = "pipeline",
};
static_assert(sizeof(communication_names) / sizeof(communication_names[0]) == COMMUNICATION_COUNT,
	      "a name for each communication");

double training_law(double bandwidth, double exposed_share)
{
	return 1 / (1 + exposed_share * (1 / bandwidth - 1));
}

double training_law_share(double bandwidth, double ratio)
{
	return (1 / ratio - 1) / (1 / bandwidth - 1);
}

double training_usd_per_billion(double usd_per_gpu_hour, double tokens_per_s)
{
	return usd_per_gpu_hour / SECONDS_PER_HOUR / tokens_per_s * 1e9;
}

static unsigned data_ranks(const struct training *training)
{
	return training->gpus / (training->tensor * training->pipeline);
}

static unsigned shard_ranks(const struct training *training)
{
	unsigned ranks = data_ranks(training);

	return training->shard > 0 && training->shard < ranks ? training->shard : ranks;
}

static bool check_groups(const struct training *training, struct error *err)
{
	unsigned model_gpus = training->tensor * training->pipeline;

	if (training->gpus == 0 || model_gpus == 0 || training->expert == 0)
		return fail(err, ERROR_INVALID, "gpus, tensor, pipeline and expert are 1 at least");
	if (training->gpus % model_gpus != 0)
		return fail(err, ERROR_INVALID,
			    "%u GPUs do not divide by tensor %u times pipeline %u", training->gpus,
			    training->tensor, training->pipeline);

	unsigned data = data_ranks(training);
	if (data % training->expert != 0)
		return fail(err, ERROR_INVALID, "%u data-parallel ranks do not divide by expert %u",
			    data, training->expert);
	if (training->shard > 0 && data % shard_ranks(training) != 0)
		return fail(err, ERROR_INVALID, "%u data-parallel ranks do not divide by shard %u",
			    data, training->shard);
	if (training->shard > 0 && shard_ranks(training) % training->expert != 0)
		return fail(err, ERROR_INVALID, "shard %u does not divide by expert %u",
			    training->shard, training->expert);
	return true;
}

bool training_check(const struct training *training, struct error *err)
{
	const struct transformer *model = training->model;
	unsigned experts = model->experts > 0 ? model->experts : 1;

	if (!transformer_check(model, err) || !check_groups(training, err))
		return false;
	if (experts % training->expert != 0)
		return fail(err, ERROR_INVALID, "%u expert%s not divide by expert %u", experts,
			    experts == 1 ? ", a dense model's, does" : "s do", training->expert);
	if (training->pipeline > model->layers)
		return fail(err, ERROR_INVALID, "%u layers do not fill a pipeline of %u stages",
			    model->layers, training->pipeline);
	if (training->microbatches == 0 || training->chunks == 0)
		return fail(err, ERROR_INVALID, "microbatches and chunks are 1 at least");
	return true;
}

/* Parameters of one GPU before data-parallel ranks divide them. */
struct held {
	double dense, experts;
};

static struct held held_by_gpu(const struct training *training)
{
	double experts = transformer_expert_parameters(training->model);
	double dense = transformer_parameters(training->model) - experts;
	double divided = (double)training->tensor * training->pipeline;

	return (struct held){
		.dense = dense / divided,
		.experts = experts / divided / training->expert,
	};
}

double training_parameter_bytes(const struct training *training)
{
	return training->passes * training->parameter_bytes *
	       transformer_parameters(training->model);
}

double training_flop(const struct training *training)
{
	return FLOP_PER_PARAMETER * transformer_active_parameters(training->model) *
	       training->tokens;
}

/* What a step does, and on what. */
struct work {
	const struct training *training;
	const struct network *network;
	double layers; /* of one stage */
	struct training_step *step;
};

/* Adds `calls` collectives of `bytes` each to a cost. */
static void add_calls(const struct work *work, enum communication kind,
		      const struct rank_group *group, enum collective collective, double bytes,
		      double calls)
{
	struct communication_cost *cost = &work->step->costs[kind];
	struct collective_time time;

	if (group->ranks <= 1 || !(calls > 0))
		return;
	collective_time(work->network, group, collective, bytes, &time);
	cost->bytes += calls * bytes * collective_factor(collective, group->ranks);
	cost->time_s += calls * time.time_us * 1e-6;
	cost->algorithm = time.algorithm;
	cost->crosses = cost->crosses || group->domains > 1;
}

/* Each layer is gathered for the way there and the way back, and its gradients are reduced. */
static void add_sharded(const struct work *work, double parameters, unsigned ranks, unsigned stride)
{
	const struct training *training = work->training;
	struct rank_group group = network_group(work->network, ranks, stride);
	double bytes = parameters * training->parameter_bytes / work->layers;
	double gatherings = fmin(training->passes - 1.0, GATHERINGS_OF_A_STEP);

	add_calls(work, COMMUNICATION_DATA, &group, COLLECTIVE_ALL_GATHER, bytes,
		  work->layers * gatherings);
	add_calls(work, COMMUNICATION_DATA, &group, COLLECTIVE_REDUCE_SCATTER, bytes,
		  work->layers * (training->passes - gatherings));
}

static void add_replicas(const struct work *work, double parameters, unsigned stride)
{
	const struct training *training = work->training;
	unsigned replicas = data_ranks(training) / shard_ranks(training);
	struct rank_group group = network_group(work->network, replicas, stride);

	add_calls(work, COMMUNICATION_REPLICAS, &group, COLLECTIVE_ALL_REDUCE,
		  parameters * training->parameter_bytes / shard_ranks(training) / work->layers,
		  work->layers);
}

static void add_data(const struct work *work)
{
	const struct training *training = work->training;
	struct held held = held_by_gpu(training);
	unsigned ranks = shard_ranks(training);
	unsigned tensor = training->tensor;

	add_sharded(work, held.dense, ranks, tensor);
	if (held.experts > 0)
		add_sharded(work, held.experts, ranks / training->expert,
			    tensor * training->expert);
	/* The experts' shares are gathered over fewer ranks, and end up as small. */
	add_replicas(work, held.dense + held.experts * training->expert, tensor * ranks);
}

/* Activations of one microbatch of the ranks that hold the model together. */
static double microbatch_bytes(const struct work *work)
{
	const struct training *training = work->training;

	return training->tokens * training->tensor * training->pipeline / training->microbatches *
	       training->model->hidden * training->activation_bytes;
}

static void add_tensor(const struct work *work)
{
	const struct training *training = work->training;
	struct rank_group group = network_group(work->network, training->tensor, 1);

	add_calls(work, COMMUNICATION_TENSOR, &group, COLLECTIVE_ALL_REDUCE, microbatch_bytes(work),
		  SUMS_PER_LAYER * work->layers * training->microbatches);
}

static void add_expert(const struct work *work)
{
	const struct training *training = work->training;
	const struct transformer *model = training->model;
	struct rank_group group = network_group(work->network, training->expert, training->tensor);
	double layers = (double)transformer_expert_layers(model) / training->pipeline;

	add_calls(work, COMMUNICATION_EXPERT, &group, COLLECTIVE_ALL_TO_ALL,
		  microbatch_bytes(work) / training->tensor * model->active_experts,
		  EXCHANGES_PER_LAYER * layers * training->microbatches);
}

/* Neighbouring stages exchange activations while others compute; what shows is the way of the first
 * microbatch in and of the last one out. */
static void add_pipeline(const struct work *work)
{
	const struct training *training = work->training;
	struct rank_group group = network_group(work->network, training->pipeline,
						training->gpus / training->pipeline);
	double shown = 2.0 * (training->pipeline - 1);

	/* Only two of the stages' ranks take part in a transfer. */
	group.ranks = group.ranks < 2 ? group.ranks : 2;
	add_calls(work, COMMUNICATION_PIPELINE, &group, COLLECTIVE_SEND_RECEIVE,
		  microbatch_bytes(work) / training->tensor, shown);
}

static double overlap_of(const struct training *training, enum communication kind)
{
	switch (kind) {
	case COMMUNICATION_DATA:
	case COMMUNICATION_REPLICAS:
		return training->overlap.data;
	case COMMUNICATION_TENSOR:
		return training->overlap.tensor;
	case COMMUNICATION_EXPERT:
		return training->overlap.expert;
	case COMMUNICATION_PIPELINE:
	case COMMUNICATION_COUNT:
		break;
	}
	return 0;
}

static void add_up(const struct training *training, struct training_step *step)
{
	double crossing_s = 0;

	for (int i = 0; i < COMMUNICATION_COUNT; i++) {
		struct communication_cost *cost = &step->costs[i];

		cost->exposed_s = cost->time_s * (1 - overlap_of(training, (enum communication)i));
		step->exposed_s += cost->exposed_s;
		crossing_s += cost->crosses ? cost->exposed_s : 0;
	}
	step->time_s = step->compute_s + step->bubble_s + step->exposed_s;
	step->exposed_share = step->exposed_s / step->time_s;
	step->network_share = crossing_s / step->time_s;
	step->mfu = training->compute_mfu * step->compute_s / step->time_s;
	step->tokens_per_s = training->tokens / step->time_s;
}

bool training_step(const struct training *training, const struct network *network,
		   struct training_step *ret_step, struct error *err)
{
	struct training_step step = { 0 };

	if (!training_check(training, err) || !network_check(network, err) ||
	    !network_holds(network, training->gpus, err))
		return false;

	const struct work work = {
		.training = training,
		.network = network,
		.layers = (double)training->model->layers / training->pipeline,
		.step = &step,
	};

	step.compute_s =
		training_flop(training) / (training->tflops * 1e12 * training->compute_mfu);
	step.bubble_s = step.compute_s * (training->pipeline - 1.0) /
			((double)training->microbatches * training->chunks);
	add_data(&work);
	add_tensor(&work);
	add_expert(&work);
	add_pipeline(&work);
	add_up(training, &step);
	*ret_step = step;
	return true;
}
