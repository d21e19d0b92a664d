/* What is wrong with a topology file, for people and for programs. */
#pragma once

#include "fabric/slurm_lint.h"
#include "report/report.h"

struct fabric_lint {
	const struct slurm_file *file;
	const struct slurm_findings *findings; /* sorted */
	const struct placement *placement;     /* NULL: judged by Slurm's rules alone */
};

/* assay/fabric-lint/v1 as JSON; one finding a row as CSV. */
void fabric_lint_write(const struct fabric_lint *lint, enum report_format format,
		       const struct report_style *style, struct text *into);
