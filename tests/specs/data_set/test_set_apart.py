"""Records that may share a key, against loops over lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specs.data_set import AcrossContext
from specs.data_set import set_apart as module
from specs.data_set.set_apart import SharedKey, set_apart
from tests.examples import examples
from tests.holding import HoldingEngine

ContextOf = Callable[..., AcrossContext]
NAME = SharedKey(
    parts=('upper("surname")',), filled='"surname" is not null', columns=("surname", "forenames")
)
NEAR_BLANK = SharedKey(
    parts=('"surname"', '"forenames"'),
    filled='"surname" is not null and "forenames" is not null',
    with_one='"ni_number" is null',
    columns=("surname", "ni_number"),
)
VALUES = st.sampled_from([None, "Able", "ABLE", "Baker", "Carr"])
RECORDS = st.lists(
    st.fixed_dictionaries({"surname": VALUES, "forenames": VALUES, "ni_number": VALUES}), max_size=12
)
SETTINGS = settings(
    deadline=None, max_examples=examples(16), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def rows_of(records: object) -> list[int]:
    assert isinstance(records, pa.Table)
    return list(records.column("source_row").to_pylist())


@SETTINGS
@given(records=RECORDS)
def test_every_record_that_shares_a_key_is_set_apart_and_no_other(
    context_of: ContextOf, records: list[dict[str, str | None]]
) -> None:
    apart = set_apart(context_of("payroll", records), [NAME, NEAR_BLANK])
    names = Counter(record["surname"].upper() for record in records if record["surname"])
    by_name = [
        row
        for row, record in enumerate(records, start=2)
        if record["surname"] and names[record["surname"].upper()] > 1
    ]
    whole = [(record["surname"], record["forenames"]) for record in records]
    blank = {name for name, record in zip(whole, records, strict=True) if not record["ni_number"]}
    near = [row for row, name in enumerate(whole, start=2) if all(name) and name in blank]
    for key, expected in ((NAME, by_name), (NEAR_BLANK, near)):
        assert apart.counts[key] == len(expected)
        if expected:
            assert rows_of(apart.records[key]) == expected


@SETTINGS
@given(records=RECORDS)
def test_records_that_only_the_engine_can_read_are_counted_and_looked_at_where_they_are(
    context_of: ContextOf, tmp_path: Path, records: list[dict[str, str | None]]
) -> None:
    context = context_of("payroll", records)
    engine = HoldingEngine(tmp_path)
    held = engine.sql_into(tmp_path, "select * from records", records=context.records)
    there = set_apart(replace(context, engine=engine, records=held), [NAME, NEAR_BLANK])
    whole = Counter((record["surname"], record["forenames"]) for record in records)
    blank = {(each["surname"], each["forenames"]) for each in records if not each["ni_number"]}
    near = [count for name, count in whole.items() if all(name) and count > 1 and name in blank]
    assert there.counts == {NAME: set_apart(context, [NAME]).counts[NAME], NEAR_BLANK: sum(near)}
    assert set(there.records.values()) == {held}


def test_a_key_asked_for_twice_is_looked_for_once(context_of: ContextOf) -> None:
    apart = set_apart(context_of("payroll", [{"surname": "Able"}, {"surname": "able"}]), [NAME, NAME])
    assert dict(apart.counts) == {NAME: 2}


def test_where_many_may_share_a_key_all_records_are_looked_at(
    context_of: ContextOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    context = context_of("payroll", [{"surname": "Able"}] * 3)
    apart = set_apart(context, [NAME])
    assert apart.counts[NAME] == 3
    assert apart.records[NAME] == context.records


@pytest.mark.parametrize("most", [1, 4, 1 << 20], ids=["all marks meet", "most meet", "few meet"])
def test_marks_that_meet_make_no_difference(
    context_of: ContextOf, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(module, "_MARKS", most)
    records = [{"surname": f"Able {place % 40}"} for place in range(60)]
    apart = set_apart(context_of("payroll", records), [NAME])
    assert rows_of(apart.records[NAME]) == [*range(2, 22), *range(42, 62)]


def test_without_a_key_nothing_is_read(context_of: ContextOf) -> None:
    assert not set_apart(context_of("payroll", []), []).counts
