"""Fixed-width text. Every value is invented."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from specs.errors import ExtractUnreadable
from specs.formats import fixed_width
from specs.formats.fixed_layout import FixedColumn, FixedLayout, read_layout
from specs.read import ReadingOptions, open_extract, propose_layout
from tests import reading
from tests.examples import examples
from tests.reading import records, records_or_refusal

NAME = "Zebedee"
COLUMNS = (("Reference", 1, 6), ("Name", 7, 12), ("Sum", 19, 9))
LAYOUT = "columns:\n" + "".join(
    f"- {{heading: {heading}, start: {start}, width: {width}}}\n" for heading, start, width in COLUMNS
)


def line(reference: str, name: str, amount: str) -> str:
    return f"{reference:<6}{name:<12}{amount:>9}\n"


ROWS = line("000123", "Ann Example", "12.50") + line("000124", "Bo", "1234.00") + line("125", "", "7.00")
READ = [("000123", "Ann Example", "12.50"), ("000124", "Bo", "1234.00"), ("125", "", "7.00")]


def saved(folder: Path, content: str | bytes, name: str = "extract.txt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def options(folder: Path, layout: str = LAYOUT, name: str = "layout.yaml", **others: Any) -> ReadingOptions:
    return ReadingOptions(layout=saved(folder, layout, name), **others)


def refusal(path: Path, how: ReadingOptions) -> str:
    return reading.refusal(path, how, secret=NAME)


@pytest.mark.parametrize(
    ("above", "row"),
    [
        pytest.param("", 1, id="no headings"),
        pytest.param("\n", 2, id="blank row"),
        pytest.param(line("Refere", "Name", "Sum"), 2, id="headings, one of them cut at its width"),
        pytest.param("PAYMENTS\n\n" + line("REF", "NAME", "SUM"), 4, id="headings below a title"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_columns_are_cut_where_the_layout_says_and_padding_goes(
    tmp_path: Path, above: str, row: int, line_end: str
) -> None:
    path = saved(tmp_path, (above + ROWS).replace("\n", line_end))
    extract = open_extract(path, options(tmp_path))
    assert extract.headings == ("Reference", "Name", "Sum")
    assert records(extract) == [(row + index, *values) for index, values in enumerate(READ)]
    assert extract.format.describe() == "fixed width (27 characters, layout layout.yaml), UTF-8"


def test_a_layout_may_be_a_csv_file(tmp_path: Path) -> None:
    layout = "Heading,Start,Width\n" + "".join(f"{h},{s},{w}\n" for h, s, w in COLUMNS)
    extract = open_extract(saved(tmp_path, ROWS), options(tmp_path, layout, "layout.csv"))
    assert [row[1:] for row in records(extract)] == READ


def test_the_layout_can_say_that_row_1_holds_headings(tmp_path: Path) -> None:
    text = line("No", "Who", "GBP") + ROWS
    assert len(records(open_extract(saved(tmp_path, text), options(tmp_path)))) == 4
    extract = open_extract(saved(tmp_path, text), options(tmp_path, "headings: true\n" + LAYOUT))
    assert records(extract)[0] == (2, *READ[0])


def test_the_row_of_headings_can_be_named(tmp_path: Path) -> None:
    text = "some title\n" + line("No", "Who", "GBP") + ROWS
    extract = open_extract(saved(tmp_path, text), options(tmp_path, heading_row=2))
    assert [title.text for title in extract.titles] == ["some title"]
    assert records(extract)[0] == (3, *READ[0])


def test_positions_count_characters_and_not_bytes(tmp_path: Path) -> None:
    text = line("1", "Zoë £ Exämple", "1.00")
    text = line("1", "Zoë £ Exämpl", "1.00") + line("2", "Bo", "2.00")
    for encoding in ("utf-8", "cp1252", "utf-16"):
        extract = open_extract(saved(tmp_path, text.encode(encoding)), options(tmp_path))
        assert records(extract)[0] == (1, "1", "Zoë £ Exämpl", "1.00")


def test_fixed_width_text_may_be_packed(tmp_path: Path) -> None:
    extract = open_extract(saved(tmp_path, gzip.compress(ROWS.encode())), options(tmp_path))
    assert [row[1:] for row in records(extract)] == READ


@pytest.mark.parametrize(
    ("below", "footer"),
    [
        pytest.param("END OF REPORT\n", ("END OF REPORT", None), id="of another length"),
        pytest.param(f"{'TRAILER 000003':<27}\n", ("TRAILER 000003", 3), id="of the same length"),
        pytest.param("TRAILER0000003\n", ("TRAILER 0000003", 3), id="number right behind the mark"),
        pytest.param(f"{'Total':<18}{'1253.50':>9}\n", ("Total 1253.50", None), id="total"),
        pytest.param("\n3 records\n\x1a", ("3 records", 3), id="number of records"),
    ],
)
def test_footers_are_left_out_and_told(tmp_path: Path, below: str, footer: tuple[str, int | None]) -> None:
    extract = open_extract(saved(tmp_path, ROWS + below), options(tmp_path))
    assert [row[1:] for row in records(extract)] == READ
    assert [(each.text, each.count) for each in extract.footers] == [footer]


def test_rows_run_on_over_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_width, "_PART", 1000)
    lines, expected = [], []
    for number in range(1, 2_000):
        lines.append("\n" if number % 7 == 0 else line(str(number), "Ann", "1.00"))
        if number % 7:
            expected.append((number, str(number), "Ann", "1.00"))
    extract = open_extract(saved(tmp_path, "".join(lines)), options(tmp_path))
    assert records(extract) == expected
    assert extract.blank_rows == 1_999 - len(expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            ROWS + line("1", NAME, "1.00").replace("\n", "  x\n") + ROWS + ROWS,
            "1 row with 30 characters where the others have at most 27: row 4. Probably the layout ends too",
            id="a row too long",
        ),
        pytest.param(
            ROWS + f"{NAME:<28}x\n" * 30 + ROWS * 20, "30 rows with 29 characters", id="many rows too long"
        ),
        pytest.param("\n \n", "holds no records", id="blank rows"),
        pytest.param("123\n456\n", "its rows have 3 characters, but the layout", id="rows too short for it"),
        pytest.param("x" * (5 << 20), "row 1 is longer than", id="no line breaks"),
    ],
)
def test_rows_that_do_not_fit_the_layout_are_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(saved(tmp_path, text), options(tmp_path))


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        pytest.param("columns: []\n", "columns: Tuple should have at least 1 item", id="no columns"),
        pytest.param("- a\n", "is not a layout", id="a list"),
        pytest.param("columns: [{heading: a, start: 0, width: 1}]\n", "columns 1 start", id="starts at 0"),
        pytest.param("columns: [{heading: a, start: 1}]\n", "columns 1 width", id="no width"),
        pytest.param("columns: [{heading: a, start: x, width: 1}]\n", "columns 1 start", id="no number"),
        pytest.param("columns: [{heading: a, start: 1, width: 1, x: 1}]\n", "columns 1 x", id="unknown key"),
        pytest.param(
            "columns: [{heading: a, start: 1, width: 5}, {heading: b, start: 5, width: 1}]\n",
            "'b' begins at character 5, before 'a' ends at 5",
            id="overlap",
        ),
        pytest.param(
            "columns: [{heading: a, start: 1, width: 5}, {heading: a, start: 6, width: 1}]\n",
            "the same heading more than once: 'a'",
            id="heading twice",
        ),
        pytest.param("columns: [\n", "is not a layout (", id="no YAML"),
    ],
)
def test_a_file_that_is_no_layout_is_refused(tmp_path: Path, layout: str, said: str) -> None:
    assert said in refusal(saved(tmp_path, ROWS), options(tmp_path, layout))


def test_a_layout_that_is_not_there_is_refused(tmp_path: Path) -> None:
    how = ReadingOptions(layout=tmp_path / "none.yaml")
    assert "none.yaml: the layout cannot be read" in refusal(saved(tmp_path, ROWS), how)


@pytest.mark.parametrize("others", [{"delimiter": ","}, {"quote": "single"}], ids=["delimiter", "quote"])
def test_options_of_delimited_text_are_refused(tmp_path: Path, others: dict[str, str]) -> None:
    said = refusal(saved(tmp_path, ROWS), options(tmp_path, **others))
    assert "is read as fixed width, so --" in said


def test_blanks_that_were_cut_off_at_the_end_of_rows_are_thought_there(tmp_path: Path) -> None:
    text = ROWS + line("126", "Cyd", "") + line("", "", "") + line("127", "", "")
    stripped = "".join(f"{row.rstrip()}\n" for row in text.splitlines())
    extract = open_extract(saved(tmp_path, stripped), options(tmp_path))
    assert records(extract) == records(open_extract(saved(tmp_path, text, "padded.txt"), options(tmp_path)))
    assert extract.padded_rows == 2
    assert extract.blank_rows == 1


def test_blanks_beyond_the_layout_are_no_fault(tmp_path: Path) -> None:
    text = ROWS + line("126", "Cyd", "5.00").replace("\n", "   \n")
    assert len(records(open_extract(saved(tmp_path, text), options(tmp_path)))) == 4


@pytest.mark.parametrize("number", [1, 3, 99])
def test_a_row_of_headings_that_cannot_be_one_is_refused(tmp_path: Path, number: int) -> None:
    text = "\n" + ROWS
    layout = f"headings: true\nheading_row: {number + 1}\n" + LAYOUT
    if number == 3:
        assert "row 4 should hold headings" in refusal(saved(tmp_path, text), options(tmp_path, layout))
    else:
        how = options(tmp_path, heading_row=number)
        assert f"row {number} cannot be the row of headings" in refusal(saved(tmp_path, text), how)


SPACED = "".join(
    f"{reference} {name:<12} {amount:>9}\n"
    for reference, name, amount in [
        ("000123", "Ann Example", "12.50"),
        ("000124", "Bo Example", "1234.00"),
        ("000125", "Christine X", "7.00"),
    ]
)


def test_what_looks_like_fixed_width_is_not_read_before_a_person_has_confirmed(tmp_path: Path) -> None:
    path = saved(tmp_path, SPACED)
    said = refusal(path, ReadingOptions())
    assert "looks like fixed width with 3 columns" in said
    assert "nfi read extract.txt --write-layout layout.yaml" in said
    assert "--layout layout.yaml" in said

    proposed = saved(tmp_path, propose_layout(path, ReadingOptions()).as_yaml(), "layout.yaml")
    extract = open_extract(path, ReadingOptions(layout=proposed))
    assert extract.headings == ("Column 1", "Column 2", "Column 3")
    assert records(extract)[1] == (2, "000124", "Bo Example", "1234.00")


def test_headings_of_a_proposed_layout_are_those_of_the_file(tmp_path: Path) -> None:
    text = f"{'Ref':<6} {'Name of payee':<13}{'Sum':>9}\n" + SPACED
    layout = propose_layout(saved(tmp_path, text), ReadingOptions())
    assert layout.headings
    assert [column.heading for column in layout.columns] == ["Ref", "Name of payee", "Sum"]


STAFF = (("Employee", 9, "<"), ("Name of payee", 20, "<"), ("Address Line 1", 18, "<"), ("Pay", 9, "<"),
         ("Post", 22, "<"), ("Note", 6, "<"))  # fmt: skip
PEOPLE = [
    ("000123", "Ann Example", "1 Any Street", "12.50", "Head of service", ""),
    ("000124", "Bob Example-Sample", "12 Some Road", "1234.00", "", ""),
    ("000125", "Cyd Instance", "", "7.00", "Clerk", ""),
    ("000126", "Dee Specimen", "7 Any Street", "70.00", "Social worker", ""),
]
TITLES = f"{'Anytown Council':<50}April 2026\n\nStaff in post\n"


def staff(*rows: tuple[str, ...], stripped: bool = False) -> str:
    lines = [
        "".join(f"{value:{side}{width}}" for value, (_, width, side) in zip(row, STAFF, strict=True))
        for row in rows
    ]
    return "".join(f"{each.rstrip() if stripped else each}\n" for each in lines)


@pytest.mark.parametrize("stripped", [False, True], ids=["padded", "stripped"])
@pytest.mark.parametrize("titles", ["", TITLES], ids=["no titles", "titles"])
@pytest.mark.parametrize("named", [False, True], ids=["found", "named"])
def test_the_row_of_headings_gives_the_columns(
    tmp_path: Path, stripped: bool, titles: str, named: bool
) -> None:
    headings = tuple(heading for heading, *_ in STAFF)
    path = saved(tmp_path, titles + staff(headings, *PEOPLE, stripped=stripped))
    row = 1 + titles.count("\n")
    how = ReadingOptions(heading_row=row if named else None)
    assert f"6 columns and headings in row {row}" in refusal(path, how)
    layout = propose_layout(path, how)
    assert (layout.headings, layout.heading_row) == (True, row)
    assert [column.heading for column in layout.columns] == list(headings)

    extract = open_extract(path, options(tmp_path, layout.as_yaml()))
    assert [record[1:] for record in records(extract)] == PEOPLE
    assert extract.heading_row == row
    assert [title.row for title in extract.titles] == ([1, 3] if titles else [])


def test_headings_that_touch_are_parted_where_values_begin(tmp_path: Path) -> None:
    text = f"{'EmployeeName':<20}{'Pay':>9}\n" + "".join(f"{n:<8}{'Ann':<12}{n:>9}\n" for n in (12, 13, 14))
    layout = propose_layout(saved(tmp_path, text), ReadingOptions())
    assert [(column.heading, column.start) for column in layout.columns][:2] == [("Employee", 1), ("Name", 9)]


def test_rows_that_lost_their_padding_are_recognised_without_headings(tmp_path: Path) -> None:
    path = saved(tmp_path, staff(*PEOPLE, stripped=True))
    assert "looks like fixed width" in refusal(path, ReadingOptions())
    layout = propose_layout(path, ReadingOptions())
    assert not layout.headings
    assert [column.start for column in layout.columns][:3] == [1, 10, 14]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Post code\nAB10 1XY\nEH11 2AB\nSW1A 1AA\n", id="one column of two words"),
        pytest.param("Remark\nseen 1 May  ok\nnot seen\nleft 2 May\n", id="notes"),
        pytest.param("name\nAnn\nBob\nCyd\n", id="one column"),
        pytest.param("Reference\nQQ123457C\nQQ123458C\nQQ123459C\n", id="one column of equal length"),
        pytest.param("a b,c d\n1 2,3 4\n5 6,7 8\n9 1,2 3\n", id="delimited"),
        pytest.param("ab   |cd   |\n12   |34   |\n56   |78   |\n11   |22   |\n", id="padded and delimited"),
        pytest.param("Ann Example\nBo Sample\nCyd Instance\n", id="names of different length"),
    ],
)
def test_delimited_text_and_single_columns_are_not_taken_for_fixed_width(tmp_path: Path, text: str) -> None:
    assert records(open_extract(saved(tmp_path, text)))


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "x\n"])
def test_no_layout_is_proposed_for_other_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(ExtractUnreadable, match="does not look like fixed width"):
        propose_layout(saved(tmp_path, text), ReadingOptions())


def test_a_longer_sum_further_down_keeps_its_first_digits(tmp_path: Path) -> None:
    path = saved(tmp_path, SPACED)
    layout = propose_layout(path, ReadingOptions())
    assert [(column.start, column.width) for column in layout.columns] == [(1, 7), (8, 11), (19, 11)]


def test_gaps_between_columns_are_known() -> None:
    columns = [("b", 10, 2), ("a", 3, 4), ("c", 12, 1)]
    layout = FixedLayout(columns=tuple(FixedColumn(heading=h, start=s, width=w) for h, s, w in columns))
    assert layout.gaps() == ((1, 2), (7, 9))


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\n\x1a ", exclude_categories=["Cs"]), max_size=8
)


@settings(max_examples=examples(67))
@given(rows=st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=8))
@example(rows=[("", "H", "H")])
def test_any_table_written_with_padding_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = "".join(f"{a:<8}{b:<8}{c:<8}\n" for a, b, c in rows)
    # Headings that are cut at their width to what no value will be: else a record may be what they are.
    layout = "columns:\n" + "".join(
        f"- {{heading: Unlikely{n}, start: {8 * n + 1}, width: 8}}\n" for n in range(3)
    )
    path = saved(folder, text, "any.txt")
    expected = [(number, *row) for number, row in enumerate(rows, start=1) if "".join(row).strip()]
    how = options(folder, layout, "any.yaml", encoding="utf-8")
    if not expected:
        assert "no records" in reading.refusal(path, how)
        return
    extract = open_extract(path, how)
    found = records(extract)
    left_out = {footer.row for footer in extract.footers}
    assert found == [row for row in expected if row[0] not in left_out]


@settings(deadline=None, max_examples=examples(100))
@given(content=st.binary(max_size=120))
def test_any_layout_and_any_text_give_records_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for how in (
        ReadingOptions(layout=saved(folder, content, "bytes.yaml")),
        ReadingOptions(layout=saved(folder, content, "bytes.csv")),
    ):
        assert "bytes" in refusal(saved(folder, ROWS), how)
    records_or_refusal(saved(folder, content, "bytes.txt"), options(folder))


def test_a_layout_that_is_written_is_read_back(tmp_path: Path) -> None:
    layout = FixedLayout(headings=True, columns=(FixedColumn(heading="NO: yes # '£'", start=1, width=3),))
    assert read_layout(saved(tmp_path, layout.as_yaml(), "layout.yaml")).layout == layout
