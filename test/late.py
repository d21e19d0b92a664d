#!/usr/bin/python3
"""Libraries that few commands need: who loads them, and what is said where one is not there."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import tap
from tap import case

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
PACKAGES = {
    'libcurl.so.4': 'libcurl4',
    'libpq.so.5': 'libpq5',
    'libmicrohttpd.so.12': 'libmicrohttpd12',
    'libgnutls.so.30': 'libgnutls30',
}
OTHER_NAMES = {'libcurl.so.4': ['libcurl-gnutls.so.4', 'libcurl-nss.so.4']}


def run(words, environment=None):
    return subprocess.run([ASSAY, *words], capture_output=True, text=True, check=False, timeout=60,
                          env=os.environ | (environment or {}))  # fmt: skip


def without(library, words):
    """Ends as it does where a library does not load: in its place stands a file that is none."""
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        for name in [library, *OTHER_NAMES.get(library, [])]:
            (pathlib.Path(folder) / name).touch()
        return run(words, {'LD_LIBRARY_PATH': folder})


def lacks(library, need, words):
    done = without(library, words)
    wanted = rf'assay: (.*: )?{need} needs {re.escape(library)} \(Debian: {PACKAGES[library]}\): .*{re.escape(library)}.*\n'
    assert done.returncode == 66, f'{done.returncode}: {done.stderr}'
    assert re.fullmatch(wanted, done.stderr), done.stderr
    assert done.stdout == '', done.stdout


@case
def a_server_names_the_library_that_it_lacks():
    lacks('libmicrohttpd.so.12', 'serving', ['serve', '--port', '0'])


@case
def tls_names_the_library_that_it_lacks():
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        lacks('libgnutls.so.30', 'TLS', ['serve', '--port', '0', '--tls-make', f'{folder}/tls'])


@case
def a_store_of_postgresql_names_the_library_that_it_lacks():
    lacks('libpq.so.5', 'a store of PostgreSQL', ['store', 'verify', '--store', 'postgresql://localhost/none'])


@case
def whoever_asks_a_server_names_the_library_that_it_lacks():
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        token = pathlib.Path(folder) / 'token'
        token.write_text('word\n', encoding='utf-8')
        words = ['push', '--to', 'http://127.0.0.1:9', '--token-file', str(token), 'data/evidence/crusoe.yaml']
        lacks('libcurl.so.4', 'asking a server', words)


@case
def a_command_that_needs_none_of_them_loads_none():
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        for words in (['help'], ['criteria'], ['explain', 'crusoe', '--draws', '100'], ['inventory']):
            said = pathlib.Path(folder) / words[0]
            done = run(words, {'LD_DEBUG': 'files', 'LD_DEBUG_OUTPUT': said})
            assert done.returncode in (0, 2), done.stderr
            files = [path for path in pathlib.Path(folder).iterdir() if path.name.startswith(f'{words[0]}.')]
            loaded = '\n'.join(path.read_text(encoding='utf-8') for path in files)
            assert 'libc.so.6' in loaded, 'the loader says nothing'
            for library in PACKAGES:
                assert library not in loaded, f'{words[0]} loads {library}'


tap.run()
