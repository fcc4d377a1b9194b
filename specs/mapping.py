"""Mappings: which heading of an extract each field of the specification takes its values from."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import pyarrow as pa
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from specs.amounts import MoneyFormat
from specs.catalogues import Catalogue
from specs.dates import date_format
from specs.errors import MappingInvalid
from specs.headings import found_in, heading_signature, loosely, nearest, shown
from specs.mapping_sources import AnyOf, Constant, Join, MappingEntry, Source, Text
from specs.mapping_translation import Translation, translated
from specs.plain_yaml import Lines, NotPlain, read_plain_yaml
from specs.specification import Need, Specification, SpecifiedField

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .xls files begin."""
_LISTED = 30
"""How many headings a message lists."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a mapping is checked against, and where it was read."""

    specification: Specification
    file: str = ""
    """Name of the mapping file; empty where there is none."""
    content: bytes | None = None
    """Of the mapping file; None where there is none."""
    folder: Path = Path()
    """Where the mapping file stands: the paths in it begin there."""
    catalogue: Catalogue = dataclasses.field(default_factory=Catalogue.of)
    """What other data sets there are."""


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
    known = _origin(info).catalogue.datasets(specification.exercise)
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


def _from_the_mapping(path: object, info: ValidationInfo) -> Path:
    """A path that begins at the folder of the mapping file."""
    if not isinstance(path, str) or not path.strip():
        raise ValueError("is empty" if path == "" else "expected the name of a file")
    return _origin(info).folder / path.strip()


def _placed(name: str, info: ValidationInfo) -> str:
    """A field that the mapping takes from the extract."""
    if name not in info.data.get("fields", (name,)):  # without fields, that is told instead
        raise ValueError(f"'{name}' is not under fields; say there which heading it takes")
    return name


def _by_field(raw: object) -> object:
    if isinstance(raw, dict):
        return _each_field_once(raw)
    raise ValueError("expected fields, each with its values, such as {Sex: {Male: M, Female: F}}")


FieldName = Annotated[str, AfterValidator(_published)]
PlacedName = Annotated[FieldName, AfterValidator(_placed)]
FileName = Annotated[Path, BeforeValidator(_from_the_mapping)]
Signature = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9a-f]{64}$")]
DateFormatText = Annotated[Text, AfterValidator(_understood)]


