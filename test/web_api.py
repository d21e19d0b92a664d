#!/usr/bin/python3
"""What programs read from `assay serve` and bring to it: paging, tokens, pushes good and bad."""
import json
import pathlib
import re
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, 'tools')
sys.path.insert(0, 'bench')
import postgresql
import serving
import synthetic
import tap

FOLDER = serving.folder()
STORE = serving.path(FOLDER.name, 'store.db')


def store(*words, **options):
    named = [f'--{name}={value}' for name, value in options.items()]
    done = serving.run('store', *words, f'--store={STORE}', *named)
    assert done.returncode == 0, done.stderr
    return done.stdout


def token(party, scope):
    return store('token', 'make', party=party, scope=scope).split()[-1]


def bundle(*records, **changes):
    """A bundle that was not signed."""
    whole = {
        'schema': 'assay/bundle/v1',
        'created': '2026-01-01T00:00:00Z',
        'version': '0.1.0',
        'set': synthetic.hash_of_set(records),
        'records': list(records),
    }
    return json.dumps(whole | changes).encode()


def record(number=1, provider='crusoe', **changes):
    return synthetic.sealed(
        {
            'id': f'{provider}.test.{number}',
            'subject': {'provider': provider},
            'what': 'lifecycle.console',
            'kind': 'document',
            'strength': 'E1',
            'observed': '2025-04-01',
            'source': {'name': 'synthetic'},
            'excerpt': 'made up to test with',
            'answer': ANSWER,
        }
        | changes
    )


store('init')
store('import', 'data/evidence/crusoe.yaml', 'data/evidence/nebius.yaml')
PUSHER, READER = token('crusoe', 'push'), token('crusoe', 'nodes')
TENANT, RIVAL = token('acme@crusoe', 'push,nodes'), token('nebius', 'push,nodes')
SERVER = serving.Server('--rate=0', f'--store={STORE}')
ANSWER = SERVER.get('/api/v1/criteria/lifecycle.console').json()['criterion']['answers'][-1]['answer']


def ask(method, path, body=None, secret=None, **fields):
    if secret:
        fields['Authorization'] = f'Bearer {secret}'
    if body is not None:
        fields.setdefault('Content_Type', 'application/json')
    return SERVER.ask(method, path, body, {k.replace('_', '-'): v for k, v in fields.items()})


def push(body, secret=None, **fields):
    return ask('POST', '/api/v1/bundles', body, PUSHER if secret is None else secret, **fields)


def entries():
    """How many there are, and what the chain ends in."""
    return store('verify')


def refused(answer, status, word=''):
    assert answer.status == status, answer
    said = answer.json()
    assert said['schema'] == 'assay/error/v1' and said['status'] == status
    assert word in said['error'], said


@tap.case
def ratings_providers_and_criteria_are_the_twins_of_the_pages():
    for path, page in {
        '/api/v1/ratings': '/index.json',
        '/api/v1/providers/crusoe': '/provider/crusoe.json',
        '/api/v1/criteria': '/criteria.json',
        '/api/v1/criteria/lifecycle.console': '/criterion/lifecycle.console.json',
        '/api/v1/method': '/method.json',
        '/api/v1/market': '/market.json',
    }.items():
        assert SERVER.get(path).body == SERVER.get(page).body, path
    refused(SERVER.get('/api/v1/providers/nobody'), 404)
    refused(SERVER.get('/api/v1/criteria/nothing'), 404)
    refused(SERVER.get('/api/v1/nothing'), 404)
    refused(SERVER.get('/api/v2/ratings'), 404)


@tap.case
def evidence_comes_in_pages_that_lead_on():
    path, seen = '/api/v1/evidence?provider=crusoe&limit=7', []
    while path:
        page = SERVER.get(path)
        assert page.status == 200, page
        said = page.json()
        assert said['count'] == len(said['records']) <= 7
        seen += said['records']
        path = said['next']
        assert page.fields.get('link') == (f'<{path}>; rel="next"' if path else None)
    ids = [one['id'] for one in seen]
    assert len(ids) == len(set(ids)) > 7, ids
    assert {one['subject']['provider'] for one in seen} == {'crusoe'}
    assert all(one['hash'].startswith('sha256:') for one in seen)
    whole = SERVER.get('/api/v1/evidence?limit=1000').json()
    assert whole['next'] is None and whole['count'] > len(ids)


