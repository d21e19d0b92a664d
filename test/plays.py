"""Plays scenarios: a healthy machine, one thing broken, and what the program has to say about it.

What is expected is a line "VERDICT CHECK DEVICE"; `*` stands for any text in check and device, and a
device may be named by its place: gpu:3, gpu:3/block:*, pci:gpu:3, pci:nic:0. Without a device the finding is about the
node. Everything else that fails or warns, and every required check that could not tell and could on
the healthy machine, is a complaint.
"""
import collections
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field

import machines

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
WORKERS = 2
DEADLINE_S = 60
INTERVAL_S = 3
# Memory rather than a disk: thousands of small files.
MEMORY = pathlib.Path('/dev/shm')
NOBODY = 65534
STATUS_OF_GATE = {'pass': 0, 'warn': 0, 'fail': 1}


@dataclass(frozen=True)
class Scenario:
    name: str
    kind: str
    breaks: object = None  # a function that changes the machine
    expected: tuple = ()
    arguments: tuple = ()
    environment: dict = field(default_factory=dict)
    as_nobody: bool = False
    tolerated: tuple = ()  # may be said besides, in the form of `expected`
    later: object = None  # changes the machine between two looks
    not_passed: tuple = ()  # checks that must not say that all is well, whatever they say


@dataclass
class Result:
    """What one scenario showed."""

    missing: list = field(default_factory=list)  # expected and not said
    false: list = field(default_factory=list)  # said and not expected
    broken: list = field(default_factory=list)  # the program itself went wrong

    @property
    def complaints(self):
        return (
            [f'not said: {line}' for line in self.missing]
            + [f'false: {line}' for line in self.false]
            + self.broken
        )


def place_name(machine, name):
    """The device of a short name: the address of the third GPU of gpu:3, of a part of it of gpu:3/link:5."""

    def address(match):
        parts = machine.gpus if match[2] == 'gpu' else machine.nics
        return f'{"pci" if match[1] else "gpu"}:{parts[int(match[3])].address}'

    return re.sub(r'^(pci:)?(gpu|nic):([0-9])(?=$|/)', address, name)


def read_line(machine, line):
    verdict, check, *device = line.split(' ')
    return verdict, check, place_name(machine, device[0]) if device else '-'


def matches(finding, wanted):
    return all(fnmatch.fnmatchcase(said, want) for said, want in zip(finding, wanted))


def findings_of(report):
    """Each (verdict, check, device) that is no pass, and its text; and those of them that matter."""
    said, grave = {}, set()
    for check in report['checks']:
        for finding in check['findings']:
            verdict = finding['verdict']
            key = verdict, check['name'], finding.get('about', '-')
            if verdict in ('fail', 'warn', 'stale') or (verdict == 'unknown' and check['required']):
                grave.add(key)
            if verdict not in ('pass', 'not_applicable'):
                said[key] = finding['text']
    return said, grave


def compare(machine, scenario, report, usual):
    """The Result of what was said against what had to be; `usual` is said of the healthy machine."""
    said, grave = findings_of(report)
    wanted = [read_line(machine, line) for line in scenario.expected]
    allowed = wanted + [read_line(machine, line) for line in scenario.tolerated]
    return Result(
        missing=[' '.join(w) for w in wanted if not any(matches(f, w) for f in said)],
        false=[
            f'{" ".join(finding)}: {said[finding][:200]}'
            for finding in sorted(grave - usual)
            if not any(matches(finding, w) for w in allowed)
        ],
    )


class Player:
    """One folder a kind of machine, which shows one scenario after the other."""

    def __init__(self, folder):
        self.folder = folder
        self.stages = {}
        self.usual = {}  # by kind and profile
        self.slowest = []

    def show(self, machine):
        if machine.kind not in self.stages:
            self.stages[machine.kind] = machines.Stage(self.folder / machine.kind)
        return self.stages[machine.kind].show(machine)

    def run(self, machine, arguments=(), environment=None, as_nobody=False, later=None):
        """The report, and how the program ended."""
        scenario = self.show(machine)
        command = [ASSAY, 'check', *arguments, '--root', str(self.folder / machine.kind), '--format=json']
        if as_nobody and os.geteuid() == 0:
            command = ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups', *command]
        environment = (
            os.environ
            | {'ASSAY_SCENARIO': str(scenario), 'ASSAY_LIBRARY_PATH': VENDOR}
            | (environment or {})
        )
        pipes = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, 'env': environment}
        if not later:
            return subprocess.run(command, timeout=DEADLINE_S, check=False, **pipes)
        with subprocess.Popen([*command, f'--interval={INTERVAL_S}'], **pipes) as running:
            time.sleep(INTERVAL_S / 2)
            later(machine)
            self.show(machine)
            output, errors = running.communicate(timeout=DEADLINE_S)
        return subprocess.CompletedProcess(command, running.returncode, output, errors)

    def healthy(self, scenario):
        """What is said of the machine before it is broken."""
        profile = tuple(word for word in scenario.arguments if word.startswith('--profile='))
        key = scenario.kind, profile
        if key not in self.usual:
            done = self.run(machines.healthy(scenario.kind), profile)
            self.usual[key] = findings_of(json.loads(done.stdout))[1]
        return self.usual[key]

    def play(self, scenario):
        start = time.perf_counter()
        usual = self.healthy(scenario) if scenario.breaks and not scenario.not_passed else set()
        machine = machines.healthy(scenario.kind)
        if scenario.breaks:
            scenario.breaks(machine)
        try:
            done = self.run(machine, scenario.arguments, scenario.environment, scenario.as_nobody, scenario.later)
            report = json.loads(done.stdout)
        except (ValueError, subprocess.TimeoutExpired) as error:
            return Result(missing=list(scenario.expected), broken=[f'{type(error).__name__}: {error}'])
        result = Result() if scenario.not_passed else compare(machine, scenario, report, usual)
        result.false += [
            f'pass {check["name"]}: {check["findings"][0]["text"][:200]}'
            for check in report['checks']
            if check['name'] in scenario.not_passed and check['verdict'] == 'pass'
        ]
        status = STATUS_OF_GATE.get(report['gate'], 2)
        if done.returncode != status:
            result.broken.append(f'ends with {done.returncode} for the gate {report["gate"]}')
        if done.stderr:
            result.broken.append(f'prints {done.stderr.decode("utf-8", "replace")[:300]!r}')
        if not scenario.breaks and report['gate'] == 'fail':
            result.broken.append(f'the gate of a healthy machine is {report["gate"]}')
        self.slowest.append((time.perf_counter() - start, scenario.name))
        return result


def play_all(scenarios):
    """The results, in the order of the scenarios."""
    local = threading.local()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='assay-', dir=memory) as name:
        pathlib.Path(name).chmod(0o755)

        def play(scenario):
            if not hasattr(local, 'player'):
                local.player = Player(pathlib.Path(tempfile.mkdtemp(dir=name)))
                local.player.folder.chmod(0o755)
            return local.player.play(scenario)

        with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
            return list(workers.map(play, scenarios))


def tally(scenarios, results):
    """How many there are; of those with faults how many were detected, and of the harmless ones how many
    went by in silence; and the findings that nobody expects."""
    count = collections.Counter(all=len(scenarios))
    for scenario, result in zip(scenarios, results):
        fault = bool(scenario.expected)
        count['faults' if fault else 'harmless'] += 1
        count['detected'] += fault and not result.missing and not result.broken
        count['quiet'] += not fault and not result.complaints
        count['false'] += len(result.false)
    return count
