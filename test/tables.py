#!/usr/bin/python3
"""The tables of data/advisory and data/baseline agree with the facts that they were made from.

The facts are in the shared folder; without it, what can be said of the tables alone is still
tested.
"""
import csv
import pathlib
import re
import sys

sys.path.insert(0, 'tools')
import shared
import tap

SHARED = shared.folder()
DATA = pathlib.Path('data')
COUNTS = {
    'advisory/xid': 173,
    'advisory/nvlink5': 95,
    'advisory/sxid': 93,
    'advisory/afid': 34,
    'baseline/figures': 626,
}
TABLES = [*COUNTS, 'advisory/floors', 'baseline/shape']
ORDER = ['info', 'application', 'watch', 'degraded', 'fatal']
# NVIDIA's actions of which the class can be no milder; the workflows decide by themselves.
LEAST = {
    'IGNORE': 'info',
    'RESTART_APP': 'application',
    'CONTACT_SUPPORT': 'watch',
    'UPDATE_SWFW': 'watch',
    'RESTART_VM': 'degraded',
    'CHECK_UVM': 'degraded',
    'RESET_GPU': 'fatal',
    'RESTART_BM': 'fatal',
    'CHECK_MECHANICALS': 'fatal',
}
# The codes that the catalogue answers with a reset or a reboot, and 48 by its workflow.
TAKES_OUT = {46, 48, 62, 64, 79, 95, 109, 110, 119, 120, 136, 140, 143, 155, 156, 158}
CLASSES = {
    'unknown': 'unknown', 'app': 'application', 'info': 'info', 'decode': 'decode',
    'fatal': 'fatal', 'degraded': 'degraded', 'watch': 'watch', 'config': 'watch',
    'warn': 'watch', 'authoritative': 'decode', 'detail': 'decode', 'fatal-fabric': 'fatal',
    'link-fatal': 'degraded',
}
GENERATIONS = ['A100', 'H100', 'B100', 'GB200']
NEVER = ('DEFECT', 'SUSPECT', 'WEAK', 'LOOSE')


def table(name):
    lines = (DATA / f'{name}.tsv').read_text(encoding='utf-8').splitlines()
    assert lines[0] == f'# assay/{pathlib.Path(name).name}/v1', lines[0]
    columns = lines[1].split('\t')
    rows = [line.split('\t') for line in lines[2:] if not line.startswith('#')]
    assert all(len(row) == len(columns) for row in rows), name
    return [dict(zip(columns, row)) for row in rows]


def facts(name, kind=None):
    with open(SHARED / 'facts' / name, encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))
    return [row for row in rows if kind is None or row['kind'] == kind]


def expect(complaints):
    complaints = list(complaints)
    assert not complaints, '\n'.join(complaints[:10])


def expect_equal(place, ours, theirs):
    if ours != theirs:
        yield f'{place}: {ours!r} instead of {theirs!r}'


def the_tables_have_all_their_rows():
    for name, count in COUNTS.items():
        expect(expect_equal(name, len(table(name)), count))
    assert len(table('baseline/shape')) >= 20
    assert len(table('advisory/floors')) >= 50


def each_row_names_its_source():
    for name in TABLES:
        expect(f'{name}: {row}' for row in table(name) if not row['source'])


def no_class_is_milder_than_nvidias_action_without_a_reason():
    for row in table('advisory/xid'):
        least = LEAST.get(row['immediate_action'])
        if row['override'] or not row['generations'] or not least:
            continue
        assert row['class'] in ORDER, row
        assert ORDER.index(row['class']) >= ORDER.index(least), row


def codes_that_need_a_reset_take_the_gpu_out():
    rows = {int(row['code']): row for row in table('advisory/xid')}
    for code in TAKES_OUT:
        assert rows[code]['class'] == 'fatal' or (
            rows[code]['class'] == 'degraded' and rows[code]['override']), rows[code]
    for row in table('advisory/nvlink5'):
        if row['immediate_action'] == 'RESET_GPU':
            link = row['severity'].startswith('Link Fatal')
            assert row['class'] == ('degraded' if link else 'fatal'), row
            assert 'reset-gpu' in row['action'], row


def three_rows_of_nvlink_5_are_raised_by_a_second_mask():
    raised = [row for row in table('advisory/nvlink5') if row['promote_mask_from_r575']]
    expect(expect_equal('rows with a second mask', len(raised), 3))
    assert all(row['promote_class'] == 'fatal' and row['promote_mask_before_r575']
               for row in raised)


