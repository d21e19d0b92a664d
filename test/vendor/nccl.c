/*
 * Stand-in for libnccl.so.2: ranks in processes of their own really exchange what lies in the
 * memory of the stand-in for libcuda.so.1, and the stream's clock moves on by alpha and beta of the
 * scenario. README.md beside this file has the keys.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda_stand_in.h"
#include "nccl_meeting.h"
#include "scenario.h"

enum {
	OPERATIONS_MAXIMUM = 512, /* of one group */
};

static const double gb = 1e9;

struct nccl_comm {
	struct meeting *meeting;
	int ranks, rank, gpu;
	unsigned done; /* operations */
	uint32_t status;
	double slow;  /* of the slowest rank */
	bool is_wide; /* ranks on several nodes */
};

/* One send or receive of a group. */
struct operation {
	struct nccl_comm *comm;
	struct gpu_stream *stream;
	const unsigned char *from;
	unsigned char *into;
	size_t bytes, real, moved; /* `real` of the bytes are there to be moved */
	int peer;
};

static struct {
	int depth;
	unsigned count;
	struct operation operations[OPERATIONS_MAXIMUM];
} group;

static size_t size_of(int type)
{
	switch (type) {
	case NCCL_TYPE_INT8:
	case NCCL_TYPE_UINT8:
		return 1;
	case NCCL_TYPE_FLOAT32:
		return 4;
	default:
		return 0;
	}
}

static bool is_set(const char *name)
{
	const char *text = getenv(name);

	return text && strcmp(text, "0") != 0;
}

uint32_t ncclGetVersion(int *version)
{
	*version = (int)stand_in_figure(SCENARIO_SYSTEM, "nccl_version", 22809);
	return NCCL_STATUS_SUCCESS;
}

const char *ncclGetErrorString(uint32_t status)
{
	static const char *const words[] = {
		"no error",
		"unhandled cuda error",
		"unhandled system error",
		"internal error",
		"invalid argument",
		"invalid usage",
		"remote process exited or there was a network error",
		"in progress",
	};

	return status < sizeof(words) / sizeof(words[0]) ? words[status] : "unknown result code";
}

const char *ncclGetLastError(struct nccl_comm *comm)
{
	(void)comm;
	return "";
}

uint32_t ncclGetUniqueId(struct nccl_id *id)
{
	uint32_t status;

	if (!stand_in_may(stand_in_gpu(), "ncclGetUniqueId", &status))
		return status;
	return meeting_make(id) ? NCCL_STATUS_SUCCESS : NCCL_STATUS_SYSTEM;
}

/* What all ranks know of all once they have met. */
static void look_around(struct nccl_comm *comm)
{
	comm->slow = 1;
	for (int i = 0; i < comm->ranks; i++) {
		const struct meeting_rank *one = &comm->meeting->ranks[i];

		comm->slow = one->slow > comm->slow ? one->slow : comm->slow;
		comm->is_wide |= one->node != comm->meeting->ranks[0].node;
	}
}

uint32_t ncclCommInitRank(struct nccl_comm **ret_comm, int ranks, struct nccl_id id, int rank)
{
	struct nccl_comm *comm;
	uint32_t status;

	if (ranks < 1 || ranks > MEETING_RANKS || rank < 0 || rank >= ranks)
		return NCCL_STATUS_INVALID_ARGUMENT;
	if (!stand_in_may(stand_in_gpu(), "ncclCommInitRank", &status))
		return status;
	comm = calloc(1, sizeof(*comm));
	if (!comm)
		return NCCL_STATUS_SYSTEM;
	*comm = (struct nccl_comm){
		.meeting = meeting_find(&id),
		.ranks = ranks,
		.rank = rank,
		.gpu = stand_in_gpu(),
	};
	if (!comm->meeting) {
		free(comm);
		return NCCL_STATUS_REMOTE;
	}
	struct meeting_rank *own = &comm->meeting->ranks[rank];
	own->slow = stand_in_figure(comm->gpu, "nccl_slow", 1);
	own->node = (int)stand_in_figure(SCENARIO_SYSTEM, "nccl_node", 0);
	meeting_wait(comm->meeting, (unsigned)ranks);
	look_around(comm);
	*ret_comm = comm;
	return NCCL_STATUS_SUCCESS;
}

