#include <stdlib.h>
#include <string.h>

#include "check/pcie/budget.h"
#include "check/pcie/path.h"
#include "evidence/kernel_line.h"

/* Errors appear at either end of a link: the two ends are judged together. */

/* One function that counts errors, or that the log speaks of. */
struct witness {
	const char *link; /* name of the link: its upper port, "pci:…" */
	const char *pci;
	const struct record *fatal, *nonfatal; /* the proof; NULL when there is none */
	double fatal_count, nonfatal_count;
	struct counter_rate corrected;
	bool has_corrected;
	bool is_unknown;
	enum measure unknown;
};

/* Functions alternate on the way from the root: a root port and what hangs at it share a link, a
 * port of a switch and what hangs at it share the next. */
static const char *link_of(const struct machine *machine, const char *pci)
{
	struct pci_path path;

	pci_path_find(machine, pci, &path);
	if (!path.whole || path.count % 2 == 0)
		return pci;
	return path.bridges[0];
}

static int compare_witnesses(const void *left, const void *right)
{
	const struct witness *a = left, *b = right;
	int order = strcmp(a->link, b->link);

	return order ? order : strcmp(a->pci, b->pci);
}

/* The witness of the function, which is added when there is none yet. */
static struct witness *find_witness(struct witness *witnesses, size_t *count,
				    const struct machine *machine, const char *pci)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(witnesses[i].pci, pci) == 0)
			return &witnesses[i];
	witnesses[*count] = (struct witness){ .link = link_of(machine, pci), .pci = pci };
	return &witnesses[(*count)++];
}

static void take_counter(const struct machine *machine, enum measure measure,
			 const struct record *record, struct witness *witness)
{
	if (record->says != SAYS_VALUE) {
		witness->is_unknown = true;
		witness->unknown = measure;
	} else if (measure == NODE_PCI_AER_CORRECTABLE) {
		witness->has_corrected =
			machine_rate(machine, measure, witness->pci, &witness->corrected);
		if (!witness->has_corrected && record->value > 0.0) {
			witness->is_unknown = true;
			witness->unknown = NODE_UPTIME;
		}
	} else if (record->value > 0.0) {
		bool fatal = measure == NODE_PCI_AER_FATAL;

		*(fatal ? &witness->fatal : &witness->nonfatal) = record;
		*(fatal ? &witness->fatal_count : &witness->nonfatal_count) = record->value;
	}
}

/* The kernel's report counts where the counters do not show it: with errors that the firmware takes
 * first they stay at zero. */
static void take_line(const struct record *record, struct witness *witness)
{
	bool nonfatal = strstr(record->text, "(Non-Fatal)") != NULL;
	bool fatal = !nonfatal && strstr(record->text, "(Fatal)") != NULL;

	if (fatal && !witness->fatal)
		witness->fatal = record;
	if (nonfatal && !witness->nonfatal)
		witness->nonfatal = record;
	if (fatal && witness->fatal == record)
		witness->fatal_count = 1.0;
	if (nonfatal && witness->nonfatal == record)
		witness->nonfatal_count = 1.0;
}

static size_t find_witnesses(const struct machine *machine, struct arena *arena,
			     struct witness **ret_witnesses)
{
	static const enum measure counters[] = { NODE_PCI_AER_CORRECTABLE, NODE_PCI_AER_NONFATAL,
						 NODE_PCI_AER_FATAL };
	size_t room = machine->by[NODE_LOG_PCIE].count, count = 0, at = 0;
	struct witness *witnesses;
	const struct record *one;

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		room += machine->by[counters[i]].count;
	witnesses = ARENA_ARRAY(arena, struct witness, room);
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		at = 0;
		while ((one = machine_next(machine, counters[i], &at))) {
			const char *pci = one->subject.parts[SUBJECT_DEVICE];

			if (pci)
				take_counter(machine, counters[i], one,
					     find_witness(witnesses, &count, machine, pci));
		}
	}
	at = 0;
	while ((one = machine_next(machine, NODE_LOG_PCIE, &at))) {
		char name[PCI_NAME_SIZE];

		if (one->says != SAYS_TEXT || !strstr(one->text, "Fatal)") ||
		    !kernel_line_pci(span_of(one->text), name))
			continue;
		take_line(one, find_witness(witnesses, &count, machine,
					    arena_format(arena, "pci:%s", name)));
	}
	if (count > 0)
		qsort(witnesses, count, sizeof(*witnesses), compare_witnesses);
	*ret_witnesses = witnesses;
	return count;
}

/* What hangs at the link, for people and as the finding's subject: an endpoint when one of the
 * witnesses is one, else its lower end. */
static const struct endpoint *find_endpoint(const struct endpoint *endpoints, size_t count,
					    const struct witness *witnesses, size_t witness_count)
{
	for (size_t i = 0; i < witness_count; i++)
		for (size_t k = 0; k < count; k++)
			if (strcmp(endpoints[k].pci, witnesses[i].pci) == 0)
				return &endpoints[k];
	return NULL;
}

struct link_errors {
	const char *about, *label;
	const struct record *fatal, *nonfatal, *corrected;
	double fatal_count, nonfatal_count, corrected_per_minute, budget;
};

