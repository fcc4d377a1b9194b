import re
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from matching.wording import counted
from outputs.safe_text import safe_text
from outputs.workbook import Book, Page, Value, place, sheet_name
from outputs.workbook_styles import Kind, Mark, Words, table_style
from tests.examples import examples

TEXT = table_style(Kind.TEXT)
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class ReadBack(Protocol):
    def __call__(
        self, fill: Callable[[Page], object], widths: tuple[float, ...] = (10, 20, 30)
    ) -> Any: ...  # openpyxl's stubs make a union of every cell and sheet


@pytest.fixture
def read_back(tmp_path: Path) -> ReadBack:
    """Write with a function of a page, and read the sheet with openpyxl."""

    def write(fill: Callable[[Page], object], widths: tuple[float, ...] = (10, 20, 30)) -> Any:
        book = Book("Invented")
        fill(Page(book, "Sheet one", widths))
        book.save(tmp_path / "one.xlsx")
        return openpyxl.load_workbook(tmp_path / "one.xlsx")["Sheet one"]

    return write


def row_of(page: Page, *values: tuple[Value, str]) -> None:
    page.next_row()
    for column, (value, style) in enumerate(values, start=1):
        page.put(column, value, style)


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "#N/A", "#REF!", "{=1}"]
)
def test_text_never_becomes_a_formula_or_an_error(read_back: ReadBack, text: str) -> None:
    cell = read_back(lambda page: row_of(page, (text, TEXT)))["A1"]
    assert (cell.data_type, cell.value) == ("s", text)


@pytest.mark.parametrize(("text", "quoted"), [("=1+1", True), ("-", True), ("INV-1", False)])
def test_text_that_would_run_once_edited_is_held_back_by_a_quote_prefix(
    read_back: ReadBack, text: str, quoted: bool
) -> None:
    assert read_back(lambda page: row_of(page, (text, TEXT)))["A1"].quotePrefix is quoted


@pytest.mark.parametrize("text", ["007", "010203", "00012345", "1e5", "1/2"])
def test_references_stay_text_with_their_zeros(read_back: ReadBack, text: str) -> None:
    cell = read_back(lambda page: row_of(page, (text, TEXT)))["A1"]
    assert (cell.data_type, cell.value, cell.number_format) == ("s", text, "@")


def test_a_text_too_long_for_the_text_format_is_general(read_back: ReadBack) -> None:
    cell = read_back(lambda page: row_of(page, ("x" * 256, TEXT)))["A1"]
    assert (cell.data_type, cell.number_format) == ("s", "General")


@pytest.mark.parametrize(
    ("value", "kind", "number_format"),
    [
        (Decimal("-1234.50"), Kind.MONEY, "#,##0.00"),
        (Decimal("37.50"), Kind.HOURS, "0.00"),
        (41203, Kind.COUNT, "#,##0"),
        (41203, Kind.ROW, "0"),
    ],
)
def test_numbers_are_numbers(
    read_back: ReadBack, value: Decimal | int, kind: Kind, number_format: str
) -> None:
    cell = read_back(lambda page: row_of(page, (value, table_style(kind))))["A1"]
    assert (cell.data_type, cell.value, cell.number_format) == ("n", float(value), number_format)


@pytest.mark.parametrize("day", [date(1900, 3, 1), date(1970, 12, 31), date(2026, 2, 28), date(9999, 12, 31)])
def test_dates_are_dates_shown_the_british_way(read_back: ReadBack, day: date) -> None:
    cell = read_back(lambda page: row_of(page, (day, table_style(Kind.DATE))))["A1"]
    assert (cell.value.date(), cell.number_format) == (day, "dd/mm/yyyy")


@pytest.mark.parametrize(
    ("day", "text"),
    [(date(1900, 2, 28), "28/02/1900"), (date(1899, 12, 31), "31/12/1899"), (date(9, 1, 2), "02/01/0009")],
)
def test_dates_that_no_spreadsheet_holds_right_are_text(read_back: ReadBack, day: date, text: str) -> None:
    assert read_back(lambda page: row_of(page, (day, table_style(Kind.DATE))))["A1"].value == text


def test_a_blank_cell_keeps_its_place_in_the_grid(read_back: ReadBack) -> None:
    cell = read_back(lambda page: row_of(page, (None, TEXT), ("x", TEXT)))["A1"]
    assert cell.value is None
    assert cell.border.bottom.style == "thin"


def test_a_wrapped_text_gets_the_height_it_needs_and_may_grow(read_back: ReadBack) -> None:
    sheet = read_back(lambda page: row_of(page, ("word " * 20, TEXT)), widths=(20,))
    assert sheet.row_dimensions[1].height >= 5 * 15
    raw = read_back(lambda page: row_of(page, ("short", TEXT)), widths=(20,))
    assert raw.row_dimensions[1].height is None


