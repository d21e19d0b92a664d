/*
 * Whatever a list of hosts says, each host that it names is found afterwards.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "fabric/hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	SCOPED_ARENA(arena);
	struct host_facts facts = { .arena = &arena };
	struct graph graph = { .arena = &arena };
	struct fabric_hosts hosts;
	struct error err = { 0 };

	(void)host_list_is(text);
	(void)host_list_read(&facts, text, "fuzz", &err);
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	for (uint32_t i = 0; i < facts.count; i++)
		assert(fabric_hosts_find(&hosts, span_of(facts.items[i].host)) != GRAPH_NONE);
	return 0;
}
