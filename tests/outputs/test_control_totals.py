"""Every value here is invented."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.written.control_totals import CountedField, FieldTotals, survey
from outputs.written.lengths import longer_than, longest
from outputs.written.sent_records import AS_THEY_STAND
from outputs.written.written_form import FileLayout, WrittenForm, written_form
from specs.specification import CharacterSet, FieldFormat

FIELDS = [
    CountedField("name", "Creditor name", FieldFormat.CHARACTER),
    CountedField("paid", "Payment date", FieldFormat.DATE),
    CountedField("amount", "Total invoice amount", FieldFormat.MONEY),
]
SCHEMA = pa.schema([("name", pa.string()), ("paid", pa.date32()), ("amount", pa.int64())])


def batches(rows: Sequence[tuple[object, ...]], size: int = 2) -> list[pa.RecordBatch]:
    table = pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], SCHEMA)
    made: list[pa.RecordBatch] = table.to_batches(max_chunksize=size)
    return made


def totals(rows: Sequence[tuple[object, ...]]) -> dict[str, FieldTotals]:
    return {each.field: each for each in survey(batches(rows), FIELDS).totals.fields}


def test_totals_of_a_small_ledger() -> None:
    rows = [
        ("ÅSTRÖM LTD", date(2024, 5, 1), 12_000),
        ("SMITH\nDECORATORS", None, -500),
        (None, date(2023, 4, 30), None),
    ]
    found = survey(batches(rows), FIELDS).totals
    assert found.records == 3
    assert found.fields == (
        FieldTotals(field="Creditor name", blanks=1, not_ascii=1, replaced=1),
        FieldTotals(field="Payment date", blanks=1, earliest=date(2023, 4, 30), latest=date(2024, 5, 1)),
        FieldTotals(
            field="Total invoice amount",
            blanks=1,
            total=11_500,
            smallest=-500,
            largest=12_000,
            negatives=1,
            zeros=0,
        ),
    )


@pytest.mark.parametrize(
    ("form", "not_ascii", "transliterated"),
    [
        pytest.param(AS_THEY_STAND, 2, None, id="UTF-8"),
        pytest.param(written_form(), 0, 2, id="ASCII"),
        pytest.param(written_form(FileLayout.FIXED_WIDTH), 0, 2, id="fixed width"),
    ],
)
def test_what_ascii_lacks_is_counted_as_it_is_written(
    form: WrittenForm, not_ascii: int, transliterated: int | None
) -> None:
    rows = [("ÅSTRÖM", None, None), ("ÅSTRÖM", None, None), ("SMITH", None, None), (None, None, None)]
    found = survey(batches(rows, 3), FIELDS, form)
    assert found.totals.fields[0] == FieldTotals(
        field="Creditor name", blanks=1, not_ascii=not_ascii, transliterated=transliterated, replaced=0
    )
    assert found.totals.transliterated == (transliterated or 0)
    assert found.text_bytes == (21 if form.ascii_only is False else 17)


def test_what_is_written_is_surveyed_anew_with_the_same_result() -> None:
    """But for what only the records themselves can tell."""
    rows = [("“Åström”\n", date(2024, 5, 1), 5), (None, None, None)]
    found = survey(batches(rows), FIELDS, written_form())
    assert found.holds('"')
    again = survey(batches([('"Astrom"', date(2024, 5, 1), 5), (None, None, None)]), FIELDS, written_form())
    only_before = {"replaced": None, "transliterated": None}
    assert [each.model_copy(update=only_before) for each in again.totals.fields] == [
        each.model_copy(update=only_before) for each in found.totals.fields
    ]


def test_lengths_are_those_of_what_is_written() -> None:
    rows = [("Straße", None, -500), ("B", date(2024, 5, 1), 12), (None, None, None)]
    lengths = survey(batches(rows), FIELDS, written_form(FileLayout.FIXED_WIDTH)).lengths
    assert {column: longest(table) for column, table in lengths.items()} == {
        "name": 7,
        "paid": 8,
        "amount": 4,
    }
    assert longer_than(lengths["name"], 6) == 1
    assert longer_than(lengths["amount"], 1) == 2
    assert survey(batches(rows), FIELDS, written_form(characters=CharacterSet.UTF_8)).lengths == {}


def test_a_field_that_is_blank_throughout_has_no_total_rather_than_zero() -> None:
    found = totals([("A", None, None)])
    assert found["Total invoice amount"].total is None
    assert found["Total invoice amount"].blanks == 1
    assert found["Payment date"].earliest is None


def test_a_total_beyond_64_bits_is_still_right() -> None:
    largest = 2**63 - 1
    assert totals([("A", None, largest)] * 5)["Total invoice amount"].total == 5 * largest


def test_no_records_give_no_totals() -> None:
    assert survey([], FIELDS).totals.records == 0
    assert totals([]).keys() == {"Creditor name", "Payment date", "Total invoice amount"}


def test_a_year_that_ddmmyyyy_cannot_write_is_refused() -> None:
    far = pa.RecordBatch.from_arrays(
        [pa.array(["A"]), pa.array([3_000_000], pa.int32()).cast(pa.date32()), pa.array([1])], schema=SCHEMA
    )
    with pytest.raises((OverflowError, ValueError)):
        survey([far], FIELDS)


@given(
    st.lists(
        st.tuples(
            st.none() | st.text(st.sampled_from("aé"), min_size=1),
            st.none() | st.dates(),
            st.none() | st.integers(-(2**63), 2**63 - 1),
        ),
        max_size=9,
    )
)
def test_totals_agree_with_duckdb(rows: Sequence[tuple[object, ...]]) -> None:
    ledger = pa.Table.from_batches(batches(rows), SCHEMA)  # noqa: F841, named in the query
    with duckdb.connect() as connection:
        oracle = connection.execute(
            """
            select count(*), count(*) - count(name), count(*) - count(paid), min(paid), max(paid),
                   count(*) - count(amount), sum(amount), min(amount), max(amount),
                   count(*) filter (amount < 0)
            from ledger
            """
        ).fetchone()
    found = survey(batches(rows), FIELDS).totals
    name, paid, amount = found.fields
    assert oracle == (
        found.records, name.blanks, paid.blanks, paid.earliest, paid.latest,
        amount.blanks, amount.total, amount.smallest, amount.largest, amount.negatives,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "characters", "answer"),
    [
        pytest.param("SMITH, J", ',"', True, id="comma"),
        pytest.param('6" PIPE', ',"', True, id="double quote"),
        pytest.param("SMITH J", ',"', False, id="neither"),
    ],
)
def test_a_survey_knows_which_characters_occur(text: str, characters: str, answer: bool) -> None:
    assert survey(batches([(text, None, None), ("B", None, None)]), FIELDS).holds(characters) is answer
