"""What a spreadsheet program makes of the workbooks, where LibreOffice is installed."""

import csv
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from matching.result import CASES, RECORD_KEYS
from outputs.findings_workbook import write_findings_workbook
from outputs.match_workbook import write_match_workbook
from specs.catalogues import load_specification
from specs.specification import FieldFormat
from tests.outputs.invented_check import EVERYTHING, THREE, plot, write
from tests.outputs.ranked_result import ranked_result

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
"""Comma, double quote, UTF-8, values as they are shown, one file per sheet."""

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (soffice), which is not installed")


@dataclass(frozen=True)
class Field:
    name: str
    format: FieldFormat


FIELDS = {
    "creditor_reference": Field("Creditor reference", FieldFormat.CHARACTER),
    "invoice_date": Field("Invoice date", FieldFormat.DATE),
    "total_invoice_amount": Field("Total invoice amount", FieldFormat.MONEY),
    "remarks": Field("Remarks", FieldFormat.CHARACTER),
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """Each sheet of a workbook as LibreOffice shows it."""
    folder = tmp_path_factory.mktemp("libreoffice")
    case = {
        "rank": 1,
        "case": "0a1b2c3d4e5f6071",
        "report": "invented",
        "title": "=1+1",
        "also_in": [],
        "records": 2,
        "value_at_risk": -123456,
        "agrees": ["_x0041_"],
        "differs": [],
        "explanations": ["a\x00b"],
        "priority": 1.0,
        "share": 0.5,
        "bits": 0.0,
        "evidence": [],
        "saw": [],
        "overlaps": [],
    }
    keys = {"rank": 1, "case": case["case"], "dataset": "creditors-history", "raised_by": []}
    remarks = ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "line one\nline two", " spaced  out ", "Siân 😀"]
    records = [
        keys
        | {
            "source_row": row,
            "creditor_reference": "000123",
            "invoice_date": date(2026, 2, 28),
            "total_invoice_amount": 5,
            "remarks": remark,
        }
        for row, remark in enumerate(remarks, start=2)
    ]
    types = (pa.string(), pa.date32(), pa.int64(), pa.string())
    columns = [pa.field(name, held_as) for name, held_as in zip(FIELDS, types, strict=True)]
    result = ranked_result(
        pa.Table.from_pylist([case], schema=CASES),
        pa.Table.from_pylist(records, schema=pa.schema([*RECORD_KEYS, *columns])),
    )
    target = folder / "cases.xlsx"
    write_match_workbook(target, result, FIELDS, specifications=[load_specification("creditors-history")])
    return as_shown(target)


def converted(target: Path, into: str) -> None:
    """Let LibreOffice write the workbook in another format, beside it."""
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={(target.parent / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            into,
            "--outdir",
            target.parent,
            target,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )


def as_shown(target: Path) -> dict[str, list[list[str]]]:
    """Each sheet of a workbook as LibreOffice shows it."""
    converted(target, EVERY_SHEET)
    sheets = {}
    for path in target.parent.glob(f"{target.stem}-*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            sheets[path.stem.removeprefix(f"{target.stem}-")] = list(csv.reader(file))
    return sheets


def test_every_sheet_opens(shown: dict[str, list[list[str]]]) -> None:
    assert set(shown) == {"Read me", "Reports", "Cases", "invented"}


def test_no_text_runs_as_a_formula(shown: dict[str, list[list[str]]]) -> None:
    remarks = [row[7] for row in shown["invented"][7:]]
    assert remarks == [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "#N/A",
        "line one\nline two",
        " spaced  out ",
        "Siân 😀",
    ]
    assert shown["invented"][0][0] == "=1+1"


def test_references_dates_and_money_are_shown_as_people_write_them(shown: dict[str, list[list[str]]]) -> None:
    assert shown["invented"][7][4:7] == ["000123", "28/02/2026", "0.05"]
    assert shown["Cases"][3][4] == "-1,234.56"


def test_odd_characters_are_shown_as_they_stood_or_as_pictures(shown: dict[str, list[list[str]]]) -> None:
    headings = next(row for row in shown["Cases"] if "Agrees" in row)
    first = shown["Cases"][shown["Cases"].index(headings) + 1]
    assert first[headings.index("Agrees")] == "_x0041_"
    assert first[headings.index("Innocent explanations found")] == "a␀b"


def test_the_findings_workbook_opens_with_every_sheet_and_runs_nothing(tmp_path: Path) -> None:
    values = ["=1+1", "00123", "@SUM(A1)", "_x0041_", "a\x00b"]
    findings = [*THREE, *(plot(row, value) for row, value in enumerate(values, start=5))]
    target = write(write_findings_workbook, tmp_path / "allotments.xlsx", findings, **EVERYTHING)
    sheets = as_shown(target)
    assert set(sheets) == {
        "Summary",
        "Whole file",
        "1 plot_number Plot",
        "2 required Tenant",
        "3 required Let since",
        "Corrected",
        "Files",
    }
    problem = sheets["1 plot_number Plot"]
    rows = problem[next(n for n, row in enumerate(problem) if row[0] == "Row") + 1 :]
    assert [row[3] for row in rows] == ["99999", "=1+1", "00123", "@SUM(A1)", "_x0041_", "a␀b"]
    quality = next(row for row in sheets["Summary"] if row[:2] == ["Plot", "yes"])
    assert quality[3:7] == ["96.6%", "100.0%", "96.6%", "99.6%"]


def test_the_chart_of_the_findings_workbook_arrives(tmp_path: Path) -> None:
    target = write(write_findings_workbook, tmp_path / "allotments.xlsx", THREE, **EVERYTHING)
    converted(target, "ods")
    with zipfile.ZipFile(target.with_suffix(".ods")) as archive:
        chart = archive.read("Object 1/content.xml").decode()
    assert chart.count("<chart:series ") == 2
    for field in ("Plot", "Hours of water"):
        assert field in chart
