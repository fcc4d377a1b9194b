"""What holds for every standard, and the tables for company names, people, invoices and bank accounts."""

from __future__ import annotations

import sys
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.standards import LISTED, STANDARDS
from tests.examples import examples

COLUMNS = {"address": 5, "premises": 5, "street_and_town": 5, "bank_account": 3, "surname_and_initial": 2}
"""Of standards that take several, how many the tests give."""
ONE_COLUMN = sorted(set(STANDARDS) - LISTED - set(COLUMNS))
TEXTS = st.lists(st.one_of(st.none(), st.text()), max_size=8)
NAMES = st.lists(
    st.lists(
        st.sampled_from(
            ["The", "the", "Co", "LTD", "& Co", "and Sons", "Group", "A", "N", "X", "XX", "é", "0", "-"]
        ),
        max_size=6,
    ).map(" ".join),
    max_size=8,
)
UNASSIGNED = {"Cn", "Co", "Cs"}
EVERY_CHARACTER = [
    chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) not in UNASSIGNED
]


def standard_form(standard: str, *columns: list[str | None]) -> list[str | None]:
    made: list[str | None] = STANDARDS[standard](
        *(pa.array(column, pa.string()) for column in columns)
    ).to_pylist()
    return made


def form_of(standard: str, *values: str | None) -> str | None:
    return standard_form(standard, *([value] for value in values))[0]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Acorn Glazing Ltd", "ACORN GLAZING", id="case and legal ending"),
        pytest.param("Acorn Glazing Ltd.", "Acorn Glazing Limited", id="two spellings of one ending"),
        pytest.param("The Acorn Trust", "Acorn Trust", id="leading the"),
        pytest.param("Acorn & Birch", "Acorn and Birch", id="ampersand"),
        pytest.param("O'Hara's Bakery", "OHARAS BAKERY", id="apostrophes"),
        pytest.param("A.B.C. Hire", "ABC Hire", id="full stops between letters"),
        pytest.param("Café Zoë", "CAFE ZOE", id="accents"),
        pytest.param("Acorn  Glazing\t(Leeds)", "Acorn Glazing Leeds", id="spaces and brackets"),
        pytest.param("Acorn Holdings Group UK Ltd", "Acorn", id="several endings"),
        pytest.param("Acorn Ltd (Leeds)", "Acorn Leeds", id="legal form in the middle"),
        pytest.param("Acorn Trust, The", "Acorn Trust", id="the at the end"),
        pytest.param("Acorn Elec. Serv.", "Acorn Electrical Services", id="abbreviations"),
        pytest.param("Acorn Bros", "Acorn Brothers", id="bros"),
        pytest.param("St Mary's Sch", "Saint Marys School", id="saint"),
        pytest.param("Four Acorns", "4 Acorns", id="number in words"),
        pytest.param("A B C Hire", "ABC Hire", id="initials apart"),
        pytest.param("Acorn Hire DO NOT USE", "Acorn Hire", id="do not use"),
        pytest.param("Acorn Hire - DO NOT USE - USE 10234", "Acorn Hire", id="use another reference"),
        pytest.param("DO NOT USE - Acorn Hire", "Acorn Hire", id="do not use in front"),
        pytest.param("Acorn Hire (OLD)", "Acorn Hire", id="old in brackets"),
        pytest.param("*DUPLICATE* Acorn Hire", "Acorn Hire", id="duplicate between stars"),
        pytest.param("Acorn Hire Ltd SUSPENDED", "Acorn Hire", id="suspended"),
        pytest.param("Acorn Hire - INACTIVE 01/02/2019", "Acorn Hire", id="inactive since"),
        pytest.param("ZZ Acorn Hire", "Acorn Hire", id="zz in front"),
        pytest.param(
            "J Birch t/a Acorn Hire", "J Birch trading as Acorn Hire", id="two words for trading as"
        ),
        pytest.param("ＡＣＯＲＮ", "ACORN", id="wide letters"),
    ],
)
def test_names_of_one_company_share_a_form(left: str, right: str) -> None:
    assert form_of("company_name", left) == form_of("company_name", right) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Acorn Glazing", "Glazing Acorn", id="words keep their order"),
        pytest.param("Acorn Cooling", "Acorn", id="an ending is a whole word"),
        pytest.param("Theale Motors", "Ale Motors", id="the is a whole word"),
        pytest.param("Unit 4", "Unit 5", id="digits count"),
        pytest.param("Old Mill Nursery", "Mill Nursery", id="old in front is a name"),
        pytest.param("Closed Circuit Television", "Circuit Television", id="closed in front is a name"),
        pytest.param("Acorn Use Hire", "Acorn Hire", id="use without a reference is a name"),
    ],
)
def test_names_of_different_companies_do_not(left: str, right: str) -> None:
    assert form_of("company_name", left) != form_of("company_name", right)


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "  ",
        "-",
        "Redacted name",
        "unknown",
        "Not Known",
        "none",
        "N/A",
        "n.a.",
        "TBC",
        "xxxx",
    ],
)
def test_a_placeholder_is_no_company_name(name: str | None) -> None:
    assert form_of("company_name", name) is None


