#!/usr/bin/python3
"""`assay test collective` measures, finds what is broken and names who, on stand-ins that exchange data."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ['tools', 'test']
import machines
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
VENDOR = os.environ.get('ASSAY_VENDOR', 'build/test/vendor')
SAMPLES = pathlib.Path('fuzz/corpus/import_nccl_tests')
TOKEN = 'a-token-of-this-job'
SMALL = """
machine h100x8
system gpus 4
gpu * memory 6
gpu * memory_reserved 0
gpu * cuda_memory 0.25
gpu * multiprocessors 1
system nccl_latency_us 0.2
"""
FOLDER = tempfile.TemporaryDirectory()
HERE = pathlib.Path(FOLDER.name)
ROOT = HERE / 'root'
machines.healthy('h100x8').write(ROOT)


def free_port():
    with socket.socket() as door:
        door.bind(('127.0.0.1', 0))
        return door.getsockname()[1]


def start(name, scenario, *arguments, **environment):
    file = HERE / f'{name}.scenario'
    file.write_text(SMALL + scenario, encoding='utf-8')
    clean = {key: value for key, value in os.environ.items() if not key.startswith(('SLURM_', 'OMPI_', 'PMI_'))}
    return subprocess.Popen(
        [ASSAY, 'test', 'collective', '--root', str(ROOT), '--consent', 'load', '--format', 'json', '--all', '--timeout', '30000',
         '--provider', 'p', '--product', 'q', '--region', 'r', '--cluster', 'c',
         '--bundle', str(HERE / f'{name}.bundle'), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=clean | {'ASSAY_SCENARIO': str(file), 'ASSAY_LIBRARY_PATH': VENDOR} | environment)


class Outcome:
    """What one process found and recorded."""

    def __init__(self, name, process):
        text, self.complaint = process.communicate(timeout=240)
        self.status = process.returncode
        self.report = json.loads(text)
        self.end = self.report['tests'][0]
        bundle = HERE / f'{name}.bundle'
        self.records = json.loads(bundle.read_text(encoding='utf-8'))['records']

        self.reason = ' '.join(r['text'] for r in self.records if r['what'] == 'node.test.reason')

    def findings(self, check):
        return [f for c in self.report['checkup']['checks'] if c['name'] == check for f in c['findings']]

    def verdicts(self, check):
        return {f['verdict'] for f in self.findings(check)}

    def values(self, what):
        return {r['subject'].get('device'): r.get('value', r.get('state'))
                for r in self.records if r['what'] == f'node.test.collective.{what}'}


def run(name, scenario='', *arguments, **environment):
    return Outcome(name, start(name, scenario, *arguments, **environment))


def run_whole(name, scenario, *arguments):
    """The same, once more with more time where the machine is too busy for so little."""
    for seconds in 20, 150:
        done = run(name, scenario, '--duration', f'{seconds}s', *arguments)
        if done.end['ended'] != 'cut':
            break
    return done


def close(a, b, share=1e-4):
    return abs(a - b) <= share * abs(b)


@tap.case
def four_ranks_give_what_the_formula_says_to_the_byte():
    # Enough memory that all of each size is really exchanged.
    done = run_whole('well', 'gpu * cuda_memory 8\n')
    assert done.verdicts('collective-correct') == {'pass'}, done.findings('collective-correct')
    assert done.verdicts('collective-slow-rank') == {'pass'}
    assert done.verdicts('collective-explained') == {'pass'}
    busbw, algbw, took = (done.values(what) for what in ('busbw', 'algbw', 'time'))
    factors = {'all-reduce': 6 / 4, 'all-gather': 3 / 4, 'reduce-scatter': 3 / 4, 'all-to-all': 3 / 4,
               'broadcast': 1, 'send-receive': 1}
    kinds = set()
    for device, seconds in took.items():
        kind, size = device.split(':')[1], int(device.rsplit('/', 1)[1])
        kinds.add(kind)
        assert close(algbw[device], size / seconds), device
        assert close(busbw[device], size / seconds * factors[kind]), device
        rate = 480e9 if kind == 'all-reduce' else 365e9
        assert close(seconds, 0.2e-6 + size * factors[kind] / rate, 2e-3), (device, seconds)
    assert kinds == set(factors)
    checked = done.values('checked')
    assert all(count == 0 for count in done.values('wrong').values())
    for device, count in checked.items():
        kind, size = device.split(':')[1], int(device.rsplit('/', 1)[1])
        assert count == (size / 4 if kind == 'reduce-scatter' else 4 * size / 4), (device, count)


@tap.case
def a_slow_rank_and_one_that_receives_wrong_data_are_named():
    done = run_whole('sick', 'gpu 3 nccl_slow 1.5\ngpu 1 nccl_corrupt 100 1\nsystem nccl_dip 262144 8\n')
    slow = [f for f in done.findings('collective-slow-rank') if f['verdict'] == 'fail']
    assert done.status == 1
    assert len(slow) == 1 and 'rank 3' in slow[0]['text'] and '0000:61:00.0' in slow[0]['text'], slow
    wrong = done.findings('collective-correct')
    assert wrong and all('received by rank 1' in f['text'] for f in wrong if f['verdict'] == 'fail'), wrong
    assert set(r.rsplit('/', 1)[1] for r in done.values('rank.wrong')) == {'rank:1'}
    assert 'warn' in done.verdicts('collective-dips')


@tap.case
def all_ways_are_gone_and_a_slow_adapter_is_named():
    done = run_whole('ways', 'system gpus 3\nsystem nccl_nic_slow mlx5_3 2\n', '--profile', 'weekly')
    ways = {device.split(':')[2].split('/')[0] for device in done.values('busbw')}
    adapters = {way for way in ways if way.startswith('nic-')}
    assert ways - adapters == {'nvlink', 'no-nvls', 'no-nvlink', 'nics'}, (ways, done.end)
    assert 'nic-mlx5_3' in adapters and len(adapters) >= 3, adapters
    rates = {'nvlink': 480e9, 'no-nvls': 365e9, 'no-nvlink': 20e9, 'nics': 45e9}
    for device, seconds in done.values('time').items():
        kind, way = device.split('/')[0].split(':')[1:]
        if kind == 'all-reduce':
            size = int(device.rsplit('/', 1)[1])
            assert close(seconds, 0.2e-6 + size * 4 / 3 / rates[way], 2e-3), (device, seconds)
    assert all(count == 0 for count in done.values('wrong').values())
    slow = [f for f in done.findings('collective-slow-rank') if f['verdict'] == 'fail']
    assert len(slow) == 1 and 'adapter mlx5_3 reaches' in slow[0]['text'], slow


@tap.case
def sizes_of_a_real_machine_are_gone_in_time():
    file = HERE / 'whole.scenario'
    file.write_text('machine h100x8\n', encoding='utf-8')
    process = start('whole', '', '--duration', '40s', ASSAY_SCENARIO=str(file))
    done = Outcome('whole', process)
    assert done.end['ended'] in ('done', 'cut'), done.end
    assert done.verdicts('collective-correct') == {'pass'}, done.findings('collective-correct')


@tap.case
def a_rank_that_hangs_is_found_two_by_two():
    done = run('hang', 'gpu 3 call ncclAllReduce stall\n', '--duration', '30s', '--timeout', '400')
    states = done.values('rank.state')
    assert states == {f'collective:nvlink/rank:{n}': 'hangs' if n == 3 else 'ok' for n in range(4)}, states
    assert done.status == 1
    assert 'rank 3' in done.findings('collective-slow-rank')[0]['text']


@tap.case
def a_rank_that_dies_is_named():
    done = run('dies', 'gpu 2 call ncclReduceScatter crash\n', '--duration', '20s', '--timeout', '400')
    assert done.values('rank.state') == {'collective:nvlink/rank:2': 'died'}
    assert any('all-reduce' in device for device in done.values('busbw')), 'what was measured before is kept'


@tap.case
def an_error_of_the_library_is_named():
    done = run('error', 'gpu 2 nccl_async 6\n', '--duration', '20s')
    assert done.values('rank.state') == {'collective:nvlink/rank:2': 'error'}, done.values('rank.state')
    # The others wait for it in vain, each call of theirs for half a minute if they were let.
    assert done.end['ended'] == 'done', done.end


def job(rank, **more):
    return {'SLURM_JOB_ID': '7', 'SLURM_STEP_ID': '0', 'SLURM_PROCID': str(rank),
            'SLURM_STEP_NUM_TASKS': '2', 'SLURM_LOCALID': '0', 'SLURM_NODEID': str(rank),
            'SLURM_STEP_TASKS_PER_NODE': '1(x2)', 'SLURM_STEP_NODELIST': 'localhost',
            'ASSAY_MEETING_TOKEN': TOKEN} | more


@tap.case
def eight_ranks_meet_as_srun_says():
    meet = f'127.0.0.1:{free_port()}'
    both = [start(f'node{rank}', f'system nccl_node {rank}\n', '--meet', meet, '--node', f'node{rank}',
                  '--duration', '30s', **job(rank)) for rank in (0, 1)]
    first, second = (Outcome(f'node{rank}', process) for rank, process in enumerate(both))
    for done in first, second:
        assert done.values('ranks')['collective:network'] == 8, done.end
        assert done.values('nodes')['collective:network'] == 2
        assert 'fail' not in done.verdicts('collective-correct') and done.values('checked')
    assert first.values('busbw') == second.values('busbw')
    two = [f for f in first.findings('collective-bandwidth') if 'all-reduce' in f.get('device', f['text'])]
    assert {f['verdict'] for f in two} <= {'not_applicable'}, two


def both_on_a_node(name, *nodes):
    """Two processes that srun has started on one node, each shown four of the eight GPUs on its bus."""
    meet = f'127.0.0.1:{free_port()}'
    both = [start(f'{name}{rank}', f'system nccl_node {rank}\n', '--meet', meet, '--node', node, '--duration', '40s',
                  **job(rank, SLURM_LOCALID=str(rank), SLURM_NODEID='0', SLURM_STEP_TASKS_PER_NODE='2'))
            for rank, node in enumerate(nodes)]
    return [Outcome(f'{name}{rank}', process) for rank, process in enumerate(both)]


@tap.case
def gpus_that_the_launcher_has_shared_out_are_not_shared_out_again():
    # Of other names, since the same four are shown to both here.
    for done in both_on_a_node('bound', 'half0', 'half1'):
        assert done.values('ranks').get('collective:network') == 8, (done.end, done.reason)


@tap.case
def a_gpu_that_two_processes_have_is_refused_by_both():
    first, second = both_on_a_node('twice', 'same', 'same')
    assert first.end['ended'] == 'failed' and 'is of processes 0 and 1' in first.reason, first.reason
    assert second.reason == f'process 0 ended early: {first.reason}', second.reason
    assert first.status == 2 and second.status == 2


def ranks_of(process):
    """How many children of it have opened the library of collectives."""
    found = 0
    with contextlib.suppress(OSError):
        for child in pathlib.Path(f'/proc/{process.pid}/task/{process.pid}/children').read_text(encoding='ascii').split():
            found += 'libnccl' in pathlib.Path(f'/proc/{child}/maps').read_text(encoding='utf-8')
    return found


def two_and_a_signal(name, stopped, number):
    """Two processes of four ranks each measure; one of them gets a signal, whichever moment it is."""
    meet = f'127.0.0.1:{free_port()}'
    both = [start(f'{name}{rank}', f'system nccl_node {rank}\n', '--meet', meet, '--node', f'node{rank}', '--rank', str(rank),
                  '--ranks', '2', '--profile', 'weekly', '--duration', '100s', '--timeout', '3000',
                  ASSAY_MEETING_TOKEN=TOKEN) for rank in (0, 1)]
    for _ in range(3000):
        if all(ranks_of(process) == 4 for process in both):
            break
        time.sleep(0.02)
    both[stopped].send_signal(number)
    if number == signal.SIGKILL:
        both[stopped].communicate()
        return Outcome(f'{name}{1 - stopped}', both[1 - stopped])
    done = [Outcome(f'{name}{rank}', process) for rank, process in enumerate(both)]
    assert done[stopped].end['ended'] == 'stopped', done[stopped].end
    return done[1 - stopped]


@tap.case
def who_was_stopped_elsewhere_is_told_and_no_gpu_is_blamed():
    first = two_and_a_signal('other', 1, signal.SIGINT)
    assert first.end['ended'] == 'cut', first.reason
    assert first.reason == 'process 1 (node1) ended early: stopped by the user', first.reason
    assert 'fail' not in first.verdicts('collective-slow-rank') and not first.values('rank.state'), first.report
    second = two_and_a_signal('conductor', 0, signal.SIGINT)
    assert second.end['ended'] == 'cut', second.reason
    assert second.reason == 'process 0 ended early: stopped by the user', second.reason


@tap.case
def a_node_that_dies_in_the_middle_is_named():
    first = two_and_a_signal('killed', 1, signal.SIGKILL)
    assert first.end['ended'] == 'failed' and first.reason.startswith('process 1 (node1) went away'), first.reason
    assert set(first.values('rank.state').values()) == {'died'}, first.values('rank.state')


@tap.case
def a_stranger_is_refused_and_the_missing_rank_is_named():
    meet = f'127.0.0.1:{free_port()}'
    both = [start(f'token{rank}', '', '--meet', meet, '--rank', str(rank), '--ranks', '2', '--duration', '12s',
                  ASSAY_MEETING_TOKEN=TOKEN + str(rank)) for rank in (0, 1)]
    first, second = (Outcome(f'token{rank}', process) for rank, process in enumerate(both))
    assert 'did not come: 1' in first.reason and 'turned away' in first.reason, first.reason
    assert 'turns this one away' in second.reason, second.reason
    bare = run('bare', '', '--meet', meet, '--rank', '1', '--ranks', '2', '--duration', '60s', ASSAY_MEETING_TOKEN='')
    assert 'ASSAY_MEETING_TOKEN' in bare.reason


def listening(pid):
    """Local addresses, as /proc spells them, at which the process listens."""
    own = set()
    for fd in pathlib.Path(f'/proc/{pid}/fd').iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            own.add(os.readlink(fd))
    found = []
    for table in 'tcp', 'tcp6':
        for line in pathlib.Path(f'/proc/{pid}/net/{table}').read_text(encoding='ascii').splitlines()[1:]:
            words = line.split()
            if words[3] == '0A' and f'socket:[{words[9]}]' in own:
                found.append(words[1])
    return found


@tap.case
def it_listens_at_the_address_that_is_named_alone():
    port = free_port()
    process = start('listen', '', '--meet', f'127.0.0.1:{port}', '--rank', '0', '--ranks', '2', '--duration', '60s',
                    ASSAY_MEETING_TOKEN=TOKEN)
    for _ in range(1000):
        if listening(process.pid):
            break
        time.sleep(0.02)
    assert listening(process.pid) == [f'0100007F:{port:04X}'], listening(process.pid)
    process.send_signal(signal.SIGINT)
    assert Outcome('listen', process).end['ended'] == 'stopped'
    away = job(0) | {'SLURM_STEP_NODELIST': 'far[1-2]'}
    done = run('away', '', '--duration', '60s', **away)
    assert '--meet far1:PORT' in json.dumps(done.report), done.report


@tap.case
def an_interrupt_leaves_no_process():
    process = start('stop', 'gpu 0 call ncclAllReduce stall\n', '--duration', '60s', '--timeout', '30000')
    children = pathlib.Path(f'/proc/{process.pid}/task/{process.pid}/children')
    for _ in range(200):
        mine = children.read_text(encoding='ascii').split()
        if len(mine) >= 4:
            break
        time.sleep(0.02)
    time.sleep(0.2)
    assert not listening(process.pid), 'nobody else is waited for: nothing listens'
    process.send_signal(signal.SIGINT)
    done = Outcome('stop', process)
    assert done.end['ended'] == 'stopped', done.end
    assert not [pid for pid in mine if pathlib.Path(f'/proc/{pid}').exists()]


def judge_file(path):
    bundle = HERE / 'import.bundle'
    bundle.unlink(missing_ok=True)
    done = subprocess.run(
        [ASSAY, 'test', '--import', str(path), '--root', str(ROOT), '--format', 'json', '--provider', 'p', '--product',
         'q', '--region', 'r', '--cluster', 'c', '--bundle', str(bundle)], capture_output=True, text=True, check=False)
    return done, bundle.read_text(encoding='utf-8') if bundle.exists() else ''


@tap.case
def outputs_of_nccl_tests_are_judged_and_their_environment_is_left_out():
    for path in sorted(SAMPLES.glob('*.*')):
        done, bundle = judge_file(path)
        assert done.returncode in (0, 1, 2), (path, done.stderr)
        assert 'nccl-tests/17179869184' in bundle, path
        for secret in 'abcdef0123456789', 'somebody', 'AWS_':
            assert secret not in bundle + done.stdout + done.stderr, (path, secret)
    broken = HERE / 'broken.json'
    broken.write_text('{"nccl_version": 22809, "results": [{"size": "x"}]}', encoding='utf-8')
    done, _ = judge_file(broken)
    assert done.returncode >= 64 and 'broken.json' in done.stderr and 'size' in done.stderr, done.stderr
    broken.write_text('hello\n', encoding='utf-8')
    done, _ = judge_file(broken)
    assert done.returncode >= 64 and done.stderr.count('\n') == 1, done.stderr


# Most of the time ranks wait for one that hangs, or for each other.
tap.run_at_once(4)
