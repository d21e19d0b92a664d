#!/usr/bin/python3
"""The program as its users meet it: what it prints, what it refuses, and how it ends."""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, 'tools')
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
COMMANDS = [
    'rate',
    'explain',
    'compare',
    'criteria',
    'evidence',
    'report',
    'check',
    'test',
    'inventory',
    'capture',
    'agent',
    'fabric discover',
    'fabric describe',
    'fabric topology',
    'fabric lint',
    'fabric neighbours',
    'fabric nccl',
    'fabric isolation',
    'fabric locate',
    'market import',
    'market list',
    'market index',
    'market trend',
    'market effective',
    'market evidence',
    'model ownership',
    'model rental',
    'model goodput',
    'model training',
    'advise',
    'feedback questions',
    'feedback check',
    'feedback aggregate',
    'store',
    'serve',
    'push',
    'enrol',
]
FEW = ('--draws', '200')
RECORD = {
    'id': 'x.console',
    'subject': '{ provider: x }',
    'what': 'lifecycle.console',
    'answer': 'simple',
    'kind': 'statement',
    'strength': 'E1',
    'observed': '2025-03-01',
    'source': '{ name: s }',
}


def run(*arguments, **more):
    more.setdefault('stdout', subprocess.PIPE)
    return subprocess.run(
        [ASSAY, *map(str, arguments)], stderr=subprocess.PIPE, check=False, **more
    )


def output_of(*arguments, status=0, **more):
    done = run(*arguments, **more)
    assert done.returncode == status, f'{arguments}: {done.returncode} {done.stderr.decode()}'
    return done.stdout.decode('utf-8')


def refused(status, *arguments, says=(), **more):
    """The one line of a refusal, which prints nothing else."""
    done = run(*arguments, **more)
    line = done.stderr.decode('utf-8')
    assert done.returncode == status, f'{arguments}: {done.returncode} {line}'
    assert not done.stdout, f'{arguments}: prints {done.stdout[:80]!r}'
    assert line.startswith('assay') and line.count('\n') == 1 and line.endswith('\n'), line
    for piece in [says] if isinstance(says, str) else says:
        assert piece in line, f'{line.strip()!r} does not say {piece!r}'
    return line