@tap.case
def prices_are_found_by_provider_key_and_day_and_read_as_a_page():
    file = serving.path(FOLDER.name, 'prices.csv')
    file.write_text(
        'provider,product,gpu,gpus,rental,price,currency,observed,source\n'
        'lambda,<b>8x</b>,H100 SXM,8,on-demand,23.92,USD,2026-07-01,https://lambda.example/\n'
        'lambda,,H100 SXM,8,on-demand,20,USD,2026-07-03,\n'
        'runpod,,H100 SXM,1,spot,1.5,USD,2026-07-02,\n'
    )
    done = serving.run('store', 'import', '--stream=quotes', '--as-of=2026-07-05', '--party=desk', f'--store={STORE}', file)
    assert done.returncode == 0, done.stderr

    def found(query):
        page = SERVER.get(f'/api/v1/prices?{query}').json()
        assert page['count'] == len(page['quotes'])
        return [(price['quote']['provider'], price['usd_per_gpu_hour']) for price in page['quotes']]

    assert found('') == [('lambda', 2.99), ('lambda', 2.5), ('runpod', 1.5)]
    assert found('provider=lambda') == [('lambda', 2.99), ('lambda', 2.5)]
    assert found('key=h100/80gb/sxm/spot/all-tiers') == [('runpod', 1.5)]
    assert found('as_of=2026-07-02') == [('lambda', 2.99), ('runpod', 1.5)]
    assert found('known_at=2026-07-02') == [] and len(found('known_at=2100-01-01T00:00:00Z')) == 3
    first = SERVER.get('/api/v1/prices?provider=lambda&as_of=2026-07-04&limit=1').json()
    assert first['quotes'][0]['party'] == 'desk' and 'as_of=2026-07-04' in first['next']
    second = SERVER.get(first['next']).json()
    assert second['quotes'][0]['usd_per_gpu_hour'] == 2.5 and second['next'] is None
    for query, word in (('as_of=July', 'as_of'), ('known_at=0', 'known_at'), ('key=%00', 'key')):
        refused(SERVER.get(f'/api/v1/prices?{query}'), 400, word)
    page = SERVER.get('/prices?provider=lambda').body.decode()
    assert '&lt;b&gt;8x' in page and '<b>8x' not in page and 'https://lambda.example/' in page and 'by desk' in page
    assert 'No such price' in SERVER.get('/prices?provider=nobody').body.decode()
    refused(SERVER.get('/prices?as_of=July'), 400, 'as_of')


@tap.case
def a_field_that_is_wrong_is_named():
    for query, word in {
        'limit=0': 'limit', 'limit=1001': 'limit', 'limit=x': 'limit', 'limit=': 'limit',
        'after=-1': 'after', 'after=1e3': 'after', 'limit=1&limit=1': 'limit', 'provider=%00': 'provider',
        'provider=%ff': 'provider',
    }.items():
        refused(SERVER.get(f'/api/v1/evidence?{query}'), 400, word)
    for provider in ("'; DROP TABLE entry; --", '%25', '*', '../crusoe', 'crusoe%2F..', ''):
        assert SERVER.get(f'/api/v1/evidence?provider={serving.quote(provider)}').status == 200


@tap.case
def what_is_pushed_is_kept_and_changes_the_rating():
    before = SERVER.get('/api/v1/ratings')
    answer = push(bundle(record(1)))
    assert answer.status == 201, answer
    receipt = answer.json()
    assert receipt['taken'] == 1 and receipt['stream'] == 'evidence'
    found = SERVER.get('/api/v1/evidence?provider=crusoe&limit=1000').json()['records']
    assert record(1) in found
    SERVER.wait_for(lambda: SERVER.get('/api/v1/ratings').body != before.body)
    assert SERVER.get('/api/v1/ratings').fields['etag'] != before.fields['etag']


@tap.case
def the_same_again_changes_nothing():
    assert push(bundle(record(1))).status in (200, 201)
    before = entries()
    for _ in range(3):
        answer = push(bundle(record(1)))
        assert answer.status == 200 and answer.json()['taken'] == 0 and answer.json()['known'] == 1
    assert entries() == before


@tap.case
def the_same_name_with_other_words_is_a_conflict():
    assert push(bundle(record(1))).status in (200, 201)
    before = entries()
    refused(push(bundle(record(1, excerpt='other words'))), 409, 'crusoe.test.1')
    refused(push(bundle(record(50), record(1, excerpt='other words'))), 409)
    assert entries() == before