static void add_finding(const struct link_errors *link, struct findings *found)
{
	bool over = link->corrected && link->corrected_per_minute > link->budget;
	struct finding *finding;

	if (link->fatal)
		finding = findings_add(found, VERDICT_FAIL, link->about,
				       "%s: %.0f fatal PCIe errors since the start, none expected",
				       link->label, link->fatal_count);
	else if (link->nonfatal)
		finding = findings_add(found, VERDICT_WARN, link->about,
				       "%s: %.0f uncorrected PCIe errors since the start, none "
				       "expected",
				       link->label, link->nonfatal_count);
	else if (over)
		finding = findings_add(found, VERDICT_WARN, link->about,
				       "%s: %.1f corrected PCIe errors a minute, at most %.0f "
				       "expected",
				       link->label, link->corrected_per_minute, link->budget);
	else
		return;
	finding->bar = link->fatal || link->nonfatal
			       ? "no uncorrected error"
			       : "a bit error rate of 1e-12 (PCI Express Base Specification 6.0)";
	finding->action = "drain; reseat the device and its riser or cable; again: replace them";
	finding->clears = link->fatal || link->nonfatal ? "a reboot" : NULL;
	finding_rests_on(finding, link->fatal);
	finding_rests_on(finding, link->nonfatal);
	if (over)
		finding_rests_on(finding, link->corrected);
}

/* False when the rate of corrected errors has no bar, because the link's speed is not known. */
static bool find_budget(const struct machine *machine, const struct witness *witnesses,
			size_t count, double *ret_budget)
{
	double speed, lanes;

	for (size_t i = 0; i < count; i++)
		if (machine_value(machine, NODE_PCI_SPEED_MAXIMUM, witnesses[i].pci, &speed) &&
		    machine_value(machine, NODE_PCI_WIDTH, witnesses[i].pci, &lanes) &&
		    pcie_budget(speed, lanes, ret_budget))
			return true;
	return false;
}

static void sum_up(const struct witness *witnesses, size_t count, struct link_errors *link)
{
	for (size_t i = 0; i < count; i++) {
		const struct witness *one = &witnesses[i];

		link->fatal = link->fatal ? link->fatal : one->fatal;
		link->nonfatal = link->nonfatal ? link->nonfatal : one->nonfatal;
		link->fatal_count += one->fatal_count;
		link->nonfatal_count += one->nonfatal_count;
		if (!one->has_corrected || one->corrected.rise <= 0.0)
			continue;
		link->corrected = link->corrected ? link->corrected : one->corrected.now;
		link->corrected_per_minute +=
			one->corrected.rise / (one->corrected.window_s / 60.0);
	}
}

/* Judges the witnesses of one link; false when it has a fault or could not be told. */
static bool judge_link(const struct machine *machine, const struct witness *witnesses, size_t count,
		       const struct endpoint *endpoint, struct findings *found)
{
	const char *lower = witnesses[count - 1].pci;
	struct link_errors link = { .about = endpoint ? endpoint->about : lower };
	size_t before = found->count;

	link.label = arena_format(found->arena, "link of %s to port %s",
				  endpoint ? endpoint->label : lower + 4, witnesses[0].link + 4);
	sum_up(witnesses, count, &link);
	if (link.corrected && !link.fatal && !link.nonfatal &&
	    !find_budget(machine, witnesses, count, &link.budget)) {
		finding_rests_on(
			findings_add(found, VERDICT_UNKNOWN, link.about,
				     "%s: %.1f corrected errors a minute, but no reference: "
				     "its speed and width are not known",
				     link.label, link.corrected_per_minute),
			link.corrected);
		return false;
	}
	add_finding(&link, found);
	for (size_t i = 0; i < count && found->count == before; i++)
		if (witnesses[i].is_unknown)
			findings_add_unknown(
				found, machine, witnesses[i].unknown,
				witnesses[i].unknown == NODE_UPTIME ? NULL : witnesses[i].pci);
	return found->count == before;
}

static void add_silence(const struct machine *machine, struct findings *found)
{
	const char *reason;

	if (machine_has(machine, PART_BARE_METAL, &reason) == PRESENCE_ABSENT)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "%s", reason)->observed =
			machine->observed;
	else
		findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"the kernel shows no counters of PCIe errors: it is old, or the firmware "
			"keeps them to itself");
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	struct endpoint *endpoints;
	struct witness *witnesses;
	size_t endpoint_count = endpoints_find(machine, found->arena, &endpoints);
	size_t count = find_witnesses(machine, found->arena, &witnesses), first = 0, links = 0;
	bool all_well = true;
	struct finding *finding;

	for (size_t i = 1; i <= count; i++) {
		if (i < count && strcmp(witnesses[i].link, witnesses[first].link) == 0)
			continue;
		links++;
		if (!judge_link(
			    machine, witnesses + first, i - first,
			    find_endpoint(endpoints, endpoint_count, witnesses + first, i - first),
			    found))
			all_well = false;
		first = i;
	}
	if (links == 0 || (machine->by[NODE_PCI_AER_FATAL].count == 0 &&
			   machine->by[NODE_PCI_AER_NONFATAL].count == 0)) {
		if (all_well)
			add_silence(machine, found);
		return;
	}
	if (!all_well)
		return;
	finding =
		findings_add(found, VERDICT_PASS, NULL,
			     "no uncorrected PCIe errors on %zu links, corrected ones within a bit "
			     "error rate of 1e-12",
			     links);
	for (size_t i = 0; i < count; i++)
		finding_rests_on(finding,
				 machine_find(machine, NODE_PCI_AER_FATAL, witnesses[i].pci));
}

CHECK(pcie_errors) = {
	.title = "PCIe links report no errors",
	.since = "0.1",
	.needs = "node.pci.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
