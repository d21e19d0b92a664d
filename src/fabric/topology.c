#include "fabric/topology.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "fabric/topology_parts.h"

static const struct {
	const char *name;
	const char *what; /* ends "# WHAT, made by assay from SOURCE." */
	bool names_hosts; /* in what is no comment */
	bool (*write)(const struct topology_job *job, struct error *err);
} forms[] = {
	[TOPOLOGY_SLURM_CONF] = { "slurm-conf", "topology.conf of Slurm's topology/tree", true,
				  topology_write_tree },
	[TOPOLOGY_SLURM_YAML] = { "slurm-yaml", "topology.yaml of Slurm", true,
				  topology_write_yaml },
	[TOPOLOGY_SLURM_BLOCK] = { "slurm-block", "topology.conf of Slurm's topology/block", true,
				   topology_write_blocks },
	[TOPOLOGY_KUBERNETES] = { "kubernetes", "Labels of Kubernetes nodes", true,
				  topology_write_kubernetes },
	[TOPOLOGY_KUEUE] = { "kueue", "Topology of Kueue", false, topology_write_kueue },
	[TOPOLOGY_VOLCANO] = { "volcano", "HyperNodes of Volcano", true, topology_write_volcano },
	[TOPOLOGY_NCCL] = { "nccl", "nccl.conf of NCCL", false, topology_write_nccl },
	[TOPOLOGY_HOSTS] = { "hosts", "Hosts, neighbours together", true, topology_write_hosts },
};
static_assert(sizeof(forms) / sizeof(forms[0]) == TOPOLOGY_FORM_COUNT, "a row for each form");

const char *const topology_form_names[] = {
	[TOPOLOGY_SLURM_CONF] = "slurm-conf",
	[TOPOLOGY_SLURM_YAML] = "slurm-yaml",
	[TOPOLOGY_SLURM_BLOCK] = "slurm-block",
	[TOPOLOGY_KUBERNETES] = "kubernetes",
	[TOPOLOGY_KUEUE] = "kueue",
	[TOPOLOGY_VOLCANO] = "volcano",
	[TOPOLOGY_NCCL] = "nccl",
	[TOPOLOGY_HOSTS] = "hosts",
};

bool topology_form_find(struct span name, enum topology_form *ret_form)
{
	for (unsigned i = 0; i < TOPOLOGY_FORM_COUNT; i++) {
		if (span_is(name, topology_form_names[i])) {
			*ret_form = (enum topology_form)i;
			return true;
		}
	}
	return false;
}

/* What a device calls itself may hold anything; a comment ends with its line. */
void topology_comment(const struct topology_job *job, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = arena_format_list(job->arena, format, args);
	va_end(args);
	text_add(job->into, "# ");
	for (const char *at = text; *at; at++)
		text_add_char(job->into, (unsigned char)*at < ' ' || *at == '\x7f' ? '?' : *at);
	text_add_char(job->into, '\n');
}

void topology_note(const struct topology_job *job, const char *format, ...)
{
	struct topology_notes *notes = job->notes;
	va_list args;

	if (notes->count >= TOPOLOGY_NOTES_MAXIMUM)
		return;
	if (notes->count == notes->room) {
		const char **lines;

		notes->room = notes->room > 0 ? notes->room * 2 : 16;
		lines = ARENA_ARRAY(job->arena, const char *, notes->room);
		if (notes->count > 0)
			memcpy(lines, notes->lines, notes->count * sizeof(*lines));
		notes->lines = lines;
	}
	va_start(args, format);
	notes->lines[notes->count++] = arena_format_list(job->arena, format, args);
	va_end(args);
}

void topology_head(const struct topology_job *job, const char *what)
{
	const struct placement *placement = job->placement;

	topology_comment(job, "%s, made by assay from %s.", what, placement->source);
	topology_comment(job, "Hosts: %u, of which %u have a place below %u unit%s.",
			 placement->host_count, placement->placed, job->tree.order_count,
			 job->tree.order_count == 1 ? "" : "s");
	if (placement->is_partial) {
		topology_comment(job, "The source did not see everything.");
		topology_note(job, "the source did not see everything: what is written may lack "
				   "hosts and units");
	}
}

const char *const *topology_units(const struct topology_job *job, enum fit_form form)
{
	uint32_t count = job->placement->unit_count;
	const char **names = ARENA_ARRAY(job->arena, const char *, count);

	for (uint32_t i = 0; i < count; i++)
		names[i] = job->placement->units[i].name;
	return fit_names(names, count, form, job->arena);
}

