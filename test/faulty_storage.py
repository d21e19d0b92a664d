#!/usr/bin/python3
"""`assay test storage` on a file system that goes wrong: errors of reading and writing, changed data, delays, no answer.

Root and /dev/fuse are needed. Each folder is served by test/faulty_disk.py, and all mounts are of this process alone.
"""
import errno
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ['tools', 'test']
import faulty_disk
import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
WORK = tempfile.TemporaryDirectory(dir='/dev/shm')
ROOT = pathlib.Path(WORK.name)


class Run:
    """One run on the mounted folder: status, text, and what was seen of it."""

    def __init__(self, disk, duration):
        bundle = f'{disk.path}.json'
        began = time.monotonic()
        done = subprocess.run([ASSAY, 'test', 'storage', '--folder', disk.path, '--consent', 'load', '--duration', duration,
                               '--provider', 'x', '--bundle', bundle], capture_output=True, text=True, timeout=200, check=False)
        self.seconds = time.monotonic() - began
        self.status = done.returncode
        self.out = ' '.join(done.stdout.split())
        self.left = os.listdir(disk.behind)
        self.records = {}
        for record in json.loads(pathlib.Path(bundle).read_text())['records']:
            if record['what'].startswith('node.test.'):
                said = [record[key] for key in ('value', 'state', 'text') if key in record]
                name = record['what'][10:].removeprefix('storage.')
                self.records[name, record['subject']['device'].split(':')[1]] = said[0] if said else None

    def get(self, measure, what):
        return self.records.get((measure, what))


def disk(name):
    for path in ROOT / name, ROOT / f'{name}.behind':
        path.mkdir()
    return faulty_disk.Disk(ROOT / name, ROOT / f'{name}.behind')


@tap.case
def a_write_error_is_told_of_each_test_and_nothing_is_left():
    with disk('write') as faulty:
        faulty.fault = lambda operation, name: errno.EIO if operation == 'write' and name != 'owner' else None
        run = Run(faulty, '120s')
    assert run.status == 1 and not run.left, run.out
    assert run.get('error', 'create') == 'Input/output error'
    assert run.get('error', 'checksum') == 'writing: Input/output error'
    assert 'Input/output error' in run.get('error', 'lay-out.buffered.c8') + run.get('error', 'append'), run.records
    # What was refused is not there for a good reason: no promise was broken, and no lock refused.
    assert run.get('violations', 'append') is None and 'broken' not in run.out and 'lock is refused' not in run.out, run.out
    assert 'could not be tried to the end: counting under the lock: Input/output error' in run.out, run.out
    # What needs no file's content has been measured all the same.
    assert run.get('errors', 'make-one.c32') == 0 and run.get('latency.p50', 'make-one.c32') > 0


@tap.case
def an_fsync_that_fails_and_data_that_changed_are_found():
    with disk('changed') as faulty:
        kinds = {('fsync', 'synced'): errno.EIO, ('read', 'data.000000'): 'corrupt'}
        faulty.fault = lambda operation, name: kinds.get((operation, name))
        run = Run(faulty, '100s')
    assert run.status == 1 and not run.left, run.out
    assert 'FAIL data-intact' in run.out and run.get('corrupt', 'checksum') >= 16, run.out
    assert '100 operations failed, none expected: fsync: Input/output error' in run.out, run.out
    assert run.get('violations', 'rename') == 0 and run.get('violations', 'append') == 0


@tap.case
def a_mount_that_hangs_is_given_up_in_one_line():
    with disk('hanging') as faulty:
        faulty.fault = lambda operation, name: 'hang' if operation in ('statfs', 'mkdir') else None
        run = Run(faulty, '30s')
    assert run.status == 2 and run.seconds < 60 and not run.left, (run.seconds, run.out)
    assert run.get('run', 'storage-files') == 'failed' and 'no answer in time' in run.get('error', 'folder'), run.records


@tap.case
def a_mount_that_answers_nothing_at_all_holds_nobody():
    with disk('silent') as faulty:
        faulty.fault = lambda operation, name: 'hang'
        run = Run(faulty, '30s')
    assert run.status == 2 and run.seconds < 120 and not run.left, (run.seconds, run.out)
    assert run.get('run', 'storage-files') == 'failed' and 'no answer in time' in run.get('error', 'folder'), run.records


@tap.case
def a_mount_that_stops_to_answer_keeps_what_was_seen_and_is_cleaned_once_it_does():
    with disk('stopping') as faulty:
        faulty.fault = lambda operation, name: 'hang' if operation == 'write' and name == 'appended' else None
        run = Run(faulty, '40s')
    assert run.status == 1 and run.seconds < 120, (run.seconds, run.out)
    assert run.get('run', 'storage-honesty') == 'cut' and run.get('violations', 'lock.posix') == 0, run.records
    assert 'could not be removed: removing a file of the test: no answer in time' in run.out, run.out
    assert len(run.left) == 1, run.left
    with faulty_disk.Disk(faulty.path, faulty.behind) as mended:
        again = Run(mended, '3s')
    assert not again.left, again.left


@tap.case
def a_slow_disk_is_cut_and_left_as_it_was():
    with disk('slow') as faulty:
        faulty.fault = lambda operation, name: 0.02 if operation == 'write' else None
        run = Run(faulty, '20s')
    assert run.seconds < 60 and not run.left, (run.seconds, run.left)
    assert run.get('run', 'storage-files') in ('done', 'cut') and run.get('type', 'type') == 'fuse'


if __name__ == '__main__':
    if os.environ.get('FAULTY_STORAGE') != 'apart':
        os.environ['FAULTY_STORAGE'] = 'apart'
        os.execvp('unshare', ['unshare', '--mount', '--propagation', 'private', sys.executable, *sys.argv])
    tap.run_at_once(5)
