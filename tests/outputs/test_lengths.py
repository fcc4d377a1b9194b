import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from outputs.written.lengths import (
    DATE_WIDTH,
    NO_LENGTHS,
    LengthTable,
    added,
    amount_lengths,
    date_lengths,
    length_table,
    longer_than,
    longest,
)

INT64 = st.integers(-(2**63), 2**63 - 1) | st.integers(-1000, 1000) | st.sampled_from([10**18, -(10**18)])


def counted(table: LengthTable) -> dict[int, int]:
    return {length: int(count) for length, count in enumerate(table) if count}


@given(st.lists(st.none() | INT64))
def test_amounts_are_as_long_as_they_are_written(amounts: list[int | None]) -> None:
    written = [len(str(amount)) for amount in amounts if amount is not None]
    table = amount_lengths(pa.array(amounts, pa.int64()))
    assert counted(table) == {length: written.count(length) for length in written}
    assert longest(table) == max(written, default=0)


@given(st.lists(st.none() | st.integers(1, 40)), st.lists(st.integers(1, 40)), st.integers(1, 40))
def test_tables_add_up(one: list[int | None], other: list[int], width: int) -> None:
    both = [length for length in [*one, *other] if length is not None]
    tables = [length_table(pa.array(part, pa.int32())) for part in (one, other)]
    total = added(*tables)
    assert counted(total) == counted(added(*reversed(tables))) == {n: both.count(n) for n in both}
    assert longer_than(total, width) == sum(length > width for length in both)


def test_dates_are_all_as_long_as_their_format() -> None:
    assert counted(date_lengths(pa.array([1, None, 2], pa.int32()).cast(pa.date32()))) == {DATE_WIDTH: 2}


def test_nothing_has_no_length() -> None:
    assert (longest(NO_LENGTHS), longer_than(NO_LENGTHS, 1)) == (0, 0)
