"""What kind of thing stands under a heading, whatever the heading says.

Of each kind a test gives a number: 1, the values are that; 0.5, they could be; 0, they are something else.
What has a form of its own (National Insurance numbers, post codes) is known by that alone; of names and
references the form tells less, and a heading has to say the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from specs.amounts import MoneyFormat, count_in_pounds, read_money
from specs.checks import FIELD_CHECKS, Terms
from specs.plain_yaml import read_plain_yaml
from specs.proposal.column_profile import ColumnProfile
from specs.specification import FieldFormat

_WORDS_FILE = Path(__file__).with_name("value_words.yaml")
_A_YEAR = 365.25

_LANDLINE = r"^(?:\+44 ?\(?0?\)?|0044 ?|\(?0)(?:[12389])[\d ()-]{8,12}$"
_MOBILE = r"^(?:\+44 ?\(?0?\)?|0044 ?|0)?7[\d ]{9,11}$"
_COMPANY_NUMBER = r"^(?:\d{7,8}|(?i:SC|NI|OC|SO|FC|NC|LP|SL|IP|SP|RC|RS|R0|GE|CE|ZC)\d{5,6})$"
_ACCOUNT_NUMBER = r"^\d{7,8}$"
_VAT_NUMBER = r"^(?i:GB)? ?\d{3} ?\d{4} ?\d{2}(?: ?\d{3})?$|^(?i:GB)?(?i:GD|HA)\d{3}$|^[A-Z]{2}[\dA-Z]{8,12}$"
_HOURS = r"^(?:\d{1,2}(?:\.\d{1,2})?|\d{3,4})$"
_NAME = r"^[\pL][\pL .'’()-]*$"
_TWO_WORDS = r"\pL{2}.* .*\pL{2}"
_CODE = r"^[\pL\pN][\pL\pN/._ -]{0,19}$"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of values."""

    test: Callable[[ColumnProfile], float]
    says: str
    """In words, after 'most values are'."""
    telling: float
    """How sure the values alone can make one, from 0 to 1."""
    by_form: bool = False
    """Whether the test counts the values that have the form, so that it can be told as a percentage."""


@cache
def value_words() -> dict[str, frozenset[str]]:
    """The lists of value_words.yaml, by name."""
    content, _lines = read_plain_yaml(_WORDS_FILE.read_bytes())
    return TypeAdapter(dict[str, frozenset[str]]).validate_python(content)


def _checked(name: str) -> Callable[[ColumnProfile], float]:
    """The share of values that pass the first check of that name."""
    check = FIELD_CHECKS[name][0]
    return lambda column: column.share(check.passes(column.distinct, Terms(today=column.day, allowed=())))


def _share_with(column: ColumnProfile, list_name: str, *, first_only: bool = False) -> float:
    """The share of values that have one of the listed words in them, or as their first."""
    listed = value_words()[list_name]
    has_one = [not listed.isdisjoint(words[:1] if first_only else words) for words in column.words]
    return column.share(pa.array(has_one, pa.bool_()))


def _vat_number(column: ColumnProfile) -> float:
    # Foreign ones and slips are many: the form tells, the check digits settle.
    formed = column.like(_VAT_NUMBER)
    good = _checked("vat_number")(column) if formed > 0.3 else 0.0
    return min(formed, 0.5) if good < 0.3 else max(formed, good)


def _sort_code(column: ColumnProfile) -> float:
    right = max(_checked("sort_code")(column), column.like(r"^\d{2} \d{2} \d{2}$"))
    paired = column.like(r"^\d{2}[- ]\d{2}[- ]\d{2}$")
    return right if paired > 0.5 else right * (0.5 + 0.4 * column.first_figures)


def _account_number(column: ColumnProfile) -> float:
    # A system's own numbers begin with few figures, those of banks with all ten.
    dated = column.dates.share if column.dates else 0.0
    return (column.like(_ACCOUNT_NUMBER) - dated) * (0.4 + 0.6 * column.first_figures)


def _money(column: ColumnProfile) -> float:
    read = column.share(pc.is_valid(read_money(column.distinct, MoneyFormat.POUNDS)))
    decimals = count_in_pounds(column.distinct) / max(len(column.distinct), 1)
    dated = column.dates.share if column.dates else 0.0
    leading = column.like(r"^0\d")
    whole_is_money = 0.7 if column.uniform < 0.95 and column.unique > 0.02 else 0.5
    return max(read - dated - leading, 0.0) * (1.0 if decimals >= 0.05 else whole_is_money)


