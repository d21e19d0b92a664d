#!/usr/bin/python3
"""`assay test gpu` on machines that stand-ins play: what is broken is found and named, what cannot be
measured is unknown and never passes, and nothing is left running."""
import fnmatch
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ['tools', 'test']
import actives
import machines
import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
DEADLINE_S = 60
# What keeps the stand-in quick: little memory is really there, and few threads walk through it.
SMALL = 'gpu * cuda_memory 0.0625\ngpu * multiprocessors 1\n'


class Stand:
    """A folder with one machine, all GPUs of which are on NUMA node 0: the one that is here for sure."""

    def __init__(self, kind='h100x8'):
        self.folder = tempfile.TemporaryDirectory(prefix='assay-', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None)
        self.path = pathlib.Path(self.folder.name)
        self.machine = machines.healthy(kind)
        for path in list(self.machine.files):
            if path.endswith('/numa_node'):
                self.machine.files[path] = '0\n'
        self.scenario = machines.Stage(self.path / 'root').show(self.machine)
        self.healthy = self.scenario.read_text(encoding='utf-8')

    def start(self, faults, *arguments, consent=True, library=VENDOR):
        self.scenario.write_text(f'{self.healthy}{SMALL}{faults}', encoding='utf-8')
        command = [ASSAY, 'test', 'gpu', '--root', str(self.path / 'root'), '--format=json', '--timeout=30000', *arguments]
        return subprocess.Popen(
            command + (['--consent=load'] if consent else []),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                'ASSAY_SCENARIO': str(self.scenario),
                'ASSAY_LIBRARY_PATH': library,
                'ASSAY_SCENARIO_EPOCH': str(time.time()),
            },
        )

    def run(self, faults, *arguments, **how):
        running = self.start(faults, *arguments, **how)
        output, errors = running.communicate(timeout=DEADLINE_S)
        try:
            report = json.loads(output)
        except ValueError:
            raise AssertionError(f'{running.returncode}: {output[:300]} {errors[:300]}') from None
        return running.returncode, report

    def name(self, gpu):
        return f'gpu:{self.machine.gpus[gpu].address}'


STAND = Stand()


def said(report):
    """(verdict, check, device) of each finding, and its text."""
    return {
        (finding['verdict'], check['name'], finding.get('about', '-')): finding['text']
        for check in report['checkup']['checks']
        for finding in check['findings']
    }


def expect(report, *wanted):
    """Each is "VERDICT CHECK DEVICE TEXT", with `*` for any text; of verdicts that are no pass there is no other."""
    found = said(report)
    used = set()
    for line in wanted:
        verdict, check, device, text = line.split(' ', 3)
        fits = [
            key
            for key, value in found.items()
            if key[:2] == (verdict, check) and fnmatch.fnmatchcase(key[2], device) and fnmatch.fnmatchcase(value, f'*{text}*')
        ]
        assert fits, f'{line}\nis not among\n' + '\n'.join(f'{" ".join(k)} {v}' for k, v in found.items())
        used.update(fits)
    others = [f'{" ".join(k)} {v}' for k, v in found.items() if k not in used and k[0] in ('fail', 'warn', 'unknown')]
    assert not others, '\n'.join(others)


def children():
    """Programs of ours that still run below the machine's folder."""
    found = subprocess.run(['ps', '-eo', 'args'], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if str(STAND.path) in line]


@tap.case
def without_consent_a_plan_is_shown_and_nothing_is_loaded():
    status, report = STAND.run('gpu * call cuCtxSetCurrent crash\n', consent=False)
    assert status == 2
    assert '8 GPUs' in json.dumps(report)


@tap.case
def a_healthy_machine_passes():
    status, report = STAND.run('')
    expect(report)
    assert status == 0
    assert {key[1] for key in said(report)} == {'gpu-memory-bandwidth', 'gpu-memory-pattern', 'gpu-host-copy', 'gpu-peer-copy'}


