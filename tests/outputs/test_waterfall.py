"""The picture of a case adds up, says in words what it shows, and holds no value of a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from outputs.waterfall import waterfall, write_waterfall

SVG = "{http://www.w3.org/2000/svg}"


def case(*evidence: tuple[str, str, float]) -> dict[str, Any]:
    entries = [dict(zip(("field", "verdict", "bits"), each, strict=True)) for each in evidence]
    return {"case": "0a1b2c3d4e5f6071", "evidence": entries, "agrees": ["Surname: Example"]}


TWO = case(
    ("Surname <b>", "agrees", 10.0),
    ("Post code", "differs", -3.5),
    ("Creditor name", "agrees, told by Surname <b>", 0.0),
)


def test_each_bar_begins_where_the_one_before_ends_and_the_last_is_the_sum() -> None:
    picture = waterfall(TWO)
    first, second, total = picture.steps
    assert [step.figure for step in picture.steps] == [
        "10.0 bits, 1 in 1,000",
        "\u22123.5 bits",
        "6.5 bits, 1 in 91",
    ]
    assert first.end == first.x + first.width == second.x + second.width
    assert second.end == total.end == second.x
    assert total.x == first.x


def test_the_picture_is_told_in_words_for_screen_readers(tmp_path: Path) -> None:
    write_waterfall(tmp_path / "case.svg", TWO)
    svg = ElementTree.fromstring((tmp_path / "case.svg").read_text(encoding="utf-8"))
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "title desc"
    title, told = svg.findtext(f"{SVG}title"), svg.findtext(f"{SVG}desc")
    assert title == "Case 0a1b2c3d4e5f6071: how surprising it is that the records agree"
    assert told == (
        "One bar for each field, one after the other, and one for the sum. "
        "Surname <b> agrees: 1 in 1,000 by chance, 10.0 bits; Post code differs: \u22123.5 bits; "
        "Creditor name agrees: counted with Surname <b>. In all 6.5 bits."
    )


def test_no_value_of_a_record_is_in_the_picture(tmp_path: Path) -> None:
    write_waterfall(tmp_path / "case.svg", TWO)
    assert "Example" not in (tmp_path / "case.svg").read_text(encoding="utf-8")


def test_the_same_case_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        write_waterfall(tmp_path / name, TWO)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


@given(st.lists(st.floats(-60, 60).filter(bool), min_size=1, max_size=12))
def test_everything_stands_inside_the_picture(bits: list[float]) -> None:
    picture = waterfall(case(*(("Surname", "agrees", each) for each in bits)))
    for step in picture.steps:
        assert step.x >= 0
        assert step.figure_x < picture.width
        assert step.y < picture.height
    assert all(picture.steps[0].y > picture.top for _ in picture.marks)
