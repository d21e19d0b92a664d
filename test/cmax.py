#!/usr/bin/python3
"""All ground that ClusterMAX's own tool covers is judged by some check, and no check claims other.

The list of its checks is in the shared folder; without it, what the program says of itself
is still held together.
"""
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path[:0] = ['tools', 'test']
import machines
import shared
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
SHARED = shared.folder()
FACTS = SHARED / 'facts/cmax-checks.tsv' if SHARED else None
PROFILES = 'quick', 'full', 'security'


def assay(*words):
    """What the program prints; a verdict about the machine is no failure of it."""
    done = subprocess.run([ASSAY, *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode < 64, done.stderr
    return done.stdout


def checks_of_a_bare_machine():
    """{name of a check: its line}, from the JSON of all profiles."""
    checks = {}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder, 'root')
        machines.healthy('bare').write(str(root))
        for profile in PROFILES:
            words = ['--root', str(root), '--profile', profile, '--all', '--format', 'json']
            for line in json.loads(assay('check', *words))['checks']:
                checks[line['name']] = line
    return checks


CHECKS = checks_of_a_bare_machine()


def judged():
    """{id: the checks that name it}"""
    found = collections.defaultdict(list)
    for name, line in CHECKS.items():
        for one in line['cmax']:
            found[one].append(name)
    return found


def facts():
    with FACTS.open(encoding='utf-8', newline='') as file:
        return [row['id'] for row in csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE)]


@tap.case
def the_list_and_the_json_name_the_same_checks():
    listed = set()
    for profile in PROFILES:
        listed |= {line.split()[0] for line in assay('check', '--list', '--profile', profile).splitlines()}
    assert listed == set(CHECKS), listed ^ set(CHECKS)
    assert len(listed) > 30, listed


@tap.case
def no_check_names_an_id_twice():
    for name, line in CHECKS.items():
        assert len(set(line['cmax'])) == len(line['cmax']), name


@tap.case
def a_host_without_gpu_fails_nothing_of_its_ground():
    # Those of `security.` are about kernel and host, which a machine without GPUs has as well.
    failed = {name: line['findings'] for name, line in CHECKS.items()
              if line['verdict'] == 'fail'
              and any(not one.startswith('security.') for one in line['cmax'])}
    assert not failed, failed


@tap.case
def every_id_is_judged_by_some_check():
    if FACTS:
        missing = sorted(set(facts()) - set(judged()))
        assert not missing, missing


@tap.case
def no_check_names_an_id_that_is_not_there():
    if FACTS:
        ids = facts()
        assert len(ids) == len(set(ids)) == 61, len(ids)
        strange = {one: names for one, names in judged().items() if one not in ids}
        assert not strange, strange


tap.run()
