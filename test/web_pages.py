#!/usr/bin/python3
"""The pages of `assay serve` in a browser: test/browser/pages.mjs looks at each; here the server is set up with
evidence, prices and nodes, and what it prints is handed on."""
import datetime
import hashlib
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']
import machines
import serving
import tap

FOLDER = serving.folder()
STORE = serving.path(FOLDER.name, 'store.db')
MODULES = pathlib.Path('.npm/browser/node_modules').absolute()
CHROMIUM = shutil.which('chromium')
TIMEOUT_S = 840  # a minute on a machine of its own


def store(*words):
    done = serving.run('store', *words, f'--store={STORE}')
    assert done.returncode == 0, done.stderr
    return done.stdout


def look(node, change=None, where=(), kind='h100x8', party='acme'):
    """A look at a node of a party, kept in the store."""
    machine = machines.healthy(kind)
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
    store('import', '--stream=nodes', f'--party={party}', bundle)
    return json.loads(bundle.read_text('utf-8'))['records'][0]


def a_part(node, like, party):
    """A test of one thing more on a node, as somebody brings it later."""
    shared = {name: like[name] for name in ('schema', 'kind', 'strength', 'observed', 'source', 'subject')}
    shared['subject'] = {**shared['subject'], 'device': 'collective:nvlink'}
    record = {**shared, 'id': f'{node}.part', 'what': 'node.test.collective.ranks', 'value': 8, 'unit': 'ranks'}
    file = serving.path(FOLDER.name, f'{node}-part.jsonl')
    file.write_text(json.dumps(record) + '\n', encoding='utf-8')
    store('import', '--stream=nodes', f'--party={party}', file)


SIZES = [2**power for power in range(20, 35)]


def collectives(node, like, party):
    """What a test of collectives would have measured on the node."""
    shared = {name: like[name] for name in ('schema', 'kind', 'strength', 'observed', 'source')}

    def record(what, device, value, unit):
        subject = {**like['subject'], 'device': device}
        name = f'{node}.{what}.{device}'.replace(':', '-').replace('/', '-')
        return {**shared, 'id': name, 'subject': subject, 'what': f'node.test.collective.{what}', 'value': value, 'unit': unit}

    records = [record('ranks', 'collective:nvlink', 8, 'ranks'), record('nodes', 'collective:nvlink', 1, 'nodes')]
    for size in SIZES:
        seconds = round(20e-6 + size * 1.75 / 480e9, 9)
        records.append(record('busbw', f'collective:all-reduce:nvlink/{size}', round(size * 1.75 / seconds), 'B/s'))
        records.append(record('time', f'collective:all-reduce:nvlink/{size}', seconds, 's'))
    file = serving.path(FOLDER.name, f'{node}-collectives.jsonl')
    file.write_text(''.join(json.dumps(one) + '\n' for one in records), encoding='utf-8')
    store('import', '--stream=nodes', f'--party={party}', file)


def prices():
    """Half a year of weekly price lists of six providers, made up: falling, a tenth apart."""
    rows = ['provider,product,region,gpu,gpus,rental,term_months,price,currency,observed,source,storage_usd_gb_month']
    day = datetime.date(2026, 5, 28)
    for week in range(26):
        for place, provider in enumerate(('lambda', 'runpod', 'crusoe', 'together', 'coreweave', 'nebius')):
            usd = (3.5 - week * 0.03) * (1 + 0.1 * place)
            for rental, term, share in (('on-demand', '', 1), ('spot', '', 0.6), ('contract', 12, 0.8)):
                source = f'https://{provider}.example/<prices>'
                rows.append(f'{provider},8x,us-{place},H100 SXM,8,{rental},{term},{8 * usd * share:.4f},USD,{day},{source},0.1')
        day += datetime.timedelta(7)
    file = serving.path(FOLDER.name, 'prices.csv')
    file.write_text('\n'.join(rows) + '\n', encoding='utf-8')
    store('import', '--stream=quotes', '--party=desk', file)


