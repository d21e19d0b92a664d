#include <string.h>

#include "active/active.h"

const struct active_test *const active_tests[] = {
	&active_processor_memory,
	&active_gpu_memory,
	&active_gemm,
	&active_gpu_copies,
	&active_gpu_peers,
	&active_corruption_cpu,
	&active_corruption_gpu,
	&active_corruption_paths,
	&active_collective,
	&active_pair,
	&active_gpu_pattern,
	&active_gemm_small,
	&active_gemm_search,
	&active_network,
	&active_rdma_latency,
	&active_rdma_bandwidth,
	&active_storage_files,
	&active_storage_honesty,
	&active_storage_throughput,
	&active_storage_endurance,
	&active_object_store,
	&active_start,
	&active_burn,
};

const size_t active_test_count = sizeof(active_tests) / sizeof(active_tests[0]);

bool active_group_exists(const char *group)
{
	for (size_t i = 0; i < active_test_count; i++)
		if (strcmp(active_tests[i]->group, group) == 0)
			return true;
	return false;
}

static bool is_first_of_group(size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (strcmp(active_tests[i]->group, active_tests[which]->group) == 0)
			return false;
	return true;
}

void active_groups_write(struct text *into)
{
	for (size_t i = 0; i < active_test_count; i++)
		if (is_first_of_group(i))
			text_format(into, "%s%s", into->length > 0 ? ", " : "",
				    active_tests[i]->group);
}
