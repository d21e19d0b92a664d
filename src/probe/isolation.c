#include "probe/isolation.h"

#include <string.h>

#include "probe/datagram.h"
#include "probe/look.h"
#include "probe/setting.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ADAPTERS "/sys/class/infiniband"

/* Classes of management and attributes (InfiniBand Architecture Specification, volume 1, 13.4.4,
 * 14.2.5, 15.2.5 and 16; classes from 0x09 on are a vendor's, here as NVIDIA gave them). */
enum {
	CLASS_VENDOR = 0x0a,
	CLASS_AGGREGATION = 0x0b,
	CLASS_NODE_TO_NODE = 0x0c,
	CLASS_CONGESTION = 0x21,
	ATTRIBUTE_CLASS = 0x0001,
	ATTRIBUTE_PORT_COUNTERS = 0x0012,
	ATTRIBUTE_PORT = 0x0015,
	ATTRIBUTE_MANAGER = 0x0020,
	RECORD_NODE = 0x0011,
	RECORD_PORT = 0x0012,
	RECORD_FORWARDING = 0x0015,
	RECORD_PATH = 0x0035,
	RECORD_MULTICAST = 0x0038,
	AT_KEY = AT_DATA,
	AT_PROTECTION = AT_DATA + 34,
	AT_RECORD_SIZE = 44, /* in 8 bytes */
	AT_RECORDS = 56,
	AT_RECORD_KIND = 6,  /* of a node's record */
	AT_RECORD_GUID = 16, /* the same */
	AT_RECORD_NAME = 44, /* the same; 64 bytes */
	NAME_BYTES = 64,
	TRY_MS = 300,
	TRIES = 2,
	TOLD_MAXIMUM = 64, /* hashes */
	NS_PER_S = 1000000000,
};

void isolation_say(struct isolation *isolation, const char *device, enum reply reply,
		   const struct mad *mad)
{
	static const char *const words[] = {
		[REPLY_ANSWERED] = "answered",
		[REPLY_SILENT] = "silent",
		[REPLY_UNUSABLE] = "unusable",
	};
	struct sightings *sightings = isolation->sightings;

	if (reply == REPLY_REFUSED)
		(void)saw_state(
			sightings, NODE_ISOLATION_ANSWER, device,
			arena_format(isolation->arena, "refused 0x%04x", datagram_status(mad)));
	else if (reply == REPLY_BROKEN)
		(void)saw_unknown(sightings, NODE_ISOLATION_ANSWER, device, "%s",
				  isolation->asker.err.text);
	else if (reply == REPLY_SPENT)
		(void)saw_unknown(sightings, NODE_ISOLATION_ANSWER, device,
				  "all %u questions were asked before it", isolation->asker.asked);
	else
		(void)saw_state(sightings, NODE_ISOLATION_ANSWER, device, words[reply]);
}

static bool has(const uint64_t *guids, size_t count, uint64_t guid)
{
	for (size_t i = 0; i < count; i++)
		if (guids[i] == guid)
			return true;
	return false;
}

bool isolation_meet(struct isolation *isolation, uint64_t guid)
{
	if (has(isolation->own, isolation->own_count, guid))
		return false;
	if (isolation->foreign_count < ISOLATION_ENDPOINTS_MAXIMUM &&
	    !has(isolation->foreign, isolation->foreign_count, guid))
		isolation->foreign[isolation->foreign_count++] = guid;
	return true;
}

/* "b83f:d203:00ab:cdef", as the kernel writes it. */
static bool read_guid(struct span text, uint64_t *ret_guid)
{
	uint64_t guid = 0;
	unsigned digits = 0;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == ':')
			continue;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
		guid = guid << 4 | (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
		digits++;
	}
	*ret_guid = guid;
	return digits > 0 && digits <= 16 && guid != 0;
}

