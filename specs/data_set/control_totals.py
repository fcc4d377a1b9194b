"""Control totals that the user knows from the source system: how many records, and what columns come to."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from specs.errors import NfiError
from specs.headings import shown
from specs.plain_yaml import NotPlain, read_plain_yaml
from specs.specification import FieldFormat, Specification, SpecifiedField

_SUM = re.compile(r"^[-+]?\N{POUND SIGN}?(\d{1,13}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2})?$")
_COUNT = re.compile(r"^(\d{1,12}|\d{1,3}(,\d{3}){1,3})$")
_ROWS = "rows"
_FORMS = "write rows=1234, 'Field name=12345.67' (its sum) or 'Field name:count=1234'"
_LARGEST = 1 << 20  # bytes; control totals are a handful of lines


class ControlTotalsInvalid(NfiError):
    """Control totals that cannot be understood; the message says which and how they are written."""

    exit_code = 2


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ControlTotal(_Entry):
    """What one column should come to. `field` is as the user wrote it."""

    field: str
    sum: Decimal | None = None
    """In pounds, or in hours."""
    count: int | None = None
    """In how many records it is filled."""


class ControlTotals(_Entry):
    """What the data set should come to."""

    rows: int | None = None
    fields: tuple[ControlTotal, ...] = ()

    def together_with(self, other: ControlTotals) -> ControlTotals:
        """Both; where both give a number of records, the other's counts."""
        rows = self.rows if other.rows is None else other.rows
        return ControlTotals(rows=rows, fields=(*self.fields, *other.fields))

    def of_fields(self, specification: Specification) -> Iterator[tuple[SpecifiedField, ControlTotal]]:
        """Each total with the field that it is about: by published or column name, in any case.

        Raises:
            ControlTotalsInvalid: no such field, or a sum of something that cannot be added up.
        """
        known = {
            name.casefold(): field for field in specification.fields for name in (field.column, field.name)
        }
        for total in self.fields:
            field = known.get(" ".join(total.field.split()).casefold())
            if field is None:
                near = difflib.get_close_matches(total.field.casefold(), known, n=1)
                hint = f"; did you mean '{known[near[0]].name}'?" if near else ""
                raise ControlTotalsInvalid(
                    f"control totals: {specification.dataset} has no field '{shown(total.field)}'{hint}"
                )
            if total.sum is not None and field.format not in {FieldFormat.MONEY, FieldFormat.HOURS}:
                raise ControlTotalsInvalid(
                    f"control totals: {field.name} is no column of sums; give how many are filled: "
                    f"'{field.name}:count=1234'"
                )
            yield field, total


def read_control_totals(path: Path) -> ControlTotals:
    """Control totals from a small file: YAML, or CSV with the headings field, sum and count.

    In YAML `rows: 1234` gives the number of records, and under `fields:` each field has its sum, or
    `{sum: 12345.67, count: 1234}`. In CSV a line for the field 'rows' gives the number of records as count.

    Raises:
        ControlTotalsInvalid: not there, not such a file, or a number that is none; names the file.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ControlTotalsInvalid(f"{path.name}: too large to be a file of control totals")
        raw = path.read_bytes()
    except OSError as fault:
        raise ControlTotalsInvalid(f"{path.name}: cannot be read: {fault.strerror}") from fault
    try:
        if path.suffix.casefold() == ".csv":
            return _together(_of_csv(raw))
        return _together(_of_yaml(raw))
    except ControlTotalsInvalid as fault:
        raise ControlTotalsInvalid(f"{path.name}: {fault}") from fault


def parse_control_totals(texts: Iterable[str]) -> ControlTotals:
    """Control totals as written on the command line: 'rows=1234', 'VAT amount=12.50', 'VAT amount:count=3'.

    Raises:
        ControlTotalsInvalid: neither of them.
    """
    return _together(_of_text(text) for text in texts)


def _of_text(text: str) -> ControlTotals:
    name, equals, value = text.rpartition("=")
    field, colon, what = name.rpartition(":")
    if not equals or not name.strip():
        raise ControlTotalsInvalid(f"'{shown(text)}' is no control total: {_FORMS}")
    if colon and what.strip().casefold() in {"count", "sum"}:
        return _total(field, **{what.strip().casefold(): value})
    return _total(name, count=value) if _is_rows(name) else _total(name, sum=value)


def _of_yaml(raw: bytes) -> Iterator[ControlTotals]:
    try:
        content, _lines = read_plain_yaml(raw)
    except NotPlain as fault:
        raise ControlTotalsInvalid(str(fault)) from fault
    fields = content.get("fields", {}) if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(fields, dict) or set(content) - {_ROWS, "fields"}:
        raise ControlTotalsInvalid("expected 'rows: 1234' and below 'fields:' each field with its sum")
    if _ROWS in content:
        yield _total(_ROWS, count=_plain(content[_ROWS], _ROWS))
    for name, value in fields.items():
        if isinstance(value, dict):
            if not value or set(value) - {"sum", "count"}:
                raise ControlTotalsInvalid(f"'{shown(name)}': expected sum or count")
            yield _total(name, **{key: _plain(part, name) for key, part in value.items()})
        else:
            yield _total(name, sum=_plain(value, name))


def _plain(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ControlTotalsInvalid(f"'{shown(name)}': expected a number")
    return value


def _of_csv(raw: bytes) -> Iterator[ControlTotals]:
    try:
        lines = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise ControlTotalsInvalid("not comma-separated text in UTF-8") from fault
    for line in lines:
        named = {
            str(heading).strip().casefold(): value.strip()
            for heading, value in line.items()
            if isinstance(value, str)
        }
        if set(named) - {"field", "sum", "count"} or not named.get("field"):
            raise ControlTotalsInvalid("expected the headings field, sum and count, and a field in each line")
        numbers = {key: value for key, value in named.items() if key != "field" and value}
        yield _total(named["field"], **numbers)


def _total(name: str, *, sum: str | None = None, count: str | None = None) -> ControlTotals:  # noqa: A002 (the word of the file)
    name = " ".join(name.split())
    if not name or (sum is None and count is None):
        raise ControlTotalsInvalid(f"'{shown(name)}' has neither a sum nor a count: {_FORMS}")
    if sum is not None and not _SUM.match(sum.strip()):
        raise ControlTotalsInvalid(f"'{shown(name)}': '{shown(sum)}' is no sum such as 12345.67")
    if count is not None and not _COUNT.match(count.strip()):
        raise ControlTotalsInvalid(f"'{shown(name)}': '{shown(count)}' is no number of records such as 1234")
    number = None if count is None else int(count.replace(",", ""))
    if _is_rows(name):
        if sum is not None:
            raise ControlTotalsInvalid("'rows' is a number of records, not a sum")
        return ControlTotals(rows=number)
    amount = None if sum is None else Decimal(re.sub(r"[,\N{POUND SIGN}\s]", "", sum))
    return ControlTotals(fields=(ControlTotal(field=name, sum=amount, count=number),))


def _is_rows(name: str) -> bool:
    return name.strip().casefold() in {_ROWS, "records"}


def _together(each: Iterable[ControlTotals]) -> ControlTotals:
    together = ControlTotals()
    for totals in each:
        together = together.together_with(totals)
    return together
