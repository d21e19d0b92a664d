/*
 * The values of a model's parameters, from where a command takes them: the defaults, --preset, a
 * file, then --set.
 */
#pragma once

#include "cli/command.h"
#include "model/preset.h"

/* A preset by its name among the installed ones, or by its path when it has a '/' or ends in .yaml.
 * An unknown name is refused with those that there are for the model. */
bool load_preset(const struct session *session, const char *model, const char *name,
		 struct preset *ret_preset, struct error *err);

/* A file of a preset's form, whatever its name. */
bool load_preset_file(const struct session *session, const char *path, struct preset *ret_preset,
		      struct error *err);

/* Defaults, then --preset, then the file that is the command's argument, which is a preset too,
 * then each --set. Values may still be missing: parameters_complete. */
bool load_parameters(const struct session *session, const struct parameter_table *table,
		     struct parameters *ret_parameters, struct error *err);

/* True when the options ask for `--preset list`: it then stands in the output, one a line. */
bool list_presets(const struct session *session, const char *model, bool *ret_listed,
		  struct error *err);
