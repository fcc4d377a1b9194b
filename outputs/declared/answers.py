"""Answers to what a declaration asks: as people write them, and refused where they cannot be.

No message quotes an answer, except the name of a kind of data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, ValidationInfo

from outputs.declared.notice_categories import categories_called
from specs.catalogues import Catalogue
from specs.headings import loosely

EARLIEST_YEAR = 2000
"""A day before is a slip of the keyboard."""
LONGEST = 300
"""Characters of one part."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FORMS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2}) (?P<month>[a-z]{3,9}) (?P<year>\d{4})"),
)


class AgencyPayroll(StrEnum):
    """Whether the payroll files hold payroll that the body runs for another one."""

    NONE = "none"
    AUTHORISED = "authorised"
    """Each such body authorised it, and confirmed its own privacy notices."""


def in_words(day: date) -> str:
    """'1 July 2026'."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def said_in_words(said: object) -> str:
    """What a person said of one part, as people write it; empty where they did not."""
    match said:
        case None:
            return ""
        case bool():
            return "yes" if said else "no"
        case date():
            return in_words(said)
        case tuple():
            return ", ".join(str(each) for each in said)
        case _:
            return str(said)


def _line(raw: object) -> object:
    """Text on one line; nothing where it is blank."""
    if not isinstance(raw, str):
        if raw is None:
            return None
        raise ValueError("expected text on one line")
    text = " ".join(raw.split())
    if not text.isprintable():
        raise ValueError("holds characters that cannot be printed")
    if len(text) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    return text or None


def _email(raw: object) -> object:
    text = _line(raw)
    if isinstance(text, str) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
        why = "there is no @ in it" if "@" not in text else "expected one such as name@body.gov.uk"
        raise ValueError(f"is not an e-mail address: {why}")
    return text


def _telephone(raw: object) -> object:
    text = _line(raw)
    if isinstance(text, str) and not any(character.isdigit() for character in text):
        raise ValueError("is not a telephone number: there is no digit in it")
    return text


def _web_address(raw: object) -> object:
    text = _line(raw)
    if isinstance(text, str) and (" " in text or "@" in text or not ("." in text or "://" in text)):
        raise ValueError("is not a web address: expected one such as www.body.gov.uk/privacy")
    return text


def _yes_or_no(raw: object) -> object:
    if raw is None or isinstance(raw, bool):
        return raw
    known = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False, "": None}
    if isinstance(raw, str) and raw.strip().casefold() in known:
        return known[raw.strip().casefold()]
    raise ValueError("expected yes or no")


def _day(raw: object, info: ValidationInfo) -> object:
    """A day as people write it; refused where it lies after the day of reference, if there is one."""
    day = _read_day(raw.strip()) if isinstance(raw, str) else raw
    if isinstance(day, date):
        if day.year < EARLIEST_YEAR:
            raise ValueError(f"is before {EARLIEST_YEAR}; look at the year")
        if isinstance(info.context, date) and day > info.context:
            raise ValueError(
                f"lies in the future: it is after {in_words(info.context)}. Record it once it is done"
            )
    return day


def _read_day(text: str) -> date | None:
    if not text:
        return None
    for form in _FORMS:
        if found := form.fullmatch(" ".join(text.casefold().split())):
            try:
                return date(int(found["year"]), _month(found["month"]), int(found["day"]))
            except ValueError:
                break
    raise ValueError("is not a day: write it as 2026-07-01, 1 July 2026 or 01/07/2026")


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    months = enumerate((*_MONTHS, text), start=1)  # a word that is no month becomes the thirteenth
    return next(number for number, name in months if name.casefold().startswith(text))


def _listed(raw: object) -> list[str]:
    """Names, listed or with commas between them, without blanks and repetitions."""
    entries = [raw] if isinstance(raw, str) else raw
    if not isinstance(entries, (list, tuple)) or not all(isinstance(entry, str) for entry in entries):
        raise ValueError("expected a list of names")
    names = (_line(name) for entry in entries for name in entry.split(","))
    return [*dict.fromkeys(name for name in names if isinstance(name, str))]


def _noticed(raw: object) -> object:
    """The categories that a notice lists, 'all', or nothing where that was not said."""
    names = [] if raw is None else _listed(raw)
    if any(name.casefold() == "all" for name in names):
        if len(names) > 1:
            raise ValueError("says 'all' and more; keep one")
        return "all"
    return categories_called(names) or None


@cache
def _known_datasets() -> Mapping[str, str]:
    return {loosely(dataset): dataset for _, dataset in Catalogue.of().entries}


def _datasets(raw: object) -> object:
    """Data sets by the names that nfi has for them; others as they were written."""
    names = [] if raw is None else _listed(raw)
    return tuple(dict.fromkeys(_known_datasets().get(loosely(name), name) for name in names))


def _agency(raw: object) -> object:
    text = raw.strip().casefold() if isinstance(raw, str) else raw
    if text in {None, ""}:
        return None
    if text not in set(AgencyPayroll):
        raise ValueError(f"expected {' or '.join(AgencyPayroll)}")
    return AgencyPayroll(str(text))


def _section(raw: object) -> object:
    """A key with nothing under it is a section of blanks."""
    return {} if raw is None or raw == "" else raw


Line = Annotated[str | None, BeforeValidator(_line)]
YesNo = Annotated[bool | None, BeforeValidator(_yes_or_no)]
Day = Annotated[date | None, BeforeValidator(_day)]
Email = Annotated[str | None, BeforeValidator(_email)]
Telephone = Annotated[str | None, BeforeValidator(_telephone)]
WebAddress = Annotated[str | None, BeforeValidator(_web_address)]
Noticed = Annotated[Literal["all"] | tuple[str, ...] | None, BeforeValidator(_noticed)]
"""Names of categories (see `outputs.declared.notice_categories`) in their order; None: not said."""
DataSets = Annotated[tuple[str, ...], BeforeValidator(_datasets)]
Agency = Annotated[AgencyPayroll | None, BeforeValidator(_agency)]
Section = BeforeValidator(_section)
