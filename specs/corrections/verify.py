"""Whether a corrected value would be found fault with where the value as it was is not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.checks import FIELD_CHECKS, ODD_TEXT, FieldCheck, Terms
from specs.corrections.column_text import Mask
from specs.corrections.kind import FieldTerms
from specs.dates import read_dates
from specs.parse import without_blanks
from specs.specification import FieldFormat

_READ_LATER = frozenset({FieldFormat.MONEY, FieldFormat.HOURS})
"""How these are read is decided for all columns together; corrections do not change what they say."""


def brings_no_finding(before: pa.Array, after: pa.Array, terms: FieldTerms) -> Mask:
    """Of each value, whether it gets no code of a finding that it did not have, and does not become blank.

    A check passes over surrounding blanks: where nothing else has changed, there is nothing to ask.
    """
    before, after = without_blanks(before), without_blanks(after)
    fine = np.ones(len(before), np.bool_)
    differ = np.flatnonzero(~_mask(pc.equal(before, after)) | (_blank(before) != _blank(after)))
    if len(differ):
        chosen = pa.array(differ)
        passes = _passes(before.take(chosen), terms), _passes(after.take(chosen), terms)
        for was, is_now in zip(*passes, strict=True):
            fine[differ] &= is_now | ~was
    return fine


def _passes(text: pa.Array, terms: FieldTerms) -> Iterator[Mask]:
    """For each check of the field, whether each value passes it; first, whether it is filled."""
    yield ~_blank(text)
    value = text
    if terms.field.format is FieldFormat.DATE:
        value = read_dates(text, terms.dates, latest_short_year=terms.latest_short_year)
        yield _mask(pc.or_(pc.is_null(text), pc.is_valid(value)))
    for check, with_terms in _checks(terms):
        if check.looks_at == "text" or terms.field.format not in _READ_LATER:
            yield _mask(check.passes(text if check.looks_at == "text" else value, with_terms))


def _checks(terms: FieldTerms) -> Iterator[tuple[FieldCheck, Terms]]:
    for check in ODD_TEXT.for_field(terms.field).checks:
        yield check, Terms(today=terms.today)
    for use in terms.field.checks:
        for check in FIELD_CHECKS.get(use.name, ()):
            yield check, Terms(today=terms.today, allowed=use.allowed, limit=use.limit)


def _blank(text: pa.Array) -> Mask:
    blank: Mask = pc.is_null(text).to_numpy(zero_copy_only=False)
    return blank


def _mask(passes: pa.Array) -> Mask:
    mask: Mask = pc.fill_null(passes, True).to_numpy(zero_copy_only=False)
    return mask