def switch_faults_are_in_their_groups():
    rows = {int(row['code']): row for row in table('advisory/sxid')}
    always = {10003, 12020, 19084, 22003, 22011, *range(23001, 23018)}
    found = {code for code, row in rows.items() if row['severity'] == 'always-fatal'}
    expect(expect_equal('always fatal', sorted(found), sorted(always)))
    for row in rows.values():
        if row['severity'] != 'non-fatal':
            assert row['class'] == 'fatal', row


def ranges_of_runc_catch_what_its_floors_let_pass():
    def numbers(version):
        return [int(part) for part in version.split('-')[0].split('.')]

    def open_for(version):
        return {row['advisory'] for row in table('advisory/floors')
                if row['component'] == 'runc' and row['before']
                and (row['branch'] == '*' or version.startswith(row['branch'] + '.'))
                and (not row['from'] or numbers(row['from']) <= numbers(version))
                and numbers(version) < numbers(row['before'])}

    three = {'CVE-2025-31133', 'CVE-2025-52565', 'CVE-2025-52881'}
    late = {'GHSA-xjvp-4fhw-gc47'}
    expect(expect_equal('1.1.11', open_for('1.1.11'), three | late | {'CVE-2024-21626'}))
    expect(expect_equal('1.1.14', open_for('1.1.14'), three | late))
    expect(expect_equal('1.2.8', open_for('1.2.8'), late))
    expect(expect_equal('1.3.2', open_for('1.3.2'), three | late))
    expect(expect_equal('1.3.6', open_for('1.3.6'), set()))


def each_xid_of_the_facts_is_there_unchanged():
    ours = {row['code']: row for row in table('advisory/xid')}
    theirs = facts('xid.tsv', 'xid')
    expect(expect_equal('codes', list(ours), [row['code'] for row in theirs]))
    for row in theirs:
        our = ours[row['code']]
        place = f'Xid {row["code"]}'
        action = row['nvidia_immediate_action']
        expect(expect_equal(place, our['generations'].split(),
                            [name for name in GENERATIONS if row[name] == 'Y']))
        expect(expect_equal(place, our['immediate_action'],
                            '' if action.startswith('(') else action))
        expect(expect_equal(place, our['class'], CLASSES[row['assay_class']]))
        expect(expect_equal(place, bool(our['raises_154']), bool(row['raises_xid154'])))
        branch = re.search(r'R\d+', row['raises_xid154'])
        if branch:
            expect(expect_equal(place, our['raises_154'], branch.group(0)))


def masks_of_nvlink_5_are_those_of_the_facts():
    ours, theirs = table('advisory/nvlink5'), facts('xid.tsv', 'xid-nvlink5')
    assert len(ours) == len(theirs)
    for our, row in zip(ours, theirs):
        unit, before, since, status = row['sub'].split('|')
        place = f'{row["code"]} {unit} {status}'
        words = [] if status == 'status=any' else status[7:].lower().split('/')
        expect(expect_equal(place, our['unit'], unit))
        expect(expect_equal(place, 'V1=' + our['mask_before_r575'], before))
        expect(expect_equal(place, 'V2=' + our['mask_from_r575'], since))
        expect(expect_equal(place, our['status'].split(), words))
        expect(expect_equal(place, our['immediate_action'], row['nvidia_immediate_action']))
        expect(expect_equal(place, our['investigatory_action'],
                            row['nvidia_investigatory_action']))
        second = re.search(r'when V1 (\S+) / V2 (\S+)', row['severity_note'])
        expect(expect_equal(place, (our['promote_mask_before_r575'],
                                    our['promote_mask_from_r575']),
                            second.groups() if second else ('', '')))
        # That a link went down is worth a look even where the catalogue ignores it.
        lost = 'atal' in our['severity'] and not our['severity'].startswith('Non')
        theirs_class = CLASSES[row['assay_class']]
        expected = 'watch' if lost and theirs_class == 'info' else theirs_class
        expect(expect_equal(place, our['class'], expected))


def other_codes_have_the_class_of_the_facts():
    for name, kind in (('advisory/sxid', 'sxid'), ('advisory/afid', 'amd-afid')):
        ours = {row['code']: row for row in table(name)}
        theirs = facts('xid.tsv', kind)
        expect(expect_equal(name, sorted(ours, key=int),
                            sorted((row['code'] for row in theirs), key=int)))
        for row in theirs:
            expect(expect_equal(f'{kind} {row["code"]}', ours[row['code']]['class'],
                                CLASSES[row['assay_class']]))


