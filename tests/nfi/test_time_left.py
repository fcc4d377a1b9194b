"""The time left: told once it can be, in rough units, and not at all where it would be a guess."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from rich.progress import Progress

from matching.report import Report, all_reports
from nfi.console import SILENT, Steps
from nfi.rows_expected import rows_expected, share_of_check
from nfi.step_costs import PREPARING, RANKING, WRITING, expected_costs, step_costs
from nfi.time_left import ShareLeft, TimeLeft, left_in_words, roughly

COSTS = (("a", 4.0), ("b", 2.0), ("c", 2.0), ("d", 2.0))


class Clock:
    """Seconds, as a test has them go by."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def told(*went: tuple[str, float], clock: Clock, costs: tuple[tuple[str, float], ...] = COSTS) -> TimeLeft:
    """Steps as they begin, each with the seconds until the next begins, or until now."""
    left = TimeLeft(costs, clock)
    for step, seconds in went:
        left.began(step)
        clock.now += seconds
    return left


@pytest.mark.parametrize(
    ("went", "seconds"),
    [
        pytest.param((), None, id="nothing has begun"),
        pytest.param((("a", 300),), None, id="no step is finished: its speed is not known"),
        pytest.param((("a", 40), ("b", 0)), 60, id="ten seconds for each unit of cost"),
        pytest.param((("a", 40), ("b", 15)), 45, id="within a step"),
        pytest.param((("a", 40), ("b", 20), ("c", 20), ("d", 5)), 15, id="in the last step"),
        pytest.param((("a", 80), ("b", 0)), 120, id="a machine half as fast"),
        pytest.param((("a", 40), ("c", 0)), 40, id="a step that is passed over counts no more"),
        pytest.param((("b", 20), ("c", 0)), 40, id="nor one before the first"),
        pytest.param((("a", 40), ("b", 25)), 40, id="a step somewhat longer than expected"),
        pytest.param((("a", 40), ("b", 55)), None, id="a step far longer than expected"),
        pytest.param((("a", 40), ("b", 55), ("c", 0)), 63.3, id="and then its own speed counts"),
        pytest.param((("a", 4), ("b", 1)), None, id="too early to say"),
        pytest.param((("a", 40), ("unheard of", 0)), 60, id="a step that the table does not know"),
    ],
)
def test_the_time_left_follows_from_costs_and_speed(
    went: tuple[tuple[str, float], ...], seconds: float | None
) -> None:
    left = told(*went, clock=Clock()).seconds()
    assert left == (None if seconds is None else pytest.approx(seconds, abs=0.1))


def test_a_tenth_of_the_cost_has_to_be_behind() -> None:
    costs = (("a", 1.0), ("b", 20.0), ("c", 1.0))
    assert told(("a", 30), ("b", 1), clock=Clock(), costs=costs).seconds() is None
    soon = told(("a", 30), ("b", 600), ("c", 1), clock=Clock(), costs=costs).seconds()
    assert left_in_words(soon) == "less than a minute left"


def test_what_is_not_known_is_not_said() -> None:
    assert left_in_words(None) == ""


@pytest.mark.parametrize(
    ("went", "seconds"),
    [
        pytest.param((), None, id="nothing is done"),
        pytest.param(((0.5, 8, 1),), None, id="too early to say"),
        pytest.param(((0.05, 100, 0),), None, id="too little of it is done"),
        pytest.param(((0.25, 30, 0),), 90, id="a quarter in half a minute"),
        pytest.param(((0.25, 30, 0), (0.5, 90, 20)), 100, id="slower, and 20 seconds ago"),
        pytest.param(((0.8, 40, 12),), 0, id="what is left takes somewhat longer"),
        pytest.param(((0.8, 40, 60),), None, id="and far longer"),
        pytest.param(((1.2, 40, 0),), 0, id="more rows than were expected"),
    ],
)
def test_of_even_work_the_time_left_follows_from_what_is_done(
    went: tuple[tuple[float, float, float], ...], seconds: float | None
) -> None:
    """Shares, each with the seconds until it was reached and those after it."""
    clock = Clock()
    left = ShareLeft(clock)
    for share, before, after in went:
        clock.now += before
        left.reached(share)
        clock.now += after
    assert left.seconds() == (None if seconds is None else pytest.approx(seconds))


