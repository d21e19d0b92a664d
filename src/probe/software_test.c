#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define INSTALLED(name, version) \
	"Package: " name "\nStatus: install ok installed\nVersion: " version "\n\n"

static const struct root_entry node[] = {
	{ "/var/lib/dpkg/status", INSTALLED("docker-ce", "5:29.7.0-1~ubuntu.24.04~noble") INSTALLED(
					  "runc", "1.3.6-0ubuntu1") INSTALLED("git", "1:2.43.0-1")
					  INSTALLED("rocm-core", "7.0.2.70002-56~24.04")
						  INSTALLED("build-essential", "12.10ubuntu1") },
	{ "/usr/bin/dockerd", "" },
	{ "/usr/local/sbin/runc", "" },
	{ "/usr/bin/enroot", "" },
	{ "/usr/bin/python3", "-> python3.12" },
	{ "/usr/bin/python3.12", "" },
	{ "/usr/local/cuda", "-> /usr/local/cuda-13.1" },
	{ "/usr/local/cuda-13.1/version.json", "{\"cuda\":{\"version\":\"13.1.0\"},"
					       "\"cuda_nvcc\":{\"version\":\"13.1.80\"}}" },
	{ "/usr/local/cuda-13.1/bin/nvcc", "" },
	{ "/usr/lib64/libnccl.so.2", "-> libnccl.so.2.28.9" },
	{ "/usr/lib64/libnccl.so.2.28.9", "" },
	{ "/usr/lib64/libfabric.so.1", "-> libfabric.so.1.29.0" },
	{ "/usr/lib64/libfabric.so.1.29.0", "" },
	{ "/opt/rocm/.info/version", "7.0.2-56\n" },
	{ "/opt/rocm/lib/librccl.so.1", "" },
	{ "/opt/rocm/include/rccl/rccl.h",
	  "#define NCCL_MAJOR 2\n#define NCCL_MINOR 26\n#define NCCL_PATCH 6\n" },
	{ "/opt/nvidia/hpc_sdk/Linux_x86_64/26.5/", NULL },
	{ "/sys/module/mlx5_core/version", "24.10-1.1.4\n" },
	{ "/etc/slurm/plugstack.conf",
	  "# required /bad/spank_pyxis.so\nrequired /srv/spank_pyxis.so\n" },
	{ "/srv/spank_pyxis.so", "" },
	{ NULL, NULL },
};

static void packages_names_and_small_files_tell_versions(void **state)
{
	static const struct {
		const char *device, *version, *package, *path;
	} cases[] = {
		{ "software:docker", "29.7.0", "5:29.7.0-1~ubuntu.24.04~noble",
		  "/usr/bin/dockerd" },
		{ "software:git", "2.43.0", "1:2.43.0-1", NULL },
		{ "software:runc", "?/usr/local/sbin/runc", "1.3.6-0ubuntu1",
		  "/usr/local/sbin/runc" },
		{ "software:enroot", "?no file tells its version", NULL, "/usr/bin/enroot" },
		{ "software:python", "3.12", NULL, "/usr/bin/python3" },
		{ "software:cuda", "13.1.0", NULL, "/usr/local/cuda" },
		{ "software:nvcc", "13.1.80", NULL, "/usr/local/cuda/bin/nvcc" },
		{ "software:nccl", "2.28.9", NULL, "/usr/lib64/libnccl.so.2" },
		{ "software:libfabric", "?no file tells", NULL, "/usr/lib64/libfabric.so.1" },
		{ "software:rocm", "7.0.2-56", "7.0.2.70002-56~24.04", "/opt/rocm" },
		{ "software:rccl", "2.26.6", NULL, "/opt/rocm/lib/librccl.so.1" },
		{ "software:hpc-sdk", "26.5", NULL, "/opt/nvidia/hpc_sdk/Linux_x86_64/26.5" },
		{ "software:ofed", "24.10-1.1.4", NULL, "/sys/module/mlx5_core" },
		{ "software:pyxis", "?no file tells", NULL, "/srv/spank_pyxis.so" },
		{ "software:build-essential", "12.10ubuntu1", "12.10ubuntu1", NULL },
		{ "software:podman", "absent", NULL, NULL },
		{ "software:hpcx", "absent", NULL, NULL },
		{ "software:helm", "absent", NULL, NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch_run(&watch, &probe_software);
	for (size_t i = 0; i < COUNT(cases); i++) {
		watch_expect(&watch, "software", cases[i].device, cases[i].version);
		watch_expect(&watch, "software.package", cases[i].device, cases[i].package);
		watch_expect(&watch, "software.path", cases[i].device, cases[i].path);
	}
	assert_int_equal(watch_count(&watch, "software"), 46);
}

static void what_could_not_be_looked_at_is_not_absent(void **state)
{
	static const struct {
		const char *path, *text, *device, *says;
	} cases[] = {
		{ "/var/lib/dpkg/status", NULL, "software:podman", "?Too many levels" },
		{ "/var/lib/dpkg/status", "garbage", "software:podman", "?no package" },
		{ "/usr/bin/podman", NULL, "software:podman", "?Too many levels" },
		{ "/usr/local/cuda-13.1/version.json", "{", "software:cuda", "13.1" },
		{ "/usr/local/cuda-13.1/version.json", "{", "software:nvcc", "?version.json" },
		{ "/usr/local/cuda", NULL, "software:cuda", "?Too many levels" },
		{ "/opt/rocm/include/rccl/rccl.h", "#define NCCL_MAJOR x\n", "software:rccl",
		  "?no file tells" },
		{ "/sys/module/mlx5_core/version", "5.0-0\n", "software:ofed", "absent" },
		{ "/usr/bin/ofed_info", "echo MLNX_OFED_LINUX-5.8-1.1.2.1:\n", "software:ofed",
		  "24.10-1.1.4" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, node);
		root_put(&watch.root, cases[i].path, cases[i].text);
		watch_run(&watch, &probe_software);
		watch_expect(&watch, "software", cases[i].device, cases[i].says);
	}
}

static void versions_in_a_database_of_rpm_are_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	root_drop(&watch.root, "/var/lib/dpkg/status");
	root_put(&watch.root, "/var/lib/rpm/rpmdb.sqlite", "");
	watch_run(&watch, &probe_software);
	watch_expect(&watch, "software", "software:docker", "?database of rpm");
	watch_expect(&watch, "software", "software:build-essential", "?database of rpm");
	watch_expect(&watch, "software", "software:nccl", "2.28.9");
	watch_expect(&watch, "software", "software:podman", "absent");
}

static void programs_run_only_when_that_is_asked_for(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch.request.run_programs = true;
	watch_run(&watch, &probe_software);
	/* Of a machine below a root no program can run: this says that it was tried. */
	watch_expect(&watch, "software", "software:enroot", "?asking '/usr/bin/enroot version'");
	watch_expect(&watch, "software", "software:docker", "29.7.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_names_and_small_files_tell_versions),
		cmocka_unit_test(what_could_not_be_looked_at_is_not_absent),
		cmocka_unit_test(versions_in_a_database_of_rpm_are_unknown),
		cmocka_unit_test(programs_run_only_when_that_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
