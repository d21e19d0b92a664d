/*
 * Runs a command, its output thrown away, and prints the largest memory that one of its processes
 * held, in KiB. A small program of its own: what is counted of a process begins with what the one
 * that started it holds, and an interpreter holds as much as what is measured here.
 *
 * usage: peak COMMAND [ARGUMENT...]
 */
#define _GNU_SOURCE /* wait4 */

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(char **command)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0)
		(void)execv(command[0], command);
	_exit(127);
}

int main(int count, char **words)
{
	struct rusage usage;
	int status;
	pid_t child;

	if (count < 2)
		return 64;
	child = fork();
	if (child == 0)
		run(words + 1);
	if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 127)
		return 1;
	(void)printf("%ld\n", usage.ru_maxrss);
	return 0;
}
