#include "probe/probe.h"

#include <string.h>

const struct probe *const probes[] = {
	&probe_machine,  &probe_processor, &probe_memory, &probe_pci,     &probe_kernel_log,
	&probe_nvidia,   &probe_amd,       &probe_rdma,   &probe_network, &probe_storage,
	&probe_process,  &probe_topology, /* behind those that find GPUs and adapters */
	&probe_software, &probe_setting,
};

const size_t probe_count = sizeof(probes) / sizeof(probes[0]);

const struct probe *probe_find(const char *name)
{
	for (size_t i = 0; i < probe_count; i++)
		if (strcmp(probes[i]->name, name) == 0)
			return probes[i];
	return NULL;
}

void probe_all(const struct probe_request *request, struct sightings *sightings)
{
	for (size_t i = 0; i < probe_count; i++)
		if (probes[i]->shares & request->shares)
			probes[i]->look(request, sightings);
}
