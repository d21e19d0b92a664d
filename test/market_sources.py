#!/usr/bin/python3
"""Prices of real sources: how many rows are quotes, why the others are none, and each known trap.

The real files are in the shared folder and are read from there; without it their cases are left
out. The traps that none of them has are small files made here.
"""
import collections
import csv
import functools
import gzip
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, 'tools')
import shared
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
SHARED = shared.folder()
PRICES = SHARED / 'data/prices' if SHARED else None
NOTHING_KEPT = 1
GCP_LOG = 'gcp/gcp_gpu_instance_price_changes_2022_2026.csv.gz'
VAST_ARCHIVE = 'cri-h100/vastai-offers-2026-03-05-noip.json.gz'
CRI_DAYS = 'cri-h100/data/h100-sxm-us'

# file or folder: rows that are quotes, and the others by reason
COUNTS = {
    'gcp': (
        21810,
        {'phantom-region': 41628, 'price-absent': 1102, 'gpu-fraction': 684, 'component': 36},
    ),
    GCP_LOG: (56140, {'price-absent': 8144, 'gpu-fraction': 684, 'component': 292}),
    CRI_DAYS: (77, {}),
    'cri-h100/data/reference-rates/2026-03-03.csv': (11, {'form': 4, 'component': 3}),
    VAST_ARCHIVE: (506, {'bid-floor': 3, 'too-high': 1}),
    'gpurentalprices': (8254, {'carried': 71, 'duplicate': 14, 'memory': 9}),
    'tugot17': (5452, {}),
}
# Rows that a file has, times what a row is read as; counted without assay.
ROWS = {
    GCP_LOG: lambda text: 4 * (text.count('\n') - 1),
    VAST_ARCHIVE: lambda text: 2 * text.count('"ask_contract_id"'),
    'tugot17/H100_80GB_SXM5.jsonl.gz': lambda text: sum(
        len(json.loads(line)['by_provider']) for line in text.splitlines()
    ),
}

SKYPILOT = (
    'InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,'
    'AvailabilityZone,Price,SpotPrice\n'
)
OWN = 'provider,gpu,gpus,rental,price,currency,observed\n'


