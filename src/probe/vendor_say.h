/*
 * What a worker's child says of the GPUs that it asks a vendor's library about. One line is one
 * fact, so that the answers of a captured machine are read like those of a live one:
 *
 *   g gpu:0000:19:00.0 0                         a GPU that the library lists, and its index
 *   v gpu:0000:19:00.0 gpu.temperature 45        a number
 *   s gpu:0000:19:00.0/link:3 gpu.link up        a state
 *   t library:nvml gpu.call nvmlInit_v2: …       a text
 *   u gpu:0000:19:00.0 gpu.power why             looked for and not known
 *
 * A device "-" is the node; "index:3" is a GPU whose address the library did not tell. A request is
 * "sweep quick+full+counters skip=gpu:0000:19:00.0,index:3": of what is skipped nothing is asked,
 * and a request that skips is a later one of the same look: the library itself is not told again.
 */
#pragma once

#include "evidence/measure.h"
#include "host/worker.h"

enum {
	VENDOR_GPUS_MAXIMUM = 64,
	VENDOR_NAME_SIZE = 48, /* of a GPU or a part of it, and NUL */
};

/* What a status of a library means for what was asked. */
enum vendor_heard {
	HEARD_VALUE,
	HEARD_NOTHING, /* this model or this library does not have it */
	HEARD_LOST,    /* the GPU is gone */
	HEARD_RESET,   /* it answers nothing before it is reset */
	HEARD_REFUSED, /* anything else: what was asked is not known */
};

struct vendor_status {
	uint32_t status;
	enum vendor_heard heard;
	const char *words;
};

/* The statuses of one library; what is not in the list is refused. */
struct vendor_statuses {
	const struct vendor_status *rows;
	size_t count;
};

/* "GPU is lost (15)". */
struct vendor_words {
	char at[80];
};
struct vendor_words vendor_words(const struct vendor_statuses *statuses, uint32_t status);
enum vendor_heard vendor_heard(const struct vendor_statuses *statuses, uint32_t status);

struct vendor_request {
	unsigned shares; /* enum probe_share */
	struct span skip;
};

/* False for what is no request. */
bool vendor_request_read(const char *request, struct vendor_request *ret_request);

/* True when the whole name is in the list. */
bool vendor_request_skips(const struct vendor_request *request, const char *name);

/* One GPU that is being asked. */
struct vendor_gpu {
	struct worker_port *port;
	const struct vendor_statuses *statuses;
	unsigned shares;
	char name[VENDOR_NAME_SIZE]; /* "gpu:0000:19:00.0" or "index:3" */
	char part[VENDOR_NAME_SIZE]; /* what the next calls and facts are about: name, or a link */
	const char *call;            /* the last */
	uint32_t status;             /* of the last that was refused */
	bool has_told;               /* a call gave a value, or said that there is none */
	bool is_gone;                /* no further call is made */
};

/* Says that the call comes next; false when the library does not have it (NULL) or the GPU is gone.
 */
bool gpu_ask_begin(struct vendor_gpu *gpu, const char *call);

/* Gives back what the call answered; says so when the GPU is gone. */
uint32_t gpu_ask_end(struct vendor_gpu *gpu, uint32_t status);

/* True for a value. Says the measure is unknown when it should be there and was not told. */
bool gpu_told(struct vendor_gpu *gpu, uint32_t status, enum measure measure);

/* The GPU's last line: that it answered, unless it said otherwise; an error when every call was
 * refused. */
void gpu_end(struct vendor_gpu *gpu);

/* Facts about gpu->part. A number that is all ones, and a text that is not printable or has no end,
 * is unknown. */
void gpu_say_value(struct vendor_gpu *gpu, enum measure measure, double value);
void gpu_say_u32(struct vendor_gpu *gpu, enum measure measure, uint32_t value, double scale);
void gpu_say_u64(struct vendor_gpu *gpu, enum measure measure, uint64_t value, double scale);
void gpu_say_state(struct vendor_gpu *gpu, enum measure measure, const char *state);
void gpu_say_buffer(struct vendor_gpu *gpu, enum measure measure, const char *buffer, size_t size);
void gpu_say_rubbish(struct vendor_gpu *gpu, enum measure measure, uint64_t value);

/* The word of that number, or rubbish; words[i] NULL is rubbish too. */
void gpu_say_word(struct vendor_gpu *gpu, enum measure measure, uint64_t value,
		  const char *const *words, size_t count);

/* Whether a line that begins with this letter may tell of the measure. */
bool say_fits(char kind, enum measure measure);

/* Facts about anything. */
void say_value(struct worker_port *port, const char *device, enum measure measure, double value);
void say_state(struct worker_port *port, const char *device, enum measure measure,
	       const char *state);
void say_text(struct worker_port *port, const char *device, enum measure measure,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));
void say_unknown(struct worker_port *port, const char *device, enum measure measure,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));
void say_buffer(struct worker_port *port, const char *device, enum measure measure,
		const char *buffer, size_t size);
