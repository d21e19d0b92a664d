/*
 * News from the kernel, without polling: a network link went up or down, a device came or went.
 * Only that something happened is told; what it means is looked up.
 */
#pragma once

#include "host/file.h"

enum host_news {
	HOST_NEWS_LINKS,   /* rtnetlink: links of network interfaces */
	HOST_NEWS_DEVICES, /* uevents: PCI functions, InfiniBand devices, NVMe drives, GPUs */
};

/* A descriptor that becomes readable when there is news, -1 on failure. A machine that is elsewhere
 * has no news: ERROR_UNSUPPORTED. */
int host_watch(const struct host *host, enum host_news news, struct error *err);

/* Reads all that is there, and never waits. True when some of it is of interest here: an
 * interface's link, or a device of a kind that checks look at. News that were lost are of interest.
 */
bool host_watch_read(int descriptor, enum host_news news);

/* The same for one message, for tests. */
bool host_news_matters(enum host_news news, struct span message);