def test_a_company_called_only_by_a_legal_ending_keeps_its_name() -> None:
    assert form_of("company_name", "The Group Ltd") == "GROUP"
    assert form_of("company_name", "Ltd") == "LTD"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(("O'Neil", "Mary Jane"), ("ONEIL", "Mary"), id="only the first forename"),
        pytest.param(("Smith-Jones", "Ann"), ("Smith Jones", "ANN"), id="double-barrelled"),
        pytest.param(("van der Berg", "Jan"), ("Vanderberg", "Jan"), id="surname in several words"),
        pytest.param(("Müller", "Zoë"), ("MULLER", "ZOE"), id="accents"),
        pytest.param(("Smith", "Mary-Jane"), ("Smith", "MaryJane"), id="hyphen in a forename"),
        pytest.param(("Mr Smith", "Dr Ann"), ("Smith", "Ann"), id="titles"),
        pytest.param(("Smith Jr", "Ann"), ("Smith", "Ann"), id="suffix"),
        pytest.param(("Smith, Ann", None), ("Smith", "Ann"), id="both in one field"),
        pytest.param(("Mc Donald", "Ann"), ("McDonald", "Ann"), id="particle apart"),
    ],
)
def test_spellings_of_one_person_share_a_form(left: tuple[str, str], right: tuple[str, str]) -> None:
    assert form_of("person_name", *left) == form_of("person_name", *right) is not None


@pytest.mark.parametrize(
    ("surname", "forename", "expected"),
    [
        ("Smith", None, "SMITH"),
        ("Smith", "", "SMITH"),
        (None, "Ann", None),
        ("", "Ann", None),
        ("-", "Ann", None),
        ("Unknown", None, None),
    ],
)
def test_a_person_is_compared_only_by_a_surname(
    surname: str | None, forename: str | None, expected: str | None
) -> None:
    assert form_of("person_name", surname, forename) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("INV-001", "inv 001", id="case and punctuation"),
        pytest.param("0012345", "12345", id="leading zeros"),
        pytest.param("A/12/B", "A12B", id="slashes"),
        pytest.param(".12345", "12345", id="leading dot"),
        pytest.param("000", "0", id="nothing but zeros"),
        pytest.param("INV-001", "INV-1", id="zeros after letters"),
        pytest.param("2024/0456", "20240456", id="zeros after a separator that may be left out"),
    ],
)
def test_references_to_the_same_invoice_share_a_form(left: str, right: str) -> None:
    assert form_of("invoice_number", left) == form_of("invoice_number", right) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("582789", "582789a", id="a trailing letter counts"),
        pytest.param("INV 10", "INV 1", id="trailing zeros count"),
        pytest.param("INV1001", "INV101", id="zeros between digits count"),
    ],
)
def test_references_to_different_invoices_do_not(left: str, right: str) -> None:
    assert form_of("invoice_number", left) != form_of("invoice_number", right)


@pytest.mark.parametrize("number", [None, "", "N/A", "n/a", "none", "TBC", "///", "XXX", "00X"])
def test_a_placeholder_is_no_invoice_number(number: str | None) -> None:
    assert form_of("invoice_number", number) is None


@pytest.mark.parametrize(
    ("sort_code", "account", "expected"),
    [
        ("20-45-23", "12345678", "204523 12345678"),
        ("204523", "1234567", "204523 01234567"),
        (" 20 45 23 ", "123456", "204523 00123456"),
        ("204523", "12-34-56-78", "204523 12345678"),
        ("20452", "12345678", None),
        ("204523", "12345", None),
        ("204523", "123456789", None),
        ("204523", "00000000", None),
        ("00-00-00", "12345678", None),
        ("204523", "1234567X", None),
        (None, "12345678", None),
        ("204523", None, None),
        ("", "", None),
    ],
)
def test_an_account_is_sort_code_and_eight_digits(
    sort_code: str | None, account: str | None, expected: str | None
) -> None:
    assert form_of("bank_account", sort_code, account, None) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("CR 12 34 56 C", "CR123456"),
        ("cr123456", "CR123456"),
        ("CR-12-34-56-D", "CR123456"),
        ("CR123456E", None),
        ("DR123456A", None),
        ("FR123456A", None),
        ("IR123456A", None),
        ("QR123456A", None),
        ("UR123456A", None),
        ("VR123456A", None),
        ("CO123456A", None),
        ("BG123456A", None),
        ("GB123456A", None),
        ("KN123456A", None),
        ("NK123456A", None),
        ("NT123456A", None),
        ("TN010180M", None),
        ("ZZ123456A", None),
        ("11A11111", None),
        ("CR12345C", None),
        ("", None),
        (None, None),
    ],
)
def test_an_ni_number_is_compared_by_eight_characters_if_it_can_be_one(
    number: str | None, expected: str | None
) -> None:
    assert form_of("nino", number) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("LS1 4AP", "LS14AP"),
        ("ls14ap", "LS14AP"),
        ("LS1-4AP", "LS14AP"),
        ("D02 X285", "D02X285"),
        ("LS1", None),
        ("unknown", None),
        ("Not known", None),
        ("ZZ99 3VZ", None),
        ("", None),
        (None, None),
    ],
)
def test_a_post_code_is_compared_if_it_can_be_one(code: str | None, expected: str | None) -> None:
    assert form_of("post_code", code) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Unit 4, Bay 12", "412"), ("Acorn Hire", "-"), ("", "-"), (None, None)]
)
def test_digits_are_kept_in_order_and_their_absence_agrees(text: str | None, expected: str | None) -> None:
    assert form_of("digits", text) == expected


