#!/usr/bin/python3
"""The quick profile of `assay test` on a whole machine that stand-ins play: all is done and passes when it is
well, and four faults at once are each named, by the check that they belong to."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ['tools', 'test']
import jsonschema
import machines
import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
SCHEMA = json.loads(pathlib.Path('data/schema/test.v1.json').read_text(encoding='utf-8'))
DEADLINE_S = 600
# Four GPUs, so that the odd one is told from the others; little memory and few threads behind each.
SMALL = 'gpu * cuda_memory 4\ngpu * multiprocessors 2\n'
FAULTS = """
gpu 0 pcie_from_gb_per_s 20
gpu 1 sm_flip 1 5 4096 1
gpu 2 gemm_tflops_bf16 600
gpu 3 nccl_slow 1.5
"""
# An overloaded machine gets the time that it needs: how long a test may take is not what is asked here.
ARGUMENTS = ['--consent=load', '--format=json', '--duration=20m', '--timeout=60000']


def look(faults):
    """The status, the report and the machine."""
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        machine = machines.keep_gpus(machines.healthy('h100x8'), 4)
        for path in [path for path in machine.files if path.endswith('/numa_node')]:
            # The one that is here for sure.
            machine.files[path] = '0\n'
        root = pathlib.Path(folder, 'root')
        scenario = machines.Stage(root).show(machine)
        scenario.write_text(f'{scenario.read_text(encoding="utf-8")}{SMALL}{faults}', encoding='utf-8')
        done = subprocess.run(
            [ASSAY, 'test', f'--root={root}', *ARGUMENTS],
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_S,
            env=os.environ
            | {'ASSAY_SCENARIO': str(scenario), 'ASSAY_LIBRARY_PATH': VENDOR, 'ASSAY_SCENARIO_EPOCH': str(time.time())},
        )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    ends = {one['name']: one['ended'] for one in report['tests']}
    # What was cut on an overloaded machine has measured until then, and tells no lies.
    assert set(ends.values()) <= {'done', 'not-run', 'cut'}, ends
    return done.returncode, report, [f'gpu:{gpu.address}' for gpu in machine.gpus]


def fails(report):
    return {
        (check['name'], finding.get('about', '-')): finding['text']
        for check in report['checkup']['checks']
        for finding in check['findings']
        if finding['verdict'] == 'fail'
    }


@tap.case
def a_healthy_node_passes_the_quick_profile():
    status, report, _ = look('')
    was_cut = any(one['ended'] == 'cut' for one in report['tests'])
    assert status == 0 or was_cut, json.dumps(report['checkup'])
    assert not fails(report), fails(report)
    done = {one['name'] for one in report['tests'] if one['ended'] in ('done', 'cut')}
    assert {'processor-memory', 'gpu-memory', 'gemm', 'gpu-copies', 'gpu-peers', 'gpu-pattern', 'collective'} <= done, done
    assert {'corruption-cpu', 'corruption-gpu', 'corruption-paths'} <= done, done


@tap.case
def four_faults_at_once_are_each_named():
    status, report, gpus = look(FAULTS)
    found = fails(report)
    assert status == 1
    for check, words in (
        ('gpu-host-copy', gpus[0]),
        ('corruption-gpu', f'{gpus[1]}/sm:1'),
        ('gemm-spread', gpus[2]),
        ('collective-slow-rank', 'rank 3'),
    ):
        assert any(name == check and words in f'{about} {text}' for (name, about), text in found.items()), f'{check} {words}\n{found}'


tap.run_at_once(2)