@tap.case
def who_asks_has_to_be_known_and_allowed():
    before = entries()
    for secret in ('', 'assay_' + 'a' * 52, PUSHER[:-1], PUSHER + 'a', PUSHER.upper()):
        refused(ask('POST', '/api/v1/bundles', bundle(record(60)), secret or None), 401)
    refused(push(bundle(record(60)), READER), 403)
    refused(ask('GET', '/api/v1/nodes'), 401)
    refused(ask('GET', '/api/v1/nodes', secret=PUSHER), 403)
    assert ask('GET', '/api/v1/nodes', secret=READER).status == 200
    assert entries() == before


@tap.case
def nobody_speaks_about_another_provider():
    before = entries()
    refused(push(bundle(record(70)), RIVAL), 403, 'nebius')
    refused(push(bundle(record(70, 'nebius'), record(71)), RIVAL), 403)
    refused(push(bundle(record(70, 'crusoe2'))), 403)
    assert entries() == before
    assert push(bundle(record(72)), TENANT).status == 201


@tap.case
def what_is_no_bundle_is_refused_with_its_place():
    before = entries()
    good = record(80)
    bad_hash = good | {'excerpt': 'changed after it was sealed'}
    for body in (
        b'', b'{', b'[]', b'null', b'{}', b'\xff\xfe', b'{"schema":"assay/bundle/v2"}', b'[' * 100000,
        bundle(bad_hash), bundle(good, set='sha256:' + '0' * 64), bundle(good, extra=1),
        bundle(record(80, strength='E3')), bundle(record(80, strength='E2')), bundle(good, good),
        bundle(record(80, answer='no such answer')), bundle(record(80, observed='2125-01-01')),
        bundle(record(80, what='no.such-criterion')), bundle(record(80, subject={'product': 'x'})),
        bundle(good) + b'x', bundle(good, nonce='x', key='0' * 64, signature='0' * 128),
    ):
        answer = push(body)
        assert answer.status in (400, 422), f'{body[:80]}: {answer}'
        assert answer.json()['error'] and b'/dev/shm' not in answer.body
    refused(push(bundle(good), Content_Type='text/plain'), 415)
    refused(push(bundle(good), Content_Type='application/jsonx'), 415)
    assert entries() == before


def nonce_of(secret):
    answer = SERVER.ask('POST', '/api/v1/nonces', b'', {'Authorization': f'Bearer {secret}'})
    assert answer.status == 201 and answer.fields['cache-control'] == 'no-store', answer
    return answer.json()['nonce']


def signed_run(nonce, node='n1'):
    file, key = serving.path(FOLDER.name, f'signed-{node}.json'), serving.path(FOLDER.name, 'key')
    done = serving.run('check', '--profile=quick', '--provider=crusoe', f'--node={node}', f'--bundle={file}', f'--key={key}',
                       f'--nonce={nonce}')
    assert done.returncode in (0, 1, 2) and file.exists(), done.stderr
    return file


@tap.case
def a_run_comes_in_once_and_after_its_nonce_was_given():
    before = entries()
    for nonce in ('my-own', 'assay_' + 'a' * 52):
        refused(push(signed_run(nonce, 'n7').read_bytes()), 422, 'nonce')
    refused(SERVER.ask('POST', '/api/v1/nonces'), 401)
    assert entries() == before
    nonce = nonce_of(PUSHER)
    good = signed_run(nonce, 'n7').read_bytes()
    assert push(good).status == 201
    kept = entries()
    assert kept != before
    # The same again changes nothing; another run over a nonce that was used is an old one.
    again = push(good)
    assert again.status == 200 and again.json()['taken'] == 0, again
    refused(push(signed_run(nonce, 'n8').read_bytes()), 422, 'nonce')
    assert entries() == kept


@tap.case
def the_hour_of_a_token_is_kept():
    def used():
        rows = [line.split('\t') for line in store('token', 'list').splitlines()]
        return {row[1]: row[4] for row in rows if row[2] == scope}

    scope = 'nodes'
    idle = token('idle', scope)
    assert ask('GET', '/api/v1/nodes', secret=READER).status == 200
    SERVER.wait_for(lambda: re.fullmatch(r'used 20\d\d-\d\d-\d\dT\d\d:00:00Z', used()['crusoe']), used)
    assert ask('GET', '/api/v1/ratings', secret=idle).status == 200
    SERVER.wait_for(lambda: used()['idle'] != 'used never', used)
    # One that nobody knows is nobody's use.
    token('never', scope)
    assert ask('GET', '/api/v1/ratings', secret='assay_' + 'a' * 52).status == 401
    assert used()['never'] == 'used never'


