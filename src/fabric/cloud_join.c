#include <stdlib.h>
#include <string.h>

#include "fabric/cloud.h"
#include "fabric/naming.h"
#include "fabric/slurm_compare.h"

#define NONE UINT32_MAX

static bool tells_domain(const struct placement *placement)
{
	for (uint32_t i = 0; i < placement->host_count; i++)
		if (placement->hosts[i].domain[0] != '\0')
			return true;
	return false;
}

static int compare_hosts(const void *a, const void *b)
{
	const struct placement_host *left = a, *right = b;

	return name_compare(left->name, right->name);
}

void cloud_join(struct placement *placement, const struct fabric_hosts *hosts, struct arena *arena)
{
	struct placement_host *all = ARENA_ARRAY(arena, struct placement_host,
						 (size_t)placement->host_count + hosts->host_count);
	bool takes_domains = !tells_domain(placement);
	uint32_t count = placement->host_count;
	struct host_names names;

	host_names_make(placement, arena, &names);
	if (count > 0)
		memcpy(all, placement->hosts, count * sizeof(*all));
	for (uint32_t i = 0; i < hosts->host_count; i++) {
		const struct fabric_host *host = &hosts->hosts[i];
		uint32_t known = host_names_find(&names, host->name);

		if (known == NONE)
			all[count++] = (struct placement_host){
				.name = host->name,
				.unit = NONE,
				.why = "no answer of the cloud tells of a host of this name",
				.is_unnamed = host->naming == HOST_NAMED_BY_GUID,
				.domain = takes_domains ? host->domain : "",
				.subdomain = "",
			};
		else if (takes_domains)
			all[known].domain = host->domain;
	}
	if (count > 0)
		qsort(all, count, sizeof(*all), compare_hosts);
	placement->hosts = all;
	placement->host_count = count;
}