def _hours(column: ColumnProfile) -> float:
    read = column.like(_HOURS) - column.like(r"^0\d")
    whole_weeks = column.like(r"^3[0-9](?:\.\d+|\d{2})?$|^40(?:\.0+|00)?$")
    return max(read, 0.0) * (1.0 if whole_weeks > 0.2 and column.unique < 0.5 else 0.6)


def _date(column: ColumnProfile) -> float:
    return column.dates.share if column.dates else 0.0


def _birth_date(column: ColumnProfile) -> float:
    if not column.dates:
        return 0.0
    old_enough = column.dates.newest > 14 * _A_YEAR and column.dates.oldest < 112 * _A_YEAR
    of_working_age = 22 * _A_YEAR < column.dates.median < 95 * _A_YEAR
    return column.dates.share * (1.0 if old_enough and of_working_age else 0.35)


def _start_date(column: ColumnProfile) -> float:
    if not column.dates:
        return 0.0
    spread = column.dates.years > 4 and column.dates.newest < 3 * _A_YEAR
    return column.dates.share * (1.0 if spread and column.dates.median < 25 * _A_YEAR else 0.6)


def _recent_date(column: ColumnProfile) -> float:
    if not column.dates:
        return 0.0
    recent = column.dates.years < 2 and column.dates.newest < 3 * _A_YEAR
    return column.dates.share * (1.0 if recent else 0.5)


def _sex(column: ColumnProfile) -> float:
    known = column.among(value_words()["sexes"])
    both = min(column.like(r"^(?i:m|male)$"), column.like(r"^(?i:f|female)$")) > 0.01
    return known if both else 0.5 * (len(column.distinct) <= 6)


def _full_part_time(column: ColumnProfile) -> float:
    known = column.among(value_words()["hours_worked"])
    both = min(column.like(r"^(?i:f|ft|full.?time)$"), column.like(r"^(?i:p|pt|part.?time)$")) > 0.01
    return known if both else 0.5 * (len(column.distinct) <= 12)


def _flag(column: ColumnProfile) -> float:
    return 0.5 if len(column.distinct) <= 12 else 0.2


def _teacher(column: ColumnProfile) -> float:
    return column.like(r"^T$") if len(column.distinct) == 1 else _flag(column)


def _forename(column: ColumnProfile) -> float:
    if (named := column.like(_NAME)) < 0.8:
        return 0.0
    common = _share_with(column, "forenames", first_only=True)
    return named * min(1.0, 0.5 + common)


def _middle_name(column: ColumnProfile) -> float:
    return min(_forename(column), 0.6)


def _surname(column: ColumnProfile) -> float:
    if (named := column.like(_NAME)) < 0.8 or _share_with(column, "organisations") > 0.15:
        return 0.0
    common = _share_with(column, "surnames", first_only=True)
    forenames = _share_with(column, "forenames", first_only=True)
    return named * min(1.0, 0.5 + 1.5 * max(common - 0.5 * forenames, 0.0))


def _organisation_name(column: ColumnProfile) -> float:
    lettered = column.like(r"\pL{2}")
    return lettered * min(1.0, 0.5 + _share_with(column, "organisations")) if lettered > 0.5 else 0.0


def _address_line(column: ColumnProfile) -> float:
    lettered = column.like(r"\pL{2}") - column.like(r"@")
    if lettered < 0.5:
        return 0.0
    numbered = column.like(r"^(?i:flat |unit |apartment )?\d+[A-Za-z]?[ ,/-]")
    return lettered * min(1.0, 0.5 + math.sqrt(numbered * _share_with(column, "streets")))


def _place(column: ColumnProfile) -> float:
    lettered = column.like(r"\pL{3}") - column.like(r"@")
    return 0.5 * min(1.0, max(lettered, 0.0) * 1.5)


def _own_reference(column: ColumnProfile) -> float:
    """Numbers that a system gives itself: each once (or nearly), all of one form, one after the other."""
    different = max(0.0, 2 * column.unique - 1)
    if not different or column.like(r"\d") <= 0.9:
        return 0.0
    coded = column.like(_CODE)
    out_of_a_hat = 0.3 * (column.first_figures > 0.8 and column.like(r"^\d{6,8}$") > 0.9)
    dated = column.dates.share if column.dates else 0.0
    of_one_form = min(1.0, max(0.0, column.uniform - 0.3) / 0.6)
    return max(coded - dated, 0.0) * of_one_form * different * (1 - out_of_a_hat)


def _others_reference(column: ColumnProfile) -> float:
    """Numbers that many others have given: figures in most of them, and of every form."""
    if column.like(r"\d") < 0.5 or column.dates:
        return 0.0
    return min(1.0, 0.5 + (1 - column.uniform)) if column.uniform < 0.8 else 0.5