@tap.case
def a_post_without_a_body_needs_no_length():
    """As curl -X POST sends it."""
    head = f'POST /api/v1/nonces HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {PUSHER}\r\n\r\n'.encode()
    answer, rest = serving.parse(SERVER.raw(head + head))
    assert answer.status == 201 and answer.json()['nonce'] and answer.fields['connection'] == 'close', answer
    assert rest == b'', 'what stood behind it was read'


@tap.case
def a_nonce_that_another_shows_is_not_used_up():
    file = signed_run(nonce_of(PUSHER), 'n9').read_bytes()
    refused(push(file, secret=TENANT), 422, 'nonce')
    assert push(file).status == 201


@tap.case
def a_signature_has_to_hold():
    file = signed_run(nonce_of(PUSHER))
    whole = json.loads(file.read_text())
    before = entries()
    for name in ('signature', 'key', 'nonce'):
        digits = whole[name]
        wrong = ('1' if digits[0] != '1' else '2') + digits[1:]
        refused(push(json.dumps(whole | {name: wrong}).encode()), 400)
    assert entries() == before
    done = serving.run('push', file, f'--to={SERVER.url}', f'--token-file={secret_file(PUSHER)}')
    assert done.returncode == 0 and json.loads(done.stdout)['taken'] == len(whole['records']), done.stderr
    again = serving.run('push', file, f'--to={SERVER.url}/', f'--token-file={secret_file(PUSHER)}')
    assert again.returncode == 0 and json.loads(again.stdout)['taken'] == 0


def secret_file(secret):
    path = serving.path(FOLDER.name, 'token')
    path.write_text(secret + '\n')
    return path


@tap.case
def push_says_what_is_wrong_before_it_asks():
    file = serving.path(FOLDER.name, 'bundle.json')
    file.write_bytes(bundle(record(90)))
    secret = f'--token-file={secret_file(PUSHER)}'
    for arguments, word in (
        ([file, '--to=http://example.org', secret], 'https'),
        ([file, '--to=ftp://127.0.0.1', secret], 'https'),
        ([file, f'--to={SERVER.url}/x', secret], 'path'),
        ([file, '--to=https://a:b@127.0.0.1', secret], 'more than'),
        ([file, f'--to={SERVER.url}'], '--token-file'),
        ([file, secret], '--to'),
        ([file, f'--to={SERVER.url}', secret, '--identity=x'], 'both'),
        ([file, f'--to={SERVER.url}', '--pin=x', secret], 'pin'),
        (['README.md', f'--to={SERVER.url}', secret], 'README'),
        ([file, '--to=http://127.0.0.1:1', secret], '127.0.0.1:1'),
        ([file, f'--to={SERVER.url}', f'--token-file={secret_file("assay_x")}'], '401'),
    ):
        done = serving.run('push', *arguments)
        assert done.returncode >= 64 and word in done.stderr, f'{arguments}: {done}'
        assert 'assay_x' not in done.stderr and PUSHER not in done.stderr


def quote(provider='crusoe', **changes):
    """A quote as the store keeps it."""
    return {
        'schema': 'assay/quote/v1', 'provider': provider, 'gpu': 'H100 SXM', 'gpus': 8, 'rental': 'on-demand',
        'price': '24', 'currency': 'USD', 'unit': 'hour', 'per': 'offer', 'observed': '2026-07-02', 'region': 'us-1',
    } | changes


def quotes(*lines, **changes):
    return json.dumps({'schema': 'assay/prices/v1', 'quotes': lines} | changes).encode()


def bring(body, secret=None, **fields):
    return ask('POST', '/api/v1/prices', body, PUSHER if secret is None else secret, **fields)


