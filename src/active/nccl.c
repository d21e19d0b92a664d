#include "active/nccl.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
	FLOAT_BYTES = 4,
	/* From 2.9 on a version has two digits more for its parts. */
	LONG_VERSIONS_FROM = 10000,
};

static bool look_up(struct nccl *nccl, struct error *err)
{
#define NCCL_LOOK(symbol, is_needed)                                                          \
	{                                                                                     \
		void *address = library_symbol(&nccl->library,                                \
					       (const char *const[]){ #symbol, NULL }, NULL); \
		if (!address && (is_needed))                                                  \
			return fail(err, ERROR_UNSUPPORTED, "the library has no " #symbol);   \
		memcpy(&nccl->calls.symbol, &address, sizeof(address));                       \
	}
	NCCL_CALLS(NCCL_LOOK)
#undef NCCL_LOOK
	return true;
}

static bool refuse(const struct nccl *nccl, const char *call, uint32_t status, struct error *err)
{
	const char *words = nccl->calls.ncclGetErrorString(status);
	const char *last =
		nccl->calls.ncclGetLastError ? nccl->calls.ncclGetLastError(nccl->comm) : NULL;

	return fail(err, ERROR_IO, "%s: %s (%u)%s%.200s", call, words ? words : "unknown status",
		    (unsigned)status, last && *last ? ": " : "", last ? last : "");
}

bool nccl_open(struct worker_port *port, struct nccl *ret_nccl, struct error *err)
{
	struct nccl nccl = { .port = port };
	static const char *const names[] = { "libnccl.so.2", "librccl.so.1", NULL };
	unsigned which = 0;
	int version = 0;
	uint32_t status;

	worker_calls(port, "dlopen libnccl.so.2");
	if (!library_open_vendor(names, &nccl.library, &which, err))
		return fail(err, ERROR_MISSING,
			    "neither libnccl.so.2 nor librccl.so.1 can be loaded");
	nccl.is_rccl = which == 1;
	if (!look_up(&nccl, err))
		return false;
	worker_calls(port, "ncclGetVersion");
	status = nccl.calls.ncclGetVersion(&version);
	if (status != NCCL_STATUS_SUCCESS)
		return refuse(&nccl, "ncclGetVersion", status, err);
	nccl.version = version > 0 ? (unsigned)version : 0;
	*ret_nccl = nccl;
	return true;
}

struct nccl_words nccl_version_words(unsigned version)
{
	unsigned unit = version >= LONG_VERSIONS_FROM ? LONG_VERSIONS_FROM : 1000;
	struct nccl_words words;

	(void)snprintf(words.at, sizeof(words.at), "%u.%u.%u", version / unit, version % unit / 100,
		       version % 100);
	return words;
}

void nccl_id_write(const struct nccl_id *id, char into[static 2 * NCCL_ID_BYTES + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < NCCL_ID_BYTES; i++) {
		unsigned char byte = (unsigned char)id->bytes[i];

		into[2 * i] = digits[byte >> 4];
		into[2 * i + 1] = digits[byte & 15];
	}
	into[2 * NCCL_ID_BYTES] = '\0';
}

static bool read_digit(char digit, unsigned *ret_value)
{
	if (digit >= '0' && digit <= '9')
		*ret_value = (unsigned)(digit - '0');
	else if (digit >= 'a' && digit <= 'f')
		*ret_value = (unsigned)(digit - 'a') + 10;
	else
		return false;
	return true;
}

bool nccl_id_read(struct span text, struct nccl_id *ret_id)
{
	struct nccl_id id;

	if (text.length != 2 * (size_t)NCCL_ID_BYTES)
		return false;
	for (size_t i = 0; i < NCCL_ID_BYTES; i++) {
		unsigned high, low;

		if (!read_digit(text.at[2 * i], &high) || !read_digit(text.at[2 * i + 1], &low))
			return false;
		id.bytes[i] = (char)(high << 4 | low);
	}
	*ret_id = id;
	return true;
}

bool nccl_make_id(struct nccl *nccl, struct nccl_id *ret_id, struct error *err)
{
	uint32_t status;

	worker_calls(nccl->port, "ncclGetUniqueId");
	status = nccl->calls.ncclGetUniqueId(ret_id);
	return status == NCCL_STATUS_SUCCESS || refuse(nccl, "ncclGetUniqueId", status, err);
}

bool nccl_join(struct nccl *nccl, const struct nccl_id *id, unsigned ranks, unsigned rank,
	       struct error *err)
{
	uint32_t status;

	worker_calls(nccl->port, "ncclCommInitRank of %u ranks", ranks);
	status = nccl->calls.ncclCommInitRank(&nccl->comm, (int)ranks, *id, (int)rank);
	if (status != NCCL_STATUS_SUCCESS) {
		nccl->comm = NULL;
		return refuse(nccl, "ncclCommInitRank", status, err);
	}
	nccl->ranks = ranks;
	nccl->rank = rank;
	return true;
}

void nccl_leave(struct nccl *nccl, bool is_broken)
{
	if (!nccl->comm)
		return;
	worker_calls(nccl->port, is_broken ? "ncclCommAbort" : "ncclCommDestroy");
	if (is_broken)
		(void)nccl->calls.ncclCommAbort(nccl->comm);
	else
		(void)nccl->calls.ncclCommDestroy(nccl->comm);
	nccl->comm = NULL;
	nccl->ranks = 0;
}

/* Addresses of the device go through the library as pointers. */
static void *at(uint64_t address)
{
	void *pointer;

	static_assert(sizeof(pointer) == sizeof(address), "an address of the device is a pointer");
	memcpy(&pointer, &address, sizeof(pointer));
	return pointer;
}

/* Each sends block j to rank j, and hears block j from it. */
static uint32_t all_to_all(const struct nccl *nccl, const struct nccl_work *work,
			   struct gpu_stream *stream)
{
	const struct nccl_calls *calls = &nccl->calls;
	size_t count = work->elements / nccl->ranks;
	uint32_t status = calls->ncclGroupStart(), end;

	for (unsigned i = 0; i < nccl->ranks && status == NCCL_STATUS_SUCCESS; i++) {
		uint64_t offset = (uint64_t)i * count * FLOAT_BYTES;

		status = calls->ncclSend(at(work->from + offset), count, NCCL_TYPE_FLOAT32, (int)i,
					 nccl->comm, stream);
		if (status == NCCL_STATUS_SUCCESS)
			status = calls->ncclRecv(at(work->into + offset), count, NCCL_TYPE_FLOAT32,
						 (int)i, nccl->comm, stream);
	}
	end = calls->ncclGroupEnd();
	return status != NCCL_STATUS_SUCCESS ? status : end;
}

static uint32_t send_receive(const struct nccl *nccl, const struct nccl_work *work,
			     struct gpu_stream *stream)
{
	const struct nccl_calls *calls = &nccl->calls;
	uint32_t status = calls->ncclGroupStart(), end;

	if (status == NCCL_STATUS_SUCCESS && work->to < nccl->ranks)
		status = calls->ncclSend(at(work->from), work->elements, NCCL_TYPE_FLOAT32,
					 (int)work->to, nccl->comm, stream);
	if (status == NCCL_STATUS_SUCCESS && work->of < nccl->ranks)
		status = calls->ncclRecv(at(work->into), work->elements, NCCL_TYPE_FLOAT32,
					 (int)work->of, nccl->comm, stream);
	end = calls->ncclGroupEnd();
	return status != NCCL_STATUS_SUCCESS ? status : end;
}

static uint32_t enqueue(const struct nccl *nccl, const struct nccl_work *work,
			struct gpu_stream *stream)
{
	const struct nccl_calls *calls = &nccl->calls;
	void *from = at(work->from), *into = at(work->into);

	switch (work->collective) {
	case COLLECTIVE_ALL_REDUCE:
		return calls->ncclAllReduce(from, into, work->elements, NCCL_TYPE_FLOAT32, NCCL_SUM,
					    nccl->comm, stream);
	case COLLECTIVE_ALL_GATHER:
		return calls->ncclAllGather(from, into, work->elements / nccl->ranks,
					    NCCL_TYPE_FLOAT32, nccl->comm, stream);
	case COLLECTIVE_REDUCE_SCATTER:
		return calls->ncclReduceScatter(from, into, work->elements / nccl->ranks,
						NCCL_TYPE_FLOAT32, NCCL_SUM, nccl->comm, stream);
	case COLLECTIVE_BROADCAST:
		return calls->ncclBroadcast(from, into, work->elements, NCCL_TYPE_FLOAT32, 0,
					    nccl->comm, stream);
	case COLLECTIVE_ALL_TO_ALL:
		return all_to_all(nccl, work, stream);
	case COLLECTIVE_SEND_RECEIVE:
		return send_receive(nccl, work, stream);
	case COLLECTIVE_COUNT:
		break;
	}
	return NCCL_STATUS_INVALID_ARGUMENT;
}

bool nccl_enqueue(struct nccl *nccl, const struct nccl_work *work, struct gpu_stream *stream,
		  struct error *err)
{
	uint32_t status;

	status = enqueue(nccl, work, stream);
	return status == NCCL_STATUS_SUCCESS ||
	       refuse(nccl, collective_names[work->collective], status, err);
}

bool nccl_is_well(struct nccl *nccl, struct error *err)
{
	uint32_t heard = NCCL_STATUS_SUCCESS;
	uint32_t status = nccl->calls.ncclCommGetAsyncError(nccl->comm, &heard);

	if (status != NCCL_STATUS_SUCCESS)
		return refuse(nccl, "ncclCommGetAsyncError", status, err);
	return heard == NCCL_STATUS_SUCCESS || refuse(nccl, "the communicator", heard, err);
}
