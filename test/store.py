#!/usr/bin/python3
"""`assay store`: what is taken in comes out again, is rated to the same bytes, and survives."""
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import postgresql
import tap
from stores import ASSAY, LOAD, case, filled, good, psql, refused, run, stats

KILLS = int(os.environ.get('STORE_KILLS', '50'))
DRAWS = '200'


@case
def rating_is_the_same_as_of_the_files(folder):
    store = filled(folder)
    for day in ('2025-03-20', '2025-06-01', '2026-01-01'):
        rate = ['rate', '--format', 'json', '--draws', DRAWS, '--as-of', day]
        assert good(*rate) == good(*rate, '--store', store)
    for words in (['explain', 'google'], ['compare', 'google', 'aws']):
        assert good(*words, '--draws', '0') == good(*words, '--draws', '0', '--store', store)
    rate = ['rate', '--format', 'json', '--draws', '0']
    environment = {**os.environ, 'ASSAY_STORE': str(store)}
    assert run(*rate, env=environment).stdout == good(*rate)


@case
def the_same_again_is_known(folder):
    store = filled(folder)
    before = stats(store)
    done = run('store', 'import', '--store', store, 'data/evidence')
    assert ' 0 taken in' in done.stderr, done.stderr
    assert stats(store) == before
    assert 'no fault' in good('store', 'verify', '--store', store)


@case
def an_export_is_evidence_again(folder):
    store = filled(folder)
    lines = pathlib.Path(folder) / 'out.jsonl'
    good('store', 'export', 'evidence', '--store', store, '--to', lines)
    rate = ['rate', '--format', 'json', '--draws', '0']
    assert good(*rate, '--evidence', lines) == good(*rate)
    whole = [json.loads(line) for line in good('store', 'export', '--store', store).splitlines()]
    assert len(whole) == stats(store)['entries']['evidence']
    assert all(entry['line']['id'] == entry['id'] for entry in whole)


@case
def an_export_of_everything_is_the_same_store(folder):
    store = filled(folder)
    good('rate', '--store', store, '--draws', '50', '--publish')
    lines = pathlib.Path(folder) / 'all.jsonl'
    good('store', 'export', '--store', store, '--to', lines)
    copy = pathlib.Path(folder) / 'copy.db'
    good('store', 'init', '--store', copy)
    good('store', 'import', '--store', copy, lines)
    same = ('batches', 'last', 'link', 'entries')
    assert [stats(store)[key] for key in same] == [stats(copy)[key] for key in same]
    assert 'no fault' in good('store', 'verify', '--store', copy)
    refused(65, 'into a new store', 'store', 'import', '--store', copy, lines)
    text = lines.read_text(encoding='utf-8').splitlines(keepends=True)
    for wrong, words in (
        (text[:3] + text[4:], 'not whole'),
        (text[:3] + ['{"schema":"assay/store-entry/v1"}\n'], "line 4: 'batch'"),
        (text[:3] + ['{"schema"\n'], 'line 4'),
    ):
        lines.write_text(''.join(wrong), encoding='utf-8')
        other = pathlib.Path(folder) / 'other.db'
        good('store', 'init', '--store', other)
        refused(65, words, 'store', 'import', '--store', other, lines)
        for path in pathlib.Path(folder).glob('other.db*'):
            path.unlink()


@case
def what_is_withdrawn_counts_no_more_and_stays(folder):
    store = filled(folder)
    rate = ['rate', '--format', 'json', '--draws', '0', '--store', store, '--as-of', '2025-06-01']
    whole = good(*rate)
    good(*rate, '--publish')
    snapshot = good('store', 'ratings', '--store', store).split('\t')[0]
    act = ['--store', store, '--party', 'desk', 'evidence:crusoe.active-checks', 'of another product']
    good('store', 'withdraw', *act)
    without = good(*rate)
    assert without != whole and good('store', 'ratings', snapshot, '--store', store, '--format', 'json') == whole
    refused(65, 'is withdrawn', 'store', 'withdraw', *act)
    good('store', 'restore', *act)
    assert good(*rate) == whole and 'no fault' in good('store', 'verify', '--store', store)
    refused(65, 'is not withdrawn', 'store', 'restore', *act)
    before = stats(store)
    for status, word, words in (
        (66, 'no entry', ['evidence:nothing', 'why']), (64, 'none of', ['nodes:x', 'why']), (64, 'none of', ['acts:x', 'why']),
        (64, 'none of', ['crusoe.active-checks', 'why']), (64, 'none of', ['evidence:', 'why']),
        (64, 'a reason', ['evidence:crusoe.active-checks', '']), (64, 'a reason', ['evidence:crusoe.active-checks', 'a\x1bb']),
        (64, 'a reason', ['evidence:crusoe.active-checks', 'x' * 2001]), (64, 'REASON', ['evidence:crusoe.active-checks']),
    ):
        refused(status, word, 'store', 'withdraw', '--store', store, '--party', 'desk', *words)
    refused(64, '--party', 'store', 'withdraw', '--store', store, 'evidence:crusoe.active-checks', 'why')
    assert stats(store) == before


