"""Runs `assay test` on a machine of test/machines.py whose libraries are the stand-ins, for tests of what it does
over time: signals in the middle, a scenario that changes, what is left behind."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

import machines

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
MEMORY = pathlib.Path('/dev/shm')
NOBODY = 65534
DEADLINE_S = 120
# Little memory behind a GPU and stand-in time that passes as the real one: cheap, and not too fast.
CHEAP = ['gpu * cuda_memory 0.25', 'gpu * multiprocessors 1', 'gpu * pace 1']


class Shown:
    """Machines that nobody writes to: thousands of small files, made once a kind and number of GPUs."""

    def __init__(self):
        self.lock = threading.Lock()
        self.holders = {}

    def folder(self, machine):
        key = machine.kind, len(machine.gpus)
        with self.lock:
            if key not in self.holders:
                self.holders[key] = new_folder()
                machine.write(pathlib.Path(self.holders[key].name, 'root'))
        return pathlib.Path(self.holders[key].name, 'root')


def new_folder():
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    holder = tempfile.TemporaryDirectory(prefix='assay-', dir=memory)
    pathlib.Path(holder.name).chmod(0o777)
    return holder


SHOWN = Shown()


class Trial:
    """One machine, a temporary folder, and runs of the program there; of its own when it is written to."""

    def __init__(self, kind='h100x8', lines=(), gpus=2, is_written_to=False):
        self.is_written_to = is_written_to
        self.machine = machines.healthy(kind)
        if kind != 'bare':
            machines.keep_gpus(self.machine, gpus)
            self.machine.scenario += [*CHEAP, *lines]
        self.folder = None

    def __enter__(self):
        self.holder = new_folder()
        self.folder = pathlib.Path(self.holder.name)
        if self.is_written_to:
            self.root = self.folder / 'root'
            self.machine.write(self.root)
        else:
            self.root = SHOWN.folder(self.machine)
        self.scenario = self.folder / 'scenario'
        self.scenario.write_text('\n'.join(self.machine.scenario) + '\n', encoding='utf-8')
        return self

    def __exit__(self, *_):
        self.holder.cleanup()

    def gpu(self, number):
        return f'gpu:{self.machine.gpus[number].address}'

    def command(self, arguments, as_nobody):
        command = [ASSAY, 'test', *arguments, '--root', str(self.root)]
        if as_nobody and os.geteuid() == 0:
            command = ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups', *command]
        return command

    def start(self, *arguments, as_nobody=False):
        environment = os.environ | {
            'ASSAY_SCENARIO': str(self.scenario),
            'ASSAY_SCENARIO_EPOCH': repr(time.time()),
            'ASSAY_LIBRARY_PATH': VENDOR,
            # By which the processes of this run are told from those of others.
            'ASSAY_TRIAL': str(self.folder),
        }
        return subprocess.Popen(
            self.command(arguments, as_nobody),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )

    def end(self, running):
        """What it printed, how it ended, and whether anything is left of it."""
        output, errors = running.communicate(timeout=DEADLINE_S)
        return Done(output, errors, running.returncode, self.left())

    def run(self, *arguments, **how):
        return self.end(self.start(*arguments, **how))

    def left(self):
        """Processes of this trial that are still there a moment after its end."""
        for _ in range(20):
            found = self.here()
            if not found:
                break
            time.sleep(0.05)
        return found

    def here(self):
        """Processes of this trial."""
        return [pid for pid in processes() if self.is_ours(pid)]

    def has_opened(self, pid, library):
        """Whether the process has the library in its memory."""
        with contextlib.suppress(OSError):
            return library in pathlib.Path('/proc', pid, 'maps').read_text(encoding='utf-8')
        return False

    def is_ours(self, pid):
        with contextlib.suppress(OSError):
            environment = pathlib.Path('/proc', pid, 'environ').read_bytes()
            state = pathlib.Path('/proc', pid, 'stat').read_text(encoding='utf-8').rsplit(')', 1)[1].split()[0]
            return f'ASSAY_TRIAL={self.folder}\0'.encode() in environment and state != 'Z'
        return False


def processes():
    return [name for name in os.listdir('/proc') if name.isdigit()]


class Done:
    def __init__(self, output, errors, status, left):
        self.output, self.errors, self.status, self.left = output, errors, status, left

    def report(self):
        return json.loads(self.output)

    def __str__(self):
        return f'status {self.status}, left {self.left}\n{self.output[-3000:]}\n{self.errors[-1000:]}'


def test_of(report, name):
    return next(test for test in report['tests'] if test['name'] == name)


def findings_of(report, check):
    """Each (verdict, device) of a check, and its text."""
    found = next(one for one in report['checkup']['checks'] if one['name'] == check)['findings']
    return {(one['verdict'], one.get('about')): one['text'] for one in found}


def wait_until_heard(running, limit_s=60):
    """Until the program listens to Ctrl-C, and the tests begin: before that a signal ends it as any other program."""
    until = time.monotonic() + limit_s
    while running.poll() is None and time.monotonic() < until:
        status = pathlib.Path(f'/proc/{running.pid}/status').read_text(encoding='utf-8')
        caught = next(line.split()[1] for line in status.splitlines() if line.startswith('SigCgt:'))
        if int(caught, 16) >> (signal.SIGINT - 1) & 1:
            return
        time.sleep(0.01)


def interrupt(running):
    with contextlib.suppress(ProcessLookupError):
        running.send_signal(signal.SIGINT)
