#!/usr/bin/python3
"""Disks that are full or may only be read, under a store of each database: what was acknowledged is there,
nothing is half there, one error says so, and it goes on once there is room.

The small file systems are mounted in a namespace of the program's own and end with it.
"""
import contextlib
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import postgresql
import tap
from stores import LOAD, case, good, psql, refused, run, stats

INSIDE = 'STORE_DISK'
BATCH = 250
OWNER = f'uid={postgresql.NOBODY},gid={postgresql.NOBODY},mode=755' if os.geteuid() == 0 else 'mode=755'


def namespace():
    """How a program gets one: who is no superuser keeps his number, since PostgreSQL refuses that of one."""
    user = [] if os.geteuid() == 0 else ['--user', '--map-current-user', '--keep-caps']
    return ['unshare', *user, '--mount', '--propagation', 'private']


def mount(place, *options):
    subprocess.run(['mount', '-t', 'tmpfs', '-o', ','.join(options), 'none', place], check=True)


@contextlib.contextmanager
def disk(folder, size):
    """A file system of that size."""
    os.chmod(folder, 0o755)
    place = pathlib.Path(folder) / 'small'
    place.mkdir()
    mount(place, f'size={size}', OWNER)
    try:
        yield place
    finally:
        subprocess.run(['umount', '-l', place], check=True)


def change(place, *options):
    mount(place, 'remount', *options)


def fill(where, start=0):
    """Writes until it fails; returns how many entries were acknowledged, and what was said."""
    done = subprocess.run(
        [LOAD, 'write', where, str(start), str(BATCH)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and done.stderr.count('\n') == 1, done
    lines = done.stdout.split('\n')[:-1]
    return int(lines[-1]) if lines else start, done.stderr


def go_on(where, start, batches=3):
    """So many batches more, and the writer ends."""
    with subprocess.Popen([LOAD, 'write', where, str(start), str(BATCH)], stdout=subprocess.PIPE, text=True) as writer:
        for _ in range(batches):
            assert writer.stdout.readline(), 'it does not go on'
        writer.kill()
    return start + batches * BATCH


def entries(where):
    """How many are there, which are whole batches."""
    there = stats(where)['entries']['nodes']
    assert there % BATCH == 0, there
    return there


def is_sound(where, at_least):
    """So many are there, and every one can be read."""
    assert entries(where) >= at_least, (entries(where), at_least)
    assert 'no fault' in good('store', 'verify', '--store', where)


@case
def a_file_on_a_full_disk_takes_nothing(folder):
    with disk(folder, '1500k') as small:
        store = small / 'store.db'
        good('store', 'init', '--store', store)
        acknowledged, said = fill(store)
        assert acknowledged > 0 and 'full' in said, said
        assert entries(store) == acknowledged
        assert fill(store, acknowledged)[0] == acknowledged == entries(store)
        change(small, 'size=8m')
        more = go_on(store, acknowledged)
        is_sound(store, more)


@case
def a_file_on_a_disk_that_is_only_read_is_read(folder):
    with disk(folder, '8m') as small:
        store = small / 'store.db'
        good('store', 'init', '--store', store)
        good('store', 'import', '--store', store, 'data/evidence')
        rate = ['rate', '--format', 'json', '--draws', '0']
        change(small, 'ro')
        assert good(*rate, '--store', store) == good(*rate)
        refused(74, 'may not be written', 'store', 'import', '--store', store, 'data/evidence')
        change(small, 'rw')
        assert ' 0 taken in' in run('store', 'import', '--store', store, 'data/evidence').stderr


def keep_in(folder, small):
    """Tables of the server lie in the small file system from now on, its log does not."""
    psql(folder, '-c', f"CREATE TABLESPACE small LOCATION '{small}'")
    psql(folder, '-c', 'ALTER ROLE assay SET default_tablespace = small')


@case
def a_server_whose_tables_are_on_a_full_disk_takes_nothing(folder):
    with disk(folder, '3m') as small, postgresql.server(pathlib.Path(folder) / 'server') as where:
        assert where, 'PostgreSQL is not installed; tools/prepare names what tests need'
        keep_in(folder, small)
        good('store', 'init', '--store', where)
        acknowledged, said = fill(where)
        assert acknowledged > 0 and 'the disk of the server is full' in said, said
        assert entries(where) == acknowledged
        assert fill(where, acknowledged)[0] == acknowledged == entries(where)
        change(small, 'size=64m')
        is_sound(where, go_on(where, acknowledged))


@case
def a_server_whose_log_is_on_a_full_disk_loses_nothing(folder):
    """It ends then, and recovers once there is room."""
    with disk(folder, '48m') as small:
        home = small / 'server'
        postgresql.make(home, '--wal-segsize=1')
        where = postgresql.place(home)
        running = postgresql.start(home, 'shared_buffers=4MB')
        try:
            good('store', 'init', '--store', where)
            acknowledged, said = fill(where)
            assert acknowledged > 0, said
            assert 'is full' in said or 'connection was lost' in said, said
            change(small, 'size=256m')
            postgresql.end(running)
            running = postgresql.start(home)
            there = entries(where)
            # What was being committed when the server ended may be there or not.
            assert there in (acknowledged, acknowledged + BATCH), (there, acknowledged)
            is_sound(where, go_on(where, there))
        finally:
            postgresql.end(running)


@case
def a_server_on_a_disk_that_is_only_read_comes_again(folder):
    with disk(folder, '64m') as small:
        home = pathlib.Path(folder) / 'server'
        postgresql.make(home)
        where = postgresql.place(home)
        running = postgresql.start(home)
        try:
            keep_in(folder, small)
            good('store', 'init', '--store', where)
            good('store', 'import', '--store', where, 'data/evidence')
            before = stats(where)
            # What the server has open for writing keeps the disk from being changed under it.
            postgresql.end(running)
            change(small, 'ro')
            running = postgresql.start(home)
            rate = ['rate', '--format', 'json', '--draws', '0']
            refused(74, 'Read-only file system', 'store', 'import', '--store', where, 'data/evidence')
            refused(74, 'Read-only file system', *rate, '--store', where)
            change(small, 'rw')
            assert stats(where) == before
            assert good(*rate, '--store', where) == good(*rate)
            assert ' 0 taken in' in run('store', 'import', '--store', where, 'data/evidence').stderr
        finally:
            postgresql.end(running)


if __name__ == '__main__':
    if os.environ.get(INSIDE) != 'apart':
        asked = subprocess.run([*namespace(), 'true'], capture_output=True, text=True, check=False)
        if asked.returncode != 0:
            print(f'1..0 # SKIP no namespace of mounts can be had: {asked.stderr.strip()}')
            sys.exit(0)
        os.environ[INSIDE] = 'apart'
        os.execvp('unshare', [*namespace(), sys.executable, *sys.argv])
    tap.run_at_once(2)
