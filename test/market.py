#!/usr/bin/python3
"""Import and list as somebody meets them who has a price list and nothing else."""
import atexit
import csv
import gzip
import io
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

import jsonschema

sys.path[:0] = ['tools']
import tap
from tap import case

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
HEAD = 'provider,gpu,gpus,rental,price,currency,observed\n'
GOOD = 'lambda,H100 SXM,8,on-demand,23.92,USD,2026-07-01\n'
MEMORY_MAXIMUM = 200 << 20

work = pathlib.Path(tempfile.mkdtemp(prefix='assay-market-'))
atexit.register(shutil.rmtree, work, ignore_errors=True)


def run(*arguments, given=None):
    return subprocess.run(
        [ASSAY, 'market', *map(str, arguments)],
        input=given,
        capture_output=True,
        cwd=work,
        check=False,
    )


def put(name, text):
    path = work / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def reasons_of(*arguments, given=None, status=0):
    """{reason: rows} of an import, "kept" among them."""
    done = run('import', '--format', 'csv', '--as-of', '2026-07-05', *arguments, given=given)
    assert done.returncode == status, done.stderr.decode()
    rows = csv.DictReader(io.StringIO(done.stdout.decode()))
    return {row['reason']: int(row['rows']) for row in rows}


def expect(found, **wanted):
    wanted = {name.replace('_', '-'): count for name, count in wanted.items()}
    assert found == wanted, found


def expect_error(done, status, *words):
    text = done.stderr.decode()
    assert done.returncode == status, f'{done.returncode}: {text}'
    assert text.startswith('assay: ') and text.count('\n') == 1, text
    for word in words:
        assert word in text, text


@case
def a_good_file_is_kept_and_its_quotes_read_back_to_the_same_bytes():
    put('good.csv', HEAD + GOOD + 'scaleway,H100 PCIe,1,on-demand,2.73,EUR,2026-07-01\n')
    expect(reasons_of('good.csv', '--to', 'a.csv'), kept=2)
    expect(reasons_of('a.csv', '--to', 'b.csv'), kept=2)
    assert (work / 'a.csv').read_bytes() == (work / 'b.csv').read_bytes()
    listed = run('list', 'a.csv', '--format', 'csv').stdout
    assert sorted(listed.splitlines()) == sorted((work / 'a.csv').read_bytes().splitlines())


@case
def what_is_wrong_with_a_row_is_its_reason():
    rows = [
        ('lambda,H100 SXM,8,on-demand,0,USD,2026-07-01', 'price-zero'),
        ('lambda,H100 SXM,8,on-demand,-2,USD,2026-07-01', 'price-negative'),
        ('lambda,H100 SXM,8,on-demand,"23,92",USD,2026-07-01', 'price-malformed'),
        ('lambda,H100 SXM,8,on-demand,23.92,XYZ,2026-07-01', 'currency-unknown'),
        ('lambda,H100 SXM,8,on-demand,23.92,,2026-07-01', 'currency-absent'),
        ('lambda,H100 SXM,8,on-demand,23.92,EUR,2019-07-01', 'no-rate'),
        ('lambda,H100 SXM,8,on-demand,2392,USD,2026-07-01', 'unit'),
        ('mithril,B200,8,spot,0.08,USD,2026-07-01', 'too-low'),
        ('lambda,H100 SXM,1,on-demand,98.32,USD,2026-07-01', 'too-high'),
        ('lambda,H100 SXM,8,on-demand,23.92,USD,2026-07-06', 'future'),
        ('lambda,H100 OAM,8,on-demand,23.92,USD,2026-07-01', 'form'),
        ('lambda,GTX 1080,8,on-demand,23.92,USD,2026-07-01', 'gpu-unknown'),
        (',H100 SXM,8,on-demand,23.92,USD,2026-07-01', 'no-provider'),
        ('lambda,H100 SXM,8,contract,23.92,USD,2026-07-01', 'term'),
        (GOOD.strip(), 'duplicate'),
    ]
    put('bad.csv', HEAD + GOOD + ''.join(row + '\n' for row, _ in rows))
    found = reasons_of('bad.csv', '--refused', 'refused.csv')
    expect(found, kept=1, **{reason.replace('-', '_'): 1 for _, reason in rows})
    with open(work / 'refused.csv', encoding='utf-8') as file:
        listed = list(csv.DictReader(file))
    assert [row['reason'] for row in listed] == [reason for _, reason in rows]
    assert [int(row['line']) for row in listed] == list(range(3, 3 + len(rows)))


