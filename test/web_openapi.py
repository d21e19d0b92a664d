#!/usr/bin/python3
"""data/openapi.v1.json says what `assay serve` answers: each operation is asked well and badly, and each answer
fits the schema that stands for its status."""
import functools
import json
import pathlib
import re
import sys
import time

import jsonschema

sys.dont_write_bytecode = True
sys.path.insert(0, 'tools')
import serving
import tap

DATA = pathlib.Path('data')
DOCUMENT = json.loads((DATA / 'openapi.v1.json').read_text(encoding='utf-8'))
METHODS = ('get', 'post', 'put', 'delete')
FOLDER = serving.folder()
STORE = serving.path(FOLDER.name, 'store.db')


def store(*words):
    done = serving.run('store', *words, f'--store={STORE}')
    assert done.returncode == 0, done.stderr
    return done.stdout


store('init')
store('import', 'data/evidence/crusoe.yaml')
PRICES = serving.path(FOLDER.name, 'prices.csv')
PRICES.write_text(
    'provider,product,region,gpu,gpus,rental,price,currency,observed,source,nvlink,reliability,upfront\n'
    'crusoe,a,us-1,H100 SXM,8,on-demand,24,USD,2026-07-01,https://crusoe.example/,yes,0.99,\n'
    'lambda,b,us-2,H100 SXM,8,on-demand,23.92,USD,2026-07-02T10:00:00Z,,,,\n'
)
store('import', '--stream=quotes', '--as-of=2026-07-05', PRICES)
BUNDLE = serving.path(FOLDER.name, 'bundle.json')
serving.run('check', '--profile=quick', '--provider=crusoe', '--node=n1', f'--bundle={BUNDLE}')
store('import', '--stream=nodes', '--party=crusoe', BUNDLE)
TOKEN = store('token', 'make', '--party=crusoe', '--scope=push,nodes,feedback,moderate').split()[-1]
WEAK = {scope: store('token', 'make', '--party=crusoe', f'--scope={scope}').split()[-1] for scope in ('feedback', 'nodes')}
SERVER = serving.Server('--rate=0', f'--store={STORE}')

FITS = set()  # what was found to fit its schema

ID = json.loads(store('export', 'evidence').splitlines()[0])['id']

# What stands for the names in braces and for the fields that have to be there.
GIVEN = {'provider': 'crusoe', 'criterion': 'lifecycle.console', 'node': 'crusoe/*/*/*/*/n1', 'cluster': '*', 'name': 'n1',
         'key': 'h100/80gb/sxm/on-demand/all-tiers', 'day': '2026-07-02', 'id': ID}
BODIES = {
    'push': BUNDLE.read_bytes(),
    'pushPrices': b'{"schema":"assay/prices/v1","quotes":[{"schema":"assay/quote/v1","provider":"crusoe","gpu":"H100 SXM",'
    b'"gpus":8,"rental":"on-demand","price":"25","currency":"USD","unit":"hour","per":"offer","observed":"2026-07-03"}]}',
    'enrol': b'{"schema":"assay/enrolment/v1","code":"x","name":"n1"}',
    'giveFeedback': b'{"schema":"assay/feedback/v1","subject":{"provider":"crusoe"},'
    b'"answers":{"lifecycle.support":"good"}}',
    'feedbackRun': BUNDLE.read_bytes(),
    'feedbackCode': b'{"schema":"assay/feedback-customer/v1","provider":"crusoe","customer":"1"}',
    'reply': b'{"schema":"assay/feedback-reply/v1","text":"thank you"}',
    'nodeRacks': b'{"schema":"assay/racks/v1","racks":[{"rack":"r07","nodes":"n[1-8]"}]}',
    'nodeLife': b'{"schema":"assay/node-life/v1","life":"repair","reason":"fan"}',
    'moderate': b'{"schema":"assay/feedback-moderation/v1","act":"confirm","about":"x","reason":"y"}',
}
# A certificate, a nonce and an answer are more than an operation alone can have.
EXPECTED = {'enrol': {403}, 'feedbackRun': {422}, 'moderate': {404}}


def operations():
    for path, item in DOCUMENT['paths'].items():
        for method in METHODS:
            if method in item:
                yield path, method.upper(), item[method]


def weak_of(operation):
    """A token that does not hold what the operation asks for."""
    demands = [scope for demand in operation.get('security') or [] for scope in demand.get('token', [])]
    return WEAK['nodes' if 'feedback' in demands else 'feedback']