class Folder:
    """A folder of this test, removed at its end."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix='assay-'))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def put(self, name, content):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode('utf-8'))
        return path

    def put_records(self, name, *changes):
        """A YAML file with one record for each change of RECORD; None leaves a field out."""
        text = 'schema: assay/evidence/v1\nrecords:\n'
        for change in changes:
            fields = {k: v for k, v in (RECORD | change).items() if v is not None}
            lines = [f'{key}: {value}' for key, value in fields.items()]
            text += '  - ' + '\n    '.join(lines) + '\n'
        return self.put(name, text)


def refuse_record(change, *says):
    with Folder() as folder:
        path = folder.put_records('bad.yaml', change)
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line ') + says)


# ---- every command ----


@tap.case
def help_names_every_command_and_its_options():
    assert output_of('help', '--list').splitlines() == COMMANDS
    overview = output_of('help')
    for command in COMMANDS:
        words = command.split()
        assert command in overview
        listed = output_of('help', '--options', *words).split()
        text = output_of('help', *words)
        assert listed and all(option in text for option in listed), command
        assert text == output_of(*words, '--help'), command
    family = output_of('help', 'market')
    assert 'market import' in family and 'rate' not in family.split()
    assert family == output_of('market', '--help')
    assert output_of('--version').startswith('assay ')


@tap.case
def wrong_usage_is_64():
    refused(64, 'rat', says="'rate'")
    refused(64, 'market', says='market import')
    refused(64, 'market', 'idnex', says="'market index'")
    refused(64, 'evidence', 'fold', says='lint, show, hash or add')
    refused(64, 'evidence', 'add', 'x.yaml', says='--to')
    for words in [('rate', '--draws', 'many'), ('rate', '--seed', '-1'), ('rate', 'crusoe'),
                  ('rate', '--as-of', '1.1.2025'), ('rate', '--format', 'xml'),
                  ('explain',), ('compare', 'aws'), ('rate', '--threads', '0'),
                  ('criteria', '--color', 'sometimes'), ('rate', '--standard', '')]:
        done = run(*words)
        assert done.returncode == 64 and not done.stdout, words
    assert run().returncode == 64


@tap.case
def every_form_of_every_command_is_written():
    for words in [('rate', *FEW), ('explain', 'crusoe', *FEW), ('criteria',),
                  ('explain', 'crusoe', 'active-checks', *FEW), ('compare', 'crusoe', 'aws', *FEW),
                  ('evidence', 'show', '--provider', 'oci'), ('criteria', 'reliability.burn-in'),
                  ('rate', *FEW, '--against', 'data/reference/first-edition.yaml')]:
        for form in ['table', 'json', 'csv', 'markdown']:
            text = output_of(*words, '--format', form)
            assert text.endswith('\n') and len(text) > 100, (words, form)
            assert '\x1b' not in text and '(null)' not in text, (words, form)
            if form == 'json':
                json.loads(text)


@tap.case
def no_line_is_wider_than_the_terminal():
    for columns in [80, 100, 140]:
        environment = os.environ | {'COLUMNS': str(columns)}
        for words in [('rate', *FEW), ('explain', 'crusoe', *FEW), ('criteria', )]:
            for line in output_of(*words, env=environment).splitlines():
                assert len(line) <= columns, f'{words} at {columns}: {line}'


@tap.case
def color_is_a_choice():
    assert '\x1b[' in output_of('rate', *FEW, '--color', 'always')
    assert '\x1b' not in output_of('rate', *FEW, '--color', 'never')
    plain = output_of('rate', *FEW)
    colored = output_of('rate', *FEW, '--color', 'always')
    assert len(plain.splitlines()) == len(colored.splitlines())


@tap.case
def the_nearest_name_is_offered():
    refused(66, 'explain', 'cruso', says="'crusoe'")
    refused(66, 'explain', 'crusoe', 'activ-checks', says="'monitoring.active-checks'")
    refused(66, 'criteria', 'lifecycle.consol', says="'lifecycle.console'")
    refused(66, 'rate', '--profile', 'inferense', says='inference')


@tap.case
def what_is_not_rated_ends_with_2():
    with Folder() as folder:
        path = folder.put_records('few.yaml', {})
        text = output_of('explain', 'x', '--evidence', path, *FEW, status=2)
        assert 'not rated' in text and 'too little is known' in text
        assert 'not rated' in output_of('rate', '--evidence', path, *FEW)


# ---- the same bytes everywhere ----


def outputs(evidence=(), **more):
    options = [word for path in evidence for word in ('--evidence', path)]
    return [
        output_of('rate', '--format', 'json', *FEW, *options, **more),
        output_of('explain', 'crusoe', '--format', 'json', *FEW, *options, **more),
        output_of('rate', *FEW, *options, **more),
    ]


@tap.case
def locale_and_threads_change_nothing():
    expected = outputs()
    with Folder() as folder:
        # Where the sources of the locale are installed it is made, so that it takes effect.
        subprocess.run(
            ['localedef', '-i', 'de_DE', '-f', 'UTF-8', folder.path / 'de_DE.UTF-8'],
            capture_output=True, check=False,
        )
        for change in [{'LC_ALL': 'C'}, {'LC_ALL': 'de_DE.UTF-8', 'LOCPATH': str(folder.path)},
                       {'TZ': 'Pacific/Kiritimati'}]:
            assert outputs(env=os.environ | change) == expected, change
    for threads in ['1', '2', '7']:
        assert output_of('rate', '--format', 'json', *FEW, '--threads', threads) == expected[0]


@tap.case
def names_and_order_of_files_change_nothing():
    expected = outputs()
    files = sorted(pathlib.Path('data/evidence').rglob('*.yaml'))
    with Folder() as folder:
        numbers = list(range(len(files)))
        random.Random(7).shuffle(numbers)
        for number, path in zip(numbers, files):
            folder.put(f'{number % 3}/{number}.yaml', path.read_bytes())
        folder.put('README.md', 'not evidence')
        assert outputs([folder.path]) == expected
        shuffled = sorted(folder.path.rglob('*.yaml'), key=lambda path: path.name)
        assert outputs(shuffled) == expected
    with Folder() as folder:
        target = folder.path / 'all.jsonl'
        output_of('evidence', 'add', '--to', target, *reversed(files))
        assert outputs([target]) == expected


@tap.case
def the_standard_is_named_by_what_it_says():
    expected = json.loads(output_of('criteria', '--format', 'json'))['standard']
    with Folder() as folder:
        copy = folder.path / 'copy'
        shutil.copytree('data/standard', copy)
        text = output_of('criteria', '--format', 'json', '--standard', copy)
        assert json.loads(text)['standard'] == expected
        with open(copy / 'grades.yaml', 'a', encoding='utf-8') as grades:
            grades.write('# changed\n')
        text = output_of('criteria', '--format', 'json', '--standard', copy)
        assert json.loads(text)['standard'] != expected


@tap.case
def installed_data_is_found_through_the_environment():
    with Folder() as folder:
        for name in 'standard', 'advisory', 'baseline':
            shutil.copytree(f'data/{name}', folder.path / name)
        folder.put_records('evidence/x.yaml', {})
        environment = os.environ | {'ASSAY_DATA': str(folder.path)}
        assert '1 provider,' in output_of('rate', *FEW, env=environment)
        shutil.rmtree(folder.path / 'standard')
        refused(66, 'rate', env=environment, says=str(folder.path))


# ---- bad input: one line with the place and what to do, nothing else ----


@tap.case
def malformed_yaml_has_line_and_column():
    with Folder() as folder:
        path = folder.put('a.yaml', 'schema: assay/evidence/v1\nrecords:\n  - id: [a\n    b: c\n')
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 4, column 6'))


@tap.case
def malformed_json_has_line_and_column():
    with Folder() as folder:
        path = folder.put('a.jsonl', '\n{"id": "a",, }\n')
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 2, column'))


@tap.case
def records_that_do_not_fit_are_refused():
    refuse_record({'what': 'lifecycle.consol'}, "'lifecycle.consol'", "'lifecycle.console'")
    refuse_record({'answer': None, 'answr': 'simple'}, "'answr'", "'answer'")
    refuse_record({'answer': 'splendid'}, 'splendid')
    start = {'what': 'lifecycle.start-time', 'answer': None}
    refuse_record(start | {'value': '3', 'unit': 'h'}, "'h'", 's')
    refuse_record(start | {'value': '.nan', 'unit': 's'}, '.nan')
    refuse_record(start | {'value': 'NaN', 'unit': 's'}, 'NaN')
    refuse_record(start | {'value': '1e999', 'unit': 's'}, '1e999')
    refuse_record(start | {'value': '-3', 'unit': 's'}, 'negative')
    refuse_record({'observed': '2099-01-01'}, '2099-01-01')
    refuse_record({'observed': '2025-02-30'}, '2025-02-30')
    refuse_record({'strength': 'E7'}, 'E7')
    refuse_record({'source': None}, "'source'")


@tap.case
def a_negative_price_is_refused():
    standard = json.loads(output_of('criteria', '--format', 'json'))
    for criterion in standard['criteria']:
        ways = {way['way'] for way in criterion['settled_by']}
        if 'measure' in criterion and 'price' in ways:
            refuse_record({'what': criterion['id'], 'answer': None, 'kind': 'price',
                           'value': '-1.5', 'unit': json.dumps(criterion['measure']['unit'])}, 'negative')


@tap.case
def duplicate_ids_name_both_places():
    with Folder() as folder:
        one = folder.put_records('one.yaml', {})
        two = folder.put_records('two.yaml', {'answer': 'usable'})
        refused(65, 'rate', '--evidence', folder.path, says=("'x.console'", str(one), str(two)))


@tap.case
def text_that_is_not_utf8_is_refused():
    with Folder() as folder:
        path = folder.put('a.yaml', b'schema: assay/evidence/v1\nrecords: []\n# \xff\n')
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 3', 'UTF-8'))
        path = folder.put('b.jsonl', b'{"id": "\xc3("}\n')
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 1, column 8', '0xc3'))


@tap.case
def two_hundred_levels_are_refused():
    with Folder() as folder:
        path = folder.put('a.yaml', '[' * 200 + ']' * 200)
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 1', '32'))
        path = folder.put('a.jsonl', '{"a":' * 200 + '1' + '}' * 200)
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 1', '32'))


@tap.case
def a_file_of_100_mb_is_refused():
    with Folder() as folder:
        path = folder.put('a.yaml', '')
        os.truncate(path, 100 << 20)
        refused(65, 'rate', '--evidence', path, says=(str(path), 'limit'))
        path = folder.put('a.jsonl', '')
        os.truncate(path, 100 << 20)
        refused(65, 'rate', '--evidence', path, says=(str(path), 'limit'))


@tap.case
def another_schema_version_is_refused():
    with Folder() as folder:
        path = folder.put('a.yaml', 'schema: assay/evidence/v9\nrecords: []\n')
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 1', 'assay/evidence/v9'))
        path = folder.put('a.jsonl', '{"schema":"assay/evidence/v9","id":"a"}\n')
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 1', 'assay/evidence/v9'))


@tap.case
def a_hash_that_does_not_fit_is_refused():
    with Folder() as folder:
        source = folder.put_records('a.yaml', {'excerpt': 'words'})
        target = folder.path / 'a.jsonl'
        output_of('evidence', 'add', '--to', target, source)
        path = folder.put('b.jsonl', target.read_text(encoding='utf-8').replace('words', 'lies'))
        refused(65, 'rate', '--evidence', path, says=(str(path), 'line 1', 'hash'))


@tap.case
def what_vanishes_while_it_is_read_is_told():
    with Folder() as folder:
        folder.put_records('a.yaml', {})
        (folder.path / 'b.yaml').symlink_to('nowhere')
        refused(65, 'rate', '--evidence', folder.path, says=('b.yaml', 'vanished'))
        refused(66, 'rate', '--evidence', folder.path / 'none', says='none')
        refused(66, 'rate', '--standard', folder.path / 'none', says='none')
        path = folder.put('notes.txt', 'x')
        refused(65, 'rate', '--evidence', path, says=('notes.txt', '.yaml'))


@tap.case
def folders_in_a_circle_come_to_an_end():
    with Folder() as folder:
        folder.put_records('a.yaml', {})
        (folder.path / 'again').symlink_to('.')
        refused(65, 'rate', '--evidence', folder.path, says='circle')


@tap.case
def control_characters_do_not_reach_the_terminal():
    with Folder() as folder:
        path = folder.put_records('a.yaml', {'excerpt': '"\\e[2J\\x07 gone"'})
        done = run('evidence', 'show', '--evidence', path)
        assert done.returncode in (0, 65) and b'\x1b' not in done.stdout + done.stderr
        assert b'\x07' not in done.stdout + done.stderr


@tap.case
def a_faulty_standard_is_refused():
    for name, old, new, complaint in [
        ('standard.yaml', 'presumption: 0.25', 'presumption: 7', 'presumption'),
        ('standard.yaml', 'presumption:', 'presumtion:', "'presumption'"),
        ('grades.yaml', 'assay/grades/v1', 'assay/grades/v2', 'assay/grades/v2'),
        ('criteria/lifecycle.yaml', 'weight: 25', 'weight: 0', 'weight'),
    ]:
        with Folder() as folder:
            copy = folder.path / 'copy'
            shutil.copytree('data/standard', copy)
            text = (copy / name).read_text(encoding='utf-8')
            assert old in text
            (copy / name).write_text(text.replace(old, new, 1), encoding='utf-8')
            refused(65, 'rate', '--standard', copy, says=(name, complaint))


# ---- where the output goes ----


@tap.case
def a_full_device_is_74_and_a_closed_pipe_ends_it_quietly():
    with open('/dev/full', 'wb') as full:
        for words in [('rate', *FEW), ('help',), ('--version',), ('help', '--list')]:
            done = run(*words, stdout=full)
            assert done.returncode == 74, words
            assert done.stderr.count(b'\n') == 1 and b'No space left' in done.stderr, words
    reader, writer = os.pipe()
    os.close(reader)
    done = run('rate', *FEW, stdout=writer)
    os.close(writer)
    assert done.returncode == -signal.SIGPIPE and done.stderr == b'', done


@tap.case
def an_output_file_is_whole_or_not_there():
    with Folder() as folder:
        path = folder.path / 'out.json'
        assert output_of('rate', *FEW, '--format', 'json', '--output', path) == ''
        assert path.read_text(encoding='utf-8') == output_of('rate', *FEW, '--format', 'json')
        bad = folder.put_records('bad.yaml', {'answer': 'splendid'})
        before = path.read_bytes()
        refused(65, 'rate', '--evidence', bad, '--output', path)
        assert path.read_bytes() == before and len(list(folder.path.iterdir())) == 2
        refused(66, 'rate', *FEW, '--output', folder.path / 'none' / 'x')


# ---- evidence ----


@tap.case
def lint_names_every_faulty_record():
    assert 'no fault' in output_of('evidence', 'lint')
    with Folder() as folder:
        folder.put_records('a.yaml', {'answer': 'splendid'}, {'id': 'x.b', 'strength': 'E7'},
                           {'id': 'x.c'}, {'id': 'x.d', 'observed': '2099-01-01'})
        folder.put_records('b.yaml', {'id': 'x.c', 'answer': 'usable'})
        folder.put('c.jsonl', '{"a"\n{}\n')
        folder.put('d.yaml', 'schema: assay/evidence/v1\n')
        done = run('evidence', 'lint', folder.path)
        lines = done.stdout.decode('utf-8').splitlines()
        assert done.returncode == 65 and done.stderr.count(b'\n') == 1
        for piece in ['splendid', 'E7', '2099-01-01', "'x.c'", 'c.jsonl: line 1',
                      'c.jsonl: line 2', 'd.yaml']:
            assert sum(piece in line for line in lines) == 1, (piece, lines)
        assert len(lines) == 7, lines


@tap.case
def show_takes_what_was_asked_for():
    rows = output_of('evidence', 'show', '--provider', 'oci', '--format', 'csv').splitlines()
    assert len(rows) > 2 and all(',oci' in row for row in rows[1:])
    rows = output_of('evidence', 'show', '--criterion', 'active-checks', '--format', 'csv')
    assert all('monitoring.active-checks' in row for row in rows.splitlines()[1:])


@tap.case
def hash_prints_each_record_and_the_set():
    lines = output_of('evidence', 'hash').splitlines()
    league = json.loads(output_of('rate', '--draws', '0', '--format', 'json'))
    assert len(lines) == league['evidence']['records'] + 1
    assert lines[-1].split()[0] == league['evidence']['hash']


@tap.case
def add_appends_in_canonical_form_and_refuses_what_is_there():
    with Folder() as folder:
        target = folder.path / 'all.jsonl'
        one = folder.put_records('one.yaml', {})
        two = folder.put_records('two.yaml', {'id': 'x.b'}, {'id': 'x.c'})
        output_of('evidence', 'add', '--to', target, one)
        first = target.read_text(encoding='utf-8')
        output_of('evidence', 'add', '--to', target, '-', stdin=open(two, 'rb'))
        second = target.read_text(encoding='utf-8')
        assert second.startswith(first) and len(second.splitlines()) == 3
        refused(65, 'evidence', 'add', '--to', target, two, says=("'x.b'", str(target)))
        bad = folder.put_records('bad.yaml', {'id': 'x.d'}, {'id': 'x.e', 'answer': 'splendid'})
        refused(65, 'evidence', 'add', '--to', target, bad, says='splendid')
        refused(66, 'evidence', 'add', '--to', target, folder.path / 'none.yaml')
        assert target.read_text(encoding='utf-8') == second
        assert 'no fault' in output_of('evidence', 'lint', target)


# ---- the site ----


def content_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob('*')
            if path.is_file()}


@tap.case
def a_site_is_written_whole_and_replaced_whole():
    with Folder() as folder:
        site = folder.path / 'site'
        output_of('report', site, *FEW)
        first = content_of(site)
        assert pathlib.Path('index.html') in first and pathlib.Path('rating.json') in first
        assert first[pathlib.Path('rating.json')].decode('utf-8') == output_of(
            'rate', *FEW, '--format', 'json')
        output_of('report', f'{site}/', *FEW)
        assert content_of(site) == first
        output_of('report', site, '--draws', '100')
        assert content_of(site) != first
        assert [path.name for path in folder.path.iterdir()] == ['site']


@tap.case
def a_failed_site_leaves_the_old_one():
    with Folder() as folder:
        site = folder.path / 'site'
        output_of('report', site, *FEW)
        first = content_of(site)
        bad = folder.put_records('bad.yaml', {'answer': 'splendid'})
        refused(65, 'report', site, '--evidence', bad)
        in_the_way = folder.put('.site.assay-new', 'a file in the way')
        refused(65, 'report', site, *FEW, says='.site.assay-new')
        in_the_way.unlink()
        assert content_of(site) == first
        assert sorted(path.name for path in folder.path.iterdir()) == ['bad.yaml', 'site']


@tap.case
def a_folder_of_something_else_is_left_alone():
    with Folder() as folder:
        folder.put('mine/letter.txt', 'dear')
        refused(65, 'report', folder.path / 'mine', *FEW, says='something else')
        refused(65, 'report', folder.path / 'mine' / 'letter.txt', *FEW, says='not a folder')
        assert content_of(folder.path / 'mine') == {pathlib.Path('letter.txt'): b'dear'}
        (folder.path / 'empty').mkdir()
        output_of('report', folder.path / 'empty', *FEW)


tap.run()
