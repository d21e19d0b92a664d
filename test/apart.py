"""Namespaces of its own for a test that makes networks and mounts: they end with the program.

Including this starts the program anew in them; `command` runs what sets them up.
"""
import os
import subprocess
import sys

INSIDE = 'ASSAY_TEST_INSIDE'

if INSIDE not in os.environ:
    # The superuser needs no namespace of users, and in some containers may not have one.
    users = [] if os.geteuid() == 0 else ['--user', '--map-root-user']
    os.execvpe('unshare', ['unshare', *users, '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child',
                           sys.executable, *sys.argv], os.environ | {INSIDE: '1'})


def command(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f'{words}: {done.stderr}'
    return done.stdout