def reply():
    """What a provider says of itself, as it would push it."""
    shared = {
        'schema': 'assay/evidence/v1', 'subject': {'provider': 'crusoe'}, 'kind': 'statement', 'strength': 'E0',
        'observed': '2026-11-02', 'source': {'name': 'Crusoe', 'url': 'https://crusoe.example/reply'},
    }
    records = [
        {'id': 'crusoe.reply.1', 'what': 'remark', 'text': 'We <b>rebuilt</b> it in autumn.'},
        {'id': 'crusoe.reply.2', 'what': 'lifecycle.console', 'answer': 'simple', 'excerpt': 'Everything is in the <i>console</i> now.'},
    ]
    file = serving.path(FOLDER.name, 'reply.jsonl')
    file.write_text(''.join(json.dumps({**shared, **record}) + '\n' for record in records), encoding='utf-8')
    store('import', '--party=crusoe', file)


store('init')
store('import', 'data/evidence')
for day in ('2025-06-01', '2026-03-01', '2026-11-01'):
    done = serving.run('rate', f'--store={STORE}', '--publish', '--draws=50', f'--as-of={day}')
    assert done.returncode == 0, done.stderr
reply()
prices()
look('n1')
look('n2', lambda machine: machines.keep_gpus(machine, 7))
look('n3', where=('--product=big', '--region=eu-1', '--cluster=c1'))
for one, kind in (('n5', 'h200x8'), ('n6', 'gb200x4')):
    collectives(one, look(one, kind=kind, party='beta'), 'beta')
BETA = store('token', 'make', '--party=beta', '--scope=nodes').split()[-1]
TOKEN = store('token', 'make', '--party=acme', '--scope=nodes,push').split()[-1]
OTHER = store('token', 'make', '--party=rival', '--scope=nodes').split()[-1]
PUSHER = store('token', 'make', '--party=rival', '--scope=push').split()[-1]
SERVER = serving.Server('--rate=0', '--as-of=2026-11-20', f'--store={STORE}', draws=300)


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
    assert [(rack['rack'], rack['nodes']) for rack in grid['racks'] if rack['cluster'] == ''] == [(None, 2)], grid
    page = get('/nodes', Accept='text/html').body.decode()
    assert '/nodes/crusoe/*/n2' in page or 'nodes/crusoe/*/n2' in page, page
    row = page[page.index('>n2</a>'):]
    row = row[:row.index('</tr>')]
    assert row.count('class="rail"') == 8 and row.count('>no GPU</span>') == 1 and 'not applicable' not in row, row
    assert 'quarantine' in page


def say_racks(cluster, *racks, token=None, **changes):
    body = {'schema': 'assay/racks/v1', 'racks': [{'rack': rack, 'nodes': nodes} for rack, nodes in racks]} | changes
    fields = {'Authorization': f'Bearer {token or TOKEN}', 'Content-Type': 'application/json'}
    return SERVER.ask('POST', f'/api/v1/nodes/crusoe/{cluster}/racks', json.dumps(body), fields)


