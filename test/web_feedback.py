#!/usr/bin/python3
"""Customers answer over HTTP: the form without scripts, JSON, proofs, replies, moderation, the next rating."""
import hashlib
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, 'tools')
import jsonschema
import machines
import serving
import tap

place = serving.folder()
STORE = serving.path(place.name, 'store.db')


def store(*words):
    done = serving.run('store', *words, f'--store={STORE}')
    assert done.returncode == 0, done.stderr
    return done.stdout


def token(party, scope):
    return store('token', 'make', f'--party={party}', f'--scope={scope}').split()[-1]


store('init')
store('import', 'data/evidence/crusoe.yaml', 'data/evidence/nebius.yaml')
PROVIDER, RIVAL = token('crusoe', 'feedback'), token('nebius', 'feedback')
MODERATOR = token('moderator', 'moderate')
SERVER = serving.Server('--rate=0', f'--store={STORE}')
FORM = {'a.lifecycle.support': 'slow', 'r.lifecycle.support': 'They answer on weekdays.', 'proof': 'none'}


class Page(html.parser.HTMLParser):
    """What of a page matters here: its elements, and that they close."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in ('meta', 'link', 'input', 'br'):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def page(path):
    answer = SERVER.get(path, Accept='text/html')
    assert answer.status == 200, answer
    return Page(answer.body.decode())


def send_form(fields, path='/feedback/crusoe'):
    return SERVER.send_form(path, fields, page='/feedback/crusoe')


def send(path, document, token=None):
    fields = {'Content-Type': 'application/json'}
    if token:
        fields['Authorization'] = f'Bearer {token}'
    body = document if isinstance(document, (str, bytes)) else json.dumps(document)
    return SERVER.ask('POST', path, body, fields.items())


def answers(more=None, **fields):
    return {'schema': 'assay/feedback/v1', 'subject': {'provider': 'crusoe'},
            'answers': {'reliability.interruptions': 'ordinary'} | (more or {})} | fields


def invoice(number):
    return {'kind': 'invoice', 'mark': hashlib.sha256(b'invoice %d' % number).hexdigest()}


def taken(document):
    answer = send('/api/v1/feedback', document)
    assert answer.status == 201, answer
    return answer.json()


def opinions(provider='crusoe'):
    document = SERVER.get(f'/api/v1/opinions?provider={provider}').json()
    schema = json.loads(pathlib.Path('data/schema/opinions.v1.json').read_text(encoding='utf-8'))
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    return {one['criterion']: one for one in document['opinions']} | {'flags': document['flags']}


# A page that takes long to work out is as it was for a while (web/feedback_cache.h), on a busy machine too: what it
# comes to is waited for.


def told(criterion, **fields):
    """Until the opinion on it says that."""
    SERVER.wait_for(lambda: fields.items() <= opinions().get(criterion, {}).items(), lambda: (criterion, opinions()))


def shown(path, *texts):
    """The page, once it says each of them."""
    SERVER.wait_for(lambda: all(text in ''.join(page(path).texts) for text in texts), lambda: (texts, page(path).texts))
    return page(path)


def kept(provider='crusoe'):
    return SERVER.get(f'/api/v1/feedback?provider={provider}&limit=1000').json()['answers']


@tap.case
def the_form_needs_no_script_and_names_every_field():
    form = page('/feedback/crusoe')
    # Its one script is a file of the server's; nothing hangs on it.
    assert all(one.get('src') == '/script/assay.js' for one in form.all('script')) and not form.all('style')
    questions = [one for one in form.all('fieldset') if one['id'].startswith('a.')]
    assert len(questions) == 9 and len(form.all('legend')) == len(form.all('fieldset'))
    labelled = {one['for'] for one in form.all('label') if 'for' in one}
    for one in form.all('input') + form.all('textarea'):
        assert one.get('type') in ('radio', 'checkbox', 'hidden') or one.get('id') in labelled or 'inputmode' in one, one
    ids = [attributes['id'] for _, attributes in form.elements if 'id' in attributes]
    assert len(ids) == len(set(ids))
    everything = page('/feedback/crusoe?all=yes')
    assert len(everything.all('fieldset')) > 100
    assert '/feedback/nebius' in [one['href'] for one in page('/feedback').all('a')]
    assert SERVER.get('/feedback/nobody').status == 404
    assert SERVER.get('/feedback/Crusoe').status == 404


@tap.case
def a_form_that_is_wrong_says_where_and_keeps_what_was_typed():
    before = len(kept())
    wrong = FORM | {'a.lifecycle.support': 'goood', 'gpu': 'H 100', 'gpu_hours': 'many',
                    'remark': '<script>alert(1)</script>', 'proof': 'invoice', 'mark': ''}
    answer = send_form(wrong)
    assert answer.status == 422, answer
    said = Page(answer.body.decode())
    summary = [one['href'][1:] for one in said.all('a') if one['href'][1:] in wrong]
    assert set(summary) == {'a.lifecycle.support', 'gpu', 'gpu_hours', 'mark'}, summary
    for field in summary:
        marked = [one for _, one in said.elements if one.get('id') == field]
        assert marked[0]['aria-invalid'] == 'true' and marked[0]['aria-describedby'] == f'{field}-fault'
        assert [one for _, one in said.elements if one.get('id') == f'{field}-fault']
    text = ''.join(said.texts)
    assert 'absent, slow, good, excellent' in text and 'They answer on weekdays.' in text
    assert all('src' in one for one in said.all('script')) and '<script>alert(1)</script>' in text
    assert b'value="H 100"' in answer.body
    assert send_form({'proof': 'none'}).status == 422


@tap.case
def a_large_form_takes_no_more_memory_than_it_has_bytes():
    def peak():
        lines = pathlib.Path(f'/proc/{SERVER.process.pid}/status').read_text('ascii').splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith('VmHWM'))

    before = peak()
    body = '&'.join([f'a{i}=b' for i in range(400)] + ['y=' + 'z' * 250_000])
    answer = SERVER.ask('POST', '/feedback/crusoe?all=yes', body, {
        'Content-Type': 'application/x-www-form-urlencoded', 'Accept': 'text/html'})
    assert answer.status == 422 and peak() - before < 16 << 10, (answer.status, before, peak())


@tap.case
def a_form_from_elsewhere_is_shown_again_and_not_taken():
    before = len(kept())
    cookie, seal = SERVER.form('/feedback/crusoe')
    for fields, head in (({}, {'Cookie': cookie}), ({'form': seal}, {}), ({'form': '0' * 32}, {'Cookie': cookie})):
        answer = SERVER.ask('POST', '/feedback/crusoe', urllib.parse.urlencode({**FORM, **fields}), {
            'Content-Type': 'application/x-www-form-urlencoded', 'Accept': 'text/html', **head})
        assert answer.status == 422 and b'not sent from here' in answer.body, answer
        assert b'They answer on weekdays.' in answer.body
    assert len(kept()) == before
    assert send_form(FORM | {'proof': 'invoice', 'mark': 'abc'}).status == 422
    assert send_form(FORM | {'proof': 'code', 'mark': 'assay_' + 'a' * 52}).status == 422
    assert send_form(FORM, '/feedback/nobody').status == 404
    assert len(kept()) == before


@tap.case
def a_form_is_taken_in_and_shown_as_text():
    remark = '"><img src=x onerror=alert(1)> & more'
    answer = send_form(FORM | {'remark': remark, 'tenant': 'us', 'gpu': 'h100'})
    assert answer.status == 303 and answer.fields['location'].startswith('/feedback/crusoe?taken='), answer
    after = shown(answer.fields['location'], remark, 'taken in')
    assert not after.all('img')
    one = kept()[-1]
    assert one['remark'] == remark and one['proof'] == {'checked': False, 'kind': 'none'}
    assert 'us' not in one['tenant'] and len(one['tenant']) == 32
    assert one['subject'] == {'gpu': 'h100', 'provider': 'crusoe'}


@tap.case
def json_is_taken_and_what_it_says_of_itself_is_not_believed():
    document = answers(id='mine', tenant='somebody', origin='elsewhere', time='2030-01-01T00:00:00Z',
                       proof=invoice(1) | {'checked': True})
    receipt = taken(document)
    assert receipt['checked'] is False and receipt['weight'] == 0.2
    one = next(one for one in kept() if one['id'] == receipt['id'])
    assert one['id'] != 'mine' and one['tenant'] != 'somebody' and not one['time'].startswith('2030')
    assert 'origin' not in one and one['proof']['mark'] not in document['proof']['mark']
    assert document['proof']['mark'] not in json.dumps(kept())


@tap.case
def what_is_wrong_gets_its_status_and_changes_nothing():
    before = len(kept())
    cases = [
        ('{', 400), ('', 400), ('[]', 400), ('schema: assay/feedback/v1', 400),
        (answers({'lifecycle.support': 'goood'}), 422), (answers({'lifecycle.suport': 'good'}), 422),
        (answers(surprise=1), 422), (answers(remark='x' * 2001), 413), (answers(proof={'kind': 'code'}), 422),
        (answers(proof={'kind': 'code', 'mark': 'x'}), 422), (answers(proof={'kind': 'run', 'mark': 'a.r.b.c'}), 422),
        (answers(subject={'provider': 'nobody'}), 404), (answers(subject={'provider': '../x'}), 422),
        ('{"a":' * 100, 400), (b'{"schema":"assay/feedback/v1","a":"\xff"}', 400),
    ]
    for document, status in cases:
        answer = send('/api/v1/feedback', document)
        assert answer.status == status, (document, answer)
        assert answer.json()['schema'] == 'assay/error/v1'
    assert SERVER.ask('POST', '/api/v1/feedback', json.dumps(answers())).status == 415
    assert send('/api/v1/feedback', answers(remark='x' * 200000)).status == 413
    assert len(kept()) == before


@tap.case
def one_tenant_has_one_voice():
    first = taken(answers({'lifecycle.console': 'simple'}, proof=invoice(2)))
    second = taken(answers({'lifecycle.console': 'usable'}, proof=invoice(2)))
    assert first['id'] != second['id']
    told('lifecycle.console', voices=1, answer='usable')
    # Who calls himself like another one without his proof does not replace him.
    taken(answers({'lifecycle.console': 'complicated'}, tenant=kept()[-1]['tenant']))
    told('lifecycle.console', voices=2, answer='usable')


def code_for(customer, token=PROVIDER, provider='crusoe'):
    order = {'schema': 'assay/feedback-customer/v1', 'provider': provider, 'customer': customer}
    return send('/api/v1/feedback/codes', order, token)


@tap.case
def a_code_of_the_provider_holds_once_and_for_its_customer():
    code = code_for('customer 7').json()['code']
    proof = {'kind': 'code', 'mark': code}
    other = {'kind': 'code', 'mark': code_for('x').json()['code']}
    assert send('/api/v1/feedback', answers(subject={'provider': 'nebius'}, proof=other)).status == 422
    # What was refused has not used it up.
    assert taken(answers(proof=other))['checked']
    receipt = taken(answers({'lifecycle.expertise': 'good'}, proof=proof))
    assert receipt['checked'] and receipt['weight'] == 0.5
    assert send('/api/v1/feedback', answers(proof=proof)).status == 422
    # Another code for the same customer is the same tenant.
    again = {'kind': 'code', 'mark': code_for('customer 7').json()['code']}
    assert send_form(FORM | {'a.lifecycle.expertise': 'general', 'proof': 'code', 'mark': again['mark']}).status == 303
    told('lifecycle.expertise', voices=1, answer='general')
    assert code not in json.dumps(kept()) and code not in SERVER.lines()
    assert code_for('x', RIVAL).status == 403
    assert code_for('x', None).status in (401, 403)
    assert code_for('x', MODERATOR).status == 403
    assert code_for('').status == 422


@tap.case
def a_signed_run_over_a_nonce_proves_the_most():
    nonce = SERVER.ask('POST', '/api/v1/feedback/nonces?provider=crusoe').json()['nonce']
    bundle, key = serving.path(place.name, 'run.json'), serving.path(place.name, 'key')

    root = serving.path(place.name, 'machine')
    machines.healthy('bare').write(root)

    def run(given):
        done = serving.run('check', '--provider=crusoe', f'--root={root}', '--profile=quick', '--node=n1',
                           f'--bundle={bundle}', f'--key={key}', f'--nonce={given}')
        assert bundle.exists(), done.stderr
        return bundle.read_text(encoding='utf-8')

    signed = run(nonce)
    mark = send('/api/v1/feedback/runs?provider=crusoe', signed)
    assert mark.status == 200, mark
    proof = {'kind': 'run', 'mark': mark.json()['mark']}
    receipt = taken(answers({'partnerships.community': 'active'}, proof=proof))
    # Anybody can make a key and sign a made-up folder: it counts as proven once its cluster was shown.
    assert not receipt['checked'] and receipt['weight'] == 0.2
    told('partnerships.community', proven=0, independent=0, answer='active')
    assert moderate('confirm', receipt['id'], 'the cluster was shown').status == 201
    told('partnerships.community', proven=1, independent=1, answer='active')
    # One key has one spelling, and so is one tenant.
    spelled = json.loads(signed)
    spelled['key'] = spelled['key'].upper()
    assert send('/api/v1/feedback/runs?provider=crusoe', spelled).status in (400, 422)
    # What was shown once holds for what the same proof says later.
    # The same key is the same tenant, the mark is of this provider, and is not to be made up.
    taken(answers({'partnerships.community': 'absent'}, proof=proof))
    told('partnerships.community', voices=1, proven=1, answer='absent')
    assert send('/api/v1/feedback', answers(subject={'provider': 'nebius'}, proof=proof)).status == 422
    made_up = proof | {'mark': proof['mark'][:-1] + ('0' if proof['mark'][-1] != '0' else '1')}
    assert send('/api/v1/feedback', answers(proof=made_up)).status == 422
    # A run over another's nonce, a changed one and one about somebody else prove nothing.
    assert send('/api/v1/feedback/runs?provider=nebius', signed).status == 422
    assert send('/api/v1/feedback/runs?provider=crusoe', run('somebody elses')).status == 422
    changed = signed.replace('crusoe', 'nebius')
    assert send('/api/v1/feedback/runs?provider=nebius', changed).status in (400, 422)


@tap.case
def the_provider_replies_beside_what_was_said():
    one = kept()[0]['id']
    order = {'schema': 'assay/feedback-reply/v1', 'about': one, 'text': 'We <b>added</b> a night shift.'}
    assert send('/api/v1/feedback/replies', order, PROVIDER).status == 201
    assert send('/api/v1/feedback/replies', order, RIVAL).status == 404
    assert send('/api/v1/feedback/replies', order).status in (401, 403)
    assert send('/api/v1/feedback/replies', order | {'about': 'nothing'}, PROVIDER).status == 404
    assert send('/api/v1/feedback/replies', order | {'text': ''}, PROVIDER).status == 422
    assert not shown('/feedback/crusoe', 'We <b>added</b> a night shift.').all('b')


def moderate(act, about, reason='personal data', token=MODERATOR):
    order = {'schema': 'assay/feedback-moderation/v1', 'act': act, 'about': about, 'reason': reason}
    return send('/api/v1/moderation', order, token)


@tap.case
def moderation_is_public_and_takes_nothing_away_for_good():
    one = taken(answers({'lifecycle.handover-date': 'late'}, proof=invoice(3)))['id']
    told('lifecycle.handover-date', voices=1)
    assert moderate('withdraw', one).status == 201
    SERVER.wait_for(lambda: 'lifecycle.handover-date' not in opinions())
    assert one not in json.dumps(kept())
    assert moderate('restore', one, 'it was no personal data').status == 201
    told('lifecycle.handover-date', proven=0)
    assert moderate('confirm', one, 'the invoice was shown').status == 201
    told('lifecycle.handover-date', proven=1)
    for token in (PROVIDER, None):
        assert moderate('withdraw', one, token=token).status in (401, 403)
    assert moderate('delete', one).status == 422
    bare = taken(answers({'lifecycle.handover-date': 'late'}, tenant='bare'))['id']
    refused = moderate('confirm', bare, 'it sounded true')
    assert refused.status == 409 and 'without a proof' in refused.json()['error'], refused
    assert moderate('withdraw', 'nothing').status == 404
    assert moderate('withdraw', one, '').status == 422
    log = SERVER.get('/api/v1/moderation').json()['acts']
    assert [act['act'] for act in log if act['about'] == one] == ['withdraw', 'restore', 'confirm']
    text = ''.join(page('/moderation').texts)
    assert 'the invoice was shown' in text and 'moderator' in text


@tap.case
def the_keeper_withdraws_evidence_in_public():
    def withdrawn():
        return SERVER.get('/api/v1/evidence/crusoe.active-checks').json()['withdrawn']

    before = SERVER.get('/api/v1/ratings').json()
    for verb, is_so in (('withdraw', True), ('restore', False)):
        done = serving.run('store', verb, f'--store={STORE}', '--party=desk', 'evidence:crusoe.active-checks', f'why <i>{verb}</i>')
        assert done.returncode == 0 and withdrawn() == is_so, done
        SERVER.wait_for(lambda: (SERVER.get('/api/v1/ratings').json() == before) != is_so)
    log = SERVER.get('/api/v1/moderation?limit=1000').json()['acts']
    assert [(act['act'], act['by'], act['text']) for act in log if act['about'] == 'evidence:crusoe.active-checks'] == [
        ('withdraw', 'desk', 'why <i>withdraw</i>'), ('restore', 'desk', 'why <i>restore</i>')], log
    shown_log = page('/moderation')
    assert '/record/crusoe.active-checks' in [one['href'] for one in shown_log.all('a')] and not shown_log.all('i')


@tap.case
def acts_come_in_pages_that_lead_on_and_replies_hide_none():
    """However much a provider replies, what moderators did stays to be seen."""
    path, seen = '/api/v1/moderation?limit=2', []
    while path:
        answer = SERVER.get(path).json()
        assert answer['count'] == len(answer['acts']) <= 2
        seen += answer['acts']
        path = answer['next']
    whole = SERVER.get('/api/v1/moderation?limit=1000').json()['acts']
    assert seen == whole and {act['act'] for act in whole} == {'reply', 'withdraw', 'restore', 'confirm'}, whole
    last = SERVER.get('/api/v1/moderation?limit=1').json()
    order = {'schema': 'assay/feedback-reply/v1', 'text': 'We are sorry to hear that.'}
    for _ in range(3):
        assert send('/api/v1/feedback/replies', order, PROVIDER).status == 201
    assert SERVER.get('/api/v1/moderation?limit=1').json() == last
    log = ''.join(page('/moderation').texts)
    assert 'the invoice was shown' in log and 'sorry to hear' not in log


@tap.case
def what_is_done_about_answers_is_plain_text_sent_as_json():
    before = SERVER.get('/api/v1/moderation?limit=1000').body
    order = {'schema': 'assay/feedback-reply/v1', 'text': 'a reply'}
    for path, document, secret in (('replies', order, PROVIDER), ('codes', {
            'schema': 'assay/feedback-customer/v1', 'provider': 'crusoe', 'customer': 'x'}, PROVIDER)):
        for kind in ('text/plain', 'application/x-www-form-urlencoded', ''):
            answer = SERVER.ask('POST', f'/api/v1/feedback/{path}', json.dumps(document), {
                'Authorization': f'Bearer {secret}', 'Content-Type': kind})
            assert answer.status == 415, answer
    # Nor is one to somebody taken for one to everybody because its field is another.
    for wrong in ({'about': 5}, {'about': ['a']}, {'about': ''}, {'about': None}, {'abuot': kept()[0]['id']}):
        answer = send('/api/v1/feedback/replies', order | wrong, PROVIDER)
        assert answer.status == 422 and answer.json()['schema'] == 'assay/error/v1', (wrong, answer)
    for text in ('\u0000', 'a\u001bb', '\u0007', '\u007f', ['a'], {'a': 1}, None, ''):
        answer = send('/api/v1/feedback/replies', order | {'text': text}, PROVIDER)
        assert answer.status in (400, 422) and answer.json()['schema'] == 'assay/error/v1', (text, answer)
    assert SERVER.get('/api/v1/moderation?limit=1000').body == before


@tap.case
def all_answers_are_listed_and_each_that_is_taken_is_among_them():
    taken(answers(subject={'provider': 'nebius'}))
    everything = SERVER.get('/api/v1/feedback?limit=1000').json()['answers']
    assert everything == sorted(kept() + kept('nebius'), key=everything.index) and len(everything) > len(kept())
    twins = [one['href'] for one in page('/feedback').all('link') if one.get('type') == 'application/json']
    assert twins and all(SERVER.get(twin).status == 200 for twin in twins), twins
    # What is kept is longer than what was sent: where it could not be read again it is refused.
    few = [one['criterion'] for one in SERVER.get('/api/v1/questions?all=yes').json()['questions'] if one.get('answers')][:80]
    room = 128 << 10
    for spare in (0, 200, 400, 6000):
        said = {name: {'answer': first_answer(name), 'remark': ''} for name in few}
        short = room - spare - len(json.dumps(answers(said), separators=(',', ':')))
        for name in few:
            said[name]['remark'] = 'x' * min(2000, short)
            short -= len(said[name]['remark'])
        before = len(kept())
        body = json.dumps(answers({name: one for name, one in said.items() if one['remark']}), separators=(',', ':'))
        answer = send('/api/v1/feedback', body)
        assert answer.status in (201, 413), answer
        assert len(kept()) == before + (answer.status == 201), (spare, answer)


def first_answer(criterion):
    return SERVER.get(f'/api/v1/criteria/{criterion}').json()['criterion']['answers'][0]['answer']


@tap.case
def who_sends_too_many_answers_waits_and_loses_none_of_his_words():
    with serving.Server('--rate=50', f'--store={STORE}') as other:
        # One in ten seconds, twenty at once; a slow machine gives a few more the time to come.
        taken_in, late = 0, None
        while late is None or late.status == 201:
            late = other.ask('POST', '/api/v1/feedback', json.dumps(answers()), {'Content-Type': 'application/json'})
            taken_in += late.status == 201
            assert taken_in < 60, taken_in
        assert taken_in >= 20 and late.status == 429 and int(late.fields['retry-after']) >= 1 and late.json()['schema'] == 'assay/error/v1'
        again = other.send_form('/feedback/crusoe', FORM)
        for _ in range(20):
            if again.status != 303:
                break
            again = other.send_form('/feedback/crusoe', FORM)  # the next one had come meanwhile
        assert again.status == 429 and b'They answer on weekdays.' in again.body, again
        assert re.search(rb'again in \d+ seconds', again.body), again.body
        assert other.get('/api/v1/feedback?provider=crusoe').status == 200


@tap.case
def flags_are_shown_and_nothing_is_left_out():
    remark = 'The shared file system vanished twice while two hundred ranks were training on it.'
    for number in range(20, 23):
        taken(answers({'storage.mounts-stay': 'vanish'}, proof=invoice(number), remark=remark))
    told('storage.mounts-stay', voices=3)
    assert {flag['flag'] for flag in opinions()['flags']} >= {'copy'}
    shown('/feedback/crusoe', 'the remarks of 3 tenants are nearly the same')


@tap.case
def enough_proven_customers_change_the_next_rating():
    criterion = 'networking.adapter-names'
    before = SERVER.get('/provider/crusoe.json').json()
    for number in range(30, 36):
        one = taken(answers({criterion: 'equal'}, proof=invoice(number)))['id']
        assert moderate('confirm', one, 'the invoice was shown').status == 201
    told(criterion, settles=True)
    SERVER.wait_for(lambda: 'customers of crusoe' in SERVER.get('/provider/crusoe.json').body.decode())
    assert SERVER.get('/provider/crusoe.json').json() != before
    # The command rates what the server rates, and says so of any past moment.
    rated = serving.run('explain', 'crusoe', criterion, f'--store={STORE}')
    assert 'answer: equal' in rated.stdout and 'customers of crusoe' in rated.stdout, rated
    past = serving.run('explain', 'crusoe', criterion, f'--store={STORE}', '--as-of=2025-04-01')
    assert 'customers of crusoe' not in past.stdout, past
    # One voice about a product that nobody rents makes no unit.
    taken(answers(subject={'provider': 'crusoe', 'product': 'invented'}))
    assert 'invented' not in SERVER.get('/provider/crusoe.json').body.decode()


@tap.case
def what_is_published_can_be_worked_out_again():
    lines = serving.path(place.name, 'said.jsonl')
    lines.write_text('\n'.join(json.dumps(one) for one in kept()), encoding='utf-8')
    done = serving.run('feedback', 'aggregate', lines, '--format=json')
    assert done.returncode == 0, done.stderr
    mine = json.loads(done.stdout)

    def same():
        theirs = SERVER.get('/api/v1/opinions?provider=crusoe').json()
        return mine['opinions'] == theirs['opinions'] and mine['flags'] == theirs['flags']

    SERVER.wait_for(same, lambda: (mine, opinions()))


@tap.case
def the_server_ends_well():
    assert SERVER.end() == 0, SERVER.lines()


try:
    tap.run()
finally:
    SERVER.end()
    place.cleanup()
