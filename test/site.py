#!/usr/bin/python3
"""The report site is whole, valid, readable by everybody, and safe from what evidence says."""
import atexit
import collections
import datetime
import functools
import html.parser
import json
import os
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema

sys.dont_write_bytecode = True
sys.path.insert(0, 'tools')
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
DRAWS = '300'
VOID = set('area base br col embed hr img input link meta source track wbr'.split())
SHAPES = set('circle line rect'.split())  # of SVG, closed in place
# Memory where there is such a folder: a report syncs each of its hundreds of files.
SHELF = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'"
)


def run(*arguments):
    return subprocess.run([ASSAY, *arguments], capture_output=True, text=True, check=False)


def output_of(*arguments):
    done = run(*arguments)
    assert done.returncode in (0, 2), f'{arguments}: {done.stderr}'
    return done.stdout


def site_of(*arguments):
    """The files of a report as text, by path."""
    with tempfile.TemporaryDirectory(dir=SHELF) as folder:
        root = pathlib.Path(folder, 'site')
        done = run('report', str(root), '--draws', DRAWS, *arguments)
        assert done.returncode == 0, done.stderr
        return {
            path.relative_to(root).as_posix(): path.read_text(encoding='utf-8')
            for path in sorted(root.rglob('*'))
            if path.is_file()
        }


def quotes():
    """An invented market: four clouds, three rental models, forty weeks, prices that turn."""
    yield 'provider,product,region,gpu,form,memory_gb,gpus,rental,term_months,price,currency,unit,per,observed'
    start = datetime.date(2024, 6, 20)
    for week in range(40):
        day = start + datetime.timedelta(weeks=week)
        level = 4 - 0.1 * min(week, 20) + 0.05 * max(week - 20, 0)
        for number, cloud in enumerate(('nebius', 'crusoe', 'lambda', 'coreweave')):
            for rental, term, share in (('on-demand', '', 1), ('spot', '', 0.5), ('contract', 12, 0.8)):
                price = level * share * (1 + 0.05 * number)
                yield (
                    f'{cloud},h100x8,us-1,H100,SXM,80,8,{rental},{term},{price:.4f},USD,hour,gpu,'
                    f'{day}T00:00:00Z'
                )


