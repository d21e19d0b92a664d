"""Where the research lies that some tests hold the data against: $ASSAY_SHARED, else beside the project.

Developers have it, users do not: what needs it is then left out, but never in CI.
"""
import os
import pathlib
import sys


def folder():
    """The folder, or None where there is none."""
    given = pathlib.Path(os.environ.get('ASSAY_SHARED') or os.path.join(os.pardir, 'shared'))
    if given.is_dir():
        return given
    if os.environ.get('CI'):
        sys.exit(f'{given} is not there: set ASSAY_SHARED')
    return None
