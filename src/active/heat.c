#include "active/heat.h"

#include <stdio.h>
#include <string.h>

#include "host/system.h"
#include "host/writer.h"
#include "probe/vendor.h"

#define EVERY_NS 1000000000ll
#define CALL_LIMIT_NS 3000000000ll
#define TOTAL_LIMIT_NS 20000000000ll

enum {
	STALLS_MAXIMUM = 4, /* that no GPU is to blame for; then the library is left alone */
	SAMPLES_BYTES = 64 << 20,
	NOTE_SIZE = 192,
};

/* One vendor's library. */
struct watch {
	const struct vendor *vendor;
	struct worker worker;
	bool is_there; /* the bus has such GPUs */
	bool is_asked;
	bool is_given_up;
	int64_t next_ns;
	unsigned samples, stalls;
	unsigned told_samples, told_stalls; /* what heat_tell has said */
	char note[NOTE_SIZE];               /* the last thing that was the matter */
	struct text skip;                   /* GPUs that stalled, joined by commas */
};

struct heat_gpu {
	char name[VENDOR_NAME_SIZE];
	unsigned strikes;
	bool is_gone, is_told;
	char note[NOTE_SIZE]; /* why nothing is asked of it any more; "" while it is asked */
};

enum {
	WATCHES = 2,
};

struct heat {
	const struct host *host;
	double limit_c;
	int64_t start_ns;
	struct watch watches[WATCHES];
	struct heat_gpu gpus[VENDOR_GPUS_MAXIMUM];
	size_t gpu_count;
	heat_sink *sink;
	void *context;
	char alarm[NOTE_SIZE];
	struct arena scratch;
	bool keeps;
	struct text samples;
};

static bool watch_open(struct heat *heat, struct watch *watch, const struct vendor *vendor,
		       struct arena *arena)
{
	const struct probe_request request = {
		.host = heat->host,
		.call_limit_ns = CALL_LIMIT_NS,
		.total_limit_ns = TOTAL_LIMIT_NS,
	};
	const char *const *addresses;

	watch->vendor = vendor;
	watch->is_there = vendor_bus(vendor, heat->host, arena, &addresses) > 0;
	vendor_worker(vendor, &request, &watch->worker);
	watch->skip.maximum = VENDOR_GPUS_MAXIMUM * VENDOR_NAME_SIZE;
	return watch->is_there;
}

struct heat *heat_start(const struct host *host, double limit_c, struct arena *arena)
{
	struct heat *heat = ARENA_NEW(arena, struct heat);
	bool any = false;

	if (!vendor_can_ask(host) || host->capture)
		return NULL;
	*heat = (struct heat){
		.host = host,
		.limit_c = limit_c,
		.start_ns = host_boot_ns(host),
		.samples = { .maximum = SAMPLES_BYTES },
	};
	any |= watch_open(heat, &heat->watches[0], &vendor_nvidia, arena);
	any |= watch_open(heat, &heat->watches[1], &vendor_amd, arena);
	return any ? heat : NULL;
}

static struct heat_gpu *gpu_of(struct heat *heat, const char *name)
{
	for (size_t i = 0; i < heat->gpu_count; i++)
		if (strcmp(heat->gpus[i].name, name) == 0)
			return &heat->gpus[i];
	if (heat->gpu_count == VENDOR_GPUS_MAXIMUM)
		return NULL;
	struct heat_gpu *gpu = &heat->gpus[heat->gpu_count++];
	(void)snprintf(gpu->name, sizeof(gpu->name), "%s", name);
	return gpu;
}

static void take_sample(struct heat *heat, const struct heat_sample *sample)
{
	struct heat_gpu *gpu = gpu_of(heat, sample->gpu);
	SCOPED_TEXT(why);

	if (heat->keeps && !heat->samples.overflowed) {
		size_t before = heat->samples.length;

		heat_table_line(sample, heat->start_ns, &heat->samples);
		/* Half a line is none. */
		if (heat->samples.overflowed)
			heat->samples.length = before;
	}
	if (gpu) {
		gpu->is_gone = sample->is_gone;
		gpu->strikes = heat_is_too_hot(sample, heat->limit_c, &why) ? gpu->strikes + 1 : 0;
		if (gpu->strikes >= HEAT_STRIKES && heat->alarm[0] == '\0')
			(void)snprintf(heat->alarm, sizeof(heat->alarm), "%s", text_string(&why));
	}
	if (heat->sink)
		heat->sink(heat->context, sample);
}

/* The GPU that the library stalled at, out of "nvmlX gpu:0000:19:00.0"; "" when it was no GPU's. */
static struct span blamed(const char *call)
{
	struct span rest = span_of(call), word = SPAN(""), whole = SPAN("");

	if (!span_cut(&rest, ' ', &word) || !span_cut(&rest, '/', &whole) ||
	    (!span_starts(whole, "gpu:") && !span_starts(whole, "index:")))
		return SPAN("");
	return whole;
}

static void note_stall(struct heat *heat, struct watch *watch, const struct worker_result *result)
{
	struct span gpu = blamed(result->call);
	const char *how = result->end == WORKER_STALLED ? "no answer in time"
			  : result->end == WORKER_DIED  ? "the process ended"
							: "answers without end";

	watch->stalls++;
	(void)snprintf(watch->note, sizeof(watch->note), "%s: %s",
		       result->call[0] ? result->call : "the start of the process", how);
	if (gpu.length == 0) {
		watch->is_given_up = watch->stalls >= STALLS_MAXIMUM;
		return;
	}
	text_format(&watch->skip, "%s%.*s", watch->skip.length > 0 ? "," : "", SPAN_ARGS(gpu));
	struct heat_gpu *one = gpu_of(heat, arena_string(&heat->scratch, gpu));
	if (one)
		(void)snprintf(one->note, sizeof(one->note), "%s", watch->note);
}

