#!/usr/bin/python3
"""Customers' answers as a user meets them: the form, what is wrong with it, what they come to, a rating."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import yaml

sys.path.insert(0, 'tools')
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
folder = tempfile.TemporaryDirectory()
root = pathlib.Path(folder.name)


def run(*arguments, status=0):
    done = subprocess.run(
        [ASSAY, 'feedback', *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == status, (done.returncode, done.stderr)
    return done.stdout if status in (0, 2) else done.stderr


def expect_fit(name, document):
    schema = json.loads(pathlib.Path(f'data/schema/{name}.v1.json').read_text(encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)


def submission(number, **more):
    return {
        'schema': 'assay/feedback/v1',
        'id': f's{number}',
        'subject': {'provider': 'crusoe'},
        'tenant': f't{number}',
        'time': f'2025-03-{number % 20 + 1:02d}T10:00:00Z',
        'origin': f'o{number}',
        'proof': {'kind': 'invoice', 'mark': f'm{number}', 'checked': True},
        'answers': {'lifecycle.support': 'slow', 'reliability.interruptions': 'ordinary'},
    } | more


def write(name, submissions):
    place = root / name
    place.mkdir()
    for one in submissions:
        expect_fit('feedback', one)
        (place / f'{one["id"]}.json').write_text(json.dumps(one), encoding='utf-8')
    return place


@tap.case
def the_questions_come_in_every_form():
    document = json.loads(run('questions', '--format', 'json'))
    expect_fit('questionnaire', document)
    expect_fit('feedback', document['form'] | {'subject': {'provider': 'p'}})
    names = [question['criterion'] for question in document['questions']]
    assert 'lifecycle.support' in names and list(document['form']['answers']) == names
    for form in ('table', 'csv', 'markdown', 'yaml'):
        text = run('questions', '--format', form)
        assert all(name in text for name in names), form
    everything = json.loads(run('questions', '--all', '--format', 'json'))
    assert len(everything['questions']) > 10 * len(names)
    expect_fit('questionnaire', everything)


@tap.case
def a_form_that_is_filled_in_is_taken_in_yaml_and_in_json():
    form = run('questions', '--provider', 'crusoe', '--format', 'yaml')
    expect_fit('feedback', yaml.load(form, yaml.BaseLoader) | {
        'schema': 'assay/feedback/v1', 'gpu_hours': None, 'answers': {}, 'subject': {'provider': 'crusoe'},
        'time': None, 'tenant': None, 'employer': None, 'remark': None, 'proof': None})
    path = root / 'form.yaml'
    path.write_text(form, encoding='utf-8')
    assert "answers no question" in run('check', path, status=65)
    filled = form.replace('lifecycle.support:\n', 'lifecycle.support: { answer: good, remark: "quick" }\n')
    path.write_text(filled, encoding='utf-8')
    said = run('check', path)
    assert '1 answer about crusoe' in said and 'weighs 0.1' in said and "no 'tenant'" in said
    path.write_text(filled.replace('answer: good', 'answer: goood'), encoding='utf-8')
    fault = run('check', path, status=65)
    assert 'absent, slow, good, excellent' in fault and 'line ' in fault, fault
    path = root / 'form.json'
    path.write_text(json.dumps(submission(1)), encoding='utf-8')
    assert '2 answers' in run('check', path)
    assert run('check', root / 'nothing.yaml', status=66)


@tap.case
def answers_come_to_opinions_and_records_that_a_rating_takes():
    place = write('said', [submission(n) for n in range(6)])
    document = json.loads(run('aggregate', place, '--format', 'json'))
    expect_fit('opinions', document)
    support = next(one for one in document['opinions'] if one['criterion'] == 'lifecycle.support')
    assert support['answer'] == 'slow' and support['settles'] and support['proven'] == 6
    lines = run('aggregate', place, '--records')
    schema = json.loads(
        pathlib.Path('data/schema/evidence-record.v1.json').read_text(encoding='utf-8')
    )
    for line in lines.splitlines():
        jsonschema.validate(json.loads(line), schema, jsonschema.Draft202012Validator)
        assert json.loads(line)['strength'] == 'E1'
    (root / 'said.jsonl').write_text(lines, encoding='utf-8')
    done = subprocess.run(
        [ASSAY, 'explain', 'crusoe', 'lifecycle.support', '--evidence', root / 'said.jsonl'],
        capture_output=True, text=True, check=True,
    )
    assert 'answer: slow' in done.stdout and 'customers of crusoe' in done.stdout, done.stdout
    # JSON Lines, and any order of files, give the same bytes.
    one = root / 'all.jsonl'
    texts = [path.read_text(encoding='utf-8') for path in sorted(place.iterdir(), reverse=True)]
    one.write_text('\n'.join(texts) + '\n', encoding='utf-8')
    assert run('aggregate', one, '--records') == lines


@tap.case
def flags_are_listed_with_their_reasons():
    twins = [submission(n, origin='office') for n in range(10, 15)]
    place = write('flags', [submission(n) for n in range(6)] + twins)
    document = json.loads(run('aggregate', place, '--format', 'json'))
    expect_fit('opinions', document)
    assert {flag['submission'] for flag in document['flags']} == {f's{n}' for n in range(10, 15)}
    text = run('aggregate', place)
    assert '5 tenants answer from one origin' in text and 'counted all the same' in text
    assert run('aggregate', place, '--format', 'csv').count('\n') == 3


@tap.case
def earlier_days_know_less():
    place = write('days', [submission(n) for n in range(8)])
    then = json.loads(run('aggregate', place, '--as-of', '2025-03-03', '--format', 'json'))
    assert {one['voices'] for one in then['opinions']} == {3}
    nothing = json.loads(run('aggregate', place, '--as-of', '2024-01-01', '--format', 'json', status=2))
    expect_fit('opinions', nothing)
    assert nothing['opinions'] == []


@tap.case
def what_cannot_be_taken_in_is_named():
    bad = submission(1)
    del bad['tenant']
    place = write('bad', [bad])
    assert "no 'tenant'" in run('aggregate', place, status=65)
    (place / 's1.json').write_text('{', encoding='utf-8')
    assert 's1.json' in run('aggregate', place, status=65)
    assert run('aggregate', root / 'nowhere', status=66)


tap.run()
