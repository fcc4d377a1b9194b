"""Mappings: which heading of an extract each field of the specification takes its values from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    StringConstraints,
    Tag,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from specs.amounts import MoneyFormat
from specs.dates import date_format
from specs.errors import MappingInvalid
from specs.headings import found_in, loosely, nearest, shown
from specs.plain_yaml import Lines, NotPlain, read_plain_yaml
from specs.specification import Need, Specification, SpecifiedField, datasets, load_specification

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .xls files begin."""
_LISTED = 30
"""How many headings a message lists."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Entry):
    """Where the values of one field come from."""

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """The headings that are needed: of each group, the first that the extract has."""
        return ()

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The values, from one column for each group that is wanted."""
        raise NotImplementedError


class FromHeading(_Source):
    """The values under one heading. In YAML just the heading."""

    heading: Text

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, raw: object) -> object:
        return {"heading": raw} if isinstance(raw, str) else raw

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """The heading."""
        return ((self.heading,),)

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The column as it is."""
        return columns[0]


class AnyOf(_Source):
    """The values under the first of several headings that the extract has: headings drift over the months."""

    any_of: Annotated[tuple[Text, ...], Field(min_length=1)]

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """One of the headings."""
        return (self.any_of,)

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The column as it is."""
        return columns[0]


class Join(_Source):
    """The values under several headings, one after the other; blank ones leave no gap."""

    join: Annotated[tuple[Text, ...], Field(min_length=1)]
    separator: Annotated[str, Field(alias="with")] = " "

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """Each of the headings."""
        return tuple((heading,) for heading in self.join)

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The columns, without surrounding blanks, joined."""
        joined, *others = (pc.utf8_trim_whitespace(column) for column in columns)
        for part in others:  # pairwise: told to skip nulls, pyarrow 26 also loses rows of nothing but nulls
            both = pc.binary_join_element_wise(joined, part, self.separator)
            joined = pc.if_else(pc.equal(joined, ""), part, pc.if_else(pc.equal(part, ""), joined, both))
        return joined


class Constant(_Source):
    """The same value for every record."""

    constant: Text

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The value, as often as there are records."""
        return pa.repeat(self.constant, rows)


def _kind(raw: object) -> str | None:
    if isinstance(raw, str):
        return "<heading>"
    keys = raw if isinstance(raw, dict) else {}
    return next((f"<{key}>" for key in ("join", "any_of", "constant") if key in keys), None)


Source = Annotated[
    Annotated[FromHeading, Tag("<heading>")]
    | Annotated[AnyOf, Tag("<any_of>")]
    | Annotated[Join, Tag("<join>")]
    | Annotated[Constant, Tag("<constant>")],
    Discriminator(
        _kind,
        custom_error_type="source",
        custom_error_message="expected a heading, or one of join, any_of and constant",
    ),
]


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a mapping is checked against, and where it was read."""

    specification: Specification
    file: str = ""
    """Name of the mapping file; empty where there is none."""
    digest: str | None = None


def _origin(info: ValidationInfo) -> _Origin:
    if not isinstance(info.context, _Origin):
        raise TypeError("a mapping is made by read_mapping or own_headings")
    return info.context


def _published(name: str, info: ValidationInfo) -> str:
    """A field's published name, from any spelling of it that differs in case or punctuation only."""
    specification = _origin(info).specification
    names = [field.name for field in specification.fields]
    if found := found_in(names, name):
        return found[0]
    near = nearest(name, names)
    hint = f"; did you mean '{near}'?" if near else "."
    raise ValueError(
        f"{specification.dataset} has no field '{shown(name)}'{hint} "
        f"List its fields: nfi specs show {specification.dataset}"
    )


def _for_this_dataset(dataset: str, info: ValidationInfo) -> str:
    """The data set that a mapping is for, which is that of the specification."""
    specification = _origin(info).specification
    if dataset == specification.dataset:
        return dataset
    known = datasets(specification.exercise)
    if dataset in known:
        raise ValueError(
            f"is for {dataset}, not for {specification.dataset}. Give the mapping of "
            f"{specification.dataset}, or --dataset {dataset}"
        )
    near = nearest(dataset, known)
    hint = f"; did you mean '{near}'?" if near else "."
    raise ValueError(f"no data set is called '{dataset}'{hint} List them: nfi specs list")


def _each_field_once(fields: object) -> object:
    seen: dict[str, str] = {}
    for name in fields if isinstance(fields, dict) else ():
        if loosely(name) in seen:
            raise ValueError(f"'{seen[loosely(name)]}' and '{name}' are the same field; keep one")
        seen[loosely(name)] = name
    return fields


