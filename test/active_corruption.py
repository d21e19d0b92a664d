#!/usr/bin/python3
"""`assay test corruption`: the processors of this machine for real, GPUs that stand-ins play. What
computes wrongly is named, what cannot be compared never passes, and nothing is left running."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ['tools', 'test']
import machines
import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
DEADLINE_S = 120
# What keeps the stand-in quick: few multiprocessors, little memory.
SMALL = 'gpu * cuda_memory 4\ngpu * multiprocessors 2\n'


class Stand:
    """A folder with one machine, of four GPUs: enough for pairs that are well and others that are not."""

    def __init__(self, kind='gb200x4'):
        self.folder = tempfile.TemporaryDirectory(
            prefix='assay-', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None
        )
        self.path = pathlib.Path(self.folder.name)
        self.machine = machines.healthy(kind)
        self.scenario = machines.Stage(self.path / 'root').show(self.machine)
        self.healthy = self.scenario.read_text(encoding='utf-8')

    def start(self, faults, *arguments):
        self.scenario.write_text(f'{self.healthy}{SMALL}{faults}', encoding='utf-8')
        return subprocess.Popen(
            [ASSAY, 'test', 'corruption', '--root', str(self.path / 'root'), '--format=json', '--timeout=30000']
            + ['--consent=load', *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                'ASSAY_SCENARIO': str(self.scenario),
                'ASSAY_LIBRARY_PATH': VENDOR,
                'ASSAY_SCENARIO_EPOCH': str(time.time()),
            },
        )

    def run(self, faults, *arguments):
        running = self.start(faults, *arguments)
        output, errors = running.communicate(timeout=DEADLINE_S)
        try:
            report = json.loads(output)
        except ValueError:
            raise AssertionError(f'{running.returncode}: {output[:300]} {errors[:300]}') from None
        return running.returncode, report

    def name(self, gpu):
        return f'gpu:{self.machine.gpus[gpu].address}'


def findings(report, check):
    return [
        (finding['verdict'], finding.get('about', '-'), finding['text'])
        for one in report['checkup']['checks']
        if one['name'] == check
        for finding in one['findings']
    ]


def children_of(process):
    tasks = pathlib.Path(f'/proc/{process}/task').glob('*/children')
    return {int(word) for path in tasks for word in path.read_text(encoding='utf-8').split()}


def is_there(process):
    try:
        stat = pathlib.Path(f'/proc/{process}/stat').read_text(encoding='utf-8')
    except OSError:
        return False
    return stat.rsplit(')', 1)[1].split()[0] != 'Z'


@tap.case
def a_machine_that_is_well_passes():
    status, report = Stand().run('', '--duration=30s')
    for check in 'corruption-processor', 'corruption-gpu', 'corruption-paths':
        found = findings(report, check)
        assert [verdict for verdict, *_ in found] == ['pass'], found
    assert status == 0, status


@tap.case
def what_errs_is_named_and_what_does_not_answer_is_unknown():
    stand = Stand()
    status, report = stand.run(
        'gpu 0 copy_peer_flip 77 1 2\n'
        'gpu 1 sm_flip 1 5 4096 1\n'
        'gpu 2 copy_to_flip 4096 16 3\n'
        'gpu 3 call cuLaunchKernel crash\n',
        '--duration=30s',
    )
    assert status == 1
    found = findings(report, 'corruption-gpu')
    fails = [(about, text) for verdict, about, text in found if verdict == 'fail']
    assert {about.rsplit('/', 1)[0] for about, _ in fails} == {f'{stand.name(1)}/sm:1'}, found
    assert all('lanes 5,' in text and 'persistent' in text for _, text in fails), fails
    assert all('operating points alone+all+bursts+copies' in text for _, text in fails), fails
    assert {about for verdict, about, _ in found if verdict == 'unknown'} == {stand.name(3)}, found
    assert not [one for one in found if one[0] == 'pass'], found
    found = findings(report, 'corruption-paths')
    fails = {about for verdict, about, _ in found if verdict == 'fail'}
    wanted = {f'{stand.name(2)}/path:from-host', f'{stand.name(0)}/path:to-{stand.name(1)[4:]}'}
    assert fails == wanted, found
    assert any(verdict == 'unknown' and stand.name(3) in about for verdict, about, _ in found), found


@tap.case
def ctrl_c_leaves_nothing():
    running = Stand().start('', '--duration=60s')
    deadline = time.monotonic() + 20
    while not (children := children_of(running.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    children |= children_of(running.pid)
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=20)
    ends = [test['ended'] for test in json.loads(output)['tests']]
    assert 'stopped' in ends and children, (ends, children)
    deadline = time.monotonic() + 5
    while any(map(is_there, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_there, children)), children


tap.run_at_once(3)
