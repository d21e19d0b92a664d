#!/usr/bin/python3
"""A store of PostgreSQL whose server goes away, refuses, or holds what a later version wrote."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import postgresql
import serving
import tap
from stores import LOAD, case, good, psql, refused, run, stats

BATCH = 200
PATIENCE_S = 60


def home_of(folder):
    os.chmod(folder, 0o755)
    return pathlib.Path(folder) / 'server'


@case
def a_writer_whose_connection_ends_says_so_and_nothing_is_half_there(folder):
    with postgresql.server(home_of(folder)) as where:
        assert where, 'PostgreSQL is not installed; tools/prepare names what tests need'
        there = 0
        for _ in range(5):
            with subprocess.Popen(
                [LOAD, 'write', where, str(there), str(BATCH)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            ) as writer:
                said = writer.stdout.readline() + writer.stdout.readline()
                psql(folder, '-c', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
                said, wrong = said + writer.stdout.read(), writer.stderr.read()
            acknowledged = int(said.split()[-1])
            assert writer.returncode == 1 and wrong.count('\n') == 1, wrong
            assert 'the connection was lost' in wrong or 'terminating connection' in wrong, wrong
            there = stats(where)['entries']['nodes']
            # The last may have been written without its end having been heard.
            assert there in (acknowledged, acknowledged + BATCH), (there, acknowledged, wrong)
            assert there == acknowledged or 'is not known' in wrong, wrong
        assert 'no fault' in good('store', 'verify', '--store', where)


@case
def one_that_stands_still_does_not_keep_others_out_for_long(folder):
    with postgresql.server(home_of(folder)) as where:
        good('store', 'init', '--store', where)
        with subprocess.Popen(
            ['psql', '-h', home_of(folder), '-U', 'assay', '-d', 'postgres', '-Xq'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as other:
            other.stdin.write('BEGIN;\nSELECT pg_advisory_xact_lock(1095981361);\n\\echo held\n')
            other.stdin.flush()
            while 'held' not in other.stdout.readline():
                pass
            began = time.monotonic()
            refused(74, 'is written by another process for more than 10 s', 'store', 'import', '--store', where,
                    'data/evidence')
            assert 9 < time.monotonic() - began < PATIENCE_S
            other.stdin.write('ROLLBACK;\n')
            other.stdin.close()
        assert ' 0 known' in run('store', 'import', '--store', where, 'data/evidence').stderr


@case
def a_server_that_is_not_there_is_named_in_one_line(folder):
    home = home_of(folder)
    home.mkdir()
    refused(74, 'No such file or directory', 'store', 'stats', '--store', postgresql.place(home))


@case
def no_password_is_told_on(folder):
    with postgresql.server(home_of(folder)) as where:
        good('store', 'init', '--store', where)
        psql(folder, '-c', "ALTER ROLE assay PASSWORD 'opensesame'")
        rules = home_of(folder) / 'data' / 'pg_hba.conf'
        rules.write_text('local all all scram-sha-256\n', encoding='utf-8')
        os.kill(int((home_of(folder) / 'data' / 'postmaster.pid').read_text(encoding='utf-8').split()[0]), signal.SIGHUP)
        plain = {name: value for name, value in os.environ.items() if name != 'PGPASSWORD'}
        plain['PGPASSFILE'] = str(home_of(folder) / 'none')
        end = time.monotonic() + PATIENCE_S
        while run('store', 'stats', '--store', where, env=plain).returncode == 0:
            assert time.monotonic() < end, 'the server asks for no password'
            time.sleep(0.1)
        host = f'host={home_of(folder)}'
        for address, password in (
            (where, None),
            (where, 'wrongsecret'),
            (f'postgresql://assay:wrongsecret@/postgres?{host}', None),
            (f'postgresql:///postgres?{host}&user=assay&password=wrongsecret', None),
            (f'postgresql://assay:wrongsecret/more@/postgres?{host}', None),
        ):
            environment = plain | ({'PGPASSWORD': password} if password else {})
            for words in (['stats'], ['init'], ['verify']):
                done = run('store', *words, '--store', address, env=environment)
                assert done.returncode in (65, 74) and done.stdout == '', done
                assert done.stderr.count('\n') == 1 and 'wrongsecret' not in done.stderr, done.stderr
                assert 'password' in done.stderr, done.stderr
        assert run('store', 'stats', '--store', where, env=plain | {'PGPASSWORD': 'opensesame'}).returncode == 0
        assert 'opensesame' not in (home_of(folder) / 'log').read_text(encoding='utf-8').replace(
            "PASSWORD 'opensesame'", '')


@case
def a_later_format_is_refused_and_left_alone(folder):
    with postgresql.server(home_of(folder)) as where:
        good('store', 'init', '--store', where)
        good('store', 'import', '--store', where, 'data/evidence')
        before = stats(where)
        psql(folder, '-c', 'UPDATE assay_store SET format = 99')
        for words in (['rate'], ['store', 'stats'], ['store', 'verify'], ['store', 'export'], ['store', 'init'],
                      ['store', 'import', 'data/evidence'], ['store', 'compact']):
            refused(65, 'use a later assay', *words, '--store', where)
        refused(65, 'use a later assay', 'serve', '--port=0', '--store', where)
        psql(folder, '-c', f'UPDATE assay_store SET format = {before["format"]}')
        assert stats(where) == before


@case
def what_is_no_store_is_refused(folder):
    with postgresql.server(home_of(folder)) as where:
        psql(folder, '-c', 'CREATE TABLE something (a integer)')
        refused(65, 'something else', 'store', 'init', '--store', where)
        refused(66, 'no store', 'rate', '--store', where)
        assert psql(folder, '-c', "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == '1'


def send(server, text):
    document = {'schema': 'assay/feedback/v1', 'subject': {'provider': 'crusoe'}, 'remark': text,
                'answers': {'reliability.interruptions': 'ordinary'}}
    return server.ask('POST', '/api/v1/feedback', json.dumps(document), {'Content-Type': 'application/json'})


@case
def a_server_of_pages_goes_on_when_its_database_is_back(folder):
    home = home_of(folder)
    postgresql.make(home)
    where, database = postgresql.place(home), postgresql.start(home)
    try:
        good('store', 'init', '--store', where)
        good('store', 'import', '--store', where, 'data/evidence/crusoe.yaml')
        with serving.Server('--rate=0', f'--store={where}') as server:
            assert server.get('/api/v1/evidence?limit=5').status == 200
            assert send(server, 'before').status == 201
            for how in (postgresql.kill, postgresql.end):
                how(database)
                assert server.get('/').status == 200, 'pages that are made stay'
                # Who first hears of it has lost a connection, the next gets none.
                for answer in (server.get('/api/v1/evidence?limit=5'), send(server, 'meanwhile'),
                               server.get('/api/v1/evidence?limit=5')):
                    assert answer.status == 503 and answer.fields['retry-after'], answer
                    assert str(home) not in answer.body.decode() and 'try again' in answer.body.decode(), answer
                database = postgresql.start(home)
                # No connection that died meanwhile is lent to anybody.
                for _ in range(6):
                    assert server.get('/api/v1/evidence?limit=5').status == 200
                assert send(server, f'behind {how.__name__}').status == 201
            kept = server.get('/api/v1/feedback?provider=crusoe&limit=100').json()['answers']
            assert [one.get('remark') for one in kept] == ['before', 'behind kill', 'behind end'], kept
            assert str(home) in server.lines(), server.lines()
        assert 'no fault' in good('store', 'verify', '--store', where)
    finally:
        postgresql.end(database)


if __name__ == '__main__':
    tap.run_at_once(2)
