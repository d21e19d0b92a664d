#!/usr/bin/python3
"""`assay test object` against an object store that verifies signatures, and that goes wrong as it is told."""
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ['tools', 'test']
import object_server
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
FOLDER = tempfile.TemporaryDirectory()
CERTIFICATE = f'{FOLDER.name}/pem.crt', f'{FOLDER.name}/pem'  # and its key
NUMBERS = itertools.count()
WHO = {'AWS_ACCESS_KEY_ID': object_server.KEY, 'AWS_SECRET_ACCESS_KEY': object_server.SECRET}


def start(url, bundle, *arguments, **variables):
    variables = {**os.environ, **WHO, **variables}
    return subprocess.Popen(
        [ASSAY, 'test', 'object', '--bucket', url, '--provider', 'x', '--bundle', bundle, *arguments],
        env={name: value for name, value in variables.items() if value is not None},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Run:
    """What a run said: status, text, and its records by measure and what of the store."""

    def __init__(self, url, *arguments, consent='load', **variables):
        bundle = pathlib.Path(FOLDER.name) / f'bundle{next(NUMBERS)}.json'
        process = start(url, bundle, *(['--consent', consent] if consent else []), *arguments, **variables)
        self.out, self.err = process.communicate(timeout=100)
        self.status = process.returncode
        self.raw = bundle.read_text() if bundle.exists() else ''
        self.records = {}
        for record in json.loads(self.raw)['records'] if self.raw else []:
            if record['what'].startswith('node.test.'):
                device = record['subject']['device'].split(':')
                said = [record[key] for key in ('value', 'state', 'text') if key in record]
                self.records[record['what'][10:], device[1]] = said[0] if said else None

    def get(self, measure, what):
        return self.records.get((f'object.{measure}', what))


def make_certificate():
    """A certificate that nobody has signed but itself."""
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-keyout', CERTIFICATE[1], '-out', CERTIFICATE[0], '-days', '2', '-subj', '/CN=localhost',
                    '-addext', 'subjectAltName=IP:127.0.0.1'], check=True, capture_output=True)


@tap.case
def a_good_store_is_measured_over_tls_and_left_empty():
    with object_server.Server(object_server.Store(locks=True), token=True, certificate=CERTIFICATE) as server:
        run = Run(server.url, AWS_SESSION_TOKEN=object_server.TOKEN, AWS_CA_BUNDLE=CERTIFICATE[0], consent='destructive')
        store = server.store
    assert not store.refusals, set(store.refusals)
    assert not store.objects and not store.uploads, (store.objects.keys(), store.uploads.keys())
    assert run.get('lock', 'lock') == 'holds'
    assert run.get('corrupt', 'all') == 0 and run.get('left', 'all') == 0
    for what in 'put', 'get', 'list', 'delete':
        assert run.get('errors', what) == 0
        assert 0 < run.get('latency.p50', what) <= run.get('latency.p90', what) <= run.get('latency.p99', what)
    assert run.get('bandwidth', 'write.c8') > 0 and run.get('bandwidth', 'read.c8') > 0
    assert run.records['run', 'object-store'] == 'done'
    for secret in object_server.SECRET, object_server.TOKEN:
        assert secret not in run.out + run.err + run.raw
    # The load has been put on to its end, and was too short to tell of a fall.
    assert 0 < run.get('lasted', 'mixed') < 60 and run.get('fall', 'mixed') is None
    assert 'UNKNOWN   object-endurance' in run.out and 'nothing to compare' in run.out, run.out
    assert 'storage.object-endurance' not in run.raw


@tap.case
def a_certificate_that_nobody_vouches_for_is_refused():
    with object_server.Server(certificate=CERTIFICATE) as server:
        run = Run(server.url)
        assert not server.store.requests and run.get('errors', 'put') == 40, run.records


@tap.case
def without_consent_nothing_is_sent():
    with object_server.Server() as server:
        run = Run(server.url, consent=None)
        assert not server.store.requests
    assert run.status == 2 and 'objects of 16 KiB' in run.out and 'removed afterwards' in run.out, run.out


@tap.case
def a_wrong_secret_is_refused_by_the_store_and_fails():
    with object_server.Server() as server:
        run = Run(server.url, AWS_SECRET_ACCESS_KEY='wrong')
        assert set(server.store.refusals) == {'signature'}
    assert run.status == 1 and 'SignatureDoesNotMatch' in run.out, run.out


