/*
 * What active tests call of NVIDIA's driver library, libcuda.so.1: our own declarations of its
 * binary interface. Numbers and layouts are those of CUDA 12.0 to 13; names of types are ours.
 * Nothing here is linked: the functions are looked up by name, with the version that stands in it.
 *
 * A status is a plain `uint32_t`: a newer library may answer with a number that is not in the list.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum cuda_status {
	CUDA_STATUS_SUCCESS = 0,
	CUDA_STATUS_INVALID_VALUE = 1,
	CUDA_STATUS_OUT_OF_MEMORY = 2,
	CUDA_STATUS_NOT_INITIALIZED = 3,
	CUDA_STATUS_DEINITIALIZED = 4,
	CUDA_STATUS_STUB_LIBRARY = 34, /* of a toolkit: no driver behind it */
	CUDA_STATUS_DRIVER_TOO_OLD = 35,
	CUDA_STATUS_NEWER_DRIVER_NEEDED = 36,
	CUDA_STATUS_DEVICE_UNAVAILABLE = 46, /* another process holds it, or its mode forbids */
	CUDA_STATUS_NO_DEVICE = 100,
	CUDA_STATUS_INVALID_DEVICE = 101,
	CUDA_STATUS_INVALID_IMAGE = 200,
	CUDA_STATUS_INVALID_CONTEXT = 201,
	CUDA_STATUS_NO_BINARY_FOR_GPU = 209,
	CUDA_STATUS_ECC_UNCORRECTABLE = 214,
	CUDA_STATUS_PEER_ACCESS_UNSUPPORTED = 217,
	CUDA_STATUS_INVALID_PTX = 218,
	CUDA_STATUS_NVLINK_UNCORRECTABLE = 220,
	CUDA_STATUS_JIT_COMPILER_NOT_FOUND = 221,
	CUDA_STATUS_UNSUPPORTED_PTX_VERSION = 222,
	CUDA_STATUS_CONTAINED = 226, /* an error that was held inside one process */
	CUDA_STATUS_OPERATING_SYSTEM = 304,
	CUDA_STATUS_INVALID_HANDLE = 400,
	CUDA_STATUS_NOT_FOUND = 500,
	CUDA_STATUS_NOT_READY = 600,
	CUDA_STATUS_ILLEGAL_ADDRESS = 700,
	CUDA_STATUS_OUT_OF_RESOURCES = 701,
	CUDA_STATUS_LAUNCH_TIMEOUT = 702,
	CUDA_STATUS_PEER_ACCESS_ALREADY_ENABLED = 704,
	CUDA_STATUS_PEER_ACCESS_NOT_ENABLED = 705,
	CUDA_STATUS_CONTEXT_IS_DESTROYED = 709,
	CUDA_STATUS_LAUNCH_FAILED = 719,
	CUDA_STATUS_NOT_PERMITTED = 800,
	CUDA_STATUS_NOT_SUPPORTED = 801,
	CUDA_STATUS_SYSTEM_NOT_READY = 802, /* the fabric manager does not run */
	CUDA_STATUS_DRIVER_MISMATCH = 803,  /* kernel module and library differ */
	CUDA_STATUS_UNKNOWN = 999,
};

/* What cuDeviceGetAttribute answers. */
enum cuda_attribute {
	CUDA_ATTRIBUTE_CLOCK_KHZ = 13,
	CUDA_ATTRIBUTE_MULTIPROCESSORS = 16,
	CUDA_ATTRIBUTE_INTEGRATED = 18,
	CUDA_ATTRIBUTE_COMPUTE_MODE = 20,
	CUDA_ATTRIBUTE_ECC = 32,
	CUDA_ATTRIBUTE_MEMORY_CLOCK_KHZ = 36,
	CUDA_ATTRIBUTE_BUS_BITS = 37,
	CUDA_ATTRIBUTE_CACHE_BYTES = 38, /* L2 */
	CUDA_ATTRIBUTE_THREADS_PER_MULTIPROCESSOR = 39,
	CUDA_ATTRIBUTE_COPY_ENGINES = 40,
	CUDA_ATTRIBUTE_UNIFIED_ADDRESSING = 41,
	CUDA_ATTRIBUTE_CAPABILITY_MAJOR = 75,
	CUDA_ATTRIBUTE_CAPABILITY_MINOR = 76,
	CUDA_ATTRIBUTE_SHARED_PER_BLOCK = 97, /* most that a kernel may ask for */
	CUDA_ATTRIBUTE_NUMA_OF_MEMORY = 131,
	CUDA_ATTRIBUTE_NUMA_OF_HOST = 134, /* the closest node; from CUDA 12.2 on */
};

/* What cuDeviceGetP2PAttribute answers. */
enum cuda_peer_attribute {
	CUDA_PEER_RANK = 1, /* lower is nearer */
	CUDA_PEER_ACCESS = 2,
	CUDA_PEER_ATOMICS = 3,
};

enum {
	CUDA_STREAM_APART = 1, /* does not wait for the default stream */
	CUDA_EVENT_BLOCKS = 1, /* who waits sleeps */
	CUDA_EVENT_WITHOUT_TIME = 2,
	CUDA_HOST_FOR_ALL = 1, /* pinned for every GPU */
	CUDA_HOST_MAPPED = 2,
	CUDA_HOST_WRITE_COMBINED = 4,
};

