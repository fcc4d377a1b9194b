"""The words and ranges that sample extracts are made of, read from words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from specs.own_yaml import read_own_yaml

WORDS = Path(__file__).with_name("words.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Forenames(_Entry):
    """Forenames of people born before 1980, and since; commonest first."""

    older: tuple[str, ...]
    younger: tuple[str, ...]


class Twins(_Entry):
    """Pairs of forenames that sound alike."""

    women: tuple[tuple[str, str], ...]
    men: tuple[tuple[str, str], ...]


class PeopleWords(_Entry):
    """What people are called."""

    women: Forenames
    men: Forenames
    surnames: tuple[str, ...]
    surname_beginnings: tuple[str, ...]
    surname_ends: tuple[str, ...]
    twins: Twins
    residences: tuple[str, ...]
    mailboxes: tuple[str, ...]
    short_forms: tuple[tuple[str, str], ...]


class Job(_Entry):
    """One kind of work: its department, pay (pounds a year, full time), hours (hundredths a week), shares."""

    department: str
    weight: float
    pay: tuple[int, int]
    hours: int
    part_time: float
    casual: float
    teacher: bool


class Place(_Entry):
    """A town with the outward codes of its post codes, and its range of drama telephone numbers if any."""

    town: str
    county: str
    outcodes: tuple[str, ...]
    telephone: str | None = None


class Places(_Entry):
    """Where people live and most firms are, and where the other firms are."""

    local: tuple[Place, ...]
    national: tuple[Place, ...]


class Streets(_Entry):
    """What streets, houses and business parks are called."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    houses: tuple[str, ...]
    estates: tuple[str, ...]


class CreditorType(_Entry):
    """One kind of creditor: how many there are, what they invoice, how they are called."""

    type: str
    weight: float
    median: float
    busy: float
    vat: float
    names: tuple[str, ...]


class Firms(_Entry):
    """What creditors are called."""

    place_beginnings: tuple[str, ...]
    place_ends: tuple[str, ...]
    brand_beginnings: tuple[str, ...]
    brand_ends: tuple[str, ...]
    saints: tuple[str, ...]
    houses: tuple[str, ...]
    trades: tuple[str, ...]
    professions: tuple[str, ...]
    endings: tuple[str, ...]
    types: tuple[CreditorType, ...]
    group_ends: tuple[str, ...]
    factors: tuple[str, ...]
    abbreviations: tuple[tuple[str, str], ...]


class PaymentWords(_Entry):
    """What stands on invoices and in remarks."""

    invoice_prefixes: tuple[str, ...]
    remarks: tuple[str, ...]
    rent_references: tuple[str, ...]
    subscription_references: tuple[str, ...]


class Reserved(_Entry):
    """Ranges of numbers that belong to no one."""

    sort_codes: tuple[str, ...]
    ni_prefixes: tuple[str, ...]
    mobile: str
    home: str
    national: str
    vat_from: int
    vat_to: int
    company_from: int
    company_to: int
    partnership_from: int
    partnership_to: int
    email_domains: tuple[str, ...]


class Words(_Entry):
    """All of words.yaml."""

    people: PeopleWords
    jobs: tuple[Job, ...]
    places: Places
    streets: Streets
    firms: Firms
    payments: PaymentWords
    reserved: Reserved


@cache
def load_words() -> Words:
    """The words, read once."""
    return Words.model_validate(read_own_yaml(WORDS))
