"""Compares what bench/rule.py and assay print of the same rating, digit by digit."""
import json


def read(text):
    """JSON with its numbers as the text that they were printed as."""
    return json.loads(text, parse_float=str, parse_int=str)


def differences(rule, assay, place=''):
    """Where assay does not say what the rule says, one line each; it may say more."""
    if isinstance(rule, dict) and isinstance(assay, dict):
        for name, value in rule.items():
            if name in assay:
                yield from differences(value, assay[name], f'{place}.{name}')
            else:
                yield f'{place}.{name}: missing'
    elif isinstance(rule, list) and isinstance(assay, list):
        if len(rule) != len(assay):
            yield f'{place}: {len(assay)} entries rather than {len(rule)}'
        for number, (mine, theirs) in enumerate(zip(rule, assay)):
            yield from differences(mine, theirs, f'{place}[{number}]')
    elif rule != assay:
        yield f'{place}: {assay!r} rather than {rule!r}'