@case
def what_was_published_comes_again(folder):
    store = filled(folder)
    good('rate', '--store', store, '--draws', DRAWS, '--publish', '--as-of', '2025-06-01')
    listed = good('store', 'ratings', '--store', store)
    snapshot = listed.split('\t')[0]
    more = pathlib.Path(folder) / 'more.jsonl'
    record = json.loads(good('store', 'export', 'evidence', '--store', store).splitlines()[0])
    record.update(id='later.1', hash=None)
    del record['hash']
    more.write_text(json.dumps(record) + '\n', encoding='utf-8')
    time.sleep(1)
    good('store', 'import', '--store', store, more)
    again = good('store', 'ratings', snapshot, '--store', store, '--format', 'json')
    rate = ['rate', '--format', 'json', '--draws', DRAWS, '--as-of', '2025-06-01']
    assert again == good(*rate)
    assert good(*rate, '--store', store) != again
    entries = [json.loads(line) for line in good('store', 'export', '--store', store).splitlines()]
    taken = max(entry['taken'] for entry in entries if 'later.1' not in json.dumps(entry))
    then = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(taken))
    assert good(*rate, '--store', store, '--known-at', then) == again
    # The same rating again adds nothing; evidence that is not of the store cannot be published.
    refused(65, 'for a rating from --store alone', 'rate', '--publish', '--draws', '0')


@case
def tokens_and_codes_are_shown_once(folder):
    store = filled(folder)
    at = ['--store', store]
    secret = good('store', 'token', 'make', *at, '--party', 'acme', '--scope', 'push,nodes')
    assert secret.startswith('assay_') and len(secret) == 59
    assert secret.strip().encode() not in pathlib.Path(store).read_bytes()
    assert 'acme\tpush,nodes' in good('store', 'token', 'list', *at)
    good('store', 'token', 'revoke', '1', *at)
    assert 'revoked' in good('store', 'token', 'list', *at)
    assert good('store', 'code', *at, '--party', 'acme').startswith('assay_')
    refused(65, 'has to expire', 'store', 'token', 'make', *at, '--party', 'a', '--scope', 'admin')
    refused(65, 'it is push', 'store', 'token', 'make', *at, '--party', 'a', '--scope', 'all')


# ---- prices ----

PRICES = """provider,product,region,gpu,gpus,rental,term_months,price,currency,observed,source
lambda,8x,us-1,H100 SXM,8,on-demand,,23.92,USD,2026-07-01,https://lambda.example/
runpod,"a, b",eu-1,H100 SXM,1,spot,,1.40,EUR,2026-07-01,https://runpod.example/
coreweave,,,H100 SXM,8,contract,12,18,USD,2026-07-02,
together,,,H100 SXM,8,on-demand,,22,USD,2026-07-02,
lambda,8x,us-1,H100 SXM,8,on-demand,,0,USD,2026-07-03,
"""


def priced(folder, text=PRICES, name='prices.csv'):
    path = pathlib.Path(folder) / name
    path.write_text(text, encoding='utf-8')
    return path


def take_prices(store, *files):
    return run('store', 'import', '--stream', 'quotes', '--store', store, '--as-of', '2026-07-05', *files)


