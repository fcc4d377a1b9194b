"""The golden page is tests/golden/cover/page.html.

NFI_REWRITE_GOLDEN=1 pytest tests/outputs/test_cover_page.py rewrites it: read the diff, and look at it.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outputs
from outputs.cover.blocks import Table
from outputs.cover.page import cover_page
from outputs.cover.sheet import cover_sheet
from outputs.safe_text import page_text
from outputs.submitted.manifest import AcceptedErrors, Manifest
from tests.examples import examples
from tests.outputs.invented_check import ALLOTMENTS
from tests.outputs.invented_manifest import creditors, everything, one, payroll, pensions
from tests.outputs.test_findings_page import Element, Page

GOLDEN = Path(__file__).parents[1] / "golden" / "cover" / "page.html"
ROOT = Path(__file__).parents[2]
MANIFESTS = {"payroll": payroll(), "creditors": creditors(), "pensions": pensions()}
DIGEST_OF_BOTH = """
import locale, hashlib
locale.setlocale(locale.LC_ALL, "")
from outputs.cover.page import cover_page
from outputs.cover.workbook import cover_workbook
from tests.outputs.invented_manifest import creditors, payroll
for manifest in (payroll(), creditors()):
    for written in (cover_page(manifest), cover_workbook(manifest)):
        print(hashlib.sha256(written).hexdigest())
"""


def page_of(manifest: Manifest) -> Element:
    """The page as a tree."""
    page = Page(cover_page(manifest).decode())
    assert page.doctype == "DOCTYPE html"
    return page.root


@pytest.fixture(params=MANIFESTS)
def page(request: pytest.FixtureRequest) -> Element:
    return page_of(MANIFESTS[request.param])


def test_headings_go_down_one_level_at_a_time_and_sections_are_numbered(page: Element) -> None:
    levels = [int(heading.name[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    numbers = [int(heading.text().split(".")[0]) for heading in page.all("h2")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_table_has_a_caption_and_headings_with_their_scope(page: Element) -> None:
    tables = page.all("table")
    assert tables
    for table in tables:
        [caption] = table.all("caption")
        assert caption.text()
        [head] = table.all("thead")
        headings = head.all("th")
        assert {cell.attributes.get("scope") for cell in headings} == {"col"}
        for row in table.all("tbody")[0].all("tr"):
            cells = row.all("th", "td")
            assert len(cells) == len(headings)
            assert [cell.attributes.get("scope") for cell in cells if cell.name == "th"] == ["row"]
            assert cells[0].name == "th"


def test_every_step_and_every_file_has_a_box_to_tick_that_is_named(page: Element) -> None:
    boxes = [each for each in page.all("span") if each.attributes.get("class") == "box"]
    assert len(boxes) > 15
    for box in boxes:
        assert box.attributes["role"] == "img"
        assert str(box.attributes["aria-label"]).endswith(": box to tick on paper")


def test_it_needs_no_network_no_script_and_no_other_file(page: Element) -> None:
    names = {element.name for element in page.all()}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "form", "input", "base"})
    for element in page.all():
        assert not any(
            name.startswith("on") or name in {"src", "srcset", "style"} for name in element.attributes
        )
        assert str(element.attributes.get("href", "#")).startswith("#")
    [policy] = [e for e in page.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert str(policy.attributes["content"]).startswith("default-src 'none'")
    [style] = page.all("style")
    assert "url(" not in style.text()
    assert "@import" not in style.text()


def test_names_of_places_are_given_once_and_links_lead_to_them(page: Element) -> None:
    given_names = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(given_names) == len(set(given_names))
    for element in page.all():
        assert element.attributes.get("aria-labelledby", given_names[0]) in given_names
        href = element.attributes.get("href")
        assert href is None or href.removeprefix("#") in given_names


@pytest.mark.parametrize("name", MANIFESTS)
def test_every_cell_of_every_table_arrives(name: str) -> None:
    manifest, page = MANIFESTS[name], page_of(MANIFESTS[name])
    expected = [
        [("" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row]
        for section in cover_sheet(manifest).sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]
    shown = [
        [cell.text().strip() for cell in row.all("th", "td")]
        for table in page.all("table")
        for row in table.all("tbody")[0].all("tr")
    ]
    assert shown == expected


def test_a_rule_of_the_national_fraud_initiative_carries_its_label(page: Element) -> None:
    labels = [each.text() for each in page.all("span") if each.attributes.get("class") == "evidence"]
    assert "[not confirmed]" in labels
    assert "[published 2026/27]" in labels


def test_it_prints_on_a4_in_black_on_white_with_headings_repeated() -> None:
    sheet = (Path(outputs.__file__).parent / "templates" / "cover_sheet.css").read_text(encoding="utf-8")
    assert sheet.count("{") == sheet.count("}")
    printed = sheet[sheet.index("@media print") :]
    assert "size: A4" in printed
    assert "--ink: #000; --paper: #fff" in printed
    assert "display: table-header-group" in printed
    for colour in re.findall(r"#[0-9a-f]{3,6}", printed):
        digits = colour.removeprefix("#")
        wide = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
        assert len({wide[:2], wide[2:4], wide[4:]}) == 1, f"{colour} is no grey"


def test_every_class_of_the_page_has_its_rule(page: Element) -> None:
    [style] = page.all("style")
    classes = {name for e in page.all() for name in str(e.attributes.get("class", "")).split()}
    plain = {"text", "columns-4", "columns-5", "columns-6", "columns-7", "columns-8"}
    for name in classes - plain:
        assert f".{name}" in style.text(), name


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.sampled_from(
    [
        "</style><script>alert(1)</script>",
        "<b>&amp;",
        '" onclick="x',
        "{{ 7*7 }}",
        "=1+1",
        "a\x00b",
        "' --",
        "]]>",
    ]
)


@settings(max_examples=examples(16), deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_people_wrote_shows_as_text(body: str, reason: str, remark: str) -> None:
    accepted = AcceptedErrors(reason=reason, by=body, counts={"payroll": {"nino": 3}})
    manifest = one("payroll", body=body, title=body, accepted_errors=(accepted,), remarks=(remark,))
    page = page_of(manifest)
    assert len(page.all("table")) == len(page_of(one("payroll", accepted_errors=(accepted,))).all("table"))
    assert page.all("h1")[0].text() == f"Cover sheet: {page_text(body, 5_000)}"
    assert page_text(remark, 5_000) in [item.text() for item in page.all("li")]
    assert page_text(reason, 5_000) in [cell.text() for cell in page.all("td")]
    assert page.all("script", "b") == []


def test_the_same_manifest_gives_the_same_bytes_in_another_place_language_and_hash_seed() -> None:
    digests = set()
    for zone, seed, language in [
        ("UTC", "0", "C.UTF-8"),
        ("Pacific/Auckland", "1", "C"),
        ("America/New_York", "2", "POSIX"),
    ]:
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": language}
        ran = subprocess.run(
            [sys.executable, "-c", DIGEST_OF_BOTH],
            check=True,
            capture_output=True,
            env=environment,
            cwd=ROOT,
        )
        digests.add(ran.stdout)
    assert len(digests) == 1
    assert hashlib.sha256(cover_page(payroll())).hexdigest().encode() in digests.pop()


def test_the_invented_manifest_gives_the_golden_page() -> None:
    page = cover_page(everything(ALLOTMENTS))
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_bytes(page)
    assert page == GOLDEN.read_bytes()