def _listed(raw: object) -> object:
    """One entry, or a list of them, as a tuple; nothing where the key has no value."""
    if isinstance(raw, str):
        return (raw,) if raw else ()
    return raw


def _understood(text: str) -> str:
    try:
        date_format(text)
    except MappingInvalid as fault:
        raise ValueError(str(fault)) from fault
    return text


FieldName = Annotated[str, AfterValidator(_published)]
DateFormatText = Annotated[Text, AfterValidator(_understood)]


class Mapping(_Entry):
    """Which heading of an extract each field takes its values from, and how they are written.

    Made by `read_mapping` or `own_headings`, always for one specification.
    """

    dataset: Annotated[str, AfterValidator(_for_this_dataset)]
    title: str = ""
    """What the mapping is for, in words for people."""
    fields: Annotated[dict[FieldName, Source], BeforeValidator(_each_field_once), Field(min_length=1)]
    """By published name."""
    not_held: Annotated[tuple[FieldName, ...], BeforeValidator(_listed)] = ()
    """Fields that the source system does not have, said on purpose."""
    date_format: Annotated[tuple[DateFormatText, ...], BeforeValidator(_listed)] = ()
    """Tried in order; none: found out from the values."""
    money_format: MoneyFormat | None = None
    """None: found out from the values."""
    distinct: bool = False
    """Rows that are the same after mapping count once; the first stays."""

    _origin: _Origin = PrivateAttr()

    @model_validator(mode="after")
    def _fits_specification(self, info: ValidationInfo) -> Mapping:
        self._origin = _origin(info)
        if both := [name for name in self.not_held if name in self.fields]:
            raise ValueError(f"'{both[0]}' is under fields and under not_held; keep one")
        return self

    @property
    def digest(self) -> str | None:
        """SHA-256 of the mapping file; None where the headings are the specification's own."""
        return self._origin.digest

    @property
    def columns_absent(self) -> tuple[str, ...]:
        """Published names of the fields that get no value from the extract, in the specification's order."""
        return tuple(
            field.name for field in self._origin.specification.fields if field.name not in self.fields
        )

    def columns_unused(self, headings: Sequence[str]) -> tuple[str, ...]:
        """The headings of an extract that no field takes, in the extract's order.

        Raises:
            MappingInvalid: as `check_headings`.
        """
        used = {place for _, places in self._places(headings) for place in places}
        return tuple(heading for index, heading in enumerate(headings) if index not in used)

    def check_headings(self, headings: Sequence[str]) -> None:
        """Make sure that an extract has every heading that the mapping names.

        Raises:
            MappingInvalid: one is missing, or two could be meant; names the nearest.
        """
        self._places(headings)

    def apply(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The records of an extract under the names of the specification.

        Args:
            batch: as `Extract.batches` gives it: 'source_row', then text under each heading.

        Returns:
            'source_row', then the mapped fields by `column` name, text, in the specification's order.

        Raises:
            MappingInvalid: as `check_headings`.
        """
        names, arrays = ["source_row"], [batch.column(0)]
        for field, places in self._places(batch.schema.names[1:]):
            columns = [batch.column(1 + place) for place in places]
            names.append(field.column)
            arrays.append(self.fields[field.name].values(columns, batch.num_rows))
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def _places(self, headings: Sequence[str]) -> list[tuple[SpecifiedField, list[int]]]:
        """The mapped fields in the specification's order, each with the places of its headings."""
        return [
            (field, [self._place(field, wanted, headings) for wanted in self.fields[field.name].wanted()])
            for field in self._origin.specification.fields
            if field.name in self.fields
        ]

    def _place(self, field: SpecifiedField, wanted: Sequence[str], headings: Sequence[str]) -> int:
        """The place of the first wanted heading that the extract has."""
        where = f"{self._origin.file}: " if self._origin.file else ""
        for name in wanted:
            found = found_in(headings, name)
            if len(found) > 1:
                both = " and ".join(f"'{shown(heading)}'" for heading in found[:2])
                raise MappingInvalid(
                    f"{where}{field.name} takes '{shown(name)}', and the extract has {both}. "
                    "Write the one that is meant exactly as it stands in the extract."
                )
            if found:
                return headings.index(found[0])
        names = " or ".join(f"'{shown(name)}'" for name in wanted)
        near = nearest(wanted[0], headings)
        hint = f"; did you mean '{shown(near)}'?" if near else "."
        raise MappingInvalid(
            f"{where}{field.name} takes {names}, which the extract does not have{hint} "
            f"It has: {_listed_headings(headings)}"
        )


def _listed_headings(headings: Sequence[str]) -> str:
    names = ", ".join(shown(heading) for heading in headings[:_LISTED])
    return names + (f" and {len(headings) - _LISTED} more" if len(headings) > _LISTED else "")


def read_mapping(path: Path, specification: Specification) -> Mapping:
    """A mapping from a YAML file.

    Raises:
        MappingInvalid: not there, not YAML, or it does not fit the specification; names line and key.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as fault:
        raise MappingInvalid(f"{path}: is not there. Check the name and the folder.") from fault
    except IsADirectoryError as fault:
        raise MappingInvalid(f"{path}: is a folder. Name the mapping in it.") from fault
    except OSError as fault:
        raise MappingInvalid(
            f"{path}: cannot be read ({fault.strerror}). Check its name and its permissions."
        ) from fault
    if raw.startswith(_WORKBOOKS):
        raise MappingInvalid(
            f"{path.name}: is a workbook or an archive. A mapping is a text file that you write (YAML): "
            "docs/mapping.md shows one."
        )
    try:
        content, lines = read_plain_yaml(raw)
        origin = _Origin(specification, path.name, sha256(raw).hexdigest())
        return Mapping.model_validate(content, context=origin)
    except NotPlain as fault:
        raise MappingInvalid(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        raise MappingInvalid(f"{path.name} {_first_fault(fault, lines)}") from fault


def own_headings(headings: Sequence[str], specification: Specification) -> Mapping:
    """The mapping of an extract whose headings are the published field names, give or take case and spaces.

    Raises:
        MappingInvalid: fewer than half of the required fields are there, or two headings are one field.
    """
    there = {field.name: found_in(headings, field.name) for field in specification.fields}
    found, required = _required_fields(headings, specification)
    if 2 * found < required or not any(there.values()):
        raise MappingInvalid(
            f"{found} of the {required} required fields of {specification.dataset} are among the "
            f"headings of the extract. {_next_step(headings, specification)}"
        )
    mapping = Mapping.model_validate(
        {"dataset": specification.dataset, "fields": {name: name for name, found in there.items() if found}},
        context=_Origin(specification),
    )
    mapping.check_headings(headings)
    return mapping


def _required_fields(headings: Sequence[str], specification: Specification) -> tuple[int, int]:
    """How many of the required fields have a heading of their own name, and how many there are."""
    required = [field.name for field in specification.fields if field.required is not Need.NO]
    return sum(1 for name in required if found_in(headings, name)), len(required)


def _next_step(headings: Sequence[str], specification: Specification) -> str:
    """What to do about headings that are not the specification's: another data set, or a mapping."""
    others = [load_specification(name, specification.exercise) for name in datasets(specification.exercise)]
    likest = max(others, key=lambda other: sum(bool(found_in(headings, f.name)) for f in other.fields))
    found, required = _required_fields(headings, likest)
    if likest.dataset != specification.dataset and 2 * found >= required:
        return f"They look like {likest.dataset}: give --dataset {likest.dataset}"
    return (
        "Say which heading is which field in a mapping (docs/mapping.md) and give it with --mapping. "
        f"The fields: nfi specs show {specification.dataset}"
    )


_KEYS = tuple(
    info.alias or name
    for model in (Mapping, Join, AnyOf, Constant)
    for name, info in model.model_fields.items()
)
_PLAIN_WORDS = {
    "missing": "is missing",
    "string_type": "expected text",
    "string_too_short": "is empty",
    "too_short": "needs at least one entry",
    "tuple_type": "expected a list",
    "dict_type": "expected names and headings",
    "model_type": "expected keys and values",
    "model_attributes_type": "expected keys and values",
    "bool_parsing": "expected true or false",
    "enum": "expected pounds or pence",
}


def _first_fault(fault: ValidationError, lines: Lines) -> str:
    """The first thing that pydantic found, as 'line 7, fields.Post code: what is wrong (and 2 more)'."""
    # the first, but what was written wrongly before what is therefore missing
    problem = min(fault.errors(include_url=False), key=lambda problem: problem["type"] == "missing")
    place: tuple[str | int, ...] = ()
    for part in problem["loc"]:  # pydantic puts names of its own in between
        if (*place, part) in lines:
            place = (*place, part)
    key = str(problem["loc"][-1]) if problem["loc"] else ""
    text = _PLAIN_WORDS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    if problem["type"] == "extra_forbidden":
        near = nearest(key, _KEYS)
        text = f"no such key{f'; did you mean {near!r}?' if near else '.'} Known: {', '.join(_KEYS)}"
    elif problem["type"] == "missing":
        text = f"'{key}' is missing"
    where = f", {'.'.join(map(str, place))}" if place else ""
    more = f" (and {fault.error_count() - 1} more)" if fault.error_count() > 1 else ""
    return f"line {lines.get(place, 1)}{where}: {text}{more}"
