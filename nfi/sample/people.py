"""The payroll: people of no existence, each with one job that fits their hours, pay and dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import numpy as np

from nfi.sample.addresses import Area
from nfi.sample.dates import EXTRACT, PAY_YEAR_FROM, day, ddmmyyyy
from nfi.sample.draw import BoolArray, FloatArray, IntArray, TextArray, picks, text, words_drawn
from nfi.sample.records import Records
from nfi.sample.reserved import DRAMA_NUMBERS, drama_numbers, ni_numbers, sort_codes
from nfi.sample.words import Job, PeopleWords, Reserved, Words
from specs.specification import Specification

MONTHLY_PAY_DAY, LAST_MONTH, WEEKLY_PAY_DAY = (
    day(when) for when in (date(2026, 9, 25), date(2026, 8, 28), date(2026, 9, 24))
)
YOUNGEST, OLDEST = 18.1, 71.0
YEAR = 365.25
OLDER_NAMES_UNTIL = day(date(1980, 1, 1))
WOMEN = 0.67
HOME_NUMBERS = 500
"""Of the thousand 01632 960 numbers; the others are for local firms."""
SPARE_MOBILES = 100
"""Of the thousand 07700 900 numbers: the highest ones are nobody's, and left for planting."""


def make_people(
    rng: np.random.Generator,
    words: Words,
    specification: Specification,
    *,
    area: Area,
    branches: TextArray,
    accounts: TextArray,
) -> Records:
    """A payroll of one employee for each account, no two of them alike; in order of employee reference."""
    size = len(accounts)
    people = Records(specification, size)
    women = rng.random(size) < WOMEN
    ages = YOUNGEST + (OLDEST - YOUNGEST) * rng.beta(2.2, 2.4, size)
    born = (EXTRACT - ages * YEAR).astype(np.int64)
    surnames = surnames_drawn(rng, words.people, size)
    forenames = _forenames(rng, words.people, women, born)
    born = _apart(surnames, forenames, born)
    people.fill(
        "employee_reference", text([str(n) for n in (100_000 + rng.integers(1, 8, size).cumsum()).tolist()])
    )
    people.fill("post_number", text([f"P{n:06d}" for n in (rng.permutation(size) + 10_000).tolist()]))
    people.fill("title", _titles(rng, women))
    people.fill("sex", np.where(women, "F", "M").astype(object))
    people.fill("surname", surnames)
    people.fill("forenames", forenames)
    people.fill("middle_names", _middle_names(rng, words.people, women, born))
    for column, values in area.homes(rng, size).columns.items():
        people.fill(column, values)
    people.fill("date_of_birth", ddmmyyyy(born))
    _fill_contacts(rng, words, people)
    people.fill("leaver_indicator", text(["N"] * size))
    people.fill("ni_number", ni_numbers(rng, words.reserved, size))
    _fill_jobs(rng, words.jobs, people, born)
    codes = sort_codes(rng, branches, size)
    people.fill("sort_code", text([hyphenated(code) for code in codes]))
    people.fill("bank_account", accounts)
    rolls = np.where(rng.random(size) < 0.02, rng.integers(100_000, 999_999, size), 0)
    people.fill("roll_number", text([f"{n // 100}-{n:06d}{n % 10}" if n else "" for n in rolls.tolist()]))
    return people


def surnames_drawn(rng: np.random.Generator, words: PeopleWords, size: int) -> TextArray:
    """Surnames: the common ones often, made-up ones in the long tail, a few double-barrelled."""
    common = words_drawn(rng, words.surnames, size, exponent=0.75)
    rare = made_up_surnames(rng, words, size)
    drawn = np.where(rng.random(size) < 0.72, common, rare)
    double = rng.random(size) < 0.02
    second = np.where(rng.random(size) < 0.5, np.roll(common, 1), np.roll(rare, 1))
    joined = text([f"{one}-{two}" for one, two in zip(drawn, second, strict=True)])
    return np.where(double & (drawn != second), joined, drawn)


