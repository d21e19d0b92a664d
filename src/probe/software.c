#include <string.h>

#include "probe/conf.h"
#include "probe/look.h"
#include "probe/module.h"
#include "probe/package.h"
#include "probe/probe.h"
#include "probe/service.h"
#include "probe/software_ask.h"
#include "probe/software_find.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One look at all software. */
struct inventory {
	const struct probe_request *request;
	struct sightings *sightings;
	struct arena *arena; /* for what is not recorded */
	struct packages packages;
};

/* What was found of one. */
struct found {
	const struct package *package;
	const char *path;    /* a program, a library or a folder of it */
	struct span version; /* that no package tells */
	const char *why;     /* of what could not be looked at or told */
};

/* Where one may be, and what tells its version. Lists are words with blanks between them; NULL for
 * none. */
struct software {
	const char *name;
	const char *packages;  /* as packages_find takes them, the first that is there counts */
	const char *programs;  /* as software_program takes them */
	const char *libraries; /* as software_library takes them */
	bool library_tells;    /* the library is called by the version of the whole */
	const char *files;     /* that hold the version */
	const char *key;       /* that stands before the version in the file */
	const char *folders;   /* whose folders are called by versions */
	const char *prefix;    /* before the version in the folder's name */
	const char *ask;       /* the program and its words, when nothing else tells */
	void (*find)(struct inventory *inventory, struct software_search *search,
		     struct found *found);
};

#define PKG_CONFIG(name)                                                   \
	"/usr/lib/x86_64-linux-gnu/pkgconfig/" name ".pc "                 \
	"/usr/lib/aarch64-linux-gnu/pkgconfig/" name ".pc "                \
	"/usr/lib64/pkgconfig/" name ".pc /usr/lib/pkgconfig/" name ".pc " \
	"/usr/local/lib/pkgconfig/" name ".pc"

/* A program that somebody put before the package's is not of the package's version. */
static bool is_own_build(const struct found *found)
{
	return found->path && (strncmp(found->path, "/usr/local/bin/", 15) == 0 ||
			       strncmp(found->path, "/usr/local/sbin/", 16) == 0);
}

/* CUDA's default folder, with what its own list of components says of one of them. */
static void find_component(struct inventory *inventory, struct software_search *search,
			   const char *name, struct found *found)
{
	struct error err = { 0 };
	struct span text;

	if (!host_peek(search->host, "/usr/local/cuda/version.json", CONF_FILE_MAXIMUM,
		       search->arena, &text, &err)) {
		if (err.code != ERROR_MISSING)
			found->why = arena_string(search->arena, span_of(err.text));
	} else if (!software_component(text, name, search->arena, &found->version, &err)) {
		found->why = arena_string(search->arena, span_of(err.text));
	}
	(void)inventory;
}

static void find_cuda(struct inventory *inventory, struct software_search *search,
		      struct found *found)
{
	const char *real = NULL;

	found->path = software_path(search, "/usr/local/cuda");
	if (!found->path)
		return;
	find_component(inventory, search, "cuda", found);
	if (found->version.length == 0)
		(void)software_file(search, "/usr/local/cuda/version.txt", NULL, &found->version);
	/* The folder behind the link is called by the version. */
	if (found->version.length == 0 &&
	    host_real_path(search->host, found->path, search->arena, &real, NULL) &&
	    strncmp(real, "/usr/local/cuda-", 16) == 0)
		found->version = software_find_version(span_of(real + 16));
}

static void find_nvcc(struct inventory *inventory, struct software_search *search,
		      struct found *found)
{
	found->path = software_path(search, "/usr/local/cuda/bin/nvcc");
	if (found->path)
		find_component(inventory, search, "cuda_nvcc", found);
	else
		found->path = software_program(search, "nvcc");
}

/* The header of RCCL has its numbers in lines of their own. */
static void find_rccl(struct inventory *inventory, struct software_search *search,
		      struct found *found)
{
	static const char *const keys[] = { "#define NCCL_MAJOR ", "#define NCCL_MINOR ",
					    "#define NCCL_PATCH " };
	struct span text, none;
	uint64_t parts[COUNT(keys)];