@tap.case
def prices_that_are_pushed_are_kept_once_and_shown():
    answer = bring(quotes(quote(), quote(price='23'), quote()))
    said = answer.json()
    assert answer.status == 201 and (said['stream'], said['taken'], said['known']) == ('quotes', 2, 1), said
    kept = SERVER.get('/api/v1/prices?provider=crusoe').json()['quotes']
    assert [(one['party'], one['usd_per_gpu_hour']) for one in kept] == [('crusoe', 3), ('crusoe', 2.875)], kept
    before = entries()
    again = bring(quotes(quote()))
    assert again.status == 200 and again.json()['taken'] == 0 and again.json()['known'] == 1, again
    assert bring(quotes()).json()['taken'] == 0
    assert entries() == before
    desk = token('desk', 'prices')
    assert bring(quotes(quote('lambda', price='22'), quote('nebius', price='21')), desk).json()['taken'] == 2
    assert bring(quotes(quote(price='20')), TENANT).json()['taken'] == 1


@tap.case
def prices_that_come_are_read_and_no_others():
    def looks():
        return [json.loads(line) for line in SERVER.lines().splitlines() if '"event":"prices"' in line]

    def kept():
        return len(SERVER.get('/api/v1/prices?limit=1000').json()['quotes'])

    SERVER.wait_for(lambda: looks() and int(looks()[-1]['quotes']) == kept())
    before = len(looks())
    assert bring(quotes(quote(price='18'), quote(price='17'))).json()['taken'] == 2
    SERVER.wait_for(lambda: int(looks()[-1]['quotes']) == kept())
    assert sum(int(look['read']) for look in looks()[before:]) == 2, looks()


@tap.case
def prices_that_are_none_or_anothers_change_nothing():
    before = entries()
    for changes, word in (
        ({'price': '0'}, "quote 2, 'crusoe"), ({'gpu': 'nothing'}, 'quote 2'), ({'observed': '2090-01-01'}, 'quote 2'),
        ({'currency': 'QQQ'}, 'quote 2'), ({'price': '9000'}, 'quote 2'), ({'provider': ''}, 'quote 2'),
    ):
        refused(bring(quotes(quote(price='19'), quote(**changes))), 422, word)
    for body, status in (
        (quotes(quote('lambda')), 403), (quotes(quote(price='19'), quote('lambda')), 403), (b'', 400), (b'[]', 400),
        (quotes(quote(), schema='assay/prices/v2'), 400), (quotes(quote(more=1)), 400), (quotes(quote(schema='x')), 400),
        (quotes(1), 400), (quotes(quote(), quotes=5), 400), (quotes(quote(price=['1'])), 400), (quotes(more=1), 400),
        (quotes(*[quote(price=f'{1000 + i}') for i in range(5001)]), 413),
    ):
        refused(bring(body), status)
    refused(bring(quotes(quote(price='19')), Content_Type='text/csv'), 415)
    refused(bring(quotes(quote(price='19')), READER), 403)
    refused(ask('POST', '/api/v1/prices', quotes(quote(price='19'))), 401)
    head = f'POST /api/v1/prices HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {PUSHER}\r\nContent-Length: {17 << 20}\r\n\r\n'
    refused(serving.parse(SERVER.raw(head.encode()))[0], 413)
    refused(ask('POST', '/api/v1/bundles', bundle(record(95)), token('desk', 'prices')), 403)
    assert entries() == before


@tap.case
def price_lists_are_pushed_as_they_are_imported():
    file = serving.path(FOLDER.name, 'list.csv')
    rows = [f'crusoe,p{i},H100 SXM,8,on-demand,{16 + i % 7},USD,2026-07-02' for i in range(4500)]
    file.write_text('\n'.join(['provider,product,gpu,gpus,rental,price,currency,observed', *rows, 'crusoe,x,H100 SXM,8,spot,0,USD,']))
    arguments = ('push', '--stream=quotes', f'--to={SERVER.url}', f'--token-file={secret_file(PUSHER)}')
    for taken in (4500, 0):
        done = serving.run(*arguments, file)
        receipts = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 0 and sum(one['taken'] for one in receipts) == taken, done
        assert sum(one['taken'] + one['known'] for one in receipts) == 4500 and len(receipts) == 3
        assert '1 of 4501 rows refused' in done.stderr, done.stderr
    file.write_text('provider,gpu,gpus,rental,price,currency,observed\nlambda,H100 SXM,8,on-demand,24,USD,2026-07-02\n')
    done = serving.run(*arguments, file)
    assert done.returncode >= 64 and 'lambda' in done.stderr and '0 requests' in done.stderr, done
    for words, said in ((('--stream=nodes', file), '--stream nodes'), (('--stream=quotes', 'README.md'), 'README.md')):
        done = serving.run('push', *words, f'--to={SERVER.url}', f'--token-file={secret_file(PUSHER)}')
        assert done.returncode >= 64 and said in done.stderr, done


