#!/usr/bin/python3
"""Active tests of AMD's GPUs on a machine that stand-ins play: libamdhip64, libhiprtc and libamd_smi. What is broken is
found and named, and what cannot be tested is unknown with its reason."""
import json
import os
import pathlib
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
GPUS = 3
# Little memory that is really there, and few threads: the stand-in runs each of them.
SMALL = 'gpu * cuda_memory {}\ngpu * multiprocessors 2\ngpu * hbm_gb_per_s 4300\n'
# A machine that others load gets the time that it needs.
ARGUMENTS = ['--consent=load', '--format=json', '--timeout=30000', '--duration=10m']


def test(group, faults='', memory=0.0625, library=VENDOR):
    """The status, {(check, device): {(verdict, text)}} and the records of a run."""
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        machine = machines.keep_gpus(machines.healthy('mi300x8'), GPUS)
        for path in [path for path in machine.files if path.endswith('/numa_node')]:
            # The one that is here for sure.
            machine.files[path] = '0\n'
        root = pathlib.Path(folder, 'root')
        scenario = machines.Stage(root).show(machine)
        scenario.write_text(scenario.read_text(encoding='utf-8') + SMALL.format(memory) + faults, encoding='utf-8')
        done = subprocess.run(
            [ASSAY, 'test', group, f'--root={root}', *ARGUMENTS],
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_S,
            env=os.environ
            | {'ASSAY_SCENARIO': str(scenario), 'ASSAY_LIBRARY_PATH': library, 'ASSAY_SCENARIO_EPOCH': str(time.time())},
        )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    found = {}
    for check in report['checkup']['checks']:
        for finding in check['findings']:
            found.setdefault((check['name'], finding.get('about', '-')), set()).add((finding['verdict'], finding['text']))
    return done.returncode, found, report


def gpu(number):
    return f'gpu:{machines.healthy("mi300x8").gpus[number].address}'


def expect(found, check, device, verdict, words):
    said = found.get((check, device), set())
    assert any(one == verdict and words in text for one, text in said), f'{verdict} {check} {device} {words}\n{found}'


def bad(found):
    return {key for key, said in found.items() if any(verdict in ('fail', 'warn') for verdict, _ in said)}


@tap.case
def bandwidth_copies_and_patterns_are_measured_and_pass():
    status, found, report = test('gpu')
    assert not bad(found), found
    # Of copies between two there is no reference for the model.
    assert status == 2 and {check for check, _ in found if check != 'gpu-peer-copy'} == {
        'gpu-memory-bandwidth',
        'gpu-memory-pattern',
        'gpu-host-copy',
    }
    records = {(one['what'], one['device']): one for one in report['measurements'] if 'value' in one}
    for number in range(GPUS):
        assert records['node.test.gpu.memory.bandwidth', f'{gpu(number)}/copy.together']['value'] > 4e12
        assert records['node.test.gpu.pattern.errors', f'{gpu(number)}/random']['value'] == 0
        assert records['node.test.gpu.ecc.uncorrected', gpu(number)]['value'] == 0
    first, other = gpu(0), gpu(1).removeprefix('gpu:')
    assert records['node.test.gpu.copy.peer', f'{first}/to:{other}']['value'] > 3e11


@tap.case
def each_fault_is_found_where_it_is():
    status, found, _ = test(
        'gpu',
        'gpu 0 memory_stuck 0x200009 0xff 1\ngpu 1 hbm_gb_per_s 2000\ngpu 1 copy_to_flip 64 1 1\ngpu 2 ecc_uncorrectable rate=100/s base=0\n',
    )
    assert status == 1
    expect(found, 'gpu-memory-pattern', gpu(0), 'fail', '008 (0 MiB into what was tested)')
    expect(found, 'gpu-memory-bandwidth', f'{gpu(1)}/copy.together', 'fail', 'of the peak')
    expect(found, 'gpu-host-copy', f'{gpu(1)}/host:numa:0', 'fail', 'not what had been sent')
    expect(found, 'gpu-memory-pattern', gpu(2), 'fail', 'uncorrected memory errors')


@tap.case
def a_compute_unit_that_computes_wrongly_is_named():
    status, found, _ = test('corruption', 'gpu 1 sm_flip 1 5 4096 1\n', memory=4)
    assert status == 1
    assert {device for _, device in bad(found)} == {
        f'{gpu(1)}/sm:1/{kernel}' for kernel in ('integer', 'fma32', 'fma64', 'special', 'shared', 'cache')
    }, bad(found)
    for number in range(GPUS):
        expect(found, 'corruption-gpu', f'{gpu(number)}/mma', 'unknown', "the matrix cores of AMD's GPUs are not tested")


@tap.case
def matrix_products_are_unknown_with_the_reason():
    status, _, report = test('gemm')
    said = [one for one in report['measurements'] if one['what'] == 'node.test.gemm']
    assert status == 2 and {one['device'] for one in said} == {gpu(number) for number in range(GPUS)}, said
    assert all('hipBLASLt' in json.dumps(one) and 'value' not in one for one in said), said


@tap.case
def what_is_in_the_way_is_said_in_one_line():
    for faults, words in (
        ('system hip 50700000\n', 'the library serves HIP 5.7, that of ROCm 6.0 is needed'),
        ('system call hiprtcCompileProgram error 6\n', "loading the kernels 'memory': hiprtcCompileProgram: memory:1:1: error"),
        ('gpu * compute_mode 2\n', 'hipDevicePrimaryCtxRetain'),
        ('gpu * call hipMalloc error 2\n', 'hipMalloc'),
    ):
        status, found, _ = test('gpu', faults)
        assert status == 2, (faults, found)
        assert any(words in text for said in found.values() for _, text in said), f'{words}\n{found}'
    with tempfile.TemporaryDirectory() as part:
        for name in 'libamd_smi.so.26', 'libamdhip64.so.6':
            pathlib.Path(part, name).symlink_to(pathlib.Path(VENDOR, name))
        status, found, _ = test('gpu', library=part)
    assert status == 2 and any('libhiprtc.so' in text for said in found.values() for _, text in said), found


tap.run_at_once(2)
