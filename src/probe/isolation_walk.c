#include <string.h>

#include "probe/datagram.h"
#include "probe/isolation.h"

enum {
	ATTRIBUTE_NODE = 0x0011,
	HOPS_MAXIMUM = 8, /* more than any tree of today between two nodes */
	SILENT_MAXIMUM = 64,
};

/* A switch that was reached. */
struct stop {
	uint64_t guid, system;
	uint8_t ports, hops, came_by; /* `came_by` leads back */
	uint8_t path[HOPS_MAXIMUM + 2];
};

struct walk {
	struct isolation *isolation;
	struct stop *stops;
	size_t stop_count;
	size_t foreign, own, silent;
	size_t aggregators; /* of switches that were reached */
	size_t far;         /* cables that lead further away than is looked */
	uint64_t *seen;     /* adapters */
	size_t seen_count;
	const char *cut; /* why the walk ended early; NULL: it did not */
};

static bool is_known(const struct walk *walk, uint64_t guid)
{
	for (size_t i = 0; i < walk->stop_count; i++)
		if (walk->stops[i].guid == guid)
			return true;
	for (size_t i = 0; i < walk->seen_count; i++)
		if (walk->seen[i] == guid)
			return true;
	return false;
}

/* Takes in whoever answered at the end of the way, which has the switch before it. */
static void meet(struct walk *walk, const struct stop *way, const struct mad *mad)
{
	const uint8_t *data = mad->data + AT_DATA;
	uint64_t guid = datagram_get(data + 12, 8), system = datagram_get(data + 4, 8);

	if (guid == 0 || is_known(walk, guid))
		return;
	if (walk->stop_count + walk->seen_count == ISOLATION_ENDPOINTS_MAXIMUM) {
		walk->cut = "more devices than are taken in";
		return;
	}
	if (data[2] != KIND_SWITCH) {
		walk->seen[walk->seen_count++] = guid;
		/* The node that reduces (SHARP) is a part of its switch, and nobody's adapter. */
		if (system != 0 && system == way->system)
			walk->aggregators++;
		else if (isolation_meet(walk->isolation, guid))
			walk->foreign++;
		else
			walk->own++;
		return;
	}
	walk->stops[walk->stop_count] = *way;
	walk->stops[walk->stop_count].guid = guid;
	walk->stops[walk->stop_count].system = system;
	walk->stops[walk->stop_count].ports = data[3];
	walk->stops[walk->stop_count].came_by = data[36];
	walk->stop_count++;
}

/* Who is at the end of the way? False when the walk cannot go on. */
static bool ask(struct walk *walk, const struct stop *way, enum reply *ret_reply)
{
	const struct question question = {
		.class = MAD_CLASS_SUBNET_DIRECTED,
		.version = 1,
		.method = MAD_METHOD_GET,
		.attribute = ATTRIBUTE_NODE,
		.lid = MAD_DIRECTED_LID,
		.hops = way->hops,
		.path = way->path,
	};
	struct mad mad;
	enum reply reply = asker_ask(&walk->isolation->asker, &question, &mad);

	*ret_reply = reply;
	if (reply == REPLY_ANSWERED)
		meet(walk, way, &mad);
	else if (reply == REPLY_SILENT && ++walk->silent == SILENT_MAXIMUM)
		walk->cut = "too many ports stayed silent";
	else if (reply == REPLY_SPENT)
		walk->cut = "all questions that were allowed were asked";
	else if (reply == REPLY_BROKEN)
		walk->cut = walk->isolation->asker.err.text;
	return !walk->cut && reply != REPLY_UNUSABLE;
}

/* Is the port in use? A port without a cable would cost the whole wait for an answer. */
static bool is_up(struct walk *walk, const struct stop *stop, unsigned port)
{
	const struct question question = {
		.class = MAD_CLASS_SUBNET_DIRECTED,
		.version = 1,
		.method = MAD_METHOD_GET,
		.attribute = 0x0015,
		.modifier = port,
		.lid = MAD_DIRECTED_LID,
		.hops = stop->hops,
		.path = stop->path,
	};
	struct mad mad;

	return asker_ask(&walk->isolation->asker, &question, &mad) != REPLY_ANSWERED ||
	       (mad.data[AT_DATA + 32] & 15) > 1;
}

static void go_round(struct walk *walk, size_t index)
{
	for (unsigned port = 1; port <= walk->stops[index].ports && !walk->cut; port++) {
		struct stop way = walk->stops[index];
		enum reply reply;

		if (port == way.came_by || !is_up(walk, &way, port))
			continue;
		if (way.hops == HOPS_MAXIMUM) {
			walk->far++;
			continue;
		}
		way.path[++way.hops] = (uint8_t)port;
		if (!ask(walk, &way, &reply))
			return;
	}
}

void isolation_walk(struct isolation *isolation)
{
	struct sightings *sightings = isolation->sightings;
	struct walk walk = {
		.isolation = isolation,
		.stops = ARENA_ARRAY(isolation->arena, struct stop, ISOLATION_ENDPOINTS_MAXIMUM),
		.seen = ARENA_ARRAY(isolation->arena, uint64_t, ISOLATION_ENDPOINTS_MAXIMUM),
	};
	struct stop first = { .hops = 1, .path = { 0, (uint8_t)isolation->request->door->port } };
	enum reply reply;

	if (ask(&walk, &first, &reply))
		for (size_t i = 0; i < walk.stop_count && !walk.cut; i++)
			go_round(&walk, i);
	isolation_say(isolation, "isolation:walk", reply == REPLY_REFUSED ? REPLY_SILENT : reply,
		      NULL);
	if (reply == REPLY_UNUSABLE)
		return;
	if (!walk.cut && walk.far > 0)
		walk.cut = arena_format(isolation->arena,
					"%zu cables lead further away than %d cables", walk.far,
					HOPS_MAXIMUM);
	if (walk.cut)
		(void)saw_unknown(sightings, NODE_ISOLATION_COUNT, "isolation:unseen", "%s",
				  walk.cut);
	(void)saw_value(sightings, NODE_ISOLATION_COUNT, "isolation:own", (double)walk.own);
	(void)saw_value(sightings, NODE_ISOLATION_COUNT, "isolation:foreign", (double)walk.foreign);
	(void)saw_value(sightings, NODE_ISOLATION_COUNT, "isolation:switches",
			(double)walk.stop_count);
	(void)saw_value(sightings, NODE_ISOLATION_COUNT, "isolation:silent", (double)walk.silent);
	(void)saw_value(sightings, NODE_ISOLATION_COUNT, "isolation:aggregators",
			(double)walk.aggregators);
}
