/*
 * The GPUs of scene_h100 by name, and lines that say the same of all eight.
 */
#pragma once

#define GPU0 "gpu:0000:19:00.0"
#define GPU1 "gpu:0000:3b:00.0"
#define GPU2 "gpu:0000:4c:00.0"
#define GPU3 "gpu:0000:5d:00.0"
#define GPU4 "gpu:0000:9b:00.0"
#define GPU5 "gpu:0000:bb:00.0"
#define GPU6 "gpu:0000:cb:00.0"
#define GPU7 "gpu:0000:db:00.0"

#define SAY(measure, device, value) measure " " device " " value "\n"

#define EIGHT(measure, value)     \
	SAY(measure, GPU0, value) \
	SAY(measure, GPU1, value) \
	SAY(measure, GPU2, value) \
	SAY(measure, GPU3, value) \
	SAY(measure, GPU4, value) \
	SAY(measure, GPU5, value) \
	SAY(measure, GPU6, value) SAY(measure, GPU7, value)
