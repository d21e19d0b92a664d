#include <stdlib.h>
#include <string.h>

#include "evidence/measure.h"
#include "fabric/hosts.h"
#include "fabric/naming.h"

enum {
	FACTS_FIRST = 64,
};

static const char *copy(struct arena *arena, const char *text)
{
	return text && text[0] != '\0' ? arena_string(arena, span_of(text)) : "";
}

bool host_facts_add(struct host_facts *facts, const struct host_fact *fact, struct error *err)
{
	size_t length = fact->host ? strlen(fact->host) : 0;
	struct host_fact *kept;

	if (length == 0 || length > HOST_NAME_MAXIMUM)
		return fail(err, ERROR_INVALID, "a host's name of %zu bytes; it has 1 to %d",
			    length, HOST_NAME_MAXIMUM);
	if (facts->count >= HOST_FACTS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "more than %d adapters of hosts", HOST_FACTS_MAXIMUM);
	if (facts->count == facts->room) {
		uint32_t room = facts->room > 0 ? facts->room * 2 : FACTS_FIRST;
		struct host_fact *larger = ARENA_ARRAY(facts->arena, struct host_fact, room);

		if (facts->count > 0)
			memcpy(larger, facts->items, facts->count * sizeof(*larger));
		facts->items = larger;
		facts->room = room;
	}
	kept = &facts->items[facts->count];
	*kept = *fact;
	/* What one source says of a host comes together, and shares the name. */
	kept->host = facts->count > 0 && strcmp(kept[-1].host, fact->host) == 0
			     ? kept[-1].host
			     : copy(facts->arena, fact->host);
	kept->adapter.device = copy(facts->arena, fact->adapter.device);
	kept->adapter.pci = copy(facts->arena, fact->adapter.pci);
	kept->adapter.node = GRAPH_NONE;
	kept->adapter.rail = HOST_RAIL_UNKNOWN;
	kept->domain = fact->domain ? copy(facts->arena, fact->domain) : NULL;
	kept->domain_why = fact->domain_why ? copy(facts->arena, fact->domain_why) : NULL;
	facts->count++;
	return true;
}

/* The records that matter here, and what they are about. */
struct told {
	const struct record *record;
	const char *host, *device;
	size_t device_length; /* without the port of "rdma:mlx5_0/1" */
	enum measure measure;
};

static const enum measure of_interest[] = {
	NODE_RDMA_NODE_GUID, NODE_RDMA_SYSTEM_GUID,  NODE_RDMA_PORT_GUID,     NODE_RDMA_PCI,
	NODE_RDMA_LAYER,     NODE_GPU_FABRIC_CLIQUE, NODE_GPU_FABRIC_CLUSTER, NODE_RDMA_COUNTER,
};

/* "rdma:mlx5_0/1/link_downed": of all counters the one that matters here. */
static bool is_count_of_downs(const char *device)
{
	static const char tail[] = "/link_downed";
	size_t length = strlen(device);

	return length > strlen(tail) && strcmp(device + length - strlen(tail), tail) == 0;
}

static bool is_of_interest(const struct record *record, struct told *told)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE], *slash;

	if (!record->subject.parts[SUBJECT_NODE] || !device ||
	    (record->says != SAYS_STATE && record->says != SAYS_VALUE))
		return false;
	for (size_t i = 0; i < sizeof(of_interest) / sizeof(of_interest[0]); i++) {
		if (strcmp(record->what, measures[of_interest[i]].name) != 0 ||
		    (of_interest[i] == NODE_RDMA_COUNTER && !is_count_of_downs(device)))
			continue;
		slash = strchr(device, '/');
		*told = (struct told){
			.record = record,
			.host = record->subject.parts[SUBJECT_NODE],
			.device = device,
			.device_length = slash ? (size_t)(slash - device) : strlen(device),
			.measure = of_interest[i],
		};
		return true;
	}
	return false;
}

static int compare_devices(const struct told *a, const struct told *b)
{
	return span_compare((struct span){ a->device, a->device_length },
			    (struct span){ b->device, b->device_length });
}

/* By host, device and measure, the newest first. */
static int compare_told(const void *left, const void *right)
{
	const struct told *a = left, *b = right;
	int order = strcmp(a->host, b->host);

	order = order != 0 ? order : compare_devices(a, b);
	order = order != 0 ? order : (int)a->measure - (int)b->measure;
	/* The ports of one adapter: the first stands for it. */
	order = order != 0 ? order : strcmp(a->device, b->device);
	if (order != 0)
		return order;
	if (a->record->observed != b->record->observed)
		return a->record->observed > b->record->observed ? -1 : 1;
	if (a->record->time != b->record->time)
		return a->record->time > b->record->time ? -1 : 1;
	return strcmp(a->record->id, b->record->id);
}

static void take_adapter_word(struct fabric_adapter *adapter, const struct told *told)
{
	struct span text = span_of(told->record->text);
	const char *colon;

	if (told->measure == NODE_RDMA_NODE_GUID) {
		(void)guid_parse(text, &adapter->node_guid);
	} else if (told->measure == NODE_RDMA_SYSTEM_GUID) {
		(void)guid_parse(text, &adapter->system_guid);
	} else if (told->measure == NODE_RDMA_PORT_GUID) {
		(void)guid_parse(text, &adapter->port_guid);
	} else if (told->measure == NODE_RDMA_LAYER) {
		adapter->is_ethernet = span_is(text, "ethernet");
	} else if (told->measure == NODE_RDMA_PCI) {
		colon = strchr(told->record->text, ':');
		adapter->pci = colon ? colon + 1 : told->record->text;
	}
}

