"""Data sets besides payroll and creditors: checked, packaged and matched by the same commands."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from specs.catalogues import load_specification
from tests.typed import Nfi

FURTHER = [
    "council-tax",
    "electoral-register",
    "housing-tenants",
    "licences",
    "pensions",
    "transport-permits",
]
# Invented; by column, {n} is the number of the record.
VALUES = {
    "employee_reference": "E0000{n}",
    "electoral_register_reference": "AB/{n}",
    "council_tax_reference": "80012{n}X",
    "reference_number": "R0000{n}",
    "permit_number": "P0000{n}",
    "title": "Ms",
    "sex": "F",
    "surname": "Archer",
    "forenames": "Alex",
    "address_line_1": "{n} Sample Road",
    "address_line_3": "Leeds",
    "post_code": "LS1 4AP",
    "date_of_birth": "0{n}051950",
    "date_started_pension": "01022015",
    "date_employment_ended": "31012015",
    "leaver_indicator": "Y",
    "ni_number": "AB12345{n}C",
    "home_telephone": "0113 496 000{n}",
    "council_tax_band": "D",
    "council_tax_amount": "150000",
    "discount_amount": "37500",
    "tenant_status": "F",
}


def extract(folder: Path, dataset: str, **faulty: str) -> Path:
    """Three records; the values of `faulty` stand in the last."""
    fields = load_specification(dataset).fields
    file = folder / f"{dataset}.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow([field.name for field in fields])
        for n in (1, 2, 3):
            values = VALUES | (faulty if n == 3 else {})
            writer.writerow([values.get(field.column, "").format(n=n) for field in fields])
    return file


@pytest.mark.parametrize("dataset", FURTHER)
def test_sound_records_raise_no_error_and_no_warning_and_can_be_packaged(
    nfi: Nfi, tmp_path: Path, dataset: str
) -> None:
    work = tmp_path / "work"
    checked = nfi("check", extract(tmp_path, dataset), "--dataset", dataset, "--out", work)
    assert checked.code == 0, checked.out
    assert "0 errors, 0 warnings" in checked.out
    assert f"{dataset} 2026-27 (provisional)" in checked.out
    (tmp_path / "passphrase").write_text("correct horse battery staple 42")
    package = ("package", work, "--body", "Anytown", "--passphrase-file", tmp_path / "passphrase")
    several = load_specification(dataset).files
    assert ("Sent as several files: 1 " in checked.out) is bool(several)
    if several:
        refused = nfi(*package)
        assert (refused.code, f"sent as {len(several)} files" in refused.err) == (2, True)
    packaged = nfi(*package, *(("--part", f"{dataset}:1={dataset}.csv") if several else ()))
    assert packaged.code == 0, packaged.err
    assert f"{dataset}{'-1' if several else ''}.csv" in packaged.out
    matched = nfi("match", work)
    assert matched.code == 0, matched.err
    assert "No report could run" in matched.out + matched.err


@pytest.mark.parametrize(
    ("dataset", "faulty", "code"),
    [
        ("council-tax", {"council_tax_band": "J"}, "one_of"),
        ("council-tax", {"council_tax_reference": "800121X"}, "duplicate_key"),
        ("council-tax", {"discount_amount": "150001"}, "not_greater"),
        ("council-tax", {"discount_type": "SPD"}, "codes_without_lookup"),
        ("electoral-register", {"surname": ""}, "required"),
        ("electoral-register", {"date_of_birth": "31022008"}, "date"),
        ("housing-tenants", {"tenant_status": "J"}, "one_of"),
        ("licences", {"reference_number": "R00001"}, "duplicate_key"),
        ("pensions", {"widow_indicator": "Y"}, "one_of"),
        ("pensions", {"ni_number": "QQ123456C"}, "nino"),
        ("transport-permits", {"post_code": "12345"}, "post_code"),
    ],
)
def test_a_fault_is_found(nfi: Nfi, tmp_path: Path, dataset: str, faulty: dict[str, str], code: str) -> None:
    checked = nfi("check", extract(tmp_path, dataset, **faulty), "--dataset", dataset, "--out", tmp_path)
    assert f"[{code}]" in checked.out


def test_a_company_may_be_liable_for_council_tax(nfi: Nfi, tmp_path: Path) -> None:
    file = extract(tmp_path, "council-tax", surname="Archer Lettings Ltd", forenames="", title="")
    checked = nfi("check", file, "--dataset", "council-tax", "--out", tmp_path)
    assert checked.code == 0
    assert "0 errors, 1 warning" in checked.out


def test_a_person_may_have_two_pensions(nfi: Nfi, tmp_path: Path) -> None:
    file = extract(
        tmp_path,
        "pensions",
        employee_reference="E00001",
        ni_number="AB123451C",
        post_number="2",
        date_of_birth="01051950",
    )
    assert "0 errors, 0 warnings" in nfi("check", file, "--dataset", "pensions", "--out", tmp_path).out
