#include "probe/probe.h"

const struct probe *const probes[] = {
	&probe_machine,  &probe_processor, &probe_memory,  &probe_pci,     &probe_kernel_log,
	&probe_nvidia,   &probe_amd,       &probe_rdma,    &probe_network, &probe_storage,
	&probe_process,  &probe_topology, /* behind those that find GPUs and adapters */
	&probe_software, &probe_mpi,       &probe_setting, &probe_nccl, /* behind settings: it looks
									   up their names */
};

const size_t probe_count = sizeof(probes) / sizeof(probes[0]);
