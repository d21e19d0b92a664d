#include "check/gpudirect/path.h"
#include "check/tally.h"

/* nvidia_peermem refuses to load unless the RDMA core takes it as a client of peer memory, so that
 * it is loaded is a proof; that all parts of dma-buf are there is none. */
static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpudirect_path path = gpudirect_path_of(seen->machine, found->arena);
	struct finding *finding;
	struct tally tally;

	tally_start(&tally, seen, found);
	if (path.legacy == PATH_PRESENT) {
		tally_say(&tally, VERDICT_PASS, NULL, path.legacy_record,
			  "%s is loaded: the RDMA core has taken it for GPU memory%s",
			  path.legacy_why,
			  path.dma_buf == PATH_PRESENT ? "; the parts of dma-buf are there too"
						       : "");
		return;
	}
	if (path.dma_buf == PATH_PRESENT) {
		finding = tally_say(&tally, VERDICT_UNKNOWN, NULL, path.dma_buf_record,
				    "driver, kernel and RDMA verbs can all do dma-buf; that memory "
				    "is registered is shown only by a transfer");
		finding->action = "run a transfer from GPU memory: ib_write_bw --use_cuda or "
				  "--use_rocm, with dma-buf";
		return;
	}
	if (path.legacy == PATH_UNKNOWN || path.dma_buf == PATH_UNKNOWN) {
		tally_say(&tally, VERDICT_UNKNOWN, NULL,
			  path.dma_buf == PATH_UNKNOWN ? path.dma_buf_record : path.legacy_record,
			  "no way to GPU memory is known: peer memory: %.120s; dma-buf: %.120s",
			  path.legacy_why, path.dma_buf_why);
		return;
	}
	finding = tally_say(&tally, VERDICT_FAIL, NULL, path.dma_buf_record,
			    "adapters cannot reach GPU memory: peer memory: %.120s; dma-buf: "
			    "%.120s; one of both expected",
			    path.legacy_why, path.dma_buf_why);
	finding->bar = "peer memory or dma-buf: what NCCL and RCCL look for";
	finding->action =
		"load nvidia_peermem, or install the open driver on a kernel from 5.12 on";
	finding_rests_on(finding, path.legacy_record);
}

CHECK(gpudirect_rdma) = {
	.title = "RDMA adapters can reach GPU memory",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU | PART_RDMA,
	.cmax = "gpus.gpuDirectRdmaPath gpus.gpuDirectRdmaPath.nvidiaPeermemLegacy",
	.judge = judge,
};
