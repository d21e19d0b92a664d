"""What tests of stores have in common: folders of their own, the program, and what it says of a store."""
import functools
import json
import os
import pathlib
import subprocess
import tempfile

import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
LOAD = os.path.abspath(os.environ.get('STORE_LOAD', 'build/bench/store-load'))


def case(function):
    """Marks a test, which gets a folder of its own."""

    @functools.wraps(function)
    def within():
        with tempfile.TemporaryDirectory(prefix='assay-store-') as folder:
            function(folder)

    return tap.case(within)


def run(*words, **settings):
    return subprocess.run(
        [ASSAY, *map(str, words)], capture_output=True, text=True, check=False, **settings
    )


def good(*words):
    done = run(*words)
    if done.returncode != 0:
        raise AssertionError(f'{words}: {done.returncode}: {done.stderr}')
    return done.stdout


def refused(status, words_of_error, *words):
    """One clear line, and no more."""
    done = run(*words)
    assert done.returncode == status, f'{words}: {done.returncode}: {done.stderr}'
    assert done.stderr.count('\n') == 1, done.stderr
    assert words_of_error in done.stderr, done.stderr


def stats(store):
    return json.loads(good('store', 'stats', '--store', store, '--format', 'json'))


def filled(folder, name='store.db'):
    store = pathlib.Path(folder) / name
    good('store', 'init', '--store', store)
    good('store', 'import', '--store', store, 'data/evidence')
    return store


def psql(folder, *words):
    """Asks the server in the folder's `server`."""
    done = subprocess.run(
        ['psql', '-h', pathlib.Path(folder) / 'server', '-U', 'assay', '-d', 'postgres', '-AtXq',
         '-v', 'ON_ERROR_STOP=1', *words],
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