/* "a, b, c and 5 more" */
static const char *list_some(const struct topology_job *job, const char *const *hosts,
			     uint32_t count)
{
	SCOPED_TEXT(text);

	for (uint32_t i = 0; i < count && i < TOPOLOGY_HOSTS_SHOWN; i++)
		text_format(&text, "%s%s", i > 0 ? ", " : "", hosts[i]);
	if (count > TOPOLOGY_HOSTS_SHOWN)
		text_format(&text, " and %u more", count - TOPOLOGY_HOSTS_SHOWN);
	return arena_string(job->arena, text_span(&text));
}

void topology_leave(const struct topology_job *job, const char *const *hosts, uint32_t count,
		    const char *why)
{
	if (count == 0)
		return;
	job->notes->left_out += count;
	topology_note(job, "%u host%s left out, %s: %s", count, count == 1 ? " is" : "s are", why,
		      list_some(job, hosts, count));
	for (uint32_t i = 0; i < count; i++)
		topology_comment(job, "Left out, %s: %s", why, hosts[i]);
}

void topology_say_unplaced(const struct topology_job *job, const char *what)
{
	const struct placement *placement = job->placement;
	const char **hosts = ARENA_ARRAY(job->arena, const char *, placement->host_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < placement->host_count; i++) {
		if (placement->hosts[i].unit != UINT32_MAX)
			continue;
		topology_comment(job, "No place is known of %s: %s", placement->hosts[i].name,
				 placement->hosts[i].why);
		hosts[count++] = placement->hosts[i].name;
	}
	if (count > 0)
		topology_note(job, "no place is known of %u host%s (%s): %s", count,
			      count == 1 ? "" : "s", what, list_some(job, hosts, count));
}

void topology_keep(const struct topology_job *job,
		   bool (*can_hold)(const struct placement_host *host, const void *context),
		   const void *context, const char *why, struct topology_job *ret_job)
{
	const struct placement *placement = job->placement;
	struct placement *kept = ARENA_NEW(job->arena, struct placement);
	const char **left = ARENA_ARRAY(job->arena, const char *, placement->host_count);
	uint32_t left_count = 0;

	*kept = *placement;
	kept->hosts = ARENA_ARRAY(job->arena, struct placement_host, placement->host_count);
	kept->host_count = 0;
	kept->placed = 0;
	for (uint32_t i = 0; i < placement->host_count; i++) {
		const struct placement_host *host = &placement->hosts[i];

		if (!can_hold(host, context)) {
			left[left_count++] = host->name;
			continue;
		}
		kept->hosts[kept->host_count++] = *host;
		kept->placed += host->unit != UINT32_MAX;
	}
	topology_leave(job, left, left_count, why);
	*ret_job = *job;
	ret_job->placement = kept;
	placement_tree_make(kept, job->arena, &ret_job->tree);
}

static bool has_name(const struct placement_host *host, const void *context)
{
	(void)context;
	return !host->is_unnamed;
}

/* What nothing names is no node that a scheduler knows, and kubectl would make it one. */
static bool leave_unnamed(struct topology_job *job, struct error *err)
{
	struct topology_job named;

	topology_keep(job, has_name, NULL,
		      "because nothing names it: give evidence or a list of hosts and GUIDs",
		      &named);
	if (named.placement->host_count == 0 && job->placement->host_count > 0)
		return fail(err, ERROR_MISSING,
			    "nothing names a single one of %u hosts: give evidence of them (assay "
			    "check --bundle) or a list (pdsh -a ibv_devices)",
			    job->placement->host_count);
	*job = named;
	return true;
}

bool topology_write(enum topology_form form, const struct placement *placement,
		    const struct topology_options *options, struct topology_notes *notes,
		    struct text *into, struct error *err)
{
	struct topology_job job = {
		.placement = placement,
		.options = options,
		.arena = notes->arena,
		.into = into,
		.notes = notes,
	};

	placement_tree_make(placement, notes->arena, &job.tree);
	topology_head(&job, forms[form].what);
	if ((forms[form].names_hosts && !leave_unnamed(&job, err)) || !forms[form].write(&job, err))
		return false;
	return !into->overflowed ||
	       fail(err, ERROR_LIMIT, "the file would be larger than %zu bytes", into->maximum);
}
