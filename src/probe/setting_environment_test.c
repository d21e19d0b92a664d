#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	struct root_entry files[3];
	const char *device, *says;
} cases[] = {
	{ { { "/etc/nccl.conf", "# NCCL_ALGO=Ring\n#NCCL_PROTO=LL\nNCCL_IB_HCA=mlx5\r\n" } },
	  "setting:nccl:NCCL_ALGO",
	  "unset" },
	{ { { "/etc/nccl.conf", "NCCL_IB_HCA=mlx5\r\n" } }, "setting:nccl:NCCL_IB_HCA", "mlx5" },
	{ { { "/etc/nccl.conf", "NCCL_NEW_ONE = a=b \nSECRET=1\n" } },
	  "setting:nccl:NCCL_NEW_ONE",
	  NULL },
	{ { { "/etc/nccl.conf", "NCCL_NEW_ONE=a=b\nNCCL_NEW_ONE=c\n" } },
	  "setting:nccl:NCCL_NEW_ONE",
	  "a=b" },
	{ { { "/etc/nccl.conf", "NCCL_A=1\nSECRET=1\nNCCL B=2\n" } }, "setting:nccl:SECRET", NULL },
	{ { { "/etc/nccl.conf", NULL } }, "setting:nccl:NCCL_ALGO", "?Too many levels" },
	{ { { "/etc/environment", "export NCCL_DEBUG=\"INFO\"\n" } },
	  "setting:env:NCCL_DEBUG",
	  "INFO" },
	{ { { "/etc/environment", "AWS_SECRET_ACCESS_KEY=x\nUCX_TLS=rc\n" } },
	  "setting:env:AWS_SECRET_ACCESS_KEY",
	  NULL },
	{ { { "/etc/environment", "AWS_SECRET_ACCESS_KEY=x\nUCX_TLS=rc\n" } },
	  "setting:env:UCX_TLS",
	  "rc" },
	{ { { "/etc/environment", "OMPI_MCA_btl=^tcp\n" } }, "setting:env:OMPI_MCA_btl", "^tcp" },
	{ { { "/etc/environment", NULL } }, "setting:env:NCCL_ALGO", "?Too many levels" },
	{ { { "/x", "" } }, "setting:env:CUDA_VISIBLE_DEVICES", "unset" },
	{ { { "/usr/local/cuda", "-> cuda-13.1" }, { "/usr/local/cuda-13.1/", "" } },
	  "setting:path:cuda",
	  "/usr/local/cuda-13.1" },
	{ { { "/usr/local/cuda", "-> cuda-13.1" } }, "setting:path:cuda", "unset" },
	{ { { "/usr/local/cuda", NULL } }, "setting:path:cuda", "?Too many levels" },
	{ { { "/etc/environment", "PATH=\"/usr/local/sbin:/usr/bin:/opt/slurm/bin\"\n" },
	    { "/etc/profile.d/cuda.sh", "# export PATH=/no\n"
					"export PATH=/usr/local/cuda/bin${PATH:+:${PATH}}\n"
					"PATH=$PATH:/a$x:/opt/slurm/bin\npathmunge /opt/b\n" } },
	  "setting:path:profile",
	  "/opt/slurm/bin:/usr/local/cuda/bin:/opt/b" },
	{ { { "/etc/profile.d/cuda.sh", "echo PATH=/x\n" } }, "setting:path:profile", "unset" },
	{ { { "/etc/nccl/a.txt", "" }, { "/etc/nccl/topo.xml", "" } },
	  "setting:topology:nccl-file",
	  "/etc/nccl/topo.xml" },
	{ { { "/etc/nccl.conf", "NCCL_TOPO_FILE=/a.xml" },
	    { "/etc/environment", "NCCL_TOPO_FILE=/b.xml" } },
	  "setting:topology:nccl-file",
	  "/b.xml" },
	{ { { "/var/run/nvidia-topologyd/virtualTopology.xml", "" } },
	  "setting:topology:nccl-file",
	  "/var/run/nvidia-topologyd/virtualTopology.xml" },
	{ { { "/x", "" } }, "setting:topology:nccl-file", "unset" },
	{ { { "/etc/assay/attested",
	      "# nvlink=x\nnvlink-exclusive = provider says the domain is ours\n" } },
	  "setting:attest:nvlink-exclusive",
	  "provider says the domain is ours" },
	{ { { "/etc/assay/attested", "nvlink-exclusive=\nb c=d\n" } },
	  "setting:attest:nvlink-exclusive",
	  NULL },
	{ { { "/etc/assay/attested", NULL } }, "setting:attest", "?Too many levels" },
};

static void settings_are_as_the_files_have_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, NULL);
		for (size_t k = 0; k < COUNT(cases[i].files) && cases[i].files[k].path; k++)
			root_put(&watch.root, cases[i].files[k].path, cases[i].files[k].text);
		watch_run(&watch, &probe_setting);
		watch_expect(&watch, "setting", cases[i].device, cases[i].says);
	}
}

static void this_process_is_stronger_than_the_file_and_tells_no_secret(void **state)
{
	static const char own[] =
		"HOME=/x\0NCCL_ALGO=Tree\0TOKEN=x\0CUDA_VISIBLE_DEVICES=0,1\0NCCL_X";
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, "/etc/environment", "NCCL_ALGO=Ring\n");
	root_put_bytes(&watch.root, "/proc/self/environ", (struct span){ own, sizeof(own) });
	watch_run(&watch, &probe_setting);
	watch_expect(&watch, "setting", "setting:env:NCCL_ALGO", "Tree");
	watch_expect(&watch, "setting", "setting:env:CUDA_VISIBLE_DEVICES", "0,1");
	for (size_t i = 0; i < watch.sightings.count; i++)
		assert_null(
			strstr(watch.sightings.items[i].subject.parts[SUBJECT_DEVICE], "TOKEN"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_as_the_files_have_them),
		cmocka_unit_test(this_process_is_stronger_than_the_file_and_tells_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
