/* Stand-in for libamdhip64.so.6: that of libcuda, by HIP's names and numbers. */
#include "cuda_parts.h"

#include "active/gpu_calls.h"

/* Where a fault of the scenario may lie: "gpu 3 call hipMalloc error 2" once the GPU is current, or
 * that of the same function of libcuda. */
#define PASS(name, parameters, cuda, ...)                                                         \
	uint32_t name parameters;                                                                 \
	uint32_t name parameters                                                                  \
	{                                                                                         \
		uint32_t status;                                                                  \
                                                                                                  \
		return stand_in_may(stand_in_gpu(), #name, &status) ? cuda(__VA_ARGS__) : status; \
	}

PASS(hipInit, (unsigned flags), cuInit, flags)
PASS(hipDrvGetErrorString, (uint32_t which, const char **text), cuGetErrorString, which, text)
PASS(hipGetDeviceCount, (int *count), cuDeviceGetCount, count)
PASS(hipDeviceGet, (int *device, int index), cuDeviceGet, device, index)
PASS(hipDeviceGetName, (char *name, int size, int device), cuDeviceGetName, name, size, device)
PASS(hipDeviceTotalMem, (size_t * bytes, int device), cuDeviceTotalMem_v2, bytes, device)
PASS(hipDeviceGetPCIBusId, (char *address, int size, int device), cuDeviceGetPCIBusId, address,
     size, device)
PASS(hipDeviceCanAccessPeer, (int *can, int device, int peer), cuDeviceCanAccessPeer, can, device,
     peer)
PASS(hipDevicePrimaryCtxRetain, (struct gpu_context * *context, int device),
     cuDevicePrimaryCtxRetain, context, device)
PASS(hipDevicePrimaryCtxRelease, (int device), cuDevicePrimaryCtxRelease_v2, device)
PASS(hipCtxSetCurrent, (struct gpu_context * context), cuCtxSetCurrent, context)
PASS(hipCtxEnablePeerAccess, (struct gpu_context * peer, unsigned flags), cuCtxEnablePeerAccess,
     peer, flags)
PASS(hipMemGetInfo, (size_t * left, size_t *total), cuMemGetInfo_v2, left, total)
PASS(hipMalloc, (uint64_t * address, size_t bytes), cuMemAlloc_v2, address, bytes)
PASS(hipFree, (uint64_t address), cuMemFree_v2, address)
PASS(hipHostMalloc, (void **at, size_t bytes, unsigned flags), cuMemHostAlloc, at, bytes, flags)
PASS(hipHostFree, (void *at), cuMemFreeHost, at)
PASS(hipMemcpyHtoD, (uint64_t into, const void *from, size_t bytes), cuMemcpyHtoD_v2, into, from,
     bytes)
PASS(hipMemcpyDtoH, (void *into, uint64_t from, size_t bytes), cuMemcpyDtoH_v2, into, from, bytes)
PASS(hipMemcpyHtoDAsync, (uint64_t into, const void *from, size_t bytes, struct gpu_stream *stream),
     cuMemcpyHtoDAsync_v2, into, from, bytes, stream)
PASS(hipMemcpyDtoHAsync, (void *into, uint64_t from, size_t bytes, struct gpu_stream *stream),
     cuMemcpyDtoHAsync_v2, into, from, bytes, stream)
PASS(hipMemcpyDtoDAsync, (uint64_t into, uint64_t from, size_t bytes, struct gpu_stream *stream),
     cuMemcpyDtoDAsync_v2, into, from, bytes, stream)
PASS(hipStreamCreateWithFlags, (struct gpu_stream * *stream, unsigned flags), cuStreamCreate,
     stream, flags)
PASS(hipStreamDestroy, (struct gpu_stream * stream), cuStreamDestroy_v2, stream)
PASS(hipStreamSynchronize, (struct gpu_stream * stream), cuStreamSynchronize, stream)
PASS(hipStreamWaitEvent, (struct gpu_stream * stream, struct gpu_event *event, unsigned flags),
     cuStreamWaitEvent, stream, event, flags)
PASS(hipEventCreateWithFlags, (struct gpu_event * *event, unsigned flags), cuEventCreate, event,
     flags)
PASS(hipEventDestroy, (struct gpu_event * event), cuEventDestroy_v2, event)
PASS(hipEventRecord, (struct gpu_event * event, struct gpu_stream *stream), cuEventRecord, event,
     stream)
PASS(hipEventSynchronize, (struct gpu_event * event), cuEventSynchronize, event)
PASS(hipEventQuery, (struct gpu_event * event), cuEventQuery, event)
PASS(hipEventElapsedTime, (float *milliseconds, struct gpu_event *start, struct gpu_event *end),
     cuEventElapsedTime, milliseconds, start, end)
PASS(hipModuleLoadDataEx,
     (struct gpu_module * *module, const void *image, unsigned count, const int *options,
      void **values),
     cuModuleLoadDataEx, module, image, count, options, values)
PASS(hipModuleUnload, (struct gpu_module * module), cuModuleUnload, module)
PASS(hipModuleGetFunction,
     (struct gpu_function * *function, struct gpu_module *module, const char *name),
     cuModuleGetFunction, function, module, name)
PASS(hipModuleLaunchKernel,
     (struct gpu_function * function, unsigned blocks_x, unsigned blocks_y, unsigned blocks_z,
      unsigned threads_x, unsigned threads_y, unsigned threads_z, unsigned shared_bytes,
      struct gpu_stream *stream, void **arguments, void **extra),
     cuLaunchKernel, function, blocks_x, blocks_y, blocks_z, threads_x, threads_y, threads_z,
     shared_bytes, stream, arguments, extra)

/* "system hip 60200000" is ROCm 6.2. */
uint32_t hipDriverGetVersion(int *version);
uint32_t hipDriverGetVersion(int *version)
{
	uint32_t status;

	if (!stand_in_may(SCENARIO_SYSTEM, "hipDriverGetVersion", &status))
		return status;
	*version = (int)stand_in_figure(SCENARIO_SYSTEM, "hip", 60200000);
	return CUDA_STATUS_SUCCESS;
}

/* Numbers of ROCm 6 and 7. */
static const struct {
	int hip;
	enum cuda_attribute cuda;
} attributes[] = {
	{ 0, CUDA_ATTRIBUTE_ECC },
	{ 2, CUDA_ATTRIBUTE_COPY_ENGINES },
	{ 5, CUDA_ATTRIBUTE_CLOCK_KHZ },
	{ 6, CUDA_ATTRIBUTE_COMPUTE_MODE },
	{ 16, CUDA_ATTRIBUTE_INTEGRATED },
	{ 19, CUDA_ATTRIBUTE_CACHE_BYTES },
	{ 23, CUDA_ATTRIBUTE_CAPABILITY_MAJOR },
	{ 57, CUDA_ATTRIBUTE_THREADS_PER_MULTIPROCESSOR },
	{ 59, CUDA_ATTRIBUTE_BUS_BITS },
	{ 60, CUDA_ATTRIBUTE_MEMORY_CLOCK_KHZ },
	{ 61, CUDA_ATTRIBUTE_CAPABILITY_MINOR },
	{ 63, CUDA_ATTRIBUTE_MULTIPROCESSORS },
};

uint32_t hipDeviceGetAttribute(int *value, int attribute, int device);
uint32_t hipDeviceGetAttribute(int *value, int attribute, int device)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (attributes[i].hip == attribute)
			return cuDeviceGetAttribute(value, (int)attributes[i].cuda, device);
	return CUDA_STATUS_INVALID_VALUE;
}

uint32_t hipMemcpyPeerAsync(uint64_t into, int into_device, uint64_t from, int from_device,
			    size_t bytes, struct gpu_stream *stream)
{
	const int count = (int)cuda_stand_in.count;

	if (into_device < 0 || into_device >= count || from_device < 0 || from_device >= count)
		return CUDA_STATUS_INVALID_DEVICE;
	return cuMemcpyPeerAsync(into, &cuda_stand_in.contexts[into_device], from,
				 &cuda_stand_in.contexts[from_device], bytes, stream);
}
