/*
 * Modulefiles that name an MPI, in the folders of Environment Modules, Lmod and OpenHPC. They are
 * read as text and never evaluated.
 */
#pragma once

#include "host/system.h"

enum {
	MPI_MODULES_MAXIMUM = 64,
	MPI_MODULE_FOLDERS_MAXIMUM = 32,
};

struct mpi_module {
	const char *path; /* of the modulefile */
	const char *name; /* as "module load" takes it: "openmpi4/4.1.6" */
	const char *root; /* the folder that it was found below */
};

/* "openmpi" of "openmpi4", "intel" of "impi"; openmpi, mpich, mvapich, intel, hpcx, or NULL. */
const char *mpi_module_flavour(struct span name);

/* Modulefiles below the folders of `module_path`, separated by colons, and below those that are
 * usual, each once. Hidden ones and "default", which leads to another, are left out. */
size_t mpi_modules_find(const struct host *host, struct span module_path, struct arena *arena,
			struct mpi_module ret_modules[static MPI_MODULES_MAXIMUM]);

/* The absolute folders that the text of a modulefile holds outside of comments, each once. What
 * variables stand for is not known. */
size_t mpi_module_folders(struct span text, struct arena *arena,
			  const char *ret_folders[static MPI_MODULE_FOLDERS_MAXIMUM]);
