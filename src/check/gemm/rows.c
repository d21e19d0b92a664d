#include "check/gemm/rows.h"

#include <string.h>

/* Of the peak, products of 8192 each way reached 74 % on an H100 and 71 % on a GH200 in bf16, 77 %
 * and 84 % in fp8 (gpu-fryer); the fastest shapes 72 to 87 % on A100, H100, H200, B200, B300 and
 * GB200 (mamf-finder). Below nine tenths of the lowest of them something is in the way. */
static const double usual_share = 0.70, least_share = 0.64;

/* Peak, and what was measured, of each format. FP16 has the peak of BF16. The one row of FP32, of
 * an A100, does not say its shape: nothing is held against it. */
static const struct {
	const char *format, *peak, *measured;
} rows[] = {
	{ "bf16", "gemm_bf16", "gemm_bf16" },       { "fp16", "gemm_bf16", "gemm_fp16_tc" },
	{ "tf32", "gemm_tf32", "gemm_tf32_tc" },    { "fp8", "gemm_fp8", "gemm_fp8" },
	{ "fp64", "gemm_fp64_tc", "gemm_fp64_tc" },
};

bool gemm_is_shape(const char *part, const char *shape)
{
	const char *colon = strchr(part, ':');

	return colon && strcmp(colon + 1, shape) == 0;
}

struct reference_query gemm_query(const char *part, const char *title, const char *size)
{
	struct reference_query query = {
		.title = title,
		.size = size,
		.peak_pass_share = usual_share,
		.peak_fail_share = least_share,
		.action = "look at its clocks, power limit and temperature under load; drain it "
			  "when the others are faster",
	};
	size_t length = strcspn(part, ":");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strlen(rows[i].format) != length || strncmp(rows[i].format, part, length) != 0)
			continue;
		query.peak = rows[i].peak;
		query.metric = rows[i].measured;
	}
	return query;
}
