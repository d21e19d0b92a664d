#include "probe/vendor.h"

#include <string.h>

#include "host/library.h"
#include "host/system.h"
#include "probe/look.h"
#include "probe/vendor_take.h"

enum {
	RESULTS_MAXIMUM = 9, /* the first request and eight without what stalled */
};

/* All that one look got to hear. */
struct inquiry {
	const struct vendor *vendor;
	const struct probe_request *request;
	struct sightings *sightings;
	const struct worker_result *results[RESULTS_MAXIMUM];
	bool is_out_of_time[RESULTS_MAXIMUM]; /* what was asked last is not to blame */
	size_t count;
	struct vendor_list list;
	struct text skip; /* names of GPUs, joined by commas */
	bool is_over;     /* there was no time to ask for the rest */
	struct error err; /* why the first request could not be made */
};

size_t vendor_bus(const struct vendor *vendor, const struct host *host, struct arena *arena,
		  const char *const **ret_addresses)
{
	const char *const *names;
	size_t count = look_names(host, arena, "/sys/bus/pci/devices", &names), found = 0;
	const char **addresses = ARENA_ARRAY(arena, const char *, count);

	for (size_t i = 0; i < count; i++) {
		enum pci_kind kind;

		if (pci_is_name(span_of(names[i])) &&
		    pci_read_kind(host, names[i], arena, &kind, NULL) && kind == vendor->kind)
			addresses[found++] = names[i];
	}
	*ret_addresses = addresses;
	return found;
}

bool vendor_can_ask(const struct host *host)
{
	return !host_is_elsewhere(host) || (host && host->capture) || library_folder();
}

const char *vendor_request(unsigned shares, const char *skip, struct arena *arena)
{
	static const struct {
		enum probe_share share;
		const char *word;
	} words[] = {
		{ PROBE_QUICK, "quick" },
		{ PROBE_FULL, "full" },
		{ PROBE_COUNTERS, "counters" },
		{ PROBE_HEAT, "heat" },
	};
	const char *request = "sweep ";
	bool is_first = true;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!(shares & words[i].share))
			continue;
		request =
			arena_format(arena, "%s%s%s", request, is_first ? "" : "+", words[i].word);
		is_first = false;
	}
	return *skip ? arena_format(arena, "%s skip=%s", request, skip) : request;
}

void vendor_worker(const struct vendor *vendor, const struct probe_request *request,
		   struct worker *ret_worker)
{
	*ret_worker = (struct worker){
		.host = request->host,
		.function = vendor->serve,
		.call_limit_ns = request->call_limit_ns,
		.total_limit_ns = request->total_limit_ns,
		.name = vendor->worker,
	};
}

/* The GPU that a call was about, as "gpu:0000:19:00.0" out of "nvmlX gpu:0000:19:00.0/link:3";
 * empty when it was about the library. */
static struct span blamed(const struct worker_result *result)
{
	struct span rest = span_of(result->call), word = SPAN(""), whole = SPAN("");

	if (!span_cut(&rest, ' ', &word) || !span_cut(&rest, '/', &whole))
		return SPAN("");
	if (!span_starts(whole, "gpu:") && !span_starts(whole, "index:"))
		return SPAN("");
	return whole;
}

static void skip(struct inquiry *inquiry, struct span name)
{
	struct span rest = text_span(&inquiry->skip), one;

	while (span_cut(&rest, ',', &one))
		if (span_equal(one, name))
			return;
	if (inquiry->skip.length > 0)
		text_add_char(&inquiry->skip, ',');
	text_add_span(&inquiry->skip, name);
}

/* What the next request leaves out: what stalled, and what has answered. False when there is no
 * next one. */
static bool narrow(struct inquiry *inquiry)
{
	const struct worker_result *last = inquiry->results[inquiry->count - 1];
	struct span name = blamed(last);

	if (last->end == WORKER_DONE || name.length == 0)
		return false;
	skip(inquiry, name);
	for (size_t i = 0; i < inquiry->list.count; i++)
		if (inquiry->list.gpus[i].is_told)
			skip(inquiry, span_of(inquiry->list.gpus[i].name));
	for (unsigned i = 0; i < VENDOR_GPUS_MAXIMUM; i++)
		if (inquiry->list.is_told[i])
			skip(inquiry,
			     span_of(arena_format(inquiry->sightings->arena, "index:%u", i)));
	return true;
}

