"""The parts that samples are made of: numbers of no one, respellings, words, days and CSV."""

from __future__ import annotations

import csv
import importlib
import io
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import vat

import nfi.sample.make
from nfi.sample import SampleSummary, make_sample
from nfi.sample.dates import EXTRACT, LEDGER_FROM, Timeline, day, ddmmyyyy, next_friday
from nfi.sample.draw import distinct, picks, stream, zipf_weights
from nfi.sample.make import unplanted
from nfi.sample.plant import PLANTERS
from nfi.sample.planted import planted_kinds
from nfi.sample.reserved import drama_numbers, vat_number, vat_numbers
from nfi.sample.respelling import (
    creditor_name_mistaken,
    creditor_name_respelt,
    invoice_number_respelt,
    with_typing_error,
)
from nfi.sample.words import load_words
from nfi.sample.write import write_columns, write_line

SEEDS = st.integers(0, 2**32)
NAMES = ("Li", "Ho", "Lee", "Smith", "O'Brien", "Hexman-Morgan", "Wiśniewska", "Zoë", "McKenzie")
COMPANIES = (
    "Harris Plumbing Ltd",
    "JONES & SONS LTD",
    "Sandhu and Halcroft Engineering Services Ltd",
    "Baker Land Agents",
    "Nguyen Lamstock LLP",
    "Elmhurst Nursing Home Ltd",
)


# --- numbers


@given(st.integers(0, 9_999_999))
def test_vat_numbers_have_the_check_digits_that_stdnum_expects(first_seven: int) -> None:
    number = vat_number(first_seven)
    assert len(number) == 9
    assert vat.checksum(number) == 0


def test_vat_numbers_stay_in_the_range_that_is_not_issued() -> None:
    reserved = load_words().reserved
    numbers = vat_numbers(stream(1, "test"), reserved, 5_000)
    assert len(set(numbers)) == 5_000
    assert all(9_490_001 <= int(number[:7]) < 9_700_000 for number in numbers)


def test_a_range_that_is_used_up_gives_no_more() -> None:
    assert len(set(drama_numbers(stream(1, "test"), "07700 900", wanted=5_000))) == 1_000
    assert len(set(drama_numbers(stream(1, "test"), "01632 960", wanted=5_000, spare=400))) == 600


def test_creditors_for_whom_no_vat_number_is_left_charge_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = load_words()
    few = words.reserved.model_copy(update={"vat_to": words.reserved.vat_from + 40})
    monkeypatch.setattr(nfi.sample.make, "load_words", lambda: words.model_copy(update={"reserved": few}))
    summary = make_sample(tmp_path, employees=150, creditors=400, payments=1_000, seed=1)
    standing, history = (read(summary.files[name]) for name in ("creditors-standing", "creditors-history"))
    numbers = {row["Creditor reference"] for row in standing if row["VAT registration number"]}
    charging = Counter(row["Creditor reference"] for row in history if int(row["VAT amount"]) > 0)
    assert 5 < len(numbers) < 60
    assert sum(times for creditor, times in charging.items() if creditor not in numbers) < 30  # planted ones


@pytest.fixture(scope="module")
def large_payroll(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    return make_sample(
        tmp_path_factory.mktemp("large"), employees=20_000, creditors=400, payments=1_000, seed=2
    )


def test_nobody_shares_surname_initial_and_birthday_by_accident(large_payroll: SampleSummary) -> None:
    planted = {row["row"] for row in read(large_payroll.files["answers"]) if row["dataset"] == "payroll"}
    people = [
        (person["Surname"], person["Forename(s)"][0], person["Date of birth"])
        for row, person in enumerate(read(large_payroll.files["payroll"]), start=2)
        if str(row) not in planted
    ]
    assert [who for who, times in Counter(people).items() if times > 1] == []


def test_nobody_started_work_as_a_child(large_payroll: SampleSummary) -> None:
    def ddmmyyyy_sorted(text: str) -> str:
        return text[4:] + text[2:4] + text[:2]

    impossible = {
        int(answer["row"])
        for answer in read(large_payroll.files["answers"])
        if answer["name"] in {"impossible-date-of-birth", "too-old", "too-young"}
    }
    for row, person in enumerate(read(large_payroll.files["payroll"]), start=2):
        if row not in impossible:
            born, started = (ddmmyyyy_sorted(person[field]) for field in ("Date of birth", "Date started"))
            assert int(started) - int(born) >= 16_0000


def test_firms_that_are_to_be_unlike_have_no_telling_word_in_common() -> None:
    draft = unplanted({"employees": 100, "creditors": 3_000, "payments": 1_000}, seed=4)
    names = draft.creditors.records["creditor_name"]
    for _ in range(400):
        first, second = draft.unlike_firms()
        shared = set(telling(names[first])) & set(telling(names[second]))
        assert shared <= {"and", "services", "sons", "co", "group", "uk", "contractors"}


def test_people_who_are_to_be_unlike_differ_in_surname_and_birthday() -> None:
    draft = unplanted({"employees": 2_000, "creditors": 300, "payments": 1_000}, seed=4)
    for _ in range(900):
        first, second = draft.unlike_people()
        assert draft.people["surname"][first] != draft.people["surname"][second]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# --- drawing


@given(SEEDS, st.integers(1, 400))
def test_distinct_numbers_are_distinct_and_in_the_space(seed: int, size: int) -> None:
    drawn = distinct(stream(seed, "test"), size, 400).tolist()
    assert len(set(drawn)) == size
    assert 0 <= min(drawn) <= max(drawn) < 400


def test_parts_of_a_sample_have_streams_of_their_own() -> None:
    first = [stream(1, "people").random(), stream(1, "creditors").random(), stream(1, "people", 1).random()]
    assert len(set(first)) == 3
    assert first[0] == stream(1, "people").random()


def test_what_is_common_is_drawn_as_often_as_its_weight() -> None:
    weights = zipf_weights(50, exponent=1.0)
    drawn = np.bincount(picks(stream(3, "test"), weights, 200_000), minlength=50) / 200_000
    assert np.abs(drawn - weights).max() < 0.004


# --- days


@given(st.dates(date(1925, 1, 1), date(2034, 12, 31)))
def test_days_are_written_as_the_specifications_want_them(when: date) -> None:
    assert ddmmyyyy(np.array([day(when)]))[0] == f"{when:%d%m%Y}"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_payment_run_is_on_the_friday_on_or_after(when: date) -> None:
    friday = date(1970, 1, 1) + timedelta(days=int(next_friday(np.array([day(when)]))[0]))
    assert friday.weekday() == 4
    assert 0 <= (friday - when).days < 7


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=2))
def test_lines_are_entered_on_working_days_of_the_three_years_in_order(shares: list[float]) -> None:
    moments = Timeline().at(np.array(sorted(shares)))
    assert (np.diff(moments) >= 0).all()
    assert LEDGER_FROM <= moments.min() <= moments.max() < EXTRACT + 1
    for moment in moments:
        when = date(1970, 1, 1) + timedelta(days=int(moment))
        assert when.weekday() < 5
        assert (when.day, when.month) not in {(25, 12), (26, 12), (1, 1)}


