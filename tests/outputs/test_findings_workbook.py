import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from outputs.findings_workbook import write_findings_workbook
from specs.check_descriptions import check_descriptions
from specs.check_record import CheckRecord, FieldTotals, FindingCount, NotChecked
from specs.finding import FINDINGS
from specs.specification import CATALOGUE, Severity, Specification, load_specification, read_specification


@dataclass(frozen=True)
class Words:
    title: str
    message: str = "Something is the matter."
    guidance: str = "Put it right."
    evidence: str = "inferred"


EXPLANATIONS = {
    "nino": Words("Not a National Insurance number"),
    "required": Words("Value missing"),
    "assumed": Words("Format assumed"),
    "reference": Words("Reference not found"),
}
Finding = tuple[str, str, int | None, str | None, str | None, str | None]
PAYROLL = load_specification("payroll")


def record_of(findings: Sequence[Finding], **changes: Any) -> CheckRecord:
    """What a check would leave behind that found exactly these."""
    rows: dict[tuple[str, str, str | None], list[int | None]] = {}
    for code, severity, row, field, _, _ in findings:
        rows.setdefault((code, severity, field), []).append(row)
    counts = [
        FindingCount(
            code=code, severity=Severity(severity), field=field, count=len(found), first_row=found[0]
        )
        for (code, severity, field), found in rows.items()
    ]
    order = list(Severity)
    counts.sort(key=lambda found: (order.index(found.severity), -found.count, found.code))
    return CheckRecord(
        dataset="payroll",
        exercise="2026-27",
        specification=PAYROLL.label,
        specification_digest=PAYROLL.digest,
        extract="July payroll.csv",
        extract_sha256="0" * 64,
        extract_bytes=12345,
        records_sha256="0" * 64,
        extract_format="comma-separated, UTF-8",
        mapping_sha256=None,
        rows=300,
        blank_rows=0,
        findings=tuple(counts),
        version="0.1.0",
    ).model_copy(update=changes)


def written(
    folder: Path,
    findings: Sequence[Finding],
    *,
    explanations: Mapping[str, Any] = EXPLANATIONS,
    specification: Specification = PAYROLL,
    records: Path | None = None,
    limit: int = 1000,
    **changes: Any,
) -> Any:
    """The workbook of a check that found exactly these, read back with openpyxl."""
    names = FINDINGS.names
    table = pa.Table.from_pylist([dict(zip(names, one, strict=True)) for one in findings], schema=FINDINGS)
    pq.write_table(table, folder / "payroll.parquet", row_group_size=100)
    write_findings_workbook(
        folder / "payroll.xlsx",
        record_of(findings, **changes),
        folder / "payroll.parquet",
        explanations,
        specification,
        records=records,
        per_code_limit=limit,
    )
    return openpyxl.load_workbook(folder / "payroll.xlsx")


def text_of(sheet: Any) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def table_of(sheet: Any) -> list[tuple[Any, ...]]:
    """The rows under the headings that are kept in sight."""
    first = int(sheet.freeze_panes[1:])
    return [row for row in sheet.iter_rows(min_row=first, values_only=True) if any(row)]


def nino(row: int, field: str = "National insurance number") -> Finding:
    return ("nino", "error", row, field, "QQ12345", "7 characters, expected 9")


THREE: list[Finding] = [
    ("assumed", "note", None, "Gross pay to date", None, "pounds"),
    nino(2),
    ("required", "warning", 3, "Post code", None, None),
    ("required", "error", 4, "Surname", None, None),
]


def test_every_finding_stands_on_its_codes_sheet_as_it_stood_in_the_extract(tmp_path: Path) -> None:
    book = written(tmp_path, THREE)
    assert table_of(book["nino"]) == [
        (2, "error", "National insurance number", "QQ12345", "7 characters, expected 9")
    ]
    assert table_of(book["required"]) == [
        (3, "warning", "Post code", None, None),
        (4, "error", "Surname", None, None),
    ]
    assert table_of(book["assumed"]) == [("(whole file)", "note", "Gross pay to date", None, "pounds")]


def test_codes_with_errors_come_first_also_where_they_have_few(tmp_path: Path) -> None:
    many_warnings = [("assumed", "warning", row, "Title", "x", None) for row in range(2, 50)]
    book = written(tmp_path, [*many_warnings, nino(51)])
    assert book.sheetnames == ["Summary", "nino", "assumed"]


def test_each_sheet_says_what_it_means_what_to_do_and_on_what_evidence(tmp_path: Path) -> None:
    text = text_of(written(tmp_path, THREE)["nino"])
    for words in ("Not a National Insurance number", "Something is the matter.", "Put it right.", "inferred"):
        assert words in text


