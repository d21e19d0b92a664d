/*
 * Telling the service manager that started this process how it is: its protocol of datagrams to
 * the socket that NOTIFY_SOCKET names. Without one nothing is said.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Sends lines like "READY=1". False when nobody listens; never waits. */
bool notify_send(const char *lines);

/* "RELOADING=1" with the time that the manager wants beside it. */
bool notify_reloading(void);

/* How often the manager wants "WATCHDOG=1", in milliseconds; 0 when it does not. Half of it is the
 * pace to keep. */
uint64_t notify_watchdog_ms(void);