	(void)inventory;
	found->path = software_library(search, "librccl.so.1 librccl.so", &none);
	if (!found->path || !host_peek_start(search->host, "/opt/rocm/include/rccl/rccl.h", 8192,
					     search->arena, &text, NULL))
		return;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct span rest = text, line, number = SPAN("");
		size_t length = strlen(keys[i]);

		while (span_cut(&rest, '\n', &line))
			if (span_starts(line, keys[i]))
				number = span_trim(
					(struct span){ line.at + length, line.length - length });
		if (!span_to_u64(number, &parts[i]))
			return;
	}
	found->version =
		span_of(arena_format(search->arena, "%llu.%llu.%llu", (unsigned long long)parts[0],
				     (unsigned long long)parts[1], (unsigned long long)parts[2]));
}

/* The driver of the adapters has a version of its own when it is not the kernel's. */
static void find_ofed(struct inventory *inventory, struct software_search *search,
		      struct found *found)
{
	struct span version =
		look_text(search->host, search->arena, "/sys/module/mlx5_core/version");
	struct span release = look_text(search->host, search->arena, "/proc/sys/kernel/osrelease");

	(void)inventory;
	found->path = software_program(search, "ofed_info");
	/* "5.0-0" is what the kernel's own driver said while it still had a version. */
	if (version.length > 0 && !span_is(version, "5.0-0") && !span_equal(version, release)) {
		found->version = software_find_version(version);
		if (!found->path)
			found->path = "/sys/module/mlx5_core";
	} else if (found->path) {
		(void)software_file(search, found->path, "MLNX_OFED_LINUX-", &found->version);
	}
}

static void read_plugstack(void *context, const char *path, struct span text)
{
	struct conf conf = { text, CONF_COMMENT_ANYWHERE, NULL };
	struct span line, word, *found = context;

	(void)path;
	while (conf_next(&conf, &line))
		while (conf_word(&line, &word))
			if (word.length >= 14 && word.at[0] == '/' &&
			    memcmp(word.at + word.length - 14, "spank_pyxis.so", 14) == 0)
				*found = word;
}

/* The plugin lies where Slurm's are, or where its configuration says. */
static void find_pyxis(struct inventory *inventory, struct software_search *search,
		       struct found *found)
{
	struct conf_files files = { .host = search->host, .arena = search->arena };
	struct span named = SPAN("");

	(void)inventory;
	(void)conf_file(&files, "/etc/slurm/plugstack.conf", read_plugstack, &named);
	conf_folder(&files, "/etc/slurm/plugstack.conf.d", "", read_plugstack, &named);
	if (named.length > 0)
		found->path = software_path(search, arena_string(search->arena, named));
	if (!found->path)
		found->path =
			software_path(search, "/usr/lib/x86_64-linux-gnu/slurm/spank_pyxis.so "
					      "/usr/lib/aarch64-linux-gnu/slurm/spank_pyxis.so "
					      "/usr/lib64/slurm/spank_pyxis.so "
					      "/usr/lib/slurm/spank_pyxis.so "
					      "/usr/local/lib/slurm/spank_pyxis.so "
					      "/usr/local/lib64/slurm/spank_pyxis.so "
					      "/opt/slurm/lib/slurm/spank_pyxis.so");
	if (!search->why)
		search->why = files.why;
}

static void find_python(struct inventory *inventory, struct software_search *search,
			struct found *found)
{
	const char *target = NULL;

	(void)inventory;
	found->path = software_program(search, "python3");
	/* The package's is longer than what the link is called by. */
	if (found->package && !is_own_build(found))
		return;
	if (found->path && host_link(search->host, found->path, search->arena, &target, NULL)) {
		const char *name = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;

		if (strncmp(name, "python", 6) == 0)
			found->version = software_find_version(span_of(name + 6));
	}
}

