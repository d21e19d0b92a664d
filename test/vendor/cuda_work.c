/* Stand-in for libcuda.so.1: streams with a clock of their own, copies and kernels. */
#define _GNU_SOURCE /* dladdr, RTLD_NOLOAD */

#include "cuda_parts.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double gb = 1e9;
static const double mib = 1048576;

typedef void kernel_run(void *const *arguments, const struct kernel_place *start);
typedef void kernel_tell(void *const *arguments, struct kernel_cost *ret_cost);

struct gpu_module {
	char *text;
};

struct gpu_function {
	kernel_run *run;
	kernel_tell *cost; /* NULL: none was told */
};

struct gpu_stream *cuda_stream_of(struct gpu_stream *stream, struct gpu_context *context)
{
	return stream || !context ? stream : &context->own;
}

/* The same in every run, from -1 to 1. */
static double waver(void)
{
	static uint32_t state = 7;

	state = state * 1664525u + 1013904223u;
	return (double)(state >> 8) / (1 << 23) - 1;
}

void stand_in_spend(struct gpu_stream *stream, double seconds)
{
	struct gpu_stream *own = cuda_stream_of(stream, cuda_stand_in.current);

	if (own)
		own->now +=
			seconds * (1 + waver() * stand_in_figure(own->context->gpu, "jitter", 0));
}

double stand_in_moment(struct gpu_stream *stream)
{
	const struct gpu_stream *own = cuda_stream_of(stream, cuda_stand_in.current);

	return own ? own->now : 0;
}

int stand_in_gpu_of_stream(const struct gpu_stream *stream)
{
	return stream ? stream->context->gpu : stand_in_gpu();
}

void cuda_pace(const struct gpu_stream *stream)
{
	double real = (stream->now - cuda_stand_in.paced) *
		      stand_in_figure(stream->context->gpu, "pace", 0);

	if (stream->now > cuda_stand_in.paced)
		cuda_stand_in.paced = stream->now;
	if (!(real > 0))
		return;
	const struct timespec left = { .tv_sec = (time_t)real,
				       .tv_nsec = (long)((real - (double)(time_t)real) * 1e9) };
	(void)nanosleep(&left, NULL);
}

void cuda_work(struct gpu_stream *stream, int engine, double seconds)
{
	struct gpu_context *context = stream->context;

	stand_in_spend(stream, stand_in_figure(context->gpu, "launch_us", 2) * 1e-6);
	if (engine >= 0 && context->busy[engine] > stream->now)
		stream->now = context->busy[engine];
	stand_in_spend(stream, seconds);
	if (engine >= 0)
		context->busy[engine] = stream->now;
}

uint32_t cuCtxSynchronize(void)
{
	struct gpu_context *context;
	uint32_t status;

	if (cuda_enter_context("cuCtxSynchronize", &context, &status))
		cuda_pace(&context->own);
	return status;
}

