"""The creditors' standing data, and how each creditor invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from nfi.sample.addresses import Addresses, Area, joined
from nfi.sample.dates import EXTRACT, LEDGER_FROM, day, ddmmyyyy
from nfi.sample.draw import BoolArray, FloatArray, IntArray, TextArray, picks, text, words_drawn, zipf_weights
from nfi.sample.firms import FirmNames
from nfi.sample.people import HOME_NUMBERS, email_part
from nfi.sample.records import Records
from nfi.sample.reserved import (
    company_numbers,
    drama_numbers,
    partnership_numbers,
    sort_codes,
    vat_numbers,
)
from nfi.sample.words import Words
from specs.specification import Specification

OLDEST_CREDITOR = day(date(2005, 4, 1))
NEWCOMERS = 0.18
"""Share of the creditors that were created within the three years of the history."""
EXTRA_SITES = 0.03
FIRST_SITE, NEXT_SITE = "001", "002"
TERMS = (0, 7, 14, 30)
"""Days from the invoice to the day when it is due."""
PADS = (0, 0, 4, 5, 6, 6)
"""Figures to which an invoice number is filled up with zeros."""
SELDOM = 60
"""Creditors with fewer lines than this may number their invoices 1, 2, 3, or by date."""


class Vat(IntEnum):
    """What a creditor charges. 20% and 5% have held throughout the three years, so no tax point matters."""

    NONE = 0
    STANDARD = 1
    MIXED = 2
    REDUCED = 3


class Method(IntEnum):
    """How a creditor is paid."""

    BACS = 0
    CHEQUE = 1
    FASTER_PAYMENT = 2
    DIRECT_DEBIT = 3


class Style(IntEnum):
    """How a creditor writes its invoice numbers: INV-000123, 2024/0456, 120324/07, 4456/24."""

    PREFIXED = 0
    YEARLY = 1
    DATED = 2
    SUFFIXED = 3


@dataclass
class Invoicing:
    """How each creditor invoices, one element a creditor and site, in the order of the standing data.

    Invoice numbers of creditor c run start[c] + step[c] * n: creditors have other customers too. The last
    number before each next step is left for planted invoices, so that no number comes twice by accident.
    """

    weight: FloatArray
    """How often, against the others; 0: only what is planted."""
    log_median: FloatArray
    """Natural logarithm of the median net amount in pence."""
    spread: FloatArray
    """Standard deviation of the logarithm; 0: always the same amount."""
    vat: IntArray
    style: IntArray
    prefix: TextArray
    start: IntArray
    step: IntArray
    pad: IntArray
    terms: IntArray
    """Days from invoice to due date."""
    method: IntArray
    created: IntArray


@dataclass
class Creditors:
    """The standing data with what the history needs to know of it."""

    records: Records
    names: FirmNames
    invoicing: Invoicing
    single: BoolArray
    """Creditors with one site, not among the busiest: those in which things may be planted."""


def make_creditors(
    rng: np.random.Generator,
    words: Words,
    specification: Specification,
    *,
    areas: tuple[Area, Area],
    branches: TextArray,
    accounts: TextArray,
    payments: int,
) -> Creditors:
    """Standing data of one row for each account, in the order in which the creditors were created."""
    size = len(accounts)
    creditors = Records(specification, size)
    types = picks(rng, [its.weight for its in words.firms.types], size)
    names = FirmNames(rng, words)
    called = names.of_types(types.tolist())
    created = _created(rng, size)
    site_of = _extra_sites(rng, types, size)
    creditors.fill(
        "creditor_reference", text([str(n) for n in (100_000 + rng.integers(1, 6, size).cumsum()).tolist()])
    )
    creditors.fill("site_id", text([FIRST_SITE] * size))
    capital = rng.random(size) < 0.1
    creditors.fill("creditor_name", np.where(capital, text([name.upper() for name in called]), called))
    addresses = _addresses(rng, areas, types)
    for column, values in addresses.columns.items():
        creditors.fill(column, values)
    creditors.fill("telephone", _telephones(rng, words, areas, addresses))
    domains = words_drawn(rng, words.reserved.email_domains, size)
    emails = [f"accounts.{name}@{domain}" for name, domain in zip(_short_names(called), domains, strict=True)]
    creditors.fill("email", np.where(rng.random(size) < 0.7, text(emails), "").astype(object))
    registered = _fill_registrations(rng, words, creditors, called, types)
    creditors.fill("creditor_type", text([its.type for its in words.firms.types])[types])
    creditors.fill("date_created", ddmmyyyy(created))
    creditors.fill("sort_code", sort_codes(rng, branches, size))
    creditors.fill("bank_account", accounts)
    invoicing = _invoicing(
        rng, words, types, called=called, registered=registered, created=created, payments=payments
    )
    for site, head in site_of.items():
        _make_site(creditors, invoicing, site, head)
    return Creditors(creditors, names, invoicing, _plantable(invoicing, site_of))


def is_firm(creditors: Records) -> BoolArray:
    """Which creditors are firms, the kind in which most things are planted."""
    return np.isin(creditors["creditor_type"].astype(str), ("Company", "Partnership", "Care provider"))


def _short_names(called: TextArray) -> list[str]:
    """The first two words of each name as one, numbered where it comes again: bakerlandagents2."""
    seen: dict[str, int] = {}
    names = []
    for name in called:
        telling = [word for word in name.split() if len(word) > 1 and word != "and"]
        short = email_part("".join(telling[:2]))
        seen[short] = seen.get(short, 0) + 1
        names.append(f"{short}{seen[short] if seen[short] > 1 else ''}")
    return names


def _created(rng: np.random.Generator, size: int) -> IntArray:
    new = rng.random(size) < NEWCOMERS
    late = LEDGER_FROM + (EXTRACT - 25 - LEDGER_FROM) * rng.random(size)
    early = OLDEST_CREDITOR + (LEDGER_FROM - 1 - OLDEST_CREDITOR) * rng.beta(1.6, 1.1, size)
    created = np.where(new, late, early).astype(np.int64)
    return np.sort(created - np.maximum((created + 3) % 7 - 4, 0))  # a Saturday's or Sunday's on Friday


def _extra_sites(rng: np.random.Generator, types: IntArray, size: int) -> dict[int, int]:
    """Rows that are a further site of the creditor in the row before: row -> row before."""
    heads = np.flatnonzero((rng.random(size - 1) < EXTRA_SITES) & (types[:-1] == 0)) + 1
    return {row: row - 1 for row in heads.tolist() if row - 1 not in heads}


def _make_site(creditors: Records, invoicing: Invoicing, site: int, head: int) -> None:
    creditors.copy(
        head,
        site,
        ("creditor_reference", "creditor_name", "email", "vat_number", "company_number", "creditor_type",
         "sort_code", "bank_account"),
    )  # fmt: skip
    creditors.change(site, {"site_id": NEXT_SITE})
    for facts in (invoicing.vat, invoicing.terms, invoicing.method):
        facts[site] = facts[head]


def _plantable(invoicing: Invoicing, site_of: dict[int, int]) -> BoolArray:
    single = np.ones(len(invoicing.weight), dtype=bool)
    single[[*site_of, *site_of.values()]] = False
    return single & (invoicing.weight <= np.quantile(invoicing.weight, 0.97))


def _addresses(rng: np.random.Generator, areas: tuple[Area, Area], types: IntArray) -> Addresses:
    """Companies are half local and half anywhere; the others nearly all local."""
    size = len(types)
    is_local = rng.random(size) < np.where(types <= 1, 0.55, 0.95)
    local, national = areas
    both = joined(
        local.premises(rng, int(is_local.sum())),
        national.premises(rng, size - int(is_local.sum())),
        places_before=len(local.places),
    )
    order = np.argsort(np.argsort(~is_local, kind="stable"), kind="stable")
    return Addresses({name: values[order] for name, values in both.columns.items()}, both.place[order])


def _telephones(
    rng: np.random.Generator, words: Words, areas: tuple[Area, Area], addresses: Addresses
) -> TextArray:
    """Drama numbers of the creditor's city, of no area for local ones, or for the whole country."""
    size = len(addresses.place)
    values = np.full(size, "", dtype=object)
    local = [""] * len(areas[0].places)
    ranges = text([*local, *(place.telephone or words.reserved.national for place in areas[1].places)])
    its_range = ranges[addresses.place]
    its_range[its_range == ""] = words.reserved.home
    known = rng.random(size) < 0.75
    for beginning in sorted(set(its_range)):
        rows = np.flatnonzero((its_range == beginning) & known)
        is_home = beginning == words.reserved.home
        spare = HOME_NUMBERS if is_home else 0
        numbers = drama_numbers(rng, beginning, wanted=len(rows), spare=spare)
        if is_home:  # the lower half of this range is people's
            numbers = [f"{beginning}{int(number[-3:]) + HOME_NUMBERS:03d}" for number in numbers]
        rng.shuffle(rows)
        values[rows[: len(numbers)]] = numbers
    return values


