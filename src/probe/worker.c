#include "host/system.h"
#include "probe/probe.h"
#include "probe/storage.h"
#include "probe/vendor.h"

static const char *make_for_vendor(const struct vendor *vendor, const struct probe_request *request,
				   struct arena *arena, struct worker *ret_worker)
{
	const char *const *addresses;

	if (vendor_bus(vendor, request->host, arena, &addresses) == 0 ||
	    !vendor_can_ask(request->host))
		return NULL;
	vendor_worker(vendor, request, ret_worker);
	return vendor_request(request->shares, "", arena);
}

static const char *make_for_mounts(const struct probe_request *request, struct arena *arena,
				   struct worker *ret_worker)
{
	struct questioning *questioning = ARENA_NEW(arena, struct questioning);
	struct question *questions;
	size_t count = storage_questions(request, arena, &questions);
	const char *text = questions_request(questions, count, arena);

	if (!text || (host_is_elsewhere(request->host) && !request->host->capture))
		return NULL;
	storage_questioning(request, questioning);
	questions_worker(questioning, ret_worker);
	return text;
}

const char *probe_worker_make(enum probe_worker which, const struct probe_request *request,
			      struct arena *arena, struct worker *ret_worker)
{
	switch (which) {
	case PROBE_WORKER_NVML:
		return make_for_vendor(&vendor_nvidia, request, arena, ret_worker);
	case PROBE_WORKER_AMD_SMI:
		return make_for_vendor(&vendor_amd, request, arena, ret_worker);
	case PROBE_WORKER_MOUNTS:
		return make_for_mounts(request, arena, ret_worker);
	case PROBE_WORKER_COUNT:
		break;
	}
	return NULL;
}
