#!/usr/bin/python3
"""The burn-in, in seconds for hours: the stand-ins' GPUs warm up, slow down, lose their errors and themselves."""
import functools
import sys
import time

sys.path[:0] = ['tools', 'test']
import actives
import tap

BURN = ('burn', '--consent', 'load', '--format', 'json')
WARM = [
    'gpu * gemm_slope 0.5',
    'gpu * temperature t=0:40,7:64',
    'gpu * clocks_reasons 4',
    'gpu * power 690',
]


def takes(seconds):
    """A case that is handed so many seconds to burn; what fails in them on a busy machine gets more, once."""

    def decorate(function):
        @functools.wraps(function)
        def run():
            try:
                function(seconds)
            except Exception:  # of the second try the complaint counts
                function(5 * seconds)

        return run

    return decorate


def values(report, measure):
    """By device; what is not known is None."""
    return {
        one.get('device'): one.get('value', one.get('state', one.get('text')))
        for one in report['measurements']
        if one['what'] == f'node.{measure}'
    }


def expect(truth, done):
    assert truth, str(done)


@tap.case
@takes(7)
def a_healthy_node_burns_and_says_how_short(seconds):
    with actives.Trial(lines=WARM) as trial:
        samples = trial.folder / 'samples.tsv'
        done = trial.run(*BURN, '--duration', f'{seconds}s', '--samples', str(samples))
        report = done.report()
        expect(actives.test_of(report, 'burn')['ended'] == 'done' and not done.left, done)
        loss = values(report, 'test.burn.loss')
        expect(all(0.2 < loss[trial.gpu(i)] < 0.9 for i in (0, 1)), done)
        for check in 'burn-throttling', 'burn-errors', 'burn-temperature-slope', 'burn-collective':
            found = actives.findings_of(report, check)
            expect(not any(about in str(found) for about in (trial.gpu(0), trial.gpu(1))), done)
        expect('8 h asked' in actives.findings_of(report, 'burn-duration')[('unknown', None)], done)
        expect(all(values(report, 'test.burn.checked')[trial.gpu(i)] > 10 for i in (0, 1)), done)
        expect(values(report, 'test.burn.wrong') == {trial.gpu(0): 0, trial.gpu(1): 0}, done)
        expect(values(report, 'test.burn.collective.busbw')['test:burn'] > 0, done)
        expect(values(report, 'test.burn.collective.wrong') == {trial.gpu(0): 0, trial.gpu(1): 0}, done)
        lines = samples.read_text(encoding='utf-8').splitlines()
        columns = [line.split('\t') for line in lines]
        expect(len({len(row) for row in columns}) == 1 and columns[0][0] == 'seconds', lines)
        expect(sum(row[1] == trial.gpu(1) for row in columns) >= 3, lines)
        expect(all(row[8] == 'sw-power' for row in columns[1:]), lines)


@tap.case
@takes(7)
def a_gpu_that_heats_throttles_and_errs_is_found_and_explained(seconds):
    lines = [
        *WARM,
        'gpu 1 gemm_slope 6',
        f'gpu 1 temperature t=0:40,{seconds}:84',
        'gpu 1 clocks_reasons 0x24',
        'gpu 1 gemm_flip 300 5 3',
        'gpu 1 nccl_corrupt 100 1',
        f'gpu 0 nccl_slow step=0:1,{seconds * 0.6}:3',
    ]
    with actives.Trial(lines=lines, is_written_to=True) as trial:
        running = trial.start(*BURN, '--duration', f'{seconds}s')
        time.sleep(seconds / 2)
        address = trial.machine.gpus[1].address
        with open(trial.root / 'dev/kmsg', 'a', encoding='utf-8') as log:
            log.write(f'4,99999,86400000000,-;NVRM: Xid (PCI:{address[:10]}): 94, pid=7, name=x, Contained: SM (0x1)\n')
        done = trial.end(running)
        report = done.report()
        expect(done.status == 1, done)
        slope = actives.findings_of(report, 'burn-temperature-slope')
        expect(('fail', trial.gpu(1)) in slope and ('fail', trial.gpu(0)) not in slope, done)
        text = actives.findings_of(report, 'burn-throttling')[('fail', trial.gpu(1))]
        expect('heat (driver)' in text and 'power limit' in text and '690 W of 700 W' in text, done)
        errors = actives.findings_of(report, 'burn-errors')
        expect(('fail', trial.gpu(1)) in errors, done)
        expect(values(report, 'test.reason')[trial.gpu(1)] == 'row 0, column 300', done)
        expect('Xid' in str(errors) and trial.gpu(0) not in str(errors), done)
        beside = actives.findings_of(report, 'burn-collective')
        expect(('fail', trial.gpu(1)) in beside and ('fail', 'test:burn') in beside, done)
        expect('slower' in beside[('fail', 'test:burn')], done)


