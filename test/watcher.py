"""An agent that runs, for those who test or measure it: start, ask, listen, end."""
import atexit
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import machines

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
PATIENCE_S = 15


class Agent:
    """`settings` are those of the file; `before` is put before the command, as `unshare -n`."""

    def __init__(self, folder, *arguments, before=(), environment=None, **settings):
        self.folder = pathlib.Path(folder)
        self.config = self.folder / 'assay.yaml'
        self.settings = {'port': 0, 'history': str(self.folder / 'history.db')} | settings
        self.write_config()
        self.lines = []  # (when it was read, line)
        self.news = threading.Condition()
        command = [*before, ASSAY, 'agent', '--config', str(self.config), *arguments]
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, env=os.environ | (environment or {}), text=True
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def write_config(self):
        lines = [f'  {key}: {value}\n' for key, value in self.settings.items()]
        self.config.write_text('agent:\n' + ''.join(lines), encoding='utf-8')

    def _read(self):
        for line in self.process.stderr:
            with self.news:
                self.lines.append((time.monotonic(), line.rstrip('\n')))
                self.news.notify_all()
        with self.news:
            self.lines.append((time.monotonic(), '(ended)'))
            self.news.notify_all()

    def wait_for(self, pattern, patience_s=PATIENCE_S, after=0):
        """The first line with the pattern, and when it came; AssertionError when none comes."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + patience_s
        with self.news:
            while True:
                for when, line in self.lines[after:]:
                    if wanted.search(line):
                        return when, line
                left = deadline - time.monotonic()
                if left <= 0 or (self.lines and self.lines[-1][1] == '(ended)'):
                    said = '\n'.join(line for _, line in self.lines[-20:])
                    raise AssertionError(f'{pattern!r} was not said:\n{said}')
                self.news.wait(left)

    @property
    def port(self):
        _, line = self.wait_for(r'serving http://')
        return int(re.search(r':(\d+)/metrics', line)[1])

    def get(self, path):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request('GET', path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode('utf-8')

    def metrics(self):
        """Values by name with labels."""
        status, text = self.get('/metrics')
        assert status == 200, status
        pairs = (line.rsplit(' ', 1) for line in text.splitlines() if not line.startswith('#'))
        return {name: float(value) for name, value in pairs}

    def findings(self):
        status, text = self.get('/findings')
        assert status == 200, status
        return json.loads(text)

    def until(self, name, holds, patience_s=PATIENCE_S):
        """Asks for the metric until its value is what is wanted; returns it."""
        deadline = time.monotonic() + patience_s
        while True:
            value = self.metrics().get(f'assay_agent_{name}')
            if value is not None and holds(value):
                return value
            assert time.monotonic() < deadline, f'{name} stays {value}'
            time.sleep(0.05)

    def ready(self):
        self.until('last_full_look_seconds', lambda value: value > 0)
        return self

    def children(self):
        path = pathlib.Path(f'/proc/{self.process.pid}/task/{self.process.pid}/children')
        return [int(word) for word in path.read_text(encoding='utf-8').split()]

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE_S)
        self.reader.join(PATIENCE_S)
        return status


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp(prefix='assay-agent-')
    try:
        yield pathlib.Path(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def agent(*arguments, **settings):
    with folder() as place:
        one = Agent(place, *arguments, **settings)
        try:
            yield one
        finally:
            if one.process.poll() is None:
                one.process.kill()
                one.process.wait()


def may_mount():
    """None when this process may mount in a namespace of its own, else why not."""
    done = subprocess.run(
        ['unshare', '-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], capture_output=True, text=True, check=False
    )
    return None if done.returncode == 0 else f'no mounts: {done.stderr.strip()}'


def may_log():
    """None when the kernel takes lines of user space, else why not."""
    try:
        with open('/dev/kmsg', 'w', encoding='ascii') as log:
            log.write('assay: a test begins\n')
    except OSError as error:
        return f'no line for the kernel\'s log: {error}'
    return None


def say_to_kernel(text):
    """One line into the kernel's log, as user space; when it was written."""
    with open('/dev/kmsg', 'w', encoding='ascii', buffering=1) as log:
        log.write(f'<3>{text}\n')
        return time.monotonic()


def invented_gpu():
    """An address that no other test and no machine has, as PCI and as the driver writes it."""
    address = f'{random.randrange(0x1000, 0xffff):04x}:{random.randrange(256):02x}:{random.randrange(32):02x}'
    return f'gpu:{address}.0', f'PCI:{address}'


def xid(pci):
    return f'NVRM: Xid ({pci}): 79, pid=4711, name=python3, GPU has fallen off the bus.'


class Node:
    """This machine with the /sys of one with eight GPUs, for a command put into it by `before`."""

    roots = {}  # by kind: many files, written once and into memory

    def __init__(self, place, kind='h100x8', scenario=()):
        machine = machines.healthy(kind)
        machine.scenario.extend(scenario)
        if kind not in self.roots:
            memory = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
            self.roots[kind] = pathlib.Path(tempfile.mkdtemp(prefix='assay-agent-', dir=memory))
            atexit.register(shutil.rmtree, self.roots[kind], ignore_errors=True)
            machine.write(self.roots[kind] / 'root')
        self.root = self.roots[kind] / 'root'
        file = pathlib.Path(place) / 'scenario'
        file.write_text('\n'.join(machine.scenario) + '\n', encoding='utf-8')
        self.environment = {'ASSAY_SCENARIO': str(file), 'ASSAY_LIBRARY_PATH': VENDOR}

    def before(self, more=''):
        script = f'mount --bind {self.root}/sys /sys && {more or "true"} && exec "$0" "$@"'
        return ['unshare', '-m', 'sh', '-c', script]