@tap.case
def racks_are_as_who_keeps_the_nodes_says():
    assert say_racks('*', ('r07', 'n[2-9]')).status == 201
    assert say_racks('*', ('r07', 'n[2-9]')).status == 200
    assert say_racks('*', ('r01', 'n[1-9]'), token=PUSHER).status == 201  # of another party, which sees it alone
    grid = get('/nodes.json').json()
    racks = [(rack['rack'], rack['nodes']) for rack in grid['racks'] if rack['cluster'] == '']
    assert racks == [('r07', 1), (None, 1)], grid
    assert [one['rack'] for one in grid['nodes'] if one['cluster'] == ''] == ['r07', '']
    for rack in grid['racks']:
        inside = [one for one in grid['nodes'] if (one['cluster'], one['rack']) == (rack['cluster'], rack['rack'] or '')]
        assert len(inside) == rack['nodes'] and len(rack['rails']) == max(len(one['rails']) for one in inside), rack
        assert any('fail' in one['rails'] for one in inside) == ('fail' in rack['rails']), rack
    page = get('/nodes', Accept='text/html').body.decode()
    assert page.index('rack r07') < page.index('rack not known')
    for wrong in (
        [('r 7', 'n1')], [('', 'n1')], [('r' * 65, 'n1')], [('r7', 'n[')], [('r7', 'n1'), ('r8', 'n[1-2]')],
        [('r7', 'n[1-9000]')],
    ):
        answer = say_racks('*', *wrong)
        assert 400 <= answer.status < 500 and answer.json()['schema'] == 'assay/error/v1', f'{wrong}: {answer}'
    assert say_racks('*', ('r7', 'n1'), schema='x').status == 400 and say_racks('*', racks=5).status == 400
    assert say_racks('*', ('r7', 'n1'), token=OTHER).status == 403
    assert get('/nodes.json').json()['racks'] == grid['racks']


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
def a_look_at_a_part_leaves_what_the_others_found():
    failing = look('n4', lambda machine: machines.keep_gpus(machine, 7), party='gamma')
    secret = store('token', 'make', '--party=gamma', '--scope=nodes').split()[-1]
    before = get('/nodes.json', token=secret).json()['nodes'][0]
    assert before['gate'] == 'fail' and before['life'] == 'quarantine' and len(before['rails']) == 7, before
    a_part('n4', failing, 'gamma')
    after = get('/nodes.json', token=secret).json()['nodes'][0]
    assert {**after, 'time': 0} == {**before, 'time': 0}, (before, after)
    periods = get('/nodes/crusoe/*/n4.json', token=secret).json()['periods']
    assert [period['life'] for period in periods] == ['quarantine'], periods
    # Of what was seen the day before nothing counts: it cannot be told, and so the node stays where it was.
    file = serving.path(FOLDER.name, 'n7.jsonl')
    with file.open('w', encoding='utf-8') as lines:
        for record in json.loads(serving.path(FOLDER.name, 'n4.json').read_text('utf-8'))['records']:
            day = datetime.date.fromisoformat(record['observed'][:10]) - datetime.timedelta(1)
            record |= {'id': f'n7.{record["id"]}', 'subject': {**record['subject'], 'node': 'n7'},
                       'observed': f'{day}{record["observed"][10:]}'}
            record = {name: value for name, value in record.items() if name not in ('hash', 'time')}
            lines.write(json.dumps(record) + '\n')
    store('import', '--stream=nodes', '--party=gamma', file)
    a_part('n7', {**failing, 'subject': {**failing['subject'], 'node': 'n7'}}, 'gamma')
    nodes = {one['node']: one for one in get('/nodes.json', token=secret).json()['nodes']}
    assert nodes['n7']['gate'] == 'unknown' and nodes['n7']['life'] == 'quarantine', nodes['n7']


@tap.case
def a_node_of_a_product_in_a_region_has_its_findings_too():
    view = get('/nodes/crusoe/c1/n3.json').json()
    assert view['node']['cluster'] == 'c1' and view['checkup'], view['node']
    assert view['checkup']['check_count']['pass'] > 0, view['checkup']['check_count']


@tap.case
def bus_bandwidth_stands_against_size_with_what_others_measured():
    """Of a model that figures.tsv knows with as many ranks there is a band; of another the page says that none is."""
    curve = get('/nodes/crusoe/*/n5/curve.json?n=0', token=BETA).json()
    assert curve['x'] == {'unit': 'B', 'values': SIZES} and curve['lines'][0]['unit'] == 'B/s', curve
    ends = list(zip(curve['band']['low'], curve['band']['high'], strict=True))
    assert len(ends) == len(SIZES) and all(0 < low < high for low, high in ends), ends
    page = get('/nodes/crusoe/*/n5', token=BETA, Accept='text/html').body.decode()
    drawn = page[page.index('<figure'):page.index('</figure>')]
    for text in ('data-curve="/nodes/crusoe/*/n5/curve.json?n=0"', 'class="band"', '>1 MiB<', '>16 GiB<', 'figures.tsv line ',
                 'bus bandwidth, all-reduce by nvlink, 8 ranks', f'<summary>{len(SIZES)} values</summary>'):
        assert text in drawn, (text, drawn)
    assert drawn.count('<tr>') == len(SIZES) + 1 and 'not known' not in drawn, drawn
    other = get('/nodes/crusoe/*/n6', token=BETA, Accept='text/html').body.decode()
    other = other[other.index('<figure'):other.index('</figure>')]
    assert 'No reference of this model' in other and 'class="band"' not in other and 'not known' in other, other
    assert 'band' not in get('/nodes/crusoe/*/n6/curve.json?n=0', token=BETA).json()
    assert get('/nodes/crusoe/*/n5/curve.json?n=1', token=BETA).status == 404
    assert get('/nodes/crusoe/*/n5/curve.json?n=0').status == 404  # of another party


