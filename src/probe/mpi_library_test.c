#include "probe/mpi_library.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CUDA (1u << MPI_CUDA)
#define UCX (1u << MPI_UCX)
#define OFI (1u << MPI_OFI)
#define PMIX (1u << MPI_PMIX)
#define PMI2 (1u << MPI_PMI2)

static void flavours_and_their_support_are_told(void **state)
{
	static const struct {
		struct span constants, symbols;
		const char *flavour, *version;
		unsigned support;
	} cases[] = {
		{ SPAN("x\0Open MPI v5.0.3, package: Debian\0"),
		  SPAN("\0libpmix.so.2\0libucp.so.0\0mca_accelerator_cuda_component\0"), "openmpi",
		  "5.0.3", CUDA | UCX | PMIX },
		{ SPAN("Open MPI v%d.%d.%d\0"), SPAN("\0MPI_Init\0"), "openmpi", "", 0 },
		{ SPAN("MPICH Version:      4.0.2\0"), SPAN("\0libfabric.so.1\0PMI2_Init\0"),
		  "mpich", "4.0.2", OFI | PMI2 },
		{ SPAN("MPICH Version: %s\0MVAPICH Version:      3.0\0"), SPAN("\0libcuda.so.1\0"),
		  "mvapich", "3.0", CUDA },
		{ SPAN("Intel(R) MPI Library 2021.9 for Linux* OS\0MPICH Version\0"), SPAN("\0"),
		  "intel", "2021.9", 0 },
		{ SPAN("something else\0"), SPAN("\0libcuda.so.1\0"), NULL, "", CUDA },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct library_texts texts = { cases[i].constants, cases[i].symbols };
		struct mpi_library library = mpi_library_of(&texts);

		if (cases[i].flavour)
			assert_string_equal(library.flavour, cases[i].flavour);
		else
			assert_null(library.flavour);
		assert_true(span_is(library.version, cases[i].version));
		assert_int_equal(library.support, cases[i].support);
	}
}

static void plug_ins_stand_for_support(void **state)
{
	(void)state;
	assert_int_equal(mpi_support_of_file("mca_pml_ucx.so"), UCX);
	assert_int_equal(mpi_support_of_file("mca_pmix_ext3x.so"), PMIX);
	assert_int_equal(mpi_support_of_file("mca_pml_ob1.so"), 0);
	assert_int_equal(mpi_support_of_file(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flavours_and_their_support_are_told),
		cmocka_unit_test(plug_ins_stand_for_support),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
