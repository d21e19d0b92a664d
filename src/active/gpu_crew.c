#include "active/gpu_crew.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/gpu_silence.h"

enum {
	THREADS = 512,
	BLOCKS_EACH = 4, /* of a multiprocessor: all the threads that it has room for */
};

static bool is_driven(const char *vendor)
{
	return strcmp(vendor, "nvidia") == 0 || strcmp(vendor, "amd") == 0;
}

size_t gpu_list(const struct active_request *request, struct arena *arena,
		const char *const **ret_gpus)
{
	const char *const *devices;
	size_t count = active_devices(request, NODE_GPU_VENDOR, arena, &devices);
	const char **gpus = ARENA_ARRAY(arena, const char *, count + 1);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct record *vendor = active_seen(request, NODE_GPU_VENDOR, devices[i]);

		if (vendor && vendor->says == SAYS_STATE && is_driven(vendor->text) &&
		    found < VENDOR_GPUS_MAXIMUM)
			gpus[found++] = devices[i];
	}
	*ret_gpus = gpus;
	return found;
}

void gpu_plan(const struct active_request *request, struct arena *arena, struct active_step *step,
	      const char *loads, int64_t needed_ns)
{
	const char *const *gpus;
	size_t count = gpu_list(request, arena, &gpus);

	if (count == 0) {
		step->is_absent = active_devices(request, NODE_GPU_VENDOR, arena, &gpus) == 0;
		step->cannot =
			step->is_absent
				? "no GPU was seen"
				: "no GPU of NVIDIA or AMD: others are not loaded by this test";
		return;
	}
	step->loads = arena_format(arena, "%zu GPU%s: %s%s", count, count == 1 ? "" : "s", loads,
				   gpu_users_words(request, arena));
	step->needed_ns = needed_ns;
}

void gpu_crew_make(struct active_run *run, worker_function *function, const void *context,
		   struct gpu_crew *ret_crew)
{
	struct gpu_crew crew = { .run = run };

	crew.count = gpu_list(run->request, run->arena, &crew.gpus);
	crew.workers = ARENA_ARRAY(run->arena, struct worker, crew.count + 1);
	crew.results = ARENA_ARRAY(run->arena, struct worker_result, crew.count + 1);
	crew.is_out = ARENA_ARRAY(run->arena, bool, crew.count + 1);
	crew.is_silent = ARENA_ARRAY(run->arena, bool, crew.count + 1);
	for (size_t i = 0; i < crew.count; i++)
		crew.workers[i] = (struct worker){
			.host = run->request->here,
			.function = function,
			.context = context,
			.call_limit_ns = run->request->call_limit_ns,
			.name = "gpu",
		};
	*ret_crew = crew;
}

static void take(struct gpu_crew *crew, size_t which, const struct worker_result *result,
		 enum measure measure)
{
	active_take(crew->run, result);
	gpu_blame(crew->run, result, measure, crew->gpus[which]);
	crew->is_silent[which] = result->answer_count == 0;
	if (result->end != WORKER_DONE)
		crew->is_out[which] = true;
}

/* Whether a GPU is not to be asked. One that an earlier test waited for in vain, or that others
 * use, is told as unknown at the first request alone. */
static bool is_skipped(struct gpu_crew *crew, size_t which, enum measure measure)
{
	if (!crew->is_out[which])
		crew->is_out[which] = gpu_is_left_out(crew->run, measure, crew->gpus[which]);
	return crew->is_out[which];
}

void gpu_crew_ask(struct gpu_crew *crew, const char *words, enum measure measure)
{
	struct arena *arena = crew->run->arena;
	struct worker *workers = ARENA_ARRAY(arena, struct worker, crew->count + 1);
	const char **requests = ARENA_ARRAY(arena, const char *, crew->count + 1);
	size_t *places = ARENA_ARRAY(arena, size_t, crew->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < crew->count; i++) {
		if (is_skipped(crew, i, measure))
			continue;
		workers[count] = crew->workers[i];
		requests[count] = arena_format(arena, "%s %s", words, crew->gpus[i]);
		places[count++] = i;
	}
	active_ask_all(crew->run, workers, requests, crew->results, count);
	for (size_t i = 0; i < count; i++) {
		crew->workers[places[i]] = workers[i];
		take(crew, places[i], &crew->results[i], measure);
	}
}

void gpu_crew_ask_one(struct gpu_crew *crew, size_t which, const char *words, enum measure measure)
{
	const char *request = arena_format(crew->run->arena, "%s %s", words, crew->gpus[which]);

	if (is_skipped(crew, which, measure))
		return;
	active_ask_all(crew->run, &crew->workers[which], &request, crew->results, 1);
	take(crew, which, &crew->results[0], measure);
}

void gpu_crew_end(struct gpu_crew *crew)
{
	for (size_t i = 0; i < crew->count; i++)
		worker_end(&crew->workers[i]);
}

bool gpu_request_read(const char *request, char ret_words[static GPU_REQUEST_SIZE],
		      char ret_gpu[static VENDOR_NAME_SIZE])
{
	const char *blank = strrchr(request, ' ');

	if (!blank || blank == request || blank - request >= GPU_REQUEST_SIZE || !blank[1] ||
	    strlen(blank + 1) >= VENDOR_NAME_SIZE)
		return false;
	memcpy(ret_words, request, (size_t)(blank - request));
	ret_words[blank - request] = '\0';
	memcpy(ret_gpu, blank + 1, strlen(blank + 1) + 1);
	return true;
}

struct gpu_child *gpu_child_open(struct worker_port *port, const char *gpu, void **state,
				 struct error *err)
{
	struct gpu_child *child = *state;

	if (child) {
		child->port = port;
		child->driver.port = port;
		return child;
	}
	child = calloc(1, sizeof(*child));
	if (!child) {
		(void)fail(err, ERROR_LIMIT, "no memory for a child");
		return NULL;
	}
	child->port = port;
	if (!gpu_driver_open(port, &child->driver, err) ||
	    !gpu_device_find(&child->driver, gpu, &child->device, err)) {
		free(child);
		return NULL;
	}
	if (!gpu_kernels_load(&child->device, &kernels_memory, &child->kernels, err)) {
		gpu_device_close(&child->device);
		free(child);
		return NULL;
	}
	*state = child;
	return child;
}

bool gpu_child_start(const struct gpu_child *child, const char *kernel, void *work,
		     struct gpu_stream *stream, struct error *err)
{
	void *arguments[] = { work };

	return gpu_start(&child->device, &child->kernels, kernel,
			 child->device.multiprocessors * BLOCKS_EACH, THREADS, arguments, stream,
			 err);
}