@case
def columns_in_another_order_are_the_same_and_moved_cells_are_refused():
    put('order.csv', 'observed;currency;PRICE;Rental;GPUs;gpu name;Cloud\n'
        '2026-07-01;USD;23.92;on-demand;8;H100 SXM;lambda\n')
    put('good.csv', HEAD + GOOD)
    run('import', 'order.csv', '--to', 'a.csv')
    run('import', 'good.csv', '--to', 'b.csv')
    assert (work / 'a.csv').read_bytes() == (work / 'b.csv').read_bytes()
    put('moved.csv', HEAD + 'lambda,us-east,H100 SXM,8,on-demand,23.92,USD,2026-07-01\n'
        'lambda,8,H100 SXM,on-demand,23.92,USD,2026-07-01\n')
    expect(reasons_of('moved.csv', status=1), kept=0, malformed=2)


@case
def a_missing_column_is_named_with_those_that_are_there():
    put('lacks.csv', HEAD.replace('currency', 'money') + GOOD)
    expect_error(run('import', 'lacks.csv'), 65, "no column 'currency'", 'money', 'provider')


@case
def the_day_is_that_of_the_row_of_the_path_or_of_the_option():
    rows = HEAD + GOOD.rsplit(',', 1)[0] + ',\n'
    put('dayless.csv', rows)
    expect(reasons_of('dayless.csv', status=1), kept=0, no_date=1)
    expect(reasons_of('dayless.csv', '--observed', '2026-07-01'), kept=1)
    expect(reasons_of('dayless.csv', '--observed', '2026-07-06', status=1), kept=0, future=1)
    (work / '2026-07-02').mkdir()
    put('2026-07-02/prices.csv', rows)
    expect(reasons_of('2026-07-02/prices.csv', '--observed', '2026-06-01', '--to', 'dated.csv'), kept=1)
    assert ',2026-07-02' in (work / 'dated.csv').read_text()
    assert run('import', 'dayless.csv', '--observed', 'May').returncode == 64


@case
def half_a_file_keeps_its_whole_rows():
    put('half.csv', (HEAD + GOOD * 2)[:-20])
    expect(reasons_of('half.csv'), kept=1, malformed=1)


@case
def a_packed_file_is_read_and_half_of_one_is_an_error():
    packed = gzip.compress((HEAD + GOOD).encode())
    put('good.csv.gz', packed)
    expect(reasons_of('good.csv.gz'), kept=1)
    put('half.csv.gz', packed[:-12])
    put('kept.csv', 'before')
    expect_error(run('import', 'half.csv.gz', '--to', 'kept.csv'), 65, 'half a gzip file')
    assert (work / 'kept.csv').read_text() == 'before'
    assert not list(work.glob('.assay-*'))


@case
def standard_input_is_a_file_too():
    expect(reasons_of('-', given=(HEAD + GOOD).encode()), kept=1)
    expect(reasons_of('-', given=gzip.compress((HEAD + GOOD).encode())), kept=1)


@case
def a_folder_is_read_through_and_others_files_are_passed_over():
    (work / 'folder' / 'inner').mkdir(parents=True)
    put('folder/a.csv', HEAD + GOOD)
    put('folder/inner/b.csv.gz', gzip.compress((HEAD + GOOD.replace('8', '4')).encode()))
    put('folder/README', 'hello\n')
    put('folder/.hidden.csv', HEAD + 'x\n')
    done = run('import', 'folder', '--format', 'json')
    assert json.loads(done.stdout)['kept'] == 2, done
    assert b"passed over, such as 'folder/README'" in done.stderr
    expect_error(run('import', 'folder/README'), 65, 'no form that is known', '--source')
    expect_error(run('import', 'gone.csv'), 66, 'gone.csv')
    expect_error(run('import', '--source', 'abacus', 'folder'), 65, 'abacus', 'skypilot')


@case
def where_nothing_can_be_written_nothing_is():
    put('good.csv', HEAD + GOOD)
    expect_error(run('import', 'good.csv', '--to', 'gone/out.csv'), 66, 'gone')
    expect_error(run('import', 'good.csv', '--to', 'folder'), 74, 'folder')
    put('none.csv', HEAD + 'x\n')
    put('kept.csv', 'before')
    assert run('import', 'none.csv', '--to', 'kept.csv').returncode == 1
    assert (work / 'kept.csv').read_text() == 'before'