@tap.case
def each_fault_is_found_where_it_is():
    gpus = [STAND.name(i) for i in range(8)]
    status, report = STAND.run(
        'gpu 0 dram_corrected_volatile rate=100/s base=5\n'
        'gpu 1 hbm_gb_per_s 1500\n'
        'gpu 2 pcie_from_gb_per_s 20\n'
        'gpu 3 memory_stuck 0x200009 0xff 1\n'
        'gpu 4 peer 5 12\n'
        'gpu 5 dram_uncorrected_volatile rate=100/s base=0\n'
        'gpu 6 cuda_memory_alias 40960\n'
        'gpu 7 cuda_memory_slow 40960 20\n'
        'gpu 7 no_peer 0\n'
    )
    place = gpus[5].removeprefix('gpu:')
    first, last = (gpus[i].removeprefix('gpu:') for i in (0, 7))
    expect(
        report,
        f'warn gpu-memory-pattern {gpus[0]} corrected memory errors',
        f'fail gpu-memory-bandwidth {gpus[1]}/copy* of the peak',
        f'fail gpu-memory-bandwidth {gpus[1]}/read* of the peak',
        f'fail gpu-host-copy {gpus[2]}/from:numa:0 copies out of the GPU: 19.99 GB/s',
        f'fail gpu-memory-pattern {gpus[3]} words were not what was written',
        f'fail gpu-memory-bandwidth {gpus[3]}/* not what had been sent',
        f'fail gpu-peer-copy {gpus[4]}/to:{place} copies to the other GPU: 12 GB/s',
        f'fail gpu-peer-copy {gpus[4]}/both:{place} copies both ways',
        f'fail gpu-memory-pattern {gpus[5]} uncorrected memory errors',
        f'fail gpu-memory-pattern {gpus[6]} 39.6 GiB are there',
        f'fail gpu-memory-pattern {gpus[7]} 40.0 GiB are there',
        f'fail gpu-peer-copy {gpus[7]}/to:{first} copies go through the host',
        f'fail gpu-peer-copy {gpus[0]}/to:{last} copies go through the host',
    )
    assert status == 1


@tap.case
def a_stuck_bit_is_found_at_its_address_and_what_counts_errors_is_told():
    """3 GiB and 0x1008 bytes into what is tested, behind the 2 MiB that faults are noted in."""
    gpus = [STAND.name(i) for i in range(3)]
    status, report = STAND.run(
        'system gpus 3\n'
        'gpu 0 memory_stuck 0xc0201009 0xff 1\n'
        'gpu 1 dram_uncorrected_volatile -\n'
        'gpu 2 dram_corrected_volatile rate=100/s base=5\n',
        '--duration=10m',
    )
    found = said(report)
    text = '\n'.join(f'{" ".join(key)} {value}' for key, value in found.items())
    stuck = found['fail', 'gpu-memory-pattern', gpus[0]]
    # Memory lies on pages, so half of that byte of an address is 0: the first pattern shows it for sure.
    where = '*words were not*: word at 0x*008 (3072 MiB into what was tested)*bits 000000000000??00'
    assert fnmatch.fnmatchcase(stuck, where), text
    assert ('unknown', 'gpu-memory-pattern', gpus[1]) in found, text
    assert 'corrected memory errors' in found['warn', 'gpu-memory-pattern', gpus[2]], text
    values = {(one['what'], one['device']): one for one in report['measurements']}
    assert values['node.test.gpu.pattern.errors', f'{gpus[1]}/random']['value'] == 0, text
    assert 'value' not in values['node.test.gpu.ecc.uncorrected', gpus[1]], text
    assert status == 1


@tap.case
def what_cannot_be_measured_is_unknown_with_its_reason():
    gpus = [STAND.name(i) for i in range(8)]
    status, report = STAND.run(
        'gpu 0 compute_mode 2\n'
        'gpu 1 memory_used 80700\n'
        'gpu 2 mig 1\ngpu 2 mig_slices 2\n'
        'gpu 3 call cuEventSynchronize stall\n'
        'gpu 4 call cuMemAlloc_v2 crash\n'
        'gpu 5 call cuLaunchKernel error 719\n',
        '--timeout=400',
    )
    found = said(report)
    text = '\n'.join(f'{" ".join(key)} {value}' for key, value in found.items())
    for gpu, reason in (
        (0, 'busy or unavailable'),
        (1, 'its cache'),
        (2, 'MIG mode'),
        (3, f'cuEventSynchronize {gpus[3]}: no answer in time'),
        (4, f'cuMemAlloc_v2 {gpus[4]}: the process ended, signal 11'),
        (5, 'unspecified launch failure'),
    ):
        assert any(key[0] == 'unknown' and key[2].startswith(gpus[gpu]) and reason in value for key, value in found.items()), f'{reason}\n{text}'
    for check in report['checkup']['checks']:
        assert check['verdict'] in ('unknown', 'fail'), text
    assert not [key for key in found if key[0] == 'fail'], text
    assert status == 2
    # The healthy two were measured all the same.
    figures = json.dumps(report)
    assert f'{gpus[6]}/copy.together' in figures and f'{gpus[7]}/copy.together' in figures


