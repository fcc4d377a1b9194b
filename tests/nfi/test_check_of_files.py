"""`nfi check` of several files, of what is piped in, by saved mappings and by a body's own catalogue."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from specs.catalogues import CATALOGUE
from tests.typed import Nfi

APRIL = (
    "Creditor reference,Internal/system invoice number,Suppliers invoice number,Invoice date,"
    "Total invoice amount,VAT amount\n"
    "C1,1,AB/1,01042026,120.00,20.00\n"
    "C2,2,AB/2,31022026,60.00,\n"
)
MAY = (
    "Creditor reference,Internal/system invoice number,Suppliers invoice number,Invoice date,"
    "Total invoice amount\n"
    "C3,3,AB/3,01052026,twelve\n"
    "C1,4,AB/4,05052026,36.00\n"
)


def saved(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def months(tmp_path: Path) -> tuple[Path, Path]:
    """Two months of one ledger; the second has no column for VAT."""
    return saved(tmp_path, "april.csv", APRIL), saved(tmp_path, "may.csv", MAY)


def check(nfi: Nfi, work: Path, *arguments: object) -> dict[str, object]:
    """The check record of payments, as printed for programs."""
    said = nfi("check", *arguments, "-d", "creditors-history", "--out", work, "--json")
    assert said.code in {0, 1}, said.err
    record: dict[str, object] = json.loads(said.out)
    return record


def details(work: Path, code: str) -> list[tuple[str, str | None]]:
    """Severity and detail of the findings with a code."""
    rows = pq.read_table(work / "findings/creditors-history.parquet").to_pylist()
    return [(row["severity"], row["detail"]) for row in rows if row["code"] == code]


def test_a_finding_in_several_files_says_which_file_and_the_row_there(
    nfi: Nfi, tmp_path: Path, months: tuple[Path, Path]
) -> None:
    said = nfi("check", *months, "-d", "creditors-history", "--out", tmp_path / "work")
    assert said.code == 1
    assert "april.csv: comma-separated, UTF-8; 2 records" in said.out
    assert "row 3 of april.csv, Invoice date:" in said.out
    assert "row 2 of may.csv, Total invoice amount:" in said.out

    findings = tmp_path / "work/findings/creditors-history"
    lines = csv.DictReader(io.StringIO(findings.with_suffix(".csv").read_text(encoding="utf-8-sig")))
    assert [(line["code"], line["file"], line["row"]) for line in lines if line["row"]] == [
        ("date", "april.csv", "3"),
        ("money", "may.csv", "2"),
    ]
    workbook = openpyxl.load_workbook(findings.with_suffix(".xlsx"), read_only=True)
    sheets = [list(sheet.iter_rows(values_only=True)) for sheet in workbook]
    workbook.close()
    cells = {row[:2] for sheet in sheets for row in sheet}
    assert {("Row", "File"), (3, "april.csv"), (2, "may.csv")} <= cells
    page = findings.with_suffix(".html").read_text(encoding="utf-8")
    assert "row 3 of april.csv" in page
    assert "row 2 of may.csv" in page


def test_a_column_that_one_month_lacks_is_told_with_the_month(
    nfi: Nfi, tmp_path: Path, months: tuple[Path, Path]
) -> None:
    record = check(nfi, tmp_path / "work", *months)
    assert ("note", "in may.csv; other files have it") in details(tmp_path / "work", "missing_column")
    files = record["files"]
    assert isinstance(files, list)
    assert [(file["name"], file["records"], file["columns_absent"]) for file in files] == [
        ("april.csv", 2, []),
        ("may.csv", 2, ["VAT amount"]),
    ]
    vat = pq.read_table(tmp_path / "work/checked/creditors-history.parquet").column("vat_amount")
    assert vat.to_pylist() == [2000, None, None, None]


def test_the_order_of_the_files_is_that_of_the_command(
    nfi: Nfi, tmp_path: Path, months: tuple[Path, Path]
) -> None:
    check(nfi, tmp_path / "work", *reversed(months))
    records = pq.read_table(tmp_path / "work/checked/creditors-history.parquet")
    assert records.column("creditor_reference").to_pylist() == ["C3", "C1", "C1", "C2"]


def test_one_file_that_cannot_be_read_stops_the_check_of_all_and_leaves_nothing(
    nfi: Nfi, tmp_path: Path, months: tuple[Path, Path]
) -> None:
    ragged = saved(tmp_path, "june.csv", MAY + "C1,5\n" + "C1,6,AB/6,05052026,36.00\n" * 300)
    said = nfi("check", *months, ragged, "-d", "creditors-history", "--out", tmp_path / "work")
    assert said.code == 3
    assert "june.csv" in said.err
    assert said.err.count("\n") == 1
    assert [path for path in (tmp_path / "work").rglob("*") if path.is_file()] == []


def test_json_carries_profile_files_and_corrections(
    nfi: Nfi, tmp_path: Path, months: tuple[Path, Path]
) -> None:
    record = check(nfi, tmp_path / "work", *months, "--fix")
    assert record["corrections"] == []
    profile = {each["field"]: each for each in record["profile"]}  # type: ignore[attr-defined]
    assert (profile["Invoice date"]["filled"], profile["Invoice date"]["valid"]) == (4, 3)
    assert profile["VAT amount"]["filled"] == 1
    assert len(record["files"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trailers", "expected"),
    [
        pytest.param(("", ""), [], id="none"),
        pytest.param(("TRAILER,2\n", "TRAILER,2\n"), [], id="both agree"),
        pytest.param(("TRAILER,2\n", ""), [], id="one file has one, and it agrees"),
        pytest.param(("", "TRAILER,9\n"), ["error"], id="one file has one, and it disagrees"),
    ],
)
def test_the_count_in_the_last_line_of_a_file_is_about_that_file(
    nfi: Nfi, tmp_path: Path, trailers: tuple[str, str], expected: list[str]
) -> None:
    files = [
        saved(tmp_path, name, content + trailer)
        for name, content, trailer in zip(("april.csv", "may.csv"), (APRIL, MAY), trailers, strict=True)
    ]
    check(nfi, tmp_path / "work", *files)
    told = details(tmp_path / "work", "trailer_count")
    assert [severity for severity, _ in told] == expected


@pytest.mark.parametrize(
    ("says", "severity"),
    [
        pytest.param(2, None, id="agrees"),
        pytest.param(4, "note", id="counts headings and itself"),
        pytest.param(70, "error", id="disagrees"),
    ],
)
def test_a_trailer_is_no_record_and_its_count_is_compared(
    nfi: Nfi, tmp_path: Path, says: int, severity: str | None
) -> None:
    record = check(nfi, tmp_path / "work", saved(tmp_path, "april.csv", f"{APRIL}TRAILER,{says}\n"))
    assert record["rows"] == 2
    assert details(tmp_path / "work", "footer") == [
        ("note", f"row 4, which says that there are {says} records")
    ]
    told = details(tmp_path / "work", "trailer_count")
    assert [each for each, _ in told] == ([severity] if severity else [])


def test_what_is_piped_in_is_an_extract(nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(tmp_path, "april.csv", APRIL)
    check(nfi, tmp_path / "file", file)
    with file.open(encoding="utf-8") as piped:
        monkeypatch.setattr(sys, "stdin", piped)
        record = check(nfi, tmp_path / "piped", "-")
    assert [each["name"] for each in record["files"]] == ["standard input"]  # type: ignore[attr-defined]
    records = "checked/creditors-history.parquet"
    assert pq.read_table(tmp_path / "piped" / records).equals(pq.read_table(tmp_path / "file" / records))


def test_a_saved_mapping_is_found_by_the_headings_and_named(nfi: Nfi, tmp_path: Path) -> None:
    headings = "Vendor,Voucher,Inv No,Inv Date,Gross,VAT\n"
    work = tmp_path / "work"
    lines = "".join(f"S{n % 9:05},V{n:06},AB/{n},{1 + n % 28:02}/05/2026,{n}.50,\n" for n in range(1, 60))
    april = saved(tmp_path, "april.csv", headings + lines)
    assert nfi("map", april, "-d", "creditors-history", "--out", work).code == 0
    (mapping,) = (work / "mappings").iterdir()

    may = saved(tmp_path, "may.csv", headings.replace("Inv No", "INV  NO") + lines)
    said = nfi("check", may, "-d", "creditors-history", "--out", work)
    assert f"; mapping {mapping.name}" in said.out
    assert json.loads((work / "runs/check-creditors-history.json").read_text())["made_from"]["mapping_sha256"]

    other = saved(tmp_path, "june.csv", headings.replace("Inv No", "Reference") + lines)
    said = nfi("check", other, "-d", "creditors-history", "--out", work)
    assert mapping.name not in said.out


def test_a_specification_of_the_bodys_own_comes_before_ours(nfi: Nfi, tmp_path: Path) -> None:
    file = saved(tmp_path, "april.csv", APRIL.replace("31022026", "30042026"))
    work = tmp_path / "work"
    ours = check(nfi, work, file)
    own = work / "catalogue/2026-27/creditors-history.yaml"
    own.parent.mkdir(parents=True)
    shutil.copyfile(CATALOGUE / "2026-27/creditors-history.yaml", own)
    text = own.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    own.write_text(text.replace(title, 'title: "Payments by the body\'s own layout"'), encoding="utf-8")

    # What was checked against the other one is not used before it has been checked again.
    stale = nfi("match", work)
    assert stale.code == 3
    assert "the specification has changed since april.csv was checked" in stale.err
    theirs = check(nfi, work, file)
    assert theirs["specification_digest"] != ours["specification_digest"]
    page = (work / "findings/creditors-history.html").read_text(encoding="utf-8")
    assert "own layout" in page
    assert nfi("match", work).code == 0


def test_a_specification_of_an_exercise_that_only_the_body_has_is_checked_by(
    nfi: Nfi, tmp_path: Path
) -> None:
    file = saved(tmp_path, "april.csv", APRIL.replace("31022026", "30042026"))
    work = tmp_path / "work"
    own = work / "catalogue/2028-29/creditors-history.yaml"
    own.parent.mkdir(parents=True)
    text = (CATALOGUE / "2026-27/creditors-history.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace('exercise: "2026-27"', 'exercise: "2028-29"'), encoding="utf-8")
    said = nfi("check", file, "-d", "creditors-history", "-e", "2028-29", "--out", work)
    assert said.code in {0, 1}, said.err
    assert "creditors-history 2028-29" in said.out

    unlike = saved(tmp_path, "unlike.csv", "Column1,Column2\nA,B\n")
    said = nfi("check", unlike, "-d", "creditors-history", "-e", "2028-29", "--out", work)
    assert said.code == 3
    assert "nfi map" in said.err


def test_files_with_a_saved_mapping_each_and_none_for_all_are_refused(nfi: Nfi, tmp_path: Path) -> None:
    work = tmp_path / "work"
    files = []
    for month, headings in (
        ("april", "Vendor,Voucher,Inv No,Inv Date,Gross"),
        ("may", "Supplier,Doc,Ref,Date,Amount"),
    ):
        lines = "".join(
            f"S{n % 9:05},V{n:06}{month},AB/{n},{1 + n % 28:02}/05/2026,{n}.50\n" for n in range(1, 60)
        )
        files.append(saved(tmp_path, f"{month}.csv", f"{headings}\n{lines}"))
        assert nfi("map", files[-1], "-d", "creditors-history", "--out", work).code == 0
    said = nfi("check", *files, "-d", "creditors-history", "--out", work)
    assert said.code == 3
    assert "not one saved mapping between them" in said.err.replace("\n", " ")
    assert not (work / "checked").exists()