/* Two ports that count leave open which of them a link is. */
static void take_downs(struct fabric_adapter *adapter, const struct told *told, size_t count)
{
	const char *port = NULL;

	for (size_t i = 0; i < count; i++) {
		if (told[i].measure != NODE_RDMA_COUNTER || !(told[i].record->value >= 0) ||
		    told[i].record->value >= (double)UINT64_MAX)
			continue;
		if (port && strcmp(port, told[i].device) != 0) {
			adapter->has_downs = false;
			return;
		}
		if (!port)
			adapter->downs = (uint64_t)told[i].record->value;
		adapter->has_downs = true;
		port = told[i].device;
	}
}

/* The records told[first .. last) are about one adapter. */
static bool add_adapter(struct host_facts *facts, const struct told *told, size_t count,
			struct error *err)
{
	struct host_fact fact = { .host = told->host, .naming = HOST_NAMED_BY_EVIDENCE };
	const char *name = memchr(told->device, ':', told->device_length);
	SCOPED_ARENA(scratch);

	if (!name)
		return true;
	name++;
	fact.adapter.device = arena_string(
		&scratch,
		(struct span){ name, told->device_length - (size_t)(name - told->device) });
	for (size_t i = 0; i < count; i++)
		if (i == 0 || told[i].measure != told[i - 1].measure)
			take_adapter_word(&fact.adapter, &told[i]);
	take_downs(&fact.adapter, told, count);
	return host_facts_add(facts, &fact, err);
}

/* What the GPUs of one host say of their NVLink domain. */
struct domain_words {
	const char *cluster, *gpu; /* of the first that is in one */
	double clique;
	bool has_clique;
	const char *why;
};

static void take_gpu(struct domain_words *words, const struct told *told, size_t count,
		     struct arena *arena)
{
	const char *cluster = NULL;
	double clique = 0;
	bool has_clique = false;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && told[i].measure == told[i - 1].measure)
			continue;
		if (told[i].measure == NODE_GPU_FABRIC_CLUSTER) {
			cluster = told[i].record->text;
		} else if (told[i].measure == NODE_GPU_FABRIC_CLIQUE) {
			clique = told[i].record->value;
			has_clique = true;
		}
	}
	if (!cluster)
		return;
	if (!words->cluster) {
		*words = (struct domain_words){ cluster, told->device, clique, has_clique, NULL };
		return;
	}
	if (strcmp(cluster, words->cluster) == 0 && has_clique == words->has_clique &&
	    !(clique < words->clique) && !(clique > words->clique))
		return;
	words->why = arena_format(arena,
				  "%s is in NVLink domain %s, clique %g; %.*s is in %s, clique %g",
				  words->gpu, words->cluster, words->clique,
				  (int)told->device_length, told->device, cluster, clique);
}

static bool add_domain(struct host_facts *facts, const char *host, const struct domain_words *words,
		       struct error *err)
{
	struct host_fact fact = { .host = host, .naming = HOST_NAMED_BY_EVIDENCE, .domain = "" };
	SCOPED_ARENA(scratch);

	if (words->why)
		fact.domain_why = words->why;
	else if (words->cluster && strcmp(words->cluster, "none") != 0 && !words->has_clique)
		fact.domain_why = "its GPUs tell their NVLink domain and no clique";
	else if (words->cluster && strcmp(words->cluster, "none") != 0)
		fact.domain = arena_format(&scratch, "%s.%g", words->cluster, words->clique);
	return host_facts_add(facts, &fact, err);
}

/* The records told[0 .. count) are about one host. */
static bool add_host(struct host_facts *facts, const struct told *told, size_t count,
		     struct error *err)
{
	struct domain_words words = { 0 };
	SCOPED_ARENA(scratch);

	for (size_t first = 0, last; first < count; first = last) {
		for (last = first + 1; last < count; last++)
			if (compare_devices(&told[first], &told[last]) != 0)
				break;
		if (strncmp(told[first].device, "gpu:", 4) == 0)
			take_gpu(&words, &told[first], last - first, &scratch);
		else if (!add_adapter(facts, &told[first], last - first, err))
			return false;
	}
	return add_domain(facts, told->host, &words, err);
}

bool host_facts_add_evidence(struct host_facts *facts, const struct evidence_set *set,
			     struct error *err)
{
	SCOPED_ARENA(scratch);
	struct told *told = ARENA_ARRAY(&scratch, struct told, set->count);
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += is_of_interest(&set->records[i], &told[count]);
	if (count > 0)
		qsort(told, count, sizeof(*told), compare_told);
	for (size_t first = 0, last; first < count; first = last) {
		for (last = first + 1; last < count; last++)
			if (strcmp(told[first].host, told[last].host) != 0)
				break;
		if (!add_host(facts, &told[first], last - first, err))
			return false;
	}
	return true;
}
