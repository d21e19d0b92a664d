#include "cli/parameters.h"

#include <string.h>

#include "base/yaml.h"
#include "cli/load.h"

bool load_preset_file(const struct session *session, const char *path, struct preset *ret_preset,
		      struct error *err)
{
	struct span text;

	return host_read(session->host, path, YAML_BYTES_MAXIMUM, session->arena, &text, err) &&
	       preset_read(text, path, session->arena, ret_preset, err);
}

static bool is_path(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

/* Installed presets of one model, or of all for NULL. */
static bool find_presets(const struct session *session, const char *model,
			 struct preset **ret_presets, size_t *ret_count, struct error *err)
{
	const char *folder = find_installed(session, "preset");
	const char *const *names = NULL;
	size_t name_count = 0;
	size_t count = 0;

	if (!folder)
		return fail(err, ERROR_MISSING,
			    "no presets are installed beside this program; set ASSAY_DATA");
	if (!host_list(session->host, folder, session->arena, &names, &name_count, err))
		return false;

	struct preset *presets = ARENA_ARRAY(session->arena, struct preset, name_count);
	for (size_t i = 0; i < name_count; i++) {
		const char *path = arena_format(session->arena, "%s/%s", folder, names[i]);

		if (!is_path(names[i]))
			continue;
		if (!load_preset_file(session, path, &presets[count], err))
			return false;
		if (!model || strcmp(presets[count].model, model) == 0)
			count++;
	}
	*ret_presets = presets;
	*ret_count = count;
	return true;
}

bool load_preset(const struct session *session, const char *model, const char *name,
		 struct preset *ret_preset, struct error *err)
{
	SCOPED_TEXT(known);
	struct preset *presets = NULL;
	size_t count = 0;

	known.maximum = 300;
	if (is_path(name))
		return load_preset_file(session, name, ret_preset, err);
	if (!find_presets(session, model, &presets, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(presets[i].name, name) == 0) {
			*ret_preset = presets[i];
			return true;
		}
		text_format(&known, "%s%s", i > 0 ? ", " : "", presets[i].name);
	}
	return fail(err, ERROR_MISSING, "there is no preset '%s' of %s; there are: %s", name, model,
		    text_string(&known));
}

bool load_parameters(const struct session *session, const struct parameter_table *table,
		     struct parameters *ret_parameters, struct error *err)
{
	const struct options *options = session->options;
	struct preset preset;

	parameters_init(ret_parameters, table);
	if (options->preset &&
	    (!load_preset(session, table->name, options->preset, &preset, err) ||
	     !preset_apply(&preset, ORIGIN_PRESET, session->arena, ret_parameters, err)))
		return false;
	if (options->argument_count > 0 &&
	    (!load_preset_file(session, options->arguments[0], &preset, err) ||
	     !preset_apply(&preset, ORIGIN_FILE, session->arena, ret_parameters, err)))
		return false;
	for (size_t i = 0; i < options->assignment_count; i++) {
		if (!parameters_assign(ret_parameters, options->assignments[i], err))
			return fail_while(err, "--set");
	}
	return true;
}

bool list_presets(const struct session *session, const char *model, bool *ret_listed,
		  struct error *err)
{
	struct preset *presets = NULL;
	size_t count = 0;

	*ret_listed = session->options->preset && strcmp(session->options->preset, "list") == 0;
	if (!*ret_listed)
		return true;
	if (!find_presets(session, model, &presets, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		text_format(session->output, "%-24s %s\n", presets[i].name, presets[i].title);
	return true;
}
