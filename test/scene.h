/*
 * Nodes for the tests of checks, written as text:
 *
 *   gpu.count.pci vendor:nvidia 8         measure without "node.", device or - for the node, value
 * or state gpu.pcie.replays gpu:0000:19:00.0 12 @60     seen 60 s after the first look
 *   gpu.temperature gpu:0000:19:00.0 ? nvmlDeviceGetTemperature stalled       unknown, with the
 * reason
 *
 * A line that begins with # is a remark. Texts keep their blanks.
 */
#pragma once

#include "check/check.h"

/* A node without GPUs that is otherwise well known: bare metal x86, one day up. */
extern const char scene_bare[];

/* Eight H100 SXM of 0000:19:00.0, 0000:3b:00.0, …: what tells the model, and nothing else. */
extern const char scene_h100[];

struct scene {
	struct arena arena;
	struct check_input input;
	struct findings found;
};

/* A scene of the texts one after the other (the last is NULL): a line that says something else
 * about the same measure and device as an earlier one, at the same time, replaces it; "-" as the
 * value removes it. A line that cannot be read fails the test. The handbook is the shipped one. */
void scene_make(struct scene *scene, const char *first, ...) __attribute__((sentinel));

/* Runs the check on the scene's only machine, anew each time, and gives the findings. */
const struct findings *scene_judge(struct scene *scene, const char *check);

/* The verdict about the device (NULL: the node); fails the test when there is none, or several. */
enum verdict scene_verdict(struct scene *scene, const char *check, const char *device);

/* The worst verdict of all: fail, unknown, stale, warn, pass, not_applicable. */
enum verdict scene_worst(struct scene *scene, const char *check);

/* The finding about the device; NULL when there is none. Of the last scene_judge or scene_verdict.
 */
const struct finding *scene_finding(const struct scene *scene, const char *device);

void scene_release(struct scene *scene);

#define SCOPED_SCENE(name) struct scene name __attribute__((cleanup(scene_release))) = { 0 }