/* One request; false when there is to be none after it. */
static bool ask_once(struct inquiry *inquiry, struct worker *worker)
{
	struct arena *arena = inquiry->sightings->arena;
	struct worker_result *result = ARENA_NEW(arena, struct worker_result);
	const char *request =
		vendor_request(inquiry->request->shares, text_string(&inquiry->skip), arena);
	int64_t start_ns = host_boot_ns(worker->host);

	if (!worker_ask(worker, request, arena, result, &inquiry->err))
		return false;
	inquiry->is_out_of_time[inquiry->count] =
		host_boot_ns(worker->host) - start_ns >= worker->total_limit_ns;
	inquiry->results[inquiry->count++] = result;
	vendor_list_read(result->answers, result->answer_count, inquiry->vendor->library,
			 &inquiry->list);
	return narrow(inquiry);
}

static void ask(struct inquiry *inquiry)
{
	const struct probe_request *request = inquiry->request;
	struct worker worker;
	int64_t start_ns = host_boot_ns(request->host), total_ns;

	vendor_worker(inquiry->vendor, request, &worker);
	total_ns = worker.total_limit_ns;
	while (ask_once(inquiry, &worker)) {
		worker.total_limit_ns = total_ns - (host_boot_ns(request->host) - start_ns);
		if (inquiry->count < RESULTS_MAXIMUM && worker.total_limit_ns > 0)
			continue;
		inquiry->is_over = true;
		break;
	}
	worker_end(&worker);
}

/* How a request ended that did not end well, in words. */
static const char *describe(const struct inquiry *inquiry, const struct worker_result *result)
{
	struct arena *arena = inquiry->sightings->arena;
	const char *call = result->call[0] ? result->call : "the start of the worker";

	switch (result->end) {
	case WORKER_STALLED:
		return arena_format(arena, "%s: no answer within %.1f s", call,
				    (double)inquiry->request->call_limit_ns / 1e9);
	case WORKER_DIED:
		return arena_format(arena, "%s: the process ended, signal %d", call,
				    result->signal);
	case WORKER_FLOODED:
		return arena_format(arena, "%s: answers without end", call);
	case WORKER_CANCELLED:
		return arena_format(arena, "%s: given up", call);
	case WORKER_DONE:
		break;
	}
	return call;
}

/* What the end of a request says about one GPU. */
static void blame_gpu(struct inquiry *inquiry, const struct vendor_take *take, size_t which)
{
	const struct worker_result *result = inquiry->results[which];
	const char *gpu = vendor_resolve(take, blamed(result));
	struct sightings *sightings = inquiry->sightings;

	for (size_t i = 0; i < inquiry->list.count; i++) {
		if (strcmp(inquiry->list.gpus[i].name, gpu) != 0)
			continue;
		/* Its handle stalls as well when it is asked for again. */
		if (inquiry->list.gpus[i].is_told)
			return;
		inquiry->list.gpus[i].is_told = true;
	}
	if (result->end == WORKER_STALLED && inquiry->is_out_of_time[which]) {
		saw_unknown(sightings, NODE_GPU_ANSWERS, gpu,
			    "the time for all was over while %s was asked", result->call);
		return;
	}
	saw_state(sightings, NODE_GPU_ANSWERS, gpu,
		  result->end == WORKER_STALLED ? "stalled" : "error");
	saw_text(sightings, NODE_GPU_CALL, gpu, span_of(describe(inquiry, result)));
}

static void blame_library(const struct inquiry *inquiry, const struct worker_result *result)
{
	struct sightings *sightings = inquiry->sightings;
	const char *library = inquiry->vendor->library;
	const char *state = result->end == WORKER_STALLED ? "stalled"
			    : result->end == WORKER_DIED  ? "died"
							  : "error";

	saw_state(sightings, NODE_GPU_LIBRARY, library, state);
	saw_text(sightings, NODE_GPU_CALL, library, span_of(describe(inquiry, result)));
}

/* The state of the library that the child told is taken back when it is the library that failed. */
static bool is_told_state(struct span answer, const char *library)
{
	struct span kind, device = SPAN(""), name = SPAN("");

	return span_cut(&answer, ' ', &kind) && span_is(kind, "s") &&
	       span_cut(&answer, ' ', &device) && span_is(device, library) &&
	       span_cut(&answer, ' ', &name) && span_is(name, "gpu.library");
}

static void take_result(struct inquiry *inquiry, const struct vendor_take *take, size_t which)
{
	const struct worker_result *result = inquiry->results[which];
	const struct span *answers = result->answers;
	size_t from = 0;

	if (result->end == WORKER_DONE || blamed(result).length > 0) {
		vendor_take(take, answers, result->answer_count);
		if (result->end != WORKER_DONE)
			blame_gpu(inquiry, take, which);
		return;
	}
	for (size_t i = 0; i < result->answer_count; i++) {
		if (!is_told_state(answers[i], take->library))
			continue;
		vendor_take(take, answers + from, i - from);
		from = i + 1;
	}
	vendor_take(take, answers + from, result->answer_count - from);
	blame_library(inquiry, result);
}