uint32_t ncclCommDestroy(struct nccl_comm *comm)
{
	meeting_leave(comm->meeting);
	free(comm);
	return NCCL_STATUS_SUCCESS;
}

uint32_t ncclCommAbort(struct nccl_comm *comm)
{
	return ncclCommDestroy(comm);
}

uint32_t ncclCommGetAsyncError(struct nccl_comm *comm, uint32_t *status)
{
	double heard = stand_in_figure(comm->gpu, "nccl_async", 0);

	*status = heard > 0 ? (uint32_t)heard : comm->status;
	return NCCL_STATUS_SUCCESS;
}

/* "nccl_nic_slow mlx5_3 2": by that adapter alone, NCCL_IB_HCA "=mlx5_3", it goes half as fast. */
static double nic_slow(void)
{
	const char *alone = getenv("NCCL_IB_HCA");
	const char *value;
	double factor;

	for (unsigned i = 0; alone && (value = stand_in_line(SCENARIO_SYSTEM, "nccl_nic_slow", i));
	     i++) {
		size_t length = strcspn(value, " ");

		if (alone[0] == '=' && strlen(alone) == length + 1 &&
		    strncmp(alone + 1, value, length) == 0 && scenario_word(value, 1, &factor))
			return factor;
	}
	return 1;
}

/* The bus bandwidth of many bytes, by what joins the ranks and by what the environment forbids. */
static double bandwidth(const struct nccl_comm *comm, bool adds)
{
	double ring = stand_in_figure(SCENARIO_SYSTEM, "nccl_ring_gb_per_s", 365);

	if (comm->is_wide)
		return stand_in_figure(SCENARIO_SYSTEM, "nccl_node_gb_per_s", 380);
	if (is_set("NCCL_P2P_DISABLE") && is_set("NCCL_SHM_DISABLE"))
		return stand_in_figure(SCENARIO_SYSTEM, "nccl_nic_gb_per_s", 45) / nic_slow();
	if (is_set("NCCL_P2P_DISABLE"))
		return stand_in_figure(SCENARIO_SYSTEM, "nccl_host_gb_per_s", 20);
	const char *nvls = getenv("NCCL_NVLS_ENABLE");
	if (!adds || (nvls && strcmp(nvls, "0") == 0))
		return ring;
	return stand_in_figure(SCENARIO_SYSTEM, "nccl_switch_gb_per_s", 480);
}

/* "nccl_dip BYTES FACTOR": operations of so many bytes take so many times as long. */
static double dip(double bytes)
{
	const char *value;
	double of;
	double factor;

	for (unsigned i = 0; (value = stand_in_line(SCENARIO_SYSTEM, "nccl_dip", i)); i++)
		if (scenario_word(value, 0, &of) && scenario_word(value, 1, &factor) &&
		    fabs(of - bytes) < bytes / 16)
			return factor;
	return 1;
}

static void spend(const struct nccl_comm *comm, struct gpu_stream *stream, double bytes,
		  double factor, double slow, bool adds)
{
	double alpha = stand_in_figure(SCENARIO_SYSTEM, "nccl_latency_us", 12) * 1e-6;

	stand_in_spend(stream,
		       (alpha + bytes * factor / (bandwidth(comm, adds) * gb)) * slow * dip(bytes));
}