@tap.case
@takes(5)
def a_gpu_that_gets_too_hot_ends_the_load(seconds):
    lines = [*WARM, f'gpu 1 temperature t=0:60,{seconds}:91']
    with actives.Trial(lines=lines) as trial:
        bundle = trial.folder / 'bundle.json'
        begun = time.time()
        done = trial.run(*BURN, '--duration', '100s', '--bundle', str(bundle), '--provider', 'p')
        report = done.report()
        expect(time.time() - begun < 60 and not done.left and done.status == 1, done)
        expect(actives.test_of(report, 'burn')['ended'] == 'too-hot', done)
        expect('slowdown threshold' in values(report, 'test.reason')['test:burn'], done)
        expect(values(report, 'test.burn.speed')[trial.gpu(0)] > 0, done)
        expect(any(key[0] == 'unknown' for key in actives.findings_of(report, 'burn-errors')), done)
        expect(bundle.stat().st_size > 0, done)


@tap.case
def a_limit_of_the_user_is_heard():
    with actives.Trial(lines=[*WARM, 'gpu * temperature 50'], gpus=1) as trial:
        done = trial.run(*BURN, '--duration', '100s', '--heat-limit', '45')
        report = done.report()
        expect(actives.test_of(report, 'burn')['ended'] == 'too-hot' and not done.left, done)
        expect('45 is the limit that was given' in str(report), done)


@tap.case
@takes(9)
def sensors_that_stall_are_said_and_stop_nothing(seconds):
    lines = [*WARM, 'gpu 1 call nvmlDeviceGetPowerUsage stall t=2.5', 'gpu 1 call ncclAllReduce error 2']
    with actives.Trial(lines=lines) as trial:
        # The counters are asked of the same library: their calls get less time than there is behind the load.
        done = trial.run(*BURN, '--duration', f'{seconds}s', '--timeout', '700')
        report = done.report()
        expect(actives.test_of(report, 'burn')['ended'] == 'done' and not done.left, done)
        sensors = [one for one in report['measurements'] if one['what'] == 'node.test.sensors']
        expect('nvmlDeviceGetPowerUsage' in str(sensors), sensors)
        expect(values(report, 'test.burn.speed')[trial.gpu(1)] > 0, done)
        # A rank that fails: it alone is named, and both GPUs go on with their products.
        beside = actives.findings_of(report, 'burn-collective')
        expect(('fail', trial.gpu(1)) in beside and trial.gpu(0) not in str(beside), done)
        expect(values(report, 'test.burn.end') == {trial.gpu(0): 'ok', trial.gpu(1): 'ok'}, done)


@tap.case
@takes(7)
def a_gpu_that_vanishes_is_named_and_the_other_burns_on(seconds):
    with actives.Trial(lines=[*WARM, f'gpu 1 vanish t={seconds / 2}']) as trial:
        done = trial.run(*BURN, '--duration', f'{seconds}s')
        report = done.report()
        found = actives.findings_of(report, 'burn-errors')
        expect(any(key[0] == 'fail' and key[1].startswith(trial.gpu(1)) for key in found), done)
        expect(not any(key[0] == 'fail' and key[1].startswith(trial.gpu(0)) for key in found), done)
        expect(values(report, 'test.burn.end')[trial.gpu(0)] == 'ok' and not done.left, done)


@tap.case
@takes(9)
def a_gpu_that_hangs_is_named(seconds):
    with actives.Trial(lines=[*WARM, 'gpu 1 call cuEventSynchronize stall t=2']) as trial:
        done = trial.run(*BURN, '--duration', f'{seconds}s')
        report = done.report()
        expect(values(report, 'test.burn.end')[trial.gpu(1)] == 'stalled' and not done.left, done)
        expect(('fail', trial.gpu(1)) in actives.findings_of(report, 'burn-errors'), done)
        expect(values(report, 'test.burn.end')[trial.gpu(0)] == 'ok', done)


@tap.case
@takes(3)
def without_the_library_the_products_go_on_and_it_is_said(seconds):
    with actives.Trial(lines=[*WARM, 'gpu * call ncclCommInitRank error 2']) as trial:
        done = trial.run(*BURN, '--duration', f'{seconds}s')
        report = done.report()
        expect('ncclCommInitRank' in str(actives.findings_of(report, 'burn-collective')), done)
        expect(values(report, 'test.burn.speed')[trial.gpu(1)] > 0, done)


@tap.case
def a_node_without_gpus_cannot_burn():
    with actives.Trial('bare') as trial:
        done = trial.run('burn', '--consent', 'load')
        expect('no GPU was seen' in done.output and done.status == 2 and not done.left, done)


@tap.case
def what_cannot_be_loaded_has_not_failed_under_load():
    """A driver that is too old, and GPUs that others use: nothing is known of the GPUs, and nobody is told to drain."""
    reasons = {'system cuda 11040': '12.0 (R525) is needed', 'gpu * process 4711 512': 'in use: 1 process (4711)'}
    for line, reason in reasons.items():
        with actives.Trial(lines=[line]) as trial:
            done = trial.run('burn', '--consent', 'load', '--duration', '20s', '--format', 'json')
            test = actives.test_of(done.report(), 'burn')
            expect(test['ended'] == 'failed' and not done.left, done)
            found = actives.findings_of(done.report(), 'burn-errors')
            expect({verdict for verdict, _ in found} == {'unknown'} and len(found) == 2, (found, str(done)))
            expect(all(reason in text for text in found.values()), (found, str(done)))
            expect(done.status == 2, done)


tap.run_at_once(5)
