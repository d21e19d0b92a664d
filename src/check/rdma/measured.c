#include "check/rdma/measured.h"

#include <string.h>

static bool read_name(const char *device, struct arena *arena, struct rdma_measured *measured)
{
	struct span rest = span_of(device), adapter, port, task;

	if (!span_cut(&rest, '/', &adapter) || !span_cut(&rest, '/', &port) ||
	    !span_cut(&rest, ':', &task) || !span_to_u64(rest, &measured->bytes))
		return false;
	measured->device = device;
	measured->task = task;
	measured->port = arena_format(arena, "%.*s/%.*s", SPAN_ARGS(adapter), SPAN_ARGS(port));
	measured->label = arena_format(arena, "%.*s port %.*s, %.*s of %llu bytes",
				       (int)adapter.length - 5, adapter.at + 5, SPAN_ARGS(port),
				       SPAN_ARGS(task), (unsigned long long)measured->bytes);
	return true;
}

bool rdma_measured_next(struct tally *tally, enum measure measure, size_t *at,
			struct rdma_measured *ret_measured)
{
	const struct record *one;

	while ((one = machine_next(tally->machine, measure, at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || !span_starts(span_of(device), "rdma:") ||
		    !read_name(device, tally->found->arena, ret_measured))
			continue;
		if (!tally_need(tally, measure, device))
			continue;
		ret_measured->record = one;
		return true;
	}
	return false;
}

bool rdma_measured_in_software(const struct tally *tally, const struct rdma_measured *measured)
{
	struct arena *arena = tally->found->arena;
	const char *adapter = arena_string(arena, device_whole(measured->port));
	const char *driver = machine_state(tally->machine, NODE_RDMA_DRIVER, adapter);
	const char *model = machine_state(tally->machine, NODE_RDMA_MODEL, adapter);

	return (driver && (strstr(driver, "rxe") || strstr(driver, "siw"))) ||
	       strstr(adapter, "rxe") || strstr(adapter, "siw") || (model && strstr(model, "rxe"));
}
