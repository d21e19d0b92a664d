#!/usr/bin/python3
"""What customers say, what is done about it and what providers reply are a part of history: each league table
that was ever published comes again byte for byte, whatever was said, withdrawn, restored or replied since."""
import hashlib
import json
import os
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import postgresql
import serving
import tap
from stores import case, good, stats

DRAWS = '50'
CRITERION = 'networking.adapter-names'
VOICES = 6
RATE = ['rate', '--format', 'json', '--draws', DRAWS]


class Site:
    """A server over the store, and what people do there."""

    def __init__(self, where):
        self.where = where
        good('store', 'init', '--store', where)
        good('store', 'import', '--store', where, 'data/evidence/crusoe.yaml', 'data/evidence/nebius.yaml')
        self.moderator = self.token('moderator', 'moderate')
        self.provider = self.token('crusoe', 'feedback')
        self.server = serving.Server('--rate=0', f'--store={where}')
        self.seen = []

    def token(self, party, scope):
        made = good('store', 'token', 'make', '--store', self.where, f'--party={party}', f'--scope={scope}')
        return made.split()[-1]

    def send(self, path, document, token=None):
        fields = {'Content-Type': 'application/json'} | ({'Authorization': f'Bearer {token}'} if token else {})
        answer = self.server.ask('POST', path, json.dumps(document), fields)
        assert answer.status == 201, answer
        return answer.json()

    def say(self, answer, number):
        proof = {'kind': 'invoice', 'mark': hashlib.sha256(b'invoice %d' % number).hexdigest()}
        return self.send('/api/v1/feedback', {
            'schema': 'assay/feedback/v1', 'subject': {'provider': 'crusoe'}, 'proof': proof,
            'remark': f'what number {number} says', 'answers': {CRITERION: answer}})['id']

    def moderate(self, act, about):
        self.send('/api/v1/moderation', {'schema': 'assay/feedback-moderation/v1', 'act': act, 'about': about,
                                         'reason': f'the reason to {act}'}, self.moderator)

    def reply(self, about, text):
        self.send('/api/v1/feedback/replies', {'schema': 'assay/feedback-reply/v1', 'about': about, 'text': text},
                  self.provider)

    def publish(self, name):
        """The league table of this moment, and how it is asked for later. Moments are whole seconds."""
        day = time.strftime('%Y-%m-%d', time.gmtime())
        table = good(*RATE, '--store', self.where, '--as-of', day)
        assert good(*RATE, '--store', self.where, '--as-of', day, '--publish') == table
        entry = stats(self.where)['last']
        moment = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        snapshot = good('store', 'ratings', '--store', self.where).splitlines()[0].split('\t')[0]
        self.seen.append((name, day, moment, entry, snapshot, table))
        time.sleep(1.1)
        return table


def live(site):
    """A history; the tables that came of it, by name."""
    tables = {'before': site.publish('before')}
    ids = [site.say('equal', number) for number in range(VOICES)]
    tables['said'] = site.publish('said')
    for one in ids:
        site.moderate('confirm', one)
    tables['confirmed'] = site.publish('confirmed')
    for one in ids:
        site.reply(one, 'We have named them alike since.')
    tables['replied'] = site.publish('replied')
    for one in ids[:3]:
        site.moderate('withdraw', one)
    tables['withdrawn'] = site.publish('withdrawn')
    for one in ids[:3]:
        site.moderate('restore', one)
    tables['restored'] = site.publish('restored')
    site.reply(ids[0], 'And once more.')
    for number in range(VOICES, 3 * VOICES):
        site.moderate('confirm', site.say('mixed', number))
    tables['another'] = site.publish('another')
    return tables


def rests_apart(table):
    """The table without what it says of how much was known: the rows alone."""
    return {key: value for key, value in json.loads(table).items() if key in ('providers', 'units')}


def holds(site, where):
    """Each table comes again from the store there: by the day and the moment, and by its snapshot."""
    for name, day, moment, _, snapshot, table in site.seen:
        again = good(*RATE, '--store', where, '--as-of', day, '--known-at', moment)
        assert again == table, f'{name}: another table at {moment}'
        assert good('store', 'ratings', snapshot, '--store', where, '--format', 'json') == table, name


def goes_through(folder, where, other):
    site = Site(where)
    try:
        tables = live(site)
        rows = {name: rests_apart(table) for name, table in tables.items()}
        assert rows['before'] and rows['confirmed'] != rows['before'], 'what proven customers say counts'
        assert rows['replied'] == rows['confirmed'], 'a reply moves no rating'
        assert rows['withdrawn'] != rows['confirmed'] == rows['restored'], 'what is withdrawn does not count'
        assert rows['another'] != rows['restored'], 'new voices count'
        holds(site, where)
        # Of a day before anybody answered, the store says what the files say.
        files = ['--evidence', 'data/evidence/crusoe.yaml', '--evidence', 'data/evidence/nebius.yaml']
        for day in ('2025-03-20', '2025-06-01'):
            rate = [*RATE, '--as-of', day]
            assert good(*rate, '--store', where) == good(*rate, *files)
        # The whole history goes along to another store, of the other database.
        lines = pathlib.Path(folder) / 'all.jsonl'
        good('store', 'export', '--store', where, '--to', lines)
        good('store', 'init', '--store', other)
        good('store', 'import', '--store', other, lines)
        assert stats(other)['link'] == stats(where)['link']
        holds(site, other)
        good('store', 'compact', '--store', where)
        holds(site, where)
        assert 'no fault' in good('store', 'verify', '--store', where)
    finally:
        site.server.end()


@case
def past_tables_come_again_from_a_file(folder):
    goes_through(folder, pathlib.Path(folder) / 'store.db', pathlib.Path(folder) / 'other.db')


@case
def past_tables_come_again_from_a_server(folder):
    os.chmod(folder, 0o755)
    with postgresql.server(pathlib.Path(folder) / 'server') as where:
        assert where, 'PostgreSQL is not installed; tools/prepare names what tests need'
        goes_through(folder, where, pathlib.Path(folder) / 'other.db')


if __name__ == '__main__':
    tap.run_at_once(2)
