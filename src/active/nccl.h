/*
 * One rank of a communicator, for the child of a worker: the library is found at run time, declared
 * in active/nccl_abi.h and never linked. Every call is announced with worker_calls(), so that one
 * that hangs is known. Errors name the call and the library's word for its status; ERROR_MISSING is
 * no library, ERROR_UNSUPPORTED one that lacks a function, ERROR_IO everything that it refused.
 */
#pragma once

#include "active/gpu_driver.h"
#include "active/nccl_abi.h"
#include "fabric/collective.h"

struct nccl {
	struct worker_port *port;
	struct library library;
	struct nccl_calls calls;
	bool is_rccl;
	unsigned version; /* 22809 is 2.28.9; 2804 was 2.8.4 */
	struct nccl_comm *comm;
	unsigned ranks, rank; /* of the communicator; 0 ranks: none is open */
};

/* Opens libnccl.so.2, else librccl.so.1, of the folder that library_folder() names or as the
 * loader finds it. */
bool nccl_open(struct worker_port *port, struct nccl *ret_nccl, struct error *err);

/* "2.28.9" of 22809, "2.8.4" of 2804. */
struct nccl_words {
	char at[32];
};
struct nccl_words nccl_version_words(unsigned version);

/* An id as 256 hexadecimal digits and back; false when it is not that. */
void nccl_id_write(const struct nccl_id *id, char into[static 2 * NCCL_ID_BYTES + 1]);
bool nccl_id_read(struct span text, struct nccl_id *ret_id);

bool nccl_make_id(struct nccl *nccl, struct nccl_id *ret_id, struct error *err);

/* Waits for all `ranks` of the id. The device's context is current. */
bool nccl_join(struct nccl *nccl, const struct nccl_id *id, unsigned ranks, unsigned rank,
	       struct error *err);

/* NULL communicator is fine. `is_broken`: others may be gone, nothing is waited for. */
void nccl_leave(struct nccl *nccl, bool is_broken);

/* What one rank does in one operation; addresses of the device. */
struct nccl_work {
	enum collective collective;
	uint64_t from, into;
	size_t elements; /* of the whole, as nccl-tests counts its size; a multiple of the ranks
			  * where the collective shares them out */
	unsigned to, of; /* of COLLECTIVE_SEND_RECEIVE: whom it sends to, whom it hears */
};

/* Enqueues one operation of 32-bit floats, which are added up where the collective adds. */
bool nccl_enqueue(struct nccl *nccl, const struct nccl_work *work, struct gpu_stream *stream,
		  struct error *err);

/* False when the communicator has had an error since. */
bool nccl_is_well(struct nccl *nccl, struct error *err);
