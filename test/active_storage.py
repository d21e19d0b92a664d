#!/usr/bin/python3
"""`assay test storage` on small file systems: healthy, full, read-only, without fio, interrupted, with hostile names.

What changes mounts runs in a mount namespace of its own, so it needs root, as the machine that builds has.
"""
import itertools
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ['tools', 'test']
import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
WORK = tempfile.TemporaryDirectory(dir='/dev/shm')
ROOT = pathlib.Path(WORK.name)
NUMBERS = itertools.count()
# What is no program is not found: the one way to hide it from a fixed PATH.
HIDE_FIO = 'mount --bind /dev/null "$(command -v fio)"'


def words(folders, *arguments, consent='load', bundle='/dev/null'):
    given = [ASSAY, 'test', 'storage', '--provider', 'x', '--bundle', bundle, *arguments]
    for folder in folders:
        given += ['--folder', folder]
    return [*given, '--consent', consent] if consent else given


def hidden(command, before):
    """The command in a mount namespace of its own, after a script of the shell."""
    line = before + '\nexec ' + ' '.join(shlex.quote(str(word)) for word in command)
    return ['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', line]


class Run:
    """What a run said: status, text, and its records by measure and what of a folder."""

    def __init__(self, folders, *arguments, consent='load', before=''):
        """`before` is a script of a shell in a mount namespace of its own."""
        bundle = ROOT / f'bundle{next(NUMBERS)}.json'
        command = words(folders, *arguments, consent=consent, bundle=bundle)
        if before:
            command = hidden(command, before)
        done = subprocess.run(command, capture_output=True, timeout=100, check=False)
        self.status = done.returncode
        self.out, self.err = (text.decode(errors='replace') for text in (done.stdout, done.stderr))
        self.records, self.settled = {}, set()
        for record in json.loads(bundle.read_text())['records'] if bundle.exists() else []:
            self.settled.add(record['what'])
            if record['what'].startswith('node.test.'):
                device = record['subject']['device'].split(':', 2)
                said = [record[key] for key in ('value', 'state', 'text') if key in record]
                name = record['what'][10:].removeprefix('storage.')
                self.records[name, device[1]] = said[0] if said else None
                self.records[name, device[1], device[-1]] = said[0] if said else None
                self.records[name, device[1], 'why'] = record.get('unknown', '')

    def get(self, measure, what, place=None):
        """Of the last folder when there are several, or of the one that is given."""
        return self.records.get((measure, what, str(place)) if place else (measure, what))


def folder(name):
    path = ROOT / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def left_in(path):
    return [entry.name for entry in path.iterdir()]


def mount(path, size):
    return f'mount -t tmpfs -o size={size} none {shlex.quote(str(path))}'


@tap.case
def without_consent_it_says_what_it_would_do():
    place = folder('plan')
    run = Run([place], consent=None)
    assert run.status == 2 and str(place) in run.out and 'at most 10 %' in run.out, run.out
    assert not left_in(place)


@tap.case
def a_healthy_folder_is_measured_and_left_as_it_was():
    place = folder('well')
    (place / 'mine').write_text('mine')
    run = Run([place], '--duration', '7s')
    assert left_in(place) == ['mine'], left_in(place)
    assert run.status in (0, 2), run.out
    assert run.get('type', 'type') == 'tmpfs'
    assert run.get('run', 'storage-throughput') in ('done', 'cut'), run.out
    if run.get('run', 'storage-throughput') == 'done':  # else the machine was too busy
        way = 'direct' if run.get('direct', 'direct') == 'taken' else 'buffered'
        assert run.get('bandwidth', f'sequential-read.{way}.c8') > 0
        assert run.get('tool', 'fio').startswith('fio-3.')
    if run.get('run', 'storage-throughput') == 'cut':
        return  # what was not finished is told as such
    errors = [value for (measure, *_), value in run.records.items() if measure == 'error']
    assert not any(errors), errors


