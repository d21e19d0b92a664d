#include <stdint.h>

#include "active/gpu_driver.h"

#define DO(device, err, member, ...) \
	GPU_DO((device)->driver, (device)->gpu, (err), member, __VA_ARGS__)

bool gpu_memory_left(const struct gpu_device *device, uint64_t *ret_bytes, struct error *err)
{
	size_t left = 0;
	size_t total = 0;

	if (!DO(device, err, count_memory, &left, &total))
		return false;
	*ret_bytes = left;
	return true;
}

bool gpu_take(const struct gpu_device *device, uint64_t bytes, uint64_t *ret_address,
	      struct error *err)
{
	uint64_t address = 0;

	if (!DO(device, err, take, &address, (size_t)bytes))
		return fail_while(err, "taking %llu MiB", (unsigned long long)(bytes >> 20));
	*ret_address = address;
	return true;
}

void gpu_give(const struct gpu_device *device, uint64_t address)
{
	if (address)
		(void)GPU_CALL(device->driver, device->gpu, give, address);
}

bool gpu_take_host(const struct gpu_device *device, uint64_t bytes, void **ret_at,
		   struct error *err)
{
	void *at = NULL;

	if (!DO(device, err, take_host, &at, (size_t)bytes, CUDA_HOST_FOR_ALL | CUDA_HOST_MAPPED))
		return fail_while(err, "pinning %llu MiB of the host",
				  (unsigned long long)(bytes >> 20));
	*ret_at = at;
	return true;
}

void gpu_give_host(const struct gpu_device *device, void *at)
{
	if (at)
		(void)GPU_CALL(device->driver, device->gpu, give_host, at);
}

bool gpu_to_host(const struct gpu_device *device, void *into, uint64_t from, uint64_t bytes,
		 struct error *err)
{
	return DO(device, err, copy_from, into, from, (size_t)bytes);
}

bool gpu_from_host(const struct gpu_device *device, uint64_t into, const void *from, uint64_t bytes,
		   struct error *err)
{
	return DO(device, err, copy_to, into, from, (size_t)bytes);
}

bool gpu_begin_to_host(const struct gpu_device *device, void *into, uint64_t from, uint64_t bytes,
		       struct gpu_stream *stream, struct error *err)
{
	return DO(device, err, begin_from, into, from, (size_t)bytes, stream);
}

bool gpu_begin_from_host(const struct gpu_device *device, uint64_t into, const void *from,
			 uint64_t bytes, struct gpu_stream *stream, struct error *err)
{
	return DO(device, err, begin_to, into, from, (size_t)bytes, stream);
}

bool gpu_begin_copy(const struct gpu_device *device, uint64_t into, uint64_t from, uint64_t bytes,
		    struct gpu_stream *stream, struct error *err)
{
	return DO(device, err, begin_inside, into, from, (size_t)bytes, stream);
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are those of cuMemcpyPeerAsync */
bool gpu_begin_peer_copy(const struct gpu_device *into, uint64_t into_address,
			 const struct gpu_device *from, uint64_t from_address, uint64_t bytes,
			 struct gpu_stream *stream, struct error *err)
{
	if (from->driver->maker == GPU_AMD)
		return DO(from, err, begin_between_numbers, into_address, into->handle,
			  from_address, from->handle, (size_t)bytes, stream);
	return DO(from, err, begin_between, into_address, into->context, from_address,
		  from->context, (size_t)bytes, stream);
}

bool gpu_peer_enable(const struct gpu_device *device, const struct gpu_device *peer, bool *ret_can,
		     struct error *err)
{
	int can = 0;
	uint32_t status;

	if (!DO(device, err, can_reach, &can, device->handle, peer->handle))
		return false;
	*ret_can = can != 0;
	if (!can)
		return true;
	if (!gpu_device_use(device, err))
		return false;
	status = GPU_CALL(device->driver, device->gpu, reach, peer->context, 0);
	if (status == CUDA_STATUS_PEER_ACCESS_ALREADY_ENABLED)
		return true;
	return gpu_done(device->driver, status, device->driver->calls.reach.name, device->gpu, err);
}

bool gpu_stream_make(const struct gpu_device *device, struct gpu_stream **ret_stream,
		     struct error *err)
{
	return DO(device, err, make_stream, ret_stream, CUDA_STREAM_APART);
}

void gpu_stream_drop(const struct gpu_device *device, struct gpu_stream *stream)
{
	if (stream)
		(void)GPU_CALL(device->driver, device->gpu, drop_stream, stream);
}

bool gpu_wait(const struct gpu_device *device, struct gpu_stream *stream, struct error *err)
{
	return DO(device, err, wait, stream);
}

bool gpu_wait_for_event(const struct gpu_device *device, struct gpu_stream *stream,
			struct gpu_event *event, struct error *err)
{
	return DO(device, err, let_wait, stream, event, 0);
}

bool gpu_mark(const struct gpu_device *device, struct gpu_event *event, struct gpu_stream *stream,
	      struct error *err)
{
	return DO(device, err, mark, event, stream);
}

bool gpu_timer_make(const struct gpu_device *device, struct gpu_timer *ret_timer, struct error *err)
{
	struct gpu_timer timer = { NULL, NULL };

	if (!DO(device, err, make_event, &timer.start, CUDA_EVENT_BLOCKS))
		return false;
	if (!DO(device, err, make_event, &timer.end, CUDA_EVENT_BLOCKS)) {
		gpu_timer_drop(device, &timer);
		return false;
	}
	*ret_timer = timer;
	return true;
}

void gpu_timer_drop(const struct gpu_device *device, struct gpu_timer *timer)
{
	if (timer->start)
		(void)GPU_CALL(device->driver, device->gpu, drop_event, timer->start);
	if (timer->end)
		(void)GPU_CALL(device->driver, device->gpu, drop_event, timer->end);
	*timer = (struct gpu_timer){ NULL, NULL };
}

bool gpu_timer_start(const struct gpu_device *device, struct gpu_timer *timer,
		     struct gpu_stream *stream, struct error *err)
{
	return gpu_mark(device, timer->start, stream, err);
}

bool gpu_timer_end(const struct gpu_device *device, struct gpu_timer *timer,
		   struct gpu_stream *stream, double *ret_seconds, struct error *err)
{
	float milliseconds = 0;

	if (!gpu_mark(device, timer->end, stream, err) ||
	    !DO(device, err, reach_event, timer->end) ||
	    !DO(device, err, time_between, &milliseconds, timer->start, timer->end))
		return false;
	*ret_seconds = (double)milliseconds / 1e3;
	return true;
}