bool isolation_read_own(struct span text, const char *file, struct arena *arena,
			const uint64_t **ret_guids, size_t *ret_count, struct error *err)
{
	uint64_t *guids = ARENA_ARRAY(arena, uint64_t, ISOLATION_OWN_MAXIMUM);
	struct span whole, line, word;
	size_t count = 0;

	for (unsigned number = 1; span_cut(&text, '\n', &whole); number++) {
		if (!span_cut(&whole, '#', &line))
			continue;
		while (span_cut(&line, ' ', &word)) {
			word = span_trim(word);
			if (word.length > 0 && word.at[word.length - 1] == '\r')
				word.length--;
			if (word.length == 0)
				continue;
			if (count == ISOLATION_OWN_MAXIMUM)
				return fail(err, ERROR_LIMIT, "%s: more than %d GUIDs", file,
					    ISOLATION_OWN_MAXIMUM);
			if (!span_starts(word, "0x") ||
			    !read_guid((struct span){ word.at + 2, word.length - 2 },
				       &guids[count]))
				return fail(err, ERROR_PARSE,
					    "%s: line %u: '%.*s' is no GUID; write it as "
					    "0xb83fd20300abcdef",
					    file, number,
					    (int)(word.length < 40 ? word.length : 40), word.at);
			count++;
		}
	}
	*ret_guids = guids;
	*ret_count = count;
	return true;
}

static void find_own(struct isolation *isolation)
{
	const struct isolation_request *request = isolation->request;
	const char *const *names;
	size_t count = look_names(request->host, isolation->arena, ADAPTERS, &names);

	isolation->own = ARENA_ARRAY(isolation->arena, uint64_t, count + request->own_count + 2);
	for (size_t i = 0; i < count; i++) {
		struct span text = look_text(
			request->host, isolation->arena,
			arena_format(isolation->arena, ADAPTERS "/%s/node_guid", names[i]));

		if (read_guid(text, &isolation->own[isolation->own_count]))
			isolation->own_count++;
	}
	for (size_t i = 0; i < request->own_count; i++)
		isolation->own[isolation->own_count++] = request->own[i];
}

/* The adapter's own answer: it may be one that the machine does not list. */
static void learn_self(struct isolation *isolation)
{
	static const uint8_t nowhere[1] = { 0 };
	const struct question question = {
		.class = MAD_CLASS_SUBNET_DIRECTED,
		.version = 1,
		.method = MAD_METHOD_GET,
		.attribute = RECORD_NODE,
		.lid = MAD_DIRECTED_LID,
		.path = nowhere,
	};
	struct mad mad;

	if (asker_ask(&isolation->asker, &question, &mad) == REPLY_ANSWERED)
		isolation->own[isolation->own_count++] = datagram_get(mad.data + AT_DATA + 12, 8);
}

/* Doors to subnet management on this machine. */
static void see_doors(struct isolation *isolation)
{
	const struct setting_look look = { isolation->request->host, isolation->sightings,
					   isolation->arena };
	const char *const *names;
	size_t count =
		look_names(isolation->request->host, isolation->arena, "/dev/infiniband", &names);

	for (size_t i = 0; i < count; i++)
		if (strncmp(names[i], "issm", 4) == 0 || strncmp(names[i], "umad", 4) == 0)
			setting_see_file(&look, arena_format(isolation->arena, "/dev/infiniband/%s",
							     names[i]));
	(void)saw_value(isolation->sightings, NODE_ISOLATION_COUNT, "isolation:doors",
			(double)count);
}

/* The management key of a port, as far as it is shown, and how it is guarded. */
static void see_key(struct isolation *isolation, const char *device, uint8_t hops,
		    const uint8_t *path)
{
	const struct question question = {
		.class = MAD_CLASS_SUBNET_DIRECTED,
		.version = 1,
		.method = MAD_METHOD_GET,
		.attribute = ATTRIBUTE_PORT,
		.lid = MAD_DIRECTED_LID,
		.hops = hops,
		.path = path,
	};
	struct mad mad;
	enum reply reply = asker_ask(&isolation->asker, &question, &mad);

	isolation_say(isolation, device, reply, &mad);
	if (reply != REPLY_ANSWERED)
		return;
	/* Whoever reads the key can change the fabric: it is told that it was shown, never which.
	 */
	(void)saw_state(isolation->sightings, NODE_ISOLATION_KEY, device,
			datagram_get(mad.data + AT_KEY, 8) != 0 ? "shown" : "not-shown");
	(void)saw_value(isolation->sightings, NODE_ISOLATION_PROTECTION, device,
			mad.data[AT_PROTECTION] >> 6);
	if (hops > 0)
		isolation->switch_lid = (uint16_t)datagram_get(mad.data + AT_DATA + 16, 2);
}

