#include "check/network/run.h"

#include <string.h>

static const char begins[] = "network:";

static bool read_name(const char *device, struct network_run *run)
{
	struct span rest = span_of(device), host, way;

	if (!span_starts(rest, begins) || !span_cut(&rest, '/', &host) ||
	    !span_cut(&rest, ':', &way))
		return false;
	*run = (struct network_run){
		.device = device,
		.host = { host.at + sizeof(begins) - 1, host.length - (sizeof(begins) - 1) },
		.is_reverse = span_is(way, "receive") || span_is(way, "udp-receive"),
		.streams = 1,
	};
	return rest.length == 0 || span_to_u64(rest, &run->streams);
}

bool network_run_next(struct tally *tally, enum measure measure, size_t *at,
		      struct network_run *ret_run)
{
	const struct record *one;

	while ((one = machine_next(tally->machine, measure, at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || !read_name(device, ret_run) || !tally_need(tally, measure, device))
			continue;
		ret_run->record = one;
		return true;
	}
	return false;
}
