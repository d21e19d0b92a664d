#include <stdlib.h>
#include <string.h>

#include "check/tally.h"

/* One provider's definition of a link that flaps: five times in an hour. */
enum {
	FLAPS_OF_AN_HOUR = 5,
};
static const double hour_s = 3600.0;

/* Drivers take a link up, and once or twice down again, while the machine starts: so many changes
 * of the carrier, or downs, are no flap. */
static const double changes_of_start = 3.0;
static const double start_s = 300.0;

static const char flap_action[] =
	"drain; clean and reseat cable and optics at both ends; again: replace them";

static bool is_infiniband_net(const struct machine *machine, const char *net)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_RDMA_NET, &at)))
		if (one->says == SAYS_STATE && strcmp(one->text, net) == 0 &&
		    machine_state_is(machine, NODE_RDMA_LAYER, one->subject.parts[SUBJECT_DEVICE],
				     "infiniband"))
			return true;
	return false;
}

static struct finding *say(struct tally *tally, enum verdict verdict, const char *device,
			   const struct counter_rate *rate, const char *text)
{
	struct finding *finding = tally_say(tally, verdict, device, rate->now, "%s", text);

	finding->bar = "5 times in an hour is a flapping link; one down of InfiniBand stops a "
		       "collective";
	finding->action = flap_action;
	return finding_rests_on(finding, rate->before);
}

/* A counter of which `per_flap` make one down and up. */
static void judge_rate(struct tally *tally, const char *device, const struct counter_rate *rate,
		       double per_flap, bool is_infiniband)
{
	struct arena *arena = tally->found->arena;
	double flaps = rate->rise / per_flap;
	double hours = rate->window_s > hour_s ? rate->window_s / hour_s : 1.0;

	if (rate->since_boot && rate->rise > changes_of_start)
		say(tally, VERDICT_WARN, device, rate,
		    arena_format(arena,
				 "%.0f changes of the link since the start of the machine, at most "
				 "%.0f expected; when is not known",
				 rate->rise, changes_of_start));
	else if (!rate->since_boot && rate->rise > 0.5)
		say(tally,
		    is_infiniband || flaps / hours >= FLAPS_OF_AN_HOUR - 0.5 ? VERDICT_FAIL
									     : VERDICT_WARN,
		    device, rate,
		    arena_format(arena, "%.0f changes of the link in %.0f s, none expected",
				 rate->rise, rate->window_s));
	else
		tally_well(tally, rate->now);
}

static void judge_nets(struct tally *tally, size_t *ret_physical)
{
	const struct record *one;
	size_t at = 0;

	*ret_physical = 0;
	while ((one = machine_next(tally->machine, NODE_NET_KIND, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct counter_rate rate;

		if (!device || one->says != SAYS_STATE || strcmp(one->text, "physical") != 0)
			continue;
		++*ret_physical;
		if (machine_rate(tally->machine, NODE_NET_CARRIER_CHANGES, device, &rate))
			judge_rate(tally, device, &rate, 2.0,
				   is_infiniband_net(tally->machine, device));
		else if (!machine_find(tally->machine, NODE_UPTIME, NULL))
			(void)tally_need(tally, NODE_UPTIME, NULL);
		else
			(void)tally_need(tally, NODE_NET_CARRIER_CHANGES, device);
	}
}

static void judge_downs(struct tally *tally)
{
	static const char name[] = "/link_downed";
	struct arena *arena = tally->found->arena;
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_RDMA_COUNTER, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		size_t length = device ? strlen(device) : 0, tail = sizeof(name) - 1;
		struct counter_rate rate;
		const char *port;

		if (length <= tail || strcmp(device + length - tail, name) != 0 ||
		    !machine_rate(tally->machine, NODE_RDMA_COUNTER, device, &rate))
			continue;
		port = arena_string(arena, (struct span){ device, length - tail });
		judge_rate(tally, port, &rate, 1.0,
			   machine_state_is(tally->machine, NODE_RDMA_LAYER, port, "infiniband"));
	}
}

/* Bytes of either case. */
static bool says_down(const char *text)
{
	static const char *const words[] = { "Link down",        "Link is Down",
					     "Link DOWN",        "link down",
					     "link is down",     "Link is down",
					     "NIC Link is Down", "Cable unplugged",
					     "link status down", "status definitely down" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static int compare_downs(const void *left, const void *right)
{
	const struct record *a = *(const struct record *const *)left;
	const struct record *b = *(const struct record *const *)right;
	const char *x = a->subject.parts[SUBJECT_DEVICE], *y = b->subject.parts[SUBJECT_DEVICE];
	int order = strcmp(x ? x : "", y ? y : "");

	if (order)
		return order;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return strcmp(a->text, b->text);
}

/* The most downs that fall into one hour. */
static size_t most_in_an_hour(const struct record *const *downs, size_t count)
{
	size_t most = 0, first = 0;

	for (size_t i = 0; i < count; i++) {
		while ((double)(downs[i]->time - downs[first]->time) > hour_s)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

static void judge_device(struct tally *tally, const struct record *const *downs, size_t count)
{
	const char *device = downs[0]->subject.parts[SUBJECT_DEVICE];
	size_t most = most_in_an_hour(downs, count);
	struct finding *finding;

	if (most < FLAPS_OF_AN_HOUR)
		return;
	finding = tally_say(tally, VERDICT_FAIL, device, downs[count - 1],
			    "%zu times down within an hour by the kernel log, at most %d expected",
			    most, FLAPS_OF_AN_HOUR - 1);
	finding->bar = "one provider's definition of a flapping link: 5 in an hour";
	finding->action = flap_action;
	finding->clears = "the next start of the kernel";
}

static void judge_log(struct tally *tally)
{
	struct arena *arena = tally->found->arena;
	const struct record **downs =
		ARENA_ARRAY(arena, const struct record *, tally->machine->by[NODE_LOG_LINK].count);
	const struct record *one;
	size_t at = 0, count = 0, first = 0;
	double booted = 0.0;

	(void)machine_value(tally->machine, NODE_BOOTED, NULL, &booted);
	while ((one = machine_next(tally->machine, NODE_LOG_LINK, &at)))
		if (one->says == SAYS_TEXT && says_down(one->text) &&
		    (double)one->time > booted + start_s)
			downs[count++] = one;
	if (count > 0)
		qsort(downs, count, sizeof(struct record *), compare_downs);
	for (size_t i = 1; i <= count; i++) {
		const char *a = downs[first]->subject.parts[SUBJECT_DEVICE], *b;

		b = i < count ? downs[i]->subject.parts[SUBJECT_DEVICE] : NULL;
		if (i < count && strcmp(a ? a : "", b ? b : "") == 0)
			continue;
		judge_device(tally, downs + first, i - first);
		first = i;
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	size_t physical;

	tally_start(&tally, seen, found);
	judge_nets(&tally, &physical);
	judge_downs(&tally);
	judge_log(&tally);
	if (physical == 0 && tally.well == 0 && found->count == tally.before &&
	    seen->machine->by[NODE_NET_KIND].count > 0)
		tally_say(&tally, VERDICT_NOT_APPLICABLE, NULL, NULL,
			  "no physical network interface is seen from here");
	tally_pass(&tally, "%zu counter%s of links: no flap", tally.well, plural(tally.well));
}

CHECK(link_flaps) = {
	.title = "Network links do not flap",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.judge = judge,
};