class Mapping(MappingEntry):
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
    employer: Text | None = None
    """The heading that says whose record it is, for the check that a file holds one employer only."""
    lookups: Annotated[dict[FieldName, FileName], BeforeValidator(_each_field_once)] = Field({})
    """By published name of a coded field: the CSV of code and meaning."""
    translate: Annotated[dict[PlacedName, Translation], BeforeValidator(_by_field)] = Field({})
    """By published name: values of the source system and what the specification wants instead of each."""
    signatures: Annotated[tuple[Signature, ...], BeforeValidator(_listed), Field(alias="signature")] = ()
    """The layouts that the mapping was made for, each as `specs.headings.heading_signature` gives it."""

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
        return None if self.content is None else sha256(self.content).hexdigest()

    @property
    def content(self) -> bytes | None:
        """The mapping file as it was read; None where the headings are the specification's own."""
        return self._origin.content

    @property
    def columns_absent(self) -> tuple[str, ...]:
        """Published names of the fields that get no value from the extract, in the specification's order."""
        return tuple(
            field.name for field in self._origin.specification.fields if field.name not in self.fields
        )

    def columns_unused(self, headings: Sequence[str]) -> tuple[str, ...]:
        """The headings of an extract that nothing takes, in the extract's order.

        Raises:
            MappingInvalid: two headings could be meant.
        """
        mapped = self._places(headings, missing_allowed=True)
        used = {place for _, places in mapped for place in places}
        if self.employer:
            used |= {headings.index(heading) for heading in found_in(headings, self.employer)}
        return tuple(heading for index, heading in enumerate(headings) if index not in used)

    def columns_in(self, headings: Sequence[str]) -> frozenset[str]:
        """The columns of the specification that an extract with these headings fills: not every file has all.

        Raises:
            MappingInvalid: two headings could be meant.
        """
        return frozenset(field.column for field, _ in self._places(headings, missing_allowed=True))

    def check_headings(self, headings: Sequence[str]) -> None:
        """Make sure that an extract has every heading that the mapping names.

        Raises:
            MappingInvalid: one is missing, or two could be meant; names the nearest.
        """
        self._places(headings)

    def apply(self, batch: pa.RecordBatch, *, missing_allowed: bool = False) -> pa.RecordBatch:
        """The records of an extract under the names of the specification.

        Args:
            batch: as `Extract.batches` gives it: 'source_row', then text under each heading.
            missing_allowed: leave a field out where a heading that it takes is not there, as happens
                among files of several months.

        Returns:
            'source_row', then the mapped fields by `column` name, text, in the specification's order,
            translated where the mapping says so.

        Raises:
            MappingInvalid: as `check_headings`; two headings could be meant in any case.
        """
        names, arrays = ["source_row"], [batch.column(0)]
        for field, places in self._places(batch.schema.names[1:], missing_allowed=missing_allowed):
            columns = [batch.column(1 + place) for place in places]
            names.append(field.column)
            values = self.fields[field.name].values(columns, batch.num_rows)
            if field.name in self.translate:
                values = translated(values, self.translate[field.name])
            arrays.append(values)
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def _places(
        self, headings: Sequence[str], *, missing_allowed: bool = False
    ) -> list[tuple[SpecifiedField, list[int]]]:
        """The mapped fields in the specification's order, each with the places of its headings."""
        mapped = []
        for field in self._origin.specification.fields:
            wanted = self.fields[field.name].wanted() if field.name in self.fields else None
            if wanted is None:
                continue
            places = [self._place(field, names, headings) for names in wanted]
            found = [place for place in places if place is not None]
            if len(found) == len(places):
                mapped.append((field, found))
            elif not missing_allowed:
                raise self._missing(field, wanted[places.index(None)], headings)
        return mapped

    def _place(self, field: SpecifiedField, wanted: Sequence[str], headings: Sequence[str]) -> int | None:
        """The place of the first wanted heading that the extract has; None where it has none of them."""
        for name in wanted:
            found = found_in(headings, name)
            if len(found) > 1:
                both = " and ".join(f"'{shown(heading)}'" for heading in found[:2])
                raise MappingInvalid(
                    f"{self._where}{field.name} takes '{shown(name)}', and the extract has {both}. "
                    "Write the one that is meant exactly as it stands in the extract."
                )
            if found:
                return headings.index(found[0])
        return None

    def _missing(
        self, field: SpecifiedField, wanted: Sequence[str], headings: Sequence[str]
    ) -> MappingInvalid:
        names = " or ".join(f"'{shown(name)}'" for name in wanted)
        near = nearest(wanted[0], headings)
        hint = f"; did you mean '{shown(near)}'?" if near else "."
        return MappingInvalid(
            f"{self._where}{field.name} takes {names}, which the extract does not have{hint} "
            f"It has: {_listed_headings(headings)}"
        )

    @property
    def _where(self) -> str:
        return f"{self._origin.file}: " if self._origin.file else ""


def _listed_headings(headings: Sequence[str]) -> str:
    names = ", ".join(shown(heading) for heading in headings[:_LISTED])
    return names + (f" and {len(headings) - _LISTED} more" if len(headings) > _LISTED else "")