@case
def prices_are_taken_once_with_who_says_so(folder):
    store = pathlib.Path(folder) / 'store.db'
    good('store', 'init', '--store', store)
    done = take_prices(store, priced(folder), '--party', 'desk')
    assert done.returncode == 0, done.stderr
    assert '4 taken in, 0 known before' in done.stderr and '1 of 5 rows refused' in done.stderr, done.stderr
    assert '0 taken in, 4 known before' in take_prices(store, priced(folder, name='again.csv')).stderr
    assert stats(store)['entries']['quotes'] == 4
    entries = [json.loads(line) for line in good('store', 'export', '--store', store).splitlines()]
    assert {entry['party'] for entry in entries} == {'desk'}
    first = entries[0]
    assert first['line']['source'] == 'https://lambda.example/' and first['value'] == 2.99
    assert first['what'] == 'h100/80gb/sxm/on-demand/all-tiers' and first['subject'] == 'lambda/8x/us-1'
    assert 'no fault' in good('store', 'verify', '--store', store)
    nothing = take_prices(store, priced(folder, PRICES.splitlines()[0] + '\nx,,,H100 SXM,8,spot,,0,USD,2026-07-01,\n', 'none.csv'))
    assert nothing.returncode == 1, nothing.stderr
    refused(65, 'evidence, nodes or quotes', 'store', 'import', '--stream', 'acts', '--store', store, folder)


@case
def the_market_reads_the_store_as_it_reads_files(folder):
    store = pathlib.Path(folder) / 'store.db'
    good('store', 'init', '--store', store)
    file = priced(folder, ''.join(PRICES.splitlines(keepends=True)[:-1]))
    assert take_prices(store, file).returncode == 0
    for words in (['index', '--draws', '50'], ['trend', '--draws', '50'], ['list']):
        command = ['market', *words, '--as-of', '2026-07-05', '--format', 'json', '--quiet']
        by_file, by_store = run(*command, file), run(*command, '--store', store)
        assert by_file.stdout == by_store.stdout != '', by_store.stderr
        assert by_file.returncode == by_store.returncode
    refused(66, 'no prices are named', 'market', 'index')
    refused(65, 'two places', 'market', 'index', '--store', store, file)


@case
def prices_were_so_on_a_day_and_known_at_a_moment(folder):
    store = pathlib.Path(folder) / 'store.db'
    good('store', 'init', '--store', store)
    lines = PRICES.splitlines(keepends=True)
    assert take_prices(store, priced(folder, ''.join(lines[:2]))).returncode == 0
    entries = [json.loads(line) for line in good('store', 'export', '--store', store).splitlines()]
    then = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(entries[0]['taken']))
    time.sleep(1.1)
    assert take_prices(store, priced(folder)).returncode == 0

    def providers(*words):
        found = good('market', 'list', '--store', store, '--format', 'json', *words)
        return sorted(quote['provider'] for quote in json.loads(found)['quotes'])

    assert providers('--known-at', then) == ['lambda']
    assert providers('--as-of', '2026-07-01') == ['lambda', 'runpod']
    assert providers('--as-of', '2026-07-05') == ['coreweave', 'lambda', 'runpod', 'together']


# ---- PostgreSQL ----