/* What the library said of itself, where it cannot be used. */
static void note_refusal(struct watch *watch, const struct worker_result *result)
{
	for (size_t i = 0; i < result->answer_count; i++) {
		struct span line = result->answers[i];

		if (span_starts(line, "t library:"))
			(void)snprintf(watch->note, sizeof(watch->note), "%.*s", SPAN_ARGS(line));
	}
	if (watch->note[0] == '\0')
		(void)snprintf(watch->note, sizeof(watch->note), "it tells of no GPU");
}

static void take_result(struct heat *heat, struct watch *watch, const struct worker_result *result)
{
	struct heat_sample *samples =
		ARENA_ARRAY(&heat->scratch, struct heat_sample, VENDOR_GPUS_MAXIMUM);
	size_t count = heat_read(result->answers, result->answer_count, host_boot_ns(heat->host),
				 samples, VENDOR_GPUS_MAXIMUM);

	watch->is_asked = false;
	watch->samples += count > 0;
	for (size_t i = 0; i < count; i++)
		take_sample(heat, &samples[i]);
	if (result->end != WORKER_DONE) {
		note_stall(heat, watch, result);
	} else if (count == 0) {
		note_refusal(watch, result);
		watch->stalls++;
		watch->is_given_up = watch->stalls >= STALLS_MAXIMUM;
	}
}

static void turn(struct heat *heat, struct watch *watch)
{
	struct worker_result result;
	struct error err;
	bool finished = false;
	int descriptor;

	if (watch->is_asked) {
		if (!worker_receive(&watch->worker, &heat->scratch, &finished, &result, &err))
			watch->is_given_up = true;
		else if (finished)
			take_result(heat, watch, &result);
		arena_clear(&heat->scratch);
		return;
	}
	int64_t now_ns = host_boot_ns(heat->host);
	if (now_ns < watch->next_ns)
		return;
	watch->next_ns = now_ns + EVERY_NS;
	const char *request = vendor_request(PROBE_HEAT, text_string(&watch->skip), &heat->scratch);
	watch->is_asked = worker_send(&watch->worker, request, &descriptor, &err);
	if (!watch->is_asked) {
		(void)snprintf(watch->note, sizeof(watch->note), "%.150s", err.text);
		watch->is_given_up = true;
	}
	arena_clear(&heat->scratch);
}

void heat_turn(struct heat *heat)
{
	for (size_t i = 0; i < WATCHES; i++)
		if (heat->watches[i].is_there && !heat->watches[i].is_given_up)
			turn(heat, &heat->watches[i]);
}

void heat_listen(struct heat *heat, heat_sink *sink, void *context)
{
	heat->sink = sink;
	heat->context = context;
}

const char *heat_alarm(const struct heat *heat)
{
	return heat->alarm[0] ? heat->alarm : NULL;
}

static void tell_watch(struct watch *watch, struct sightings *sightings)
{
	unsigned stalls = watch->stalls - watch->told_stalls;
	unsigned samples = watch->samples - watch->told_samples;

	if (stalls > 0 || (watch->is_given_up && samples == 0))
		(void)saw_unknown(sightings, NODE_TEST_SENSORS, watch->vendor->library,
				  "%u sweeps, %u failed%s, the last: %s", samples + stalls, stalls,
				  watch->is_given_up ? " and nothing is asked any more" : "",
				  watch->note);
	else if (samples > 0)
		(void)saw_state(sightings, NODE_TEST_SENSORS, watch->vendor->library, "watched");
	watch->told_samples = watch->samples;
	watch->told_stalls = watch->stalls;
}

void heat_tell(struct heat *heat, struct sightings *sightings)
{
	if (!heat)
		return;
	for (size_t i = 0; i < WATCHES; i++)
		if (heat->watches[i].is_there)
			tell_watch(&heat->watches[i], sightings);
	for (size_t i = 0; i < heat->gpu_count; i++) {
		struct heat_gpu *gpu = &heat->gpus[i];

		if (gpu->is_told || (!gpu->is_gone && gpu->note[0] == '\0'))
			continue;
		gpu->is_told = true;
		if (gpu->is_gone)
			(void)saw_state(sightings, NODE_TEST_SENSORS, gpu->name, "gone");
		else
			(void)saw_unknown(sightings, NODE_TEST_SENSORS, gpu->name,
					  "%s; nothing is asked of it any more", gpu->note);
	}
}

void heat_keep(struct heat *heat)
{
	heat->keeps = true;
}

bool heat_write(const struct heat *heat, const struct host *here, const char *path,
		struct error *err)
{
	SCOPED_FILE_WRITER(writer);

	return file_writer_open(&writer, here, path, false, err) &&
	       file_writer_add(&writer, span_of(heat_table_head), err) &&
	       (!heat || file_writer_add(&writer, text_span(&heat->samples), err)) &&
	       file_writer_finish(&writer, err);
}

bool heat_is_full(const struct heat *heat)
{
	return heat && heat->samples.overflowed;
}

void heat_end(struct heat *heat)
{
	if (!heat)
		return;
	for (size_t i = 0; i < WATCHES; i++) {
		worker_end(&heat->watches[i].worker);
		text_release(&heat->watches[i].skip);
	}
	text_release(&heat->samples);
	arena_release(&heat->scratch);
}
