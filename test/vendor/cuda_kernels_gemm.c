/* The kernels of src/active/kernels/gemm.cu, compiled as C into the stand-in for libcuda.so.1. */
#include "active/kernels/gemm.cu"
