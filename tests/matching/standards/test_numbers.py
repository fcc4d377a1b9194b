"""Invoice numbers, registrations and e-mail addresses: near variants, and what can be none."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matching.standards import STANDARDS


def form_of(standard: str, value: str | None) -> str | None:
    form: str | None = STANDARDS[standard](pa.array([value], pa.string()))[0].as_py()
    return form


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("INV1023", "INV1O23", id="O for 0"),
        pytest.param("INV-012", "INVO12", id="O for a leading 0"),
        pytest.param("2211", "22I1", id="I for 1"),
        pytest.param("5512", "55L2", id="L for 1"),
        pytest.param("4458", "445B", id="B for 8"),
        pytest.param("4455", "44S5", id="S for 5"),
    ],
)
def test_letters_that_look_like_digits_are_read_as_such(left: str, right: str) -> None:
    assert form_of("invoice_folded", left) == form_of("invoice_folded", right) is not None
    assert form_of("invoice_number", left) != form_of("invoice_number", right)


def test_letters_before_the_number_are_read_so_as_well() -> None:
    assert form_of("invoice_folded", "I2288") == form_of("invoice_folded", "12288")
    assert form_of("invoice_folded", "SIN086461") == form_of("invoice_folded", "S1NO8646I")
    assert form_of("invoice_core", "SI-1234") == "1234"


@pytest.mark.parametrize(
    "number",
    [
        "APP000582789",
        "WEB000582789",
        "Invoice no. 582789",
        "SI582789",
        "582789a",
        "582789-A",
        "582789/1",
        "582789 COPY",
        "582789DUPLICATE",
        "00582789",
    ],
)
def test_the_number_proper_is_without_channel_and_suffix(number: str) -> None:
    assert form_of("invoice_core", number) == "582789"


@pytest.mark.parametrize(
    ("number", "expected"), [("INV12", None), ("2024/0456", "20240456"), ("RENT", "RENT")]
)
def test_a_number_is_not_cut_down_to_nothing(number: str, expected: str | None) -> None:
    assert form_of("invoice_core", number) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("A12-B34", "1234"), ("00123", "123"), ("INV12", None), ("RENT", None)]
)
def test_digits_alone_are_compared_from_three_on(number: str, expected: str | None) -> None:
    assert form_of("invoice_digits", number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param("GB 980 7806 84", "980780684", id="spaces and country"),
        pytest.param("VAT Reg No GB980780684", "980780684", id="words"),
        pytest.param("980780684001", "980780684", id="branch"),
        pytest.param("GD001", "GD001", id="department"),
        pytest.param("HA500", "HA500", id="health authority"),
        pytest.param("123456789", None, id="check digits"),
        pytest.param("000000000", None, id="zeros"),
        pytest.param("IE1234567T", None, id="abroad"),
        pytest.param("98078068", None, id="eight digits"),
    ],
)
def test_a_vat_number_is_nine_digits_that_check(number: str, expected: str | None) -> None:
    assert form_of("vat_number", number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param("1234567", "01234567", id="leading zero lost"),
        pytest.param("sc 12345", "SC012345", id="Scotland"),
        pytest.param("OC301234", "OC301234", id="partnership"),
        pytest.param("IP12345R", "IP12345R", id="registered society"),
        pytest.param("00000000", None, id="zeros"),
        pytest.param("123456789", None, id="nine digits"),
        pytest.param("12", None, id="too short"),
    ],
)
def test_a_company_number_has_eight_characters(number: str, expected: str | None) -> None:
    assert form_of("company_number", number) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("Accounts@Acorn.example", "accounts@acorn.example", id="case; shared mailbox stays"),
        pytest.param("j.birch+nfi@acorn.example", "j.birch@acorn.example", id="what follows plus"),
        pytest.param("j.birch@gmail.com", "jbirch@gmail.com", id="dots of gmail"),
        pytest.param("jbirch@googlemail.com", "jbirch@gmail.com", id="the other gmail"),
        pytest.param("mailto:a@acorn.example", "a@acorn.example", id="link"),
        pytest.param("none@none.com", None, id="placeholder"),
        pytest.param("noreply@acorn.example", None, id="nobody reads it"),
        pytest.param("a@acorn", None, id="no domain"),
        pytest.param("a b@acorn.example", None, id="space"),
    ],
)
def test_an_email_address_is_compared_without_its_decoration(address: str, expected: str | None) -> None:
    assert form_of("email_address", address) == expected