def as_ours(row):
    """A row of the facts as the table has it: links by rate are a product with a shape, and the peaks
    of the A100 are of its 80 GB parts."""
    row = {key: value.strip() for key, value in row.items()}
    row['model'] = row.pop('sku')
    row['size'] = row.pop('size_or_shape')
    if row['unit'] == 'links x GB/s':
        links, rate = row['value'].split('x')
        row.update(size=row['value'], value=str(int(links) * int(rate)), unit='GB/s')
    if row['metric'] == 'hbm_bw' and row['model'] in ('A100-SXM', 'A100-PCIe'):
        row['model'] += '-80G'
    if 'TF32-class' in row['conditions'] and row['metric'] == 'gemm_fp32':
        row['metric'] = 'gemm_tf32'
    if row['nodes'] == '>=2':
        row.update(nodes='', conditions='from 2 nodes; ' + row['conditions'])
    return row


def each_figure_is_that_of_the_facts():
    # Peaks from makers' data sheets were added to what the facts have.
    ours = [row for row in table('baseline/figures') if not row['source'].endswith(' data sheet')]
    theirs = facts('baselines.tsv')
    assert len(ours) == len(theirs)
    for number, (our, row) in enumerate(zip(ours, map(as_ours, theirs)), 3):
        our, caution = dict(our), our['caution']
        if caution.endswith(' [ours]'):
            assert not row['caution'], (number, caution, row['caution'])
            our['caution'] = ''
        expect(expect_equal(f'line {number}', our, row))


def unfit_figures_stay_marked():
    theirs = [row for row in facts('baselines.tsv') if row['caution'].startswith(NEVER)]
    ours = [row for row in table('baseline/figures')
            if row['caution'].startswith(NEVER) and not row['caution'].endswith(' [ours]')]
    expect(expect_equal('unfit', len(ours), len(theirs)))
    assert len(ours) >= 20


def floors_are_those_of_the_facts():
    stated = (SHARED / 'facts/criteria.tsv').read_text(encoding='utf-8')
    known = {(row['component'], row['branch']): row['floor'] for row in table('advisory/floors')}
    wanted = {
        'nvidia-driver': ['535.309.01', '580.159.03', '595.71.05'],
        'nvidia-container-toolkit': ['1.19.1'],
        'runc': ['1.0.3', '1.1.14', '1.2.8', '1.3.6', '1.4.3', '1.5.0-rc.3'],
        'docker': ['29.7.0'],
        'connectx-firmware': ['28.4702', '32.1908', '35.8002', '39.8002', '43.8002', '46.3008'],
        'dcgm': ['4.5.3'],
        'dcgm-exporter': ['4.8.2'],
        'virtio-net-controller': ['25.10.6', '23.10.23', '24.10.50'],
        'cuda': ['13.1'],
        'hpc-sdk': ['26.5'],
    }
    for component, versions in wanted.items():
        ours = {floor for (name, _), floor in known.items() if name == component and floor}
        ours.discard('end-of-life')
        expect(expect_equal(component, sorted(ours), sorted(versions)))
        expect(f'{component}: {version} is in no fact' for version in versions
               if version not in stated)


ALONE = [
    the_tables_have_all_their_rows,
    each_row_names_its_source,
    no_class_is_milder_than_nvidias_action_without_a_reason,
    codes_that_need_a_reset_take_the_gpu_out,
    three_rows_of_nvlink_5_are_raised_by_a_second_mask,
    switch_faults_are_in_their_groups,
    ranges_of_runc_catch_what_its_floors_let_pass,
]
WITH_FACTS = [
    each_xid_of_the_facts_is_there_unchanged,
    masks_of_nvlink_5_are_those_of_the_facts,
    other_codes_have_the_class_of_the_facts,
    each_figure_is_that_of_the_facts,
    unfit_figures_stay_marked,
    floors_are_those_of_the_facts,
]

for function in ALONE:
    tap.case(function)
if SHARED:
    for function in WITH_FACTS:
        tap.case(function)
else:
    print(f'# there is no shared folder: {len(WITH_FACTS)} comparisons with the facts are left out')
tap.run()
