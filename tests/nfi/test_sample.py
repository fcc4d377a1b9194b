"""Synthetic extracts: the same every time, valid in every field, and with exactly what the answers say."""

from __future__ import annotations

import csv
import os
import re
import stat
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz
from stdnum.gb import vat
from uk_postcodes_parsing import is_in_ons_postcode_directory

import nfi.sample.payments
from nfi.sample import LEAST, SampleRefused, SampleSummary, make_sample
from specs.errors import OutputUnwritable

ROOT = Path(__file__).parents[2]
EXTRACTS = ("payroll", "creditors-standing", "creditors-history")
SIZES = {"employees": 1_100, "creditors": 1_700, "payments": 21_000}
PLANTED: list[dict[str, Any]] = yaml.safe_load((ROOT / "nfi/sample/planted.yaml").read_text(encoding="utf-8"))

Record = dict[str, str]
Rows = list[Record]


class Sample:
    """A sample as someone else would read it: with the csv module, everything as text."""

    def __init__(self, summary: SampleSummary) -> None:
        self.summary = summary
        self.extracts = {name: read(summary.files[name]) for name in EXTRACTS}
        self.answers = read(summary.files["answers"])
        self.names = {
            (row["Creditor reference"], row["Site ID"]): row["Creditor name"]
            for row in self.extracts["creditors-standing"]
        }

    def groups(self, name: str) -> Iterator[Rows]:
        """The records of each planted group of a name, payroll and then creditors, with their data set."""
        found: dict[str, Rows] = defaultdict(list)
        for answer in self.answers:
            if answer["name"] == name:
                record = self.extracts[answer["dataset"]][int(answer["row"]) - 2]
                found[answer["group"]].append(record | {"dataset": answer["dataset"], "row": answer["row"]})
        yield from found.values()

    def name_of(self, payment: Record) -> str:
        return self.names[payment["Creditor reference"], payment["Site ID"]]

    def recorded(self, dataset: str) -> set[int]:
        """The spreadsheet rows of an extract that are in the answers."""
        return {int(answer["row"]) for answer in self.answers if answer["dataset"] == dataset}


def made(folder: Path, sizes: dict[str, int], *, seed: int, force: bool = False) -> SampleSummary:
    return make_sample(
        folder,
        employees=sizes["employees"],
        creditors=sizes["creditors"],
        payments=sizes["payments"],
        seed=seed,
        force=force,
    )


