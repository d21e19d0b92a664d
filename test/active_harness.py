#!/usr/bin/python3
"""What holds for every active test: consent, limits, signals, what is left behind, and who may run it."""
import concurrent.futures
import json
import os
import random
import signal
import sys
import time

sys.path[:0] = ['tools', 'test']
import actives
import tap

WARM = ['gpu * temperature t=0:40,30:64']
USAGE, MISSING, UNKNOWN = 64, 66, 2
# Each test that there is, stopped at a random moment; the seed is told when it fails.
SEED = int(os.environ.get('ASSAY_SEED', '0')) or random.randrange(1, 1 << 30)



def expect(truth, done):
    assert truth, str(done)


def wait_for_load(trial, running):
    """Until a child of the test has opened the library of the products."""
    actives.wait_until_heard(running)
    for _ in range(1200):
        if any(trial.has_opened(pid, 'libcublasLt') for pid in trial.here()):
            break
        time.sleep(0.05)


def groups():
    """The names of all groups, and of the tests of each."""
    with actives.Trial('bare') as trial:
        found = {}
        for line in trial.run('--list', '--all').output.splitlines():
            group, name = line.split()[:2]
            found.setdefault(group, []).append(name)
    return found


@tap.case
def without_consent_there_is_only_a_plan():
    with actives.Trial(lines=WARM) as trial:
        before = sorted(path.name for path in trial.folder.iterdir())
        begun = time.time()
        done = trial.run('burn')
        expect(done.status == UNKNOWN and not done.left and time.time() - begun < 60, done)
        expect('GPUs' in done.output and 'Nothing was run' in done.output, done)
        plan = trial.run('burn', '--format', 'json').report()
        expect('ended' not in actives.test_of(plan, 'burn'), plan)
        expect(before == sorted(path.name for path in trial.folder.iterdir()), done)


@tap.case
def what_is_wrong_with_the_command_is_said_at_once():
    wrong = {
        ('no-such-group', '--consent', 'load'): "no group 'no-such-group'",
        ('--consent', 'maybe'): 'load or destructive',
        ('--consent', 'read'): 'load or destructive',
        ('--profile', 'slow'): 'quick, weekly or burnin',
        ('--duration', '0s'): '--duration',
        ('--duration', 'soon'): '--duration',
        ('--duration', '8 h'): '--duration',
        ('--duration', '1000000h'): '--duration',
        ('--folder', 'here'): 'absolute',
        ('--folder', '/no/such/folder'): 'no such folder',
        ('--folder', '/etc/passwd'): 'this is no folder',
        ('--ranks', '2'): '--meet',
        ('--bundle', 'b.json', '--consent', 'load'): '--provider',
        ('--key', 'me.key', '--nonce', 'n', '--consent', 'load'): '--bundle',
        ('--nonce', 'n', '--consent', 'load'): '--bundle',
    }
    with actives.Trial('bare') as trial:
        for arguments, words in wrong.items():
            done = trial.run(*arguments)
            status = MISSING if 'folder' in words else USAGE
            expect(done.status == status and words in done.errors and not done.left, (arguments, str(done)))


@tap.case
def a_samples_file_that_cannot_be_written_is_told_before_anything_runs():
    with actives.Trial(lines=WARM) as trial:
        begun = time.time()
        done = trial.run('burn', '--consent', 'load', '--duration', '60s', '--samples', '/no/such/place/file')
        expect(done.status >= USAGE and '/no/such/place' in done.errors, done)
        expect(time.time() - begun < 60 and not done.left, done)


@tap.case
def the_list_names_each_test_once():
    found = groups()
    names = [name for tests in found.values() for name in tests]
    expect('burn' in names and len(names) == len(set(names)), found)


@tap.case
def the_duration_cuts():
    with actives.Trial(lines=WARM) as trial:
        begun = time.time()
        done = trial.run('burn', '--consent', 'load', '--duration', '1s', '--format', 'json')
        expect(time.time() - begun < 60 and not done.left, done)
        expect(actives.test_of(done.report(), 'burn')['ended'] in ('cut', 'done'), done)