def run(*arguments):
    done = subprocess.run(
        [ASSAY, 'market', 'import', '--quiet', *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, NOTHING_KEPT), done.stderr
    return done.stdout


@functools.cache
def read(*files, more=()):
    """What the program counts of the files, and the quotes that it makes of them."""
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        quotes = pathlib.Path(folder, 'quotes.csv')
        told = json.loads(run('--format', 'json', f'--to={quotes}', *more, *files))
        lines = quotes.read_text(encoding='utf-8').splitlines() if told['kept'] else []
        quotes = list(csv.DictReader(lines))
    reasons = {one['reason']: one['count'] for one in told['refused']}
    assert told['rows'] == told['kept'] + sum(reasons.values())
    assert told['kept'] == len(quotes)
    return told['kept'], reasons, quotes


def real(name):
    return PRICES / name


def read_text(name, text, **more):
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
        return read(path, **more)


def with_real_prices(function):
    """A case that is left out where the shared folder is not."""
    return tap.case(function) if PRICES else function


# ---- nothing is lost ----


@with_real_prices
def every_row_of_every_source_is_kept_or_refused_for_a_reason():
    for name, (kept, reasons) in COUNTS.items():
        found = read(real(name))
        assert found[:2] == (kept, reasons), f'{name}: {found[:2]}'


@with_real_prices
def as_many_rows_are_counted_as_there_are():
    for name, count in ROWS.items():
        kept, reasons, _ = read(real(name))
        with gzip.open(real(name), 'rt', encoding='utf-8') as text:
            assert kept + sum(reasons.values()) == count(text.read()), name


@with_real_prices
def a_quote_carries_its_source_and_licence():
    expected = {'gcp': 'Apache-2.0', CRI_DAYS: 'CC-BY-4.0', 'tugot17': 'MIT'}
    for name, licence in expected.items():
        assert {quote['licence'] for quote in read(real(name))[2]} == {licence}
    for quote in read(real('gpurentalprices'))[2]:
        assert quote['licence'] == 'CC-BY-4.0' and quote['source'].startswith('https://'), quote


# ---- traps ----


@with_real_prices
def the_price_of_processor_and_memory_is_no_price_of_a_gpu():
    day, machine = '2024-08-17', 'a3-megagpu-8g'
    _, _, quotes = read(real(GCP_LOG))
    hours = [
        float(quote['price']) / 8
        for quote in quotes
        if quote['product'] == machine
        and quote['observed'].startswith(day)
        and quote['rental'] == 'on-demand'
    ]
    assert len(hours) == 10 and min(hours) > 11, hours


def refuse_skypilot(row, reasons, provider='gcp'):
    name = f'catalogs/v8/{provider}/vms-2026-03-01.csv'
    assert read_text(name, SKYPILOT + row)[:2] == (0, reasons), row


@tap.case
def parts_of_a_price_are_no_price():
    refuse_skypilot('a2-highgpu-1g,12,85,,,,us-central1,us-central1-a,0.94,0.37\n', {'component': 2})
    refuse_skypilot(',,,A100,1.0,,us-central1,us-central1-a,2.93,1.1\n', {'component': 2})


@tap.case
def the_floor_of_bids_is_no_price():
    offer = {
        'machine_id': 1,
        'gpu_name': 'B200',
        'num_gpus': 8,
        'dph_total': 27.6,
        'min_bid': 0.08,
        'rentable': True,
    }
    text = json.dumps({'offers': [offer]})
    kept, reasons, _ = read_text('offers-2026-03-01.json', text, more=('--source=vast',))
    assert (kept, reasons) == (1, {'bid-floor': 1})


@tap.case
def nothing_costs_nothing():
    refuse_skypilot('x,1,1,H100,8.0,,eastus,,0.0,0\n', {'price-zero': 2}, 'lambda')


@with_real_prices
def regions_without_the_machine_are_phantoms():
    def regions(*names):
        _, _, quotes = read(*map(real, names))
        return {q['region'] for q in quotes if q['product'] == 'a3-highgpu-8g'}

    assert len(regions(GCP_LOG)) == 40
    assert len(regions('gcp')) == 18


@with_real_prices
def phantoms_turn_the_direction_of_the_price():
    def median(*names):
        in_force = {}
        _, _, quotes = read(*map(real, names))
        for quote in quotes:
            if quote['product'] == 'a3-highgpu-8g' and quote['rental'] == 'spot':
                if quote['observed'][:10] <= '2026-07-30' <= quote['until'][:10]:
                    in_force[quote['region']] = float(quote['price']) / 8
        return round(statistics.median(in_force.values()), 2)

    assert median('gcp') == 4.66
    assert median(GCP_LOG) == 1.98


@with_real_prices
def slices_of_one_machine_keep_machine_and_host():
    _, _, quotes = read(real(VAST_ARCHIVE))
    h100 = [q for q in quotes if q['product'] == 'H100 SXM' and q['rental'] == 'on-demand']
    counts = len(h100), len({q['machine'] for q in h100}), len({q['host'] for q in h100})
    assert counts == (26, 15, 11), counts


@with_real_prices
def a_provider_that_floods_the_list_is_one_quote_with_a_count():
    _, _, quotes = read(real('tugot17'))
    shots = collections.Counter((q['observed'], q['provider']) for q in quotes)
    assert set(shots.values()) == {1}
    flood = {int(q['listings']) for q in quotes if 'roan' in q['provider']}
    assert {20, 21} <= flood and max(flood) >= 20, flood


@with_real_prices
def a_carried_row_is_named():
    assert read(real('gpurentalprices/2026-07-08.json.gz'))[1]['carried'] == 6


@tap.case
def a_price_that_does_not_say_its_currency_is_none():
    row = 'scaleway,H100 PCIe,1,on-demand,2.73,{},2026-03-01\n'
    assert read_text('own.csv', OWN + row.format(''))[:2] == (0, {'currency-absent': 1})
    kept, _, quotes = read_text('own.csv', OWN + row.format('EUR'))
    assert kept == 1 and quotes[0]['currency'] == 'EUR'


@with_real_prices
def a_form_that_is_not_said_stays_unknown():
    _, _, quotes = read(real('gpurentalprices'))
    forms = collections.defaultdict(set)
    for quote in quotes:
        forms[quote['product']].add(quote['form'])
    for product, form in {
        'h100': 'unknown',
        'h100-sxm': 'sxm',
        'h100-pcie': 'pcie',
        'h100-nvl': 'nvl',
        'a100': 'unknown',
        'h200': 'unknown',
    }.items():
        said = {one or 'unknown' for one in forms[product]}
        assert said == {form}, f'{product}: {said}'


@tap.case
def a_part_of_a_gpu_has_no_price_for_one():
    refuse_skypilot('vcg-a16-2c,2,8,A16,0.125,,ewr,,0.059,\n', {'gpu-fraction': 2}, 'vultr')


@with_real_prices
def serverless_stands_apart():
    day = real('gpurentalprices/2026-08-08.json.gz')
    with gzip.open(day, 'rt', encoding='utf-8') as text:
        kinds = [offer['kind'] for offer in json.load(text)['offers']]
    rentals = collections.Counter(quote['rental'] for quote in read(day)[2])
    assert rentals['serverless'] == kinds.count('serverless') > 40, rentals


@with_real_prices
def the_end_of_a_line_is_not_what_it_says():
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        ends = {}
        for name, end in (('lf', b'\n'), ('crlf', b'\r\n')):
            copy = pathlib.Path(folder, name)
            shutil.copytree(real(CRI_DAYS), copy)
            for path in copy.glob('*.csv'):
                path.chmod(0o644)
                path.write_bytes(path.read_bytes().replace(b'\r\n', b'\n').replace(b'\n', end))
            ends[name] = read(copy)
    assert ends['lf'] == ends['crlf'] and ends['lf'][0] == 77


@tap.case
def memory_in_the_wrong_unit_is_refused():
    info = "\"{{'Gpus': [{{'Name': 'H100', 'MemoryInfo': {{'SizeInMiB': {}}}}}]}}\""
    row = f'lambdalabs_H100x8,208,1800,H100,8.0,{info},dallas,,31.92,16\n'
    refuse_skypilot(row.format(80), {'memory': 2}, 'shadeform')
    name = 'catalogs/v8/shadeform/vms-2026-03-01.csv'
    kept, _, quotes = read_text(name, SKYPILOT + row.format(81920))
    assert kept == 2 and quotes[0]['provider'] == 'lambda', quotes


@tap.case
def pages_without_a_last_one_are_noted():
    item = {
        'currencyCode': 'USD',
        'retailPrice': 98.32,
        'unitOfMeasure': '1 Hour',
        'type': 'Consumption',
        'armSkuName': 'Standard_ND96isr_H100_v5',
        'armRegionName': 'eastus',
    }
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        for number, link in (1, 'https://example.org/?$skip=1'), (2, None):
            path = pathlib.Path(folder, f'page-{number}-2026-03-01.json')
            item['armRegionName'] = f'region{number}'
            path.write_text(json.dumps({'Items': [item], 'NextPageLink': link}), encoding='utf-8')
        first = pathlib.Path(folder, 'page-1-2026-03-01.json')
        for files, noted in (first, True), (folder, False):
            done = subprocess.run(
                [ASSAY, 'market', 'import', files], capture_output=True, text=True, check=True
            )
            assert ('the last one is missing' in done.stderr) == noted, done.stderr


@tap.case
def a_folder_of_several_sources_is_read_by_all_of_them():
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        vms = pathlib.Path(folder, 'lambda/vms-2026-03-01.csv')
        vms.parent.mkdir()
        vms.write_text(SKYPILOT + 'x,1,1,H100,8.0,,r,,32,16\n', encoding='utf-8')
        hunt = pathlib.Path(folder, 'lambda-2026-03-01.csv')
        hunt.write_text(
            'instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot\n'
            'x,r,32,1,1,8,H100,80,False\n',
            encoding='utf-8',
        )
        assert read(folder)[:2] == (3, {})


tap.run()