def emptied(folder):
    psql(folder, '-c', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public')


def moves_forward(folder, where, before):
    """An earlier format is refused to readers, moved after a copy was kept, and is the same store."""
    psql(folder, '-f', f'test/store/format-{before}.postgresql.sql')
    link = psql(folder, '-c', "SELECT encode(link, 'hex') FROM batch ORDER BY first DESC LIMIT 1")
    refused(65, 'to move it to format 3', 'rate', '--store', where)
    assert psql(folder, '-c', 'SELECT format FROM assay_store') == str(before)
    good('store', 'init', '--store', where)
    now = stats(where)
    assert now['format'] == 3 and now['link'] == f'sha256:{link}' and now['last'] == 29, now
    assert 'no fault' in good('store', 'verify', '--store', where)
    kept = 'SELECT format, (SELECT count(*) FROM before_3.entry), (SELECT count(*) FROM before_3.id)'
    assert psql(folder, '-c', f'{kept} FROM before_3.assay_store') == f'{before}|29|29'
    psql(folder, '-c', 'DROP SCHEMA before_3 CASCADE')
    lines = pathlib.Path(folder) / 'moved.jsonl'
    good('store', 'export', 'evidence', '--store', where, '--to', lines)
    assert ' 0 taken in, 9 known' in run('store', 'import', '--store', where, lines).stderr
    record = json.loads(lines.read_text(encoding='utf-8').splitlines()[0])
    record.update(excerpt='another', hash=None)
    del record['hash']
    lines.write_text(json.dumps(record) + '\n', encoding='utf-8')
    refused(65, 'with other content', 'store', 'import', '--store', where, lines)
    assert stats(where) == {**now, 'bytes': stats(where)['bytes']}
    # What was there has keys of its own; of what comes all but twenty are new, and stand in runs.
    assert psql(folder, '-c', 'SELECT count(*) FROM run') == '0'
    subprocess.run([LOAD, 'ingest', where, '512', '256'], check=True, stdout=subprocess.DEVNULL)
    assert psql(folder, '-c', 'SELECT count(*), sum(last - first + 1) FROM run') == '2|492'
    assert 'no fault' in good('store', 'verify', '--store', where)


def goes_both_ways(folder, where):
    """From a file to the server and back, with history: the same chain, the same league tables."""
    store = filled(folder)
    assert take_prices(store, priced(folder)).returncode == 0
    good('rate', '--store', store, '--draws', '50', '--publish', '--as-of', '2025-06-01')
    lines, back = pathlib.Path(folder) / 'all.jsonl', pathlib.Path(folder) / 'back.db'
    good('store', 'export', '--store', store, '--to', lines)
    for at in (where, back):
        good('store', 'init', '--store', at)
        good('store', 'import', '--store', at, lines)
        again = good('store', 'export', '--store', at)
        assert again == lines.read_text(encoding='utf-8')
        assert 'no fault' in good('store', 'verify', '--store', at)
        assert stats(at)['link'] == stats(store)['link']
        lines.write_text(again, encoding='utf-8')
    snapshot = good('store', 'ratings', '--store', store).split('\t')[0]
    for day in ('2025-03-20', '2025-06-01'):
        rate = ['rate', '--format', 'json', '--draws', DRAWS, '--as-of', day]
        assert good(*rate, '--store', where) == good(*rate, '--store', store) == good(*rate)
    listed = ['store', 'ratings', snapshot, '--format', 'json']
    assert good(*listed, '--store', where) == good(*listed, '--store', store)
    good('store', 'compact', '--store', where)
    assert 'no fault' in good('store', 'verify', '--store', where)
    assert stats(where)['link'] == stats(store)['link']


@case
def a_server_keeps_what_a_file_keeps(folder):
    os.chmod(folder, 0o755)
    with postgresql.server(pathlib.Path(folder) / 'server') as where:
        assert where, 'PostgreSQL is not installed; tools/prepare names what tests need'
        for before in (1, 2):
            moves_forward(folder, where, before)
            emptied(folder)
        goes_both_ways(folder, where)


# ---- what is broken ----


@case
def what_is_no_store_is_refused(folder):
    place = pathlib.Path(folder)
    refused(74, 'cannot be opened', 'store', 'verify', '--store', place / 'none.db')
    text = place / 'text.db'
    text.write_text('x' * 5000, encoding='utf-8')
    for words in (['store', 'init'], ['store', 'verify'], ['rate']):
        refused(65, 'no file of SQLite', *words, '--store', text)
    assert text.read_text(encoding='utf-8') == 'x' * 5000
    other = place / 'other.db'
    with sqlite3.connect(other) as database:
        database.execute('CREATE TABLE t (a)')
    refused(65, 'something else', 'store', 'init', '--store', other)
    refused(66, 'no store', 'rate', '--store', other)
    refused(65, 'no store is named', 'store', 'verify')
    later = filled(folder)
    with sqlite3.connect(later) as database:
        database.execute('UPDATE assay_store SET format = 2')
    refused(65, 'use a later assay', 'rate', '--store', later)
    refused(65, 'use a later assay', 'store', 'import', '--store', later, 'data/evidence')


@case
def a_store_that_may_not_be_written_is_read(folder):
    store = filled(folder)
    closed = pathlib.Path(folder) / 'closed'
    closed.mkdir()
    copy = closed / 'store.db'
    copy.write_bytes(store.read_bytes())
    rate = ['rate', '--format', 'json', '--draws', '0']
    user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] if not os.geteuid() else []
    copy.chmod(0o444)
    closed.chmod(0o555)
    os.chmod(folder, 0o755)
    try:
        done = subprocess.run(
            [*user, ASSAY, *rate, '--store', copy], capture_output=True, text=True, check=False
        )
        assert done.stdout == good(*rate), done.stderr
        done = subprocess.run(
            [*user, ASSAY, 'store', 'import', '--store', copy, 'data/evidence'],
            capture_output=True, text=True, check=False,
        )
        assert done.returncode == 74 and 'may not be written' in done.stderr, done.stderr
    finally:
        closed.chmod(0o755)
    assert sorted(p.name for p in closed.iterdir()) == ['store.db']


