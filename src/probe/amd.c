#include <string.h>

#include "probe/amd.h"
#include "probe/look.h"
#include "probe/vendor.h"

enum {
	PAGES_FILE_MAXIMUM = 1 << 20,
};

const struct vendor vendor_amd = {
	.which = PROBE_WORKER_AMD_SMI,
	.name = "amd",
	.worker = "amd_smi",
	.library = "library:amd",
	.driver = "amdgpu",
	.kind = PCI_KIND_AMD,
	.serve = amd_serve,
};

/* A module that comes with the kernel has no version of its own. */
static void look_driver(const struct probe_request *request, struct sightings *sightings)
{
	const struct look look = { .host = request->host, .sightings = sightings };

	if (!(request->shares & (PROBE_QUICK | PROBE_FULL)) ||
	    look_state(&look, "/sys/module/amdgpu/version", NODE_AMD_DRIVER))
		return;
	if (host_kind(request->host, "/sys/module/amdgpu") == HOST_FOLDER)
		saw_state(sightings, NODE_AMD_DRIVER, NULL, "loaded");
	else
		saw_unknown(sightings, NODE_AMD_DRIVER, NULL, "the module amdgpu is not loaded");
}

/* "ue: 0\nce: 0", and from newer drivers "de: 0" */
static void look_block(const struct look *gpu, const char *folder, const char *file)
{
	static const struct {
		const char *key;
		enum measure measure;
	} keys[] = {
		{ "ue", NODE_GPU_RAS_UNCORRECTED },
		{ "ce", NODE_GPU_RAS_CORRECTED },
		{ "de", NODE_GPU_RAS_DEFERRED },
	};
	const int name = (int)(strlen(file) - strlen("_err_count"));
	const char *device = look_path(gpu, "%s/block:%.*s", gpu->device, name, file);
	struct error err = { 0 };
	struct span text;

	if (!host_value(gpu->host, look_path(gpu, "%s/ras/%s", folder, file), gpu->sightings->arena,
			&text, &err)) {
		saw_unknown(gpu->sightings, NODE_GPU_RAS_UNCORRECTED, device, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct span value = line_value(text, ':', keys[i].key);
		uint64_t count;

		if (value.length == 0 && keys[i].measure == NODE_GPU_RAS_DEFERRED)
			continue;
		if (span_to_u64(value, &count))
			saw_value(gpu->sightings, keys[i].measure, device, (double)count);
		else
			saw_unknown(gpu->sightings, keys[i].measure, device,
				    "%s/ras/%s has no number of '%s'", folder, file, keys[i].key);
	}
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && strcmp(text + length - tail, end) == 0;
}

/* A line a page: address, size, and R (out of use), P (waits for a reset) or F (could not be). */
static void look_pages(const struct look *gpu, const char *folder)
{
	const char *path = look_path(gpu, "%s/ras/gpu_vram_bad_pages", folder);
	struct span text, line;
	struct error err = { 0 };
	bool is_pending = false;
	unsigned pages = 0;

	if (!host_peek(gpu->host, path, PAGES_FILE_MAXIMUM, gpu->sightings->arena, &text, &err)) {
		if (err.code != ERROR_MISSING)
			saw_unknown(gpu->sightings, NODE_GPU_PAGES_UNCORRECTED, gpu->device, "%s",
				    err.text);
		return;
	}
	while (span_cut(&text, '\n', &line)) {
		line = span_trim(line);
		if (line.length == 0)
			continue;
		pages++;
		is_pending |= line.at[line.length - 1] == 'P';
	}
	saw_value(gpu->sightings, NODE_GPU_PAGES_UNCORRECTED, gpu->device, pages);
	saw_state(gpu->sightings, NODE_GPU_PAGES_PENDING, gpu->device, is_pending ? "yes" : "no");
}

static void look_partition(const struct look *gpu, const char *folder)
{
	struct arena *arena = gpu->sightings->arena;
	struct span compute =
		look_text(gpu->host, arena, look_path(gpu, "%s/current_compute_partition", folder));
	struct span memory =
		look_text(gpu->host, arena, look_path(gpu, "%s/current_memory_partition", folder));

	if (compute.length > 0 && memory.length > 0)
		saw_state(gpu->sightings, NODE_GPU_PARTITION, gpu->device,
			  arena_format(arena, "%.*s/%.*s", SPAN_ARGS(compute), SPAN_ARGS(memory)));
}

/* What the kernel shows of a GPU that the library did not tell of. */
static void look_gpu(const struct probe_request *request, const char *address,
		     struct sightings *sightings)
{
	struct look gpu = { .host = request->host, .sightings = sightings };
	const char *folder = look_path(&gpu, "/sys/bus/pci/devices/%s", address);
	const char *const *names;
	size_t count;

	gpu.device = look_path(&gpu, "gpu:%s", address);
	if (request->shares & PROBE_QUICK) {
		(void)look_value(&gpu, look_path(&gpu, "%s/gpu_busy_percent", folder),
				 NODE_GPU_UTILISATION, 1);
		(void)look_value(&gpu, look_path(&gpu, "%s/mem_info_vram_total", folder),
				 NODE_GPU_MEMORY_TOTAL, 1);
		(void)look_value(&gpu, look_path(&gpu, "%s/mem_info_vram_used", folder),
				 NODE_GPU_MEMORY_USED, 1);
		look_pages(&gpu, folder);
		look_partition(&gpu, folder);
	}
	if (request->shares & PROBE_FULL) {
		(void)look_state(&gpu, look_path(&gpu, "%s/unique_id", folder), NODE_GPU_SERIAL);
		(void)look_state(&gpu, look_path(&gpu, "%s/vbios_version", folder), NODE_GPU_VBIOS);
	}
	if (!(request->shares & (PROBE_QUICK | PROBE_COUNTERS)))
		return;
	count = look_names(request->host, sightings->arena, look_path(&gpu, "%s/ras", folder),
			   &names);
	for (size_t i = 0; i < count; i++)
		if (ends_with(names[i], "_err_count") && strlen(names[i]) < 40)
			look_block(&gpu, folder, names[i]);
}

/* True when the library told of the GPU anything but whether it answers. */
static bool has_told(const struct sightings *sightings, size_t from, const char *address)
{
	for (size_t i = from; i < sightings->count; i++) {
		const struct record *record = &sightings->items[i];
		const char *device = record->subject.parts[SUBJECT_DEVICE];

		if (device && span_starts(span_of(device), "gpu:") &&
		    strcmp(device + 4, address) == 0 && record->says != SAYS_UNKNOWN &&
		    strcmp(record->what, measures[NODE_GPU_ANSWERS].name) != 0 &&
		    strcmp(record->what, measures[NODE_GPU_CALL].name) != 0 &&
		    strcmp(record->what, measures[NODE_GPU_INDEX].name) != 0 &&
		    strcmp(record->what, measures[NODE_GPU_VENDOR].name) != 0)
			return true;
	}
	return false;
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	const char *const *addresses;
	size_t count = vendor_bus(&vendor_amd, request->host, sightings->arena, &addresses);
	size_t from;

	if (count > 0)
		look_driver(request, sightings);
	from = sightings->count;
	vendor_look(&vendor_amd, request, addresses, count, sightings);
	for (size_t i = 0; i < count; i++)
		if (!has_told(sightings, from, addresses[i]))
			look_gpu(request, addresses[i], sightings);
}

const struct probe probe_amd = {
	.name = "amd",
	.title = "AMD GPUs and their links",
	.shares = PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS,
	.look = look,
};
