"""Look-up tables: what the codes of a coded field mean, as the body hands them in beside its extract.

Source: Audit Commission, NFI data formats: each coded field comes with a look-up table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pyarrow.compute as pc

from specs.check_record import CheckRecord
from specs.data_set.code import Code
from specs.data_set.codes import codes_in, lookup_query
from specs.engine import Engine
from specs.errors import ExtractUnreadable, MappingInvalid, NfiError
from specs.formats.delimited import long_fields
from specs.headings import found_in, nearest, shown
from specs.read import open_extract
from specs.specification import FieldFormat, Specification, SpecifiedField

HEADINGS = ("code", "meaning")
"""Of a look-up table as nfi writes it."""


class LookupNotUsable(NfiError):
    """A look-up table is given for something that cannot have one, or not in the way it has to be."""

    exit_code = 2


class LookupIncomplete(NfiError):
    """Checked records hold codes that a look-up table lacks."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class LookupTable:
    """What the codes of one field mean."""

    meanings: Mapping[str, str] = field(repr=False)
    """By code, in the order of the table; without blanks around."""

    @property
    def codes(self) -> frozenset[str]:
        """The codes, as they are spelt."""
        return frozenset(self.meanings)

    def as_csv(self) -> bytes:
        """The table as CSV: code and meaning under `HEADINGS`, whole, UTF-8, lines that end in CR LF."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        writer.writerows(self.meanings.items())
        return text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class GivenLookup:
    """A look-up table as a person names it: for which field of which data set, and where it stands."""

    dataset: str
    field: str
    """As typed; `specified_field` finds the published name."""
    path: Path

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 'payroll:Department=departments.csv'.

        Raises:
            LookupNotUsable: it is not written so.
        """
        what, _, path = (part.strip() for part in text.partition("="))
        dataset, _, name = (part.strip() for part in what.partition(":"))
        if not (dataset and name and path):
            raise LookupNotUsable(
                f"--lookup '{shown(text)}': write data set, field and file, such as "
                '--lookup "payroll:Department=departments.csv"'
            )
        return cls(dataset, name, Path(path))


def read_lookup(path: Path) -> LookupTable:
    """A look-up table: its first column holds the codes, the second says what each means.

    Further columns are not read. A row that says again what an earlier one says counts once. What
    `LookupTable.as_csv` wrote is read as exactly the same table.

    Args:
        path: delimited text or a workbook, with a row of headings.

    Raises:
        MappingInvalid: it cannot be read, a code has no meaning, or a code has two.
    """
    if (written := _written_by_nfi(path)) is not None:
        return written
    meanings: dict[str, str] = {}
    try:
        extract = open_extract(path)
        if len(extract.headings) < 2:
            raise MappingInvalid(
                f"{path.name}: a look-up table needs two columns, code and meaning; this one has "
                f"'{shown(extract.headings[0])}' only."
            )
        for batch in extract.batches():
            rows, codes, words = (batch.column(0), *map(pc.utf8_trim_whitespace, batch.columns[1:3]))
            for row, code, meaning in zip(
                rows.to_pylist(), codes.to_pylist(), words.to_pylist(), strict=True
            ):
                if not code or not meaning:
                    raise MappingInvalid(
                        f"{path.name}: row {row:,} has no {'meaning' if code else 'code'}. Fill it, or "
                        "delete the row."
                    )
                if meanings.setdefault(code, meaning) != meaning:
                    raise MappingInvalid(
                        f"{path.name}: row {row:,} gives a code a second meaning. Keep one of the two."
                    )
    except ExtractUnreadable as fault:
        raise MappingInvalid(f"the look-up table cannot be used: {fault}") from fault
    return LookupTable(meanings)


def read_written_lookup(path: Path) -> LookupTable:
    """A look-up table in a file that `LookupTable.as_csv` wrote; one of any other form is not opened.

    Raises:
        MappingInvalid: it is of another form.
    """
    if (written := _written_by_nfi(path)) is None:
        raise MappingInvalid(
            f"{path.name}: is no look-up table as nfi writes it: {' and '.join(HEADINGS)}, as CSV in UTF-8. "
            "Ask for it again."
        )
    return written


def _written_by_nfi(path: Path) -> LookupTable | None:
    """The table in a file that looks as `as_csv` writes it; None where it does not, or says it otherwise.

    The reader of extracts would have to guess where the headings are, and whether the last row is a total.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    if not text.startswith(",".join(HEADINGS) + "\r\n"):
        return None
    try:
        with long_fields(len(text)):
            _, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error:
        return None
    table = LookupTable({row[0]: row[-1] for row in rows if row})
    return table if rows and table.as_csv().decode() == text else None


def add_lookup(
    path: Path, field: str, specification: Specification, records: Path, engine: Engine
) -> tuple[SpecifiedField, LookupTable]:
    """A look-up table for a data set that has been checked already: it must explain all of the field's codes.

    Args:
        path: as for `read_lookup`.
        field: published name, give or take case and punctuation.
        specification: of the data set.
        records: its checked records, as Parquet.
        engine: what compares them with the table.

    Raises:
        LookupNotUsable: the data set has no such field, or one that cannot hold codes.
        MappingInvalid: as for `read_lookup`.
        LookupIncomplete: records hold codes that the table lacks; says how many, and not which.
    """
    specified = specified_field(field, specification)
    table = read_lookup(path)
    lacking = engine.sql(lookup_query(specified.column), records=records, lookup=codes_in(table.codes))
    if lacking.num_rows:
        different = len(pc.unique(pc.utf8_upper(pc.utf8_trim_whitespace(lacking.column("value")))))
        raise LookupIncomplete(
            f"{path.name}: lacks {different:,} of the codes that {specification.dataset} has for "
            f"'{specified.name}', in {lacking.num_rows:,} record{'' if lacking.num_rows == 1 else 's'}. "
            "Add them to the table. nfi check lists them where the mapping names the table under 'lookups'."
        )
    return specified, table


def specified_field(name: str, specification: Specification) -> SpecifiedField:
    """The field that a look-up table is given for, by its published name, give or take case and punctuation.

    Raises:
        LookupNotUsable: there is none, or it is a date, a sum or hours.
    """
    names = list(specification.by_name)
    if not (found := found_in(names, name)):
        near = nearest(name, names)
        hint = f"; did you mean '{near}'?" if near else "."
        raise LookupNotUsable(
            f"{specification.dataset} has no field '{shown(name)}'{hint} List its fields: "
            f"nfi specs show {specification.dataset}"
        )
    specified = specification.by_name[found[0]]
    if specified.format not in {FieldFormat.CHARACTER, FieldFormat.NUMBER}:
        raise LookupNotUsable(
            f"'{specified.name}' of {specification.dataset} is no text, so it holds no codes. "
            "Leave its look-up table out."
        )
    return specified


def coded_without_table(record: CheckRecord) -> tuple[str, ...]:
    """Published names of the fields in which a check found codes and had no look-up table for them.

    In the order of the record. A field in which fewer than half of the different values are codes, or which
    has thousands of different values, is not among them: see `specs.data_set.codes`.
    """
    found: Iterable[str | None] = (
        each.field for each in record.findings if each.code == Code.CODES_WITHOUT_LOOKUP
    )
    return tuple(name for name in found if name is not None)
