/*
 * Signals that ask a command to end. What they set is the one thing here that is no argument: a
 * signal has none.
 */
#pragma once

#include <stdbool.h>

/* From here on Ctrl-C, SIGTERM and SIGHUP end nothing at once: what dies at once would leave what
 * it has started. A second one changes nothing. A SIGHUP that is ignored, as under nohup, stays so.
 */
void interrupts_catch(void);

/* Whether one came; `context` is for who hands this on as a callback, and is not looked at. */
bool interrupted(void *context);
