"""Invented records for tests of corrections: batches, dirty columns, and correcting as a check does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.corrections import CHANGES, Corrections, CorrectionSurvey
from specs.corrections.kind import FieldTerms
from specs.specification import Specification

PAYROLL = load_specification("payroll")
STANDING = load_specification("creditors-standing")
HISTORY = load_specification("creditors-history")
TODAY = date(2026, 10, 1)


def batch(columns: Mapping[str, Sequence[str]]) -> pa.RecordBatch:
    """Records as a mapping gives them, from row 2."""
    rows = len(next(iter(columns.values())))
    arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.record_batch({"source_row": pa.array(range(2, rows + 2), pa.int64()), **arrays})


def terms(column: str, specification: Specification = PAYROLL) -> FieldTerms:
    """What corrections of one field are told."""
    return FieldTerms(specification.by_column[column], TODAY, latest_short_year=2036)


def decided(records: pa.RecordBatch, specification: Specification = PAYROLL) -> Corrections:
    """What a survey of all records decides."""
    survey = CorrectionSurvey(specification, records.schema.names[1:], today=TODAY)
    survey.add(records)
    return survey.decide()


def corrected(
    columns: Mapping[str, Sequence[str]], specification: Specification = PAYROLL
) -> tuple[dict[str, list[str]], list[tuple[int, str, str, str, str]]]:
    """The columns after correction, and the changes as tuples. A second run must find nothing."""
    records = batch(columns)
    after, changes = decided(records, specification).apply(records)
    assert decided(after, specification).apply(after)[1].num_rows == 0
    assert changes.schema == CHANGES
    assert after.schema == records.schema
    found = after.to_pydict()
    del found["source_row"]
    return found, [tuple(change.values()) for change in changes.to_pylist()]


def in_column(column: str, values: Sequence[str], specification: Specification = PAYROLL) -> list[str]:
    """One column after correction."""
    return corrected({column: values}, specification)[0][column]


_BLANKS = st.sampled_from(["", "", "", " ", "  ", "\t", "\u00a0", "\u200b", "\ufeff", "\r\n"])


def _dressed(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("{}{}{}".format, _BLANKS, values, _BLANKS)


_DIGITS = st.text("0123456789", min_size=0, max_size=9)
_DATES = st.dates(date(1930, 1, 1), date(2030, 12, 31))
_DATE_FORMS = (
    "%d%m%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%y",
    "%Y-%m-%d",
    "%d/%m/%Y 00:00:00",
    "%d/%m/%Y 23:00",
)
_NAMES = st.sampled_from(
    ["Smith", "JosÃ©", "O  Brien", "Anne\u00a0Marie", "Ã", "SMITH", "TBC", "1.0", "O’Brien"]
)
_NINOS = st.sampled_from(["CR123456C", "cr 12 34 56 c", "CR-12-34-56", "QQ123456C", "TN010180M", "x"])
_POST_CODES = st.sampled_from(["LS1 4AP", "ls14ap", "LS1  4AP", "LS1-4AP", "ZZ99 3VZ", "zz993vz", "12345"])
_SORT_CODES = st.sampled_from(
    ["204523", "20-45-23", "20 45 23", "20–45–23", "2045 23", "70116", "070116", "0"]
)
_ACCOUNTS = st.sampled_from(["12345678", "1234 5678", "1234-5678", "2345678", "02345678", "345678", "x"])
_PHONES = st.sampled_from(
    ["07700 900123", "7700900123", "7700900123.0", "+447700900123", "n/a", "1632960123"]
)

DIRTY = {
    "employee_reference": st.one_of(_DIGITS, _DIGITS.map("{}.0".format)),
    "surname": _NAMES,
    "post_code": _POST_CODES,
    "date_of_birth": st.one_of(
        st.builds(lambda day, form: day.strftime(form), _DATES, st.sampled_from(_DATE_FORMS)),
        _DATES.map(lambda day: day.strftime("%d%m%Y").lstrip("0")),
        st.integers(10_000, 60_000).map(str),
    ),
    "home_telephone": _PHONES,
    "ni_number": _NINOS,
    "full_part_time": st.sampled_from(["F", "f", "p", "X", ""]),
    "gross_pay_to_date": st.sampled_from(["12345", " £1,234.50 ", "0", "\u200b0", "12.50CR"]),
    "sort_code": _SORT_CODES,
    "bank_account": _ACCOUNTS,
}
"""For columns of the payroll: what its values may look like."""


_MOST_MIXED = 10  # rows: more take long to draw


def _column(column: str, rows: int) -> st.SearchStrategy[list[str]]:
    values = _dressed(st.one_of(DIRTY[column], DIRTY[column], st.just("")))
    # few values, often: what a proof is made of
    repeated = st.lists(DIRTY[column], min_size=1, max_size=4).map(lambda few: (few * rows)[:rows])
    return repeated if rows > _MOST_MIXED else st.lists(values, min_size=rows, max_size=rows) | repeated


def dirty_records() -> st.SearchStrategy[pa.RecordBatch]:
    """Payroll records in every state in which spreadsheets and people leave them."""
    return st.sampled_from([1, 3, 10, 120]).flatmap(
        lambda rows: st.fixed_dictionaries({column: _column(column, rows) for column in DIRTY}).map(batch)
    )


def any_records() -> st.SearchStrategy[pa.RecordBatch]:
    """Records of any text at all."""
    columns = [field.column for field in PAYROLL.fields]
    return st.integers(1, 6).flatmap(
        lambda rows: st.fixed_dictionaries(
            {column: st.lists(st.text(max_size=12), min_size=rows, max_size=rows) for column in columns[::4]}
        ).map(batch)
    )