@tap.case
def the_age_of_each_check_is_told():
    page = get('/nodes/crusoe/*/n1', Accept='text/html').body.decode()
    runs = page[page.index('id="checks"'):]
    runs = runs[:runs.index('</table>')]
    ages = re.findall(r'<td class="number">([^<]+)</td></tr>', runs)
    view = get('/nodes/crusoe/*/n1.json').json()
    assert len(ages) == len(view['checkup']['checks']) > 50, (len(ages), len(view['checkup']['checks']))
    assert all(re.fullmatch(r'now|–|\d+ (s|min|h|d)', age) for age in ages) and any(age != '–' for age in ages), ages


@tap.case
def nodes_are_seen_by_their_own_party_alone():
    assert get('/nodes.json', token=None).status == 401
    assert get('/nodes.json', token=OTHER).json()['nodes'] == []
    assert get('/nodes/crusoe/*/n1.json', token=OTHER).status == 404
    for place, told in (('/nodes', '%2Fnodes'), ('/nodes?order=name&page=2', '%2Fnodes%3Forder%3Dname%26page%3D2')):
        asked = get(place, token=None, Accept='text/html')
        assert asked.status == 303 and asked.fields['location'] == f'/login?to={told}', asked
        # What the form brings back is the place with all of its query.
        form = get(asked.fields['location'], token=None, Accept='text/html')
        assert f'name="to" value="{html.escape(place)}"' in form.body.decode(), form.body


@tap.case
def a_browser_signs_in_and_is_sent_nowhere_else():
    page, seal = SERVER.form('/login')

    def sign_in(body, cookie=page, seal=seal):
        return SERVER.ask('POST', '/login', f'{body}&form={seal}'.encode(),
                          {'Content-Type': 'application/x-www-form-urlencoded', 'Cookie': cookie})

    good = sign_in(f'token={TOKEN}&to=%2Fnodes')
    assert good.status == 303 and good.fields['location'] == '/nodes', good
    cookie = good.fields['set-cookie']
    assert 'HttpOnly' in cookie and 'SameSite=Strict' in cookie, cookie
    assert get('/nodes.json', token=None, Cookie=cookie.split(';')[0]).status == 200
    assert sign_in('token=assay_wrong').status == 403
    for cookie, other in (('', seal), (page, ''), (page, '0' * 32), (page[:-1] + 'x', seal)):
        forged = sign_in(f'token={TOKEN}&to=%2Fnodes', cookie, other)
        assert forged.status == 403 and 'not sent from here' in forged.body.decode(), forged
        assert WEB_COOKIE not in forged.fields.get('set-cookie', ''), forged
    for to in ('https%3A%2F%2Fevil.example', '%2F%2Fevil.example', '%2F%5Cevil.example', 'x%0D%0AX-Evil%3A1'):
        away = sign_in(f'token={TOKEN}&to={to}')
        assert away.status == 400 or away.fields['location'] == '/', away
    assert get('/nodes.json', token=None, Cookie='assay=assay_wrong').status == 401


@tap.case
def what_the_keeper_says_stands_until_he_says_otherwise():
    def say(life, node='n1', token=TOKEN, reason='fan <b>', kind='application/json'):
        body = json.dumps({'schema': 'assay/node-life/v1', 'life': life, 'reason': reason})
        return SERVER.ask('POST', f'/api/v1/nodes/crusoe/*/{node}/life', body.encode(),
                          {'Content-Type': kind, 'Authorization': f'Bearer {token}'})

    assert say('repair').status == 201
    view = get('/nodes/crusoe/*/n1.json').json()
    assert view['periods'][-1] | {'from': ''} == {'life': 'repair', 'from': '', 'reason': 'fan <b>'}, view['periods']
    assert 'fan &lt;b&gt;' in get('/nodes/crusoe/*/n1', Accept='text/html').body.decode()
    assert say('watch', reason='a\x1b[2Jb').status == 400 and say('watch', kind='text/plain').status == 415
    assert say('sleep').status == 400 and say('repair', node='n9').status == 404
    assert say('repair', token=OTHER).status == 403


