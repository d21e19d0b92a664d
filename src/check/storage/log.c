#include "check/log_rules.h"

static const char disk_action[] = "drain; save what is on the disk; look at its health; replace it";

/* What is removable or no disk at all says nothing of the node. */
static const struct log_rule lines[] = {
	{ "dev sr", NULL, VERDICT_PASS, "", "" },
	{ "dev fd", NULL, VERDICT_PASS, "", "" },
	{ "dev loop", NULL, VERDICT_PASS, "", "" },
	{ "read-only", NULL, VERDICT_FAIL, "a file system went read-only",
	  "drain; find the error before it; check the file system; mount it again" },
	{ "corrupt", NULL, VERDICT_FAIL, "a file system is damaged",
	  "drain; check and mend the file system" },
	{ "shutting down", NULL, VERDICT_FAIL, "a file system was shut down after an error",
	  "drain; check and mend the file system" },
	{ "has been shut", NULL, VERDICT_FAIL, "a file system was shut down after an error",
	  "drain; check and mend the file system" },
	{ "Aborting journal", NULL, VERDICT_FAIL, "a file system gave its journal up",
	  "drain; check and mend the file system" },
	{ "not responding", NULL, VERDICT_WARN, "a file server did not answer for a while",
	  "look at the file server and the way to it" },
	{ "evicted", NULL, VERDICT_WARN, "a file server threw this node out",
	  "look at the file server and the way to it" },
	{ "was lost", NULL, VERDICT_WARN, "the connection to a file server was lost",
	  "look at the file server and the way to it" },
	{ "LNetError", NULL, VERDICT_WARN, "the network of the file system had errors",
	  "look at the file server and the way to it" },
	{ "LustreError", NULL, VERDICT_WARN, "the file system had errors",
	  "look at the file server and the way to it" },
	{ "controller is down", NULL, VERDICT_FAIL, "a drive stopped answering", disk_action },
	{ "probe failure", NULL, VERDICT_FAIL, "a drive could not be taken up", disk_action },
	{ "reset failure", NULL, VERDICT_FAIL, "a drive did not come back from a reset",
	  disk_action },
	{ "Disk failure", NULL, VERDICT_FAIL, "an array lost a disk",
	  "replace the disk; rebuild the array" },
	{ "I/O error", NULL, VERDICT_FAIL, "reading or writing failed", disk_action },
	{ "Medium Error", NULL, VERDICT_FAIL, "a disk could not read a sector", disk_action },
	{ "Hardware Error", NULL, VERDICT_FAIL, "a disk reports a fault of its own", disk_action },
	{ "error, dev ", NULL, VERDICT_FAIL, "reading or writing failed", disk_action },
	{ "", NULL, VERDICT_WARN, "a message about a disk or a file system",
	  "watch; open a ticket when it comes again" },
};

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct log_rules rules = {
		NODE_LOG_STORAGE,
		lines,
		sizeof(lines) / sizeof(lines[0]),
		"no error of a disk or a file system",
	};

	log_rules_judge(&rules, seen, found);
}

CHECK(storage_log) = {
	.title = "The kernel log has no error of a disk or file system",
	.since = "0.1",
	.needs = "node.log.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.judge = judge,
};
