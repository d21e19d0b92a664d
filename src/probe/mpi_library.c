#include "probe/mpi_library.h"

#include <string.h>

#include "probe/software_find.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *const mpi_support_words[MPI_SUPPORT_COUNT] = {
	[MPI_CUDA] = "cuda", [MPI_UCX] = "ucx",   [MPI_OFI] = "ofi",
	[MPI_PMIX] = "pmix", [MPI_PMI2] = "pmi2",
};

/* The first that stands in the texts: what is made of MPICH names MPICH too. */
static const struct {
	const char *flavour, *text, *before_version;
} flavours[] = {
	{ "intel", "Intel(R) MPI Library", "Intel(R) MPI Library " },
	{ "mvapich", "MVAPICH", "MVAPICH Version:" },
	{ "openmpi", "Open MPI", "Open MPI v" },
	{ "mpich", "MPICH Version", "MPICH Version:" },
};

/* Names of symbols and of needed libraries. */
static const struct {
	enum mpi_support support;
	const char *symbol;
} symbols[] = {
	{ MPI_CUDA, "libcuda.so" },
	{ MPI_CUDA, "libcudart.so" },
	{ MPI_CUDA, "mca_accelerator_cuda_component" },
	{ MPI_CUDA, "mca_btl_smcuda_component" },
	{ MPI_UCX, "libucp.so" },
	{ MPI_UCX, "mca_pml_ucx_component" },
	{ MPI_OFI, "libfabric.so" },
	{ MPI_OFI, "mca_mtl_ofi_component" },
	{ MPI_PMIX, "libpmix.so" },
	{ MPI_PMIX, "PMIx_Init" },
	{ MPI_PMI2, "PMI2_Init" },
};

static const struct {
	const char *begins;
	enum mpi_support support;
} files[] = {
	{ "mca_accelerator_cuda.", MPI_CUDA }, { "mca_btl_smcuda.", MPI_CUDA },
	{ "mca_pml_ucx.", MPI_UCX },           { "mca_mtl_ofi.", MPI_OFI },
	{ "mca_pmix_ext", MPI_PMIX },          { "mca_pmix_pmix", MPI_PMIX },
	{ "mca_pmix_s2.", MPI_PMI2 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The version in the rest of the text behind the words, where one stands there. */
static struct span version_behind(struct span constants, const char *words)
{
	struct span rest = constants, text;

	while (span_cut(&rest, '\0', &text)) {
		struct span tail, head;

		if (!span_behind(text, words, &tail))
			continue;
		tail = span_trim(tail);
		(void)span_cut(&tail, ' ', &head);
		if (head.length > 0 && is_digit(head.at[0]))
			return software_find_version(head);
	}
	return SPAN("");
}

struct mpi_library mpi_library_of(const struct library_texts *texts)
{
	struct mpi_library library = { .version = SPAN("") };

	for (size_t i = 0; i < COUNT(flavours) && !library.flavour; i++) {
		if (!span_contains(texts->constants, flavours[i].text))
			continue;
		library.flavour = flavours[i].flavour;
		library.version = version_behind(texts->constants, flavours[i].before_version);
	}
	for (size_t i = 0; i < COUNT(symbols); i++)
		if (span_contains(texts->symbols, symbols[i].symbol))
			library.support |= 1u << symbols[i].support;
	return library;
}

unsigned mpi_support_of_file(const char *name)
{
	for (size_t i = 0; i < COUNT(files); i++)
		if (strncmp(name, files[i].begins, strlen(files[i].begins)) == 0)
			return 1u << files[i].support;
	return 0;
}