def test_the_rows_of_extracts_are_estimated_before_they_are_read(tmp_path: Path) -> None:
    text = tmp_path / "april.CSV"
    text.write_text("a,b\n" + "12345,678\n" * 200_000)
    exact = tmp_path / "may.parquet"
    pq.write_table(pa.table({"a": range(1000)}), exact)
    assert rows_expected([str(exact)]) == 1000
    assert rows_expected([str(text), str(exact)]) == pytest.approx(201_000, rel=0.001)
    assert share_of_check(500, 1000) == pytest.approx(0.4)
    assert share_of_check(2000, 1000) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("not-there.csv", None),
        ("book.xlsx", b"PK"),
        ("empty.csv", b""),
        ("one-line.txt", b"a,b"),
        ("damaged.parquet", b"PAR1"),
        ("-", None),
    ],
)
def test_where_an_extract_does_not_tell_its_rows_none_are_expected(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    pq.write_table(pa.table({"a": range(1000)}), tmp_path / "good.parquet")
    assert rows_expected([str(tmp_path / "good.parquet"), str(tmp_path / name)]) is None
    assert share_of_check(5, None) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (44, "less than a minute"),
        (46, "about 1 minute"),
        (89, "about 1 minute"),
        (91, "about 2 minutes"),
        (240, "about 4 minutes"),
        (690, "about 10 minutes"),
        (23 * 60, "about 25 minutes"),
        (100 * 60, "about 100 minutes"),
        (106 * 60, "about 2 hours"),
        (5 * 3600, "about 5 hours"),
    ],
)
def test_a_length_of_time_is_said_roughly(seconds: float, words: str) -> None:
    assert roughly(seconds) == words


def test_every_report_has_been_measured_and_none_that_is_gone() -> None:
    assert step_costs().reports.keys() == {report.id for report in all_reports()}


def test_the_steps_are_those_of_the_match_in_their_order() -> None:
    reports = all_reports()
    steps = expected_costs(reports, {"creditors-history": 1000, "creditors-standing": 10})
    titles = [report.title for report in reports if "payroll" not in report.data]
    assert [step for step, _ in steps] == [PREPARING, *titles, RANKING, WRITING]
    assert all(cost > 0 for _, cost in steps)
    twice = expected_costs(reports, {"creditors-history": 2000, "creditors-standing": 20})
    assert [cost for _, cost in twice] == pytest.approx([2 * cost for _, cost in steps])


def test_a_report_of_a_bodys_own_counts_as_one_in_the_middle() -> None:
    own: Report = all_reports()[0].model_copy(update={"id": "our-own"})
    rows = dict.fromkeys(own.data, 1000)
    costs = sorted(step_costs().reports.values())
    assert dict(expected_costs([own], rows))[own.title] == pytest.approx(
        costs[len(costs) // 2] * 1000 * len(own.data), rel=0.2
    )


def steps_on(*, terminal: bool, clock: Clock) -> tuple[Steps, io.StringIO]:
    text = io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=200, markup=False, highlight=False)
    return Steps(Progress(console=console, disable=not terminal), "Matching", clock), text


def test_without_a_terminal_a_short_run_says_nothing_and_a_long_one_a_line_now_and_then() -> None:
    clock = Clock()
    steps, text = steps_on(terminal=False, clock=clock)
    steps.expects((("a", 2), ("b", 2), ("c", 6), ("d", 2)))
    for step, seconds in (("a", SILENT - 1), ("b", 2), ("c", SILENT + 3), ("d", 1)):
        steps(step)
        clock.now += seconds
    assert text.getvalue().splitlines() == [
        "Matching: c, about 2 minutes left",
        "Matching: d, less than a minute left",
    ]


def test_a_check_without_a_terminal_says_how_far_it_is_and_what_is_left() -> None:
    clock = Clock()
    steps, text = steps_on(terminal=False, clock=clock)
    for rows, seconds in ((100, SILENT + 1), (200, SILENT + 1), (300, 5)):
        steps(f"{rows} rows", share=share_of_check(rows, 400))
        clock.now += seconds
    assert text.getvalue().splitlines() == [
        "Matching: 200 rows, about 2 minutes left",
        "Matching: 300 rows, about 1 minute left",
    ]


def test_what_a_person_should_know_is_said_at_once() -> None:
    steps, text = steps_on(terminal=False, clock=Clock())
    steps.says("Going on from a match that was interrupted.")
    assert text.getvalue() == "Going on from a match that was interrupted.\n"