@tap.case
def folders_that_cannot_be_used_are_told_and_the_next_is_tested():
    nothing, locked, other = folder('nothing'), folder('locked'), folder('beside')
    fill = f'{mount(nothing, "1m")}\nhead -c 2m /dev/zero >{shlex.quote(str(nothing))}/filler || true'
    run = Run([nothing, locked, other], before=f'{fill}\n{mount(locked, "64m -o ro")}\n{HIDE_FIO}')
    assert run.status == 2 and run.get('run', 'storage-files') == 'failed', run.out
    assert 'No space left' in run.get('error', 'folder', nothing), run.records
    assert 'Read-only file system' in run.get('error', 'folder', locked), run.records
    assert run.get('errors', 'create', other) == 0 and not left_in(other)


@tap.case
def without_fio_it_says_so_and_the_rest_is_tested():
    place = folder('without')
    run = Run([place], before=HIDE_FIO)
    assert run.get('run', 'storage-throughput') == 'failed'
    assert "no program 'fio'" in run.get('reason', 'storage-throughput')
    for what in 'create', 'stat', 'read', 'list', 'delete', 'make-one.c32':
        assert run.get('errors', what) == 0, (what, run.get('error', what))
        assert run.get('latency.p50', what) <= run.get('latency.p99', what)
    for kind in 'posix', 'open', 'flock':
        assert run.get('rounds', f'lock.{kind}') == 100 and run.get('violations', f'lock.{kind}') == 0
    assert run.get('rounds', 'append') == 1000 and run.get('violations', 'append') == 0
    assert run.get('rounds', 'rename') >= 500 and run.get('violations', 'rename') == 0
    assert run.get('corrupt', 'checksum') == 0 and not left_in(place)
    # What lies in memory has no medium to wait for.
    assert 'lies in memory' in run.out, run.out
    assert 'needs the consent' in run.records['walk', 'walk.cold', 'why']


@tap.case
def a_fio_that_nobody_knows_is_not_believed():
    place, fake = folder('unknown'), ROOT / 'fio'
    for says, status in ('fio-4.0', 0), ('fio-3.33', 1):
        fake.write_text(f'#!/bin/sh\necho "{says}"\nexit {status}\n')
        fake.chmod(0o755)
        # A folder that nothing can be done in, so that the other tests take no time.
        run = Run([place], before=f'{mount(place, "64m -o ro")}\nmount --bind {fake} "$(command -v fio)"')
        assert run.get('run', 'storage-throughput') == 'failed', (says, run.records)
        assert 'only reports of fio-3' in run.get('reason', 'storage-throughput')


# What fio says at once, whatever it is asked: enough written for its files, and as much read.
REPORT = {'fio version': 'fio-3.33', 'jobs': [{'jobname': 'assay', 'error': 0, **{
    way: {'io_bytes': 1 << 30, 'bw_bytes': 1 << 30, 'iops': 1024,
          'clat_ns': {'percentile': {'50.000000': 1000, '90.000000': 2000, '99.000000': 3000}}}
    for way in ('read', 'write')}}]}


@tap.case
def a_lasting_load_too_short_to_compare_is_unknown_and_a_full_file_system_is_refused():
    full, place, fake = folder('full'), folder('lasting'), ROOT / 'quick-fio'
    fake.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo fio-3.33 || echo {shlex.quote(json.dumps(REPORT))}\n')
    fake.chmod(0o755)
    fill = f'{mount(full, "8m")}\nhead -c 6m /dev/zero >{shlex.quote(str(full))}/filler'
    run = Run([full, place], before=f'{fill}\nmount --bind {fake} "$(command -v fio)"')
    assert run.status in (0, 2) and run.get('run', 'storage-throughput') == 'done', run.out
    assert '10 % of what is free' in run.get('error', 'folder', full), run.records
    assert run.get('bandwidth', 'sequential-read.direct.c1', full) is None
    assert run.get('run', 'storage-endurance') == 'done', run.out
    for mix in 'sequential-mix.direct.c8', 'random-mix.direct.c8':
        for part in 'first', 'last', 'worst':
            assert run.get('bandwidth', f'{mix}.{part}', place) == 2 << 30, run.records
        assert 0 < run.get('lasted', mix) < 60 and run.get('fall', mix) is None, run.records
        assert 'nothing to compare' in run.records['fall', mix, 'why']
    assert 'UNKNOWN   storage-endurance' in run.out, run.out
    assert 'storage.endurance' not in run.settled, run.settled


