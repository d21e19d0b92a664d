#!/usr/bin/python3
"""What `assay check` and `assay inventory` give other programs can be read by them."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.path[:0] = ['tools', 'test']
import machines
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
STUCK = 'watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [a"<b>&c|\']]>:1234]'


def run(*arguments):
    return subprocess.run([ASSAY, *arguments], capture_output=True, text=True, check=False)


def break_it(machine):
    machine.say(STUCK)


class Roots:
    """Machines in a temporary folder, each made when it is first asked for."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def make(self, name, kind, change=lambda machine: None):
        root = self.path / name
        if not root.exists():
            machine = machines.healthy(kind)
            change(machine)
            machine.write(root)
        return str(root)

    def well(self):
        return self.make('well', 'bare')

    def broken(self):
        return self.make('broken', 'bare', break_it)


ROOTS = Roots()


@tap.case
def junit_is_xml_and_its_counts_are_true():
    done = run('check', '--root', ROOTS.broken(), '--format', 'junit')
    assert done.returncode == 1, done.stderr
    root = xml.etree.ElementTree.fromstring(done.stdout.encode())
    cases = root.findall('testsuite/testcase')
    assert root.tag == 'testsuites' and int(root.get('tests')) == len(cases) > 0
    for kind, count in ('failure', 'failures'), ('error', 'errors'):
        assert int(root.get(count)) == sum(case.find(kind) is not None for case in cases)
        for suite in root:
            assert int(suite.get(count)) == len(suite.findall(f'testcase/{kind}'))
    for suite in root:
        assert int(suite.get('tests')) == len(suite)
        assert int(suite.get('skipped')) == len(suite.findall('testcase/skipped'))
        assert all(case.get('classname') == suite.get('name') for case in suite)
    assert len({case.get('name') for case in cases}) == len(cases)


@tap.case
def junit_keeps_the_words_of_a_log():
    done = run('check', '--root', ROOTS.broken(), '--format', 'junit')
    root = xml.etree.ElementTree.fromstring(done.stdout.encode())
    failures = [f.text for f in root.iter('failure')]
    assert any(STUCK in text for text in failures), failures


@tap.case
def junit_and_json_say_the_same():
    junit = run('check', '--root', ROOTS.broken(), '--format', 'junit').stdout
    document = json.loads(run('check', '--root', ROOTS.broken(), '--format', 'json').stdout)
    root = xml.etree.ElementTree.fromstring(junit.encode())
    words = {'fail': 'failure', 'unknown': 'error', 'stale': 'error', 'warn': 'system-out',
             'not_applicable': 'skipped'}
    told = {case.get('name'): case[0].tag if len(case) else None for case in root.iter('testcase')}
    assert told == {check['name']: words.get(check['verdict']) for check in document['checks']}


LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(rf'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{{{LABEL}(?:,{LABEL})*\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)')


@tap.case
def prometheus_can_read_its_form():
    text = run('check', '--root', ROOTS.broken(), '--format', 'prometheus').stdout
    assert text.endswith('\n')
    typed, seen = [], set()
    for line in text.splitlines():
        if line.startswith('# TYPE '):
            name = line.split()[2]
            assert name not in typed, f'{name} has two types'
            typed.append(name)
        elif not line.startswith('# HELP '):
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match[1] == typed[-1], f'{line} stands with {typed[-1]}'
            assert match[1] + (match[2] or '') not in seen, f'{line} is there twice'
            seen.add(match[1] + (match[2] or ''))
    assert 'assay_gate{node="node7",profile="full",verdict="fail"} 1' in text.splitlines()


@tap.case
def a_plug_in_says_one_line_and_ends_as_it_says():
    words = {0: 'OK', 1: 'WARNING', 2: 'CRITICAL', 3: 'UNKNOWN'}
    for root, expected in (ROOTS.broken(), {2}), (ROOTS.well(), {0, 1, 3}):
        done = run('check', '--root', root, '--format', 'nagios')
        assert done.returncode in expected, done.stdout
        assert done.stdout.startswith(f'ASSAY {words[done.returncode]} - ')
        assert done.stdout.count('\n') == 1 and done.stdout.count('|') == 1


@tap.case
def the_exit_status_is_the_gate():
    statuses = {'pass': 0, 'warn': 0, 'fail': 1, 'unknown': 2}
    for root in ROOTS.broken(), ROOTS.well(), ROOTS.make('h100', 'h100x8'):
        done = run('check', '--root', root, '--format', 'json')
        assert done.returncode == statuses[json.loads(done.stdout)['gate']]


@tap.case
def a_node_whose_files_are_refused_does_not_pass():
    root = ROOTS.path / 'empty'
    (root / 'proc').mkdir(parents=True)
    (root / 'proc/uptime').write_text('60.00 60.00\n', encoding='utf-8')
    done = run('check', '--root', str(root), '--format', 'json')
    assert done.returncode == 2, done.stdout
    assert json.loads(done.stdout)['gate'] == 'unknown'


def facts_of(document):
    """Of an inventory what does not change: without the time and what only a live machine is asked."""
    return {
        (thing['device'], fact['what'], json.dumps(fact, sort_keys=True))
        for section in document['sections'].values()
        for thing in section
        for fact in thing['facts']
        if fact['what'] in ('node.cpu.cache', 'node.numa.distance', 'node.gpu.nic', 'node.gpu.nic.path',
                            'node.pci.parent', 'node.pci.id', 'node.cpu.model')
    }


@tap.case
def a_captured_machine_has_the_same_inventory():
    root, copy = ROOTS.make('h100', 'h100x8'), str(ROOTS.path / 'captured')
    done = run('capture', '--root', root, copy)
    assert done.returncode == 0, done.stderr
    before, after = (json.loads(run('inventory', '--root', at, '--format', 'json').stdout) for at in (root, copy))
    assert facts_of(before)
    assert facts_of(before) == facts_of(after), facts_of(before) ^ facts_of(after)


@tap.case
def a_gpu_is_paired_with_the_adapter_of_its_switch():
    document = json.loads(run('inventory', '--root', ROOTS.make('h100', 'h100x8'), '--format', 'json').stdout)
    pairs = {
        thing['device']: fact['state']
        for thing in document['sections']['gpus']
        for fact in thing['facts']
        if fact['what'] == 'node.gpu.nic'
    }
    expected = {f'gpu:0000:{bus:02x}:00.0': f'rdma:mlx5_{n}' for n, bus in enumerate(machines.BUSES)}
    assert pairs == expected, pairs


tap.run()
