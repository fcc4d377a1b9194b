"""The golden page is tests/golden/findings/page.html.

NFI_REWRITE_GOLDEN=1 pytest tests/outputs/test_findings_page.py rewrites it: read the diff, and look at it.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outputs
from outputs.findings_page import ROWS_EACH, write_findings_page
from outputs.safe_text import page_text
from specs.check_descriptions import check_descriptions
from specs.check_record import NotChecked
from specs.specification import Source
from tests.examples import examples
from tests.outputs.invented_check import (
    ALLOTMENTS,
    EVERYTHING,
    EXPLANATIONS,
    THREE,
    Finding,
    file_of,
    plot,
    record_of,
    write,
    write_records,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "findings" / "page.html"
_VOID = {"meta", "rect", "line"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def all(self, *names: str) -> list[Element]:
        """The elements of these names inside, in the order of the page."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] * (child.name in names or not names) + child.all(*names)
        return found


class Page(HTMLParser):
    """A page as a tree; fails where a tag is not closed, or closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})
        self.doctype = ""
        self.feed(html)
        self.close()
        assert self.here is self.root, f"<{self.here.name}> is not closed"

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"<{tag}> names an attribute twice"
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        if tag not in _VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _VOID
        self.here.children.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag: str) -> None:
        assert self.here.name == tag, f"</{tag}> inside <{self.here.name}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def page_of(folder: Path, findings: list[Finding], **changes: Any) -> Element:
    """The page of a check that found exactly these, as a tree."""
    target = write(write_findings_page, folder / "allotments.html", findings, **changes)
    page = Page(target.read_bytes().decode())
    assert page.doctype == "DOCTYPE html"
    return page.root


def section(page: Element, number: int) -> Element:
    """The part of the page about one problem."""
    wanted = f"problem-{number}"
    return next(s for s in page.all("section") if s.attributes.get("aria-labelledby") == wanted)


def rows_of(element: Element) -> list[list[str]]:
    """The rows below the headings of the first table inside."""
    body = element.all("tbody")[0]
    return [[cell.text() for cell in row.all("th", "td")] for row in body.all("tr")]


def test_it_opens_with_what_was_found_in_one_sentence(tmp_path: Path) -> None:
    page = page_of(tmp_path, THREE)
    [heading] = page.all("h1")
    assert heading.text() == "Allotment rents 2026-27: what the check found"
    verdict = next(p for p in page.all("p") if p.attributes.get("class") == "verdict")
    assert verdict.text() == (
        "2 errors stop this file; 1 warning needs a look; 1 note says what was assumed or is good to know."
    )


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        pytest.param({}, "Nothing found: 300 records passed every check.", id="clean"),
        pytest.param({"rows": 0}, "There was nothing to check: the extract holds no records.", id="empty"),
        pytest.param(
            {"not_checked": (NotChecked(code="reference", reason="needs tenants"),)},
            "Nothing found by the checks that were made; some could not be made.",
            id="clean as far as it was checked",
        ),
    ],
)
def test_a_clean_file_gives_a_page_that_says_so(
    tmp_path: Path, changes: dict[str, Any], verdict: str
) -> None:
    text = page_of(tmp_path, [], **changes).text()
    assert verdict in text
    assert "Nothing to do: no errors and no warnings were found." in text


def test_it_says_that_it_is_private_and_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    text = page_of(tmp_path, THREE).text()
    assert "Private: personal data." in text
    assert "destroy it when it is no longer needed" in text
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "allotments.html").stat().st_mode) == 0o600


def test_problems_are_listed_by_weight_with_what_to_do_and_the_first_rows(tmp_path: Path) -> None:
    page = page_of(tmp_path, THREE, records=write_records(tmp_path))
    assert rows_of(page) == [
        ["1. Not a plot", "error", "Plot", "1"],
        ["2. Value missing", "error", "Tenant", "1"],
        ["3. Value missing", "warning", "Let since", "1"],
    ]
    first = section(page, 1)
    for words in (
        "1. Not a plot: Plot",
        "1 of 300 records, the first in row 2.",
        "Look at the gate.",
        "There is no such plot.",
        "published 2012/13",
    ):
        assert words in first.text()
    assert [heading.text() for heading in first.all("thead")[0].all("th")] == [
        "Row",
        "Plot",
        "Value",
        "Why, in this row",
    ]
    assert rows_of(first) == [["2", "0002", "99999", "5 digits, expected 4"]]
    assert rows_of(section(page, 2)) == [["4", "0004", "(blank)"]]


def test_no_more_rows_are_shown_than_a_page_is_for(tmp_path: Path) -> None:
    page = page_of(tmp_path, [plot(row) for row in range(2, 252)])
    assert len(rows_of(section(page, 1))) == ROWS_EACH
    [caption] = section(page, 1).all("caption")
    assert caption.text() == "The first 20 of 250; more in allotments.xlsx, all in allotments.csv"


def test_problems_beyond_the_limit_are_counted(tmp_path: Path) -> None:
    findings: list[Finding] = [
        ("required", "error", 2, f"Field {number:02}", None, None) for number in range(50)
    ]
    page = page_of(tmp_path, findings)
    assert len(rows_of(page)) == 40
    assert "40 of 50 problems" in page.all("caption")[0].text()


def test_rows_of_several_files_stand_with_their_file(tmp_path: Path) -> None:
    page = page_of(tmp_path, [plot(203)], **EVERYTHING)
    assert rows_of(section(page, 1)) == [["2", "<August>.csv", "99999", "5 digits, expected 4"]]
    assert "the first in row 2 of <August>.csv" in section(page, 1).text()


def test_what_is_wrong_with_the_whole_file_is_a_problem_and_what_was_assumed_is_not(tmp_path: Path) -> None:
    page = page_of(tmp_path, [*THREE, ("reference", "error", None, "Plot", None, "no gate at all")])
    assert [row[0] for row in rows_of(page)] == [
        "1. Not a plot",
        "2. Reference not found",
        "3. Value missing",
        "4. Value missing",
    ]
    assert "no gate at all" in section(page, 2).text()
    assert section(page, 2).all("table") == []
    assumed = next(s for s in page.all("section") if s.attributes.get("aria-labelledby") == "assumed")
    assert "Format assumed" in assumed.text()
    assert "Rent: pounds" in assumed.text()


def test_a_field_that_is_not_held_on_purpose_is_no_assumption(tmp_path: Path) -> None:
    findings: list[Finding] = [("assumed", "note", None, "Hours of water", None, None)]
    page = page_of(tmp_path, findings, **EVERYTHING)
    assert "Format assumed" not in page.text()
    assert "Not held, as the mapping says" in page.text()


def test_it_tells_quality_totals_corrections_and_what_was_not_checked(tmp_path: Path) -> None:
    text = page_of(tmp_path, THREE, **EVERYTHING).text()
    for words in (
        "Data quality: 70.3\u00a0%.",
        "values that are there and valid, of those that should be there",
        "Let since: March 1950 to May 2008, in 299 records",
        "Rent: £1,234.56 in 300 records, 1 of them negative (-£1.00)",
        "Blanks around the value removed",
        "allotments-changes.csv in the folder 'corrected'",
        "Left out below the records of July rents.csv, row 202: 200 records",
        "Reference not found: needs tenants [reference]",
        "allotments 2026-27 (provisional)",
        "3 fields: published 2012/13",
        "different values are estimated",
    ):
        assert words in text
    assert "NFI score" not in text


def test_the_table_of_fields_has_every_field_of_the_specification(tmp_path: Path) -> None:
    page = page_of(tmp_path, THREE, **EVERYTHING)
    quality = next(s for s in page.all("section") if s.attributes.get("aria-labelledby") == "quality")
    rows = [[cell.replace("\u00a0", " ") for cell in row] for row in rows_of(quality)]
    assert rows == [
        ["Plot", "yes", "100.0 %", "96.6 %", "99.6 %", "96.6 %", "10 not valid"],
        ["Tenant", "yes", "99.6 %", "100.0 %", "83.6 %", "99.6 %", "1 missing"],
        ["Let since", "expected", "0.0 %", "–", "–", "0.0 %", "empty in every record"],
        ["Rent", "if known", "50.0 %", "100.0 %", "2.0 %", "100.0 %", "all valid"],
        ["Hours of water", "if known", "–", "–", "–", "–", "not held, as the mapping says"],
        ["Remarks", "if known", "–", "–", "–", "–", "no column in the extract"],
    ]


def test_pictures_say_in_words_what_they_show(tmp_path: Path) -> None:
    figures = page_of(tmp_path, THREE, **EVERYTHING).all("figure")
    assert [figure.attributes["role"] for figure in figures] == ["img", "img"]
    where, fields = (figure.attributes["aria-label"] or "" for figure in figures)
    assert "3 errors and warnings by place in the file" in where
    assert "One bar for each of 4 fields: 1 with a value in every record, 1 without any value" in fields
    for figure in figures:
        [picture] = [svg for svg in figure.all("svg") if svg.attributes.get("class") == "picture"]
        assert picture.all("title")[0].text()
        assert picture.all("desc")[0].text() == figure.attributes["aria-label"]


def everything(folder: Path) -> Element:
    """A page in which every part has something to say."""
    findings: list[Finding] = [*THREE, ("reference", "error", None, None, None, "no gate")]
    return page_of(folder, findings, records=write_records(folder), **EVERYTHING)


def test_nothing_is_fetched_and_nothing_runs(tmp_path: Path) -> None:
    page = everything(tmp_path)
    assert page.all("script", "link", "img", "iframe", "object", "embed", "form", "base") == []
    for element in page.all():
        assert not {name for name in element.attributes if name.startswith("on") or name == "src"}
    [style] = page.all("style")
    assert re.findall(r"url\([^)]*\)|@import", style.text()) == ["url(#hatch)"]
    policy = next(meta for meta in page.all("meta") if meta.attributes.get("http-equiv"))
    assert (policy.attributes["content"] or "").startswith("default-src 'none'")


def test_headings_are_in_order_and_every_reference_has_its_place(tmp_path: Path) -> None:
    page = everything(tmp_path)
    assert page.all("html")[0].attributes["lang"] == "en-GB"
    levels = [int(heading.name[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(set(ids)) == len(ids)
    named = {element.attributes.get("aria-labelledby") for element in page.all()} - {None}
    targets = {link.attributes["href"] or "" for link in page.all("a")}
    assert named <= set(ids)
    assert {target.removeprefix("#") for target in targets if target.startswith("#")} <= set(ids)
    assert page.all("a")[0].attributes == {"class": "skip", "href": "#main"}


def test_every_table_has_a_caption_and_headings_for_columns_and_rows(tmp_path: Path) -> None:
    tables = everything(tmp_path).all("table")
    assert len(tables) == 7
    for table in tables:
        assert [caption.text() for caption in table.all("caption")] != [""]
        columns = table.all("thead")[0].all("th", "td")
        assert {column.attributes["scope"] for column in columns} == {"col"}
        for row in table.all("tbody")[0].all("tr"):
            cells = row.all("th", "td")
            assert [cell.attributes.get("scope") for cell in cells] == ["row", *[None] * (len(columns) - 1)]


def test_only_a_web_address_becomes_a_link(tmp_path: Path) -> None:
    sources = (
        Source(id="invented", title="Published", url="https://example.org/a?b=1&c=2"),
        Source(id="odd", title="Odd", url="javascript:alert(1)"),
    )
    page = page_of(tmp_path, [], specification=ALLOTMENTS.model_copy(update={"sources": sources}))
    outside = [link for link in page.all("a") if not (link.attributes["href"] or "").startswith("#")]
    assert [link.attributes["href"] for link in outside] == ["https://example.org/a?b=1&c=2"]
    assert "Odd (javascript:alert(1))" in page.text()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="a script"),
        pytest.param("{{ 7 * 7 }}", "{{ 7 * 7 }}", id="a template"),
        pytest.param("a&amp;b", "a&amp;b", id="an entity"),
        pytest.param(" two  blanks ", " two  blanks ", id="blanks"),
        pytest.param("a\x00b\r\nc\rd", "a␀b\nc␍d", id="control characters"),
        pytest.param("\x85\ufdd0\U0001ffff", "\ufffd\ufffd\ufffd", id="what HTML forbids"),
        pytest.param("x" * 2000, "x" * 1000 + " … [cut: 2,000 characters in all]", id="too long"),
    ],
)
def test_a_value_is_shown_as_it_stood(tmp_path: Path, value: str, shown: str) -> None:
    page = page_of(tmp_path, [plot(2, value)])
    assert [value.text() for value in page.all("bdi")] == [shown]


@given(st.text(), st.text(min_size=1), st.text(min_size=1))
@settings(max_examples=examples(24), deadline=None)
def test_no_text_breaks_the_page(value: str, name: str, file: str) -> None:
    findings: list[Finding] = [("plot_number", "error", 2, name, value, value)]
    with tempfile.TemporaryDirectory() as folder:
        page = page_of(Path(folder), findings, files=(file_of(file),), columns_unused=(name,))
        shown = page_text(value, 1000)
        assert [value.text() for value in page.all("bdi")] == [shown]
        row = rows_of(section(page, 1))[0]
        assert row == (["2", shown, shown] if value else ["2", shown])
        assert section(page, 1).all("h3")[0].text() == f"1. Not a plot: {page_text(name, 1000)}"
        assert page_text(file, 1000) in page.text()
        assert len(page.all("table")) == 2


def test_the_words_of_every_check_that_nfi_makes_fit(tmp_path: Path) -> None:
    explanations = check_descriptions()
    for code, explanation in explanations.items():
        findings: list[Finding] = [(code, "warning", 2, None, "x", None)]
        text = section(page_of(tmp_path, findings, explanations=explanations), 1).text()
        assert explanation.guidance in text
        assert "(whole record)" in text


def test_record_and_findings_of_different_checks_are_refused(tmp_path: Path) -> None:
    target = write(write_findings_page, tmp_path / "allotments.html", THREE)
    findings = tmp_path / "allotments.parquet"
    before = target.read_bytes()
    with pytest.raises(ValueError, match="not the findings of this check"):
        write_findings_page(target, record_of(THREE[:2]), findings, EXPLANATIONS, ALLOTMENTS)
    assert target.read_bytes() == before


def test_the_same_findings_give_the_golden_page(tmp_path: Path) -> None:
    findings: list[Finding] = [*THREE, plot(203, "<b>=1+1</b>")]
    page = write(
        write_findings_page,
        tmp_path / "allotments.html",
        findings,
        records=write_records(tmp_path),
        **EVERYTHING,
    ).read_bytes()
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        GOLDEN.write_bytes(page)
    assert page == GOLDEN.read_bytes()


def test_every_class_of_the_pictures_has_its_rule_and_braces_close() -> None:
    sheet = (Path(outputs.__file__).parent / "templates" / "findings_page.css").read_text(encoding="utf-8")
    assert sheet.count("{") == sheet.count("}")
    assert ".." not in sheet
    assert ".picture .figure { text-anchor: end; }" in sheet
