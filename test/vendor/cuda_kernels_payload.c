/* The kernels of src/active/kernels/payload.cu, compiled as C into the stand-in for libcuda.so.1.
 */
#include "active/kernels/payload.cu"