uint32_t cuStreamCreate(struct gpu_stream **stream, unsigned flags)
{
	struct gpu_context *context;
	uint32_t status;

	(void)flags;
	if (!cuda_enter_context("cuStreamCreate", &context, &status))
		return status;
	struct gpu_stream *made = calloc(1, sizeof(*made));
	if (!made)
		return CUDA_STATUS_OUT_OF_MEMORY;
	made->context = context;
	made->now = context->own.now;
	*stream = made;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuStreamDestroy_v2(struct gpu_stream *stream)
{
	free(stream);
	return CUDA_STATUS_SUCCESS;
}

/* How functions of a stream begin. */
static bool enter_stream(const char *call, struct gpu_stream **stream, uint32_t *ret_status)
{
	*ret_status = CUDA_STATUS_INVALID_CONTEXT;
	*stream = cuda_stream_of(*stream, cuda_stand_in.current);
	return *stream && stand_in_may((*stream)->context->gpu, call, ret_status);
}

uint32_t cuStreamSynchronize(struct gpu_stream *stream)
{
	uint32_t status;

	if (enter_stream("cuStreamSynchronize", &stream, &status))
		cuda_pace(stream);
	return status;
}

uint32_t cuStreamQuery(struct gpu_stream *stream)
{
	uint32_t status;

	if (enter_stream("cuStreamQuery", &stream, &status))
		cuda_pace(stream);
	return status;
}

uint32_t cuStreamWaitEvent(struct gpu_stream *stream, struct gpu_event *event, unsigned flags)
{
	uint32_t status;

	(void)flags;
	if (!enter_stream("cuStreamWaitEvent", &stream, &status))
		return status;
	if (event->at > stream->now)
		stream->now = event->at;
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuEventCreate(struct gpu_event **event, unsigned flags)
{
	struct gpu_context *context;
	uint32_t status;

	(void)flags;
	if (!cuda_enter_context("cuEventCreate", &context, &status))
		return status;
	*event = calloc(1, sizeof(**event));
	return *event ? CUDA_STATUS_SUCCESS : CUDA_STATUS_OUT_OF_MEMORY;
}

uint32_t cuEventDestroy_v2(struct gpu_event *event)
{
	free(event);
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuEventRecord(struct gpu_event *event, struct gpu_stream *stream)
{
	uint32_t status;

	if (!enter_stream("cuEventRecord", &stream, &status))
		return status;
	*event = (struct gpu_event){ .at = stream->now, .is_marked = true };
	return CUDA_STATUS_SUCCESS;
}

/* An event of a stream that nobody has waited for lets its real time pass here. */
static uint32_t reach(const char *call, const struct gpu_event *event)
{
	struct gpu_context *context;
	uint32_t status;

	if (!cuda_enter_context(call, &context, &status))
		return status;
	const struct gpu_stream moment = { .context = context, .now = event->at };
	cuda_pace(&moment);
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuEventSynchronize(struct gpu_event *event)
{
	return reach("cuEventSynchronize", event);
}

uint32_t cuEventQuery(struct gpu_event *event)
{
	return reach("cuEventQuery", event);
}

uint32_t cuEventElapsedTime(float *milliseconds, struct gpu_event *start, struct gpu_event *end)
{
	struct gpu_context *context;
	uint32_t status;

	if (!cuda_enter_context("cuEventElapsedTime", &context, &status))
		return status;
	if (!start->is_marked || !end->is_marked)
		return CUDA_STATUS_INVALID_HANDLE;
	*milliseconds = (float)((end->at - start->at) * 1e3);
	return CUDA_STATUS_SUCCESS;
}

/* Bytes that are really copied: what lies behind is only thought of. */
static size_t really(uint64_t into, uint64_t from, size_t bytes)
{
	const struct gpu_context *one = cuda_owner(into);
	const struct gpu_context *other = cuda_owner(from);
	uint64_t room = stand_in_room(one ? one->gpu : other ? other->gpu : -1);

	return bytes < room ? bytes : room;
}

/* "copy_to_flip OFFSET MASK EVERY": in each so many-th copy that way. */
static void corrupt(struct gpu_context *context, int engine, unsigned char *at, size_t bytes)
{
	static const char *const keys[CUDA_ENGINE_COUNT] = {
		[CUDA_ENGINE_TO] = "copy_to_flip",
		[CUDA_ENGINE_FROM] = "copy_from_flip",
		[CUDA_ENGINE_OUT] = "copy_peer_flip",
		[CUDA_ENGINE_IN] = "copy_in_flip",
	};
	const char *value;

	context->copies[engine]++;
	for (unsigned i = 0; (value = stand_in_line(context->gpu, keys[engine], i)); i++) {
		double offset = 0;
		double mask = 1;
		double every = 1;

		(void)scenario_word(value, 0, &offset);
		(void)scenario_word(value, 1, &mask);
		(void)scenario_word(value, 2, &every);
		if (every >= 1 && context->copies[engine] % (unsigned)every == 0 &&
		    (size_t)offset < bytes)
			at[(size_t)offset] ^= (unsigned char)mask;
	}
}

static void move(uint64_t into, uint64_t from, size_t bytes)
{
	size_t some = really(into, from, bytes);

	memmove((void *)(uintptr_t)into, (const void *)(uintptr_t)from, some);
}

/* The slower of two GPUs' speeds where both have a hand in it; a direction that is not alone is
 * slowed by "pcie_duplex". */
static double host_seconds(const struct gpu_context *context, const struct gpu_stream *stream,
			   int engine, size_t bytes)
{
	int other = engine == CUDA_ENGINE_TO ? CUDA_ENGINE_FROM : CUDA_ENGINE_TO;
	double speed = engine == CUDA_ENGINE_TO
			       ? stand_in_figure(context->gpu, "pcie_to_gb_per_s", 55)
			       : stand_in_figure(context->gpu, "pcie_from_gb_per_s", 55);

	if (context->busy[other] > stream->now)
		speed *= stand_in_figure(context->gpu, "pcie_duplex", 1);
	return (double)bytes / (speed * gb);
}

static uint32_t copy_to(const char *call, uint64_t into, const void *from, size_t bytes,
			struct gpu_stream *stream)
{
	uint32_t status;

	if (!enter_stream(call, &stream, &status))
		return status;
	struct gpu_context *owner = cuda_owner(into);
	if (!owner)
		return CUDA_STATUS_INVALID_VALUE;
	move(into, (uint64_t)(uintptr_t)from, bytes);
	corrupt(owner, CUDA_ENGINE_TO, (unsigned char *)(uintptr_t)into, bytes);
	cuda_work(stream, CUDA_ENGINE_TO, host_seconds(owner, stream, CUDA_ENGINE_TO, bytes));
	cuda_age(owner);
	return CUDA_STATUS_SUCCESS;
}

static uint32_t copy_from(const char *call, void *into, uint64_t from, size_t bytes,
			  struct gpu_stream *stream)
{
	uint32_t status;

	if (!enter_stream(call, &stream, &status))
		return status;
	struct gpu_context *owner = cuda_owner(from);
	if (!owner)
		return CUDA_STATUS_INVALID_VALUE;
	move((uint64_t)(uintptr_t)into, from, bytes);
	corrupt(owner, CUDA_ENGINE_FROM, into, bytes);
	cuda_work(stream, CUDA_ENGINE_FROM, host_seconds(owner, stream, CUDA_ENGINE_FROM, bytes));
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuMemcpyHtoD_v2(uint64_t into, const void *from, size_t bytes)
{
	return copy_to("cuMemcpyHtoD_v2", into, from, bytes, NULL);
}

uint32_t cuMemcpyDtoH_v2(void *into, uint64_t from, size_t bytes)
{
	return copy_from("cuMemcpyDtoH_v2", into, from, bytes, NULL);
}

uint32_t cuMemcpyHtoDAsync_v2(uint64_t into, const void *from, size_t bytes,
			      struct gpu_stream *stream)
{
	return copy_to("cuMemcpyHtoDAsync_v2", into, from, bytes, stream);
}

uint32_t cuMemcpyDtoHAsync_v2(void *into, uint64_t from, size_t bytes, struct gpu_stream *stream)
{
	return copy_from("cuMemcpyDtoHAsync_v2", into, from, bytes, stream);
}

/* Memory behind "cuda_memory_slow MIB GB_PER_S" is that slow: it is not on the board. */
static double memory_seconds(const struct gpu_context *context, uint64_t address, double bytes)
{
	double speed = stand_in_figure(context->gpu, "hbm_gb_per_s", 3000);
	const char *slow = stand_in_line(context->gpu, "cuda_memory_slow", 0);
	double behind;
	double there;

	if (slow && context->base && scenario_word(slow, 0, &behind) &&
	    scenario_word(slow, 1, &there) &&
	    (double)(address - (uint64_t)(uintptr_t)context->base) >= behind * mib)
		speed = there;
	return bytes / (speed * gb);
}

uint32_t cuMemcpyDtoDAsync_v2(uint64_t into, uint64_t from, size_t bytes, struct gpu_stream *stream)
{
	uint32_t status;

	if (!enter_stream("cuMemcpyDtoDAsync_v2", &stream, &status))
		return status;
	struct gpu_context *owner = cuda_owner(into);
	if (!owner || !cuda_owner(from))
		return CUDA_STATUS_INVALID_VALUE;
	move(into, from, bytes);
	cuda_work(stream, -1, memory_seconds(owner, into, 2.0 * (double)bytes));
	cuda_age(owner);
	return CUDA_STATUS_SUCCESS;
}

/* "peer 3 12.5": towards GPU 3 of the scenario, in GB/s. */
static double peer_speed(const struct gpu_context *from, const struct gpu_context *into)
{
	double speed = stand_in_figure(from->gpu, "peer_gb_per_s", 400);
	const char *value;
	double which;
	double told;

	if (!(from->peers & (UINT64_C(1) << into->index)) &&
	    !(into->peers & (UINT64_C(1) << from->index)))
		speed = stand_in_figure(from->gpu, "pcie_from_gb_per_s", 55) / 2;
	for (unsigned i = 0; (value = stand_in_line(from->gpu, "peer", i)); i++)
		if (scenario_word(value, 0, &which) && scenario_word(value, 1, &told) &&
		    (int)which == into->gpu)
			speed = told;
	return speed * gb;
}

uint32_t cuMemcpyPeerAsync(uint64_t into, struct gpu_context *into_context, uint64_t from,
			   struct gpu_context *from_context, size_t bytes,
			   struct gpu_stream *stream)
{
	uint32_t status;

	if (!enter_stream("cuMemcpyPeerAsync", &stream, &status))
		return status;
	if (cuda_owner(into) != into_context || cuda_owner(from) != from_context)
		return CUDA_STATUS_INVALID_VALUE;
	if (!stand_in_may(into_context->gpu, "cuMemcpyPeerAsync", &status))
		return status;
	double speed = peer_speed(from_context, into_context);
	/* The other way is under way between the same two. */
	if (from_context->busy[CUDA_ENGINE_IN] > stream->now &&
	    into_context->busy[CUDA_ENGINE_OUT] > stream->now)
		speed *= stand_in_figure(from_context->gpu, "peer_duplex", 1);
	move(into, from, bytes);
	corrupt(from_context, CUDA_ENGINE_OUT, (unsigned char *)(uintptr_t)into, bytes);
	if (into_context->busy[CUDA_ENGINE_IN] > stream->now)
		stream->now = into_context->busy[CUDA_ENGINE_IN];
	cuda_work(stream, CUDA_ENGINE_OUT, (double)bytes / speed);
	into_context->busy[CUDA_ENGINE_IN] = stream->now;
	cuda_age(into_context);
	return CUDA_STATUS_SUCCESS;
}

static uint32_t fill(const char *call, uint64_t into, uint32_t value, size_t size, size_t count,
		     struct gpu_stream *stream)
{
	uint32_t status;

	if (!enter_stream(call, &stream, &status))
		return status;
	struct gpu_context *owner = cuda_owner(into);
	if (!owner)
		return CUDA_STATUS_INVALID_VALUE;
	size_t some = really(into, into, size * count) / size;
	for (size_t i = 0; i < some; i++)
		memcpy((unsigned char *)(uintptr_t)into + i * size, &value, size);
	cuda_work(stream, -1, memory_seconds(owner, into, (double)(size * count)));
	cuda_age(owner);
	return CUDA_STATUS_SUCCESS;
}

uint32_t cuMemsetD8Async(uint64_t into, unsigned char value, size_t count,
			 struct gpu_stream *stream)
{
	return fill("cuMemsetD8Async", into, value, 1, count, stream);
}

uint32_t cuMemsetD32Async(uint64_t into, unsigned value, size_t count, struct gpu_stream *stream)
{
	return fill("cuMemsetD32Async", into, value, 4, count, stream);
}

/* The ISA that PTX is of has to be one that the driver reads: 8.0 came with CUDA 12.0. */
static uint32_t read_version(const char *text)
{
	/* What the stand-in for HIPRTC makes is of this very driver. */
	if (strncmp(text, STAND_IN_CODE_OBJECT, strlen(STAND_IN_CODE_OBJECT)) == 0)
		return CUDA_STATUS_SUCCESS;
	const char *line = strstr(text, ".version ");
	double cuda = stand_in_figure(SCENARIO_SYSTEM, "cuda", 0);
	double newest = cuda >= 13000 ? 9 + (cuda - 13000) / 100 : 8 + (cuda - 12000) / 100;

	if (!line)
		return CUDA_STATUS_INVALID_PTX;
	return strtod(line + strlen(".version "), NULL) > newest + 1e-6
		       ? CUDA_STATUS_UNSUPPORTED_PTX_VERSION
		       : CUDA_STATUS_SUCCESS;
}

uint32_t cuModuleLoadDataEx(struct gpu_module **module, const void *image, unsigned count,
			    const int *options, void **values)
{
	struct gpu_context *context;
	uint32_t status;

	(void)count;
	(void)options;
	(void)values;
	if (!cuda_enter_context("cuModuleLoadDataEx", &context, &status))
		return status;
	status = read_version(image);
	if (status != CUDA_STATUS_SUCCESS)
		return status;
	struct gpu_module *made = calloc(1, sizeof(*made));
	if (made)
		made->text = strdup(image);
	*module = made;
	return made && made->text ? CUDA_STATUS_SUCCESS : CUDA_STATUS_OUT_OF_MEMORY;
}

uint32_t cuModuleUnload(struct gpu_module *module)
{
	free(module->text);
	free(module);
	return CUDA_STATUS_SUCCESS;
}

static void *own_symbol(const char *kind, const char *name)
{
	char symbol[160];
	Dl_info own;

	(void)snprintf(symbol, sizeof(symbol), "%s_%s", kind, name);
	if (dladdr(__extension__(const void *) own_symbol, &own) == 0)
		return NULL;
	void *self = dlopen(own.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (!self)
		return NULL;
	void *found = dlsym(self, symbol);
	(void)dlclose(self);
	return found;
}

/* PTX lists its kernels; a code object has those that begin with the name of its source. */
static bool has_entry(const char *image, const char *name)
{
	const size_t head = strlen(STAND_IN_CODE_OBJECT);
	char entry[160];

	if (strncmp(image, STAND_IN_CODE_OBJECT, head) == 0)
		return strncmp(image + head, name, strlen(image + head)) == 0 &&
		       name[strlen(image + head)] == '_';
	(void)snprintf(entry, sizeof(entry), ".entry %s(", name);
	return strstr(image, entry) != NULL;
}

/* A kernel is there when the image has it and the C compiler made it too. */
uint32_t cuModuleGetFunction(struct gpu_function **function, struct gpu_module *module,
			     const char *name)
{
	static struct gpu_function made[256];
	static char names[256][96];
	static unsigned count;
	struct gpu_context *context;
	uint32_t status;

	if (!cuda_enter_context("cuModuleGetFunction", &context, &status))
		return status;
	void *run = own_symbol("kernel", name);
	if (!has_entry(module->text, name) || !run)
		return CUDA_STATUS_NOT_FOUND;
	unsigned at = 0;
	while (at < count && strcmp(names[at], name) != 0)
		at++;
	if (at == sizeof(made) / sizeof(made[0]))
		return CUDA_STATUS_OUT_OF_RESOURCES;
	if (at == count) {
		void *cost = own_symbol("cost", name);

		(void)snprintf(names[at], sizeof(names[at]), "%s", name);
		memcpy(&made[at].run, &run, sizeof(run));
		memcpy(&made[at].cost, &cost, sizeof(cost));
		count++;
	}
	*function = &made[at];
	return CUDA_STATUS_SUCCESS;
}

bool kernel_next(struct kernel_place *place)
{
	if (!place->begun)
		place->begun = true;
	else if (place->thread + 1 < place->threads)
		place->thread++;
	else if (place->block + 1 < place->blocks) {
		place->thread = 0;
		place->block++;
	} else
		return false;
	place->multiprocessor = place->block % place->multiprocessors;
	return true;
}

unsigned long long kernel_take(unsigned long long *at, unsigned long long value)
{
	unsigned long long before = *at;

	*at += value;
	return before;
}

void kernel_lower(unsigned long long *at, unsigned long long value)
{
	if (value < *at)
		*at = value;
}

/* "sm_flip SM LANE MASK EVERY": LANE -1 is each; the so many-th value of that multiprocessor. */
unsigned long long kernel_computed(const struct kernel_place *place, unsigned long long value)
{
	static unsigned long long passed;
	const char *line;

	for (unsigned i = 0; (line = stand_in_line(place->gpu, "sm_flip", i)); i++) {
		double which = -1;
		double lane = -1;
		double mask = 1;
		double every = 1;

		(void)scenario_word(line, 0, &which);
		(void)scenario_word(line, 1, &lane);
		(void)scenario_word(line, 2, &mask);
		(void)scenario_word(line, 3, &every);
		if ((unsigned)which != place->multiprocessor ||
		    (lane >= 0 && (unsigned)lane != (place->thread & 31u)))
			continue;
		if (every >= 1 && ++passed % (unsigned long long)every == 0)
			value ^= (unsigned long long)mask;
	}
	return value;
}

uint32_t cuLaunchKernel(struct gpu_function *function, unsigned blocks_x, unsigned blocks_y,
			unsigned blocks_z, unsigned threads_x, unsigned threads_y,
			unsigned threads_z, unsigned shared_bytes, struct gpu_stream *stream,
			void **arguments, void **extra)
{
	struct kernel_cost cost = { 0, 0 };
	uint32_t status;

	(void)shared_bytes;
	if (!enter_stream("cuLaunchKernel", &stream, &status))
		return status;
	if (blocks_x == 0 || blocks_y != 1 || blocks_z != 1 || threads_x == 0 || threads_x > 1024 ||
	    threads_y != 1 || threads_z != 1 || extra)
		return CUDA_STATUS_INVALID_VALUE;
	struct gpu_context *context = stream->context;
	double processors = stand_in_figure(context->gpu, "multiprocessors", 132);
	function->run(arguments, &(struct kernel_place){
					 .blocks = blocks_x,
					 .threads = threads_x,
					 .multiprocessors = (unsigned)processors,
					 .limit = stand_in_room(context->gpu) / 16,
					 .gpu = context->gpu,
				 });
	if (function->cost)
		function->cost(arguments, &cost);
	cuda_work(stream, -1, memory_seconds(context, cost.address, cost.bytes));
	cuda_age(context);
	return CUDA_STATUS_SUCCESS;
}
