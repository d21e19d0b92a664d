#!/usr/bin/python3
"""`assay test start` takes the time of commands and leaves nothing of them behind."""
import concurrent.futures
import glob
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
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
HEAD = 'schema: assay/start-commands/v1\ncommands:\n'
FOLDER = tempfile.TemporaryDirectory()
MARK = f'mark-{os.getpid()}'
POOL = concurrent.futures.ThreadPoolExecutor(4)


def write(commands, head=HEAD):
    # Several write at once, so the system chooses the names.
    with tempfile.NamedTemporaryFile('w', dir=FOLDER.name, suffix='.yaml', delete=False) as file:
        file.write(head + commands)
    return file.name


def run(commands, *arguments, head=HEAD):
    return subprocess.run([ASSAY, 'test', 'start', '--commands', write(commands, head), *arguments],
                          capture_output=True, text=True, check=False, timeout=60)


def begin(commands, *arguments):
    """Runs it meanwhile: .result() waits for its end."""
    return POOL.submit(run, commands, '--consent', 'load', *arguments)


def read_bytes(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError:  # it has ended
        return b''


def folders():
    """What this test's commands left; others may be at work on this machine."""
    return glob.glob(f'/tmp/assay-start-*/*{MARK}*')


SLOW = begin('- {name: slow, kind: import-time, words: [sleep, "2.05"], repetitions: 1}\n')
LATE = begin('- {name: bad, kind: image-pull, words: [python3, -c, '
             '"import sys; print(\'x\' * 5000 + \'no such image\', file=sys.stderr); sys.exit(3)"]}\n'
             '- {name: none, kind: model-download, words: [no-such-program]}\n'
             '- {name: late, kind: package-install, words: [sleep, "30"], limit: 1, repetitions: 1}\n',
             '--all')


@tap.case
def the_plan_names_the_commands_and_what_is_cold_needs_more_consent():
    done = run('- {name: one, kind: import-time, words: ["true"]}\n')
    assert 'one' in done.stdout and 'consent load' in done.stdout, done.stdout
    done = run('- {name: two, kind: import-time, words: ["true"], cache: cold}\n')
    assert 'consent destructive' in done.stdout, done.stdout
    done = run('- {name: two, kind: import-time, words: ["true"], cache: cold}\n', '--consent', 'load')
    assert "needs the consent 'destructive'" in done.stdout, done.stdout


@tap.case
def a_quick_import_passes_and_a_slow_one_is_told():
    done = run('- {name: quick, kind: import-time, words: [python3, -c, pass]}\n', '--consent', 'load')
    assert 'start-import' not in done.stdout or 'FAIL' not in done.stdout, done.stdout
    done = SLOW.result()
    assert 'slow' in done.stdout and 'at most 2.00 s' in done.stdout, done.stdout


@tap.case
def a_command_that_fails_is_unknown_with_the_end_of_its_complaint():
    done = LATE.result()
    assert done.returncode == 2, done.stdout
    assert 'exit status 3' in done.stdout and 'no such image' in done.stdout, done.stdout
    assert 'x' * 400 not in done.stdout.replace('\n', '').replace(' ', '')
    assert 'none: unknown:' in done.stdout and 'no-such-program' in done.stdout, done.stdout
    assert 'no end within its limit' in ' '.join(done.stdout.split()), done.stdout


@tap.case
def commands_run_as_nobody_in_a_folder_of_their_own():
    script = ('import os, pathlib; pathlib.Path(os.environ[\'HOME\'], \'' + MARK + '\').write_text(\'x\'); '
              'assert os.getcwd() == os.environ[\'HOME\'] == os.environ[\'MINE\']; '
              'assert os.getuid() != 0')
    done = run(f'- {{name: own, kind: program-start, words: [python3, -c, "{script}"], cache: fresh,'
               ' environment: ["MINE={folder}"]}\n', '--consent', 'load', '--format', 'json')
    assert 'exit status' not in done.stdout, done.stdout
    assert not folders(), folders()


@tap.case
def bytes_make_a_rate():
    done = run('- {name: image, kind: image-pull, words: [sleep, "0.1"], bytes: 1000000}\n',
               '--consent', 'load')
    assert 'Gb/s, 2.95 Gb/s expected' in ' '.join(done.stdout.split()), done.stdout
    assert done.returncode == 1


@tap.case
def a_file_with_a_fault_is_refused_with_its_place():
    done = run('- {name: a, kind: import-time, words: [b], shell: yes}\n', '--consent', 'load')
    assert done.returncode == 65 and done.stderr.count('\n') == 1, done.stderr
    assert 'line 3' in done.stderr and 'shell' in done.stderr, done.stderr
    done = subprocess.run([ASSAY, 'test', '--commands', '/no/such/file'], capture_output=True, text=True, check=False)
    assert done.returncode == 66 and '/no/such/file' in done.stderr, done.stderr


@tap.case
def what_a_command_may_not_write_to_is_removed_too():
    """As the folders of a cache that are made read-only, once what they hold is whole."""
    script = f'mkdir -p {MARK}/cache; touch {MARK}/cache/file; chmod -R a-w {MARK}; echo'
    for who in 'nobody', 'caller':
        done = run(f'- {{name: go, kind: program-start, words: [sh, -c, "{script}"], repetitions: 2, cache: fresh, as: {who}}}\n',
                   '--consent', 'load')
        assert 'could not be removed' not in done.stdout and 'exit status' not in done.stdout, done.stdout
        assert not folders(), folders()


@tap.case
def an_end_asked_for_keeps_what_was_timed_and_leaves_neither_process_nor_folder():
    """The first run is short; the second one does not end, and says so by a file that nobody else has."""
    sign = pathlib.Path(FOLDER.name, 'again')
    script = f'touch {MARK}; test -e {MARK}.before && touch {sign} && exec sleep 47.{os.getpid()}; touch {MARK}.before'
    path = write(f'- {{name: long, kind: import-time, words: [sh, -c, "{script}"], repetitions: 3, as: caller}}\n')
    program = subprocess.Popen([ASSAY, 'test', 'start', '--commands', path, '--consent', 'load', '--format', 'json'],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    actives.wait_until_heard(program)
    for _ in range(1200):
        if sign.exists():
            break
        time.sleep(0.05)
    program.send_signal(signal.SIGINT)
    report = json.loads(program.communicate(timeout=60)[0])
    assert report['tests'][0]['ended'] == 'stopped', report['tests']
    times = [one for one in report['measurements'] if one['what'] == 'node.test.start.time']
    assert [one['device'] for one in times] == ['start:long/1'] and times[0]['value'] < 30, times
    assert not [path for path in glob.glob('/proc/[0-9]*/cmdline') if f'47.{os.getpid()}'.encode() in read_bytes(path)
                and b'sh\0-c' not in read_bytes(path)]
    assert not folders(), folders()


tap.run()
