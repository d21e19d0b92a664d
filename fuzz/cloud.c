/*
 * Whatever a cloud answers, what is read of it is a placement in which each host has a name and
 * either a unit of the lowest tier or a reason, and each unit lies in one of the next tier; what is
 * refused says why.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "fabric/cloud.h"

#define NONE UINT32_MAX

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_host(const struct placement *placement, const struct placement_host *host)
{
	assert(host->name[0] != '\0' && host->domain && host->subdomain);
	assert(host->unit == NONE ? host->why[0] != '\0' : host->unit < placement->unit_count);
	assert(host->unit == NONE || placement->units[host->unit].tier == 0);
}

static void check_placement(const struct placement *placement)
{
	assert(placement->tier_count <= PLACEMENT_TIERS_MAXIMUM && placement->source);
	for (uint32_t i = 0; i < placement->unit_count; i++) {
		const struct placement_unit *unit = &placement->units[i];

		assert(unit->name[0] != '\0' && unit->tier < placement->tier_count);
		assert(unit->parent == NONE ||
		       placement->units[unit->parent].tier == unit->tier + 1);
	}
	for (uint32_t i = 0; i < placement->host_count; i++)
		check_host(placement, &placement->hosts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct error err = { .code = ERROR_NONE };
	struct placement placement;

	SCOPED_ARENA(arena);
	struct cloud_hosts hosts = { .arena = &arena };

	(void)cloud_is(text);
	bool is_read = cloud_names_is(text) ? cloud_names_read(&hosts, text, "input", &err)
					    : cloud_read(&hosts, text, "input", &err);

	if (is_read && cloud_place(&hosts, &arena, &placement, &err))
		check_placement(&placement);
	else
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
	return 0;
}
