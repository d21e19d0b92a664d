#!/usr/bin/python3
"""`assay test processor` measures the memory of this machine and checks what it wrote."""
import json
import os
import signal
import subprocess
import sys

sys.path[:0] = ['tools', 'test']
import actives
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')


def run(*arguments):
    return subprocess.run([ASSAY, 'test', 'processor', *arguments], capture_output=True, text=True,
                          check=False, timeout=60)


@tap.case
def without_consent_it_says_what_it_would_load():
    done = run()
    assert done.returncode == 2, done.stderr
    assert 'NUMA node' in done.stdout and 'consent load' in done.stdout, done.stdout
    assert 'Nothing was run' in done.stdout


@tap.case
def every_element_is_checked_and_a_figure_without_reference_is_no_pass():
    done = run('--consent', 'load', '--format', 'json')
    text = json.dumps(json.loads(done.stdout))
    assert done.returncode in (0, 2), done.stderr
    assert 'processor-memory: done' in done.stderr, done.stderr
    assert 'processor-memory-bandwidth' in text
    assert 'did not hold what was written' not in text
    assert '"verdict": "fail"' not in text, text


@tap.case
def an_end_asked_for_leaves_no_process():
    program = subprocess.Popen([ASSAY, 'test', 'processor', '--profile', 'weekly', '--consent', 'load'],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)
    actives.wait_until_heard(program)
    program.send_signal(signal.SIGINT)
    said, complained = program.communicate(timeout=60)
    assert 'stopped' in said + complained, said + complained
    try:
        os.killpg(program.pid, 0)
    except ProcessLookupError:
        return
    raise AssertionError('something of its group is left')


tap.run_at_once(3)