static const struct software list[] = {
	{ .name = "amd-container-toolkit",
	  .packages = "amd-container-toolkit",
	  .programs = "amd-ctk amd-container-runtime",
	  .ask = "amd-ctk --version" },
	{ .name = "apptainer",
	  .packages = "apptainer singularity-ce singularity-container",
	  .programs = "apptainer singularity",
	  .ask = "apptainer --version" },
	{ .name = "build-essential", .packages = "build-essential" },
	{ .name = "chrony", .packages = "chrony", .programs = "chronyd" },
	{ .name = "containerd",
	  .packages = "containerd.io containerd",
	  .programs = "containerd",
	  .ask = "containerd --version" },
	{ .name = "crio", .packages = "cri-o", .programs = "crio", .ask = "crio --version" },
	{ .name = "cuda", .packages = "nvidia-cuda-toolkit", .find = find_cuda },
	{ .name = "curl", .packages = "curl", .programs = "curl", .ask = "curl --version" },
	{ .name = "dcgm",
	  .packages = "datacenter-gpu-manager-4-core datacenter-gpu-manager",
	  .programs = "nv-hostengine dcgmi",
	  .libraries = "libdcgm.so.4 libdcgm.so.3",
	  .library_tells = true,
	  .ask = "dcgmi --version" },
	{ .name = "dcgm-exporter",
	  .packages = "datacenter-gpu-manager-exporter dcgm-exporter",
	  .programs = "dcgm-exporter",
	  .ask = "dcgm-exporter --version" },
	{ .name = "docker",
	  .packages = "docker-ce docker.io",
	  .programs = "dockerd docker /snap/bin/docker",
	  .ask = "docker --version" },
	{ .name = "enroot",
	  .packages = "enroot enroot-hardened",
	  .programs = "enroot",
	  .ask = "enroot version" },
	{ .name = "gdrcopy",
	  .packages = "gdrcopy libgdrapi",
	  .libraries = "libgdrapi.so.2",
	  .library_tells = true },
	{ .name = "git", .packages = "git", .programs = "git", .ask = "git --version" },
	{ .name = "helm",
	  .packages = "helm",
	  .programs = "helm /snap/bin/helm",
	  .ask = "helm version" },
	{ .name = "hpc-sdk",
	  .packages = "nvhpc nvhpc-*",
	  .folders = "/opt/nvidia/hpc_sdk/Linux_x86_64 /opt/nvidia/hpc_sdk/Linux_aarch64",
	  .prefix = "" },
	{ .name = "hpcx",
	  .files = "/opt/hpcx/VERSION",
	  .programs = "/opt/hpcx",
	  .folders = "/opt",
	  .prefix = "hpcx-v" },
	{ .name = "htop", .packages = "htop", .programs = "htop", .ask = "htop --version" },
	{ .name = "kubelet",
	  .packages = "kubelet",
	  .programs = "kubelet /snap/bin/kubelet",
	  .ask = "kubelet --version" },
	{ .name = "libfabric",
	  .packages = "libfabric1 libfabric1t64 libfabric1-aws",
	  .libraries = "libfabric.so.1",
	  .files = PKG_CONFIG("libfabric") " /opt/amazon/efa/lib64/pkgconfig/libfabric.pc "
					   "/opt/amazon/efa/lib/pkgconfig/libfabric.pc",
	  .key = "Version:" },
	{ .name = "lmod",
	  .packages = "lmod",
	  .programs = "/usr/share/lmod /opt/apps/lmod /usr/local/lmod",
	  .folders = "/usr/share/lmod /opt/apps/lmod /usr/local/lmod",
	  .prefix = "" },
	{ .name = "munge", .packages = "munge", .programs = "munged" },
	{ .name = "nccl",
	  .packages = "libnccl2",
	  .libraries = "libnccl.so.2",
	  .library_tells = true },
	{ .name = "nhc", .packages = "nhc lbnl-nhc", .programs = "nhc /etc/nhc/nhc.conf" },
	{ .name = "node-exporter",
	  .packages = "prometheus-node-exporter node-exporter",
	  .programs = "node_exporter prometheus-node-exporter",
	  .ask = "node_exporter --version" },
	{ .name = "nsight-compute",
	  .packages = "nsight-compute-*",
	  .programs = "ncu /usr/local/cuda/bin/ncu",
	  .folders = "/opt/nvidia/nsight-compute",
	  .prefix = "",
	  .ask = "/usr/local/cuda/bin/ncu --version" },
	{ .name = "nvcc",
	  .packages = "nvidia-cuda-toolkit",
	  .ask = "nvcc --version",
	  .find = find_nvcc },
	{ .name = "nvidia-container-toolkit",
	  .packages = "nvidia-container-toolkit nvidia-container-toolkit-base",
	  .programs = "nvidia-ctk nvidia-container-runtime "
		      "/usr/local/nvidia/toolkit/nvidia-ctk",
	  .ask = "nvidia-ctk --version" },
	{ .name = "ofed",
	  .packages = "doca-ofed mlnx-ofed-kernel-dkms mlnx-ofed-kernel-utils ofed-scripts",
	  .find = find_ofed },
	{ .name = "openmpi",
	  .packages = "openmpi-bin openmpi",
	  .programs = "ompi_info /opt/amazon/openmpi/bin/ompi_info "
		      "/opt/amazon/openmpi5/bin/ompi_info",
	  .folders = "/usr/mpi/gcc",
	  .prefix = "openmpi-",
	  .ask = "ompi_info --version" },
	{ .name = "perf",
	  .packages = "linux-perf linux-tools-common",
	  .programs = "perf",
	  .ask = "perf --version" },
	{ .name = "pmix",
	  .packages = "libpmix2t64 libpmix2 pmix",
	  .libraries = "libpmix.so.2",
	  .files = PKG_CONFIG("pmix"),
	  .key = "Version:" },
	{ .name = "podman", .packages = "podman", .programs = "podman", .ask = "podman --version" },
	{ .name = "python", .packages = "python3", .find = find_python },
	{ .name = "pyxis", .packages = "nvslurm-plugin-pyxis pyxis", .find = find_pyxis },
	{ .name = "qemu",
	  .packages = "qemu-system-x86 qemu-system-arm qemu-kvm",
	  .programs = "qemu-system-x86_64 qemu-system-aarch64 /usr/libexec/qemu-kvm" },
	{ .name = "rccl", .packages = "rccl", .find = find_rccl },
	{ .name = "rocm",
	  .packages = "rocm-core",
	  .programs = "/opt/rocm",
	  .files = "/opt/rocm/.info/version" },
	{ .name = "runc", .packages = "runc", .programs = "runc", .ask = "runc --version" },
	{ .name = "shadow", .packages = "passwd shadow-utils", .programs = "useradd" },
	{ .name = "slurm",
	  .packages = "slurmd slurm-smd-slurmd slurm-smd slurm-client slurm-smd-client slurmctld",
	  .programs = "slurmd sinfo /opt/slurm/sbin/slurmd /opt/slurm/bin/sinfo",
	  .ask = "sinfo --version" },
	{ .name = "sudo", .packages = "sudo sudo-ldap", .programs = "sudo" },
	{ .name = "tmux", .packages = "tmux", .programs = "tmux", .ask = "tmux -V" },
	{ .name = "ucx",
	  .packages = "ucx libucx0",
	  .programs = "ucx_info",
	  .libraries = "libucp.so.0",
	  .files = PKG_CONFIG("ucx"),
	  .key = "Version:",
	  .ask = "ucx_info -v" },
	{ .name = "vim",
	  .packages = "vim vim-nox vim-gtk3 vim-tiny",
	  .programs = "vim vim.basic",
	  .ask = "vim --version" },
	{ .name = "virtio-net-controller",
	  .packages = "virtio-net-controller",
	  .programs = "virtio_net_controller virtnet" },
};