@pytest.mark.parametrize("standard", ONE_COLUMN)
@settings(max_examples=examples(12))
@given(texts=st.one_of(TEXTS, NAMES))
def test_standardising_twice_changes_nothing(standard: str, texts: list[str | None]) -> None:
    once = standard_form(standard, texts)
    assert len(once) == len(texts)
    assert standard_form(standard, once) == once


@pytest.mark.parametrize("standard", ONE_COLUMN)
def test_every_character_there_is_has_one_form(standard: str) -> None:
    for around in ("{}", "0{}B1"):
        once = standard_form(standard, [around.format(character) for character in EVERY_CHARACTER])
        assert len(once) == len(EVERY_CHARACTER)
        twice = standard_form(standard, once)
        assert [pair for pair in zip(once, twice, strict=True) if pair[0] != pair[1]] == []


@given(st.lists(st.tuples(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()))))
def test_no_texts_stop_a_standard_of_several_columns(pairs: list[tuple[str | None, str | None]]) -> None:
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert len(standard_form("person_name", left, right)) == len(pairs)
    assert len(standard_form("bank_account", left, right, left)) == len(pairs)


def test_customers_of_one_building_society_are_told_apart_by_their_roll_numbers() -> None:
    account = ("204523", "12345678")
    assert form_of("bank_account", *account, "7/00412-9") == form_of("bank_account", *account, "7 00412 9")
    assert form_of("bank_account", *account, "7/00412-9") != form_of("bank_account", *account, "7/00413-7")


@given(st.text(alphabet="0123456789 -", max_size=12), st.text(alphabet="0123456789 -", max_size=12))
def test_an_account_in_standard_form_stays_as_it_is(sort_code: str, account: str) -> None:
    if form := form_of("bank_account", sort_code, account, None):
        assert form_of("bank_account", *form.split(" "), None) == form


@pytest.mark.parametrize("standard", sorted(STANDARDS))
def test_columns_without_rows_stay_without_rows(standard: str) -> None:
    assert standard_form(standard, *[[]] * COLUMNS.get(standard, 1)) == []


@pytest.mark.parametrize("standard", sorted(STANDARDS))
def test_what_a_standard_gives_is_text_or_a_list_of_texts(standard: str) -> None:
    made = STANDARDS[standard](*[pa.array(["A 1"], pa.string())] * COLUMNS.get(standard, 1))
    assert made.type == (pa.list_(pa.string()) if standard in LISTED else pa.string())


@pytest.mark.parametrize("standard", sorted(set(STANDARDS) - {"digits"}))
def test_nothing_comes_of_nulls_and_blanks(standard: str) -> None:
    nothing: list[str | None] = [None, "", "  "]
    assert standard_form(standard, *[nothing] * COLUMNS.get(standard, 1)) == [None] * 3


@pytest.mark.parametrize("standard", sorted(STANDARDS))
@settings(max_examples=10)
@given(texts=TEXTS)
def test_no_text_stops_a_standard_and_each_has_its_own_answer(standard: str, texts: list[str | None]) -> None:
    columns = COLUMNS.get(standard, 1)
    together = standard_form(standard, *[texts] * columns)
    assert together == [form_of(standard, *[text] * columns) for text in texts]


@pytest.mark.parametrize("standard", sorted(LISTED))
@settings(max_examples=examples(10))
@given(texts=TEXTS)
def test_a_list_has_each_form_once_and_is_never_empty(standard: str, texts: list[str | None]) -> None:
    for forms in standard_form(standard, *[texts] * COLUMNS.get(standard, 1)):
        assert forms is None or (forms and len(forms) == len(set(forms)))