@tap.case
def names_that_mean_something_elsewhere_are_only_names():
    names = ['a b', '$(touch owned)', "quote'\"", 'colon:colon', '--name=x', 'new\nline', 'caf\udce9', 'ü', 'x' * 200]
    places = [folder(name) for name in names]
    run = Run(places, '--duration', '3s')
    assert run.records, run.err
    assert not any(left_in(place) for place in places)
    assert not (ROOT / 'owned').exists() and not pathlib.Path('owned').exists()


def owner_of(left):
    try:
        return (left / 'owner').read_text()
    except OSError:
        return ''


@tap.case
def what_a_killed_run_left_is_removed_and_nothing_else():
    place = folder('killed')
    left = []
    while not left:  # its folder may have come and gone before it is killed
        process = subprocess.Popen(words([place], bundle=ROOT / 'gone.json'), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        while process.poll() is None and not any(map(owner_of, place.iterdir())):
            time.sleep(0.001)
        process.kill()
        process.wait()
        left = left_in(place)
    assert len(left) == 1 and left[0].startswith('.assay-'), left
    (place / '.assay-theirs').mkdir()
    (place / '.assay-link').symlink_to(folder('elsewhere'))
    (folder('elsewhere') / 'owner').write_text((place / left[0] / 'owner').read_text())
    (place / left[0] / 'out').symlink_to(folder('elsewhere'))
    Run([place], '--duration', '2s')
    assert sorted(left_in(place)) == ['.assay-link', '.assay-theirs'], left_in(place)
    assert left_in(folder('elsewhere')) == ['owner']


def descendants(process):
    done = subprocess.run(['ps', '-eo', 'pid=,ppid=,args='], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if f'{ROOT}/interrupted' in line or line.split()[1] == str(process)]


@tap.case
def an_interrupt_leaves_no_file_and_no_process():
    place = folder('interrupted')
    for moment in 0.05, 1.5:
        process = subprocess.Popen(words([place], bundle=ROOT / 'gone.json'), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not left_in(place) and process.poll() is None:
            time.sleep(0.005)
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        assert not left_in(place), (moment, left_in(place))
        assert not descendants(process.pid), descendants(process.pid)


@tap.case
def two_ranks_meet_in_the_folder():
    place = folder('shared')
    commands = []
    for rank in 0, 1:
        given = words([place], '--rank', str(rank), '--ranks', '2', '--meet', 'here:1', bundle=ROOT / f'rank{rank}.json')
        commands.append(subprocess.Popen(hidden(given, HIDE_FIO), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        time.sleep(0.3)
    for process in commands:
        process.wait(timeout=60)
    for rank in 0, 1:
        records = json.loads((ROOT / f'rank{rank}.json').read_text())['records']
        known = {(r['what'], r['subject']['device'].split(':')[1]): r.get('value') for r in records
                 if r['what'].startswith('node.test.storage.')}
        assert known['node.test.storage.violations', 'lock.flock'] == 0, known
        assert known['node.test.storage.corrupt', 'checksum'] == 0, known
        # Neither waits in vain at the end, whoever is there first.
        assert ('node.test.storage.rounds', 'meeting') not in known, known
    assert not left_in(place), left_in(place)


@tap.case
def reports_of_fio_are_judged():
    samples = sorted(pathlib.Path('test/fio').glob('*.[jt]*'))
    assert len(samples) == 5
    broken = ROOT / 'broken.json'
    broken.write_text('{"fio version": "fio-3.33", "jobs": [{"jobname": "x"}]}')
    for path in [*samples, broken]:
        bundle = ROOT / f'bundle{next(NUMBERS)}.json'
        done = subprocess.run([ASSAY, 'test', '--import', path, '--provider', 'x', '--bundle', bundle],
                              capture_output=True, text=True, timeout=100, check=False)
        if path == broken:
            assert done.returncode >= 64 and 'broken.json' in done.stderr and 'error' in done.stderr, done.stderr
            continue
        assert done.returncode in (0, 1, 2) and 'storage-throughput' in done.stdout, (path, done.stdout, done.stderr)
        records = {record['what'] for record in json.loads(bundle.read_text())['records']}
        assert {'node.test.storage.tool', 'node.test.storage.bandwidth', 'node.test.storage.latency.p99'} <= records


if __name__ == '__main__':
    tap.run_at_once(6)
