/*
 * The door to a GPU: one table of functions, filled out of NVIDIA's libcuda.so.1 or of AMD's
 * libamdhip64.so. The two are alike on purpose: a function of the one takes and gives the same as
 * that of the other, a device address being a word of 64 bits in both, and a condition has the same
 * number, so the types here are those of active/cuda_abi.h for both. Where they differ the table
 * has two functions, of which one stays empty, or active/gpu_driver.c knows: numbers of attributes
 * and versions.
 *
 * HIP: names and numbers of ROCm 6.0 to 7. Its contexts are old-fashioned there, but each device
 * has its primary one, and that is all that is used.
 */
#pragma once

#include "active/cuda_abi.h"

/* HIP's alone. Between devices by their numbers, where CUDA asks for their contexts. */
uint32_t hipMemcpyPeerAsync(uint64_t into, int into_device, uint64_t from, int from_device,
			    size_t bytes, struct gpu_stream *stream);

/* What it does; its type, by a function that has it; its names in libcuda, the newest and one that
 * an older library has; its name in libamdhip64. NULL: it has none. */
#define GPU_CALLS(X)                                                                               \
	X(initialise, cuInit, "cuInit", NULL, "hipInit")                                           \
	X(tell_version, cuDriverGetVersion, "cuDriverGetVersion", NULL, "hipDriverGetVersion")     \
	X(tell_status, cuGetErrorString, "cuGetErrorString", NULL, "hipDrvGetErrorString")         \
	X(count_devices, cuDeviceGetCount, "cuDeviceGetCount", NULL, "hipGetDeviceCount")          \
	X(find_device, cuDeviceGet, "cuDeviceGet", NULL, "hipDeviceGet")                           \
	X(name_device, cuDeviceGetName, "cuDeviceGetName", NULL, "hipDeviceGetName")               \
	X(measure_memory, cuDeviceTotalMem_v2, "cuDeviceTotalMem_v2", NULL, "hipDeviceTotalMem")   \
	X(ask_attribute, cuDeviceGetAttribute, "cuDeviceGetAttribute", NULL,                       \
	  "hipDeviceGetAttribute")                                                                 \
	X(tell_address, cuDeviceGetPCIBusId, "cuDeviceGetPCIBusId", NULL, "hipDeviceGetPCIBusId")  \
	X(can_reach, cuDeviceCanAccessPeer, "cuDeviceCanAccessPeer", NULL,                         \
	  "hipDeviceCanAccessPeer")                                                                \
	X(retain, cuDevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain", NULL,                      \
	  "hipDevicePrimaryCtxRetain")                                                             \
	X(release, cuDevicePrimaryCtxRelease_v2, "cuDevicePrimaryCtxRelease_v2",                   \
	  "cuDevicePrimaryCtxRelease", "hipDevicePrimaryCtxRelease")                               \
	X(use, cuCtxSetCurrent, "cuCtxSetCurrent", NULL, "hipCtxSetCurrent")                       \
	X(reach, cuCtxEnablePeerAccess, "cuCtxEnablePeerAccess", NULL, "hipCtxEnablePeerAccess")   \
	X(count_memory, cuMemGetInfo_v2, "cuMemGetInfo_v2", NULL, "hipMemGetInfo")                 \
	X(take, cuMemAlloc_v2, "cuMemAlloc_v2", NULL, "hipMalloc")                                 \
	X(give, cuMemFree_v2, "cuMemFree_v2", NULL, "hipFree")                                     \
	X(take_host, cuMemHostAlloc, "cuMemHostAlloc", NULL, "hipHostMalloc")                      \
	X(give_host, cuMemFreeHost, "cuMemFreeHost", NULL, "hipHostFree")                          \
	X(copy_to, cuMemcpyHtoD_v2, "cuMemcpyHtoD_v2", NULL, "hipMemcpyHtoD")                      \
	X(copy_from, cuMemcpyDtoH_v2, "cuMemcpyDtoH_v2", NULL, "hipMemcpyDtoH")                    \
	X(begin_to, cuMemcpyHtoDAsync_v2, "cuMemcpyHtoDAsync_v2", NULL, "hipMemcpyHtoDAsync")      \
	X(begin_from, cuMemcpyDtoHAsync_v2, "cuMemcpyDtoHAsync_v2", NULL, "hipMemcpyDtoHAsync")    \
	X(begin_inside, cuMemcpyDtoDAsync_v2, "cuMemcpyDtoDAsync_v2", NULL, "hipMemcpyDtoDAsync")  \
	X(begin_between, cuMemcpyPeerAsync, "cuMemcpyPeerAsync", NULL, NULL)                       \
	X(begin_between_numbers, hipMemcpyPeerAsync, NULL, NULL, "hipMemcpyPeerAsync")             \
	X(make_stream, cuStreamCreate, "cuStreamCreate", NULL, "hipStreamCreateWithFlags")         \
	X(drop_stream, cuStreamDestroy_v2, "cuStreamDestroy_v2", "cuStreamDestroy",                \
	  "hipStreamDestroy")                                                                      \
	X(wait, cuStreamSynchronize, "cuStreamSynchronize", NULL, "hipStreamSynchronize")          \
	X(let_wait, cuStreamWaitEvent, "cuStreamWaitEvent", NULL, "hipStreamWaitEvent")            \
	X(make_event, cuEventCreate, "cuEventCreate", NULL, "hipEventCreateWithFlags")             \
	X(drop_event, cuEventDestroy_v2, "cuEventDestroy_v2", "cuEventDestroy", "hipEventDestroy") \
	X(mark, cuEventRecord, "cuEventRecord", NULL, "hipEventRecord")                            \
	X(reach_event, cuEventSynchronize, "cuEventSynchronize", NULL, "hipEventSynchronize")      \
	X(ask_event, cuEventQuery, "cuEventQuery", NULL, "hipEventQuery")                          \
	X(time_between, cuEventElapsedTime, "cuEventElapsedTime", NULL, "hipEventElapsedTime")     \
	X(load, cuModuleLoadDataEx, "cuModuleLoadDataEx", NULL, "hipModuleLoadDataEx")             \
	X(unload, cuModuleUnload, "cuModuleUnload", NULL, "hipModuleUnload")                       \
	X(find_kernel, cuModuleGetFunction, "cuModuleGetFunction", NULL, "hipModuleGetFunction")   \
	X(start, cuLaunchKernel, "cuLaunchKernel", NULL, "hipModuleLaunchKernel")

/* Each function, and the name that the library has it by; where it has none, the name that was
 * looked for. */
struct gpu_calls {
#define GPU_MEMBER(member, type, newest, older, hip) \
	struct {                                     \
		__typeof__(&(type)) call;            \
		const char *name;                    \
	}(member);
	GPU_CALLS(GPU_MEMBER)
#undef GPU_MEMBER
};
