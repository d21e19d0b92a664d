#!/usr/bin/python3
"""The price index as docs/index-method.md tells it, computed here once more by other means, from the
files as they are; and what it does with floods, gaps and files that were tampered with."""
import collections
import csv
import datetime
import functools
import gzip
import hashlib
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, 'tools')
import shared
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
SHARED = shared.folder()
PRICES = SHARED / 'data/prices' if SHARED else None
BITS_64, BITS_32 = 2**64 - 1, 2**32 - 1
DRAWS = 200


def real(function):
    """A case that needs the real files."""
    return tap.case(function) if PRICES else function


# ---- the program ----


def run(*arguments):
    return subprocess.run([ASSAY, *map(str, arguments)], capture_output=True, text=True, check=False)


def document(schema, *arguments, status=0):
    done = run('market', *arguments, '--quiet', '--format=json')
    assert done.returncode == status, f'{arguments}: {done.returncode}: {done.stderr}'
    found = json.loads(done.stdout)
    faults = [fault.message for fault in validator_of(schema).iter_errors(found)]
    assert not faults, faults[:3]
    return found


@functools.cache
def validator_of(name):
    schema = json.loads(pathlib.Path(f'data/schema/{name}.v1.json').read_text(encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def values_of(*arguments, status=0):
    return document('index', 'index', *arguments, f'--draws={DRAWS}', status=status)['values']


def value_of(*arguments, status=0):
    values = values_of(*arguments, status=status)
    assert len(values) == 1, [value['key'] for value in values]
    return values[0]


def changes_of(*arguments):
    return document('index', 'index', *arguments)['changes']


def trend_of(*arguments, status=0):
    keys = document('trend', 'trend', *arguments, '--draws=200', status=status)['keys']
    assert len(keys) == 1, [key['key'] for key in keys]
    return keys[0]


# ---- quotes made here ----

COLUMNS = (
    'provider,product,region,gpu,form,gpus,rental,price_per_gpu,currency,stock,reliability,observed,listings,machine,'
    'host,source'
).split(',')


def quote(provider, price, day, **other):
    return {
        'provider': provider,
        'product': 'h100',
        'region': 'here',
        'gpu': 'H100 80GB',
        'form': 'SXM',
        'gpus': 8,
        'rental': 'on-demand',
        'price_per_gpu': price,
        'currency': 'USD',
        'observed': day,
        'source': 'https://example.org',
    } | other


class Workshop:
    """A folder for files of quotes."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix='assay-')
        self.path = pathlib.Path(self.folder.name)

    def write(self, quotes, name='quotes.csv'):
        with (self.path / name).open('w', newline='', encoding='utf-8') as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator='\n')
            writer.writeheader()
            writer.writerows(quotes)
        return self.path / name


WORKSHOP = Workshop()


# ---- the rule, once more: docs/index-method.md ----


def second_of(text):
    if len(text) == 10:
        text += 'T00:00:00Z'
    return int(datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp())


def day_of(second):
    return second // 86400


def number_of(text):
    return datetime.date.fromisoformat(text).toordinal() - datetime.date(1970, 1, 1).toordinal()


def imported(*paths, day):
    """The quotes as the program exports them, of one key."""
    target = WORKSHOP.path / 'exported.csv'
    done = run('market', 'import', '--quiet', f'--as-of={day}', '--to', target, *paths)
    assert done.returncode in (0, 1), done.stderr
    with target.open(newline='', encoding='utf-8') as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row['unit'] == 'hour', row
        row['nano'] = round(float(row['price']) * 1e9 / (int(row['gpus']) if row['per'] == 'offer' else 1))
        row['observed'] = second_of(row['observed'])
        row['until'] = second_of(row['until']) if row['until'] else row['observed']
        row['listings'] = int(row['listings'] or 1)
        row['reliability'] = float(row['reliability'] or 1)
    return rows


def offer_of(row):
    return row['product'], row['region'], row['host'], row['machine'], row['gpus']


def newest_looks(rows, start):
    """First slot of each source's newest look, by source."""
    slots = collections.defaultdict(set)
    for row in rows:
        slots[row['source']].add((row['seen'] - start) // 600)
    newest = {}
    for source, marked in slots.items():
        last = first = max(marked)
        while first - 1 in marked and last - first + 1 < 144:
            first -= 1
        newest[source] = first
    return newest


def eligible(rows, day, window=7):
    start, end = (day - window + 1) * 86400, (day + 1) * 86400
    standing = []
    for row in rows:
        row = row | {'seen': min(row['until'], end - 1)}
        if row['observed'] < end and row['seen'] >= start:
            standing.append(row)
    newest = newest_looks([row for row in standing if row['source']], start)
    days = collections.defaultdict(int)
    for row in standing:
        if not row['source']:
            place = row['provider'], *offer_of(row)
            days[place] = max(days[place], day_of(row['seen']))
    return [
        row
        for row in standing
        if (
            (row['seen'] - start) // 600 >= newest[row['source']]
            if row['source']
            else day_of(row['seen']) == days[row['provider'], *offer_of(row)]
        )
        and row['stock'] not in ('no', 'waitlist')
        and row['reliability'] >= 0.9
    ]


def medians(groups):
    return {key: statistics.median(values) for key, values in groups.items()}


def grouped(values, shorter):
    groups = collections.defaultdict(list)
    for key, value in values.items():
        groups[shorter(key)].append(value)
    return medians(groups)


def votes_of(rows):
    """One price a provider: machines, hosts, offers, providers."""
    machines = collections.defaultdict(list)
    for number, row in enumerate(rows):
        machine = row['machine'] or number
        host = row['host'] or ('machine', machine)
        machines[row['provider'], (row['product'], row['region']), host, machine].append(row['nano'] / 1e9)
    hosts = grouped(medians(machines), lambda key: key[:3])
    return grouped(grouped(hosts, lambda key: key[:2]), lambda key: key[0])


def weighted_median(prices, weights):
    total, seen = sum(weights), 0
    for number, (price, weight) in enumerate(zip(prices, weights)):
        seen += weight
        if abs(seen - total / 2) <= 1e-12 * total:
            following = next((p for p, w in zip(prices[number + 1 :], weights[number + 1 :]) if w > 0), price)
            return (price + following) / 2
        if seen > total / 2:
            return price
    return prices[-1]


def capped(counts, cap=0.25):
    weighty = sum(count > 0 for count in counts)
    if weighty * cap <= 1:
        return [1 / weighty if count > 0 else 0 for count in counts]
    weights = [count / sum(counts) for count in counts]
    while any(weight > cap + 1e-12 for weight in weights):
        below = sum(weight for weight in weights if weight < cap)
        left = 1 - cap * sum(weight >= cap for weight in weights)
        weights = [cap if weight >= cap else weight * left / below for weight in weights]
    return weights


def level_of(prices, counts):
    """The level of ascending prices that count so often; and which are too far."""
    prices, counts = list(prices), list(counts)
    logs = [math.log(price) for price in prices]
    repeated = [log for log, count in zip(logs, counts) for _ in range(count)]
    middle = statistics.median(repeated)
    spread = statistics.median(abs(log - middle) for log in repeated)
    limit = 3 * 1.4826 * max(spread, 0.02)
    kept, gone, allowed = counts[:], 0, len(repeated) * 20 // 100
    for number in sorted(range(len(prices)), key=lambda n: -abs(logs[n] - middle)):
        if abs(logs[number] - middle) <= limit or gone + counts[number] > allowed:
            break
        gone += counts[number]
        kept[number] = 0
    return weighted_median(prices, capped(kept)), [n for n, k in enumerate(kept) if k < counts[n]]


def mix(x):
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & BITS_64
    x = (x ^ x >> 27) * 0x94D049BB133111EB & BITS_64
    return x ^ x >> 31


def join(a, b):
    return mix(mix(a + 0x9E3779B97F4A7C15 & BITS_64) ^ b)


def key_of(name):
    key = 0xCBF29CE484222325
    for byte in name.encode():
        key = (key ^ byte) * 0x100000001B3 & BITS_64
    return key


def random_u32(key, counter):
    x = counter * 0x9E3779B9 + key & BITS_32
    x ^= x >> 16
    x = x * 0x21F0AAAD & BITS_32
    x ^= x >> 15
    x = x * 0xD35A2D97 & BITS_32
    return x ^ x >> 15


def quantile(values, share):
    values = sorted(values)
    at = share * (len(values) - 1)
    below = int(at)
    if below + 1 >= len(values):
        return values[-1]
    return values[below] + (at - below) * (values[below + 1] - values[below])


def interval_of(prices, draws=DRAWS, seed=1):
    levels = []
    for draw in range(draws):
        key = join(join(seed, key_of('market-level')), draw) >> 32
        counts = [0] * len(prices)
        for number in range(len(prices)):
            counts[random_u32(key, number) * len(prices) >> 32] += 1
        levels.append(level_of(prices, counts)[0])
    return quantile(levels, 0.05), quantile(levels, 0.95)


def hash_of(rows):
    whole = hashlib.sha256()
    providers = collections.defaultdict(list)
    for row in rows:
        providers[row['provider'].encode()].append(row)
    for provider in sorted(providers):
        order = sorted(
            providers[provider],
            key=lambda row: (
                *(row[part].encode() for part in ('product', 'region', 'host', 'machine')),
                int(row['gpus']),
                row['observed'],
                row['until'],
                row['nano'],
                row['listings'],
            ),
        )
        text, before = '', None
        for row in order:
            if (row['product'], row['region']) != before:
                before = row['product'], row['region']
                text += f'offer\t{before[0]}\t{before[1]}\n'
            numbers = row['gpus'], row['observed'], row['until'], row['nano'], row['listings']
            text += '\t'.join([row['host'], row['machine'], *map(str, numbers)]) + '\n'
        whole.update(provider + b'\tsha256:' + hashlib.sha256(text.encode()).hexdigest().encode() + b'\n')
    return 'sha256:' + whole.hexdigest()


def expect_same(rows, value, day, window=7):
    """The program's value is the one that the rule gives here."""
    rows = eligible(rows, number_of(day), window)
    votes = votes_of(rows)
    names = sorted(votes, key=lambda name: (votes[name], name.encode()))
    prices = [votes[name] for name in names]
    level, dropped = level_of(prices, [1] * len(prices))
    assert value['eligible'] == len(rows), (value['eligible'], len(rows))
    assert {vote['provider']: vote['usd'] for vote in value['providers']} == {
        name: round(price, 6) for name, price in votes.items()
    }
    assert abs(value['usd'] - level) < 6e-7, (value['usd'], level)
    assert sorted(names[n] for n in dropped) == sorted(v['provider'] for v in value['providers'] if v['dropped'])
    assert value['input'] == hash_of(rows)
    if len(prices) > 1:
        low, high = interval_of(prices)
        assert abs(value['interval']['low'] - low) < 6e-7, (value['interval'], low)
        assert abs(value['interval']['high'] - high) < 6e-7, (value['interval'], high)
    return level


# ---- real prices ----

GCP = 'gcp/gcp_gpu_instance_price_changes_2022_2026.csv.gz'
REGIONS = 'gcp/machinetyperegion_HEAD.csv.gz'
SPOT = '--gpu=h100', '--rental=spot', '--product=a3-highgpu-8g'


def gcp_prices(day, regions=None):
    """$/GPU-h on the day, by region, straight from the log of changes."""
    prices = {}
    with gzip.open(PRICES / GCP, 'rt', encoding='utf-8') as file:
        for row in csv.DictReader(file):
            if row['machine_type'] == 'a3-highgpu-8g' and row['date'] <= day and row['usd_hour_spot']:
                prices[row['region']] = float(row['usd_hour_spot']) / 8
    return {region: price for region, price in prices.items() if regions is None or region in regions}


def gcp_regions():
    with gzip.open(PRICES / REGIONS, 'rt', encoding='utf-8') as file:
        return {row['ZONE'] for row in csv.DictReader(file, delimiter=';') if row['NAME'] == 'a3-highgpu-8g'}


@real
def phantom_regions_turn_a_rise_into_a_fall():
    day = '2026-07-30'
    regions = gcp_regions()
    assert len(regions) == 18
    for files, phantoms, expected in ((PRICES / 'gcp',), False, 4.66), ((PRICES / GCP,), True, 1.98):
        value = value_of(*files, *SPOT, f'--as-of={day}')
        prices = gcp_prices(day, None if phantoms else regions)
        assert abs(value['usd'] - statistics.median(prices.values())) < 1e-6
        assert round(value['usd'], 2) == expected, value['usd']
        assert value['machines'] == len(prices) == (40 if phantoms else 18)
    before = value_of(PRICES / 'gcp', *SPOT, '--as-of=2025-11-20')['usd']
    assert before < 2.6, 'a rise, then'


@real
def a_price_stands_until_the_log_changes_it():
    for day, expected in ('2025-09-30', 2.55), ('2026-01-31', 2.93), ('2026-07-30', 6.33):
        value = value_of(PRICES / 'gcp', *SPOT, '--region=us-central1', f'--as-of={day}')
        assert abs(value['usd'] - gcp_prices(day)['us-central1']) < 1e-6
        assert round(value['usd'], 2) == expected, value['usd']


@real
def the_trend_of_a_spot_price_is_a_v():
    key = trend_of(PRICES / 'gcp', *SPOT, '--region=us-central1')
    assert key['direction'] == 'up'
    first, last = key['pieces'][0], key['pieces'][-1]
    assert first['direction'] == 'down' and first['from_told'] > 7.5
    assert last['direction'] == 'up' and round(last['to_told'], 2) == 6.33
    turn = key['turns'][-1]
    assert turn['reverses'] and turn['confidence'] > 0.95
    assert '2025-03-01' < turn['earliest'] < turn['latest'] < '2026-02-28', turn


CRI = 'cri-h100/data/h100-sxm-us'


@real
def the_published_values_of_cri_h100_are_found_from_raw_rows():
    with (PRICES / 'cri-h100/outputs/cri-h100-index.csv').open(newline='', encoding='utf-8') as file:
        published = list(csv.DictReader(file))
    assert [row['cri_h100'] for row in published] == ['1.6021', '1.735']
    for row in published:
        day, version = row['window_end'], row['methodology_version']
        value = value_of(PRICES / CRI, f'--as-of={day}', f'--method=ccir-{version}')
        assert round(value['usd'], 4) == float(row['cri_h100'])
        assert value['method'] == f'ccir-{version}'
        found = value['ccir']
        assert found['observations'] == int(row['total_observations'])
        assert found['valid_days'] == int(row['valid_days'])
        for ours, theirs in ('min', 'obs_min'), ('max', 'obs_max'), ('mean', 'obs_mean'), ('stdev', 'obs_stdev'):
            assert round(found[ours], 4) == float(row[theirs]), ours
        assert ('few-days' in [flag['flag'] for flag in value['flags']]) == (row['low_confidence'] == 'True')


@real
def the_days_of_the_audits_are_found_too():
    for day, version in ('2026-03-05', '1.1.0'), ('2026-03-04', '1.1.1'):
        audit = json.loads((PRICES / f'cri-h100/outputs/audits/cri-h100-{day}.audit.json').read_text(encoding='utf-8'))
        value = value_of(PRICES / CRI, f'--as-of={day}', f'--method=ccir-{version}')
        for ours, theirs in zip(value['ccir']['daily'], audit['daily'], strict=True):
            assert ours['day'] == theirs['date']
            assert ours['n_used'] == theirs['n_used'] and ours['n_removed'] == theirs.get('n_removed', 0)
            if theirs['n_used']:
                assert round(ours['median'], 4) == theirs['daily_median']
                assert round(ours['mean'], 4) == theirs['daily_mean']
            # The archive's last day was collected again an hour after the audit: 8 listings for 6. Both
            # are fewer than the rule wants.
            recollected = theirs['date'] == '2026-03-05'
            assert ours['n_raw'] == (8 if recollected else theirs['n_raw'])
            assert not recollected or theirs['n_raw'] == 6


@real
def one_reseller_that_leaves_moves_the_level_less_than_the_listings():
    path = PRICES / 'tugot17'
    with gzip.open(next(path.glob('*.gz')), 'rt', encoding='utf-8') as file:
        snapshots = [json.loads(line) for line in file]
    levels, medians_told = [], []
    for day in '2025-10-19', '2025-10-21':
        last = [snapshot for snapshot in snapshots if snapshot['timestamp'].startswith(day)][-1]
        medians_told.append(last['price_stats']['median'])
        value = value_of(path, f'--as-of={day}', '--gpu=h100')
        expect_same(imported(path, day=day), value, day)
        expected = statistics.median(provider['avg'] for provider in last['by_provider'].values())
        assert abs(value['usd'] - expected) < 6e-7, 'the last snapshot of the day'
        levels.append(value['usd'])
    assert medians_told == [1.99, 2.69], 'the listings: 35 %'
    assert [round(level, 2) for level in levels] == [2.26, 2.41]
    assert levels[1] / levels[0] < 1.07


def rentals(day, gpu='h100-sxm', kinds=('on-demand', 'secure')):
    """What each provider asks for it on its page as it was last seen there, in a week."""
    offers, start = [], (number_of(day) - 6) * 86400
    for back in range(7):
        path = PRICES / f'gpurentalprices/{datetime.date.fromisoformat(day) - datetime.timedelta(days=back)}.json.gz'
        if path.exists():
            with gzip.open(path, 'rt', encoding='utf-8') as file:
                offers += json.load(file)['offers']
    for offer in offers:
        offer['source'], offer['seen'] = offer['source_url'], second_of(offer['fetched_at'])
    offers = [o for o in offers if o['gpu'] == gpu and o['kind'] in kinds and o['seen'] >= start]
    newest = newest_looks(offers, start)
    prices = collections.defaultdict(list)
    for offer in offers:
        if (offer['seen'] - start) // 600 >= newest[offer['source']]:
            prices[offer['provider']].append(offer['usd_hr'])
    return medians(prices)


@real
def matched_offers_change_as_computed_from_the_snapshots():
    days = ['2026-07-11', '2026-07-18', '2026-07-25', '2026-08-01', '2026-08-08']
    chains = changes_of(PRICES / 'gpurentalprices', '--gpu=h100', '--form=sxm', '--rental=on-demand', '--method=jevons')
    assert len(chains) == 1
    points = chains[0]['points']
    assert [point['day'] for point in points] == days
    index, before = 100, None
    for point, day in zip(points, days):
        now = rentals(day)
        if before:
            same = [math.log(now[name] / before[name]) for name in now if name in before]
            index *= math.exp(sum(same) / len(same))
            assert point['matched'] == len(same), (day, point['matched'], len(same))
        assert abs(point['index'] - index) < 1e-5, (day, point['index'], index)
        before = now


@real
def all_snapshots_give_the_level_that_the_rule_gives():
    day = '2026-08-08'
    rows = imported(PRICES / 'gpurentalprices', day=day)
    values = values_of(PRICES / 'gpurentalprices', f'--as-of={day}')
    assert len(values) > 30
    for value in values:
        own = [
            row
            for row in rows
            if row['gpu'] == value['gpu']
            and (row['form'] or 'unknown') == value['form']
            and row['rental'] == value['rental']
            and row['memory_gb'] == str(value['memory_gb'] or '')
        ]
        if value['usd'] is not None and value['value_day'] == day:
            expect_same(own, value, day)


# ---- quotes made here ----


def crowd(day, count=9, **other):
    return [quote(f'cloud-{n}', f'{2 + 0.1 * n:.2f}', day, **other) for n in range(count)]


@tap.case
def random_quotes_give_what_the_rule_gives():
    chance = random.Random(11)
    for number in range(6):
        quotes = []
        for _ in range(300):
            day = datetime.date(2026, 3, 10) - datetime.timedelta(days=chance.choice([0, 0, 0, 1, 2, 5, 6, 9]))
            quotes.append(
                quote(
                    f'cloud-{chance.randrange(14)}',
                    f'{chance.lognormvariate(1, 0.3 if number else 1):.6f}',
                    f'{day}T{chance.randrange(24):02}:{chance.randrange(60):02}:00Z',
                    product=f'p{chance.randrange(3)}',
                    region=chance.choice(['', 'east', 'west']),
                    gpus=chance.choice([1, 8]),
                    stock=chance.choice(['', 'yes', 'low', 'no']),
                    reliability=chance.choice(['', '0.95', '0.85']),
                    listings=chance.choice(['', 3]),
                    machine=chance.choice(['', 'm1', 'm2', 'm3']),
                    host=chance.choice(['', 'h1', 'h2']),
                    source=chance.choice(['', 'one', 'other']),
                )
            )
        path = WORKSHOP.write(quotes)
        rows = imported(path, day='2026-03-10')
        first = value_of(path, '--as-of=2026-03-10', '--gpu=h100')
        expect_same(rows, first, '2026-03-10')
        chance.shuffle(quotes)
        again = value_of(WORKSHOP.write(quotes), '--as-of=2026-03-10', '--gpu=h100', '--threads=2')
        assert again == first, 'the order of rows or threads matters'


@tap.case
def a_flood_of_rows_is_one_vote():
    day = '2026-03-10'
    calm = value_of(WORKSHOP.write(crowd(day)), f'--as-of={day}')
    flood = crowd(day) + [quote('cloud-0', '1.10', day, machine=f'm{n}') for n in range(2000)]
    path = WORKSHOP.write(flood)
    flooded = value_of(path, f'--as-of={day}')
    raw = value_of(path, f'--as-of={day}', '--method=raw')
    assert abs(flooded['usd'] / calm['usd'] - 1) < 0.07
    assert raw['usd'] == 1.1 and raw['method'] == 'assay-raw/1'
    assert flooded['concentration'] > 0.9


@tap.case
def each_quote_that_does_not_count_has_its_reason():
    day = '2026-03-10'
    quotes = crowd(day) + [
        quote('gone', '2.5', '2026-02-01'),
        quote('empty', '2.5', day, stock='no'),
        quote('shaky', '2.5', day, reliability='0.5'),
        quote('lambda', '2.5', day, rental='serverless'),
        quote('other', '2.5', day, form='PCIe'),
        quote('old', '2.5', '2026-03-08'),
        quote('next', '2.5', '2026-03-11'),
    ]
    path = WORKSHOP.write(quotes)
    value = value_of(path, '--as-of=2026-03-11', '--form=sxm', '--window=2')
    assert value['refused'] == {
        'other-key': 1,
        'stale': 2,
        'superseded': 11,
        'serverless': 1,
    }, value['refused']
    value = [v for v in values_of(path, f'--as-of={day}', '--form=sxm')][0]
    assert value['refused'] == {
        'other-key': 1,
        'stale': 1,
        'superseded': 1,
        'out-of-stock': 1,
        'unreliable': 1,
        'serverless': 1,
    }, value['refused']
    assert value['eligible'] == 9


@tap.case
def a_narrower_question_does_not_bring_back_what_is_gone():
    quotes = crowd('2026-03-09') + crowd('2026-03-10', count=5)
    path = WORKSHOP.write(quotes)
    assert value_of(path, '--as-of=2026-03-10')['eligible'] == 5
    assert value_of(path, '--as-of=2026-03-10', '--provider=cloud-2')['eligible'] == 1
    gone = value_of(path, '--as-of=2026-03-10', '--provider=cloud-7')
    assert gone['refused']['superseded'] == 1 and gone['value_day'] == '2026-03-09', gone


@tap.case
def keys_are_never_mixed():
    day = '2026-03-10'
    quotes = crowd(day) + crowd(day, rental='spot') + crowd(day, form='PCIe') + crowd(day, form='', product='x')
    values = values_of(WORKSHOP.write(quotes), f'--as-of={day}')
    assert len(values) == 4 and len({value['key'] for value in values}) == 4
    assert all(value['eligible'] == 9 and value['composite'] for value in values)


@tap.case
def an_outlier_is_named_and_never_more_than_a_fifth():
    day = '2026-03-10'
    value = value_of(WORKSHOP.write(crowd(day) + [quote('cloud-x', '29.0', day)]), f'--as-of={day}')
    assert [vote['provider'] for vote in value['providers'] if vote['dropped']] == ['cloud-x']
    wild = [quote(f'cloud-{n}', '2.0' if n < 6 else f'{12 + n}', day) for n in range(10)]
    value = value_of(WORKSHOP.write(wild), f'--as-of={day}')
    assert value['dropped'] == 2


@tap.case
def a_gap_is_carried_for_a_week_and_then_left_open():
    path = WORKSHOP.write(crowd('2026-03-01'))
    value = value_of(path, '--as-of=2026-03-07')
    assert value['value_day'] == '2026-03-07' and not value['flags']
    value = value_of(path, '--as-of=2026-03-14')
    assert value['value_day'] == '2026-03-07'
    assert [flag['flag'] for flag in value['flags']] == ['stale', 'carried'] and value['usd'] == 2.4
    value = value_of(path, '--as-of=2026-03-15', status=2)
    assert value['usd'] is None and value['value_day'] is None
    assert [flag['flag'] for flag in value['flags']] == ['suppressed']


# ---- the series ----


@tap.case
def a_value_that_stands_is_never_changed():
    day = '2026-03-10'
    series = WORKSHOP.path / 'series.jsonl'
    path = WORKSHOP.write(crowd(day))
    option = f'--series={series}'
    value_of(path, f'--as-of={day}', option)
    first = series.read_text(encoding='utf-8')
    value_of(path, f'--as-of={day}', option)
    assert series.read_text(encoding='utf-8') == first, 'the same value again'
    path = WORKSHOP.write(crowd(day) + [quote('another', '9.0', day)])
    done = run('market', 'index', path, f'--as-of={day}', option)
    assert done.returncode == 65 and '--restate' in done.stderr, done.stderr
    assert series.read_text(encoding='utf-8') == first
    value_of(path, f'--as-of={day}', option, '--restate=a provider was forgotten')
    lines = series.read_text(encoding='utf-8').splitlines()
    assert series.read_text(encoding='utf-8').startswith(first)
    added = json.loads(lines[1])
    assert added['restates'] == 1 and added['reason'] == 'a provider was forgotten'
    expect_chain(lines)


def expect_chain(lines):
    before = hashlib.sha256(b'').hexdigest()
    for line in lines:
        written = json.loads(line)
        body, mark, _ = line.rpartition(',"hash":"')
        assert mark and written['previous'] == 'sha256:' + before
        before = hashlib.sha256(body.encode()).hexdigest()
        assert written['hash'] == 'sha256:' + before


@tap.case
def a_series_that_was_tampered_with_is_noticed():
    series = WORKSHOP.path / 'tampered.jsonl'
    path = WORKSHOP.write([q for n in range(1, 6) for q in crowd(f'2026-03-0{n}')])
    value = f'--series={series}'
    values_of(path, '--as-of=2026-03-05', '--step=1', value)
    lines = series.read_text(encoding='utf-8').splitlines(keepends=True)
    assert len(lines) == 5
    for wrong in [
        [lines[0].replace('2.4', '2.5'), *lines[1:]],
        lines[1:],
        [lines[0], *lines[2:]],
        [lines[1], lines[0], *lines[2:]],
        [*lines, lines[0]],
        [*lines[:-1], lines[-1][:-1]],
        [*lines[:-1], lines[-1][:40]],
        ['{}\n'],
        ['\n'],
    ]:
        series.write_text(''.join(wrong), encoding='utf-8')
        done = run('market', 'index', path, '--as-of=2026-03-05', value)
        assert done.returncode == 65, (done.returncode, done.stderr)
        assert series.read_text(encoding='utf-8') == ''.join(wrong), 'it was touched'


# ---- the trend ----


@tap.case
def another_generation_says_what_a_price_has_to_become():
    quotes = []
    for week in range(20):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=7 * week)
        quotes += crowd(day.isoformat())
        quotes += [quote(f'cloud-{n}', '2.20', day.isoformat(), gpu='GB200', form='', product='gb200') for n in range(5)]
    path = WORKSHOP.write(quotes)
    key = trend_of(path, '--gpu=h100', '--against=gb200')
    assert key['direction'] == 'flat'
    prices = {price['work']: price for price in key['against'][0]['prices']}
    assert round(prices['training']['usd'], 2) == 0.98
    assert prices['inference']['usd'] == 0.55
    assert not prices['dense peak']['cited'] and prices['dense peak']['source'] is None
    assert abs(prices['training']['gap'] - (prices['training']['usd'] / 2.4 - 1)) < 1e-4
    # 2.25 is what a GB200 does of an H100's work, not the other way round.
    lines = run('market', 'trend', path, '--gpu=h100', '--against=gb200').stdout.splitlines()
    title = next(line for line in lines if line.startswith('work '))
    assert 'the other does, of its work' in title and 'change of its price' in title, title


@tap.case
def what_is_wrong_is_said_in_one_line():
    path = WORKSHOP.write(crowd('2026-03-10'))
    for wrong, status in [
        (['--method=mean'], 65),
        (['--gpu=h1000'], 65),
        (['--form=round'], 65),
        (['--tier=cheap'], 65),
        (['--term=x'], 65),
        (['--window=500'], 65),
        (['--method=jevons', f'--series={WORKSHOP.path / "x"}'], 65),
    ]:
        done = run('market', 'index', path, *wrong)
        assert done.returncode == status, (wrong, done.returncode, done.stderr)
        assert done.stderr.count('\n') == 1, done.stderr
    assert run('market', 'trend', path, '--method=jevons').returncode == 65
    assert run('market', 'trend', path, '--against=gb200').returncode == 66


tap.run()
