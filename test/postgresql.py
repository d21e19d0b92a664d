"""A PostgreSQL of the test's own: data in a temporary folder, a socket in it and nothing else."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import time

NOBODY = 65534
START_S = 120  # a recovery beside other work


def program(name):
    """The newest that is installed; None without one."""
    found = sorted(pathlib.Path('/usr/lib/postgresql').glob(f'*/bin/{name}'))
    return str(found[-1]) if found else None


def as_server(words):
    """PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return words
    return ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups', *words]


QUIET = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, 'cwd': '/'}


def make(home):
    """Data for a server, in a folder that is made."""
    home.mkdir()
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    initdb = [program('initdb'), '-D', home / 'data', '-U', 'assay', '-A', 'trust', '-N', '--no-locale']
    subprocess.run(as_server([*initdb, '-E', 'UTF8']), check=True, **QUIET)


def start(home, *settings):
    """The server, which answers."""
    words = [program('postgres'), '-D', home / 'data', '-k', home, '-c', 'listen_addresses=']
    for setting in settings:
        words += ['-c', setting]
    running = subprocess.Popen(as_server(words), **QUIET)
    try:
        wait_for(home, running)
    except BaseException:
        running.kill()
        running.wait()
        raise
    return running


def place(home):
    return f'postgresql:///postgres?host={home}&user=assay'


def kill(running):
    """Ends every process of the server at once, as a crash does."""
    if running.poll() is not None:
        return
    running.send_signal(signal.SIGSTOP)  # so that it makes no further one
    children = pathlib.Path(f'/proc/{running.pid}/task/{running.pid}/children').read_text(encoding='utf-8').split()
    for process in [str(running.pid), *children]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process), signal.SIGKILL)
    running.wait()
    # One that still stands would keep the next server from starting.
    while any(pathlib.Path(f'/proc/{child}/exe').exists() for child in children):
        time.sleep(0.01)


@contextlib.contextmanager
def server(folder, *settings):
    """Yields the place of an empty database; None when PostgreSQL is not installed."""
    if not program('initdb'):
        yield None
        return
    home = pathlib.Path(folder)
    make(home)
    running = None
    try:
        running = start(home, *settings)
        yield place(home)
    finally:
        if running:
            running.send_signal(signal.SIGINT)
            running.wait()
        shutil.rmtree(home)


def wait_for(home, running):
    ask = ['psql', '-h', str(home), '-U', 'assay', '-d', 'postgres', '-Atc', 'SELECT 1']
    end = time.monotonic() + START_S
    while subprocess.run(ask, capture_output=True, check=False).returncode != 0:
        if running.poll() is not None or time.monotonic() > end:
            raise RuntimeError('PostgreSQL does not answer')
        time.sleep(0.05)
