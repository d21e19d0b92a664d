/* Stand-in for libhiprtc.so.6: what it "compiles" is a name, for the kernels are in the stand-in
 * for libamdhip64 as the C compiler made them. "system call hiprtcCompileProgram error 6" refuses.
 */
#include "cuda_stand_in.h"
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HIPRTC_SUCCESS = 0,
	HIPRTC_INVALID_INPUT = 3,
	HIPRTC_INVALID_OPTION = 5,
	HIPRTC_COMPILATION = 6,
	NAME_SIZE = 64,
};

struct program {
	char name[NAME_SIZE];
	char log[NAME_SIZE * 2];
	bool is_source;
};

int hiprtcCreateProgram(struct program **program, const char *text, const char *name,
			int header_count, const char *const *headers, const char *const *names);
int hiprtcCompileProgram(struct program *program, int count, const char *const *options);
int hiprtcGetCodeSize(struct program *program, size_t *size);
int hiprtcGetCode(struct program *program, char *code);
int hiprtcGetProgramLogSize(struct program *program, size_t *size);
int hiprtcGetProgramLog(struct program *program, char *text);
int hiprtcDestroyProgram(struct program **program);
const char *hiprtcGetErrorString(int status);

int hiprtcCreateProgram(struct program **program, const char *text, const char *name,
			int header_count, const char *const *headers, const char *const *names)
{
	(void)headers;
	(void)names;
	if (!text || !name || header_count != 0)
		return HIPRTC_INVALID_INPUT;
	*program = calloc(1, sizeof(**program));
	if (!*program)
		return HIPRTC_INVALID_INPUT;
	(void)snprintf((*program)->name, NAME_SIZE, "%s", name);
	(*program)->is_source = strstr(text, "__builtin_amdgcn_workitem_id_x") != NULL;
	return HIPRTC_SUCCESS;
}

/* Without a target it is for the device that is current, which there has to be. */
int hiprtcCompileProgram(struct program *program, int count, const char *const *options)
{
	uint32_t status;
	bool has_target = stand_in_gpu() >= 0;

	for (int i = 0; i < count; i++)
		has_target = has_target || strncmp(options[i], "--offload-arch=gfx", 18) == 0;
	if (!has_target)
		return HIPRTC_INVALID_OPTION;
	if (stand_in_may(SCENARIO_SYSTEM, "hiprtcCompileProgram", &status) && program->is_source)
		return HIPRTC_SUCCESS;
	(void)snprintf(program->log, sizeof(program->log), "%s:1:1: error: no such thing\n",
		       program->name);
	return HIPRTC_COMPILATION;
}

int hiprtcGetCodeSize(struct program *program, size_t *size)
{
	*size = strlen(STAND_IN_CODE_OBJECT) + strlen(program->name) + 1;
	return HIPRTC_SUCCESS;
}

int hiprtcGetCode(struct program *program, char *code)
{
	const size_t head = strlen(STAND_IN_CODE_OBJECT);

	memcpy(code, STAND_IN_CODE_OBJECT, head);
	memcpy(code + head, program->name, strlen(program->name) + 1);
	return HIPRTC_SUCCESS;
}

int hiprtcGetProgramLogSize(struct program *program, size_t *size)
{
	*size = strlen(program->log) + 1;
	return HIPRTC_SUCCESS;
}

int hiprtcGetProgramLog(struct program *program, char *text)
{
	memcpy(text, program->log, strlen(program->log) + 1);
	return HIPRTC_SUCCESS;
}

int hiprtcDestroyProgram(struct program **program)
{
	free(*program);
	*program = NULL;
	return HIPRTC_SUCCESS;
}

const char *hiprtcGetErrorString(int status)
{
	return status == HIPRTC_SUCCESS ? "HIPRTC_SUCCESS" : "HIPRTC_ERROR";
}
