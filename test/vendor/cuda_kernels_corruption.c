/* The kernels of src/active/kernels/corruption.cu, compiled as C into the stand-in for
 * libcuda.so.1. */
#include "active/kernels/corruption.cu"