static const struct package *find_package(const struct inventory *inventory, const char *names)
{
	const struct package *package = NULL;
	struct span rest = span_of(names), name;

	while (!package && span_cut(&rest, ' ', &name))
		package = packages_find(&inventory->packages, name);
	return package;
}

/* Looks at every place; the version is that of the first that has one. */
static void find(struct inventory *inventory, const struct software *software,
		 struct software_search *search, struct found *found)
{
	struct span version = SPAN("");
	const char *path = NULL;

	found->package = find_package(inventory, software->packages);
	if (software->find)
		software->find(inventory, search, found);
	if (software->programs)
		found->path = software_program(search, software->programs);
	if (software->libraries && (path = software_library(search, software->libraries, &version)))
		found->version = software->library_tells ? version : SPAN("");
	found->path = found->path ? found->path : path;
	if (software->files && found->version.length == 0 &&
	    (path = software_file(search, software->files, software->key, &version)))
		found->version = version;
	found->path = found->path ? found->path : path;
	if (software->folders &&
	    (path = software_folder(search, software->folders, software->prefix, &version))) {
		found->version = found->version.length > 0 ? found->version : version;
		found->path = path;
	}
	if (!found->why)
		found->why = search->why;
}

static void see_missing(struct inventory *inventory, const struct software *software,
			const char *device, const struct found *found)
{
	bool has_places =
		software->programs || software->libraries || software->folders || software->find;
	const char *why = found->why;

	/* What no list of packages says to be there is told by its files, where it has any. */
	if (!why && (inventory->packages.manager == PACKAGES_REFUSED || !has_places))
		why = inventory->packages.why;
	if (why)
		(void)saw_unknown(inventory->sightings, NODE_SOFTWARE, device, "%s", why);
	else
		(void)saw_state(inventory->sightings, NODE_SOFTWARE, device, "absent");
}