/* Whether a node's record is of a switch, or of the node by which one reduces (SHARP): those are
 * nobody's own, who is behind them is. */
static bool is_of_switch(const uint8_t *record, size_t size)
{
	struct span name = { (const char *)record + AT_RECORD_NAME, NAME_BYTES };

	return record[AT_RECORD_KIND] == KIND_SWITCH ||
	       (size >= AT_RECORD_NAME + NAME_BYTES && span_contains(name, "Aggregation Node"));
}

/* Records of the answer, and how many of them are of others; only nodes' have a GUID. In an answer
 * of one packet what follows the last record is zero, and so is the LID that a record begins with.
 */
static void count_records(struct isolation *isolation, const char *device, const struct mad *mad,
			  bool are_nodes)
{
	const uint8_t *bytes = mad->table ? mad->table : mad->data;
	size_t length = mad->table ? mad->table_bytes : MAD_BYTES;
	size_t size = (size_t)datagram_get(bytes + AT_RECORD_SIZE, 2) * 8, records = 0, foreign = 0;

	for (size_t at = AT_RECORDS; size > AT_RECORD_GUID + 8 && at + size <= length; at += size) {
		if (!mad->table && datagram_get(bytes + at, 2) == 0)
			break;
		records++;
		if (are_nodes && !is_of_switch(bytes + at, size))
			foreign += isolation_meet(isolation,
						  datagram_get(bytes + at + AT_RECORD_GUID, 8));
	}
	(void)saw_value(isolation->sightings, NODE_ISOLATION_COUNT, device, (double)records);
	if (are_nodes)
		(void)saw_value(isolation->sightings, NODE_ISOLATION_COUNT,
				"isolation:sa-nodes-foreign", (double)foreign);
}

static void ask_administration(struct isolation *isolation)
{
	static const struct {
		const char *device;
		uint16_t attribute;
	} records[] = {
		{ "isolation:sa-nodes", RECORD_NODE },
		{ "isolation:sa-ports", RECORD_PORT },
		{ "isolation:sa-forwarding", RECORD_FORWARDING },
		{ "isolation:sa-paths", RECORD_PATH },
		{ "isolation:sa-multicast", RECORD_MULTICAST },
	};

	for (size_t i = 0; i < COUNT(records); i++) {
		const struct question question = {
			.class = MAD_CLASS_ADMINISTRATION,
			.version = 2,
			.method = MAD_METHOD_GET_TABLE,
			.attribute = records[i].attribute,
			.lid = isolation->request->door->sm_lid,
		};
		struct mad mad;
		enum reply reply;

		if (question.lid == 0) {
			(void)saw_unknown(isolation->sightings, NODE_ISOLATION_ANSWER,
					  records[i].device, "no subnet manager is known");
			continue;
		}
		reply = asker_ask(&isolation->asker, &question, &mad);
		isolation_say(isolation, records[i].device, reply, &mad);
		if (reply == REPLY_ANSWERED)
			count_records(isolation, records[i].device, &mad,
				      records[i].attribute == RECORD_NODE);
	}
}

