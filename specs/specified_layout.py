"""The layout of fixed-width text that follows from a specification: its fields, side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from specs.errors import SpecificationInvalid
from specs.field_table import longest
from specs.formats.fixed_layout import FixedColumn, FixedLayout, LayoutFile
from specs.read import ReadingOptions
from specs.specification import Specification

SPECIFIED = Path("specification")
"""What a person names in place of a layout file to have the specification's own."""


def specified_layout(specification: Specification) -> LayoutFile:
    """The fields in their order, each as wide as the specification says, under their published names.

    Raises:
        SpecificationInvalid: it does not say how wide every field is; names the first that lacks it.
    """
    columns: list[FixedColumn] = []
    unknown: list[str] = []
    start = 1
    for field in specification.fields:
        width = longest(field)
        if width is None:
            unknown.append(field.name)
            continue
        columns.append(FixedColumn(heading=field.name, start=start, width=width))
        start += width
    if unknown:
        raise SpecificationInvalid(
            f"{specification.label}: gives no width for {len(unknown)} of {len(specification.fields)} "
            f"fields, '{unknown[0]}' first, so no layout follows from it. Import the published lengths with "
            "nfi specs import, or have a layout proposed: nfi read FILE --write-layout layout.yaml"
        )
    return LayoutFile(f"of {specification.label}", FixedLayout(columns=tuple(columns)))


def with_layout(reading: ReadingOptions | None, specification: Specification) -> ReadingOptions | None:
    """Reading options in which the layout 'specification' has become that of the specification.

    Raises:
        SpecificationInvalid: as for `specified_layout`.
    """
    if reading is None or reading.layout != SPECIFIED:
        return reading
    return replace(reading, layout=specified_layout(specification))