/* The program that was found, when it is the one to be asked, and its words. */
static const char *words_of(struct inventory *inventory, const struct software *software,
			    const struct found *found)
{
	const char *name = strrchr(found->path, '/') + 1;
	size_t length = strlen(name);

	if (strncmp(software->ask, name, length) != 0 || software->ask[length] != ' ')
		return software->ask;
	return arena_format(inventory->arena, "%s%s", found->path, software->ask + length);
}

/* The version that no file told, from the program when that is allowed. */
static void see_unversioned(struct inventory *inventory, const struct software *software,
			    const char *device, const struct found *found)
{
	struct sightings *sightings = inventory->sightings;
	const char *why = found->why ? found->why : inventory->packages.why;
	struct error err = { 0 };
	struct span version;

	if (inventory->request->run_programs && software->ask) {
		if (software_ask(inventory->request->host, words_of(inventory, software, found),
				 inventory->arena, &version, &err))
			(void)saw_state(sightings, NODE_SOFTWARE, device,
					arena_string(inventory->arena, version));
		else
			(void)saw_unknown(sightings, NODE_SOFTWARE, device, "%s", err.text);
		return;
	}
	(void)saw_unknown(sightings, NODE_SOFTWARE, device,
			  "'%s' is there, and no file tells its version%s%s", found->path,
			  why ? ": " : "", why ? why : "");
}

static void see(struct inventory *inventory, const struct software *software)
{
	struct sightings *sightings = inventory->sightings;
	const char *device = arena_format(sightings->arena, "software:%s", software->name);
	struct software_search search = { inventory->request->host, inventory->arena, NULL };
	struct found found = { .version = SPAN("") };

	find(inventory, software, &search, &found);
	if (found.version.length > 0)
		(void)saw_state(sightings, NODE_SOFTWARE, device,
				arena_string(inventory->arena, found.version));
	else if (found.package && !is_own_build(&found))
		(void)saw_state(sightings, NODE_SOFTWARE, device,
				package_upstream(found.package->version, inventory->arena));
	else if (found.path)
		see_unversioned(inventory, software, device, &found);
	else
		see_missing(inventory, software, device, &found);
	if (found.package)
		(void)saw_state(sightings, NODE_SOFTWARE_PACKAGE, device,
				arena_string(inventory->arena, found.package->version));
	if (found.path)
		(void)saw_state(sightings, NODE_SOFTWARE_PATH, device, found.path);
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	SCOPED_ARENA(scratch);
	struct inventory inventory = { .request = request,
				       .sightings = sightings,
				       .arena = &scratch };

	/* Whether the driver's services run decides before a job. */
	services_see(request->host, sightings);
	if (!(request->shares & PROBE_FULL))
		return;
	modules_see(request->host, sightings);
	inventory.packages = packages_read(request->host, &scratch);
	for (size_t i = 0; i < COUNT(list); i++)
		see(&inventory, &list[i]);
}

const struct probe probe_software = {
	.name = "software",
	.title = "software, services and kernel modules",
	.shares = PROBE_QUICK | PROBE_FULL,
	.look = look,
};