def _fill_registrations(
    rng: np.random.Generator, words: Words, creditors: Records, called: TextArray, types: IntArray
) -> BoolArray:
    """VAT and company numbers; gives back who is registered for VAT."""
    size = len(creditors)
    share = np.array([its.vat for its in words.firms.types])[types]
    numbers = vat_numbers(rng, words.reserved, size)
    registered = rng.random(size) < share
    registered[len(numbers) :] = False
    form = picks(rng, [5, 3, 2], size)
    values = [
        (number, f"GB{number}", f"GB {number[:3]} {number[3:7]} {number[7:]}")[how] if has else ""
        for number, how, has in zip(numbers, form.tolist(), registered.tolist(), strict=False)
    ]
    creditors.fill("vat_number", text(values + [""] * (size - len(values))))
    companies = company_numbers(rng, words.reserved, size)
    partnerships = partnership_numbers(rng, words.reserved, size)
    partnerships += [""] * (size - len(partnerships))
    endings = [set(name.split()) for name in called]
    known = (rng.random(size) < 0.85).tolist()
    creditors.fill(
        "company_number",
        text(
            [
                company
                if ending & {"Ltd", "Limited", "PLC"} and has
                else partnership
                if "LLP" in ending and has
                else ""
                for ending, company, partnership, has in zip(
                    endings, companies, partnerships, known, strict=True
                )
            ]
        ),
    )
    return registered