/* Each class of management is a door of its own. */
static void ask_classes(struct isolation *isolation)
{
	static const struct {
		const char *device;
		uint8_t class, version;
		uint16_t attribute;
		bool of_manager;
	} classes[] = {
		{ "isolation:counters", MAD_CLASS_PERFORMANCE, 1, ATTRIBUTE_PORT_COUNTERS, false },
		{ "isolation:vendor", CLASS_VENDOR, 1, ATTRIBUTE_CLASS, false },
		{ "isolation:congestion", CLASS_CONGESTION, 2, ATTRIBUTE_CLASS, false },
		{ "isolation:node-to-node", CLASS_NODE_TO_NODE, 1, ATTRIBUTE_CLASS, false },
		{ "isolation:aggregation", CLASS_AGGREGATION, 1, ATTRIBUTE_CLASS, false },
		{ "isolation:manager", MAD_CLASS_SUBNET_LID, 1, ATTRIBUTE_MANAGER, true },
	};
	const struct mad_door *door = isolation->request->door;

	for (size_t i = 0; i < COUNT(classes); i++) {
		uint16_t lid = classes[i].of_manager ? door->sm_lid : isolation->switch_lid;
		const struct question question = {
			.class = classes[i].class,
			.version = classes[i].version,
			.method = MAD_METHOD_GET,
			.attribute = classes[i].attribute,
			.lid = lid,
			.data = { 0, 1 },
			.data_at = classes[i].class == MAD_CLASS_PERFORMANCE ? AT_DATA : 0,
		};
		struct mad mad;

		if (lid == 0) {
			(void)saw_unknown(isolation->sightings, NODE_ISOLATION_ANSWER,
					  classes[i].device, "%s",
					  classes[i].of_manager ? "no subnet manager is known"
								: "the LID of no switch is known");
			continue;
		}
		enum reply reply = asker_ask(&isolation->asker, &question, &mad);
		isolation_say(isolation, classes[i].device, reply, &mad);
	}
}

static void tell_foreign(struct isolation *isolation)
{
	for (size_t i = 0; i < isolation->foreign_count && i < TOLD_MAXIMUM; i++) {
		uint8_t bytes[ISOLATION_SALT_BYTES + 8], hash[RECORD_HASH_BYTES];

		memcpy(bytes, isolation->request->salt, ISOLATION_SALT_BYTES);
		for (unsigned k = 0; k < 8; k++)
			bytes[ISOLATION_SALT_BYTES + k] =
				(uint8_t)(isolation->foreign[i] >> 8 * (7 - k));
		hash_bytes((struct span){ (const char *)bytes, sizeof(bytes) }, hash);
		(void)saw_text(
			isolation->sightings, NODE_ISOLATION_FOREIGN, NULL,
			span_of(arena_format(isolation->arena, "%02x%02x%02x%02x%02x%02x", hash[0],
					     hash[1], hash[2], hash[3], hash[4], hash[5])));
	}
}

void isolation_look(const struct isolation_request *request, struct sightings *sightings)
{
	static const uint8_t beside[2] = { 0 };
	SCOPED_ARENA(scratch);
	struct isolation isolation = {
		.request = request,
		.sightings = sightings,
		.arena = &scratch,
	};

	see_doors(&isolation);
	if (!request->door) {
		(void)saw_state(sightings, NODE_ISOLATION_DOOR, NULL, "closed");
		(void)saw_unknown(sightings, NODE_ISOLATION_ANSWER, NULL, "%s", request->why);
		return;
	}
	(void)saw_state(sightings, NODE_ISOLATION_DOOR, NULL, "open");
	isolation.asker = (struct asker){
		.door = request->door,
		.pause_ns = NS_PER_S / (request->per_second ? request->per_second : 1),
		.timeout_ms = TRY_MS,
		.tries = TRIES,
		.left = request->questions,
	};
	isolation.foreign = ARENA_ARRAY(&scratch, uint64_t, ISOLATION_ENDPOINTS_MAXIMUM);
	find_own(&isolation);
	learn_self(&isolation);
	see_key(&isolation, "isolation:own-port", 0, beside);
	see_key(&isolation, "isolation:switch", 1,
		(const uint8_t[]){ 0, (uint8_t)request->door->port });
	ask_administration(&isolation);
	ask_classes(&isolation);
	isolation_walk(&isolation);
	tell_foreign(&isolation);
	(void)saw_value(sightings, NODE_ISOLATION_COUNT, "isolation:questions",
			isolation.asker.asked);
}
