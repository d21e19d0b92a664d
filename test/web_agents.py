#!/usr/bin/python3
"""Two agents enrol and push over mutual TLS, each for its own party and no other."""
import hashlib
import json
import re
import ssl
import subprocess
import sys
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, 'tools')
import serving
import tap

FOLDER = serving.folder()
STORE = serving.path(FOLDER.name, 'store.db')
TLS = serving.path(FOLDER.name, 'tls')


def place(name):
    return serving.path(FOLDER.name, name)


def store(*words, **options):
    named = [f'--{name}={value}' for name, value in options.items()]
    done = serving.run('store', *words, f'--store={STORE}', *named)
    assert done.returncode == 0, done.stderr
    return done.stdout


store('init')
SERVER = serving.Server('--rate=0', f'--store={STORE}', f'--tls-make={TLS}')
PIN = SERVER.pin


def code(party):
    return store('code', party=party).split()[-1]


def enrol(name, code, pin=None):
    return serving.run(
        'enrol', SERVER.url, f'--code={code}', f'--pin={pin or PIN}', f'--identity={place(name)}', f'--node={name}'
    )


def shown(name):
    return serving.trusting(place(f'{name}/certificate.pem'), place(f'{name}/key.pem'))


def look(name, provider):
    file = place(f'{name}.json')
    serving.run('check', '--profile=quick', f'--provider={provider}', f'--node={name}', f'--bundle={file}')
    return file


def push(name, provider, file=None):
    return serving.run('push', file or look(name, provider), f'--identity={place(name)}')


def get(path, name):
    return SERVER.ask('GET', path, context=shown(name) if name else None)


FIRST = enrol('first', code('acme@crusoe'))
SECOND = enrol('second', code('rival@nebius'))


@tap.case
def an_agent_enrols_once_with_its_code():
    assert FIRST.returncode == 0 and SECOND.returncode == 0, FIRST.stderr + SECOND.stderr
    said = json.loads(FIRST.stdout)
    assert said['party'] == 'acme@crusoe' and said['name'] == 'first'
    assert place('first/key.pem').stat().st_mode & 0o777 == 0o600
    used = code('acme@crusoe')
    assert enrol('third', used).returncode == 0
    again = enrol('fourth', used)
    assert again.returncode >= 64 and '403' in again.stderr, again
    assert not place('fourth/server.json').exists()
    assert used not in SERVER.lines()


@tap.case
def a_code_that_lets_nobody_in_is_not_used_up():
    secret = code('acme@crusoe')
    again = enrol('first', secret)  # with the certificate that it enrolled with
    assert again.returncode >= 64 and '409' in again.stderr, again
    done = enrol('late', secret)
    assert done.returncode == 0, done.stderr


@tap.case
def a_code_that_nobody_gave_lets_nobody_in():
    for wrong in ('', 'x', 'assay_' + 'a' * 52, "' OR 1=1 --"):
        done = enrol('fourth', wrong)
        assert done.returncode >= 64, done
    refused = push('fourth', 'crusoe')
    assert refused.returncode >= 64 and 'enrol' in refused.stderr


@tap.case
def another_server_is_not_spoken_to():
    wrong = 'sha256//' + 'A' * 43 + '='
    secret = code('acme@crusoe')
    done = enrol('fifth', secret, wrong)
    assert done.returncode >= 64 and 'another key' in done.stderr, done
    with serving.Server('--rate=0', f'--store={STORE}', f'--tls-make={place("other")}') as other:
        done = serving.run('push', look('first', 'crusoe'), f'--identity={place("first")}', f'--to={other.url}')
        assert done.returncode >= 64 and 'another key' in done.stderr, done
    # The code was never sent, so it still holds.
    assert enrol('fifth', secret).returncode == 0


@tap.case
def what_an_agent_pushes_is_history_of_its_party_alone():
    for name, provider in (('first', 'crusoe'), ('second', 'nebius')):
        done = push(name, provider)
        assert done.returncode == 0, done.stderr
        receipt = json.loads(done.stdout)
        assert receipt['stream'] == 'nodes' and receipt['taken'] > 10
    mine = get('/api/v1/nodes', 'first').json()['nodes']
    theirs = get('/api/v1/nodes', 'second').json()['nodes']
    assert [n['node'] for n in mine] == ['crusoe/*/*/*/*/first'], mine
    assert [n['node'] for n in theirs] == ['nebius/*/*/*/*/second'], theirs
    assert SERVER.get('/api/v1/evidence').json()['count'] == 0


