#include "active/burn_load.h"

#include <stdlib.h>
#include <string.h>

#include "active/gemm_load.h"
#include "host/system.h"

/* Shorter slices than this would be mostly starting. */
#define SLICE_LEAST_NS 20000000ll

/* What the child keeps between requests. */
struct burner {
	struct worker_port *port;
	const struct host *host;
	struct gpu_driver driver;
	struct gpu_device device;
	struct gemm_load load;
	struct burn_flow flow;
	bool is_ready;
};

static bool make_ready(struct burner *burner, const char *gpu, struct error *err)
{
	const struct gemm_load_options options = {
		.type = GEMM_BF16,
		.shape = gemm_reference_shape,
		.is_checked = true,
	};

	if (burner->is_ready)
		return true;
	burner->is_ready = gpu_driver_open(burner->port, &burner->driver, err) &&
			   gpu_device_find(&burner->driver, gpu, &burner->device, err) &&
			   gemm_load_start(&burner->device, &options, &burner->load, err);
	return burner->is_ready;
}

static bool load_slice(struct burner *burner, int64_t length_ns, struct error *err)
{
	struct gemm_load_slice slice;
	int64_t start_ns = host_boot_ns(burner->host);

	if (!gemm_load_run(&burner->load, (double)length_ns / 1e9, &slice, err))
		return false;
	worker_answers(burner->port, "w %lld %lld %.9g %llu", (long long)start_ns,
		       (long long)host_boot_ns(burner->host), slice.flop_per_s,
		       (unsigned long long)slice.checked);
	if (slice.wrong > 0)
		worker_answers(burner->port, "x %llu %llu %llu %llu %llu",
			       (unsigned long long)slice.wrong,
			       (unsigned long long)slice.fault.row_count,
			       (unsigned long long)slice.fault.column_count,
			       (unsigned long long)slice.fault.row,
			       (unsigned long long)slice.fault.column);
	return true;
}

/* One slice of full load or of a pulse; under full load beside operations of all ranks, as many
 * blocks as were ordered. */
static bool load_beside(struct burner *burner, const struct burn_order *order, bool is_full,
			int64_t length_ns, unsigned *blocks, struct error *err)
{
	bool is_begun = is_full && *blocks > 0 && burn_flow_begin(&burner->flow, order, false);

	if (!load_slice(burner, length_ns, err))
		return false;
	if (!is_begun)
		return true;
	--*blocks;
	burn_flow_end(&burner->flow);
	return true;
}

/* The others count on the blocks that the time was too short for, and on the one that is compared.
 */
static void finish_order(struct burner *burner, const struct burn_order *order, unsigned blocks)
{
	for (; blocks > 0; blocks--)
		if (burn_flow_begin(&burner->flow, order, false))
			burn_flow_end(&burner->flow);
	if (order->blocks > 0 && burn_flow_begin(&burner->flow, order, true))
		burn_flow_end(&burner->flow);
}

static bool follow(struct burner *burner, const struct burn_turn *turn, struct error *err)
{
	int64_t slice_ns = burn_pace_slice_ns(&turn->pace);
	unsigned blocks = turn->order.blocks;

	for (int64_t now_ns = host_boot_ns(burner->host); now_ns < turn->until_ns;
	     now_ns = host_boot_ns(burner->host)) {
		int64_t since_ns, change_ns;
		bool is_on, is_full = burn_pace_at(&turn->pace, now_ns, &is_on, &since_ns,
						   &change_ns) == BURN_FULL;
		int64_t left_ns =
			(change_ns < turn->until_ns ? change_ns : turn->until_ns) - now_ns;

		if (!is_on || left_ns < SLICE_LEAST_NS) {
			if (change_ns <= now_ns)
				break;
			worker_calls(burner->port, "pause");
			worker_wait(NULL, 0, left_ns);
		} else if (!load_beside(burner, &turn->order, is_full,
					left_ns < slice_ns ? left_ns : slice_ns, &blocks, err)) {
			return false;
		}
	}
	finish_order(burner, &turn->order, blocks);
	return true;
}

static struct burner *open_burner(struct worker_port *port, void **state, const void *context)
{
	struct burner *burner = *state;

	if (!burner)
		*state = burner = calloc(1, sizeof(*burner));
	if (!burner)
		memory_exhausted(sizeof(*burner));
	burner->port = burner->flow.port = port;
	burner->host = burner->flow.host = context;
	return burner;
}

void burn_load_serve(struct worker_port *port, const char *request, void **state,
		     const void *context)
{
	static const char rank[] = "rank ";
	struct burner *burner = open_burner(port, state, context);
	struct burn_turn turn;
	const char *gpu;
	struct error err = { 0 };
	SCOPED_ARENA(scratch);

	if (strncmp(request, rank, strlen(rank)) == 0) {
		rank_serve(port, request + strlen(rank), &burner->flow.rank, NULL);
		return;
	}
	if (!burn_request_read(span_of(request), &gpu, &turn, &scratch))
		return;
	if (!make_ready(burner, gpu, &err) || !follow(burner, &turn, &err))
		worker_answers(port, "e %s", err.text);
}
