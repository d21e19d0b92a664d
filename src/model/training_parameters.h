/*
 * The parameters of assay model training: of a model and how it is trained, and of a network.
 */
#pragma once

#include "model/parameter.h"
#include "model/training.h"

extern const struct parameter_table training_table, network_table;

/* A model, and how it is trained. `training` points to `transformer`. */
struct training_input {
	struct transformer transformer;
	struct training training;
};

/* What the values (not the ranges) say; counts have to be whole. `ret_input` must stay in place. */
bool training_input_make(const struct parameters *parameters, struct training_input *ret_input,
			 struct error *err);
bool network_make(const struct parameters *parameters, struct network *ret_network,
		  struct error *err);

/* The share x of the law and the prices of a GPU-hour with networks a and b, USD; NAN where not
 * given. */
struct training_asides {
	struct quantity share, price_a, price_b;
};

struct training_asides training_asides_of(const struct parameters *parameters);

/* How many parameters are a range. */
unsigned parameters_ranges(const struct parameters *parameters);

/* The parameters with each range replaced by one end: bit i of `ends` is that of the i-th range, 1
 * for its high end. */
void parameters_at_ends(const struct parameters *parameters, unsigned ends,
			struct parameters *ret_parameters);
