"""The layout of fixed-width text that follows from a specification. Every value is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs.catalogues import load_specification
from specs.errors import SpecificationInvalid
from specs.field_table import LONGEST
from specs.read import ReadingOptions, open_extract
from specs.specification import CheckUse, FieldFormat, Specification
from specs.specified_layout import SPECIFIED, specified_layout, with_layout

PAYROLL = load_specification("payroll")
TEXTS = {FieldFormat.CHARACTER, FieldFormat.NUMBER}


def with_widths(specification: Specification) -> Specification:
    """Every field 12 wide: texts by the check of their length, the others by their width."""
    fields = tuple(
        field.model_copy(update={"checks": (*field.checks, CheckUse(name=LONGEST, limit=12))})
        if field.format in TEXTS
        else field.model_copy(update={"width": 12})
        for field in specification.fields
    )
    return specification.model_copy(update={"fields": fields})


def test_fields_stand_side_by_side_under_their_published_names() -> None:
    layout = specified_layout(with_widths(PAYROLL)).layout
    assert [column.heading for column in layout.columns] == [field.name for field in PAYROLL.fields]
    assert [column.start for column in layout.columns] == [1 + 12 * n for n in range(len(PAYROLL.fields))]
    assert layout.gaps() == ()


def test_an_extract_is_read_by_it(tmp_path: Path) -> None:
    extract = tmp_path / "payroll.txt"
    values = [f"v{n}" for n in range(len(PAYROLL.fields))]
    extract.write_text("".join(f"{value:<12}" for value in values) + "\n")
    reading = with_layout(ReadingOptions(layout=SPECIFIED), with_widths(PAYROLL))
    (batch,) = open_extract(extract, reading).batches()
    assert batch.schema.names[1:] == [field.name for field in PAYROLL.fields]
    assert [column[0].as_py() for column in batch.columns[1:]] == values


def test_a_specification_without_widths_says_which_field_lacks_one() -> None:
    with pytest.raises(SpecificationInvalid) as refused:
        with_layout(ReadingOptions(layout=SPECIFIED), PAYROLL)
    assert "gives no width for" in str(refused.value)
    assert f"'{PAYROLL.fields[0].name}' first" in str(refused.value)
    assert "nfi specs import" in str(refused.value)


@pytest.mark.parametrize("reading", [None, ReadingOptions(), ReadingOptions(layout=Path("layout.yaml"))])
def test_other_options_stay_as_they_are(reading: ReadingOptions | None) -> None:
    assert with_layout(reading, PAYROLL) is reading