/* How each operation begins: faults of calls, and "nccl_broken N": from its N-th on it fails. */
static bool begin(struct nccl_comm *comm, const char *call, uint32_t *ret_status)
{
	double broken = stand_in_figure(comm->gpu, "nccl_broken", 0);

	comm->meeting->ranks[comm->rank].slow = stand_in_figure(comm->gpu, "nccl_slow", 1);
	if (!stand_in_may(comm->gpu, call, ret_status))
		return false;
	comm->done++;
	if (broken > 0 && comm->done >= (unsigned)broken) {
		comm->status = NCCL_STATUS_REMOTE;
		*ret_status = NCCL_STATUS_REMOTE;
		return false;
	}
	return true;
}

/* "nccl_corrupt OFFSET MASK": in everything that the GPU receives. */
static void corrupt(const struct nccl_comm *comm, unsigned char *at, size_t bytes)
{
	const char *value;
	double offset;
	double mask;

	for (unsigned i = 0; (value = stand_in_line(comm->gpu, "nccl_corrupt", i)); i++)
		if (scenario_word(value, 0, &offset) && scenario_word(value, 1, &mask) &&
		    (size_t)offset < bytes)
			at[(size_t)offset] ^= (unsigned char)mask;
}

/* Adds up floats of all ranks' slots in ascending order of the ranks. */
static void add_up(const struct meeting *meeting, int ranks, size_t first, size_t count,
		   unsigned char *into)
{
	for (size_t i = 0; i < count; i++) {
		float sum = 0;

		for (int rank = 0; rank < ranks; rank++) {
			float one;

			memcpy(&one, meeting->ranks[rank].slot + (first + i) * sizeof(one),
			       sizeof(one));
			sum += one;
		}
		memcpy(into + i * sizeof(sum), &sum, sizeof(sum));
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Bytes of one piece that are really exchanged: as far as a kernel that goes through floats comes;
 * what lies behind is thought of. */
static size_t room(const struct nccl_comm *comm)
{
	return (size_t)(stand_in_room(comm->gpu) / 16 * sizeof(float));
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are NVIDIA's */
uint32_t ncclAllReduce(const void *from, void *into, size_t count, int type, int operation,
		       struct nccl_comm *comm, struct gpu_stream *stream)
{
	size_t bytes = count * sizeof(float), n = (size_t)comm->ranks;
	struct meeting *meeting = comm->meeting;
	struct meeting_rank *own = &meeting->ranks[comm->rank];
	uint32_t status;

	if (type != NCCL_TYPE_FLOAT32 || operation != NCCL_SUM)
		return NCCL_STATUS_INVALID_ARGUMENT;
	if (!begin(comm, "ncclAllReduce", &status))
		return status;
	for (size_t at = 0; at < least(bytes, room(comm)); at += MEETING_SLOT) {
		size_t some = least(least(bytes, room(comm)) - at, MEETING_SLOT),
		       elements = some / sizeof(float);
		size_t first = elements * (size_t)comm->rank / n;
		size_t last = elements * ((size_t)comm->rank + 1) / n;

		memcpy(own->slot, (const unsigned char *)from + at, some);
		meeting_wait(meeting, (unsigned)n);
		add_up(meeting, comm->ranks, first, last - first, own->sum + first * sizeof(float));
		meeting_wait(meeting, (unsigned)n);
		for (size_t rank = 0; rank < n; rank++) {
			first = elements * rank / n;
			last = elements * (rank + 1) / n;
			memcpy((unsigned char *)into + at + first * sizeof(float),
			       meeting->ranks[rank].sum + first * sizeof(float),
			       (last - first) * sizeof(float));
		}
		meeting_wait(meeting, (unsigned)n);
	}
	corrupt(comm, into, bytes);
	look_around(comm);
	spend(comm, stream, (double)bytes, 2.0 * (double)(n - 1) / (double)n, comm->slow, true);
	return NCCL_STATUS_SUCCESS;
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are NVIDIA's */
uint32_t ncclReduceScatter(const void *from, void *into, size_t count, int type, int operation,
			   struct nccl_comm *comm, struct gpu_stream *stream)
{
	size_t n = (size_t)comm->ranks, part = MEETING_SLOT / sizeof(float) / n;
	size_t most = least(count, room(comm) / sizeof(float));
	struct meeting *meeting = comm->meeting;
	struct meeting_rank *own = &meeting->ranks[comm->rank];
	uint32_t status;

	if (type != NCCL_TYPE_FLOAT32 || operation != NCCL_SUM)
		return NCCL_STATUS_INVALID_ARGUMENT;
	if (!begin(comm, "ncclReduceScatter", &status))
		return status;
	for (size_t at = 0; at < most; at += part) {
		size_t some = least(most - at, part);

		for (size_t rank = 0; rank < n; rank++)
			memcpy(own->slot + rank * some * sizeof(float),
			       (const float *)from + rank * count + at, some * sizeof(float));
		meeting_wait(meeting, (unsigned)n);
		add_up(meeting, comm->ranks, (size_t)comm->rank * some, some,
		       (unsigned char *)into + at * sizeof(float));
		meeting_wait(meeting, (unsigned)n);
	}
	corrupt(comm, into, count * sizeof(float));
	spend(comm, stream, (double)(count * n * sizeof(float)), (double)(n - 1) / (double)n,
	      comm->slow, false);
	return NCCL_STATUS_SUCCESS;
}

uint32_t ncclAllGather(const void *from, void *into, size_t count, int type, struct nccl_comm *comm,
		       struct gpu_stream *stream)
{
	size_t bytes = count * size_of(type), n = (size_t)comm->ranks;
	struct meeting *meeting = comm->meeting;
	uint32_t status;

	if (size_of(type) == 0)
		return NCCL_STATUS_INVALID_ARGUMENT;
	if (!begin(comm, "ncclAllGather", &status))
		return status;
	for (size_t at = 0; at < least(bytes, room(comm)); at += MEETING_SLOT) {
		size_t some = least(least(bytes, room(comm)) - at, MEETING_SLOT);

		memcpy(meeting->ranks[comm->rank].slot, (const unsigned char *)from + at, some);
		meeting_wait(meeting, (unsigned)n);
		for (size_t rank = 0; rank < n; rank++)
			memcpy((unsigned char *)into + rank * bytes + at, meeting->ranks[rank].slot,
			       some);
		meeting_wait(meeting, (unsigned)n);
	}
	corrupt(comm, into, bytes * n);
	spend(comm, stream, (double)(bytes * n), (double)(n - 1) / (double)n, comm->slow, false);
	return NCCL_STATUS_SUCCESS;
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are NVIDIA's */
uint32_t ncclBroadcast(const void *from, void *into, size_t count, int type, int root,
		       struct nccl_comm *comm, struct gpu_stream *stream)
{
	size_t bytes = count * size_of(type);
	struct meeting *meeting = comm->meeting;
	uint32_t status;

	if (size_of(type) == 0 || root < 0 || root >= comm->ranks)
		return NCCL_STATUS_INVALID_ARGUMENT;
	if (!begin(comm, "ncclBroadcast", &status))
		return status;
	for (size_t at = 0; at < least(bytes, room(comm)); at += MEETING_SLOT) {
		size_t some = least(least(bytes, room(comm)) - at, MEETING_SLOT);

		if (comm->rank == root)
			memcpy(meeting->ranks[root].slot, (const unsigned char *)from + at, some);
		meeting_wait(meeting, (unsigned)comm->ranks);
		memcpy((unsigned char *)into + at, meeting->ranks[root].slot, some);
		meeting_wait(meeting, (unsigned)comm->ranks);
	}
	corrupt(comm, into, bytes);
	spend(comm, stream, (double)bytes, 1, comm->slow, false);
	return NCCL_STATUS_SUCCESS;
}

/* Moves what can be moved now; true when something was. */
static bool move_on(struct operation *one)
{
	struct meeting *meeting = one->comm->meeting;
	struct meeting_box *box = one->from ? &meeting->boxes[one->comm->rank][one->peer]
					    : &meeting->boxes[one->peer][one->comm->rank];
	size_t some = least(one->real - one->moved, MEETING_BOX);

	if (some == 0 || (atomic_load(&box->bytes) == 0) != (one->from != NULL))
		return false;
	if (one->from) {
		memcpy(box->data, one->from + one->moved, some);
		atomic_store(&box->bytes, (uint32_t)some);
	} else {
		some = least(some, atomic_load(&box->bytes));
		memcpy(one->into + one->moved, box->data, some);
		atomic_store(&box->bytes, 0);
	}
	one->moved += some;
	return true;
}

/* How long the group takes: as the pattern of all to all when there are several peers. */
static void spend_group(void)
{
	const struct nccl_comm *comm = group.operations[0].comm;
	double sent = 0, received = 0, slow = comm->meeting->ranks[comm->rank].slow;
	bool is_all = group.count > 4;

	for (unsigned i = 0; i < group.count; i++) {
		const struct operation *one = &group.operations[i];
		double peer_slow = comm->meeting->ranks[one->peer].slow;

		slow = peer_slow > slow ? peer_slow : slow;
		sent += one->from ? (double)one->bytes : 0;
		received += one->into ? (double)one->bytes : 0;
	}
	double most = sent > received ? sent : received;
	spend(comm, group.operations[0].stream, most,
	      is_all ? (double)(comm->ranks - 1) / comm->ranks : 1, slow, false);
}

static uint32_t run_group(void)
{
	uint32_t status = NCCL_STATUS_SUCCESS;
	unsigned left = group.count;

	if (group.count == 0)
		return status;
	if (!begin(group.operations[0].comm, "ncclGroupEnd", &status))
		return status;
	while (left > 0) {
		bool moved = false;

		left = 0;
		for (unsigned i = 0; i < group.count; i++) {
			moved |= move_on(&group.operations[i]);
			left += group.operations[i].moved < group.operations[i].real;
		}
		if (!moved && left > 0)
			meeting_pause();
	}
	for (unsigned i = 0; i < group.count; i++)
		if (group.operations[i].into)
			corrupt(group.operations[i].comm, group.operations[i].into,
				group.operations[i].bytes);
	spend_group();
	return NCCL_STATUS_SUCCESS;
}

uint32_t ncclGroupStart(void)
{
	group.depth++;
	return NCCL_STATUS_SUCCESS;
}

uint32_t ncclGroupEnd(void)
{
	uint32_t status;

	if (group.depth == 0 || --group.depth > 0)
		return group.depth > 0 ? NCCL_STATUS_SUCCESS : NCCL_STATUS_INVALID_USAGE;
	status = run_group();
	group.count = 0;
	return status;
}

static uint32_t add(struct operation operation)
{
	if (operation.bytes == 0 || operation.peer < 0 || operation.peer >= operation.comm->ranks ||
	    group.count == OPERATIONS_MAXIMUM)
		return NCCL_STATUS_INVALID_ARGUMENT;
	operation.real = least(operation.bytes, room(operation.comm));
	(void)ncclGroupStart();
	group.operations[group.count++] = operation;
	return ncclGroupEnd();
}

uint32_t ncclSend(const void *from, size_t count, int type, int peer, struct nccl_comm *comm,
		  struct gpu_stream *stream)
{
	return add((struct operation){ .comm = comm,
				       .stream = stream,
				       .from = from,
				       .bytes = count * size_of(type),
				       .peer = peer });
}

uint32_t ncclRecv(void *into, size_t count, int type, int peer, struct nccl_comm *comm,
		  struct gpu_stream *stream)
{
	return add((struct operation){ .comm = comm,
				       .stream = stream,
				       .into = into,
				       .bytes = count * size_of(type),
				       .peer = peer });
}