@tap.case
def findings_of_a_node_are_for_its_own_party():
    node = serving.quote('crusoe/*/*/*/*/first')
    mine = get(f'/api/v1/findings?node={node}', 'first')
    assert mine.status == 200 and mine.json()['schema'] == 'assay/checkup/v1', mine
    assert mine.fields['cache-control'] == 'no-store'
    assert get(f'/api/v1/findings?node={node}', 'third').status == 200
    assert get(f'/api/v1/findings?node={node}', 'second').status == 404
    assert get(f'/api/v1/findings?node={node}', None).status == 401
    assert get('/api/v1/findings', 'first').status == 400


@tap.case
def an_agent_speaks_about_its_own_provider_only():
    before = store('verify')
    done = push('first', 'nebius', look('foreign', 'nebius'))
    assert done.returncode >= 64 and '403' in done.stderr, done
    assert store('verify') == before


@tap.case
def a_certificate_that_is_not_enrolled_is_nobody():
    enrol('stranger', 'x')
    assert place('stranger/certificate.pem').exists()
    assert get('/api/v1/nodes', 'stranger').status == 401
    assert get('/', 'stranger').status == 200


@tap.case
def an_agent_that_is_revoked_is_nobody_from_then_on():
    assert enrol('stolen', code('acme@crusoe')).returncode == 0
    assert push('stolen', 'crusoe').returncode == 0 and get('/api/v1/nodes', 'stolen').status == 200
    rows = {row[2]: row for row in (line.split('\t') for line in store('agent', 'list').splitlines())}
    assert rows['stolen'][1] == 'acme@crusoe' and rows['second'][1] == 'rival@nebius', rows
    assert re.fullmatch(r'since 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ', rows['stolen'][3]), rows
    shown_as = subprocess.run(['openssl', 'x509', '-in', place('stolen/certificate.pem'), '-outform', 'DER'],
                              capture_output=True, check=True).stdout
    assert rows['stolen'][0] == 'sha256:' + hashlib.sha256(shown_as).hexdigest(), rows
    store('agent', 'revoke', rows['stolen'][0])
    assert get('/api/v1/nodes', 'stolen').status == 401
    refused = push('stolen', 'crusoe')
    assert refused.returncode >= 64 and '401' in refused.stderr, refused
    assert get('/api/v1/nodes', 'first').status == 200
    assert 'stolen' not in store('agent', 'list') and 'first' in store('agent', 'list')
    for words, status in ((['revoke', rows['stolen'][0]], 66), (['revoke', 'sha256:12'], 64), (['revoke'], 64), ([], 64),
                          (['list', 'x'], 64), (['make'], 64)):
        done = serving.run('store', 'agent', *words, f'--store={STORE}')
        assert done.returncode == status and done.stderr.count('\n') == 1, (words, done)


@tap.case
def a_certificate_without_its_key_is_refused():
    stolen = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        stolen.load_cert_chain(place('first/certificate.pem'), place('second/key.pem'))
        raise AssertionError('taken')
    except ssl.SSLError:
        pass
    place('mixed').mkdir()
    for name, of in (('certificate.pem', 'first'), ('key.pem', 'second'), ('server.json', 'first')):
        place(f'mixed/{name}').write_bytes(place(f'{of}/{name}').read_bytes())
    done = push('mixed', 'crusoe', look('first', 'crusoe'))
    assert done.returncode >= 64, done


@tap.case
def only_new_tls_is_spoken_and_nothing_plain():
    came = SERVER.raw(b'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    assert b'200' not in came and b'html' not in came
    warnings.simplefilter('ignore', DeprecationWarning)
    old = serving.trusting()
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        SERVER.ask('GET', '/', context=old)
        raise AssertionError('spoke TLS 1.1')
    except (ssl.SSLError, OSError):
        pass
    assert SERVER.get('/').status == 200


@tap.case
def the_certificate_stays_and_is_that_of_the_pin():
    text = subprocess.run(
        ['openssl', 'x509', '-in', TLS / 'certificate.pem', '-noout', '-text'], capture_output=True, text=True, check=True
    ).stdout
    assert 'IP Address:127.0.0.1' in text and 'CA:FALSE' in text
    with serving.Server('--rate=0', f'--store={STORE}', f'--tls-make={TLS}') as again:
        assert again.pin == PIN
    assert re.fullmatch(r'sha256//[A-Za-z0-9+/]{43}=', PIN)
    done = serving.run('serve', '--port=0', f'--tls-certificate={TLS / "certificate.pem"}')
    assert done.returncode == 66 and '--tls-key' in done.stderr, done
    done = serving.run('serve', '--port=0', f'--tls-certificate={TLS / "certificate.pem"}',
                       f'--tls-key={place("first/key.pem")}')
    assert done.returncode == 65 and 'not that of' in done.stderr, done


try:
    tap.run()
finally:
    SERVER.end()
    FOLDER.cleanup()