@case
def a_huge_line_and_rubbish_cost_themselves_only():
    put('huge.csv', (HEAD + 'x' * 5_000_000 + '\n' + GOOD).encode() + b'\xff\xfe\x00\n')
    expect(reasons_of('huge.csv'), kept=1, too_long=1, malformed=1)
    expect_error(run('import', '-', given=b''), 65)
    expect_error(run('import', '-', given=os.urandom(10000)), 65)


@case
def memory_does_not_grow_with_the_file():
    rows = ''.join(
        f'cloud-{i % 50},H100 SXM,8,on-demand,{20 + i % 1000 / 1000},USD,2026-07-01T00:{i // 60 % 60:02}:{i % 60:02}Z\n'
        for i in range(200_000)
    )
    found = reasons_of('-', given=(HEAD + rows * 4).encode())
    assert sum(found.values()) == 800_000 and found['duplicate'] > 600_000, found
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert largest < MEMORY_MAXIMUM, largest


@case
def quotes_by_hand_are_yaml():
    put('by-hand.yaml', 'defaults: {provider: lambda, currency: USD, observed: 2026-07-01}\n'
        'quotes:\n  - {gpu: H100 SXM, gpus: 8, rental: contract, term_months: 12, price: 2.1, per: gpu}\n')
    expect(reasons_of('by-hand.yaml'), kept=1)
    put('wrong.yaml', 'quotes:\n  - {prize: 2}\n')
    expect_error(run('import', 'wrong.yaml'), 65, 'line 2', "'prize'", "'price'")


@case
def a_list_has_what_was_asked_for_cheapest_first():
    put('many.csv', HEAD + GOOD + 'b,H100 SXM,1,on-demand,2.5,USD,2026-07-01\n'
        'c,H100 SXM,1,spot,1.5,USD,2026-07-01\naws,A100,8,on-demand,16,USD,2026-07-01\n')
    rows = json.loads(run('list', 'many.csv', '--gpu', 'h100', '--rental', 'on-demand', '--format', 'json').stdout)
    assert [row['usd_per_gpu_hour'] for row in rows['quotes']] == ['2.5', '2.99'], rows
    assert run('list', 'many.csv', '--provider', 'Amazon').stdout.startswith(b'1 quote\n')
    assert run('list', 'many.csv', '--gpu', 'b200').returncode == 1
    expect_error(run('list', 'many.csv', '--gpu', 'abc'), 65, 'abc')


@case
def own_rates_count_instead_of_the_installed_ones():
    put('rates.tsv', '# assay/exchange/v1\ndate\tcurrency\tusd\tsource\n2026-10-01\tEUR\t2\town\n')
    put('euro.csv', HEAD + 'scaleway,H100 PCIe,1,on-demand,2,EUR,2026-10-02\n')
    assert run('list', 'euro.csv').returncode == 1
    done = run('list', 'euro.csv', '--rates', 'rates.tsv', '--format', 'json')
    assert json.loads(done.stdout)['quotes'][0]['usd_per_gpu_hour'] == '4', done


@case
def the_json_fits_its_schema():
    schemas = pathlib.Path('data/schema')
    put('some.csv', HEAD + GOOD + 'lambda,H100,1,contract,2,USD,2026-07-01\n')
    for command, name in (('import', 'import'), ('list', 'quotes')):
        document = json.loads(run(command, 'some.csv', '--format', 'json').stdout)
        schema = json.loads((schemas / f'{name}.v1.json').read_text(encoding='utf-8'))
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(document, schema)
        document['surprise'] = 1
        assert not jsonschema.Draft202012Validator(schema).is_valid(document)


@case
def the_same_input_gives_the_same_bytes_in_every_form():
    put('some.csv', HEAD + GOOD + 'x\n')
    for command in ('import', 'list'):
        for form in ('table', 'json', 'csv', 'markdown'):
            outputs = {run(command, 'some.csv', '--format', form).stdout for _ in range(2)}
            assert len(outputs) == 1 and outputs != {b''}, (command, form)


if __name__ == '__main__':
    tap.run()