@tap.case
def what_comes_back_changed_is_found_and_answers_without_end_are_cut():
    store = object_server.Store()

    def fault(method, key, query):
        if method == 'GET' and key.endswith(('small-00007', 'large')):
            return 'corrupt'
        # Until the large object is asked for: what lists it to remove it has to find it.
        is_early = not any(asked.endswith('large') for _, asked, _ in store.requests)
        return 'flood' if method == 'GET' and key == '' and is_early else None

    store.fault = fault
    with object_server.Server(store) as server:
        run = Run(server.url)
    assert run.get('corrupt', 'all') == 2 and run.status == 1, run.out
    assert run.get('errors', 'list') == 10 and run.records['run', 'object-store'] == 'done', run.records
    assert not store.objects


@tap.case
def refusals_and_half_an_answer_are_counted_and_named_and_a_part_that_fails_leaves_no_upload():
    store = object_server.Store()
    kinds = {('PUT', 'small-00001'): 503, ('PUT', 'small-00002'): 503, ('GET', 'small-00003'): 'truncated',
             ('DELETE', 'small-00005'): 403, ('PUT', 'large'): 500}
    store.fault = lambda method, key, query: kinds.get((method, key.rpartition('/')[2]))
    with object_server.Server(store) as server:
        run = Run(server.url)
    assert run.get('errors', 'put') == 2 and run.get('error', 'put') == 'status 503 SlowDown', run.records
    assert run.get('errors', 'get') == 3 and run.get('corrupt', 'all') == 0, run.records
    assert run.get('left', 'all') == 1 and run.get('errors', 'delete') == 1, run.records
    assert [key.rpartition('/')[2] for key in store.objects] == ['small-00005']
    assert run.get('errors', 'write') == 4 and run.get('bandwidth', 'write.c8') is None
    assert not store.uploads


@tap.case
def a_store_that_hangs_is_given_up():
    store = object_server.Store()
    hangs = {'now': True}
    store.fault = lambda method, key, query: 'slow' if hangs['now'] and method == 'GET' and key else None
    with object_server.Server(store) as server:
        began = time.monotonic()
        run = Run(server.url, '--duration', '2s')
        assert time.monotonic() - began < 40
    assert run.records['run', 'object-store'] == 'cut' and run.status in (1, 2), run.out
    assert not store.objects


@tap.case
def an_interrupt_leaves_nothing():
    store = object_server.Store()
    store.fault = lambda method, key, query: 'slow' if method == 'GET' and key else None
    with object_server.Server(store) as server:
        process = start(server.url, f'{FOLDER.name}/gone.json', '--consent', 'load')
        while not any(method == 'GET' for method, _, _ in list(store.requests)):
            time.sleep(0.01)
        assert store.objects
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=40)
    assert not store.objects and not store.uploads


@tap.case
def what_is_no_address_is_one_clear_line():
    secret = 'http://user:hunter2@host/bucket'
    for url, word in (('ftp://host/bucket', 'https://HOST'), (secret, 'host of the store'),
                      ('https://host', 'host of the store'),
                      ('http://store.example/bucket', 'https:// is needed'), ('https://host/a/b', 'one bucket'),
                      ('https://host/bu\ncket', 'one bucket'), ('https://host/' + 'b' * 600, 'https://HOST')):
        run = Run(url, consent=None)
        assert run.status == 2 and word in run.out and 'hunter2' not in run.out + run.err, (url, run.out, run.err)
    run = Run('https://host/bucket', consent=None, AWS_ACCESS_KEY_ID=None)
    assert 'AWS_ACCESS_KEY_ID' in run.out, run.out
    run = Run('https://host/bucket', consent=None, AWS_SECRET_ACCESS_KEY='a\r\nb: c')
    assert 'is no key' in run.out and 'b: c' not in run.out, run.out


@tap.case
def nobody_there_is_an_error_at_once():
    with object_server.Server() as server:
        url = server.url
    run = Run(url)
    assert run.status == 1 and 'connect' in run.out.lower(), run.out


if __name__ == '__main__':
    make_certificate()
    tap.run_at_once(9)
