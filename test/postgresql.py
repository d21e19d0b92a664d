"""A PostgreSQL of the test's own: data in a temporary folder, a socket in it and nothing else."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import time

NOBODY = 65534
START_S = 30


def program(name):
    """The newest that is installed; None without one."""
    found = sorted(pathlib.Path('/usr/lib/postgresql').glob(f'*/bin/{name}'))
    return str(found[-1]) if found else None


def as_server(words):
    """PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return words
    return ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups', *words]


@contextlib.contextmanager
def server(folder, *settings):
    """Yields the place of an empty database; None when PostgreSQL is not installed."""
    if not program('initdb'):
        yield None
        return
    home = pathlib.Path(folder)
    home.mkdir()
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    data = home / 'data'
    quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, 'cwd': '/'}
    initdb = [program('initdb'), '-D', data, '-U', 'assay', '-A', 'trust', '-N', '--no-locale']
    subprocess.run(as_server([*initdb, '-E', 'UTF8']), check=True, **quiet)
    words = [program('postgres'), '-D', data, '-k', home, '-c', 'listen_addresses=']
    for setting in settings:
        words += ['-c', setting]
    running = subprocess.Popen(as_server(words), **quiet)
    try:
        wait_for(home)
        yield f'postgresql:///postgres?host={home}&user=assay'
    finally:
        running.send_signal(2)
        running.wait()
        shutil.rmtree(home)


def wait_for(home):
    ask = ['psql', '-h', str(home), '-U', 'assay', '-d', 'postgres', '-Atc', 'SELECT 1']
    end = time.monotonic() + START_S
    while subprocess.run(ask, capture_output=True, check=False).returncode != 0:
        if time.monotonic() > end:
            raise RuntimeError('PostgreSQL does not answer')
        time.sleep(0.05)