# --- respelling


@given(SEEDS, st.sampled_from(NAMES + COMPANIES))
def test_a_typing_error_changes_a_name_but_not_its_beginning(seed: int, name: str) -> None:
    wrong = with_typing_error(stream(seed, "test"), name)
    assert wrong.lower() != name.lower()
    assert wrong[0] == name[0]
    assert abs(len(wrong) - len(name)) <= 1


@given(
    SEEDS, st.sampled_from(["INV-", "INV ", "SI-", "No.", "IN/", "", "2024/", "HA"]), st.integers(40, 99_999)
)
def test_an_invoice_number_respelt_has_the_same_letters_and_figures(
    seed: int, front: str, number: int
) -> None:
    written = f"{front}{number:06d}"
    other = invoice_number_respelt(stream(seed, "test"), written)
    assert other != written
    assert bare(other) == bare(written)


def bare(number: str) -> str:
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", re.sub(r"[^A-Z0-9]", "", number.upper()))


@given(SEEDS, st.sampled_from(COMPANIES))
def test_a_creditor_name_respelt_differs_in_case_ending_or_punctuation_only(seed: int, name: str) -> None:
    other = creditor_name_respelt(stream(seed, "test"), name)
    assert other != name
    assert telling(other) == telling(name)


def telling(name: str) -> list[str]:
    words = re.sub(r"[^a-z0-9 ]", "", name.lower().replace("&", " and ")).split()
    return [word for word in words if word not in {"ltd", "limited", "plc", "llp"}]


@given(SEEDS, st.sampled_from(COMPANIES))
def test_a_creditor_name_mistaken_differs(seed: int, name: str) -> None:
    other = creditor_name_mistaken(stream(seed, "test"), name, load_words().firms.abbreviations)
    assert other != name


# --- words and what is planted


def test_every_place_has_post_codes() -> None:
    places = load_words().places
    for place in (*places.local, *places.national):
        for outcode in place.outcodes:
            module = importlib.import_module(f"uk_postcodes_parsing.outcodes.{outcode.lower()}")
            assert len(module.INCODES) > 50, outcode


def test_reserved_ranges_are_what_they_are_said_to_be() -> None:
    reserved = load_words().reserved
    assert set(reserved.ni_prefixes) <= {"OO", "CR", "FY", "MW", "NC"}
    assert set(reserved.email_domains) <= {"example.org", "example.com", "example.net"}
    telephones = {reserved.mobile, reserved.home, reserved.national}
    assert telephones == {"07700 900", "01632 960", "03069 990"}
    cities = [place.telephone for place in load_words().places.national if place.telephone]
    assert len(set(cities)) == len(cities)
    assert all(re.fullmatch(r"(01\d\d 49[68]|020 7946|029 2018) 0", city) for city in cities)


def test_what_is_planted_is_either_made_by_a_planter_or_overwritten() -> None:
    kinds = {kind.name: kind for kind in planted_kinds()}
    assert len(kinds) == len(planted_kinds())
    assert set(PLANTERS) == {name for name, kind in kinds.items() if not kind.becomes}
    assert all(kind.dataset for kind in kinds.values() if kind.becomes)
    assert {kind.also for kind in kinds.values() if kind.also} <= set(kinds)


# --- CSV

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(
    st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["", "1", 'a "b"', "x,y", "two\nlines"])), min_size=1)
)
def test_columns_are_written_so_that_the_csv_module_reads_them_back(rows: list[tuple[str, ...]]) -> None:
    file = io.BytesIO()
    write_columns(file, [pa.array(column, pa.string()) for column in zip(*rows, strict=True)])
    text = io.StringIO(file.getvalue().decode("utf-8"), newline="")
    assert [tuple(row) for row in csv.reader(text, strict=True)] == rows


@given(st.lists(st.sampled_from(["", "plain", "a,b", 'say "so"', "é", "12"]), min_size=2, max_size=5))
def test_columns_are_quoted_just_where_the_csv_module_quotes(values: list[str]) -> None:
    ours, theirs = io.BytesIO(), io.BytesIO()
    write_columns(ours, [pa.array([value], pa.string()) for value in values])
    write_line(theirs, values)
    assert ours.getvalue() == theirs.getvalue()


def test_no_rows_are_no_bytes() -> None:
    file = io.BytesIO()
    write_columns(file, [pa.array([], pa.string())])
    assert file.getvalue() == b""
