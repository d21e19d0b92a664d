#!/usr/bin/python3
"""The pages of `assay serve` in a browser: test/browser/pages.mjs looks at each; here the server is set up with
evidence, prices and nodes, and what it prints is handed on."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']
import machines
import serving
import shared
import tap

FOLDER = serving.folder()
STORE = serving.path(FOLDER.name, 'store.db')
MODULES = pathlib.Path('.npm/browser/node_modules').absolute()
CHROMIUM = shutil.which('chromium')
SHARED = shared.folder()
TIMEOUT_S = 280


def store(*words):
    done = serving.run('store', *words, f'--store={STORE}')
    assert done.returncode == 0, done.stderr
    return done.stdout


def look(node, change=None, where=()):
    """A look at a node of a party, kept in the store."""
    machine = machines.healthy('h100x8')
    if change:
        change(machine)
    root = pathlib.Path(FOLDER.name, f'root-{node}')
    scenario = machines.Stage(root).show(machine)
    bundle = serving.path(FOLDER.name, f'{node}.json')
    done = subprocess.run(
        [serving.ASSAY, 'check', f'--root={root}', '--provider=crusoe', f'--node={node}', f'--bundle={bundle}', *where],
        capture_output=True, text=True, check=False,
        env=os.environ | {'ASSAY_SCENARIO': str(scenario), 'ASSAY_LIBRARY_PATH': os.environ.get('ASSAY_VENDOR', 'build/test/vendor')},
    )
    assert done.returncode in (0, 1, 2), done.stderr
    store('import', '--stream=nodes', '--party=acme', bundle)


store('init')
store('import', 'data/evidence')
look('n1')
look('n2', lambda machine: machines.keep_gpus(machine, 7))
look('n3', where=('--product=big', '--region=eu-1', '--cluster=c1'))
TOKEN = store('token', 'make', '--party=acme', '--scope=nodes,push').split()[-1]
OTHER = store('token', 'make', '--party=rival', '--scope=nodes').split()[-1]
SERVER = serving.Server('--rate=0', '--as-of=2026-11-20', f'--store={STORE}', *([f'--market={SHARED / "data" / "prices" / "gpurentalprices"}'] if SHARED else []), draws=300)


def get(path, token=TOKEN, **fields):
    if token:
        fields['Authorization'] = f'Bearer {token}'
    return SERVER.ask('GET', path, None, fields)


@tap.case
def the_grid_shows_each_node_and_its_rails():
    grid = get('/nodes.json').json()
    nodes = {one['node']: one for one in grid['nodes']}
    assert set(nodes) == {'n1', 'n2', 'n3'}, grid
    assert len(nodes['n1']['rails']) == 8 and len(nodes['n2']['rails']) == 7, grid
    assert nodes['n2']['gate'] == 'fail' and nodes['n2']['life'] == 'quarantine', nodes['n2']
    page = get('/nodes', Accept='text/html').body.decode()
    assert '/nodes/crusoe/*/n2' in page or 'nodes/crusoe/*/n2' in page, page
    assert 'quarantine' in page


@tap.case
def a_node_page_says_what_was_found():
    answer = get('/nodes/crusoe/*/n2.json')
    assert answer.status == 200, answer
    view = answer.json()
    assert view['schema'] == 'assay/node-view/v1'
    assert view['periods'] and view['periods'][-1]['life'] == 'quarantine', view['periods']
    failing = [check['name'] for check in view['checkup']['checks'] if check['verdict'] == 'fail']
    assert failing, view['checkup']['gate']
    page = get('/nodes/crusoe/*/n2', Accept='text/html').body.decode()
    assert '<h1>n2</h1>' in page and failing[0] in page


@tap.case
def a_node_of_a_product_in_a_region_has_its_findings_too():
    view = get('/nodes/crusoe/c1/n3.json').json()
    assert view['node']['cluster'] == 'c1' and view['checkup'], view['node']
    assert view['checkup']['check_count']['pass'] > 0, view['checkup']['check_count']


@tap.case
def nodes_are_seen_by_their_own_party_alone():
    assert get('/nodes.json', token=None).status == 401
    assert get('/nodes.json', token=OTHER).json()['nodes'] == []
    assert get('/nodes/crusoe/*/n1.json', token=OTHER).status == 404
    asked = get('/nodes', token=None, Accept='text/html')
    assert asked.status == 303 and asked.fields['location'] == '/login?to=/nodes', asked


@tap.case
def a_browser_signs_in_and_is_sent_nowhere_else():
    def sign_in(body):
        return SERVER.ask('POST', '/login', body.encode(), {'Content-Type': 'application/x-www-form-urlencoded'})

    good = sign_in(f'token={TOKEN}&to=%2Fnodes')
    assert good.status == 303 and good.fields['location'] == '/nodes', good
    cookie = good.fields['set-cookie']
    assert 'HttpOnly' in cookie and 'SameSite=Strict' in cookie, cookie
    assert get('/nodes.json', token=None, Cookie=cookie.split(';')[0]).status == 200
    assert sign_in('token=assay_wrong').status == 403
    for to in ('https%3A%2F%2Fevil.example', '%2F%2Fevil.example', '%2F%5Cevil.example', 'x%0D%0AX-Evil%3A1'):
        away = sign_in(f'token={TOKEN}&to={to}')
        assert away.status == 400 or away.fields['location'] == '/', away
    assert get('/nodes.json', token=None, Cookie='assay=assay_wrong').status == 401


@tap.case
def what_the_keeper_says_stands_until_he_says_otherwise():
    def say(life, node='n1', token=TOKEN):
        body = json.dumps({'schema': 'assay/node-life/v1', 'life': life, 'reason': 'fan <b>'})
        return SERVER.ask('POST', f'/api/v1/nodes/crusoe/*/{node}/life', body.encode(),
                          {'Content-Type': 'application/json', 'Authorization': f'Bearer {token}'})

    assert say('repair').status == 201
    view = get('/nodes/crusoe/*/n1.json').json()
    assert view['periods'][-1] | {'from': ''} == {'life': 'repair', 'from': '', 'reason': 'fan <b>'}, view['periods']
    assert 'fan &lt;b&gt;' in get('/nodes/crusoe/*/n1', Accept='text/html').body.decode()
    assert say('sleep').status == 400 and say('repair', node='n9').status == 404
    assert say('repair', token=OTHER).status == 403


@tap.case
def a_view_that_cannot_be_is_refused_with_its_field():
    for query, word in (('order=luck', 'order'), ('w.security=101', 'security'), ('price=x', 'price'), ('order=name&order=rank', 'order')):
        answer = get(f'/view.json?{query}', token=None)
        assert answer.status == 400 and word in answer.json()['error'], answer


@tap.case
def every_page_is_for_everybody():
    assert CHROMIUM and MODULES.is_dir(), 'tools/prepare check installs the browser and its driver'
    done = subprocess.run(
        ['node', 'test/browser/pages.mjs', CHROMIUM, str(MODULES), SERVER.url.rstrip('/'), TOKEN],
        capture_output=True, text=True, check=False, timeout=TIMEOUT_S,
    )
    print('\n'.join(f'# {line}' for line in done.stdout.splitlines()))
    assert done.returncode == 0 and '\nok 1' in done.stdout, done.stdout + done.stderr


try:
    tap.run()
finally:
    SERVER.end()
    FOLDER.cleanup()
