/*
 * The part of cublasLt that is used, declared anew: names, numbers and sizes as libraries of major
 * versions 11 to 13 have them. What is behind a pointer here is the library's own.
 */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

struct cublaslt_context;
struct cublaslt_description;
struct cublaslt_layout;
struct cublaslt_preference;
struct gpu_stream;

/* Passed by address; it has no pointers and may be copied. */
struct cublaslt_algorithm {
	uint64_t data[8];
};

/* One proposal of the heuristic. */
struct cublaslt_proposal {
	struct cublaslt_algorithm algorithm;
	size_t workspace_bytes;
	int state; /* CUBLASLT_SUCCESS, else the rest says nothing */
	float waves;
	int reserved[4];
};
static_assert(sizeof(struct cublaslt_proposal) == 96, "as the library fills it in");
static_assert(offsetof(struct cublaslt_proposal, workspace_bytes) == 64, "as the library has it");
static_assert(offsetof(struct cublaslt_proposal, state) == 72, "as the library has it");

enum cublaslt_status {
	CUBLASLT_SUCCESS = 0,
	CUBLASLT_NOT_INITIALIZED = 1,
	CUBLASLT_ALLOC_FAILED = 3,
	CUBLASLT_INVALID_VALUE = 7,
	CUBLASLT_ARCH_MISMATCH = 8,
	CUBLASLT_MAPPING_ERROR = 11,
	CUBLASLT_EXECUTION_FAILED = 13,
	CUBLASLT_INTERNAL_ERROR = 14,
	CUBLASLT_NOT_SUPPORTED = 15,
	CUBLASLT_LICENSE_ERROR = 16,
};

/* Formats of elements. */
enum cublaslt_data {
	CUBLASLT_R_32F = 0,
	CUBLASLT_R_64F = 1,
	CUBLASLT_R_16F = 2,
	CUBLASLT_R_16BF = 14,
	CUBLASLT_R_8F_E4M3 = 28,
};

/* What is multiplied and summed with. */
enum cublaslt_compute {
	CUBLASLT_COMPUTE_32F = 68,
	CUBLASLT_COMPUTE_64F = 70,
	CUBLASLT_COMPUTE_32F_FAST_TF32 = 77,
};

enum cublaslt_operation {
	CUBLASLT_OPERATION_NONE = 0,
	CUBLASLT_OPERATION_TRANSPOSE = 1,
};

/* Attributes of a description; the type of each in the comment. */
enum cublaslt_description_attribute {
	CUBLASLT_DESCRIPTION_TRANSPOSE_A = 3,      /* int32_t */
	CUBLASLT_DESCRIPTION_TRANSPOSE_B = 4,      /* int32_t */
	CUBLASLT_DESCRIPTION_SCALE_A = 17,         /* address of a float of the device */
	CUBLASLT_DESCRIPTION_SCALE_B = 18,         /* the same */
	CUBLASLT_DESCRIPTION_FAST_ACCUMULATE = 25, /* int8_t */
};

enum cublaslt_layout_attribute {
	CUBLASLT_LAYOUT_BATCH_COUNT = 5,  /* int32_t */
	CUBLASLT_LAYOUT_BATCH_STRIDE = 6, /* int64_t, elements */
};

enum cublaslt_preference_attribute {
	CUBLASLT_PREFERENCE_WORKSPACE_BYTES = 1, /* uint64_t */
};

/* The functions that are needed: X(member, symbol). */
#define CUBLASLT_CALLS(X)                                         \
	X(version, "cublasLtGetVersion")                          \
	X(create, "cublasLtCreate")                               \
	X(destroy, "cublasLtDestroy")                             \
	X(description_create, "cublasLtMatmulDescCreate")         \
	X(description_destroy, "cublasLtMatmulDescDestroy")       \
	X(description_set, "cublasLtMatmulDescSetAttribute")      \
	X(layout_create, "cublasLtMatrixLayoutCreate")            \
	X(layout_destroy, "cublasLtMatrixLayoutDestroy")          \
	X(layout_set, "cublasLtMatrixLayoutSetAttribute")         \
	X(preference_create, "cublasLtMatmulPreferenceCreate")    \
	X(preference_destroy, "cublasLtMatmulPreferenceDestroy")  \
	X(preference_set, "cublasLtMatmulPreferenceSetAttribute") \
	X(propose, "cublasLtMatmulAlgoGetHeuristic")              \
	X(multiply, "cublasLtMatmul")

/* All return a status, but the version. */
struct cublaslt_calls {
	size_t (*version)(void);
	int (*create)(struct cublaslt_context **);
	int (*destroy)(struct cublaslt_context *);
	int (*description_create)(struct cublaslt_description **, int compute, int scale);
	int (*description_destroy)(struct cublaslt_description *);
	int (*description_set)(struct cublaslt_description *, int attribute, const void *, size_t);
	int (*layout_create)(struct cublaslt_layout **, int data, uint64_t rows, uint64_t columns,
			     int64_t leading);
	int (*layout_destroy)(struct cublaslt_layout *);
	int (*layout_set)(struct cublaslt_layout *, int attribute, const void *, size_t);
	int (*preference_create)(struct cublaslt_preference **);
	int (*preference_destroy)(struct cublaslt_preference *);
	int (*preference_set)(struct cublaslt_preference *, int attribute, const void *, size_t);
	int (*propose)(struct cublaslt_context *, struct cublaslt_description *,
		       struct cublaslt_layout *a, struct cublaslt_layout *b,
		       struct cublaslt_layout *c, struct cublaslt_layout *d,
		       struct cublaslt_preference *, int requested, struct cublaslt_proposal *,
		       int *ret_count);
	/* Addresses of the device, but alpha and beta. */
	int (*multiply)(struct cublaslt_context *, struct cublaslt_description *, const void *alpha,
			const void *a, struct cublaslt_layout *, const void *b,
			struct cublaslt_layout *, const void *beta, const void *c,
			struct cublaslt_layout *, void *d, struct cublaslt_layout *,
			const struct cublaslt_algorithm *, void *workspace, size_t workspace_bytes,
			struct gpu_stream *);
};
