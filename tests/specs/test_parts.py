"""Which records go into which of the files that a specification asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.check_record import CheckRecord, ExtractFile, place_of_row
from specs.parts import LAST_ROW, PartsInvalid, SaidPart, assign_parts, refuse_other_datasets
from specs.specification import Specification

PENSIONS = load_specification("pensions")
PAYROLL = load_specification("payroll")


def checked(specification: Specification, *files: tuple[str, int]) -> CheckRecord:
    """The record of a check of files, each with the rows that stand before it."""
    return CheckRecord(
        dataset=specification.dataset,
        exercise=specification.exercise,
        specification=specification.label,
        specification_digest=specification.digest,
        files=tuple(
            ExtractFile(
                name=name,
                sha256="0" * 64,
                bytes=1,
                format="comma-separated, UTF-8",
                records=1,
                blank_rows=0,
                rows_before=before,
            )
            for name, before in files
        ),
        mapping_sha256=None,
        records_sha256="0" * 64,
        rows=3,
        findings=(),
        version="0",
    )


THREE = checked(PENSIONS, ("current.csv", 0), ("deferred.csv", 10), ("more.csv", 25))


def said(*texts: str) -> list[SaidPart]:
    return [SaidPart.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pensions:1=current.csv", ("pensions", 1, "current.csv")),
        (" pensions : 2 = a:b=c d.csv ", ("pensions", 2, "a:b=c d.csv")),
        (r"housing-tenants:01=C:\extracts\tenants.csv", ("housing-tenants", 1, r"C:\extracts\tenants.csv")),
    ],
)
def test_what_a_person_types_is_read(text: str, expected: tuple[str, int, str]) -> None:
    part = SaidPart.parse(text)
    assert (part.dataset, part.number, part.extract) == expected


@pytest.mark.parametrize(
    "text", ["", "current.csv", "pensions=current.csv", "pensions:=x", "pensions:one=x", "pensions:1="]
)
def test_what_is_written_otherwise_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PartsInvalid, match=r'such as --part "pensions:1=current\.csv"'):
        SaidPart.parse(text)


def test_a_data_set_that_is_one_file_is_one_part_with_all_rows() -> None:
    assigned = assign_parts(PAYROLL, checked(PAYROLL, ("april.csv", 0), ("may.csv", 9)), said("pensions:1=x"))
    (part,) = assigned.parts
    assert (part.number, part.title, part.name, part.rows) == (None, "Payroll", "payroll", ((1, LAST_ROW),))
    assert assigned.warnings == ()
    with pytest.raises(PartsInvalid, match="payroll is sent as one file"):
        assign_parts(PAYROLL, checked(PAYROLL, ("april.csv", 0)), said("payroll:1=april.csv"))


def test_extracts_become_files_in_the_order_of_the_specification() -> None:
    assigned = assign_parts(
        PENSIONS,
        THREE,
        said("pensions:3=deferred.csv", "pensions:1=exports/current.csv", "pensions:1=more.csv"),
    )
    assert [(part.number, part.name, part.rows) for part in assigned.parts] == [
        (1, "pensions-1", ((1, 10), (26, LAST_ROW))),
        (3, "pensions-3", ((11, 25),)),
    ]
    assert assigned.parts[1].title == "deferred pensions"
    assert assigned.warnings == ()


def test_extracts_of_one_file_that_follow_each_other_are_one_run_of_rows() -> None:
    assigned = assign_parts(PENSIONS, THREE, [SaidPart("pensions", 1, file.name) for file in THREE.files])
    assert [part.rows for part in assigned.parts] == [((1, LAST_ROW),)]


def test_a_needed_file_without_an_extract_is_a_warning_and_an_optional_one_is_not() -> None:
    record = checked(PENSIONS, ("deferred.csv", 0))
    assigned = assign_parts(PENSIONS, record, said("pensions:3=deferred.csv"))
    assert assigned.warnings == ("pensions: no extract is file 1, current pensioners (published 2012/13).",)
    assert [part.number for part in assigned.parts] == [3]


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        pytest.param(
            ("pensions:1=curent.csv",),
            ["pensions was not checked from 'curent.csv'; did you mean 'current.csv'?"],
            id="unknown extract",
        ),
        pytest.param(
            ("pensions:4=current.csv",),
            ["pensions has no file 4.", "3 deferred pensions (optional; published 2012/13)."],
            id="unknown file",
        ),
        pytest.param(
            ("pensions:1=current.csv", "pensions:3=x/current.csv"),
            ["'current.csv' is named twice"],
            id="an extract twice",
        ),
        pytest.param(
            ("pensions:1=current.csv",),
            [
                "pensions is sent as 3 files: 1 current pensioners (published 2012/13); 2 gratuities",
                '--part "pensions:N=deferred.csv" --part "pensions:N=more.csv"',
            ],
            id="extracts of which nothing is said",
        ),
        pytest.param((), ['--part "pensions:N=current.csv"'], id="nothing said"),
    ],
)
def test_what_cannot_be_followed_is_refused_in_one_line(texts: tuple[str, ...], says: list[str]) -> None:
    with pytest.raises(PartsInvalid) as caught:
        assign_parts(PENSIONS, THREE, said(*texts))
    for words in says:
        assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_nothing_is_guessed_even_where_there_is_one_extract_only() -> None:
    with pytest.raises(PartsInvalid, match="Say which of them"):
        assign_parts(PENSIONS, checked(PENSIONS, ("current.csv", 0)), ())


def test_what_is_said_of_a_data_set_that_is_not_there_is_refused() -> None:
    refuse_other_datasets(said("pensions:1=a.csv"), ["payroll", "pensions"])
    with pytest.raises(PartsInvalid, match="no data set 'pension' is checked here; did you mean 'pensions'"):
        refuse_other_datasets(said("pension:1=a.csv"), ["payroll", "pensions"])


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 3)), min_size=1, max_size=8))
def test_every_row_is_in_the_file_that_its_extract_is(extracts: list[tuple[int, int]]) -> None:
    before = [sum(rows for rows, _ in extracts[:place]) for place in range(len(extracts))]
    record = checked(PENSIONS, *((f"{place}.csv", rows) for place, rows in enumerate(before)))
    number_of = {f"{place}.csv": number for place, (_, number) in enumerate(extracts)}
    assigned = assign_parts(
        PENSIONS, record, [SaidPart("pensions", n, name) for name, n in number_of.items()]
    )
    for row in range(1, sum(rows for rows, _ in extracts) + 1):
        holding = [
            part.number for part in assigned.parts if any(first <= row <= last for first, last in part.rows)
        ]
        assert holding == [number_of[place_of_row(row, record.files)[0]]]