@case
def a_file_that_was_cut_is_refused(folder):
    store = filled(folder)
    whole = store.read_bytes()
    for share in (0.1, 0.5, 0.99):
        store.write_bytes(whole[: int(len(whole) * share)])
        done = run('rate', '--store', store, '--draws', '0')
        assert done.returncode == 65 and done.stdout == '', done
        assert done.stderr.count('\n') == 1 and 'damaged' in done.stderr, done.stderr


@case
def flipped_bits_are_found(folder):
    """Each flip is an error, a fault that verify names, or lies where nothing is kept any more."""
    store = filled(folder)
    whole = bytearray(store.read_bytes())
    clean = good('rate', '--store', store, '--draws', '0', '--format', 'json')
    draw = random.Random(6)
    written = [at for at in range(100, len(whole)) if whole[at]]  # most of a small store is empty
    found = 0
    for at in draw.sample(written, 20):
        changed = bytearray(whole)
        changed[at] ^= 1 << draw.randrange(8)
        store.write_bytes(changed)
        done = run('store', 'verify', '--store', store)
        assert done.returncode in (0, 65, 66, 70, 74), done
        found += done.returncode != 0
        rated = run('rate', '--store', store, '--draws', '0', '--format', 'json')
        assert rated.returncode in (0, 65, 66, 74), rated
        if done.returncode == 0:
            assert rated.stdout == clean
    assert found > 6, found


# ---- killed ----


def kill_once(store, start, draw, batch):
    """Returns how many entries the writer had acknowledged when it was killed."""
    with subprocess.Popen(
        [LOAD, 'write', store, str(start), str(batch)], stdout=subprocess.PIPE, text=True
    ) as writer:
        time.sleep(draw.random() * 0.12)
        writer.kill()
        said = writer.stdout.read()
    lines = said.split('\n')[:-1]  # behind the last newline stands what was not said
    return int(lines[-1]) if lines else start


@case
def kills_lose_nothing(folder):
    draw = random.Random(60)
    batch, each = 100, 10
    for part in range(0, KILLS, each):
        store = pathlib.Path(folder) / f'kill-{part}.db'
        there = 0
        for _ in range(min(each, KILLS - part)):
            acknowledged = kill_once(store, there, draw, batch)
            if not store.exists() and acknowledged == 0:
                continue
            if acknowledged == 0 and run('store', 'stats', '--store', store).returncode == 66:
                continue  # killed before the tables were there
            there = stats(store)['entries']['nodes']
            assert there >= acknowledged, f'{acknowledged} acknowledged, {there} there'
            assert there % batch == 0, f'half a batch: {there}'
        if there:
            assert 'no fault' in good('store', 'verify', '--store', store)


def end_child_of(process):
    children = pathlib.Path(f'/proc/{process}/task/{process}/children').read_text(encoding='utf-8')
    for child in children.split():
        os.kill(int(child), signal.SIGKILL)


@case
def what_is_acknowledged_was_synced(folder):
    """A kill is no power cut: each acknowledgement has a sync of the log before it."""
    store = pathlib.Path(folder) / 'synced.db'
    trace = pathlib.Path(folder) / 'trace'
    strace = ['strace', '-f', '-o', trace, '-e', 'trace=fdatasync,fsync,write', '-y']
    with subprocess.Popen(
        [*strace, LOAD, 'write', store, '0', '100'], stdout=subprocess.PIPE, text=True
    ) as writer:
        for _ in range(20):
            writer.stdout.readline()
        end_child_of(writer.pid)
        writer.stdout.read()
    synced, acknowledged = False, 0
    for line in trace.read_text(encoding='utf-8').splitlines():
        if 'sync(' in line and '-wal>' in line:
            synced = True
        elif 'write(1<' in line:
            assert synced, line
            synced = False
            acknowledged += 1
    assert acknowledged >= 20, acknowledged


if __name__ == '__main__':
    tap.run_at_once(2)
