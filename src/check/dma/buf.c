#include "check/gpudirect/path.h"
#include "check/tally.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpudirect_path path = gpudirect_path_of(seen->machine, found->arena);
	struct finding *finding;
	struct tally tally;

	tally_start(&tally, seen, found);
	switch (path.dma_buf) {
	case PATH_PRESENT:
		finding = tally_say(&tally, VERDICT_UNKNOWN, NULL, path.dma_buf_record,
				    "driver, kernel and RDMA verbs can all do dma-buf; that memory "
				    "is registered through it is shown only by a transfer");
		finding->action = "run ib_write_bw with dma-buf, or read NCCL's log for DMABUF";
		return;
	case PATH_UNKNOWN:
		tally_say(&tally, VERDICT_UNKNOWN, NULL, path.dma_buf_record,
			  "whether dma-buf is possible is not known: %.160s", path.dma_buf_why);
		return;
	case PATH_ABSENT:
		break;
	}
	finding = tally_say(&tally, path.legacy == PATH_PRESENT ? VERDICT_WARN : VERDICT_FAIL, NULL,
			    path.dma_buf_record, "no dma-buf: %.120s%s", path.dma_buf_why,
			    path.legacy == PATH_PRESENT ? "; GPU memory is registered only through "
							  "the older peer-memory module"
							: "; nor is the peer-memory module loaded");
	finding->bar = "an open driver and a kernel from 5.12 on";
	finding->action = "install the open driver on a kernel from 5.12 on";
	if (path.legacy == PATH_UNKNOWN) {
		finding->verdict = VERDICT_UNKNOWN;
		finding_rests_on(finding, path.legacy_record);
	}
}

CHECK(dma_buf) = {
	.title = "GPU memory is registered through dma-buf",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU | PART_RDMA,
	.cmax = "gpus.gpuDirectRdmaPath",
	.judge = judge,
};
