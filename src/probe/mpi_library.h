/*
 * Which MPI a library is, and what it was built with, by the texts and the names inside it. Nothing
 * of it is run.
 */
#pragma once

#include "base/arena.h"
#include "probe/library_texts.h"

enum mpi_support {
	MPI_CUDA, /* it takes memory of GPUs */
	MPI_UCX,
	MPI_OFI,
	MPI_PMIX, /* ways in which a launcher tells ranks who they are */
	MPI_PMI2,
	MPI_SUPPORT_COUNT,
};

extern const char *const mpi_support_words[MPI_SUPPORT_COUNT]; /* "cuda" */

struct mpi_library {
	const char *flavour; /* "openmpi", "mpich", "intel", "mvapich"; NULL: none of these */
	struct span version; /* borrowed from the texts; empty when they do not tell */
	unsigned support;    /* bits 1 << enum mpi_support */
};

struct mpi_library mpi_library_of(const struct library_texts *texts);

/* The support that a plug-in of Open MPI stands for, by the name of its file in lib/openmpi
 * ("mca_pml_ucx.so"); 0 for others. */
unsigned mpi_support_of_file(const char *name);
