#!/usr/bin/python3
"""`assay test gemm` on machines that the stand-ins play: what is well, what is wrong, what is missing."""
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
DEADLINE_S = 60
# Little memory that is really there, and few threads: the stand-in runs each of them.
GPUS = 4
SMALL = f'machine h100x8\nsystem gpus {GPUS}\ngpu * cuda_memory 0.125\ngpu * multiprocessors 1\n'
FIXED = 'bf16:8192x8192x8192'


class Field:
    """A machine in a temporary folder, one for all tests."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.root = self.path / 'root'
        machines.keep_gpus(machines.healthy('h100x8'), GPUS).write(self.root)

    def command(self, group, arguments):
        return [ASSAY, 'test', group, f'--root={self.root}', '--consent=load', '--format=json', '--timeout=30000', *arguments]

    def environment(self, faults, library):
        # Several write at once, so the system chooses the names.
        with tempfile.NamedTemporaryFile('w', dir=self.path, delete=False, encoding='utf-8') as scenario:
            scenario.write(SMALL + faults)
        return os.environ | {'ASSAY_SCENARIO': scenario.name, 'ASSAY_LIBRARY_PATH': str(library)}

    def test(self, faults='', group='gemm', library=VENDOR, arguments=()):
        done = subprocess.run(
            self.command(group, arguments),
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_S,
            env=self.environment(faults, library),
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)


FIELD = Field()


def gpu(number):
    return f'gpu:0000:{machines.BUSES[number]:02x}:00.0'


def values(report, what):
    return {one.get('device'): one for one in report['measurements'] if one['what'] == what}


def verdicts(report, check):
    """What the check says: pairs of verdict and device."""
    said = next(one for one in report['checkup']['checks'] if one['name'] == check)
    return {(one['verdict'], one.get('about')) for one in said['findings']}


@tap.case
def a_healthy_node_passes_and_every_gpu_is_measured():
    status, report = FIELD.test()
    assert status == 0, report['checkup']
    speeds = values(report, 'node.test.gemm')
    for number in range(GPUS):
        for shape in FIXED, 'fp8:8192x8192x8192':
            assert speeds[f'{gpu(number)}/{shape}']['value'] > 7e14
        assert values(report, 'node.test.gemm.exact')[f'{gpu(number)}/bf16']['value'] == 0
    for check in 'gemm-throughput', 'gemm-spread', 'gemm-exact', 'gemm-vector':
        assert verdicts(report, check) == {('pass', None)}, verdicts(report, check)
    assert values(report, 'node.test.run')['test:gemm']['state'] == 'done'


@tap.case
def a_slow_gpu_and_wrong_bits_are_named():
    status, report = FIELD.test('gpu 3 gemm_tflops_bf16 647\ngpu 1 gemm_flip 300 5 2\ngpu 2 gemm_flip 300 5\n')
    assert status == 1
    assert verdicts(report, 'gemm-spread') == {('fail', f'{gpu(3)}/{FIXED}')}
    assert ('fail', f'{gpu(3)}/{FIXED}') in verdicts(report, 'gemm-throughput')
    spread = values(report, 'node.test.gemm.spread')[f'gpus:all/{FIXED}']['value']
    assert 11 < spread < 13, spread
    wrong = {about for verdict, about in verdicts(report, 'gemm-exact') if verdict == 'fail'}
    # One comes and goes; the other never changes, and only the exact product shows it.
    assert f'{gpu(1)}/{FIXED}' in wrong and f'{gpu(2)}/bf16' in wrong, wrong
    assert all(about.startswith((gpu(1), gpu(2))) for about in wrong), wrong
    fault = values(report, 'node.test.gemm.fault')[f'{gpu(2)}/bf16']['text']
    assert fault.startswith('row 2, column 44: '), fault


@tap.case
def a_format_that_the_model_has_and_the_gpu_has_not_fails():
    status, report = FIELD.test('gpu * compute_capability 8 0\n')
    assert status == 1
    assert ('fail', f'{gpu(0)}/fp8') in verdicts(report, 'gemm-throughput')
    assert f'{gpu(0)}/{FIXED}' in values(report, 'node.test.gemm')
    assert f'{gpu(0)}/fp8:8192x8192x8192' not in values(report, 'node.test.gemm')


@tap.case
def without_the_library_all_is_unknown():
    with tempfile.TemporaryDirectory() as folder:
        for name in 'libcuda.so.1', 'libnvidia-ml.so.1':
            os.symlink(os.path.join(VENDOR, name), os.path.join(folder, name))
        status, report = FIELD.test(library=folder)
    assert status == 2
    assert 'libcublasLt.so.11' in json.dumps(values(report, 'node.test.gemm')[gpu(0)])
    assert {verdict for verdict, _ in verdicts(report, 'gemm-throughput')} == {'unknown'}


@tap.case
def a_library_of_unknown_version_is_not_called():
    status, report = FIELD.test('system cublaslt 140000\n')
    assert status == 2
    assert 'version 140000' in json.dumps(values(report, 'node.test.gemm')[gpu(0)])


@tap.case
def a_gpu_that_hangs_is_named_and_the_others_are_measured():
    status, report = FIELD.test('gpu 2 call cublasLtMatmul stall\n', arguments=['--timeout=1000'])
    assert status == 2
    said = json.dumps(values(report, 'node.test.gemm.exact')[gpu(2)])
    assert f'cublasLtMatmul {gpu(2)}: no answer in time' in said, said
    assert f'{gpu(1)}/{FIXED}' in values(report, 'node.test.gemm')


@tap.case
def the_search_finds_a_shape_for_each_gpu():
    _, report = FIELD.test('gpu * gemm_tflops_bf16 790\n', group='gemm-search')
    found = values(report, 'node.test.gemm.best')
    assert all(any(name.startswith(f'{gpu(number)}/bf16:') for name in found) for number in range(GPUS)), found
    assert verdicts(report, 'gemm-best') == {('pass', None)}, verdicts(report, 'gemm-best')


def has_library(process):
    try:
        return 'libcublasLt' in pathlib.Path(f'/proc/{process}/maps').read_text(encoding='utf-8')
    except OSError:
        return False


def loads_of(process):
    """Children that load a GPU, and not those that only look or watch."""
    listed = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(process)], capture_output=True, text=True, check=False)
    return [child for child in listed.stdout.split() if has_library(child)]


@tap.case
def a_signal_ends_it_and_leaves_no_process():
    with subprocess.Popen(
        FIELD.command('gemm', ['--timeout=30000']),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=FIELD.environment('gpu * call cublasLtMatmul stall\n', VENDOR),
    ) as running:
        until = time.monotonic() + DEADLINE_S
        while len(loads_of(running.pid)) < GPUS and time.monotonic() < until:
            time.sleep(0.05)
        children = loads_of(running.pid)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=DEADLINE_S)
    assert len(children) >= GPUS, children
    report = json.loads(out)
    assert values(report, 'node.test.run')['test:gemm']['state'] == 'stopped'
    assert running.returncode == 2
    left = [child for child in children if os.path.exists(f'/proc/{child}')]
    assert not left, left


tap.run_at_once(3)