def test_running_text_spans_the_width_and_is_shown_whole(read_back: ReadBack) -> None:
    sheet = read_back(lambda page: page.words("word " * 60, label="What it is"))
    assert [str(area) for area in sheet.merged_cells.ranges] == ["B1:C1"]
    assert sheet.row_dimensions[1].height >= 5 * 15
    assert sheet["B1"].alignment.wrap_text


def test_a_link_leads_to_a_row_of_a_sheet(read_back: ReadBack) -> None:
    def fill(page: Page) -> None:
        page.next_row()
        page.put(1, "there", table_style(Kind.TEXT, Mark.LINK), link=place("Bob's sheet", 7))

    assert read_back(fill)["A1"].hyperlink.location == "'Bob''s sheet'!A7"


def test_headings_stay_in_sight_repeat_on_paper_and_filter(read_back: ReadBack) -> None:
    def fill(page: Page) -> None:
        page.title("Title")
        heading = page.headings(("A", "B", "C"))
        page.keep_in_sight(heading, columns=1)
        row_of(page, ("x", TEXT), ("y", TEXT), ("z", TEXT))
        page.filter(heading, 3)

    sheet = read_back(fill)
    assert sheet.freeze_panes == "B3"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$2:$2", "$A:$A")
    assert sheet.auto_filter.ref == "A2:C3"


@pytest.mark.parametrize(
    ("widths", "paper", "pages"),
    [
        pytest.param((100, 100), 9, 1, id="A4"),
        pytest.param((200, 100), 8, 1, id="A3"),
        pytest.param((300, 300, 300), 8, 3, id="A3, as many pages side by side as can be read"),
    ],
)
def test_pages_print_landscape_to_the_width_of_the_paper(
    read_back: ReadBack, widths: tuple[float, ...], paper: int, pages: int
) -> None:
    setup = read_back(lambda page: page.title("Title"), widths=widths)
    assert (setup.page_setup.orientation, setup.page_setup.paperSize) == ("landscape", paper)
    assert (setup.page_setup.fitToWidth, setup.page_setup.fitToHeight) == (pages, 0)
    assert setup.sheet_properties.pageSetUpPr.fitToPage
    assert "Personal data" in setup.oddFooter.left.text


def luminance(colour: str) -> float:
    parts = [int(colour[-6:][place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_style_has_the_contrast_that_wcag_asks_for(read_back: ReadBack) -> None:
    styles = list(Book("Invented").styles)

    def fill(page: Page) -> None:
        for name in styles:
            row_of(page, (name, name))

    sheet = read_back(fill)
    for (cell,) in sheet.iter_rows(max_col=1):
        paper = cell.fill.fgColor.rgb if cell.fill.fill_type else "FFFFFF"
        light, dark = sorted((luminance(paper), luminance(cell.font.color.rgb)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 7, cell.value


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=40), min_size=1, max_size=20))
@settings(max_examples=examples(24), deadline=None)
def test_any_text_survives_or_is_visibly_replaced(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "one.xlsx"
        book = Book("Invented")
        page = Page(book, "One", (20,))
        for text in texts:
            row_of(page, (f"<{text}", TEXT))
        book.save(target)
        sheet = openpyxl.load_workbook(target)["One"]
        peer = CalamineWorkbook.from_path(target).get_sheet_by_name("One").to_python()
    for row, text in enumerate(texts, start=1):
        held = safe_text(f"<{text}")
        assert (sheet.cell(row, 1).value, sheet.cell(row, 1).data_type) == (held, "s")
        assert peer[row - 1][0] == ESCAPE.sub(lambda found: chr(int(found[1], 16)), held)


@given(st.lists(st.text(max_size=45), max_size=12))
def test_sheet_names_are_legal_and_unique(wanted: list[str]) -> None:
    names: list[str] = []
    for text in wanted:
        names.append(sheet_name(text, names))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert name.strip(" '") == name
        assert name.casefold() != "history"


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("nino", [], "nino"),
        ("same-creditor-invoice-amount", [], "same-creditor-invoice-amount"),
        ("a" * 40, [], "a" * 31),
        ("a" * 40, ["A" * 31], "a" * 27 + " (2)"),
        ("either/or?", [], "either-or-"),
        ("History", [], "History (2)"),
        ("''", [], "Sheet"),
    ],
)
def test_a_sheet_name_stays_close_to_what_was_wanted(wanted: str, taken: list[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


@pytest.mark.parametrize(("number", "words"), [(0, "0 cases"), (1, "1 case"), (41203, "41,203 cases")])
def test_numbers_read_with_their_noun(number: int, words: str) -> None:
    assert counted(number, "case") == words


def test_titles_and_notices_have_styles_of_their_own(read_back: ReadBack) -> None:
    def fill(page: Page) -> None:
        page.title("Title")
        page.words("Careful", Words.NOTICE)

    sheet = read_back(fill)
    assert sheet["A1"].font.bold
    assert sheet["A2"].fill.fill_type == "solid"
    assert sheet["A2"].font.bold
