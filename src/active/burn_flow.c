#include "active/burn_flow.h"

#include "host/system.h"

#define NS_PER_S 1000000000ll

/* Below what a call of the child may take: a rank that waits in vain goes on multiplying. */
static const int64_t patience_ns = 4 * NS_PER_S;
static const int64_t turn_ns = 1000000;

/* A communicator that failed is of no use again; what is still on the GPU is taken off it. */
static void give_up(struct burn_flow *flow, const struct error *err)
{
	flow->is_off = true;
	worker_answers(flow->port, "g");
	if (err->code == ERROR_LIMIT)
		worker_answers(flow->port, "t");
	else
		worker_answers(flow->port, "n %s", err->text);
	rank_abort(flow->rank);
}

bool burn_flow_begin(struct burn_flow *flow, const struct burn_order *order, bool is_compared)
{
	struct error err = { .code = ERROR_NONE };

	if (flow->is_off || !flow->rank)
		return false;
	flow->block = (struct rank_block){
		.collective = COLLECTIVE_ALL_REDUCE,
		.elements = order->elements,
		.iterations = is_compared ? 1 : order->iterations,
		.is_compared = is_compared,
	};
	worker_answers(flow->port, "b");
	flow->start_ns = host_boot_ns(flow->host);
	if (!rank_begin(flow->rank, &flow->block, &err)) {
		give_up(flow, &err);
		return false;
	}
	flow->begun_ns = host_boot_ns(flow->host);
	worker_answers(flow->port, "g");
	return true;
}

/* ERROR_LIMIT when it takes too long. */
static bool wait_for_all(struct burn_flow *flow, double *ret_seconds, struct error *err)
{
	int64_t until_ns = host_boot_ns(flow->host) + patience_ns;
	bool is_over = false;

	while (rank_is_over(flow->rank, &flow->block, &is_over, ret_seconds, err)) {
		if (is_over)
			return true;
		if (host_boot_ns(flow->host) >= until_ns)
			return fail(err, ERROR_LIMIT, "the all-reduce was not done in time");
		worker_wait(NULL, 0, turn_ns);
	}
	return false;
}

static void say_block(const struct burn_flow *flow, double seconds)
{
	double working = seconds * flow->block.iterations;
	double beginning = (double)(flow->begun_ns - flow->start_ns) / (double)NS_PER_S;

	worker_answers(flow->port, "c %lld %lld %.9g %.9g", (long long)flow->start_ns,
		       (long long)host_boot_ns(flow->host), seconds,
		       working > beginning ? working : beginning);
}

void burn_flow_end(struct burn_flow *flow)
{
	struct payload_verdict verdict;
	struct error err = { .code = ERROR_NONE };
	double seconds;

	if (!wait_for_all(flow, &seconds, &err) ||
	    (flow->block.is_compared && !rank_compare(flow->rank, &flow->block, &verdict, &err))) {
		give_up(flow, &err);
		return;
	}
	if (flow->block.is_compared)
		worker_answers(flow->port, "v %llu", (unsigned long long)verdict.wrong);
	else
		say_block(flow, seconds);
}