@functools.cache
def market():
    """Options of a report with all parts of the market page, and those of its evidence."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=SHELF))
    atexit.register(shutil.rmtree, folder)
    prices, records = folder / 'quotes.csv', folder / 'prices.jsonl'
    prices.write_text('\n'.join(quotes()) + '\n', encoding='utf-8')
    records.write_text(output_of('market', 'evidence', str(prices)), encoding='utf-8')
    evidence = ('--evidence', 'data/evidence', '--evidence', str(records))
    need = ('--need', 'docs/examples/need-batch.yaml', '--market', str(prices))
    return need + ('--effective', 'data/example/effective-network.yaml'), evidence


@functools.cache
def site():
    parts, evidence = market()
    return site_of(*parts, *evidence)


class Page(html.parser.HTMLParser):
    """What a page consists of; `faults` says where its tags do not fit."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.faults, self.words, self.title = [], [], [], [], ''
        self.feed(text)
        self.close()
        self.faults += [f'<{tag}> is never closed' for tag in self.open]

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            self.faults.append(f'<{tag}> has an attribute twice')
        self.tags.append((tag, dict(attributes), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if tag not in SHAPES:
            self.faults.append(f'<{tag}/> closes itself')
        self.tags.append((tag, dict(attributes), tuple(self.open)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f'</{tag}> at {self.getpos()} does not fit')

    def handle_data(self, data):
        self.words.append(data)
        if self.open and self.open[-1] == 'title' and 'svg' not in self.open:
            self.title += data

    def all(self, tag):
        return [attributes for name, attributes, _ in self.tags if name == tag]


@functools.cache
def pages():
    return {path: Page(text) for path, text in site().items() if path.endswith('.html')}


def expect_none(faults):
    faults = list(faults)
    assert not faults, f'{len(faults)} faults:\n' + '\n'.join(map(str, faults[:10]))


def each_page(find):
    """What `find` says of each page, with the page's path before it."""
    expect_none(f'{path}: {fault}' for path, page in pages().items() for fault in find(page))


# ---- which files ----


@tap.case
def every_provider_and_criterion_has_a_page():
    league = json.loads(site()['index.json'])
    criteria = json.loads(site()['criteria.json'])
    expected = {'index.html', 'market.html', 'criteria.html', 'method.html'}
    expected |= {f'provider/{provider["name"]}.html' for provider in league['providers']}
    expected |= {f'criterion/{criterion["id"]}.html' for criterion in criteria['criteria']}
    assert set(pages()) == expected, set(pages()) ^ expected


@tap.case
def every_page_has_a_twin_and_links_to_it():
    for path, page in pages().items():
        twins = [a for a in page.all('link') if a.get('rel') == 'alternate']
        assert len(twins) == 1 and twins[0]['type'] == 'application/json', path
        twin = posixpath.join(posixpath.dirname(path), twins[0]['href'])
        assert twin == path.removesuffix('.html') + '.json', twin
        json.loads(site()[twin])
    expected = {path.removesuffix('.html') for path in pages()}
    others = {p for p in site() if p.rsplit('.', 1)[0] not in expected}
    assert others == {'rating.json', 'style.css'}, others


@tap.case
def twins_are_what_the_commands_print():
    same = ('--draws', DRAWS, '--format', 'json', *market()[1])
    assert site()['index.json'] == site()['rating.json'] == output_of('rate', *same)
    assert site()['criteria.json'] == output_of('criteria', '--format', 'json')
    for path in [p for p in site() if p.startswith('provider/') and p.endswith('.json')]:
        name = path.removeprefix('provider/').removesuffix('.json')
        assert site()[path] == output_of('explain', name, *same), name


@tap.case
def twins_of_their_own_fit_their_schemas():
    for name in ('method', 'market'):
        schema = json.loads(pathlib.Path(f'data/schema/{name}.v1.json').read_text('utf-8'))
        jsonschema.Draft202012Validator(schema).validate(json.loads(site()[f'{name}.json']))


@tap.case
def the_market_page_shows_grades_trend_worth_and_models():
    page, twin = site()['market.html'], json.loads(site()['market.json'])
    for part in ('grade', 'trend', 'effective', 'models'):
        assert f'<h2 id="{part}">' in page, part
    assert len(twin['prices']) == 12
    assert {price['rental'] for price in twin['prices']} == {'on-demand', 'spot', 'contract-12'}
    assert any(price['dominated_by'] for price in twin['prices'])
    assert [key['direction'] for key in twin['trend']['keys']] == ['up'] * 3
    assert page.count('class="turn"') == 3
    assert len(twin['effective']['offers']) == page.count('>quote</text>')
    assert len(twin['advice']['models']['curve']) > 10


@tap.case
def without_prices_the_market_page_says_how_to_get_them():
    bare = site_of()
    assert 'assay market evidence' in bare['market.html'] and '<svg' not in bare['market.html']
    twin = json.loads(bare['market.json'])
    assert twin['prices'] == [] and twin['trend'] is twin['effective'] is twin['advice'] is None


@tap.case
def a_need_without_prices_is_refused():
    done = run('report', '/nowhere/site', '--need', 'docs/examples/need-batch.yaml')
    assert done.returncode == 66 and '--market' in done.stderr, done.stderr


@tap.case
def the_same_inputs_give_the_same_bytes():
    parts, evidence = market()
    assert site_of('--threads', '1', *parts, *evidence) == site()


# ---- form ----


@tap.case
def tags_fit():
    each_page(lambda page: page.faults)


@tap.case
def no_page_runs_or_fetches_anything():
    def find(page):
        for tag, attributes, _ in page.tags:
            if tag in ('script', 'style', 'iframe', 'object', 'embed', 'img', 'form', 'base'):
                yield f'<{tag}>'
            for name, value in attributes.items():
                if name == 'style' or name.startswith('on'):
                    yield f'<{tag} {name}>'
                if name in ('src', 'srcset', 'xlink:href') or 'url(' in (value or ''):
                    yield f'<{tag} {name}="{value}">'
            if tag == 'link' and not re.fullmatch(r'data:,|(\.\./)?[\w.+-]+', attributes['href']):
                yield f'<link href="{attributes["href"]}">'

    each_page(find)
    assert not re.search(r'@import|url\(|//', site()['style.css'])


@tap.case
def every_page_has_its_head():
    def find(page):
        metas = page.all('meta')
        if [m['content'] for m in metas if m.get('http-equiv')] != [CSP]:
            yield 'another security policy'
        for name in ('viewport', 'description', 'color-scheme'):
            if not any(m.get('name') == name and m['content'] for m in metas):
                yield f'no {name}'
        if page.all('html') != [{'lang': 'en'}] or len(page.title) < 10:
            yield 'no language or title'
        sheets = [a['href'] for a in page.all('link') if a.get('rel') == 'stylesheet']
        if len(sheets) != 1 or not sheets[0].endswith('style.css'):
            yield f'style sheets: {sheets}'

    each_page(find)
    for path, text in site().items():
        assert not path.endswith('.html') or text.startswith('<!DOCTYPE html>\n'), path
    titles = collections.Counter(page.title for page in pages().values())
    expect_none(title for title, count in titles.items() if count > 1)


@tap.case
def ids_are_unique():
    def find(page):
        ids = collections.Counter(a['id'] for _, a, _ in page.tags if 'id' in a)
        yield from (f'id {name} {count} times' for name, count in ids.items() if count > 1)

    each_page(find)


@tap.case
def every_link_leads_somewhere():
    ids = {path: {a['id'] for _, a, _ in page.tags if 'id' in a} for path, page in pages().items()}
    for path, page in pages().items():
        for attributes in page.all('a') + page.all('link'):
            target, _, fragment = attributes['href'].partition('#')
            if target.startswith(('http:', 'https:', 'data:')):
                continue
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            place = place if target else path
            assert place in site(), f'{path}: {attributes["href"]}'
            assert not fragment or fragment in ids[place], f'{path}: {attributes["href"]}'


# ---- for everybody ----


@tap.case
def headings_step_down_one_at_a_time():
    def find(page):
        levels = [int(tag[1]) for tag, _, _ in page.tags if re.fullmatch('h[1-6]', tag)]
        if levels[:1] != [1] or levels.count(1) != 1:
            yield 'not one h1 before all others'
        yield from (f'h{a} and then h{b}' for a, b in zip(levels, levels[1:]) if b > a + 1)

    each_page(find)


@tap.case
def tables_have_captions_and_scopes():
    def find(page):
        if len(page.all('caption')) != len(page.all('table')):
            yield 'a table without a caption'
        yield from (f'<th> {a} has no scope' for a in page.all('th') if 'scope' not in a)
        for a in page.all('div'):
            if a.get('class') == 'scroll' and (a.get('tabindex') != '0' or not a['aria-label']):
                yield 'a box that scrolls and cannot be reached with the keyboard'

    each_page(find)


@tap.case
def drawings_are_images_with_a_name():
    def find(page):
        for number, (tag, attributes, _) in enumerate(page.tags):
            if tag == 'svg' and attributes.get('role') != 'img':
                yield 'a drawing without a role'
            if tag == 'svg' and page.tags[number + 1][0] != 'title':
                yield 'a drawing without a name'

    each_page(find)


@tap.case
def a_page_can_be_walked_by_keyboard():
    def find(page):
        first = page.all('a')[0]
        if first.get('class') != 'skip' or first['href'] != '#main':
            yield 'the first link does not skip to the content'
        if [a.get('id') for a in page.all('main')] != ['main'] or not page.all('footer'):
            yield 'no main part or footer'
        yield from (f'a <nav> without a name' for a in page.all('nav') if not a.get('aria-label'))

    each_page(find)
    assert ':focus-visible' in site()['style.css']


@tap.case
def every_page_says_whom_it_does_not_speak_for():
    def find(page):
        text = ' '.join(page.words)
        if 'ClusterMAX, a trademark of SemiAnalysis' not in text or 'sha256:' not in text:
            yield 'the footer is not whole'

    each_page(find)


# ---- the style sheet ----


def rules(sheet):
    """(selector, {property: value}) of each rule, wherever it stands."""
    for selector, body in re.findall(r'([^{}]+)\{([^{}]*)\}', re.sub(r'/\*.*?\*/', '', sheet, flags=re.S)):
        pairs = (line.partition(':') for line in body.split(';') if ':' in line)
        yield selector.strip(), {name.strip(): value.strip() for name, _, value in pairs}


def schemes():
    """The colours by name, light and dark."""
    roots = [body for selector, body in rules(site()['style.css']) if selector.endswith(':root')]
    assert len(roots) == 2
    light, dark = [
        {n.removeprefix('--'): v for n, v in root.items() if re.fullmatch('#[0-9a-f]{6}', v)}
        for root in roots
    ]
    assert set(dark) == set(light), set(dark) ^ set(light)
    return {'light': light, 'dark': dark}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def pairs_of(colours):
    """(name, name, least contrast) of what may stand on what."""
    for name in colours:
        for surface in (n for n in colours if n.startswith('surface-')):
            if name.startswith('text-'):
                yield name, surface, 4.5
            if name.startswith('mark-'):
                yield name, surface, 3
        if name.startswith('on-'):
            yield name, name.removeprefix('on-'), 4.5


@tap.case
def colours_keep_their_contrast_in_both_schemes():
    for scheme, colours in schemes().items():
        pairs = list(pairs_of(colours))
        assert len(pairs) > 30
        expect_none(
            f'{scheme}: {a} on {b} has {contrast(colours[a], colours[b]):.2f}, needs {least}'
            for a, b, least in pairs
            if contrast(colours[a], colours[b]) < least
        )


@tap.case
def text_stands_only_on_what_it_was_chosen_for():
    colours = schemes()['light']
    for selector, body in rules(site()['style.css']):
        name = re.sub(r'var\(--([\w-]+)\)', r'\1', body.get('color', ''))
        ground = re.sub(r'var\(--([\w-]+)\)', r'\1', body.get('background', ''))
        assert name in ('', 'inherit') or name.startswith(('text-', 'on-')), selector
        if f'on-{ground}' in colours and '.dot' not in selector:
            assert name == f'on-{ground}', selector
        if name.startswith('on-'):
            assert ground == name.removeprefix('on-'), selector
        if re.search(r'\btext\b', selector) and 'fill' in body:
            assert re.match(r'var\(--(text|on)-', body['fill']), selector


@tap.case
def the_sheet_fits_a_phone_paper_and_the_dark():
    sheet = site()['style.css']
    for part in ('(max-width: 44rem)', '@media print', '(prefers-color-scheme: dark)'):
        assert part in sheet, part


# ---- what evidence says ----

HOSTILE = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>&lt;b&gt;'
EVIDENCE = """
schema: assay/evidence/v1
records:
  - id: hostile.one
    subject: {{ provider: hostile }}
    what: monitoring.passive-checks
    answer: complete
    kind: document
    strength: E1
    observed: 2025-01-01
    source: {{ name: {0}, publisher: {0}, url: "javascript:alert(1)", tool: {0}, version: {0} }}
    excerpt: {0}
  - id: hostile.two
    subject: {{ provider: hostile }}
    what: remark
    text: {0}
    kind: statement
    strength: E1
    observed: 2025-01-01
    source: {{ name: {0}, url: "https://example.org/?a=1&b=2" }}
  - id: hostile.three
    subject: {{ provider: hostile }}
    what: monitoring.active-checks
    withheld: {0}
    kind: answer
    strength: E1
    observed: 2025-01-01
    source: {{ name: {0} }}
"""


@tap.case
def hostile_words_stay_words():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'hostile.yaml')
        path.write_text(EVIDENCE.format(json.dumps(HOSTILE)), encoding='utf-8')
        files = site_of('--evidence', str(path))
    for path, text in files.items():
        if path.endswith('.html'):
            page = Page(text)
            expect_none(f'{path}: {fault}' for fault in page.faults)
            assert not page.all('script') and not page.all('img'), path
            assert 'href="javascript:' not in text, path
    page = Page(files['provider/hostile.html'])
    assert ''.join(page.words).count(HOSTILE) >= 7
    links = [a for a in page.all('a') if a['href'].startswith('http')]
    assert [a['href'] for a in links] == ['https://example.org/?a=1&b=2'], links


@tap.case
def nothing_known_is_a_site_too():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'little.yaml')
        path.write_text(
            'schema: assay/evidence/v1\n'
            'records:\n'
            '  - { id: a.a, subject: { provider: quiet }, what: remark, text: nothing,\n'
            '      kind: statement, strength: E0, observed: 2025-01-01, source: { name: b } }\n',
            encoding='utf-8',
        )
        files = site_of('--evidence', str(path), '--draws', '0')
    page = Page(files['provider/quiet.html'])
    assert not page.faults and 'Not rated' in ''.join(page.words)
    assert not re.search(r'\bnan\b', files['index.html'] + files['provider/quiet.html'])


tap.run()
