#include <string.h>

#include "check/tally.h"

enum kind {
	KIND_LOCAL,
	KIND_BASIC,
	KIND_PARALLEL,
};

/* File systems that several nodes share, by the kernel's name of the type. */
static const struct {
	const char *type;
	enum kind kind;
} types[] = {
	{ "lustre", KIND_PARALLEL },
	{ "beegfs", KIND_PARALLEL },
	{ "gpfs", KIND_PARALLEL },
	{ "wekafs", KIND_PARALLEL },
	{ "ceph", KIND_PARALLEL },
	{ "fuse.ceph", KIND_PARALLEL },
	{ "panfs", KIND_PARALLEL },
	{ "pvfs2", KIND_PARALLEL },
	{ "fuse.dfuse", KIND_PARALLEL },
	{ "fuse.daos", KIND_PARALLEL },
	{ "fuse.juicefs", KIND_PARALLEL },
	{ "fuse.quobyte", KIND_PARALLEL },
	{ "nfs", KIND_BASIC },
	{ "nfs4", KIND_BASIC },
	{ "cifs", KIND_BASIC },
	{ "smb3", KIND_BASIC },
	{ "9p", KIND_BASIC },
	{ "virtiofs", KIND_BASIC },
	{ "fuse.sshfs", KIND_BASIC },
	{ "fuse.glusterfs", KIND_BASIC },
	{ "ocfs2", KIND_BASIC },
	{ "gfs2", KIND_BASIC },
};

/* Options of NFS with several connections to several addresses of one server, which only the
 * client of an all-flash system such as VAST has. */
static bool is_spread(const struct machine *machine, const char *device)
{
	const struct record *options = machine_find(machine, NODE_MOUNT_OPTIONS, device);

	return options && options->says == SAYS_TEXT && strstr(options->text, "remoteports=");
}

static enum kind kind_of(const struct machine *machine, const struct record *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].type, type->text) != 0)
			continue;
		return types[i].kind == KIND_BASIC &&
				       is_spread(machine, type->subject.parts[SUBJECT_DEVICE])
			       ? KIND_PARALLEL
			       : types[i].kind;
	}
	return KIND_LOCAL;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one, *best = NULL;
	enum kind kind = KIND_LOCAL;
	struct finding *finding;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_MOUNT_TYPE, &at))) {
		if (one->says != SAYS_STATE || !one->subject.parts[SUBJECT_DEVICE])
			continue;
		if (!best || kind_of(seen->machine, one) > kind) {
			kind = kind_of(seen->machine, one);
			best = one;
		}
	}
	if (kind == KIND_PARALLEL) {
		tally_say(&tally, VERDICT_PASS, NULL, best,
			  "%.60s is a parallel file system (%.40s)",
			  device_label(seen->machine, best->subject.parts[SUBJECT_DEVICE],
				       found->arena),
			  best->text);
		return;
	}
	if (machine_find(seen->machine, NODE_MOUNT_TYPE, NULL)) {
		(void)tally_need(&tally, NODE_MOUNT_TYPE, NULL);
		return;
	}
	if (!best)
		return;
	finding =
		kind == KIND_BASIC
			? tally_say(&tally, VERDICT_WARN, NULL, best,
				    "%.60s (%.40s) is shared through a plain network file server, "
				    "or one that looks like it; a parallel file system expected",
				    device_label(seen->machine, best->subject.parts[SUBJECT_DEVICE],
						 found->arena),
				    best->text)
			: tally_say(&tally, VERDICT_WARN, NULL, best,
				    "no file system that nodes share is mounted");
	finding->absent = kind == KIND_LOCAL;
	finding->bar = "a parallel or all-flash file system: every node reads the same data";
	finding->action = "ask which shared file system comes with the cluster";
}

CHECK(storage_mounts) = {
	.title = "A fast shared file system is mounted",
	.since = "0.1",
	.needs = "node.mount.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
