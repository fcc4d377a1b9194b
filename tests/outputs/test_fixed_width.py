"""Every value here is invented."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from outputs.written.fixed_width import (
    LayoutUnfit,
    fixed_heading,
    fixed_lines,
    in_pieces,
    layout_csv,
    read_fixed,
    written_layout,
)
from outputs.written.sent_records import records_as_sent
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout, HeadingNotAscii, written_form
from specs.formats.fixed_layout import FixedColumn, FixedLayout, LayoutFile, read_layout
from specs.read import ReadingOptions, open_extract
from specs.specification import Specification
from tests.outputs.invented_records import ALLOTMENTS, records, surveyed, with_widths

FIXED = written_form(FileLayout.FIXED_WIDTH)
WITH_HEADINGS = written_form(FileLayout.FIXED_WIDTH, headings=True)
PLOTS = records(
    [
        ("007", "Zoë Müller", date(2024, 5, 1), 12_345, None, None),
        ("12", "Siân O’Neill", None, -500, 0, "Flat 2, the 'Forge'"),
    ]
)


def layout_of(*places: tuple[str, int, int]) -> LayoutFile:
    columns = tuple(FixedColumn(heading=name, start=start, width=width) for name, start, width in places)
    return LayoutFile("mine.csv", FixedLayout(columns=columns))


OWN_ORDER = layout_of(
    ("tenant", 1, 15), ("Plot", 17, 4), ("LET SINCE", 30, 8), ("Rent", 21, 7), ("Hours of water", 40, 4),
    ("Remarks", 50, 20),
)  # fmt: skip


def lines_of(
    layout: FixedLayout, batch: pa.RecordBatch = PLOTS, sign: NegativeSign = NegativeSign.LEADING
) -> bytes:
    return fixed_lines(records_as_sent(batch, ALLOTMENTS, FIXED), ALLOTMENTS, layout, negative_sign=sign)


def as_wide_as_the_data(batch: pa.RecordBatch = PLOTS) -> FixedLayout:
    return written_layout(ALLOTMENTS, surveyed(batch, FIXED), None, FIXED)


def test_text_stands_left_amounts_right_and_blanks_are_spaces() -> None:
    layout = as_wide_as_the_data()
    assert [column.width for column in layout.columns] == [3, 12, 8, 5, 1, 19]
    assert lines_of(layout).decode().split("\r\n") == [
        "007Zoe Muller  0105202412345                    ",
        "12 Sian O'Neill         -5000Flat 2, the 'Forge'",
        "",
    ]


def test_the_minus_stands_where_it_was_asked_for() -> None:
    assert b" 500-0Flat" in lines_of(as_wide_as_the_data(), sign=NegativeSign.TRAILING)


def test_a_field_that_is_blank_throughout_still_has_a_place() -> None:
    layout = as_wide_as_the_data(records([("1", None, None, None, None, None)]))
    assert [column.width for column in layout.columns] == [1, 1, 8, 1, 1, 1]


def test_the_specification_says_how_wide_fields_are_where_it_says_so_for_all() -> None:
    layout = written_layout(with_widths(5, 20, 8, 9, 6, 30), surveyed(PLOTS, FIXED), None, FIXED)
    assert [column.width for column in layout.columns] == [5, 20, 8, 9, 6, 30]
    assert [column.start for column in layout.columns] == [1, 6, 26, 34, 43, 49]


def test_a_given_layout_counts_with_its_own_order_and_gaps() -> None:
    layout = written_layout(with_widths(5, 20, 8, 9, 6, 30), surveyed(PLOTS, FIXED), OWN_ORDER, FIXED)
    assert [column.heading for column in layout.columns] == [field.name for field in ALLOTMENTS.fields]
    first, second, _ = lines_of(layout).decode().split("\r\n")
    assert first == "Zoe Muller      007   12345  01052024" + " " * 32
    assert second == "Sian O'Neill    12     -500" + " " * 15 + "0      Flat 2, the 'Forge' "


@pytest.mark.parametrize(
    ("specification", "given", "says"),
    [
        pytest.param(
            ALLOTMENTS,
            layout_of(("Plot", 1, 3)),
            r"mine\.csv: gives no place to the field 'Tenant' of allotments 2026-27",
            id="a field has no place",
        ),
        pytest.param(
            ALLOTMENTS,
            layout_of(*((c.heading, c.start, c.width) for c in OWN_ORDER.layout.columns), ("Notes", 90, 5)),
            r"mine\.csv: has a place for 'Notes', which is no field",
            id="a place has no field",
        ),
        pytest.param(
            with_widths(5, 20, 8, 4, 6, 30),
            None,
            r"allotments, field 'Rent': 1 value has more than the 4 characters of the layout \(of allotments "
            r"2026-27 \(provisional\)\); the longest has 5\. Nothing is cut",
            id="an amount that does not fit",
        ),
        pytest.param(
            with_widths(2, 11, 7, 5, 1, 30),
            None,
            r"field 'Plot': 1 value has more than the 2 characters .* So it is with 2 more of its fields",
            id="several fields",
        ),
        pytest.param(
            with_widths(3, 9, 8, 5, 1, 30), None, r"'Tenant': 2 values have .* longest has 12", id="several"
        ),
    ],
)
def test_nothing_is_cut_and_nothing_stays_behind(
    specification: Specification, given: LayoutFile | None, says: str
) -> None:
    with pytest.raises(LayoutUnfit, match=says) as refused:
        written_layout(specification, surveyed(PLOTS, FIXED), given, FIXED)
    assert refused.value.exit_code == 2


def test_a_value_longer_than_any_line_is_refused() -> None:
    batch = records([("1", "x" * (1 << 20), None, None, None, None)])
    with pytest.raises(LayoutUnfit, match=r"'Tenant': its longest value has 1,048,576 characters"):
        as_wide_as_the_data(batch)


def test_wide_lines_are_made_a_few_at_a_time() -> None:
    batch = records([(str(n), "x" * 900_000, None, None, None, None) for n in range(40)])
    pieces = [*in_pieces(batch, as_wide_as_the_data(batch))]
    assert [piece.num_rows for piece in pieces] == [18, 18, 4]
    assert pa.Table.from_batches(pieces) == pa.Table.from_batches([batch])


def test_two_columns_that_could_be_the_same_field_are_refused() -> None:
    given = layout_of(("plot", 1, 3), ("PLOT", 4, 3))
    with pytest.raises(LayoutUnfit, match="more than one place to the field 'Plot'"):
        written_layout(ALLOTMENTS, surveyed(PLOTS, FIXED), given, FIXED)


@pytest.mark.parametrize(
    ("value", "why"), [("1" * 40, "does not fit"), ("é", "not ASCII")], ids=["too long", "not ASCII"]
)
def test_what_would_break_the_places_is_never_written(value: str, why: str) -> None:
    batch = records([(value, None, None, None, None, None)])
    with pytest.raises(ValueError, match=why):
        fixed_lines(batch, ALLOTMENTS, as_wide_as_the_data(), negative_sign=NegativeSign.LEADING)


def test_part_of_a_batch_is_written_as_it_would_be_alone() -> None:
    layout = as_wide_as_the_data()
    assert lines_of(layout, PLOTS.slice(1)) == lines_of(layout)[50:]
    assert lines_of(layout, PLOTS.slice(2)) == b""


def test_headings_are_cut_at_their_places() -> None:
    layout = written_layout(ALLOTMENTS, surveyed(PLOTS, FIXED), None, WITH_HEADINGS)
    assert fixed_heading(layout) == b"PloTenant      Let sincRent HRemarks            \r\n"


def test_a_heading_outside_ascii_is_refused() -> None:
    with pytest.raises(HeadingNotAscii):
        fixed_heading(layout_of(("Rent £", 1, 6)).layout)


@pytest.mark.parametrize("headings", [False, True], ids=["no headings", "headings"])
@pytest.mark.parametrize("given", [None, OWN_ORDER], ids=["as wide as the data", "own order"])
def test_nfi_reads_the_file_by_the_layout_that_goes_with_it(
    tmp_path: Path, headings: bool, given: LayoutFile | None
) -> None:
    form = written_form(FileLayout.FIXED_WIDTH, headings=headings)
    layout = written_layout(ALLOTMENTS, surveyed(PLOTS, form), given, form)
    (tmp_path / "layout.csv").write_bytes(layout_csv(layout))
    heading = fixed_heading(layout) if headings else b""
    (tmp_path / "allotments.txt").write_bytes(heading + lines_of(layout))
    extract = open_extract(
        tmp_path / "allotments.txt", ReadingOptions(layout=read_layout(tmp_path / "layout.csv"))
    )
    (batch,) = extract.batches()
    assert batch.schema.names[1:] == [field.name for field in ALLOTMENTS.fields]
    assert batch.column(0).to_pylist() == [2, 3] if headings else [1, 2]
    assert [list(row.values())[1:] for row in batch.to_pylist()] == [
        ["007", "Zoe Muller", "01052024", "12345", "", ""],
        ["12", "Sian O'Neill", "", "-500", "0", "Flat 2, the 'Forge'"],
    ]


class OneByteAtATime(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(1 if size else size)


def test_a_stream_may_give_less_than_was_asked_for() -> None:
    layout = as_wide_as_the_data()
    batches = [*read_fixed(OneByteAtATime(lines_of(layout)), layout, block=1)]
    assert [batch.num_rows for batch in batches] == [1, 1]


def spoilt(place: int, character: bytes) -> bytes:
    content = bytearray(lines_of(written_layout(ALLOTMENTS, surveyed(PLOTS, FIXED), OWN_ORDER, FIXED)))
    content[place : place + 1] = character
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(spoilt(0, b""), id="a line that is too short"),
        pytest.param(spoilt(0, b"ZZ"), id="a line that is too long"),
        pytest.param(spoilt(69, b" "), id="no line end"),
        pytest.param(spoilt(0, b"\n"), id="a line end inside a field"),
        pytest.param(spoilt(0, b"\xe9"), id="outside ASCII"),
        pytest.param(spoilt(15, b"x"), id="something between the fields"),
    ],
)
def test_a_file_that_is_not_as_written_is_refused(content: bytes) -> None:
    layout = written_layout(ALLOTMENTS, surveyed(PLOTS, FIXED), OWN_ORDER, FIXED)
    with pytest.raises(ValueError, match="it"):
        [*read_fixed(io.BytesIO(content), layout)]


def rows_of(batches: Sequence[pa.RecordBatch]) -> int:
    return sum(batch.num_rows for batch in batches)


def test_headings_that_are_missing_or_others_are_refused() -> None:
    layout = written_layout(ALLOTMENTS, surveyed(PLOTS, FIXED), None, WITH_HEADINGS)
    assert rows_of([*read_fixed(io.BytesIO(fixed_heading(layout) + lines_of(layout)), layout)]) == 2
    for content in (lines_of(layout), b""):
        with pytest.raises(ValueError, match="headings"):
            [*read_fixed(io.BytesIO(content), layout)]