def _party_reference(column: ColumnProfile) -> float:
    """Codes that stand for someone: of one form, and mostly more than once."""
    if column.like(r"\d") <= 0.5:
        return 0.0
    coded = max(0.0, column.like(_CODE) - column.like(_TWO_WORDS))
    dated = column.dates.share if column.dates else 0.0
    return max(coded - dated, 0.0) * max(0.5, column.uniform)


def _code(column: ColumnProfile) -> float:
    return 0.5 * min(1.0, column.like(_CODE) * 1.2) * (0.4 if column.dates else 1.0)


def _category(column: ColumnProfile) -> float:
    few = len(column.distinct) <= 400 or column.unique < 0.2
    return 0.5 if few and not column.dates else 0.25


def _one_employer(column: ColumnProfile) -> float:
    few = len(column.distinct) <= 5 and column.unique < 0.5
    return (0.7 if column.like(r"\pL{3}") > 0.5 else 0.5) if few else 0.1


def _payment_method(column: ColumnProfile) -> float:
    known = column.among(value_words()["payment_methods"])
    return max(known, 0.5 if len(column.distinct) <= 30 else 0.2)


def _words_of_text(column: ColumnProfile) -> float:
    return 0.5 if column.like(r"\pL") > 0.5 and not column.dates else 0.2


KINDS: dict[str, Kind] = {
    "ni_number": Kind(_checked("nino"), "National Insurance numbers", 0.95, by_form=True),
    "post_code": Kind(_checked("post_code"), "post codes", 0.92, by_form=True),
    "email": Kind(_checked("email"), "email addresses", 0.92, by_form=True),
    "sort_code": Kind(_sort_code, "sort codes", 0.8),
    "account_number": Kind(_account_number, "account numbers of eight digits", 0.7),
    "vat_number": Kind(_vat_number, "VAT registration numbers", 0.88),
    "company_number": Kind(lambda c: c.like(_COMPANY_NUMBER), "company numbers", 0.6, by_form=True),
    "telephone": Kind(lambda c: c.like(_LANDLINE) + c.like(_MOBILE), "telephone numbers", 0.75),
    "landline": Kind(lambda c: c.like(_LANDLINE) + 0.5 * c.like(_MOBILE), "telephone numbers", 0.75),
    "mobile": Kind(lambda c: c.like(_MOBILE) + 0.4 * c.like(_LANDLINE), "mobile telephone numbers", 0.85),
    "birth_date": Kind(_birth_date, "dates of birth", 0.85),
    "start_date": Kind(_start_date, "dates over many years", 0.6),
    "recent_date": Kind(_recent_date, "dates of the last months", 0.65),
    "date": Kind(_date, "dates", 0.4),
    "money": Kind(_money, "sums of money", 0.55),
    "hours": Kind(_hours, "hours of a week", 0.7),
    "sex": Kind(_sex, "M and F", 0.85),
    "title": Kind(lambda c: c.among(value_words()["titles"]), "titles such as Mr and Ms", 0.92, by_form=True),
    "full_part_time": Kind(_full_part_time, "F, P or C", 0.8),
    "teacher": Kind(_teacher, "T or nothing", 0.55),
    "flag": Kind(_flag, "one of a few flags", 0.0),
    "forename": Kind(_forename, "forenames", 0.8),
    "middle_name": Kind(_middle_name, "forenames", 0.0),
    "surname": Kind(_surname, "surnames", 0.8),
    "organisation_name": Kind(_organisation_name, "names of organisations", 0.75),
    "address_line": Kind(_address_line, "numbers and streets", 0.8),
    "place": Kind(_place, "places", 0.0),
    "own_reference": Kind(_own_reference, "references, all of one form and all different", 0.65),
    "others_reference": Kind(_others_reference, "references of many forms", 0.55),
    "party_reference": Kind(_party_reference, "references of one form", 0.3),
    "code": Kind(_code, "codes", 0.0),
    "category": Kind(_category, "one of a few categories", 0.0),
    "one_employer": Kind(_one_employer, "the same all the way down", 0.3),
    "payment_method": Kind(_payment_method, "methods of payment", 0.9),
    "words": Kind(_words_of_text, "words", 0.0),
}
"""By the name that synonyms.yaml gives."""

_BY_FORMAT = {FieldFormat.DATE: "date", FieldFormat.MONEY: "money", FieldFormat.HOURS: "hours"}


def kind_named(name: str | None, format_: FieldFormat | None) -> Kind | None:
    """The kind of that name, or else the one of a field's format; None where the values tell nothing."""
    return KINDS.get(name or _BY_FORMAT.get(format_ or FieldFormat.CHARACTER, ""))
