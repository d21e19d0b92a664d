"""What the tests written in Python print: the Test Anything Protocol.

Either `report` pairs of a name and its complaints, or mark functions with `@case` and `run`.
"""
import concurrent.futures
import sys
import traceback

_cases = []


def case(function):
    """Marks a function as a test: it passes when it returns."""
    _cases.append(function)
    return function


def _attempt(function):
    try:
        function()
    except Exception:  # whatever it is, it is this test's failure and not the end of the others
        return traceback.format_exc().splitlines()
    return []


def report(cases):
    """Prints (name, complaints) pairs, of which no complaint is a pass, and ends the process."""
    cases = list(cases)
    failed = 0
    print(f'1..{len(cases)}')
    for number, (name, complaints) in enumerate(cases, 1):
        failed += bool(complaints)
        print(f'{"not ok" if complaints else "ok"} {number} - {name}')
        for complaint in complaints:
            print(f'# {complaint}')
    if not cases:
        print('Bail out! nothing to test')
    sys.stdout.flush()
    sys.exit(1 if failed or not cases else 0)


def run():
    """Runs the marked functions in the order written, and ends the process."""
    report((function.__name__.replace('_', ' '), _attempt(function)) for function in _cases)


def run_at_once(workers):
    """The same for functions that mostly wait: so many at a time."""
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        complaints = list(pool.map(_attempt, _cases))
    report(zip((function.__name__.replace('_', ' ') for function in _cases), complaints))