def _invoicing(
    rng: np.random.Generator,
    words: Words,
    types: IntArray,
    *,
    called: TextArray,
    registered: BoolArray,
    created: IntArray,
    payments: int,
) -> Invoicing:
    size = len(types)
    kinds = words.firms.types
    weight = zipf_weights(size, exponent=1.05, offset=4.0)[rng.permutation(size)]
    busy = np.array([its.busy for its in kinds])[types]
    weight = np.where(busy < 1, np.minimum(weight, np.quantile(weight, 0.98)), weight) * busy
    weight /= weight.sum()
    seldom = weight * payments < SELDOM
    numbers_from_one = seldom & (rng.random(size) < np.where(types == 2, 0.7, 0.08))
    dated = seldom & ~numbers_from_one & (rng.random(size) < 0.05)
    style = np.where(dated, Style.DATED, picks(rng, [85, 11, 0, 4], size))
    style[numbers_from_one] = Style.PREFIXED
    counted = numbers_from_one | dated
    form = picks(rng, [50, 28, 22], size)
    prefixes = words_drawn(rng, words.payments.invoice_prefixes, size, exponent=0.8)
    initials = text(
        [email_part(name)[: 2 + n % 2].upper() + ("-" if n % 3 else "") for n, name in enumerate(called)]
    )
    prefix = np.where(form == 0, prefixes, np.where(form == 1, initials, "")).astype(object)
    prefix[counted] = ""
    fixed = ~seldom & (rng.random(size) < 0.06)
    return Invoicing(
        weight=weight,
        log_median=np.log(np.array([its.median for its in kinds])[types] * 100) + rng.normal(0.0, 1.2, size),
        spread=np.where(fixed, 0.0, rng.uniform(0.35, 1.0, size)),
        vat=np.where(registered, picks(rng, [0, 88, 9, 3], size), Vat.NONE),
        style=style.astype(np.int64),
        prefix=prefix,
        start=np.where(counted, 1, np.power(10, rng.uniform(1.7, 5.0, size)).astype(np.int64)),
        step=np.where(counted, 1, rng.integers(2, 30, size)),
        pad=np.where(dated, 2, np.where(counted, 3 * rng.integers(0, 2, size), rng.choice(PADS, size))),
        terms=np.array(TERMS)[picks(rng, [6, 6, 8, 80], size)],
        method=picks(rng, [94, 3, 1.5, 1.5], size),
        created=created,
    )
