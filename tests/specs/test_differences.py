"""How two specifications differ, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.differences import Difference, Kind, differences
from specs.specification import (
    AcrossRules,
    Characters,
    CharacterSet,
    CheckUse,
    FieldFormat,
    FilePart,
    Need,
    Rule,
    Specification,
    SpecifiedField,
)

STANDING = load_specification("creditors-standing", "2012-13")
# Without what other tests are about: checks, and rules over the data set, which name fields too.
BARE = STANDING.model_copy(
    update={
        "across": AcrossRules(),
        "references": (),
        "record_checks": (),
        "fields": tuple(
            field.model_copy(update={"checks": (), "exempt_from": (), "coded": False, "comment": "Old."})
            for field in STANDING.fields
        ),
    }
)


def having(*fields: SpecifiedField) -> Specification:
    return BARE.model_copy(update={"fields": fields})


def said(after: Specification) -> list[str]:
    return [each.sentence for each in differences(BARE, after)]


FIRST, SECOND, *REST = BARE.fields
FILES = (
    FilePart(number=1, title="current", evidence="inferred"),
    FilePart(number=2, title="dormant", evidence="inferred"),
)
NEW = FIRST.model_copy(update={"name": "Unit", "column": "unit", "evidence": "inferred"})


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        pytest.param(BARE.fields, [], id="the same"),
        pytest.param((FIRST, NEW, SECOND, *REST), ["Unit: field added (number 2, inferred)."], id="added"),
        pytest.param(
            BARE.fields[:-1], ["Building society roll number: field removed (was number 17)."], id="removed"
        ),
        pytest.param(
            (SECOND, *REST, FIRST),
            ["Creditor reference: place was 1, is 17."],
            id="one moved, not all others",
        ),
        pytest.param(
            (FIRST.model_copy(update={"name": "Supplier number"}), SECOND, *REST),
            ["Supplier number: was called Creditor reference."],
            id="renamed",
        ),
        pytest.param(
            (FIRST, SECOND, REST[0].model_copy(update={"column": "supplier"}), *REST[1:]),
            ["Creditor name: column was creditor_name, is supplier."],
            id="the same by its name",
        ),
        pytest.param(
            (
                FIRST.model_copy(
                    update={
                        "format": FieldFormat.NUMBER,
                        "required": Need.NO,
                        "checks": (CheckUse(name="longest", limit=9),),
                        "comment": "New.",
                        "evidence": "inferred",
                        "coded": True,
                    }
                ),
                SECOND,
                *REST,
            ),
            [
                "Creditor reference: format was text, is text of digits.",
                "Creditor reference: needed was should be filled, is may be blank.",
                "Creditor reference: checks was nothing, is longest 9.",
                "Creditor reference: codes was nothing, is look-up table needed.",
                "Creditor reference: comment was Old, is New.",
                "Creditor reference: evidence was recalled, is inferred.",
            ],
            id="changed in every way",
        ),
    ],
)
def test_fields(fields: tuple[SpecifiedField, ...], sentences: list[str]) -> None:
    assert said(having(*fields)) == sentences


def test_what_is_said_of_the_data_set_as_a_whole() -> None:
    rule = Rule(text="Send it on Friday.", evidence="inferred")
    key = BARE.key.model_copy(update={"columns": ("creditor_reference",)})
    after = BARE.model_copy(update={"title": "Suppliers", "rules": (rule, *BARE.rules[1:]), "key": key})
    assert said(after) == [
        "Data set: title was Trade creditors standing data, is Suppliers.",
        f"{BARE.rules[0].text}: rule removed ({BARE.rules[0].evidence}).",
        "Send it on Friday.: rule added (inferred).",
        "key: check of the data set was Creditor reference, Site ID (warning; recalled), "
        "is Creditor reference (warning; recalled).",
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        pytest.param({}, {"files": ()}, [], id="the same"),
        pytest.param(
            {},
            {"files": FILES},
            ["File 1: file added (current, inferred).", "File 2: file added (dormant, inferred)."],
            id="sent as several from now on",
        ),
        pytest.param(
            {"files": FILES},
            {"files": (FILES[0], FILES[1].model_copy(update={"needed": False}))},
            ["File 2: file was dormant, inferred, is dormant, optional, inferred."],
            id="no longer needed",
        ),
        pytest.param(
            {},
            {"characters": Characters(set=CharacterSet.UTF_8, evidence="confirmed by A. Officer")},
            ["Data set: characters was ASCII (published 2012/13), is UTF-8 (confirmed by A. Officer)."],
            id="other characters",
        ),
    ],
)
def test_how_it_is_sent(before: dict[str, object], after: dict[str, object], sentences: list[str]) -> None:
    found = differences(BARE.model_copy(update=before), BARE.model_copy(update=after))
    assert [each.sentence for each in found] == sentences


def test_a_renamed_field_does_not_change_the_rules_that_name_it() -> None:
    after = having(FIRST.model_copy(update={"name": "Supplier number"}), SECOND, *REST)
    assert [each.kind for each in differences(BARE, after)] == [Kind.RENAMED]


@given(st.permutations(BARE.fields))
def test_whatever_the_order_fields_only_move(fields: list[SpecifiedField]) -> None:
    found = differences(BARE, having(*fields))
    assert {each.kind for each in found} <= {Kind.MOVED}
    assert len(found) < len(fields)
    assert (found == []) == (tuple(fields) == BARE.fields)


@given(st.lists(st.sampled_from(BARE.fields), unique_by=lambda field: field.column, min_size=2))
def test_added_one_way_round_is_removed_the_other(fields: list[SpecifiedField]) -> None:
    after = having(*fields)

    def of(found: list[Difference], kind: Kind) -> set[str]:
        return {each.about for each in found if each.kind is kind and each.what == "field"}

    assert of(differences(BARE, after), Kind.REMOVED) == of(differences(after, BARE), Kind.ADDED)


@pytest.mark.parametrize(
    ("evidence", "checks_evidence", "told"),
    [
        ("confirmed by A. Officer", "recalled", ["evidence was recalled, is confirmed by A. Officer."]),
        (
            "confirmed by A. Officer",
            "inferred",
            [
                "evidence was recalled, is confirmed by A. Officer.",
                "evidence of checks was recalled, is inferred.",
            ],
        ),
        ("inferred", None, ["evidence was recalled, is inferred."]),
    ],
    ids=["checks stay as they were", "checks rest on something else", "checks go with the field"],
)
def test_what_checks_rest_on_is_told_where_it_parts_from_the_fields_own_evidence(
    evidence: str, checks_evidence: str | None, told: list[str]
) -> None:
    before = FIRST.model_copy(update={"checks": (CheckUse(name="placeholder"),), "evidence": "recalled"})
    after = before.model_copy(update={"evidence": evidence, "checks_evidence": checks_evidence})
    sentences = [each.sentence for each in differences(having(before, *REST), having(after, *REST))]
    assert sentences == [f"{FIRST.name}: {words}" for words in told]
