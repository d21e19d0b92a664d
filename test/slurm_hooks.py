#!/usr/bin/python3
"""The scripts for Slurm: a node is drained when the gate fails, once, and never for what is unknown."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, 'tools')
import tap

SCRIPTS = pathlib.Path('packaging/slurm').resolve()
SAID = {
    0: 'ASSAY OK - 0 fail, 0 unknown, 0 warn, 6 pass | fail=0',
    1: 'ASSAY WARNING - 0 fail, 0 unknown, 1 warn, 5 pass | fail=0',
    2: 'ASSAY CRITICAL - 1 fail, 0 unknown, 0 warn, 5 pass; gpu-ecc | fail=1',
    3: 'ASSAY UNKNOWN - 0 fail, 1 unknown, 0 warn, 5 pass | fail=0',
    70: '',
}


def run(script, status, state='idle'):
    """(exit status, how assay was called, how scontrol was) with stand-ins for all three programs."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        for name, does in (
            ('assay', f"echo '{SAID[status]}'; exit {status}"),
            ('sinfo', f'echo {state}'),
            ('scontrol', ':'),
        ):
            (place / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {place}/{name}.called\n{does}\n')
            (place / name).chmod(0o755)
        (place / script).write_text((SCRIPTS / script).read_text().replace('@BINDIR@', folder))
        (place / script).chmod(0o755)
        done = subprocess.run(
            [place / script],
            env={'PATH': f'{folder}:{os.environ["PATH"]}', 'SLURMD_NODENAME': 'gpu007'},
            capture_output=True,
            text=True,
        )
        assert (done.stderr != '') == (status == 70 and script == 'assay-slurm-health'), done.stderr
        called = [place / f'{name}.called' for name in ('assay', 'scontrol')]
        return (done.returncode, *(c.read_text().splitlines() if c.exists() else None for c in called))


@tap.case
def a_failed_gate_drains_the_node_with_its_reason():
    status, asked, drained = run('assay-slurm-health', 2)
    assert status == 0 and asked == ['check', '--profile', 'quick', '--format', 'nagios']
    assert drained == ['update', 'nodename=gpu007', 'state=drain',
                       'reason=ASSAY CRITICAL - 1 fail, 0 unknown, 0 warn, 5 pass; gpu-ecc'], drained  # fmt: skip


@tap.case
def any_other_gate_drains_nothing():
    for status in (0, 1, 3, 70):
        assert run('assay-slurm-health', status)[0::2] == (0, None)


@tap.case
def who_is_drained_keeps_the_reason():
    for state in ('drained', 'draining', 'drained*'):
        assert run('assay-slurm-health', 2, f"'{state}'")[2] is None


@tap.case
def a_prolog_fails_with_the_gate_or_without_a_check():
    for status in SAID:
        code, asked, drained = run('assay-slurm-prolog', status)
        assert (code != 0) == (status in (2, 70)) and drained is None
        assert asked == ['check', '--profile', 'quick', '--format', 'nagios']


tap.run()
