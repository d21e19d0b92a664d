#include "check/check.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "cloud-amd64" of "6.1.0-30-cloud-amd64": what stands from the first part that begins with a
 * letter. */
static const char *flavour_of(const char *release)
{
	for (const char *at = release; *at; at++)
		if ((at == release || at[-1] == '-' || at[-1] == '.') && !is_digit(*at))
			return at;
	return "";
}

/* By the numbers one after the other, so that 6.1.0-9 is before 6.1.0-10. */
static int compare_releases(const char *a, const char *b)
{
	while (*a && *b) {
		size_t left = strspn(a, "0123456789"), right = strspn(b, "0123456789");
		int order;

		if (left == 0 || right == 0) {
			if (*a != *b)
				return *a < *b ? -1 : 1;
			a++;
			b++;
			continue;
		}
		order = left != right ? (left < right ? -1 : 1) : memcmp(a, b, left);
		if (order)
			return order;
		a += left;
		b += right;
	}
	return (*a != '\0') - (*b != '\0');
}

static void judge_newest(const struct check_input *seen, const char *kernel, const char *newest,
			 struct findings *found)
{
	const struct machine *machine = seen->machine;
	bool asks = machine_state_is(machine, NODE_REBOOT_REQUIRED, NULL, "yes");
	struct finding *finding;
	int order = compare_releases(kernel, newest);

	if (strcmp(flavour_of(kernel), flavour_of(newest)) != 0)
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"kernel %.80s runs; installed is %.80s, which is another flavour", kernel,
			newest);
	else if (order < 0)
		finding =
			findings_add(found, VERDICT_FAIL, NULL,
				     "kernel %.80s runs, %.80s is installed and waits for a reboot",
				     kernel, newest);
	else if (order > 0)
		finding = findings_add(
			found, VERDICT_WARN, NULL,
			"kernel %.80s runs, but the newest that is installed is %.80s: "
			"a reboot would go back",
			kernel, newest);
	else if (asks)
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "kernel %.80s is the newest that is installed, yet the "
				       "distribution asks for a reboot",
				       kernel);
	else
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "kernel %.80s is the newest that is installed", kernel);
	if (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_WARN)
		finding->action = "drain the node, reboot it, look again";
	finding_rests_on(finding, machine_find(machine, NODE_KERNEL, NULL));
	finding_rests_on(finding, machine_find(machine, NODE_KERNEL_NEWEST, NULL));
	finding_rests_on(finding, machine_find(machine, NODE_REBOOT_REQUIRED, NULL));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *kernel = machine_state(machine, NODE_KERNEL, NULL);
	const char *newest = machine_state(machine, NODE_KERNEL_NEWEST, NULL);
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);

	if (container && strcmp(container, "none") != 0)
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "the packages seen here are those of a container (%.20s), not of the "
			     "node: run it outside",
			     container)
			->observed = machine->observed;
	else if (!kernel)
		(void)findings_add_unknown(found, machine, NODE_KERNEL, NULL);
	else if (!newest)
		(void)findings_add_unknown(found, machine, NODE_KERNEL_NEWEST, NULL);
	else
		judge_newest(seen, kernel, newest, found);
}

CHECK(running_kernel) = {
	.title = "The newest installed kernel is the one that runs",
	.since = "0.1",
	.needs = "node.kernel",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "security.guestKernel.newerInstalled",
	.judge = judge,
};
