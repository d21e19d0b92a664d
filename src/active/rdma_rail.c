#include "active/rdma_rail.h"

#include <string.h>

static bool is_state(const struct active_request *request, enum measure measure, const char *device,
		     const char *word)
{
	const struct record *record = active_seen(request, measure, device);

	return record && record->text && strcmp(record->text, word) == 0;
}

/* The first GPU that names the adapter among its nearest. */
static int gpu_of(const struct active_request *request, struct arena *arena, const char *name)
{
	const char *device = arena_format(arena, "rdma:%s", name);
	const char *const *gpus;
	size_t count = active_devices(request, NODE_GPU_NIC, arena, &gpus);

	for (size_t i = 0; i < count; i++) {
		const struct record *near = active_seen(request, NODE_GPU_NIC, gpus[i]);
		struct span rest = span_of(near && near->text ? near->text : ""), one;

		while (span_cut(&rest, '+', &one)) {
			if (span_is(one, name) || span_is(one, device))
				return (int)i;
		}
	}
	return -1;
}

/* Such an adapter is no PCI device and so has no driver; the kernel's name for it or its model
 * tells what it is. */
static bool is_in_software(const struct active_request *request, struct arena *arena,
			   const char *name)
{
	const char *adapter = arena_format(arena, "rdma:%s", name);
	const struct record *model = active_seen(request, NODE_RDMA_MODEL, adapter);

	return strstr(name, "rxe") || strstr(name, "siw") ||
	       (model && model->text && strstr(model->text, "rxe"));
}

static bool read_rail(const struct active_request *request, struct arena *arena, const char *device,
		      struct rdma_rail *rail)
{
	struct span rest = span_of(device), head, name;
	const struct record *rate = active_seen(request, NODE_RDMA_RATE, device);

	if (!is_state(request, NODE_RDMA_STATE, device, "active") || !span_cut(&rest, ':', &head) ||
	    !span_cut(&rest, '/', &name) || rest.length == 0)
		return false;
	*rail = (struct rdma_rail){
		.device = device,
		.name = arena_string(arena, name),
		.port = arena_string(arena, rest),
		.gb_per_s = rate ? rate->value : 0,
	};
	rail->gpu = gpu_of(request, arena, rail->name);
	rail->is_software = is_in_software(request, arena, rail->name);
	return true;
}

size_t rdma_rails(const struct active_request *request, struct arena *arena,
		  const struct rdma_rail **ret_rails)
{
	struct rdma_rail *rails = ARENA_ARRAY(arena, struct rdma_rail, RDMA_RAILS_MAXIMUM);
	const char *const *devices;
	size_t ports = active_devices(request, NODE_RDMA_STATE, arena, &devices);
	size_t count = 0;

	for (unsigned pass = 0; pass < 2 && count == 0; pass++) {
		for (size_t i = 0; i < ports && count < RDMA_RAILS_MAXIMUM; i++) {
			const char *adapter;
			bool is_virtual;

			if (!read_rail(request, arena, devices[i], &rails[count]))
				continue;
			adapter = arena_format(arena, "rdma:%s", rails[count].name);
			is_virtual = is_state(request, NODE_RDMA_FUNCTION, adapter, "virtual");
			count += is_virtual == (pass == 1);
		}
	}
	*ret_rails = rails;
	return count;
}