def test_the_summary_says_what_was_checked_against_what(tmp_path: Path) -> None:
    text = text_of(written(tmp_path, THREE, blank_rows=3)["Summary"])
    for words in (
        "July payroll.csv (12,345 bytes, comma-separated, UTF-8)",
        "300; 3 blank rows left out",
        "payroll 2026-27 (provisional)",
        "Unconfirmed: the 2012/13 layout carried over",
        "0" * 64,
        "nfi 0.1.0",
        "2 errors, 1 warning, 1 note.",
    ):
        assert words in text


def test_a_published_specification_shows_its_status_without_a_warning(tmp_path: Path) -> None:
    published = read_specification(CATALOGUE / "2012-13" / "payroll.yaml")
    sheet = written(tmp_path, THREE, specification=published)["Summary"]
    assert "Unconfirmed" not in text_of(sheet)


def test_the_summary_counts_by_code_and_field_and_leads_to_the_sheets(tmp_path: Path) -> None:
    sheet = written(tmp_path, THREE)["Summary"]
    links = {
        cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink
    }
    assert links == {"nino": "'nino'!A1", "required": "'required'!A1", "assumed": "'assumed'!A1"}
    rows = [row[:7] for row in sheet.iter_rows(values_only=True) if row[1] in EXPLANATIONS]
    assert rows == [
        ("error", "nino", "Not a National Insurance number", "National insurance number", 1, 2, 1),
        ("error", "required", "Value missing", "Surname", 1, 4, 1),
        ("warning", "required", "Value missing", "Post code", 1, 3, 1),
        ("note", "assumed", "Format assumed", "Gross pay to date", 1, None, 1),
    ]


def test_what_was_not_checked_and_which_columns_were_not_used_are_said(tmp_path: Path) -> None:
    text = text_of(
        written(
            tmp_path,
            THREE,
            not_checked=(NotChecked(code="reference", reason="needs creditors-standing"),),
            columns_absent=("Passport number",),
            columns_unused=("Cost centre", "Line manager"),
        )["Summary"]
    )
    assert "Reference not found: needs creditors-standing" in text
    assert "Passport number" in text
    assert "Cost centre; Line manager" in text


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        pytest.param({}, "Nothing found: 300 records passed every check.", id="clean"),
        pytest.param({"rows": 0}, "Nothing found, because the extract holds no records.", id="empty"),
        pytest.param(
            {"not_checked": (NotChecked(code="reference", reason="needs creditors-standing"),)},
            "Nothing found by the checks that were made. Some could not be made: see 'Not checked' below.",
            id="clean as far as it was checked",
        ),
    ],
)
def test_a_clean_file_gives_a_workbook_that_says_so(
    tmp_path: Path, changes: dict[str, Any], verdict: str
) -> None:
    book = written(tmp_path, [], **changes)
    assert book.sheetnames == ["Summary"]
    assert book["Summary"]["A2"].value == verdict


def test_a_sheet_lists_up_to_the_limit_and_says_how_many_are_elsewhere(tmp_path: Path) -> None:
    book = written(tmp_path, [nino(row) for row in range(2, 252)], limit=20)
    rows = table_of(book["nino"])
    assert [row[0] for row in rows[:-1]] == list(range(2, 22))
    assert rows[-1][0] == "and 230 more: see payroll.csv"
    assert "20 of 250 findings listed here." in text_of(book["nino"])
    assert 250 in [cell.value for cell in book["Summary"]["E"]]


def test_the_line_about_the_rest_is_not_among_the_rows_that_are_filtered(tmp_path: Path) -> None:
    sheet = written(tmp_path, [nino(row) for row in range(2, 252)], limit=20)["nino"]
    heading = int(sheet.freeze_panes[1:]) - 1
    assert sheet.auto_filter.ref == f"A{heading}:E{heading + 20}"


def test_a_rare_field_is_not_crowded_out_by_a_common_one(tmp_path: Path) -> None:
    common: list[Finding] = [("required", "error", row, "Sort code", None, None) for row in range(2, 402)]
    rare: list[Finding] = [("required", "error", row, "Surname", None, None) for row in (390, 395, 400)]
    findings = sorted([*common, *rare], key=lambda one: one[2] or 0)
    sheet = written(tmp_path, findings, limit=50)["required"]
    rows = table_of(sheet)[:-1]
    assert [row[0] for row in rows if row[2] == "Surname"] == [390, 395, 400]
    assert len(rows) == 50
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert "50 of 403 findings listed here (Sort code 47 of 400)." in text_of(sheet)


def test_common_fields_share_what_is_left_in_equal_parts(tmp_path: Path) -> None:
    findings: list[Finding] = [
        ("required", "error", row, field, None, None)
        for row in range(2, 102)
        for field in ("Post code", "Sort code", "Title")
    ]
    rows = table_of(written(tmp_path, findings, limit=30)["required"])[:-1]
    assert Counter(row[2] for row in rows) == {"Post code": 10, "Sort code": 10, "Title": 10}


