"""Proposed mappings. Records are invented: those of `nfi sample`, as source systems would export them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nfi.sample import SampleSummary
from specs.amounts import MoneyFormat
from specs.catalogues import load_specification
from specs.errors import NfiError
from specs.proposal.placing import LEAST_CONFIDENCE
from specs.proposal.propose import propose_mapping
from specs.proposal.result import SURE, Proposal
from specs.read import open_extract
from tests.examples import examples

DAY = date(2026, 10, 5)

ESR = {
    "Assignment Number": "Employee reference number",
    "Position Number": "Employee post number",
    "Organisation": "Department",
    "Title": "Title",
    "Gender": "Sex",
    "Last Name": "Surname",
    "First Name": "Forename(s)",
    "Middle Names": "Middle name(s) or middle initial(s)",
    "Address Line1": "Address line 1",
    "Address Line2": "Address line 2",
    "Address Line3": "Address line 3",
    "County": "Address line 4",
    "Post Code": "Post code",
    "Date Of Birth": "Date of birth",
    "Home Telephone": "Home telephone number",
    "Mobile": "Mobile telephone number",
    "Email Address": "Email address",
    "Latest Start Date": "Date started",
    "NI Number": "National insurance number",
    "Employee Category": "Full-time/part-time flag",
    "Gross YTD": "Gross pay to date",
    "Contracted Hours": "Standard hours per week",
    "Last Paid Date": "Date last paid",
    "Sort Code": "Sort code",
    "Account Number": "Bank account",
}
ITRENT = {
    "Personal Ref": "Employee reference number",
    "Post Ref": "Employee post number",
    "Service Area": "Department",
    "Title": "Title",
    "Legal Sex": "Sex",
    "Surname": "Surname",
    "Forename 1": "Forename(s)",
    "Forename 2": "Middle name(s) or middle initial(s)",
    "Addr 1": "Address line 1",
    "Addr 2": "Address line 2",
    "Addr 3": "Address line 3",
    "Addr 4": "Address line 4",
    "Postcode": "Post code",
    "DOB": "Date of birth",
    "Home Tel No.": "Home telephone number",
    "Mobile No.": "Mobile telephone number",
    "Personal E-mail": "Email address",
    "Date Commenced": "Date started",
    "NI No.": "National insurance number",
    "FT/PT": "Full-time/part-time flag",
    "Gross Pay This Year": "Gross pay to date",
    "Contracted Hrs": "Standard hours per week",
    "Last Pay Date": "Date last paid",
    "Teacher (Y/N)": "Teacher flag",
    "Bank Sort Code": "Sort code",
    "Bank A/C No": "Bank account",
}
SAP = {
    "PERNR": "Employee reference number",
    "Position": "Employee post number",
    "Organizational Unit": "Department",
    "Form of Address": "Title",
    "GESCH": "Sex",
    "NACHN": "Surname",
    "VORNA": "Forename(s)",
    "MIDNM": "Middle name(s) or middle initial(s)",
    "STRAS": "Address line 1",
    "LOCAT": "Address line 2",
    "ORT01": "Address line 3",
    "PSTLZ": "Post code",
    "GBDAT": "Date of birth",
    "Entry Date": "Date started",
    "PERID": "National insurance number",
    "ARBST": "Standard hours per week",
    "Cumulative Gross Pay": "Gross pay to date",
    "Date of Last Payroll": "Date last paid",
    "BANKL": "Sort code",
    "BANKN": "Bank account",
}
ORACLE = {
    "EMPLOYEE_NUMBER": "Employee reference number",
    "POSITION": "Employee post number",
    "DEPARTMENT_NAME": "Department",
    "TITLE": "Title",
    "SEX": "Sex",
    "LAST_NAME": "Surname",
    "FIRST_NAME": "Forename(s)",
    "MIDDLE_NAMES": "Middle name(s) or middle initial(s)",
    "ADDRESS_LINE1": "Address line 1",
    "ADDRESS_LINE2": "Address line 2",
    "TOWN_OR_CITY": "Address line 3",
    "POSTAL_CODE": "Post code",
    "DATE_OF_BIRTH": "Date of birth",
    "EMAIL_ADDRESS": "Email address",
    "ORIGINAL_DATE_OF_HIRE": "Date started",
    "ACTUAL_TERMINATION_DATE": "Date left",
    "NATIONAL_IDENTIFIER": "National insurance number",
    "EMPLOYMENT_CATEGORY": "Full-time/part-time flag",
    "GROSS_PAY_YTD": "Gross pay to date",
    "NORMAL_HOURS": "Standard hours per week",
    "LAST_PAYMENT_DATE": "Date last paid",
    "SORT_CODE": "Sort code",
    "BANK_ACCOUNT_NUMBER": "Bank account",
}

Rewrite = Callable[[str], str]


def rewritten_dates(form: str) -> Rewrite:
    def rewrite(value: str) -> str:
        try:
            return datetime.strptime(value, "%d%m%Y").strftime(form)
        except ValueError:
            return value

    return rewrite


def in_pounds(value: str) -> str:
    return f"{int(value) / 100:,.2f}" if value.isdigit() else value


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def export(
    sample: SampleSummary,
    folder: Path,
    dataset: str,
    headings: dict[str, str],
    *,
    dates: str = "%d%m%Y",
    besides: dict[str, str] | None = None,
) -> Path:
    """The sample as a system exports it: its headings, its dates and sums, and columns of one value."""
    specification = load_specification(dataset)
    format_of = {field.name: field.format.value for field in specification.fields}
    by_format: dict[str, Rewrite] = {"date": rewritten_dates(dates), "money": in_pounds, "hours": in_pounds}
    more = besides or {}
    rows = [[*more, *headings]]
    for record in records(sample.files[dataset]):
        values = [by_format.get(format_of[name], str)(record[name]) for name in headings.values()]
        rows.append([*more.values(), *values])
    return write(folder / "export.csv", rows)


def proposed(path: Path, dataset: str) -> Proposal:
    return propose_mapping(open_extract(path), load_specification(dataset), day=DAY)


def headings_of(proposal: Proposal) -> dict[str, str]:
    return {each.field.name: " + ".join(each.headings) for each in proposal.placed}


@pytest.mark.parametrize(
    ("headings", "dates", "formats"),
    [
        pytest.param(ESR, "%d-%b-%Y", (), id="ESR"),
        pytest.param(ITRENT, "%d/%m/%Y", (), id="iTrent"),
        pytest.param(SAP, "%d.%m.%Y", ("dd.mm.yyyy",), id="SAP"),
        pytest.param(ORACLE, "%m/%d/%Y", ("mm/dd/yyyy",), id="Oracle, set up in America"),
    ],
)
def test_payroll_exports_are_mapped_unedited(
    sample: SampleSummary, tmp_path: Path, headings: dict[str, str], dates: str, formats: tuple[str, ...]
) -> None:
    besides = {"Employer": "Borough of Anywhere", "Tax Code": "1257L", "Grade": "G7", "Net Pay": "1,200.00"}
    proposal = proposed(
        export(sample, tmp_path, "payroll", headings, dates=dates, besides=besides), "payroll"
    )
    found = headings_of(proposal)
    wrong = {heading: name for heading, name in headings.items() if found.get(name) != heading}
    taken_wrongly = set(found.values()) - set(headings)
    assert len(wrong) + len(taken_wrongly) <= len(headings) // 10, (wrong, taken_wrongly)
    sure = {each.field.name for each in proposal.placed if each.confidence >= SURE}
    assert {"Surname", "Forename(s)", "Date of birth", "National insurance number", "Post code"} <= sure
    assert proposal.date_format == formats
    assert proposal.money_format is MoneyFormat.POUNDS
    assert proposal.employer == "Employer"
    assert proposal.distinct is False


def test_where_headings_say_nothing_the_values_tell_and_nothing_is_told_wrongly(
    sample: SampleSummary, tmp_path: Path
) -> None:
    named = [field.name for field in load_specification("payroll").fields]
    useless = {f"Column{place}": name for place, name in enumerate(named, start=1)}
    proposal = proposed(export(sample, tmp_path, "payroll", useless), "payroll")
    assert {name: useless[heading] for name, heading in headings_of(proposal).items()} == {
        name: name for name in headings_of(proposal)
    }
    assert set(headings_of(proposal)) >= {
        *("Title", "Sex", "Surname", "Forename(s)", "Address line 1", "Post code", "Date of birth"),
        *(
            "Mobile telephone number",
            "Email address",
            "National insurance number",
            "Sort code",
            "Bank account",
        ),
        *("Full-time/part-time flag", "Standard hours per week", "Date started", "Date last paid"),
    }
    (reasons,) = {each.reasons for each in proposal.placed if each.field.name == "Email address"}
    assert reasons[0].endswith("% of the values are email addresses")


@pytest.mark.parametrize("dataset", ["payroll", "creditors-standing", "creditors-history"])
def test_published_headings_are_all_placed(sample: SampleSummary, dataset: str) -> None:
    proposal = proposed(sample.files[dataset], dataset)
    assert headings_of(proposal) == {field.name: field.name for field in proposal.specification.fields}
    assert proposal.unplaced == ()
    assert proposal.left_over == ()
    assert proposal.distinct is False


LEDGER = [
    [
        "Organisation",
        "Supplier",
        "Vendor Ref",
        "Inv No",
        "Voucher",
        "Inv Date",
        "Gross",
        "VAT",
        "Net",
        "Text",
    ],
    *(
        [
            *(
                "Borough of Anywhere",
                f"Firm {row % 7} Ltd",
                f"S{row % 7:05}",
                f"{'AB/' * (row % 3)}{row * 37}",
            ),
            *(
                f"V{row:06}",
                f"{1 + row % 28:02}/0{1 + row % 9}/2025",
                f"{row}2.00",
                f"{row}.00",
                f"{row}1.00",
            ),
            f"Work on site {row % 11}",
        ]
        for row in range(1, 120)
    ),
]


def without(*headings: str) -> list[list[str]]:
    kept = [place for place, heading in enumerate(LEDGER[0]) if heading not in headings]
    return [[row[place] for place in kept] for row in LEDGER]


def test_a_ledger_is_mapped_with_the_gross_amount_and_its_own_reference(tmp_path: Path) -> None:
    proposal = proposed(write(tmp_path / "ledger.csv", LEDGER), "creditors-history")
    assert headings_of(proposal) == {
        "Creditor reference": "Vendor Ref",
        "Suppliers invoice number": "Inv No",
        "Internal/system invoice number": "Voucher",
        "Invoice date": "Inv Date",
        "Total invoice amount": "Gross",
        "VAT amount": "VAT",
        "Remarks": "Text",
    }
    assert [left.heading for left in proposal.left_over] == ["Supplier", "Net"]
    assert proposal.employer == "Organisation"


def test_the_name_of_the_creditor_stands_in_for_a_reference_that_is_not_there(tmp_path: Path) -> None:
    proposal = proposed(write(tmp_path / "ledger.csv", without("Vendor Ref")), "creditors-history")
    (reference,) = [each for each in proposal.placed if each.field.name == "Creditor reference"]
    assert reference.headings == ("Supplier",)
    assert reference.confidence < SURE
    assert reference.doubts == ("no heading of its own: creditor name stands in for it",)


def test_standing_data_is_taken_out_of_a_ledger_each_creditor_once(tmp_path: Path) -> None:
    proposal = proposed(write(tmp_path / "ledger.csv", LEDGER), "creditors-standing")
    assert headings_of(proposal) == {"Creditor reference": "Vendor Ref", "Creditor name": "Supplier"}
    assert proposal.distinct is True


def test_records_that_repeat_as_a_whole_are_not_made_distinct(tmp_path: Path) -> None:
    rows = [LEDGER[0], *(row for row in LEDGER[1:30] for _ in range(4))]
    assert proposed(write(tmp_path / "ledger.csv", rows), "creditors-history").distinct is False


def test_the_only_date_goes_to_the_required_field(tmp_path: Path) -> None:
    rows = [["Date Paid" if cell == "Inv Date" else cell for cell in row] for row in LEDGER]
    proposal = proposed(write(tmp_path / "ledger.csv", rows), "creditors-history")
    assert headings_of(proposal)["Invoice date"] == "Date Paid"
    (paid,) = [each for each in proposal.unplaced if each.field.name == "Payment date"]
    assert paid.reason == "'Date Paid' stands in for Invoice date, which is required"


def test_where_two_dates_are_there_neither_stands_in_for_the_other(tmp_path: Path) -> None:
    rows = [[*row, "Payment Date" if place == 0 else "01/04/2025"] for place, row in enumerate(LEDGER)]
    found = headings_of(proposed(write(tmp_path / "ledger.csv", rows), "creditors-history"))
    assert (found["Invoice date"], found["Payment date"]) == ("Inv Date", "Payment Date")


def test_a_transaction_number_is_the_systems_own_or_the_suppliers_as_its_values_show(tmp_path: Path) -> None:
    for kept, field in (
        ("Voucher", "Internal/system invoice number"),
        ("Inv No", "Suppliers invoice number"),
    ):
        rows = without("Voucher" if kept == "Inv No" else "Inv No")
        rows[0] = ["Transaction Number" if cell == kept else cell for cell in rows[0]]
        found = headings_of(proposed(write(tmp_path / "ledger.csv", rows), "creditors-history"))
        assert {name for name, heading in found.items() if heading == "Transaction Number"} == {field}


def test_a_heading_with_nothing_below_it_is_left_for_a_person_unless_the_field_is_often_blank(
    tmp_path: Path,
) -> None:
    rows = [
        ["Staff No", "Surname", "Forename", "NI No", "Leaving Date"],
        *([f"E{n:04}", "Smith", "Emma", "N/A", ""] for n in range(50)),
    ]
    proposal = proposed(write(tmp_path / "payroll.csv", rows), "payroll")
    assert headings_of(proposal)["Date left"] == "Leaving Date"
    (number,) = [each for each in proposal.unplaced if each.field.name == "National insurance number"]
    assert (number.reason, number.nearest) == ("nothing stands below this heading", ("NI No",))


def test_a_heading_whose_values_say_otherwise_is_placed_with_a_doubt_or_not_at_all(tmp_path: Path) -> None:
    rows = [
        ["Staff No", "Surname", "National Insurance Number", "NI"],
        *([f"E{n:04}", "Smith", f"Room {n}", "CR123456C"] for n in range(50)),
    ]
    found = headings_of(proposed(write(tmp_path / "a.csv", rows), "payroll"))
    assert found["National insurance number"] == "NI"
    (number,) = [
        each
        for each in proposed(write(tmp_path / "b.csv", [row[:3] for row in rows]), "payroll").placed
        if each.field.name == "National insurance number"
    ]
    assert LEAST_CONFIDENCE <= number.confidence < SURE
    assert number.doubts == ("only 0 % of the values are National Insurance numbers",)


def test_two_headings_that_fit_equally_well_lower_confidence_and_are_both_named(tmp_path: Path) -> None:
    rows = [
        ["Supplier No", "Supplier Code", "Supplier Name"],
        *([f"S{n:04}", f"C{n:04}", f"Firm {n} Ltd"] for n in range(50)),
    ]
    proposal = proposed(write(tmp_path / "suppliers.csv", rows), "creditors-standing")
    reference = proposal.placed[0]
    assert (reference.headings, reference.doubts) == (
        ("Supplier No",),
        ("'Supplier Code' fits nearly as well",),
    )
    alone = proposed(write(tmp_path / "s.csv", [[row[0], row[2]] for row in rows]), "creditors-standing")
    assert reference.confidence < alone.placed[0].confidence


def test_parts_of_a_name_and_of_an_address_are_joined(tmp_path: Path) -> None:
    rows = [
        ["Staff No", "Surname", "First Forename", "Second Forename", "Third Forename", "House No", "Street"],
        *([f"E{n:04}", "Smith", "Emma", "Jane", "Anne", str(n), "High Street"] for n in range(50)),
    ]
    found = headings_of(proposed(write(tmp_path / "payroll.csv", rows), "payroll"))
    assert found["Forename(s)"] == "First Forename"
    assert found["Middle name(s) or middle initial(s)"] == "Second Forename + Third Forename"
    assert found["Address line 1"] == "House No + Street"


def test_an_address_in_one_column_is_address_line_1(tmp_path: Path) -> None:
    rows = [
        ["Payee", "Address", "Post Code"],
        *([f"Firm {n} Ltd", f"{n} High Street, Leeds", "LS1 4AP"] for n in range(50)),
    ]
    found = headings_of(proposed(write(tmp_path / "suppliers.csv", rows), "creditors-standing"))
    assert found["Address line 1"] == "Address"
    assert "Address line 2" not in found


def test_dates_in_two_orders_are_told_and_no_format_is_proposed(tmp_path: Path) -> None:
    rows = [
        ["Staff No", "Date of Birth", "Date Started"],
        *(
            [f"E{n:04}", f"{1 + n % 28}/05/19{60 + n % 30}", f"05/{1 + n % 28}/20{10 + n % 10}"]
            for n in range(60)
        ),
    ]
    proposal = proposed(write(tmp_path / "payroll.csv", rows), "payroll")
    assert proposal.date_format == ()
    assert proposal.notes == (
        "'Date Started' has the month first and 'Date of Birth' the day: one mapping cannot read both. "
        "Export the dates again, all written in one way.",
    )


def test_a_column_that_fills_only_further_down_is_seen(tmp_path: Path) -> None:
    rows = [["Supplier ID", "Supplier Name", "Company No"]]
    rows += [[f"S{n:06}", f"Firm {n} Ltd", "" if n < 20_000 else f"{n:08}"] for n in range(60_000)]
    found = headings_of(proposed(write(tmp_path / "suppliers.csv", rows), "creditors-standing"))
    assert found["Company registration number"] == "Company No"


def test_columns_of_other_data_sets_are_left_over_by_name(tmp_path: Path) -> None:
    rows = [["Band", "Sort Code", "Zeta"], *(["A", "20-45-23", "x"] for _ in range(20))]
    proposal = proposed(write(tmp_path / "odd.csv", rows), "creditors-history")
    assert proposal.placed == ()
    assert [(left.heading, left.looks_like) for left in proposal.left_over] == [
        ("Band", "council tax band"),
        ("Sort Code", "sort code"),
        ("Zeta", ""),
    ]


def test_the_same_file_gives_the_same_proposal(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.csv", LEDGER)
    assert proposed(path, "creditors-history") == proposed(path, "creditors-history")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@settings(deadline=None, max_examples=examples(12))
@given(
    table=st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(texts, min_size=n, max_size=n), max_size=8))
)
def test_any_headings_over_any_values_that_can_be_read_give_a_proposal(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    path = write(tmp_path_factory.mktemp("any") / "any.csv", table)
    try:
        extract = open_extract(path)
        proposal = propose_mapping(extract, load_specification("payroll"), day=DAY)
    except NfiError:  # not a table that can be read: tests of reading look at what is said
        return
    placed = {heading for each in proposal.placed for heading in each.headings}
    left = {each.heading for each in proposal.left_over}
    assert placed | left | {proposal.employer} - {None} == set(extract.headings)
    fields = [
        *(each.field.name for each in proposal.placed),
        *(each.field.name for each in proposal.unplaced),
    ]
    assert sorted(fields) == sorted(field.name for field in proposal.specification.fields)
