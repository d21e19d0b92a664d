#include "model/transformer.h"

bool transformer_check(const struct transformer *model, struct error *err)
{
	if (model->layers == 0 || !(model->hidden > 0) || model->heads == 0)
		return fail(err, ERROR_INVALID, "a model has layers, a hidden size and heads");
	if (model->key_value_heads == 0 || model->key_value_heads > model->heads)
		return fail(err, ERROR_INVALID, "%u key-value heads of %u heads",
			    model->key_value_heads, model->heads);
	if (model->active_experts > model->experts)
		return fail(err, ERROR_INVALID, "%u active experts of %u", model->active_experts,
			    model->experts);
	if (model->experts > 0 && (model->active_experts == 0 || !(model->expert_ffn > 0)))
		return fail(err, ERROR_INVALID,
			    "experts want active_experts and expert_ffn, at least 1 each");
	if (model->dense_layers > model->layers)
		return fail(err, ERROR_INVALID, "%u dense layers of %u", model->dense_layers,
			    model->layers);
	return true;
}

unsigned transformer_expert_layers(const struct transformer *model)
{
	return model->experts > 0 ? model->layers - model->dense_layers : 0;
}

/* Query and output, key and value. */
static double attention_of(const struct transformer *model)
{
	double share = (double)model->key_value_heads / model->heads;

	if (model->attention > 0)
		return model->attention;
	return 2 * model->hidden * model->hidden * (1 + share);
}

static double expert_of(const struct transformer *model)
{
	return 3 * model->hidden * model->expert_ffn;
}

double transformer_expert_parameters(const struct transformer *model)
{
	return (double)transformer_expert_layers(model) * model->experts * expert_of(model);
}

double transformer_parameters(const struct transformer *model)
{
	unsigned expert_layers = transformer_expert_layers(model);
	double shared = model->shared_experts * expert_of(model) + model->experts * model->hidden;
	double dense = (model->layers - expert_layers) * 3 * model->hidden * model->ffn;

	return 2 * model->vocabulary * model->hidden + model->layers * attention_of(model) + dense +
	       expert_layers * shared + transformer_expert_parameters(model);
}

double transformer_active_parameters(const struct transformer *model)
{
	double idle = (double)transformer_expert_layers(model) *
		      (model->experts - model->active_experts) * expert_of(model);

	return transformer_parameters(model) - idle;
}
