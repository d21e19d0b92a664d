/* The kernels of src/active/kernels/memory.cu, compiled as C into the stand-in for libcuda.so.1. */
#include "active/kernels/memory.cu"