@tap.case
def many_at_once_are_taken_whole():
    answers = []

    def one(number):
        answers.append(push(bundle(*(record(1000 + number * 10 + i) for i in range(10)))).status)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 12, answers
    assert 'no fault' in entries()


@tap.case
def a_body_that_never_comes_whole_changes_nothing():
    before = entries()
    body = bundle(record(95))
    head = (f'POST /api/v1/bundles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {PUSHER}\r\n'
            f'Content-Type: application/json\r\nContent-Length: {len(body) + 1}\r\n\r\n').encode()
    SERVER.raw(head + body, shut=True, silent_s=0.3)
    refused(serving.parse(SERVER.raw(head.replace(str(len(body) + 1).encode(), b'999999999')))[0], 413)
    assert entries() == before


@tap.case
def who_is_refused_hears_why_however_much_he_sends():
    for size in (1000, 300_000, 1_000_000):
        refused(ask('POST', '/api/v1/bundles', b'x' * size), 401)
        refused(push(b'x' * size, READER), 403)
    refused(push(b'x' * 5_000_000), 400)
    link = SERVER.http()
    for _ in range(2):
        link.request('POST', '/api/v1/bundles', b'x' * 1000)
        came = link.getresponse()
        assert came.status == 401 and came.read()
    link.close()
    large = serving.path(FOLDER.name, 'large.json')
    large.write_bytes(bundle(*(record(5000 + i, excerpt='x' * 1900) for i in range(1500))))
    done = serving.run('push', large, f'--to={SERVER.url}', f'--token-file={secret_file(RIVAL)}')
    assert '403' in done.stderr, done
    done = serving.run('push', large, f'--to={SERVER.url}', f'--token-file={secret_file(READER)}')
    assert '403' in done.stderr, done
    done = serving.run('push', large, f'--to={SERVER.url}', f'--token-file={secret_file(PUSHER)}')
    assert done.returncode == 0, done


@tap.case
def what_was_revoked_opens_nothing():
    secret = token('crusoe', 'push')
    number = store('token', 'list').splitlines()[-1].split()[0]
    assert push(bundle(record(1)), secret).status in (200, 201)
    store('token', 'revoke', number)
    refused(push(bundle(record(1)), secret), 401)


@tap.case
def no_secret_is_ever_logged():
    SERVER.get('/?x=1')
    assert PUSHER not in SERVER.lines() and 'assay_' not in SERVER.lines()
    assert '"party":"crusoe"' in SERVER.lines()


@tap.case
def enrolling_needs_a_certificate():
    refused(ask('POST', '/api/v1/agents', b'{}'), 403, 'certificate')


@tap.case
def postgresql_serves_as_well():
    pathlib.Path(FOLDER.name).chmod(0o711)  # PostgreSQL runs as another user
    with postgresql.server(serving.path(FOLDER.name, 'postgresql')) as where:
        assert where, 'PostgreSQL is not installed'
        for words in (['init'], ['import', 'data/evidence/crusoe.yaml']):
            assert serving.run('store', *words, f'--store={where}').returncode == 0
        made = serving.run('store', 'token', 'make', f'--store={where}', '--party=crusoe', '--scope=push')
        fields = {'Authorization': f'Bearer {made.stdout.split()[-1]}', 'Content-Type': 'application/json'}
        with serving.Server('--rate=0', f'--store={where}') as server:
            before = server.get('/api/v1/ratings').body
            for status in (201, 200):
                answer = server.ask('POST', '/api/v1/bundles', bundle(record(1)), fields)
                assert answer.status == status, answer
            refused(server.ask('POST', '/api/v1/bundles', bundle(record(1, excerpt='x')), fields), 409)
            found = server.get('/api/v1/evidence?limit=1000').json()['records']
            assert record(1) in found and len(found) > 7
            server.wait_for(lambda: server.get('/api/v1/ratings').body != before)
        assert serving.run('store', 'verify', f'--store={where}').returncode == 0


try:
    tap.run()
finally:
    SERVER.end()
    FOLDER.cleanup()