@tap.case
def a_test_that_was_stopped_leaves_a_marked_report_and_a_bundle():
    with actives.Trial(lines=WARM) as trial:
        bundle, samples = trial.folder / 'b.json', trial.folder / 's.tsv'
        running = trial.start('burn', '--consent', 'load', '--duration', '100s', '--format', 'json', '--bundle',
                              str(bundle), '--provider', 'p', '--samples', str(samples))
        wait_for_load(trial, running)
        begun = time.time()
        actives.interrupt(running)
        done = trial.end(running)
        expect(time.time() - begun < 60 and not done.left, done)
        expect(actives.test_of(done.report(), 'burn')['ended'] == 'stopped', done)
        records = json.loads(bundle.read_text(encoding='utf-8'))
        expect('stopped by the user' in json.dumps(records), done)
        expect(samples.read_text(encoding='utf-8').startswith('seconds\tgpu\t'), done)
        left = {path.name for path in trial.folder.iterdir()}
        expect(left == {'scenario', 'b.json', 's.tsv'}, left)


@tap.case
def samples_are_there_when_the_node_dies_in_the_middle():
    with actives.Trial(lines=WARM) as trial:
        samples = trial.folder / 's.tsv'
        running = trial.start('burn', '--consent', 'load', '--duration', '200s', '--samples', str(samples))
        for _ in range(2000):
            if samples.exists() and len(samples.read_text(encoding='utf-8').splitlines()) > 3:
                break
            time.sleep(0.05)
        running.kill()
        done = trial.end(running)
        lines = samples.read_text(encoding='utf-8').splitlines()
        expect(len(lines) > 3 and lines[0].startswith('seconds\tgpu\t') and lines[-1].endswith('ok'), lines)
        expect(not done.left, done)


def stop_some_time(group, moment):
    with actives.Trial(lines=WARM) as trial:
        disk = trial.folder / 'disk'
        disk.mkdir()
        disk.chmod(0o777)
        before = {path.name for path in trial.folder.iterdir()}
        running = trial.start(group, '--consent', 'load', '--duration', '60s', '--format', 'json', '--folder',
                              str(disk))
        time.sleep(moment)
        begun = time.time()
        actives.interrupt(running)
        done = trial.end(running)
        told = f'{group} after {moment:.2f} s, seed {SEED}: {done}'
        expect(not done.left and time.time() - begun < 90, told)
        # Before the tests begin a signal ends the program as it ends any other.
        if done.status != -signal.SIGINT:
            expect({test['ended'] for test in done.report()['tests']} <= {
                'done', 'stopped', 'not-run', 'failed', 'cut'}, told)
        expect(before == {path.name for path in trial.folder.iterdir()}, told)
        expect(not list(disk.iterdir()), told)


@tap.case
def any_test_can_be_stopped_at_any_moment():
    chance = random.Random(SEED)
    moments = [(group, chance.uniform(0.2, 2.5)) for group in sorted(groups())]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: stop_some_time(*one), moments))


@tap.case
def a_second_signal_changes_nothing():
    with actives.Trial(lines=WARM) as trial:
        running = trial.start('burn', '--consent', 'load', '--duration', '100s', '--format', 'json')
        wait_for_load(trial, running)
        for _ in range(3):
            actives.interrupt(running)
            time.sleep(0.02)
        done = trial.end(running)
        expect(actives.test_of(done.report(), 'burn')['ended'] == 'stopped' and not done.left, done)


@tap.case
def a_worker_that_hangs_is_named():
    # On a busy machine the call comes late, or while the GPUs are made ready, which may take a minute.
    for seconds in 10, 100:
        with actives.Trial(lines=[*WARM, 'gpu 0 call cuEventSynchronize stall t=2']) as trial:
            done = trial.run('burn', '--consent', 'load', '--duration', f'{seconds}s', '--format', 'json')
            is_named = 'cuEventSynchronize' in done.output and trial.gpu(0) in done.output
        if is_named:
            break
    expect(is_named and not done.left, done)


@tap.case
def nobody_needs_to_be_root():
    with actives.Trial(lines=WARM) as trial:
        done = trial.run('burn', '--consent', 'load', '--duration', '3s', '--format', 'json', as_nobody=True)
        expect(actives.test_of(done.report(), 'burn')['ended'] in ('done', 'cut') and not done.left, done)


@tap.case
def the_quick_profile_ends_in_time():
    with actives.Trial(lines=WARM, gpus=2) as trial:
        begun = time.time()
        done = trial.run('--profile', 'quick', '--duration', '6s', '--consent', 'load', '--format', 'json')
        expect(time.time() - begun < 60 and not done.left, done)
        expect(all('ended' in test for test in done.report()['tests']), done)


tap.run_at_once(5)
