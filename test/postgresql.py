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
LOG_LINES = 20  # of a server that does not answer


def make(home, *more):
    """Data for a server, in a folder that is made; `more` are words of initdb."""
    home.mkdir()
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    initdb = [program('initdb'), '-D', home / 'data', '-U', 'assay', '-A', 'trust', '-N', '--no-locale']
    subprocess.run(as_server([*initdb, '-E', 'UTF8', *more]), check=True, **QUIET)


def start(home, *settings):
    """The server, which answers."""
    words = [program('postgres'), '-D', home / 'data', '-k', home, '-c', 'listen_addresses=']
    for setting in settings:
        words += ['-c', setting]
    with (home / 'log').open('ab') as log:
        running = subprocess.Popen(as_server(words), **{**QUIET, 'stderr': log})
    try:
        wait_for(home, running)
    except BaseException:
        running.kill()
        running.wait()
        raise
    return running


def place(home):
    return f'postgresql:///postgres?host={home}&user=assay'


def state_of(process):
    """The letter of /proc: R, S, D, T, Z."""
    status = pathlib.Path(f'/proc/{process}/stat').read_text(encoding='utf-8')
    return status.rpartition(')')[2].split()[0]


def kill(running):
    """Ends every process of the server at once, as a crash does."""
    if running.poll() is not None:
        return
    # Stopped, it makes no further one. One that was made behind the list would live on with the
    # shared memory of the data, and the next server would refuse to start.
    running.send_signal(signal.SIGSTOP)
    while state_of(running.pid) not in 'TZ':
        time.sleep(0.001)
    children = pathlib.Path(f'/proc/{running.pid}/task/{running.pid}/children').read_text(encoding='utf-8').split()
    for process in [str(running.pid), *children]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process), signal.SIGKILL)
    running.wait()
    # One that still stands would keep the next server from starting.
    while any(pathlib.Path(f'/proc/{child}/exe').exists() for child in children):
        time.sleep(0.01)


def end(running):
    """Ends the server, which has time to write what it holds; one that is dead already stays so."""
    if running.poll() is None:
        running.send_signal(signal.SIGINT)
    running.wait()


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
            end(running)
        shutil.rmtree(home)


def wait_for(home, running):
    """Until it answers. Behind a crash it first makes every file of its data durable, which takes as
    long as the disk has other work."""
    ask = ['psql', '-h', str(home), '-U', 'assay', '-d', 'postgres', '-Atc', 'SELECT 1']
    end = time.monotonic() + START_S
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            if subprocess.run(ask, capture_output=True, check=False, timeout=START_S).returncode == 0:
                return
        if running.poll() is not None or time.monotonic() > end:
            how = 'answers nothing' if running.returncode is None else f'ended with {running.returncode}'
            said = (home / 'log').read_text(encoding='utf-8', errors='replace').splitlines()
            raise RuntimeError('\n'.join([f'PostgreSQL {how}; its last lines are', *said[-LOG_LINES:]]))
        time.sleep(0.05)