@tap.case
def a_gpu_that_others_use_is_loaded_only_when_they_may_feel_it():
    busy = STAND.name(1)
    machine = 'system gpus 3\ngpu 1 process 4711 512\ngpu 1 process 4712 512\ngpu 1 hbm_gb_per_s 1500\n'
    status, report = STAND.run(machine, consent=False)
    assert f'left out: {busy}, which others use' in json.dumps(report['tests'])
    status, report = STAND.run(machine)
    found = said(report)
    text = '\n'.join(f'{" ".join(key)} {value}' for key, value in found.items())
    for check in 'gpu-memory-bandwidth', 'gpu-host-copy', 'gpu-peer-copy', 'gpu-memory-pattern':
        assert 'in use: 2 processes (4711, 4712) compute on it' in found['unknown', check, busy], text
    assert status == 2 and not [key for key in found if key[0] == 'fail'], text
    figures = json.dumps(report['measurements'])
    assert f'{STAND.name(2)}/copy.together' in figures and f'{busy}/copy' not in figures
    status, report = STAND.run(machine, '--consent=destructive', consent=False)
    assert status == 1 and f'{busy}/copy.together' in json.dumps(report['measurements']), report


@tap.case
def a_gpu_that_did_not_answer_is_asked_no_more():
    silent = STAND.name(1)
    status, report = STAND.run('system gpus 3\ngpu 1 call cuEventSynchronize stall\n', '--timeout=400')
    found = said(report)
    text = '\n'.join(f'{" ".join(key)} {value}' for key, value in found.items())
    assert f'cuEventSynchronize {silent}: no answer in time' in found['unknown', 'gpu-memory-bandwidth', silent], text
    for check in 'gpu-host-copy', 'gpu-peer-copy', 'gpu-memory-pattern':
        assert 'did not answer in gpu-memory' in found['unknown', check, silent], text
    assert status == 2
    assert f'{STAND.name(2)}/copy.together' in json.dumps(report)


@tap.case
def a_gpu_that_goes_in_the_middle_is_named_and_the_others_are_measured():
    gone = STAND.name(2)
    status, report = STAND.run('gpu 2 pace 40\ngpu 2 vanish t=1.3\n')
    found = said(report)
    text = '\n'.join(f'{" ".join(key)} {value}' for key, value in found.items())
    assert any(key[0] == 'unknown' and gone in key[2] for key in found), text
    assert status == 2, text
    assert f'{STAND.name(3)}/copy.together' in json.dumps(report)


@tap.case
def without_a_driver_or_with_an_old_one_it_says_so():
    with tempfile.TemporaryDirectory() as empty:
        pathlib.Path(empty, 'libnvidia-ml.so.1').symlink_to(pathlib.Path(VENDOR, 'libnvidia-ml.so.1'))
        status, report = STAND.run('system gpus 1\n', library=empty)
    texts = list(said(report).values())
    assert status == 2 and any('libcuda.so.1' in text for text in texts), texts
    # The counters of memory errors are numbers of the other library.
    ends = {test['name']: test['ended'] for test in report['tests']}
    assert ends == {'gpu-memory': 'failed', 'gpu-copies': 'failed', 'gpu-peers': 'failed', 'gpu-pattern': 'done'}, ends
    reasons = [test['reason'] for test in report['tests'] if 'reason' in test]
    assert len(reasons) == 3 and all("nothing was measured: neither NVIDIA's libcuda.so.1" in one for one in reasons), reasons
    status, report = STAND.run('system gpus 1\nsystem cuda 11040\n')
    texts = list(said(report).values())
    assert status == 2 and any('CUDA 11.4, 12.0 (R525) is needed' in text for text in texts), texts


@tap.case
def an_interrupt_ends_it_with_what_it_has_and_leaves_no_process():
    running = STAND.start('system gpus 2\ngpu * pace 400\n')
    actives.wait_until_heard(running)
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=DEADLINE_S)
    assert running.returncode == 2
    assert 'stopped' in output
    for _ in range(600):
        if not children():
            break
        time.sleep(0.05)
    assert not children(), children()


tap.run()
