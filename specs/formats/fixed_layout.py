"""Layouts of fixed-width text, as YAML or CSV: which column begins where, and how wide it is."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from specs.errors import ExtractUnreadable
from specs.headings import repeated, shown
from specs.plain_yaml import NotPlain, Plain, read_plain_yaml

_MAX_BYTES = 4 << 20
_ASIDE = (
    "# The layout of a fixed-width text: 'start' counts characters from 1, 'width' is how many there are.\n"
    "# Proposed from the first rows. Columns that touch each other cannot always be told apart, so compare\n"
    "# it with the description of the file, correct it, and name the columns.\n"
)


class FixedColumn(BaseModel):
    """One column: its heading and its place in a row."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heading: str = Field(min_length=1)
    start: int = Field(ge=1, le=1 << 20)
    """The first character, counted from 1."""
    width: int = Field(ge=1, le=1 << 20)
    """Number of characters."""

    @property
    def end(self) -> int:
        """The last character, counted from 1."""
        return self.start + self.width - 1


class FixedLayout(BaseModel):
    """A layout as a person writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    headings: bool = False
    """A row of the file holds headings. They are passed over: those of the layout count."""
    heading_row: int | None = Field(default=None, ge=1)
    """That row, as a spreadsheet counts; None: the first one, where there are headings."""
    columns: tuple[FixedColumn, ...] = Field(min_length=1, max_length=16_384)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if twice := repeated(column.heading.strip() for column in self.columns):
            raise ValueError(f"the same heading more than once: '{shown(twice[0])}'")
        ordered = sorted(self.columns, key=lambda column: column.start)
        for left, right in itertools.pairwise(ordered):
            if right.start <= left.end:
                raise ValueError(
                    f"'{shown(right.heading)}' begins at character {right.start}, before "
                    f"'{shown(left.heading)}' ends at {left.end}"
                )
        return self

    @property
    def width(self) -> int:
        """The last character that belongs to a column."""
        return max(column.end for column in self.columns)

    def gaps(self) -> tuple[tuple[int, int], ...]:
        """Characters (first, last) between the columns that belong to none of them."""
        found, at = [], 1
        for column in sorted(self.columns, key=lambda column: column.start):
            if column.start > at:
                found.append((at, column.start - 1))
            at = column.end + 1
        return tuple(found)

    def as_yaml(self) -> str:
        """The layout as a file that `read_layout` takes."""
        columns = [column.model_dump() for column in self.columns]
        body: dict[str, object] = {"headings": self.headings}
        if self.heading_row is not None:
            body["heading_row"] = self.heading_row
        body["columns"] = columns
        return yaml.safe_dump(body, sort_keys=False, allow_unicode=True, default_flow_style=None)

    def as_proposal(self) -> str:
        """The same, with what a person should know who is to correct it."""
        return _ASIDE + self.as_yaml()


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """A layout and the file that it came from."""

    name: str
    layout: FixedLayout
    content: bytes | None = field(default=None, repr=False)
    """As YAML: the file as it was read, or what says the same; None where it follows from a specification."""


def read_layout(path: Path) -> LayoutFile:
    """A layout out of a YAML file, or a CSV file with the columns heading, start and width.

    Raises:
        ExtractUnreadable: not there, or no layout; names the place at fault.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES)
    except OSError as fault:
        raise ExtractUnreadable(
            f"{path}: the layout cannot be read ({fault.strerror or fault}). Check the name and the folder."
        ) from fault
    try:
        is_csv = path.suffix.lower() == ".csv"
        layout = FixedLayout.model_validate(_from_csv(raw) if is_csv else read_plain_yaml(raw)[0])
        return LayoutFile(path.name, layout, layout.as_yaml().encode() if is_csv else raw)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        # 'columns.2.start' counts from nought; people count from one.
        place = " ".join(str(step + 1) if isinstance(step, int) else step for step in first["loc"])
        what = first["msg"].removeprefix("Value error, ")
        raise _unfit(path, f"{place}: {what}" if place else what) from fault
    except (NotPlain, csv.Error, UnicodeDecodeError) as fault:
        raise _unfit(path, str(fault)) from fault


def _unfit(path: Path, reason: str) -> ExtractUnreadable:
    return ExtractUnreadable(
        f"{path.name}: is not a layout ({' '.join(reason.split())}). It is YAML with 'columns', each with "
        "heading, start and width, or CSV with these three columns."
    )


def _from_csv(raw: bytes) -> Plain:
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    columns: list[Plain] = []
    for row in rows:
        named = {str(key or "").strip().lower(): value for key, value in row.items()}
        columns.append({key: named.get(key) or "" for key in ("heading", "start", "width")})
    return {"columns": columns}