static void say_rest(const struct inquiry *inquiry, const char *gpu)
{
	const struct worker_result *last =
		inquiry->count > 0 ? inquiry->results[inquiry->count - 1] : NULL;
	struct sightings *sightings = inquiry->sightings;

	if (!last)
		saw_unknown(sightings, NODE_GPU_ANSWERS, gpu, "%s", inquiry->err.text);
	else if (inquiry->is_over)
		saw_unknown(sightings, NODE_GPU_ANSWERS, gpu,
			    "there was no time left to ask it after %s", last->call);
	else if (last->end != WORKER_DONE)
		saw_unknown(sightings, NODE_GPU_ANSWERS, gpu, "it was not asked: %s",
			    describe(inquiry, last));
	else
		saw_unknown(sightings, NODE_GPU_ANSWERS, gpu, "the library does not tell of it");
}

/* Each GPU, on the bus or in the library: whose it is, and that it did not answer. */
static void say_gpu(const struct inquiry *inquiry, const char *gpu, bool is_told)
{
	if (inquiry->request->shares & (PROBE_QUICK | PROBE_FULL))
		saw_state(inquiry->sightings, NODE_GPU_VENDOR, gpu, inquiry->vendor->name);
	if (!is_told)
		say_rest(inquiry, gpu);
}

/* True when a record says whether the GPU answers. */
static bool is_told(const struct sightings *sightings, size_t from, const char *gpu)
{
	for (size_t i = from; i < sightings->count; i++) {
		const struct record *record = &sightings->items[i];
		const char *device = record->subject.parts[SUBJECT_DEVICE];

		if (device && strcmp(device, gpu) == 0 &&
		    strcmp(record->what, measures[NODE_GPU_ANSWERS].name) == 0)
			return true;
	}
	return false;
}

static void say_gpus(const struct inquiry *inquiry, const struct vendor_take *take, size_t from)
{
	struct sightings *sightings = inquiry->sightings;

	for (size_t i = 0; i < inquiry->list.count; i++) {
		const char *gpu = inquiry->list.gpus[i].name;

		if (inquiry->request->shares & (PROBE_QUICK | PROBE_FULL))
			saw_value(sightings, NODE_GPU_INDEX, gpu, inquiry->list.gpus[i].index);
		say_gpu(inquiry, gpu, is_told(sightings, from, gpu));
	}
	for (size_t i = 0; i < take->address_count; i++) {
		const char *gpu = arena_format(sightings->arena, "gpu:%s", take->addresses[i]);
		bool is_listed = false;

		for (size_t k = 0; k < inquiry->list.count; k++)
			is_listed |= strcmp(inquiry->list.gpus[k].name, gpu) == 0;
		if (!is_listed)
			say_gpu(inquiry, gpu, is_told(sightings, from, gpu));
	}
}

void vendor_look(const struct vendor *vendor, const struct probe_request *request,
		 const char *const *addresses, size_t address_count, struct sightings *sightings)
{
	struct inquiry inquiry = { .vendor = vendor, .request = request, .sightings = sightings };
	const struct worker_result *given = request->answers[vendor->which];
	const struct vendor_take take = {
		.sightings = sightings,
		.library = vendor->library,
		.list = &inquiry.list,
		.addresses = addresses,
		.address_count = address_count,
	};
	size_t from = sightings->count;

	if (given) {
		inquiry.results[inquiry.count++] = given;
		vendor_list_read(given->answers, given->answer_count, vendor->library,
				 &inquiry.list);
	} else if (address_count == 0) {
		return;
	} else if (!vendor_can_ask(request->host)) {
		(void)fail(&inquiry.err, ERROR_UNSUPPORTED, "only the machine itself can be asked");
	} else {
		ask(&inquiry);
	}
	for (size_t i = 0; i < inquiry.list.count; i++)
		inquiry.list.gpus[i].is_told = false;
	for (size_t i = 0; i < inquiry.count; i++)
		take_result(&inquiry, &take, i);
	if (inquiry.count == 0)
		saw_unknown(sightings, NODE_GPU_LIBRARY, vendor->library, "%s", inquiry.err.text);
	say_gpus(&inquiry, &take, from);
	text_release(&inquiry.skip);
}
