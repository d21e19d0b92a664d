/* What a log of NCCL tells of a job, as records of the node that it was looked at on. */
#pragma once

#include "probe/nccl_log.h"
#include "probe/sighting.h"

void nccl_job_see(const struct nccl_log *log, struct sightings *sightings);