def read_mapping(path: Path, specification: Specification, catalogue: Catalogue | None = None) -> Mapping:
    """A mapping from a YAML file.

    Args:
        path: the file.
        specification: what it maps to.
        catalogue: where the specification comes from; None: nfi's own.

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
        origin = _Origin(specification, path.name, raw, path.parent, catalogue or Catalogue.of())
        return Mapping.model_validate(content, context=origin)
    except NotPlain as fault:
        raise MappingInvalid(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        raise MappingInvalid(f"{path.name} {_first_fault(fault, lines)}") from fault


def matching_mapping(folder: Path, headings: Sequence[str], specification: Specification) -> Path | None:
    """The saved mapping in a folder that was made for these headings and this data set; None where none was.

    Raises:
        MappingInvalid: two fit, or a file in the folder cannot be read as YAML; says which.
    """
    signature = heading_signature(headings)
    fitting = [
        path
        for path in sorted(folder.glob("*.yaml"))
        if not path.name.startswith(".") and _is_made_for(path, signature, specification.dataset)
    ]
    if len(fitting) > 1:
        raise MappingInvalid(
            f"{folder}: {fitting[0].name} and {fitting[1].name} both fit these headings. Give the one that "
            "is meant with --mapping, or take the other out of the folder."
        )
    return fitting[0] if fitting else None


def _is_made_for(path: Path, signature: str, dataset: str) -> bool:
    """Whether a mapping file names this data set and this signature; the rest of it is not looked at."""
    try:
        content, _ = read_plain_yaml(path.read_bytes())
    except OSError as fault:
        raise MappingInvalid(f"{path}: cannot be read ({fault.strerror}). Check its permissions.") from fault
    except NotPlain as fault:
        raise MappingInvalid(
            f"{path}: {fault}. Correct it, take it out of the folder, or give a mapping with --mapping."
        ) from fault
    if not isinstance(content, dict) or content.get("dataset") != dataset:
        return False
    return signature in (
        [*listed] if isinstance(listed := _listed(content.get("signature")), (list, tuple)) else []
    )


def own_headings(
    headings: Sequence[str], specification: Specification, catalogue: Catalogue | None = None
) -> Mapping:
    """The mapping of an extract whose headings are the published field names, give or take case and spaces.

    Args:
        headings: of the extract.
        specification: what it maps to.
        catalogue: where the specification comes from; None: nfi's own.

    Raises:
        MappingInvalid: fewer than half of the required fields are there, or two headings are one field.
    """
    there = {field.name: found_in(headings, field.name) for field in specification.fields}
    found, required = _required_fields(headings, specification)
    if 2 * found < required or not any(there.values()):
        next_step = _next_step(headings, specification, catalogue or Catalogue.of())
        raise MappingInvalid(
            f"{found} of the {required} required fields of {specification.dataset} are among the "
            f"headings of the extract. {next_step}"
            if required
            else f"no field of {specification.dataset} is among the headings of the extract. {next_step}"
        )
    mapping = Mapping.model_validate(
        {"dataset": specification.dataset, "fields": {name: name for name, found in there.items() if found}},
        context=_Origin(specification),
    )
    mapping.check_headings(headings)
    return mapping


def as_sent(
    specification: Specification, *, absent: Sequence[str] = (), not_held: Sequence[str] = ()
) -> Mapping:
    """The mapping of a file of a submission: published names, ddmmyyyy, sums in pence.

    Args:
        specification: what the file follows.
        absent: published names of the fields that the extract lacked, which stand there blank.
        not_held: those of them that the source system has not got.
    """
    names = [field.name for field in specification.fields if field.name not in absent]
    return Mapping.model_validate(
        {
            "dataset": specification.dataset,
            "fields": {name: name for name in names},
            "not_held": list(not_held),
            "date_format": "ddmmyyyy",
            "money_format": MoneyFormat.PENCE,
        },
        context=_Origin(specification),
    )


def _required_fields(headings: Sequence[str], specification: Specification) -> tuple[int, int]:
    """How many of the required fields have a heading of their own name, and how many there are."""
    required = [field.name for field in specification.fields if field.required is not Need.NO]
    return sum(1 for name in required if found_in(headings, name)), len(required)


def _next_step(headings: Sequence[str], specification: Specification, catalogue: Catalogue) -> str:
    """What to do about headings that are not the specification's: another data set, or a mapping."""
    exercise = specification.exercise
    others = [catalogue.load(name, exercise) for name in catalogue.datasets(exercise)]
    likest = max(others, key=lambda other: sum(bool(found_in(headings, f.name)) for f in other.fields))
    found, required = _required_fields(headings, likest)
    if likest.dataset != specification.dataset and 2 * found >= required:
        return f"They look like {likest.dataset}: give --dataset {likest.dataset}"
    return (
        "Have a mapping proposed, which says which heading is which field: "
        f"nfi map FILE --dataset {specification.dataset}"
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
    "string_pattern_mismatch": "expected 64 hexadecimal digits, as `nfi map` writes them",
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
