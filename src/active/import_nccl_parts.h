/*
 * What the files of the importer of nccl-tests share among themselves.
 */
#pragma once

#include "active/import_nccl.h"

/* The collective whose program the text names, as ".../all_reduce_perf". */
bool nccl_program_find(struct span text, enum collective *ret_collective);

/* False when there are too many. */
bool nccl_report_add(struct nccl_report *report, const struct nccl_result *result,
		     struct arena *arena);

bool nccl_json_read(struct span text, const char *file, struct arena *arena,
		    struct nccl_report *report, struct error *err);
bool nccl_table_read(struct span text, const char *file, struct arena *arena,
		     struct nccl_report *report, struct error *err);