/* Options of cuModuleLoadDataEx; the value of a number stands in the pointer itself. */
enum cuda_jit_option {
	CUDA_JIT_INFO_LOG = 3,
	CUDA_JIT_INFO_LOG_SIZE = 4,
	CUDA_JIT_ERROR_LOG = 5,
	CUDA_JIT_ERROR_LOG_SIZE = 6,
};

/* Owned by the library. */
struct gpu_context;
struct gpu_stream;
struct gpu_event;
struct gpu_module;
struct gpu_function;

struct gpu_uuid {
	unsigned char bytes[16];
};

uint32_t cuInit(unsigned flags);
uint32_t cuDriverGetVersion(int *version);
uint32_t cuGetErrorName(uint32_t status, const char **text);
uint32_t cuGetErrorString(uint32_t status, const char **text);

uint32_t cuDeviceGetCount(int *count);
uint32_t cuDeviceGet(int *device, int index);
uint32_t cuDeviceGetByPCIBusId(int *device, const char *address);
uint32_t cuDeviceGetName(char *name, int size, int device);
uint32_t cuDeviceGetUuid_v2(struct gpu_uuid *uuid, int device);
uint32_t cuDeviceTotalMem_v2(size_t *bytes, int device);
uint32_t cuDeviceGetAttribute(int *value, int attribute, int device);
uint32_t cuDeviceGetPCIBusId(char *address, int size, int device);
uint32_t cuDeviceCanAccessPeer(int *can, int device, int peer);
uint32_t cuDeviceGetP2PAttribute(int *value, int attribute, int device, int peer);

uint32_t cuDevicePrimaryCtxRetain(struct gpu_context **context, int device);
uint32_t cuDevicePrimaryCtxRelease_v2(int device);
uint32_t cuCtxSetCurrent(struct gpu_context *context);
uint32_t cuCtxGetCurrent(struct gpu_context **context);
uint32_t cuCtxSynchronize(void);
uint32_t cuCtxEnablePeerAccess(struct gpu_context *peer, unsigned flags);
uint32_t cuCtxDisablePeerAccess(struct gpu_context *peer);

uint32_t cuMemGetInfo_v2(size_t *left, size_t *total);
uint32_t cuMemAlloc_v2(uint64_t *address, size_t bytes);
uint32_t cuMemFree_v2(uint64_t address);
uint32_t cuMemHostAlloc(void **at, size_t bytes, unsigned flags);
uint32_t cuMemFreeHost(void *at);
uint32_t cuMemHostGetDevicePointer_v2(uint64_t *address, void *at, unsigned flags);

uint32_t cuMemcpyHtoD_v2(uint64_t into, const void *from, size_t bytes);
uint32_t cuMemcpyDtoH_v2(void *into, uint64_t from, size_t bytes);
uint32_t cuMemcpyHtoDAsync_v2(uint64_t into, const void *from, size_t bytes,
			      struct gpu_stream *stream);
uint32_t cuMemcpyDtoHAsync_v2(void *into, uint64_t from, size_t bytes, struct gpu_stream *stream);
uint32_t cuMemcpyDtoDAsync_v2(uint64_t into, uint64_t from, size_t bytes,
			      struct gpu_stream *stream);
uint32_t cuMemcpyPeerAsync(uint64_t into, struct gpu_context *into_context, uint64_t from,
			   struct gpu_context *from_context, size_t bytes,
			   struct gpu_stream *stream);
uint32_t cuMemsetD8Async(uint64_t into, unsigned char value, size_t count,
			 struct gpu_stream *stream);
uint32_t cuMemsetD32Async(uint64_t into, unsigned value, size_t count, struct gpu_stream *stream);

uint32_t cuStreamCreate(struct gpu_stream **stream, unsigned flags);
uint32_t cuStreamDestroy_v2(struct gpu_stream *stream);
uint32_t cuStreamSynchronize(struct gpu_stream *stream);
uint32_t cuStreamQuery(struct gpu_stream *stream);
uint32_t cuStreamWaitEvent(struct gpu_stream *stream, struct gpu_event *event, unsigned flags);
uint32_t cuEventCreate(struct gpu_event **event, unsigned flags);
uint32_t cuEventDestroy_v2(struct gpu_event *event);
uint32_t cuEventRecord(struct gpu_event *event, struct gpu_stream *stream);
uint32_t cuEventSynchronize(struct gpu_event *event);
uint32_t cuEventQuery(struct gpu_event *event);
uint32_t cuEventElapsedTime(float *milliseconds, struct gpu_event *start, struct gpu_event *end);

uint32_t cuModuleLoadDataEx(struct gpu_module **module, const void *image, unsigned count,
			    const int *options, void **values);
uint32_t cuModuleUnload(struct gpu_module *module);
uint32_t cuModuleGetFunction(struct gpu_function **function, struct gpu_module *module,
			     const char *name);
uint32_t cuLaunchKernel(struct gpu_function *function, unsigned blocks_x, unsigned blocks_y,
			unsigned blocks_z, unsigned threads_x, unsigned threads_y,
			unsigned threads_z, unsigned shared_bytes, struct gpu_stream *stream,
			void **arguments, void **extra);