WEB_COOKIE = 'assay='
KEY = 'h100/80gb/sxm/on-demand/all-tiers'


@tap.case
def the_market_page_shows_the_prices_of_the_store():
    twin = get('/market.json').json()
    keys = {key['key'] if isinstance(key['key'], str) else json.dumps(key['key']): key for key in twin['trend']['keys']}
    assert len(keys) == 3, list(keys)
    assert twin['effective']['schema'] == 'assay/effective-price/v1' and twin['advice']['schema'] == 'assay/advice/v1'
    beside = {(one['provider'], one['rental']): one for one in twin['prices']}
    assert len(beside) == 5 * 3 and all(one['record'] is None for one in beside.values()), beside  # runpod is not rated
    assert abs(beside['crusoe', 'on-demand']['usd_per_gpu_hour'] - 3.3) < 1e-9, beside['crusoe', 'on-demand']
    page = get('/market.html', Accept='text/html').body.decode()
    beside = page[page.index('id="grade"'):]
    assert 'href="provider/crusoe.html"' in beside[:beside.index('</table>')], beside[:4000]
    for text in ('id="index"', 'id="trend"', 'id="effective"', 'id="models"', 'Level by GPU and rental model', '<b>down</b>',
                 f'data-curve="market/curve.json?key={KEY}"', f'href="market/quotes?key={KEY}&amp;day=2026-11-20"'):
        assert text in page, text


@tap.case
def behind_each_point_stand_its_quotes():
    curve = get(f'/market/curve.json?key={KEY}').json()
    assert curve['schema'] == 'assay/curve/v1' and len(curve['x']['values']) == 26 == len(curve['band']['low'])
    assert all(low <= value <= high for low, value, high in zip(
        curve['band']['low'], curve['lines'][0]['values'], curve['band']['high'], strict=True))
    behind = get(f'/api/v1/market/quotes?key={KEY}&day=2026-11-20').json()
    assert behind['counted'] == 6 == len(behind['quotes']) == len(behind['votes'])
    assert behind['low'] <= behind['usd'] <= behind['high']
    assert abs(sum(vote['weight'] for vote in behind['votes']) - 1) < 1e-9
    page = get(f'/market/quotes?key={KEY}&day=2026-11-20', Accept='text/html').body.decode()
    assert 'https://nebius.example/&lt;prices&gt;' in page and '<prices>' not in page and 'id="others"' in page
    for query, status in ((f'key={KEY}', 400), (f'key={KEY}&day=x', 400), (f'key={KEY}&day=2026-11-19', 404), ('key=x&day=2026-11-20', 404)):
        assert get(f'/api/v1/market/quotes?{query}').status == status, query
    assert get('/market/curve.json?key=x').status == 404


@tap.case
def prices_that_come_are_shown_soon():
    file = serving.path(FOLDER.name, 'more.csv')
    file.write_text('provider,gpu,gpus,rental,price,currency,observed\nlambda,B200 SXM,8,on-demand,40,USD,2026-11-18\n')
    before = get('/market.json').body
    store('import', '--stream=quotes', file)
    SERVER.wait_for(lambda: get('/market.json').body != before)
    assert get('/market/curve.json?key=b200/unknown/sxm/on-demand/all-tiers').status in (200, 404)
    assert b'b200' in get('/market.json').body


