"""What a published list of fields makes of what we hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.differences import Kind
from specs.field_table import longest
from specs.published.field_list import FieldList, PublishedField
from specs.published.revision import Confirmation, PublishedFile, Revision, revise
from specs.specification import (
    Characters,
    CharacterSet,
    FieldFormat,
    Need,
    Specification,
    specification_from,
)
from tests.examples import examples

PAYROLL = load_specification("payroll")
STANDING = load_specification("creditors-standing")
FILE = PublishedFile("payroll.pdf", "0123456789abcdef" * 4)
DAY = date(2026, 7, 1)
OFFICER = Confirmation("A. Officer", DAY)
CONFIRMED = "confirmed by A. Officer on 2026-07-01 from payroll.pdf (sha256 0123456789ab…)"

FORMATS = {
    FieldFormat.CHARACTER: "Character",
    FieldFormat.NUMBER: "Numeric",
    FieldFormat.DATE: "Date",
    FieldFormat.MONEY: "Numeric",
    FieldFormat.HOURS: "Numeric",
}


def as_published(specification: Specification) -> list[PublishedField]:
    return [PublishedField(field.name, format=FORMATS[field.format]) for field in specification.fields]


def revised(
    fields: Sequence[PublishedField],
    held: Specification = PAYROLL,
    confirmation: Confirmation | None = OFFICER,
    columns: dict[str, str] | None = None,
    *,
    has_required: bool = False,
) -> Revision:
    found = FieldList(tuple(fields), "page 1", has_required=has_required)
    return revise(held, found, FILE, confirmation, day=DAY, columns=columns or {})


def test_a_confirmed_document_that_says_the_same_confirms_every_field_and_changes_nothing_else() -> None:
    result = revised(as_published(PAYROLL))
    specification = result.specification
    assert specification.label == "payroll 2026-27 (confirmed)"
    assert specification.notice is None
    assert {field.evidence for field in specification.fields} == {CONFIRMED}
    assert [(f.name, f.column, f.format, f.checks) for f in specification.fields] == [
        (f.name, f.column, f.format, f.checks) for f in PAYROLL.fields
    ]
    assert (specification.across, specification.key) == (PAYROLL.across, PAYROLL.key)
    assert {each.what for each in result.differences} <= {
        "evidence",
        "status",
        "notice",
        "based on",
        "comment",
        "evidence of checks",
    }
    assert result.recognised == len(PAYROLL.fields)


@pytest.mark.parametrize("confirmation", [OFFICER, None])
def test_the_files_and_the_characters_that_we_hold_stay_with_their_evidence(
    confirmation: Confirmation | None,
) -> None:
    pensions = load_specification("pensions").model_copy(
        update={"characters": Characters(set=CharacterSet.UTF_8, evidence="inferred")}
    )
    fields = as_published(pensions)[:-1]
    specification = revised(fields, held=pensions, confirmation=confirmation).specification
    assert (specification.files, specification.characters) == (pensions.files, pensions.characters)


def test_the_whole_hash_of_the_document_is_among_the_sources() -> None:
    sources = {source.id: source.title for source in revised(as_published(PAYROLL)).specification.sources}
    assert sources["document"] == f"payroll.pdf, SHA-256 {FILE.sha256}, read on 2026-07-01"


def test_a_comment_that_voiced_a_doubt_goes_with_the_doubt() -> None:
    roll_number = revised(as_published(PAYROLL)).specification.by_column["roll_number"]
    assert "not confirmed" in PAYROLL.by_column["roll_number"].comment
    assert (roll_number.comment, roll_number.evidence) == ("", CONFIRMED)


def test_a_confirmation_does_not_vouch_for_checks_that_the_document_does_not_name() -> None:
    specification = revised(as_published(STANDING), STANDING).specification
    for field in specification.fields:
        ours = STANDING.by_column[field.column]
        assert field.evidence == CONFIRMED
        has_ours = ours.checks or ours.exempt_from or ours.coded
        assert field.evidence_of_checks == (ours.evidence if has_ours else CONFIRMED)


def test_a_length_that_the_document_gives_is_confirmed_and_a_check_beside_it_is_not() -> None:
    fields = as_published(PAYROLL)
    at = list(PAYROLL.by_column).index("ni_number")
    fields[at] = PublishedField("National insurance number", length="9")
    fields.append(PublishedField("Works pattern", format="Character (35)"))
    by_column = revised(fields).specification.by_column
    alone, beside = by_column["works_pattern"], by_column["ni_number"]
    assert (longest(alone), alone.checks_evidence) == (35, None)
    assert (longest(beside), beside.checks_evidence) == (9, "published 2012/13")


def test_a_length_of_a_date_or_a_sum_is_its_width_in_fixed_width_text() -> None:
    fields = as_published(PAYROLL)
    at = list(PAYROLL.by_column).index("date_of_birth")
    fields[at] = PublishedField("Date of birth", format="Date", length="8")
    by_column = revised(fields).specification.by_column
    assert (by_column["date_of_birth"].width, by_column["date_started"].width) == (8, None)


def test_the_documents_comment_comes_first_and_ours_stays_marked_as_ours_however_often() -> None:
    fields = as_published(PAYROLL)
    at = list(PAYROLL.by_column).index("gross_pay_to_date")
    ours = PAYROLL.by_column["gross_pay_to_date"].comment
    held = PAYROLL
    for said in ("As on the payslip.", "As in the ledger.", ""):
        fields[at] = PublishedField("Gross pay to date", comment=said)
        held = revised(fields, held).specification
        assert (
            held.by_column["gross_pay_to_date"].comment
            == f"{said} Remark of nfi, not of the document (published 2012/13): {ours}".strip()
        )


def test_without_a_confirmation_nothing_recalled_becomes_published() -> None:
    fields = [*as_published(STANDING), PublishedField("Trading name", format="Character")]
    result = revised(fields, STANDING, confirmation=None)
    assert result.specification.status == "provisional"
    assert "nobody has confirmed" in (result.specification.notice or "")
    assert {field.evidence for field in result.specification.fields} == {"recalled", "not confirmed"}


def test_without_a_confirmation_a_document_that_says_the_same_leaves_status_and_notice() -> None:
    result = revised(as_published(PAYROLL), confirmation=None)
    assert result.differences == ()
    assert result.specification.notice == PAYROLL.notice
    again = revised(
        as_published(PAYROLL), held=revised(as_published(PAYROLL)).specification, confirmation=None
    )
    assert again.specification.status == "confirmed"


def test_new_fields_get_a_column_and_no_checks() -> None:
    new = [PublishedField("Pay frequency code", format="Character", comment="W or M"), PublishedField("UPRN")]
    fields = revised(
        [*as_published(PAYROLL), *new], columns={"uprn": "uprn_of_property"}
    ).specification.fields[-2:]
    assert [(f.name, f.column, f.checks, f.comment) for f in fields] == [
        ("Pay frequency code", "pay_frequency_code", (), "W or M"),
        ("UPRN", "uprn_of_property", (), ""),
    ]


@pytest.mark.parametrize(
    ("said", "name", "expected"),
    [
        ("Numeric", "Rent balance", FieldFormat.MONEY),
        ("Numeric", "Hours worked", FieldFormat.HOURS),
        ("Number", "Household size", FieldFormat.NUMBER),
        ("Alphanumeric", "Amount code", FieldFormat.CHARACTER),
        ("CHARACTER(35)", "Trading name", FieldFormat.CHARACTER),
        ("Date (ddmmyyyy)", "Tenancy start", FieldFormat.DATE),
        ("Currency", "Deposit", FieldFormat.MONEY),
        ("money", "Deposit", FieldFormat.MONEY),
        ("", "Deposit", FieldFormat.CHARACTER),
    ],
)
def test_the_format_of_a_new_field_is_read_from_the_documents_words(
    said: str, name: str, expected: FieldFormat
) -> None:
    field = revised([*as_published(PAYROLL), PublishedField(name, format=said)]).specification.fields[-1]
    assert field.format is expected


@pytest.mark.parametrize(
    ("column", "said", "expected"),
    [
        ("gross_pay_to_date", "Numeric", FieldFormat.MONEY),
        ("standard_hours", "Numeric", FieldFormat.HOURS),
        ("home_telephone", "Numeric", FieldFormat.CHARACTER),
        ("date_of_birth", "Character", FieldFormat.CHARACTER),
        ("department", "Date", FieldFormat.DATE),
        ("date_of_birth", "", FieldFormat.DATE),
    ],
)
def test_numeric_is_what_we_know_it_to_be_and_any_other_format_is_the_documents(
    column: str, said: str, expected: FieldFormat
) -> None:
    fields = as_published(PAYROLL)
    at = list(PAYROLL.by_column).index(column)
    fields[at] = PublishedField(fields[at].name, format=said)
    field = revised(fields).specification.by_column[column]
    assert field.format is expected
    assert field.checks == (
        PAYROLL.by_column[column].checks if expected is PAYROLL.by_column[column].format else ()
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("M", Need.ERROR),
        ("Mandatory", Need.ERROR),
        ("O", Need.NO),
        ("If available", Need.WARNING),
        ("?", Need.NO),
    ],
)
def test_whether_a_field_is_needed_is_the_documents_word(said: str, expected: Need) -> None:
    fields = as_published(PAYROLL)
    fields[3] = PublishedField("Title", required=said)
    specification = revised(fields, has_required=True).specification
    assert specification.by_column["title"].required is expected
    assert specification.required_evidence == CONFIRMED


@pytest.mark.parametrize(
    "field", [PublishedField("Surname", length="35"), PublishedField("Surname", format="Character (35)")]
)
def test_a_length_becomes_a_check(field: PublishedField) -> None:
    fields = as_published(PAYROLL)
    fields[5] = field
    assert longest(revised(fields).specification.by_column["surname"]) == 35


def test_rules_that_need_a_field_which_is_gone_are_left_out_and_named() -> None:
    fields = [
        field for field in as_published(PAYROLL) if field.name not in {"Surname", "Employee reference number"}
    ]
    result = revised(fields)
    assert result.specification.key.columns == ("post_number",)
    assert result.specification.key.evidence == "not confirmed"
    assert any(line.startswith("key: employee_reference") for line in result.dropped)
    named = [line for line in result.dropped if "surname" in line]
    assert len(named) >= len([each for each in PAYROLL.across.agreements if "surname" in each.same])
    assert "surname" not in result.yaml.decode()


def test_what_is_written_reads_back_and_says_where_it_comes_from() -> None:
    result = revised(as_published(PAYROLL)[:10])
    assert specification_from(result.yaml, where="x") == result.specification
    assert result.yaml.startswith(
        f"# Compared with payroll.pdf (SHA-256 {FILE.sha256}) on 2026-07-01.\n".encode()
    )
    assert (
        len([each for each in result.differences if each.kind is Kind.REMOVED and each.what == "field"]) == 20
    )


PUBLISHED = st.builds(
    PublishedField,
    name=st.text(st.characters(categories=("L", "N", "P")), min_size=1)
    | st.sampled_from([f.name for f in PAYROLL.fields]),
    format=st.sampled_from(["", "Date", "Numeric", "Character (9)"]) | st.text(),
    length=st.sampled_from(["", "35", "0", "x"]),
    required=st.sampled_from(["", "M", "O"]) | st.text(),
    comment=st.text(st.characters(categories=("L", "N", "P", "Zs"))),
)


@settings(max_examples=examples(16), deadline=None)  # each writes and reads a whole file
@given(fields=st.lists(PUBLISHED, min_size=2, max_size=12), confirmed=st.booleans())
def test_any_list_of_fields_makes_a_specification_with_as_many(
    fields: list[PublishedField], confirmed: bool
) -> None:
    result = revised(fields, confirmation=OFFICER if confirmed else None)
    assert [field.name for field in result.specification.fields] == [field.name for field in fields]
    assert specification_from(result.yaml, where="x") == result.specification
    evidence = {field.evidence for field in result.specification.fields}
    assert evidence == {CONFIRMED} if confirmed else CONFIRMED not in evidence