@functools.cache
def validator_of(reference):
    schema = json.loads((DATA / reference).read_text(encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def resolved(item):
    while '$ref' in item:
        where = DOCUMENT
        for part in item['$ref'].removeprefix('#/').split('/'):
            where = where[part]
        item = where
    return item


def expect_described(operation, answer):
    """The answer is one that the document describes, in status, header fields and body."""
    described = operation['responses'].get(str(answer.status), operation['responses']['default'])
    if answer.status >= 400:
        described = resolved(operation['responses']['default'])
        assert answer.fields['content-type'] == 'application/json'
    described = resolved(described)
    name = f'{operation["operationId"]}: {answer}'
    if 'content' not in described:
        assert answer.body == b'', name
        return
    content = described['content'][answer.fields['content-type']]
    if (content['schema']['$ref'], answer.body) in FITS:
        return
    faults = [f'{list(f.absolute_path)}: {f.message}' for f in validator_of(content['schema']['$ref']).iter_errors(answer.json())]
    assert not faults, f'{operation["operationId"]}: {faults[:5]}'
    FITS.add((content['schema']['$ref'], answer.body))
    if 'ETag' in described.get('headers', {}):
        assert 'etag' in answer.fields, name


def ask(path, method, operation, token=TOKEN, given=GIVEN, body=None, **fields):
    path = re.sub(r'\{(\w+)\}', lambda m: serving.quote(given[m[1]]), path)
    # What may be left out is asked for only where naming nothing is to be found missing.
    named = given is not GIVEN and '404' in operation['responses']
    query = [
        f'{p["name"]}={serving.quote(given[p["name"]])}'
        for p in operation.get('parameters', [])
        if p['in'] == 'query' and (p['required'] or (named and p['name'] in given))
    ]
    if query:
        path += '?' + '&'.join(query)
    if token:
        fields['Authorization'] = f'Bearer {token}'
    if 'requestBody' in operation:
        fields.setdefault('Content-Type', 'application/json')
        body = BODIES[operation['operationId']] if body is None else body
    return SERVER.ask(method, path, body, fields)


@tap.case
def the_document_holds_together():
    assert DOCUMENT['openapi'].startswith('3.1')
    names = [operation['operationId'] for _, _, operation in operations()]
    assert len(names) == len(set(names)) > 10
    for path, _, operation in operations():
        inside = {p['name'] for p in operation.get('parameters', []) if p['in'] == 'path'}
        assert inside == set(re.findall(r'\{(\w+)\}', path)), path
        for response in operation['responses'].values():
            for content in resolved(response).get('content', {}).values():
                validator_of(content['schema']['$ref'])


@tap.case
def every_operation_asked_well_answers_as_described():
    for path, method, operation in operations():
        answer = ask(path, method, operation)
        assert answer.status in EXPECTED.get(operation['operationId'], {200, 201}), f'{path}: {answer}'
        expect_described(operation, answer)
        if method == 'GET' and answer.status == 200:
            again = ask(path, method, operation, **{'If-None-Match': answer.fields['etag']})
            assert again.status == 304, f'{path}: {again}'
            expect_described(operation, again)


@tap.case
def a_provider_with_what_its_nodes_do_not_tell_is_described():
    path, method, operation = next(one for one in operations() if one[2]['operationId'] == 'provider')
    deadline = time.monotonic() + 60
    while True:
        answer = ask(path, method, operation)
        if any('unknown' in record for record in answer.json()['records']):
            break
        assert time.monotonic() < deadline, 'the bundle that was pushed does not show'
        time.sleep(0.2)
    expect_described(operation, answer)


@tap.case
def every_operation_asked_badly_answers_in_the_one_form():
    nothing = {name: 'nothing' for name in GIVEN}
    for path, method, operation in operations():
        closed = operation.get('security') and 'token' in operation['security'][0]
        answers = {
            'nobody': ask(path, method, operation, token=None),
            'a wrong token': ask(path, method, operation, token='assay_wrong'),
            'a weak token': ask(path, method, operation, token=weak_of(operation)),
            'nothing': ask(path, method, operation, given=nothing),
        }
        for answer in answers.values():
            expect_described(operation, answer)
        assert answers['a wrong token'].status == 401
        if closed:
            assert answers['nobody'].status == 401 and answers['a weak token'].status == 403, path
        if '404' in operation['responses']:
            assert answers['nothing'].status == 404, path
        if 'requestBody' in operation:
            for body in (b'', b'{', b'[]', b'{"schema":"x"}'):
                answer = ask(path, method, operation, body=body)
                assert 400 <= answer.status < 500, answer
                expect_described(operation, answer)
        for parameter in operation.get('parameters', []):
            if parameter['name'] == 'limit':
                answer = SERVER.ask(method, f'{path}?limit=0', fields={'Authorization': f'Bearer {TOKEN}'})
                assert answer.status == 400, answer
                expect_described(operation, answer)


@tap.case
def every_price_has_the_line_of_its_quote():
    found = SERVER.get('/api/v1/prices').json()['quotes']
    assert [price['quote']['provider'] for price in found] == ['crusoe', 'lambda', 'crusoe']
    for price in found:
        faults = [fault.message for fault in validator_of('schema/quote.v1.json').iter_errors(price['quote'])]
        assert not faults, faults


@tap.case
def every_scope_is_one_that_tokens_have():
    for path, _, operation in operations():
        for demand in operation.get('security') or []:
            for scope in demand.get('token', []):
                assert scope in ('push', 'prices', 'nodes', 'feedback', 'moderate', 'admin'), path


try:
    tap.run()
finally:
    SERVER.end()
    FOLDER.cleanup()