@tap.case
def a_provider_has_the_grades_that_were_published_and_its_own_words():
    twin = get('/provider/crusoe.json').json()
    assert [row['as_of'] for row in twin['history']] == ['2025-06-01', '2026-03-01', '2026-11-01'], twin['history']
    assert all(row['grade'] and row['low'] <= row['score'] <= row['high'] for row in twin['history'])
    page = get('/provider/crusoe.html').body.decode()
    assert 'Grades as they were published' in page and twin['history'][0]['league'] in page
    assert 'We &lt;b&gt;rebuilt&lt;/b&gt; it' in page and 'Replies of crusoe' in page and 'statement of the provider' in page
    replies = page[page.index('Replies of crusoe'):]
    assert 'Everything is in the &lt;i&gt;console&lt;/i&gt; now.' in replies and 'criterion/lifecycle.console.html' in replies
    assert 'has said nothing here' in get('/provider/google.html').body.decode()
    before = [row for row in get('/provider/google.json').json()['history'] if row['as_of'] == '2025-06-01']
    assert len(before) == 1, before


@tap.case
def a_provider_is_explained():
    twin = get('/provider/crusoe.json').json()
    page = get('/provider/crusoe.html').body.decode()
    for part in ('decides', 'points', 'gates', 'path', 'outlook', 'history', 'reply', 'evidence', 'unknown', 'criteria'):
        assert f'id="{part}"' in page and f'href="#{part}"' in page, part
    points = page[page.index('id="points"'):page.index('id="gates"')]
    categories = get('/criteria.json').json()['categories']
    assert points.count('<svg') >= len(categories) and points.count('<tr') > len(categories), points[:2000]
    shown = page[page.index('id="evidence"'):page.index('id="unknown"')]
    assert 'href="../record/' in shown and 'href="../criterion/' in shown
    assert 'Chance of' in page and 'unknown all worst to all best' in page and twin['history'], page[:3000]


@tap.case
def the_league_is_sorted_and_chosen_from_and_says_how_sure_it_is():
    records = serving.path(FOLDER.name, 'league.jsonl')
    lists = serving.path(FOLDER.name, 'league.csv')
    rows = ['provider,product,region,gpu,form,memory_gb,gpus,rental,term_months,price,currency,unit,per,observed']
    for number, cloud in enumerate(('nebius', 'crusoe', 'lambda', 'coreweave')):
        for rental, share in (('on-demand', 1), ('spot', 0.5)):
            usd = 2 * share * (1 + number / 10)
            rows.append(f'{cloud},h100x8,us-{number},H100,SXM,80,8,{rental},,{usd},USD,hour,gpu,2026-11-01T00:00:00Z')
    lists.write_text('\n'.join(rows) + '\n', encoding='utf-8')
    made = serving.run('market', 'evidence', lists)
    assert made.returncode == 0, made.stderr
    region = {
        'schema': 'assay/evidence/v1', 'id': 'lambda.region', 'subject': {'provider': 'lambda', 'region': 'us-2'},
        'what': 'lifecycle.console', 'answer': 'simple', 'kind': 'document', 'strength': 'E1', 'observed': '2026-11-02',
        'source': {'name': 'made up'},
    }
    records.write_text(made.stdout + json.dumps(region) + '\n', encoding='utf-8')
    with serving.Server('--rate=0', '--evidence=data/evidence', f'--evidence={records}', draws=50) as server:

        def view(query):
            return server.get(f'/view.json?{query}').json()['providers']

        whole = view('')
        by_name = [row['provider'] for row in view('order=name')]
        assert by_name == sorted(by_name) and len(by_name) == len(whole) >= 13
        scores = [row['score']['point'] for row in view('order=score') if row['rated']]
        assert scores == sorted(scores, reverse=True)
        cheap = view('order=price&price=2.3')
        assert [row['provider'] for row in cheap] == ['nebius', 'crusoe'], cheap
        assert [row['provider'] for row in view('order=price&rental=spot&price=1.05')] == ['nebius']
        assert [row['provider'] for row in view('region=us-2')] == ['lambda']
        gpus = re.findall(r'<option value="([^"]+)"', server.get('/view').body.decode().split('id="gpu"')[1].split('</select>')[0])
        assert gpus and all(0 < len(view(f'gpu={gpu}')) < len(whole) for gpu in gpus), gpus
        page = server.get('/view?gpu=' + gpus[0]).body.decode()
        assert re.search(r'\d % likely|\d% likely', page) and re.search(r'\[\d+-\d+\]', page), page[-4000:]
        index = server.get('/').body.decode()
        assert index.count('class="strip"') == len(whole) and 'what is possible' in page
        assert re.search(r'Beaten by', page) and any(row['price'] and row['price']['beaten_by'] for row in whole), whole[0]


