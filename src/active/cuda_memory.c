#include <stdint.h>

#include "active/cuda.h"

/* Calls and judges the status in one: every function below is one call. */
#define DO(device, err, function, ...)                                                             \
	cuda_done((device)->cuda, CUDA_CALL((device)->cuda, (device)->gpu, function, __VA_ARGS__), \
		  #function, (device)->gpu, (err))

bool cuda_memory_left(const struct cuda_device *device, uint64_t *ret_bytes, struct error *err)
{
	size_t left = 0;
	size_t total = 0;

	if (!DO(device, err, cuMemGetInfo_v2, &left, &total))
		return false;
	*ret_bytes = left;
	return true;
}

bool cuda_take(const struct cuda_device *device, uint64_t bytes, uint64_t *ret_address,
	       struct error *err)
{
	uint64_t address = 0;

	if (!DO(device, err, cuMemAlloc_v2, &address, (size_t)bytes))
		return fail_while(err, "taking %llu MiB", (unsigned long long)(bytes >> 20));
	*ret_address = address;
	return true;
}

void cuda_give(const struct cuda_device *device, uint64_t address)
{
	if (address)
		(void)CUDA_CALL(device->cuda, device->gpu, cuMemFree_v2, address);
}

bool cuda_take_host(const struct cuda_device *device, uint64_t bytes, void **ret_at,
		    struct error *err)
{
	void *at = NULL;

	if (!DO(device, err, cuMemHostAlloc, &at, (size_t)bytes,
		CUDA_HOST_FOR_ALL | CUDA_HOST_MAPPED))
		return fail_while(err, "pinning %llu MiB of the host",
				  (unsigned long long)(bytes >> 20));
	*ret_at = at;
	return true;
}

void cuda_give_host(const struct cuda_device *device, void *at)
{
	if (at)
		(void)CUDA_CALL(device->cuda, device->gpu, cuMemFreeHost, at);
}

bool cuda_to_host(const struct cuda_device *device, void *into, uint64_t from, uint64_t bytes,
		  struct error *err)
{
	return DO(device, err, cuMemcpyDtoH_v2, into, from, (size_t)bytes);
}

bool cuda_from_host(const struct cuda_device *device, uint64_t into, const void *from,
		    uint64_t bytes, struct error *err)
{
	return DO(device, err, cuMemcpyHtoD_v2, into, from, (size_t)bytes);
}

bool cuda_begin_to_host(const struct cuda_device *device, void *into, uint64_t from, uint64_t bytes,
			struct cuda_stream *stream, struct error *err)
{
	return DO(device, err, cuMemcpyDtoHAsync_v2, into, from, (size_t)bytes, stream);
}

bool cuda_begin_from_host(const struct cuda_device *device, uint64_t into, const void *from,
			  uint64_t bytes, struct cuda_stream *stream, struct error *err)
{
	return DO(device, err, cuMemcpyHtoDAsync_v2, into, from, (size_t)bytes, stream);
}

bool cuda_begin_copy(const struct cuda_device *device, uint64_t into, uint64_t from, uint64_t bytes,
		     struct cuda_stream *stream, struct error *err)
{
	return DO(device, err, cuMemcpyDtoDAsync_v2, into, from, (size_t)bytes, stream);
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are those of cuMemcpyPeerAsync */
bool cuda_begin_peer_copy(const struct cuda_device *into, uint64_t into_address,
			  const struct cuda_device *from, uint64_t from_address, uint64_t bytes,
			  struct cuda_stream *stream, struct error *err)
{
	return DO(from, err, cuMemcpyPeerAsync, into_address, into->context, from_address,
		  from->context, (size_t)bytes, stream);
}

bool cuda_peer_enable(const struct cuda_device *device, const struct cuda_device *peer,
		      bool *ret_can, struct error *err)
{
	int can = 0;
	uint32_t status;

	if (!DO(device, err, cuDeviceCanAccessPeer, &can, device->handle, peer->handle))
		return false;
	*ret_can = can != 0;
	if (!can)
		return true;
	if (!cuda_device_use(device, err))
		return false;
	status = CUDA_CALL(device->cuda, device->gpu, cuCtxEnablePeerAccess, peer->context, 0);
	if (status == CUDA_STATUS_PEER_ACCESS_ALREADY_ENABLED)
		return true;
	return cuda_done(device->cuda, status, "cuCtxEnablePeerAccess", device->gpu, err);
}

bool cuda_stream_make(const struct cuda_device *device, struct cuda_stream **ret_stream,
		      struct error *err)
{
	return DO(device, err, cuStreamCreate, ret_stream, CUDA_STREAM_APART);
}

void cuda_stream_drop(const struct cuda_device *device, struct cuda_stream *stream)
{
	if (stream)
		(void)CUDA_CALL(device->cuda, device->gpu, cuStreamDestroy_v2, stream);
}

bool cuda_wait(const struct cuda_device *device, struct cuda_stream *stream, struct error *err)
{
	return DO(device, err, cuStreamSynchronize, stream);
}

bool cuda_wait_for_event(const struct cuda_device *device, struct cuda_stream *stream,
			 struct cuda_event *event, struct error *err)
{
	return DO(device, err, cuStreamWaitEvent, stream, event, 0);
}

bool cuda_mark(const struct cuda_device *device, struct cuda_event *event,
	       struct cuda_stream *stream, struct error *err)
{
	return DO(device, err, cuEventRecord, event, stream);
}

bool cuda_timer_make(const struct cuda_device *device, struct cuda_timer *ret_timer,
		     struct error *err)
{
	struct cuda_timer timer = { NULL, NULL };

	if (!DO(device, err, cuEventCreate, &timer.start, CUDA_EVENT_BLOCKS))
		return false;
	if (!DO(device, err, cuEventCreate, &timer.end, CUDA_EVENT_BLOCKS)) {
		cuda_timer_drop(device, &timer);
		return false;
	}
	*ret_timer = timer;
	return true;
}

void cuda_timer_drop(const struct cuda_device *device, struct cuda_timer *timer)
{
	if (timer->start)
		(void)CUDA_CALL(device->cuda, device->gpu, cuEventDestroy_v2, timer->start);
	if (timer->end)
		(void)CUDA_CALL(device->cuda, device->gpu, cuEventDestroy_v2, timer->end);
	*timer = (struct cuda_timer){ NULL, NULL };
}

bool cuda_timer_start(const struct cuda_device *device, struct cuda_timer *timer,
		      struct cuda_stream *stream, struct error *err)
{
	return cuda_mark(device, timer->start, stream, err);
}

bool cuda_timer_end(const struct cuda_device *device, struct cuda_timer *timer,
		    struct cuda_stream *stream, double *ret_seconds, struct error *err)
{
	float milliseconds = 0;

	if (!cuda_mark(device, timer->end, stream, err) ||
	    !DO(device, err, cuEventSynchronize, timer->end) ||
	    !DO(device, err, cuEventElapsedTime, &milliseconds, timer->start, timer->end))
		return false;
	*ret_seconds = (double)milliseconds / 1e3;
	return true;
}
