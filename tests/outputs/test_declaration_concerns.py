"""What is missing and what is doubtful."""

from __future__ import annotations

from datetime import date

import pytest

from outputs.declared.concerns import concerns, missing
from outputs.declared.declaration import Declaration, with_changes

COMPLETE = {
    "senior_responsible_officer.name": "A. Officer",
    "senior_responsible_officer.role": "Director of Finance",
    "key_contact.name": "B. Contact",
    "key_contact.telephone": "01234 567890",
    "privacy_notice.complies": "yes",
    "privacy_notice.date": "1 July 2026",
    "privacy_notice.shown.payslips": "July 2026",
    "privacy_notice.shown.web_address": "www.anytown.gov.uk/nfi",
    "privacy_notice.lists": "all",
    "security_policy.complies": "yes",
    "security_policy.date": "1 August 2026",
    "data_sets": "payroll",
    "agency_payroll": "none",
}


def declared(**changes: object) -> Declaration:
    return with_changes(Declaration(), COMPLETE | {key.replace("__", "."): to for key, to in changes.items()})


def missing_keys(declaration: Declaration, *submitted: str) -> list[str]:
    return [part.key for part in missing(declaration, submitted)]


def test_nothing_is_missing_or_doubtful_in_a_complete_declaration() -> None:
    assert missing(declared()) == ()
    assert concerns(declared(), exercise="2026-27", day=date(2026, 8, 3)) == ()


@pytest.mark.parametrize(
    "key",
    [
        *(key for key in COMPLETE if "shown" not in key and key != "key_contact.telephone"),
    ],
)
def test_each_part_that_is_needed_is_missed(key: str) -> None:
    without = with_changes(declared(), {key: ""})
    assert missing_keys(without, "payroll") == [key]


def test_one_of_email_and_telephone_will_do() -> None:
    assert missing_keys(declared(key_contact__telephone="", key_contact__email="b@anytown.gov.uk")) == []
    assert missing_keys(declared(key_contact__telephone="")) == ["key_contact.email"]


@pytest.mark.parametrize(
    ("expected", "submitted", "asked"),
    [
        ("creditors-history", [], False),
        ("creditors-history", ["payroll"], True),
        ("payroll", [], True),
        ("", [], True),  # nobody knows yet
    ],
)
def test_agency_payroll_is_asked_of_those_who_send_payroll(
    expected: str, submitted: list[str], asked: bool
) -> None:
    declaration = declared(data_sets=expected, agency_payroll="")
    assert ("agency_payroll" in missing_keys(declaration, *submitted)) is asked


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"privacy_notice__complies": "no"}, "privacy notices do not comply"),
        ({"security_policy__complies": "no"}, "security policy is not complied with"),
        ({"privacy_notice__date": "31 December 2025"}, "before the year of the exercise 2026-27"),
        ({"privacy_notice__shown__payslips": ""}, "on the web alone"),
        ({"privacy_notice__shown__web_address": ""}, "No web address says"),
        (
            {"privacy_notice__shown__payslips": "", "privacy_notice__shown__web_address": ""},
            "Nothing says where the privacy notice is shown",
        ),
        (
            {"exercise": "2028-29", "privacy_notice__date": "1 July 2028"},
            "recorded for 2028-29, and the data are of 2026-27",
        ),
        (
            {"security_policy__date": "1 August 2027"},
            "The day of the security policy, 1 August 2027, lies in the future",
        ),
    ],
)
def test_each_doubt_is_one_sentence_or_two(changes: dict[str, str], words: str) -> None:
    found = concerns(declared(**changes), exercise="2026-27", day=date(2027, 1, 1))
    if "exercise" in changes:
        found = found[:1]
    (concern,) = found
    assert words in concern
    assert "\n" not in concern


@pytest.mark.parametrize("day", ["1 January 2026", "1 July 2026"])
def test_a_notice_within_the_year_of_the_exercise_is_no_doubt(day: str) -> None:
    assert concerns(declared(privacy_notice__date=day)) == ()


def test_forms_alone_with_a_web_address_will_do() -> None:
    changes = {"privacy_notice__shown__payslips": "", "privacy_notice__shown__forms": "application"}
    assert concerns(declared(**changes)) == ()


def test_a_doubt_that_rests_on_guidance_says_so() -> None:
    worst = declared(
        privacy_notice__complies="no", security_policy__complies="no", privacy_notice__date="1 July 2020"
    )
    assert all("[published 20" in concern for concern in concerns(worst))
    assert len(concerns(worst)) == 3
