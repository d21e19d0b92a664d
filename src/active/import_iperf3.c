#include "active/import.h"
#include "active/network.h"

static bool read(struct span text, const char *file, struct arena *arena,
		 struct sightings *sightings, struct error *err)
{
	struct iperf3_report report;
	const char *task;

	if (!iperf3_read(text, file, arena, &report, err))
		return false;
	if (report.is_udp)
		task = report.is_reverse ? "udp-receive" : "udp-send";
	else
		task = arena_format(arena, "%s:%llu", report.is_reverse ? "receive" : "send",
				    (unsigned long long)report.streams);
	/* Which interface it was, the machine that ran it would know. */
	network_say(sightings, &report, network_device(report.peer, task, arena));
	return true;
}

static const char *const judged_by[] = { "network-bandwidth", "network-loss", "network-retransmits",
					 NULL };

const struct active_importer active_import_iperf3 = {
	.name = "iperf3",
	.checks = judged_by,
	.fits = iperf3_fits,
	.read = read,
};