def made_up_surnames(rng: np.random.Generator, words: PeopleWords, size: int) -> TextArray:
    """Surnames put together from two parts: Brindley, Halcroft."""
    beginnings = words_drawn(rng, words.surname_beginnings, size)
    ends = words_drawn(rng, words.surname_ends, size)
    return text([one + two for one, two in zip(beginnings, ends, strict=True)])


def hyphenated(sort_code: str) -> str:
    """Six digits in pairs, as payroll systems print them: 02-45-23."""
    return f"{sort_code[:2]}-{sort_code[2:4]}-{sort_code[4:]}"


def _forenames(rng: np.random.Generator, words: PeopleWords, women: BoolArray, born: IntArray) -> TextArray:
    size = len(women)
    older = born < OLDER_NAMES_UNTIL
    drawn = {
        (sex, age): words_drawn(rng, names, size, exponent=0.65)
        for sex, forenames in (("F", words.women), ("M", words.men))
        for age, names in (("older", forenames.older), ("younger", forenames.younger))
    }
    return np.where(
        women,
        np.where(older, drawn["F", "older"], drawn["F", "younger"]),
        np.where(older, drawn["M", "older"], drawn["M", "younger"]),
    )


def _middle_names(
    rng: np.random.Generator, words: PeopleWords, women: BoolArray, born: IntArray
) -> TextArray:
    """None for four in ten, an initial for three, a name for three."""
    names = _forenames(rng, words, women, born)
    form = picks(rng, [4, 3, 3], len(names))
    return text([("", name[0], name)[how] for how, name in zip(form.tolist(), names, strict=True)])


def _apart(surnames: TextArray, forenames: TextArray, born: IntArray) -> IntArray:
    """Birthdays, moved by a day or more where two people would share it with surname and initial.

    Namesakes with one birthday do occur; here they would be unrecorded inconsistencies.
    """
    seen: set[tuple[str, str, int]] = set()
    moved = born.copy()
    for row, (surname, forename) in enumerate(zip(surnames, forenames, strict=True)):
        birthday = int(born[row])
        while (surname, forename[0], birthday) in seen:
            birthday -= 1
        seen.add((surname, forename[0], birthday))
        moved[row] = birthday
    return moved


def _titles(rng: np.random.Generator, women: BoolArray) -> TextArray:
    size = len(women)
    hers = text(["Mrs", "Miss", "Ms", "Dr"])[picks(rng, [42, 27, 29, 2], size)]
    his = text(["Mr", "Dr"])[picks(rng, [97, 3], size)]
    return np.where(women, hers, his)


def _fill_contacts(rng: np.random.Generator, words: Words, people: Records) -> None:
    """Telephone numbers and e-mail addresses, where known: about two in three where the ranges allow it."""
    size = len(people)
    reserved = words.reserved
    for column, beginning, spare, share in (
        ("home_telephone", reserved.home, 1000 - HOME_NUMBERS, 0.45),
        ("mobile_telephone", reserved.mobile, SPARE_MOBILES, 0.7),
    ):
        numbers = drama_numbers(rng, beginning, wanted=round(share * size), spare=spare)
        known = np.sort(rng.choice(size, len(numbers), replace=False))
        values = np.full(size, "", dtype=object)
        values[known] = [number.replace(" ", "") for number in numbers]
        people.fill(column, values)
    taken: dict[str, int] = {}
    domains = words_drawn(rng, reserved.email_domains, size)
    has_email = rng.random(size) < 0.55
    emails = []
    for forename, surname, domain, has in zip(
        people["forenames"], people["surname"], domains, has_email.tolist(), strict=True
    ):
        name = f"{email_part(forename)}.{email_part(surname)}"
        taken[name] = taken.get(name, 0) + 1
        emails.append(f"{name}{taken[name] if taken[name] > 1 else ''}@{domain}" if has else "")
    people.fill("email", text(emails))