@tap.case
def the_league_is_chosen_from_by_the_prices_of_the_store():
    rows = get('/view.json?order=price&rental=on-demand').json()['providers']
    priced = [(row['provider'], row['price']['gpu']) for row in rows]
    assert priced == [(name, 'h100-80gb-sxm') for name in ('lambda', 'crusoe', 'together', 'coreweave', 'nebius')], rows
    assert [row['provider'] for row in get('/view.json?price=3.4&rental=on-demand').json()['providers']] == ['crusoe', 'lambda']
    page = get('/view?gpu=h100-80gb-sxm').body.decode()
    assert '<option value="h100-80gb-sxm" selected>' in page and '>3.30 ' in page, page[-3000:]
    # What is rated, and its bytes, are those of the evidence alone.
    rated = serving.run('rate', f'--store={STORE}', '--draws=300', '--as-of=2026-11-20', '--format=json')
    assert json.loads(rated.stdout) == get('/api/v1/ratings').json() and get('/api/v1/ratings').json()['prices'] == []


@tap.case
def the_guide_chooses_on_the_day_of_the_server():
    advice = get('/guide.json?gpus=64&gpu=H100&hours=720').json()
    assert advice['schema'] == 'assay/advice/v1' and '2026-11-20' in json.dumps(advice), advice
    page = get('/guide?gpus=64&gpu=H100&hours=720').body.decode()
    assert 'today is 2026-11-20' in page, page[3000:6000]


@tap.case
def a_record_is_shown_as_it_was_taken_in():
    page = get('/provider/crusoe.html').body.decode()
    assert 'href="../record/crusoe.reply.1"' in page
    twin = get('/api/v1/evidence/crusoe.reply.1').json()
    assert twin['party'] == 'crusoe' and twin['record']['text'] == 'We <b>rebuilt</b> it in autumn.' and not twin['withdrawn']
    drilled = get('/record/crusoe.reply.1').body.decode()
    for text in (twin['record']['hash'], 'https://crusoe.example/reply', 'We &lt;b&gt;', twin['taken']):
        assert text in drilled, text
    line = html.unescape(re.search(r'<pre class="excerpt line"[^>]*>(.*?)</pre>', drilled)[1])
    assert f'sha256:{hashlib.sha256(line.encode()).hexdigest()}' == twin['record']['hash'], line
    known = get('/api/v1/evidence?provider=crusoe&limit=1000').json()['records']
    quoted = next(record for record in known if record.get('excerpt'))
    assert html.escape(quoted['excerpt'], quote=False)[:40] in get(f'/record/{quoted["id"]}').body.decode().replace('&#39;', "'").replace('&quot;', '"')
    assert get('/record/nothing').status == 404 and get('/api/v1/evidence/nothing').status == 404


@tap.case
def a_view_that_cannot_be_is_refused_with_its_field():
    for query, word in (('order=luck', 'order'), ('w.security=101', 'security'), ('price=x', 'price'), ('order=name&order=rank', 'order')):
        answer = get(f'/view.json?{query}', token=None)
        assert answer.status == 400 and word in answer.json()['error'], answer


@tap.case
def a_view_is_rated_for_the_use_that_is_chosen():
    whole, part = get('/view.json').json(), get('/view.json?profile=inference').json()
    assert whole['profile'] is None and part['profile'] == 'inference' and part['draws'] == 0
    rated = json.loads(serving.run('rate', f'--store={STORE}', '--profile=inference', '--draws=0', '--as-of=2026-11-20', '--format=json').stdout)
    assert part['rating'] == rated['rating'], (part['rating'], rated['rating'])
    assert whole['rating'] != part['rating']
    page = get('/view?profile=inference&w.security=40').body.decode()
    assert '<option value="inference" selected>' in page and 'view?profile=inference&amp;w.' in page
    answer = get('/view.json?profile=games')
    assert answer.status == 400 and 'inference' in answer.json()['error'], answer


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