def read(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module", params=["one chunk", "many chunks"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "many chunks":
            patch.setattr(nfi.sample.payments, "CHUNK", 1_700)
        return Sample(made(tmp_path_factory.mktemp("sample"), SIZES, seed=11))


def whole_day(ddmmyyyy: str) -> date:
    return datetime.strptime(ddmmyyyy, "%d%m%Y").date()


def pence(payment: Record) -> int:
    return int(payment["Total invoice amount"])


def key_of_number(number: str) -> str:
    """An invoice number without case, punctuation, spaces and leading zeros."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", re.sub(r"[^A-Z0-9]", "", number.upper()))


def key_of_name(name: str) -> str:
    """A creditor's name without case, punctuation and legal ending."""
    words = re.sub(r"[^A-Z0-9 ]", "", name.upper().replace("&", " AND ")).split()
    return " ".join(word for word in words if word not in {"LTD", "LIMITED", "PLC", "LLP"})


def account(record: Record) -> tuple[str, str]:
    return record["Sort code"].replace("-", ""), record["Bank account"]


def address(record: Record) -> tuple[str, ...]:
    return (*(record[f"Address line {n}"] for n in (1, 2, 3, 4)), record["Post code"])


def person(record: Record) -> str:
    return f"{record['Forename(s)']} {record['Surname']}"


def values(records: Rows, *fields: str) -> set[tuple[str, ...]]:
    return {tuple(record[field] for field in fields) for record in records}


def agree(records: Rows, *fields: str) -> bool:
    return len(values(records, *fields)) == 1


def all_differ(records: Rows, *fields: str) -> bool:
    return len(values(records, *fields)) == len(records)


NUMBER, TOTAL, VAT = "Suppliers invoice number", "Total invoice amount", "VAT amount"
REFERENCE, INTERNAL, DATED = "Creditor reference", "Internal/system invoice number", "Invoice date"
NINO, BORN, EMPLOYEE = "National insurance number", "Date of birth", "Employee reference number"


# --- what each planted name claims, read off the files


def rekeyed(group: Rows, _: Sample) -> bool:
    return (
        len(group) == 2
        and agree(group, REFERENCE, "Site ID", NUMBER, TOTAL, VAT, DATED)
        and pence(group[0]) > 0
    )


def rekeyed_altered(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        agree(group, REFERENCE, "Site ID", TOTAL)
        and first[NUMBER] != second[NUMBER]
        and key_of_number(first[NUMBER]) == key_of_number(second[NUMBER])
    )


def duplicate_paid_twice(group: Rows, sample: Sample) -> bool:
    first, second = group
    return (
        agree(group, NUMBER, TOTAL)
        and all_differ(group, REFERENCE)
        and key_of_name(sample.name_of(first)) == key_of_name(sample.name_of(second))
    )


def duplicate_record(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        all_differ(group, REFERENCE)
        and first["Creditor name"] != second["Creditor name"]
        and key_of_name(first["Creditor name"]) == key_of_name(second["Creditor name"])
        and account(first) == account(second)
    )


def wrong_creditor(group: Rows, sample: Sample) -> bool:
    first, second = group
    apart = abs(whole_day(first["Payment date"]) - whole_day(second["Payment date"]))
    return (
        agree(group, NUMBER, TOTAL, DATED)
        and all_differ(group, REFERENCE)
        and fuzz.token_sort_ratio(sample.name_of(first), sample.name_of(second)) < 80
        and apart <= timedelta(days=60)
    )


def shared_account_of_creditors(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        account(first) == account(second)
        and all_differ(group, REFERENCE)
        and address(first) != address(second)
        and fuzz.token_sort_ratio(key_of_name(first["Creditor name"]), key_of_name(second["Creditor name"]))
        < 80
    )


def similar_name(group: Rows, _: Sample) -> bool:
    names = [key_of_name(record["Creditor name"]) for record in group]
    return (
        names[0] != names[1]
        and fuzz.ratio(*names) >= 75
        and all_differ(group, REFERENCE)
        and account(group[0]) != account(group[1])
    )


def account_is_creditors(group: Rows, _: Sample) -> bool:
    creditor, employee = group
    return (
        account(employee) == account(creditor)
        and employee["Surname"].upper() not in creditor["Creditor name"].upper()
        and address(employee) != address(creditor)
    )


def shared_nino(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        first[NINO][:8] == second[NINO][:8]
        and all_differ(group, EMPLOYEE)
        and all_differ(group, "Surname")
        and all_differ(group, BORN)
        and account(first) != account(second)
    )


def two_full_time(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        agree(group, NINO, BORN)
        and all_differ(group, EMPLOYEE)
        and all_differ(group, "Department")
        and (first["Surname"] == second["Surname"]) != (first["Forename(s)"] == second["Forename(s)"])
        and all(its["Full-time/part-time flag"] == "F" for its in group)
        and sum(int(its["Standard hours per week"]) for its in group) > 60_00
    )


def shared_pay_account(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        account(first) == account(second)
        and all_differ(group, "Surname")
        and all_differ(group, NINO)
        and address(first) != address(second)
    )


def similar_person(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        agree(group, BORN)
        and all_differ(group, EMPLOYEE)
        and first[NINO] != second[NINO]
        and person(first) != person(second)
        and fuzz.ratio(person(first), person(second)) >= 75
    )


def recurring(group: Rows, sample: Sample, *, months: int) -> bool:
    days = [whole_day(payment[DATED]) for payment in group]
    steps = {(b.year - a.year) * 12 + b.month - a.month for a, b in pairwise(days)}
    (reference,) = {payment[REFERENCE] for payment in group}
    every = [row for row in sample.extracts["creditors-history"] if row[REFERENCE] == reference]
    return (
        agree(group, NUMBER, TOTAL)
        and len(group) >= (12 if months == 1 else 4)
        and steps == {months}
        and {day.day for day in days} == {1}
        and len(every) == len(group)
    )


def reversed_and_paid_again(group: Rows, _: Sample) -> bool:
    sums = [pence(payment) for payment in group]
    paid, cancelled, again = (whole_day(payment["Payment date"]) for payment in group)
    return (
        agree(group, REFERENCE, NUMBER) and sums == [sums[0], -sums[0], sums[0]] and paid < cancelled <= again
    )


def duplicate_credited(group: Rows, _: Sample) -> bool:
    sums = [pence(payment) for payment in group]
    return (
        agree(group, REFERENCE)
        and agree(group[:2], NUMBER)
        and group[2][NUMBER].startswith("CN")
        and sums == [sums[0], sums[0], -sums[0]]
    )


def credited_in_full(group: Rows, _: Sample) -> bool:
    sums = [pence(payment) for payment in group]
    return agree(group, REFERENCE, NUMBER) and sums == [sums[0], -sums[0]] and sums[0] > 0


def split_coding(group: Rows, _: Sample) -> bool:
    internal = [int(payment[INTERNAL]) for payment in group]
    return (
        len(group) >= 2
        and agree(group, REFERENCE, NUMBER, TOTAL, DATED, "Payment reference number")
        and internal == list(range(internal[0], internal[0] + len(group)))
        and all_differ(group, "Remarks")
    )


def instalments(group: Rows, _: Sample) -> bool:
    days = [whole_day(payment[DATED]) for payment in group]
    return (
        len(group) >= 3
        and agree(group, REFERENCE, NUMBER, TOTAL)
        and all((b - a).days >= 28 for a, b in pairwise(days))
        and [payment["Remarks"] for payment in group]
        == [f"Instalment {n + 1} of {len(group)}" for n in range(len(group))]
    )


def generic_number(group: Rows, _: Sample) -> bool:
    apart = abs(whole_day(group[0][DATED]) - whole_day(group[1][DATED]))
    return (
        agree(group, NUMBER, TOTAL)
        and all_differ(group, REFERENCE)
        and len(group[0][NUMBER]) <= 3
        and pence(group[0]) % 1_000 == 0
        and apart <= timedelta(days=60)
    )


def second_post(group: Rows, _: Sample) -> bool:
    return (
        agree(group, NINO, BORN, "Surname", "Forename(s)", "Post code", "Bank account")
        and all_differ(group, EMPLOYEE)
        and all_differ(group, "Department")
        and all(its["Full-time/part-time flag"] == "P" for its in group)
        and sum(int(its["Standard hours per week"]) for its in group) <= 37_00
    )


def couple(group: Rows, _: Sample) -> bool:
    first, second = group
    return account(first) == account(second) and address(first) == address(second) and all_differ(group, NINO)


def twins(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        agree(group, "Surname", BORN)
        and address(first) == address(second)
        and all_differ(group, NINO)
        and first["Forename(s)"] != second["Forename(s)"]
        and fuzz.ratio(person(first), person(second)) >= 70
    )


def own_business(group: Rows, _: Sample, *, kind: str) -> bool:
    creditor, employee = group
    return (
        account(creditor) == account(employee)
        and address(creditor) == address(employee)
        and employee["Surname"] in creditor["Creditor name"]
        and creditor["Creditor type"] == kind
    )


def group_companies(group: Rows, _: Sample) -> bool:
    return (
        len(group) >= 2
        and len({account(record) for record in group}) == 1
        and len({address(record) for record in group}) == 1
        and len({tuple(record["Creditor name"].split()[:2]) for record in group}) == 1
        and all_differ(group, "Creditor name")
        and all_differ(group, REFERENCE)
    )


def branches(group: Rows, _: Sample) -> bool:
    return (
        len(group) >= 2
        and agree(group, "Creditor name", "Company registration number")
        and all_differ(group, REFERENCE)
        and len({address(record) for record in group}) == len(group)
    )


def factoring(group: Rows, _: Sample) -> bool:
    words = yaml.safe_load((ROOT / "nfi/sample/words.yaml").read_text(encoding="utf-8"))
    return len({account(record) for record in group}) == 1 and any(
        all(factor in record["Creditor name"] for record in group) for factor in words["firms"]["factors"]
    )


def two_ni_numbers(group: Rows, _: Sample) -> bool:
    first, second = group
    return (
        agree(group, "Surname", "Forename(s)", BORN)
        and address(first) == address(second)
        and first[NINO][:8] != second[NINO][:8]
        and all_differ(group, EMPLOYEE)
    )


def one_person_full_time_twice(group: Rows, _: Sample) -> bool:
    return (
        agree(group, NINO, BORN, "Surname", "Forename(s)", "Bank account")
        and all_differ(group, EMPLOYEE)
        and all_differ(group, "Department")
        and all(its["Full-time/part-time flag"] == "F" for its in group)
    )


def moved_post(group: Rows, sample: Sample) -> bool:
    left, came = sorted(group, key=lambda its: whole_day(its["Date last paid"]))
    overlap = (whole_day(left["Date last paid"]) - whole_day(came["Date started"])).days
    return (
        one_person_full_time_twice(group, sample)
        and 0 < overlap < 31
        and whole_day(left["Date last paid"]) < whole_day(came["Date last paid"])
    )


def only_shared(*fields: str, least: int = 2) -> Callable[[Rows, Sample], bool]:
    """Employees who agree in some fields, which are filled, and in nothing else that tells people apart."""

    def holds(group: Rows, _: Sample) -> bool:
        contacts = {"Mobile telephone number", "Email address"} - set(fields)
        at_one_address = "Address line 1" in fields
        return (
            len(group) >= least
            and agree(group, *fields)
            and all(group[0][field] for field in fields)
            and all_differ(group, "Surname")
            and all_differ(group, BORN)
            and all_differ(group, NINO)
            and len({address(its) for its in group}) == (1 if at_one_address else len(group))
            and all(all_differ([its for its in group if its[contact]], contact) for contact in contacts)
        )

    return holds


def figures(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def employee_and_creditor_share(*fields: str) -> Callable[[Rows, Sample], bool]:
    """Another surname than the creditor's name holds, another account, and something of both."""

    def holds(group: Rows, _: Sample) -> bool:
        creditor, employee = group
        return (
            employee["Surname"].upper() not in creditor["Creditor name"].upper()
            and account(employee) != account(creditor)
            and all(employee[field] and employee[field] == creditor[field] for field in fields)
            and (address(employee) == address(creditor)) == ("Post code" in fields)
        )

    return holds


def phone_is_creditors(group: Rows, sample: Sample) -> bool:
    creditor, employee = group
    return employee_and_creditor_share()(group, sample) and figures(
        employee["Mobile telephone number"]
    ) == figures(creditor["Telephone number"])


def name_at_home(group: Rows, _: Sample, *, kind: str) -> bool:
    creditor, employee = group
    return (
        account(creditor) != account(employee)
        and address(creditor) == address(employee)
        and employee["Surname"] in creditor["Creditor name"]
        and creditor["Creditor type"] == kind
    )


def two_front_doors(group: Rows, _: Sample) -> bool:
    creditor, employee = group
    first, second = address(creditor), address(employee)
    return first[0] != second[0] and first[1:] == second[1:] and account(creditor) != account(employee)


def only_shared_by_creditors(field: str) -> Callable[[Rows, Sample], bool]:
    def holds(group: Rows, _: Sample) -> bool:
        first, second = group
        names = [key_of_name(record["Creditor name"]) for record in group]
        return (
            agree(group, field)
            and first[field] != ""
            and all_differ(group, REFERENCE)
            and account(first) != account(second)
            and (address(first) == address(second)) == (field == "Address line 1")
            and fuzz.token_sort_ratio(*names) < 80
        )

    return holds


def days_from(record: Record, earlier: str, later: str) -> int:
    return (whole_day(record[later]) - whole_day(record[earlier])).days


def single(holds: Callable[[Record], bool]) -> Callable[[Rows, Sample], bool]:
    return lambda group, _: len(group) == 1 and holds(group[0])


def age(record: Record) -> float:
    return days_from(record, BORN, "Date last paid") / 365.25


def is_paid(record: Record, sample: Sample) -> bool:
    of_this = [row for row in sample.extracts["creditors-history"] if row[REFERENCE] == record[REFERENCE]]
    return sum(pence(row) for row in of_this if row["Payment date"]) >= 100_000


def one_building(group: Rows, _: Sample) -> bool:
    return (
        len(group) >= 6 and len({address(its) for its in group}) == 1 and all_differ(group, "Creditor name")
    )


def care_of(group: Rows, _: Sample) -> bool:
    return (
        len(group) >= 4
        and len({address(its) for its in group}) == 1
        and agree(group, "Telephone number", "Email address")
        and group[0]["Address line 1"].startswith("c/o ")
        and all_differ(group, "Bank account")
    )


def school_site(group: Rows, _: Sample) -> bool:
    return (
        len({address(its) for its in group}) == 1
        and agree(group, "Telephone number")
        and all("School" in its["Creditor name"] for its in group)
    )


def novation(group: Rows, sample: Sample) -> bool:
    first, second = (
        [
            whole_day(row[DATED])
            for row in sample.extracts["creditors-history"]
            if row[REFERENCE] == its[REFERENCE]
        ]
        for its in group
    )
    in_turn = max(first) < min(second) or max(second) < min(first)
    return in_turn and account(group[0]) == account(group[1]) and address(group[0]) == address(group[1])


def not_a_date(field: str) -> Callable[[Rows, Sample], bool]:
    def holds(group: Rows, _: Sample) -> bool:
        try:
            whole_day(group[0][field])
        except ValueError:
            return len(group) == 1
        return False

    return holds


def unlike(field: str, pattern: str) -> Callable[[Rows, Sample], bool]:
    return lambda group, _: len(group) == 1 and re.fullmatch(pattern, group[0][field]) is None


def like(field: str, pattern: str) -> Callable[[Rows, Sample], bool]:
    return lambda group, _: len(group) == 1 and re.fullmatch(pattern, group[0][field]) is not None


CLAIMS: dict[str, Callable[[Rows, Sample], bool]] = {
    "rekeyed-invoice": rekeyed,
    "rekeyed-invoice-altered": rekeyed_altered,
    "duplicate-creditor-paid-twice": duplicate_paid_twice,
    "duplicate-creditor-record": duplicate_record,
    "wrong-creditor-paid": wrong_creditor,
    "shared-bank-account": shared_account_of_creditors,
    "similar-creditor-name": similar_name,
    "employee-account-is-creditors": account_is_creditors,
    "shared-ni-number": shared_nino,
    "two-full-time-posts": two_full_time,
    "shared-pay-account": shared_pay_account,
    "similar-person": similar_person,
    "two-ni-numbers": two_ni_numbers,
    "shared-employee-phone": only_shared("Mobile telephone number"),
    "shared-employee-email": only_shared("Email address"),
    "many-at-one-address": only_shared("Address line 1", "Post code", least=5),
    "employee-phone-is-creditors": phone_is_creditors,
    "employee-email-is-creditors": employee_and_creditor_share("Email address"),
    "employee-address-is-creditors": employee_and_creditor_share("Address line 1", "Post code"),
    "employee-name-in-creditors": lambda group, sample: name_at_home(group, sample, kind="Company"),
    "shared-creditor-address": only_shared_by_creditors("Address line 1"),
    "shared-vat-number": only_shared_by_creditors("VAT registration number"),
    "shared-company-number": only_shared_by_creditors("Company registration number"),
    "shared-creditor-phone": only_shared_by_creditors("Telephone number"),
    "shared-creditor-email": only_shared_by_creditors("Email address"),
    "paid-after-leaving": single(lambda its: days_from(its, "Date left", "Date last paid") > 140),
    "started-after-leaving": single(lambda its: days_from(its, "Date left", "Date started") >= 40),
    "no-ni-number": single(
        lambda its: its[NINO] == "" and days_from(its, "Date started", "Date last paid") > 180
    ),
    "too-old": single(lambda its: age(its) > 85),
    "too-young": single(lambda its: age(its) < 13),
    "post-box-address": like("Address line 1", r"PO Box \d+"),
    "pay-without-hours": single(
        lambda its: its["Standard hours per week"] == "0" and int(its["Gross pay to date"]) >= 150_000
    ),
    "closed-record-paid": lambda group, sample: (
        len(group) == 1 and "DO NOT USE" in group[0]["Creditor name"] and is_paid(group[0], sample)
    ),
    "no-bank-account": lambda group, sample: (
        len(group) == 1 and account(group[0]) == ("", "") and is_paid(group[0], sample)
    ),
    "monthly-rent": lambda group, sample: recurring(group, sample, months=1),
    "subscription": lambda group, sample: recurring(group, sample, months=1),
    "quarterly-lease": lambda group, sample: recurring(group, sample, months=3),
    "reversed-and-paid-again": reversed_and_paid_again,
    "duplicate-credited": duplicate_credited,
    "credited-in-full": credited_in_full,
    "split-coding-lines": split_coding,
    "instalments": instalments,
    "generic-number": generic_number,
    "second-post": second_post,
    "couple": couple,
    "twins": twins,
    "declared-sole-trader": lambda group, sample: own_business(group, sample, kind="Sole trader"),
    "staff-expenses": lambda group, sample: own_business(group, sample, kind="Employee"),
    "group-companies": group_companies,
    "branches": branches,
    "factoring": factoring,
    "seconded": lambda group, sample: (
        one_person_full_time_twice(group, sample)
        and any(its["Department"].startswith("Seconded to ") for its in group)
    ),
    "moved-post": moved_post,
    "staff-residence": only_shared("Address line 1", "Address line 2", "Post code", least=6),
    "office-telephone": only_shared("Mobile telephone number", least=5),
    "office-mailbox": only_shared("Email address", least=3),
    "ni-number-to-follow": single(
        lambda its: its[NINO] == "" and 0 < days_from(its, "Date started", "Date last paid") < 60
    ),
    "foster-carer": lambda group, sample: name_at_home(group, sample, kind="Foster carer"),
    "shop-below-a-flat": two_front_doors,
    "serviced-office": one_building,
    "care-of-accountants": care_of,
    "school-and-its-friends": school_site,
    "novation": novation,
    "missing-surname": like("Surname", ""),
    "impossible-date-of-birth": not_a_date(BORN),
    "letters-in-pay": unlike("Gross pay to date", r"-?\d+"),
    "bad-ni-number": unlike(NINO, r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"),
    "temporary-ni-number": like(NINO, r"TN\d{6}[FM]"),
    "bad-payroll-sort-code": unlike("Sort code", r"\d{2}-?\d{2}-?\d{2}"),
    "short-payroll-account": like("Bank account", r"\d{7}"),
    "bad-payroll-post-code": unlike("Post code", r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"),
    "leaver-present": like("Date left", r"\d{8}"),
    "duplicate-employee-reference": lambda group, _: agree(group, EMPLOYEE) and all_differ(group, NINO),
    "bad-vat-number": lambda group, _: not vat.is_valid(group[0]["VAT registration number"]),
    "bad-creditor-sort-code": unlike("Sort code", r"\d{2}-?\d{2}-?\d{2}"),
    "short-creditor-account": like("Bank account", r"\d{7}"),
    "bad-creditor-post-code": unlike("Post code", r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"),
    "bad-creditor-email": unlike("Email address", r"[^@ ]+@[^@ ]+\.[a-z]+"),
    "impossible-invoice-date": not_a_date(DATED),
    "letters-in-amount": unlike(TOTAL, r"-?\d+"),
    "vat-larger-than-gross": lambda group, _: int(group[0][VAT]) > pence(group[0]),
    "creditor-not-in-standing": lambda group, sample: (
        group[0][REFERENCE] not in {reference for reference, _ in sample.names}
    ),
    "duplicate-internal-number": lambda group, _: agree(group, INTERNAL) and all_differ(group, NUMBER),
}


@pytest.mark.parametrize("name", [entry["name"] for entry in PLANTED])
def test_every_planted_group_is_in_the_files_as_the_answers_say(sample: Sample, name: str) -> None:
    groups = list(sample.groups(name))
    assert len(groups) == sample.summary.planted[name]
    broken = [[record["row"] for record in group] for group in groups if not CLAIMS[name](group, sample)]
    assert broken == []


def test_everything_in_planted_yaml_is_planted_as_often_as_it_says(sample: Sample) -> None:
    counted = Counter({entry["name"]: 0 for entry in PLANTED})
    for answer in {(answer["group"], answer["name"]) for answer in sample.answers}:
        counted[answer[1]] += 1
    for entry in PLANTED:
        expected = max(entry["at_least"], min(SIZES[what] // per for what, per in entry["one_per"].items()))
        extra = sum(counted[other["name"]] for other in PLANTED if other.get("also") == entry["name"])
        assert counted[entry["name"]] == expected + extra, entry["name"]


def test_no_record_belongs_to_two_planted_things(sample: Sample) -> None:
    records = Counter((answer["dataset"], answer["row"]) for answer in sample.answers)
    assert [record for record, times in records.items() if times > 1] == []


def test_answers_name_reports_and_checks_that_exist() -> None:
    codes = {
        entry["code"] for entry in yaml.safe_load((ROOT / "specs/checks.yaml").read_text(encoding="utf-8"))
    }
    reports = {path.stem for path in (ROOT / "matching/reports").glob("*.yaml")}
    for entry in PLANTED:
        known = codes if entry["kind"] == "fault" else reports | {""}
        assert entry["report"] in known, entry["name"]


# --- nothing besides


@pytest.mark.parametrize(
    ("dataset", "fields"),
    [
        pytest.param("payroll", (EMPLOYEE,), id="employee references"),
        pytest.param("payroll", ("Employee post number",), id="post numbers"),
        pytest.param("payroll", ("Sort code", "Bank account"), id="accounts of employees"),
        pytest.param("payroll", ("Home telephone number",), id="home telephones"),
        pytest.param("payroll", ("Mobile telephone number",), id="mobiles"),
        pytest.param("payroll", ("Email address",), id="e-mail of employees"),
        pytest.param("payroll", ("Surname", "Forename(s)", BORN), id="namesakes with one birthday"),
        pytest.param("creditors-standing", (REFERENCE, "Site ID"), id="creditors and sites"),
        pytest.param("creditors-history", (INTERNAL,), id="internal invoice numbers"),
        pytest.param("creditors-history", (REFERENCE, NUMBER), id="invoice numbers of a creditor"),
    ],
)
def test_nothing_comes_twice_that_is_not_in_the_answers(
    sample: Sample, dataset: str, fields: tuple[str, ...]
) -> None:
    records = sample.extracts[dataset]
    times = Counter(tuple(record[field] for field in fields) for record in records)
    twice = {
        row
        for row, record in enumerate(records, start=2)
        if record[fields[-1]] and times[tuple(record[field] for field in fields)] > 1
    }
    assert twice <= sample.recorded(dataset)


def test_ni_numbers_that_come_twice_are_in_the_answers(sample: Sample) -> None:
    times = Counter(record[NINO][:8] for record in sample.extracts["payroll"] if record[NINO])
    rows = {
        row for row, record in enumerate(sample.extracts["payroll"], start=2) if times[record[NINO][:8]] > 1
    }
    assert rows <= sample.recorded("payroll")


def test_accounts_of_several_creditors_are_in_the_answers(sample: Sample) -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in sample.extracts["creditors-standing"]:
        owners[account(record)].add(record[REFERENCE])
    rows = {
        row
        for row, record in enumerate(sample.extracts["creditors-standing"], start=2)
        if len(owners[account(record)]) > 1
    }
    assert rows <= sample.recorded("creditors-standing")


def test_accounts_of_employees_and_creditors_are_in_the_answers(sample: Sample) -> None:
    creditors = {account(record) for record in sample.extracts["creditors-standing"]}
    both = {row for row, its in enumerate(sample.extracts["payroll"], start=2) if account(its) in creditors}
    expected = {"employee-account-is-creditors", "declared-sole-trader", "staff-expenses"}
    assert both == {
        int(answer["row"])
        for answer in sample.answers
        if answer["name"] in expected and answer["dataset"] == "payroll"
    }


def test_creditor_names_that_come_twice_without_their_endings_are_in_the_answers(sample: Sample) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for record in sample.extracts["creditors-standing"]:
        owners[key_of_name(record["Creditor name"])].add(record[REFERENCE])
    rows = {
        row
        for row, record in enumerate(sample.extracts["creditors-standing"], start=2)
        if len(owners[key_of_name(record["Creditor name"])]) > 1
    }
    assert rows <= sample.recorded("creditors-standing")


# --- each field


def is_date(text: str) -> bool:
    return re.fullmatch(r"\d{8}", text) is not None and whole_day(text) is not None


def is_drama_number(text: str) -> bool:
    """Ofcom's ranges for drama, as its list prints them."""
    figures = text.replace(" ", "")
    cities = "|".join(
        ("0113", "0114", "0115", "0116", "0117", "0118", "0121", "0131", "0141", "0151", "0161")
    )
    ranges = (
        rf"({cities})4960\d{{3}}",
        r"02079460\d{3}",
        r"01914980\d{3}",
        r"02920180\d{3}",
        r"01632960\d{3}",
    )
    return any(re.fullmatch(one, figures) for one in (*ranges, r"07700900\d{3}", r"03069990\d{3}"))


def is_nino_of_no_one(text: str) -> bool:
    return re.fullmatch(r"(CR|FY|MW|NC)\d{6}[A-D]", text) is not None


def in_form(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


IS_EMAIL = in_form(r"[a-z0-9.]+@example\.(org|com|net)")
FIELDS: dict[str, dict[str, Callable[[str], bool]]] = {
    "payroll": {
        EMPLOYEE: in_form(r"\d{6}"),
        "Surname": in_form(r"[^\W\d_]+(['-][^\W\d_]+)*"),
        "Forename(s)": in_form(r"[^\W\d_]+"),
        "Post code": is_in_ons_postcode_directory,
        BORN: is_date,
        "Home telephone number": is_drama_number,
        "Mobile telephone number": is_drama_number,
        "Email address": IS_EMAIL,
        "Date started": is_date,
        "Date left": in_form(""),
        "Leaver indicator": in_form("N"),
        NINO: is_nino_of_no_one,
        "Full-time/part-time flag": in_form("[FPC]"),
        "Gross pay to date": in_form(r"[1-9]\d+"),
        "Standard hours per week": in_form(r"[1-9]\d{2,3}"),
        "Date last paid": is_date,
        "Teacher flag": in_form("T"),
        "Sort code": in_form(r"(02|03|06|85|88|96|97)-\d{2}-\d{2}"),
        "Bank account": in_form(r"\d{8}"),
    },
    "creditors-standing": {
        REFERENCE: in_form(r"\d{6}"),
        "Site ID": in_form(r"00[12]"),
        "Post code": is_in_ons_postcode_directory,
        "Telephone number": is_drama_number,
        "Email address": IS_EMAIL,
        "VAT registration number": vat.is_valid,
        "Company registration number": in_form(r"3\d{7}|OC9\d{5}"),
        "Date creditor created": is_date,
        "Sort code": in_form(r"(02|03|06|85|88|96|97)\d{4}"),
        "Bank account": in_form(r"\d{8}"),
    },
    "creditors-history": {
        INTERNAL: in_form(r"\d{8}"),
        DATED: is_date,
        "Due date": is_date,
        "Payment date": is_date,
        TOTAL: in_form(r"-?[1-9]\d*"),
        VAT: in_form(r"0|-?[1-9]\d*"),
        "Method of payment": in_form("BACS|Cheque|Faster Payment|Direct Debit"),
        "Payment reference number": in_form(r"BACS\d{6}|\d{6}|FP\d{8}|DD\d+"),
    },
}
OUT_OF_ORDER = {
    "similar-person": {NINO},
    "no-ni-number": {NINO},
    "ni-number-to-follow": {NINO},
    "paid-after-leaving": {"Date left", "Leaver indicator"},
    "started-after-leaving": {"Date left"},
    "pay-without-hours": {"Standard hours per week"},
    "no-bank-account": {"Sort code", "Bank account"},
}
"""What is not a fault, and has a field that is blank or out of order all the same."""
OFTEN_BLANK = {
    "Home telephone number", "Mobile telephone number", "Email address", "Teacher flag", "Telephone number",
    "VAT registration number", "Company registration number", "Payment date", "Payment reference number",
}  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "field"), [(dataset, field) for dataset, fields in FIELDS.items() for field in fields]
)
def test_every_value_is_in_order_unless_a_fault_is_planted_there(
    sample: Sample, dataset: str, field: str
) -> None:
    planted = {
        int(answer["row"])
        for answer in sample.answers
        if answer["dataset"] == dataset
        and (answer["kind"] == "fault" or field in OUT_OF_ORDER.get(answer["name"], ()))
    }
    is_right = FIELDS[dataset][field]
    wrong = [
        row
        for row, record in enumerate(sample.extracts[dataset], start=2)
        if row not in planted
        and not (field in OFTEN_BLANK and record[field] == "")
        and not is_right(record[field])
    ]
    assert wrong == []


def test_headings_are_the_published_ones_in_their_order(sample: Sample) -> None:
    for dataset in EXTRACTS:
        text = (ROOT / f"specs/catalogue/2026-27/{dataset}.yaml").read_text(encoding="utf-8")
        published = [field["name"] for field in yaml.safe_load(text)["fields"]]
        assert list(sample.extracts[dataset][0]) == published


def test_the_numbers_asked_for_are_those_of_the_records(sample: Sample) -> None:
    counted = {name: len(records) for name, records in sample.extracts.items()} | {
        "answers": len(sample.answers)
    }
    assert counted == sample.summary.rows
    assert [counted[name] for name in EXTRACTS] == list(SIZES.values())


# --- together


def in_order(sample: Sample, dataset: str) -> Rows:
    """The records without a planted fault, or a sign that is one in itself."""
    faults = {
        int(answer["row"])
        for answer in sample.answers
        if answer["dataset"] == dataset
        and (answer["kind"] == "fault" or answer["name"] in {"too-old", "too-young", "pay-without-hours"})
    }
    return [its for row, its in enumerate(sample.extracts[dataset], start=2) if row not in faults]


def test_every_payment_is_to_a_creditor_that_was_there_by_then(sample: Sample) -> None:
    created = {
        (its[REFERENCE], its["Site ID"]): whole_day(its["Date creditor created"])
        for its in sample.extracts["creditors-standing"]
    }
    assert all(
        created[its[REFERENCE], its["Site ID"]] <= (whole_day(its["Payment date"] or "30092026"))
        for its in in_order(sample, "creditors-history")
    )


def test_vat_is_charged_by_the_registered_only_and_at_most_at_the_standard_rate(sample: Sample) -> None:
    registered = {
        (its[REFERENCE], its["Site ID"])
        for its in sample.extracts["creditors-standing"]
        if its["VAT registration number"]
    }
    for its in in_order(sample, "creditors-history"):
        charged, net = abs(int(its[VAT])), abs(pence(its)) - abs(int(its[VAT]))
        assert charged in {0, (net * 20 + 50) // 100, (net * 5 + 50) // 100}
        assert pence(its) * int(its[VAT]) >= 0
    charging = {
        (its[REFERENCE], its["Site ID"]) for its in in_order(sample, "creditors-history") if its[VAT] != "0"
    }
    unregistered = {
        row["Creditor reference"]
        for name in ("wrong-creditor-paid", "duplicate-creditor-paid-twice", "duplicate-creditor-record")
        for group in sample.groups(name)
        for row in group
    }
    assert {creditor for creditor in charging - registered if creditor[0] not in unregistered} == set()


def test_invoices_paid_in_one_run_share_its_reference(sample: Sample) -> None:
    runs: dict[str, set[str]] = defaultdict(set)
    for its in sample.extracts["creditors-history"]:
        if its["Method of payment"] == "BACS" and its["Payment date"]:
            runs[its["Payment reference number"]].add(its["Payment date"])
    assert all(len(days) == 1 for days in runs.values())
    assert {whole_day(day).weekday() for days in runs.values() for day in days} == {4}
    assert 140 <= len(runs) <= 157


def test_what_is_unpaid_has_neither_date_nor_reference_and_is_recent(sample: Sample) -> None:
    unpaid = [its for its in in_order(sample, "creditors-history") if not its["Payment date"]]
    assert unpaid
    assert all(its["Payment reference number"] == "" for its in unpaid)
    assert min(whole_day(its[DATED]) for its in unpaid) > date(2026, 6, 1)


def test_the_ledger_numbers_its_lines_in_the_order_of_entry(sample: Sample) -> None:
    numbers = [int(its[INTERNAL]) for its in in_order(sample, "creditors-history")]
    assert numbers == sorted(numbers)


def test_hours_fit_the_flag_and_dates_follow_one_another(sample: Sample) -> None:
    limits = {"F": (3001, 3700), "P": (1, 2999), "C": (1, 3700)}
    for its in in_order(sample, "payroll"):
        low, high = limits[its["Full-time/part-time flag"]]
        assert low <= int(its["Standard hours per week"]) <= high
        started, paid = whole_day(its["Date started"]), whole_day(its["Date last paid"])
        assert (started - whole_day(its[BORN])).days >= 16 * 365
        assert started < paid <= date(2026, 9, 30)


def test_some_creditors_are_paid_often_and_most_seldom(sample: Sample) -> None:
    times = Counter(its[REFERENCE] for its in sample.extracts["creditors-history"]).most_common()
    total = sum(count for _, count in times)
    assert 0.01 < times[0][1] / total < 0.15
    assert sum(count for _, count in times[: len(times) // 10]) / total > 0.4


def test_credits_are_about_two_in_a_hundred(sample: Sample) -> None:
    credit = sum(its[TOTAL].startswith("-") for its in sample.extracts["creditors-history"])
    assert 0.015 < credit / SIZES["payments"] < 0.03


# --- the same every time


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes_in_another_place(tmp_path: Path) -> None:
    made(tmp_path / "here", LEAST, seed=5)
    for name, environment in {
        "there": {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        "elsewhere": {
            "PYTHONHASHSEED": "2",
            "TZ": "America/Adak",
            "LC_ALL": "tr_TR.UTF-8",
            "PYTHONUTF8": "0",
        },
    }.items():
        program = (
            "from pathlib import Path; from nfi.sample import LEAST, make_sample; "
            f"make_sample(Path({name!r}), **LEAST, seed=5)"
        )
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env=os.environ | environment,
            check=True,
            timeout=120,
        )
        assert bytes_of(tmp_path / name) == bytes_of(tmp_path / "here")


def test_another_seed_gives_another_sample(tmp_path: Path) -> None:
    made(tmp_path / "one", LEAST, seed=1)
    made(tmp_path / "two", LEAST, seed=2)
    one, two = bytes_of(tmp_path / "one"), bytes_of(tmp_path / "two")
    assert all(one[name] != two[name] for name in one)


# --- small, large and refused


@pytest.mark.parametrize("seed", range(6))
def test_the_smallest_sample_has_room_for_a_handful_of_everything(tmp_path: Path, seed: int) -> None:
    summary = made(tmp_path, LEAST, seed=seed)
    assert all(summary.planted[entry["name"]] >= entry["at_least"] for entry in PLANTED)
    assert len(read(summary.files["creditors-history"])) == LEAST["payments"]


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param({"employees": 200, "creditors": 400, "payments": 5_000}, id="a parish"),
        pytest.param(
            {"employees": 150, "creditors": 400, "payments": 60_000}, id="few creditors, many payments"
        ),
        pytest.param(
            {"employees": 150, "creditors": 20_000, "payments": 1_000}, id="many creditors, few payments"
        ),
        pytest.param({"employees": 6_000, "creditors": 400, "payments": 1_000}, id="many employees"),
    ],
)
def test_sizes_need_not_go_together(tmp_path: Path, sizes: dict[str, int]) -> None:
    sample = Sample(made(tmp_path, sizes, seed=3))
    assert [len(records) for records in sample.extracts.values()] == list(sizes.values())
    assert all(
        CLAIMS[entry["name"]](group, sample) for entry in PLANTED for group in sample.groups(entry["name"])
    )


@pytest.mark.parametrize("what", sorted(LEAST))
@pytest.mark.parametrize("number", [-1, 0, 3])
def test_too_small_a_number_is_refused_with_the_smallest_that_will_do(
    tmp_path: Path, what: str, number: int
) -> None:
    with pytest.raises(
        SampleRefused, match=f"{number:,} {what} are too few.*at least {LEAST[what]:,}"
    ) as refused:
        made(tmp_path / "sample", LEAST | {what: number}, seed=1)
    assert refused.value.exit_code == 2
    assert not (tmp_path / "sample").exists()


def test_a_negative_seed_and_a_number_beyond_reason_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleRefused, match="seed is -1"):
        made(tmp_path, LEAST, seed=-1)
    with pytest.raises(SampleRefused, match=r"too many.*at most"):
        made(tmp_path, LEAST | {"payments": 10**9}, seed=1)


def test_files_that_are_there_stay_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "payroll.csv").write_text("my own", encoding="utf-8")
    with pytest.raises(SampleRefused, match=r"payroll\.csv: is there already.*--force"):
        made(tmp_path, LEAST, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["payroll.csv"]
    made(tmp_path, LEAST, seed=1, force=True)
    assert len(read(tmp_path / "payroll.csv")) == LEAST["employees"]


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").mkdir()
    with pytest.raises(OutputUnwritable):
        made(tmp_path, LEAST, seed=1, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_only_the_owner_can_read_a_sample(tmp_path: Path) -> None:
    made(tmp_path / "sample", LEAST, seed=1)
    assert stat.S_IMODE((tmp_path / "sample").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "sample").iterdir()} == {0o600}
