#include <inttypes.h>
#include <stdio.h>

#include "probe/sweep_parts.h"

void sweep_doubt(struct sweeper *sweeper, const struct sweep_doubt *doubt)
{
	if (sweeper->doubt_count < SWEEP_DOUBTS_MAXIMUM)
		sweeper->doubts[sweeper->doubt_count] = *doubt;
	sweeper->doubt_count++;
	sweeper->graph->is_partial = true;
}

static void note(struct sweeper *sweeper, const struct sweep_doubt *doubt)
{
	static const enum graph_note_kind kinds[] = {
		[DOUBT_SILENT_PORT] = GRAPH_NOTE_NO_ANSWER,
		[DOUBT_UNREAD_PORT] = GRAPH_NOTE_NO_ANSWER,
		[DOUBT_UNNAMED] = GRAPH_NOTE_NO_ANSWER,
		[DOUBT_DUPLICATE] = GRAPH_NOTE_DUPLICATE_GUID,
		[DOUBT_SELF] = GRAPH_NOTE_SELF,
		[DOUBT_RUBBISH] = GRAPH_NOTE_NO_ANSWER,
		[DOUBT_TOO_FAR] = GRAPH_NOTE_CUT,
	};
	static const char *const words[] = {
		[DOUBT_SILENT_PORT] = "something is behind it and does not answer",
		[DOUBT_UNREAD_PORT] = "is not told of",
		[DOUBT_UNNAMED] = "the device does not say its description",
		[DOUBT_DUPLICATE] = "what is behind it has the GUID of another device",
		[DOUBT_SELF] = "the cable leads back into the same port",
		[DOUBT_RUBBISH] = "what is behind it answers with nonsense",
		[DOUBT_TOO_FAR] = "what is behind it is further away than may be asked",
	};
	struct graph *graph = sweeper->graph;
	const struct graph_node *node = &graph->nodes[doubt->device];
	char more[64] = "";

	if (doubt->guid)
		(void)snprintf(more, sizeof(more), ", 0x%016" PRIx64, doubt->guid);
	else if (doubt->status)
		(void)snprintf(more, sizeof(more), ", status 0x%04x", doubt->status);
	graph_note(graph, kinds[doubt->kind], doubt->device,
		   graph_port(graph, doubt->device, doubt->port),
		   "%s 0x%016" PRIx64 " \"%s\" port %u: %s%s",
		   node->kind == GRAPH_SWITCH ? "switch" : "adapter", node->guid, node->description,
		   doubt->port, words[doubt->kind], more);
}

void sweep_tell_doubts(struct sweeper *sweeper)
{
	for (uint32_t i = 0; i < sweeper->doubt_count && i < SWEEP_DOUBTS_MAXIMUM; i++)
		note(sweeper, &sweeper->doubts[i]);
}
