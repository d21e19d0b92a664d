/*
 * What active tests call of NVIDIA's library of collectives, libnccl.so.2, and of AMD's,
 * librccl.so.1, which has the same functions: our own declarations of the binary interface. Numbers
 * and layouts are those of NCCL 2.7 to 2.28. Nothing here is linked: the functions are looked up by
 * name.
 *
 * A status is a plain `uint32_t`: a newer library may answer with a number that is not in the list.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum nccl_status {
	NCCL_STATUS_SUCCESS = 0,
	NCCL_STATUS_CUDA = 1,
	NCCL_STATUS_SYSTEM = 2,
	NCCL_STATUS_INTERNAL = 3,
	NCCL_STATUS_INVALID_ARGUMENT = 4,
	NCCL_STATUS_INVALID_USAGE = 5,
	NCCL_STATUS_REMOTE = 6, /* another rank has gone, or its network */
	NCCL_STATUS_IN_PROGRESS = 7,
};

enum nccl_type {
	NCCL_TYPE_INT8 = 0,
	NCCL_TYPE_UINT8 = 1,
	NCCL_TYPE_FLOAT32 = 7,
};

enum nccl_operation {
	NCCL_SUM = 0,
};

enum {
	NCCL_ID_BYTES = 128,
};

/* What the ranks of one communicator agree upon; made by one of them. Passed by value. */
struct nccl_id {
	char bytes[NCCL_ID_BYTES];
};

/* Owned by the libraries. */
struct nccl_comm;
struct gpu_stream;

uint32_t ncclGetVersion(int *version);
uint32_t ncclGetUniqueId(struct nccl_id *id);
uint32_t ncclCommInitRank(struct nccl_comm **comm, int ranks, struct nccl_id id, int rank);
uint32_t ncclCommDestroy(struct nccl_comm *comm);
uint32_t ncclCommAbort(struct nccl_comm *comm);
uint32_t ncclCommGetAsyncError(struct nccl_comm *comm, uint32_t *status);
const char *ncclGetErrorString(uint32_t status);
const char *ncclGetLastError(struct nccl_comm *comm); /* from 2.13 on */

/* Counts are elements: of an all-gather those that each rank sends, of a reduce-scatter those that
 * each receives. */
uint32_t ncclAllReduce(const void *from, void *into, size_t count, int type, int operation,
		       struct nccl_comm *comm, struct gpu_stream *stream);
uint32_t ncclAllGather(const void *from, void *into, size_t count, int type, struct nccl_comm *comm,
		       struct gpu_stream *stream);
uint32_t ncclReduceScatter(const void *from, void *into, size_t count, int type, int operation,
			   struct nccl_comm *comm, struct gpu_stream *stream);
uint32_t ncclBroadcast(const void *from, void *into, size_t count, int type, int root,
		       struct nccl_comm *comm, struct gpu_stream *stream);
uint32_t ncclSend(const void *from, size_t count, int type, int peer, struct nccl_comm *comm,
		  struct gpu_stream *stream);
uint32_t ncclRecv(void *into, size_t count, int type, int peer, struct nccl_comm *comm,
		  struct gpu_stream *stream);
uint32_t ncclGroupStart(void);
uint32_t ncclGroupEnd(void);

/* X(symbol, whether there is none without it). */
#define NCCL_CALLS(X)                  \
	X(ncclGetVersion, true)        \
	X(ncclGetUniqueId, true)       \
	X(ncclCommInitRank, true)      \
	X(ncclCommDestroy, true)       \
	X(ncclCommAbort, true)         \
	X(ncclCommGetAsyncError, true) \
	X(ncclGetErrorString, true)    \
	X(ncclGetLastError, false)     \
	X(ncclAllReduce, true)         \
	X(ncclAllGather, true)         \
	X(ncclReduceScatter, true)     \
	X(ncclBroadcast, true)         \
	X(ncclSend, true)              \
	X(ncclRecv, true)              \
	X(ncclGroupStart, true)        \
	X(ncclGroupEnd, true)

#define NCCL_POINTER(symbol, is_needed) __typeof__ (&(symbol))(symbol);
struct nccl_calls {
	NCCL_CALLS(NCCL_POINTER)
};
#undef NCCL_POINTER