def spare_mobiles(reserved: Reserved) -> list[str]:
    """The mobile telephone numbers that no employee has been given."""
    first = DRAMA_NUMBERS - SPARE_MOBILES
    return [f"{reserved.mobile}{number:03d}".replace(" ", "") for number in range(first, DRAMA_NUMBERS)]


def email_part(name: str) -> str:
    """A name in small plain letters: O'Brien becomes obrien, Zoë zoe."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ł", "l"))
    return re.sub(r"[^a-z0-9]", "", plain)


def _fill_jobs(rng: np.random.Generator, jobs: tuple[Job, ...], people: Records, born: IntArray) -> None:
    """Department, hours, pay, flags and dates of the job."""
    size = len(people)
    job = picks(rng, [its.weight for its in jobs], size)
    part_time, casual = (
        np.array([getattr(its, share) for its in jobs])[job] for share in ("part_time", "casual")
    )
    u = rng.random(size)
    flags = np.where(u < casual, "C", np.where(u < casual + part_time, "P", "F")).astype(object)
    full = np.array([its.hours for its in jobs])[job]
    shorter = np.where(rng.random(size) < 0.08, 50 * rng.integers(62, 65, size), full)
    hours = np.where(
        flags == "F",
        np.minimum(shorter, full),
        np.where(flags == "P", 50 * rng.integers(12, 59, size), 50 * rng.integers(4, 30, size)),
    )
    started = _started(rng, born)
    last_paid = np.where(
        flags == "C",
        np.where(rng.random(size) < 0.4, LAST_MONTH, MONTHLY_PAY_DAY),
        np.where(rng.random(size) < 0.06, WEEKLY_PAY_DAY, MONTHLY_PAY_DAY),
    )
    last_paid = np.where(started > LAST_MONTH - 14, MONTHLY_PAY_DAY, last_paid)
    people.fill("department", text([its.department for its in jobs])[job])
    people.fill("full_part_time", flags)
    people.fill("standard_hours", text([str(n) for n in hours.tolist()]))
    people.fill("date_started", ddmmyyyy(started))
    people.fill("date_last_paid", ddmmyyyy(last_paid))
    people.fill(
        "teacher_flag", np.where(np.array([its.teacher for its in jobs])[job], "T", "").astype(object)
    )
    pence = _paid_to_date(rng, jobs, job, hours / full, started)
    people.fill("gross_pay_to_date", text([str(n) for n in pence.tolist()]))


def _started(rng: np.random.Generator, born: IntArray) -> IntArray:
    """First days at work: many of late, none before the age of 16, all on a working day."""
    ago = rng.exponential(7.5 * YEAR, len(born)).astype(np.int64) + 25
    latest_ago = EXTRACT - born - int(16.2 * YEAR)
    started = EXTRACT - np.minimum(ago, np.maximum(latest_ago, 25))
    weekday = (started + 3) % 7
    on_weekday: IntArray = started - np.maximum(weekday - 4, 0)
    return on_weekday


def _paid_to_date(
    rng: np.random.Generator,
    jobs: tuple[Job, ...],
    job: IntArray,
    share_of_week: FloatArray,
    started: IntArray,
) -> IntArray:
    """Gross pay since 1 April in pence: the year's pay for the job, its hours, and the months worked."""
    low, high = (np.array([its.pay[end] for its in jobs])[job] for end in (0, 1))
    year = low + (high - low) * rng.beta(1.6, 2.4, len(job))
    worked = np.minimum(EXTRACT - started, EXTRACT - PAY_YEAR_FROM) / YEAR
    extra = 1 + np.where(rng.random(len(job)) < 0.25, 0.12 * rng.random(len(job)), 0.0)
    pence: IntArray = np.maximum(np.rint(year * 100 * share_of_week * worked * extra), 2_500).astype(np.int64)
    return pence
