/*
 * Presets: named values of a model's parameters with their source, from data/preset/NAME.yaml, and
 * the files of the same form that people write themselves.
 */
#pragma once

#include "model/parameter.h"

#define PRESET_SCHEMA "assay/preset/v1"

struct preset {
	const char *name;  /* of the file, without folder and ending */
	const char *model; /* "goodput", "ownership", "rental", "network", "workload" … */
	const char *title;
	const char *source; /* of the values: publication with its date; NULL: each has its own */
	const char *note;   /* what to be careful about; NULL */
	const struct node *parameters; /* a map */
	const struct node *causes;     /* of failures, a list; NULL without: model/causes.h */
	const char *file;              /* for errors */
};

/* A document with schema, model, title and parameters, and maybe source, note and causes. */
bool preset_read(struct span text, const char *file, struct arena *arena, struct preset *ret_preset,
		 struct error *err);

/* Sets the parameters that the preset gives; it has to be of the table's model. The preset's source
 * is that of each value that names none of its own. */
bool preset_apply(const struct preset *preset, enum parameter_origin origin, struct arena *arena,
		  struct parameters *parameters, struct error *err);