def test_references_keep_their_zeros_and_formulas_do_not_run(tmp_path: Path) -> None:
    findings: list[Finding] = [
        ("nino", "error", row, "Sort code", value, None)
        for row, value in enumerate(["010203", "=1+1", "#N/A", "a\x00b"], start=2)
    ]
    book = written(tmp_path, findings)
    assert [row[3] for row in table_of(book["nino"])] == ["010203", "=1+1", "#N/A", "a␀b"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_another_reader_sees_the_same(tmp_path: Path) -> None:
    book = written(tmp_path, THREE)
    peer = CalamineWorkbook.from_path(tmp_path / "payroll.xlsx")
    assert peer.sheet_names == book.sheetnames
    for name in book.sheetnames:
        ours = [[value if value is not None else "" for value in row] for row in book[name].values]
        assert peer.get_sheet_by_name(name).to_python(skip_empty_area=False) == ours


def test_record_and_findings_of_different_checks_are_refused(tmp_path: Path) -> None:
    written(tmp_path, THREE)
    target, findings = tmp_path / "payroll.xlsx", tmp_path / "payroll.parquet"
    for record in (record_of(THREE[:2]), record_of([nino(2), nino(3), nino(4), nino(5)])):
        with pytest.raises(ValueError, match="not the findings of this check"):
            write_findings_workbook(target, record, findings, EXPLANATIONS, PAYROLL)


def test_the_words_of_every_check_that_nfi_makes_fit(tmp_path: Path) -> None:
    explanations = check_descriptions()
    findings: list[Finding] = [(code, "note", 2, None, "x", None) for code in explanations]
    book = written(tmp_path, findings, explanations=explanations)
    assert book.sheetnames == ["Summary", *sorted(explanations)]
    for code, explanation in explanations.items():
        assert explanation.guidance in text_of(book[code])
        assert table_of(book[code]) == [(2, "note", "(whole record)", "x", None)]


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, THREE)
        digests.add((tmp_path / name / "payroll.xlsx").read_bytes())
    assert len(digests) == 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(EXPLANATIONS)), st.sampled_from(["Surname", "Title", None]), st.text()
        ),
        max_size=30,
    ),
    st.integers(1, 12),
)
@settings(max_examples=25, deadline=None)
def test_listed_and_left_out_always_add_up(drawn: list[tuple[str, str | None, str]], limit: int) -> None:
    findings: list[Finding] = [
        (code, "error", row, field, value, None) for row, (code, field, value) in enumerate(drawn, start=2)
    ]
    with tempfile.TemporaryDirectory() as folder:
        book = written(Path(folder), findings, limit=limit)
        for code in {finding[0] for finding in findings}:
            rows = table_of(book[code])
            more = [row for row in rows if isinstance(row[0], str)]
            left_out = int(more[0][0].split()[1]) if more else 0
            listed = len(rows) - len(more)
            assert listed <= limit
            assert listed + left_out == sum(finding[0] == code for finding in findings)


def test_each_finding_shows_what_its_record_is_called_in_the_source_system(tmp_path: Path) -> None:
    records = tmp_path / "records.parquet"
    rows = [{"source_row": row, "employee_reference": f"00{row}"} for row in range(2, 200)]
    rows[2]["employee_reference"] = None
    pq.write_table(pa.Table.from_pylist(rows), records, row_group_size=50)
    book = written(tmp_path, [*THREE, nino(199)], records=records)
    assert "Employee reference number" in text_of(book["nino"])
    assert [row[:4] for row in table_of(book["nino"])] == [
        (2, "error", "002", "National insurance number"),
        (199, "error", "00199", "National insurance number"),
    ]
    assert [row[2] for row in table_of(book["required"])] == ["003", None]
    assert [row[2] for row in table_of(book["assumed"])] == [None]


def test_the_summary_says_what_sums_and_dates_come_to(tmp_path: Path) -> None:
    totals = (
        FieldTotals(field="Date of birth", values=299, first="1950-03", last="2008-05"),
        FieldTotals(field="Gross pay to date", values=300, total=123456, below_zero=1, total_below_zero=-100),
    )
    summary = text_of(written(tmp_path, THREE, totals=totals)["Summary"])
    assert "Date of birth: March 1950 to May 2008, in 299 records" in summary
    assert "Gross pay to date: £1,234.56 in 300 records, 1 of them negative (-£1.00)" in summary


def test_fields_not_held_on_purpose_stand_apart_from_those_that_are_absent(tmp_path: Path) -> None:
    book = written(tmp_path, THREE, columns_absent=("Title", "Sex"), columns_not_held=("Sex",))
    rows = list(book["Summary"].iter_rows(values_only=True))
    told = {row[0]: row[1] for row in rows}
    assert told["Not held, as the mapping says"] == "Sex"
    assert told["Fields that the extract has not got"] == "Title"
