"""`nfi specs …` as a person types it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import typer

from specs.catalogues import CATALOGUE, Catalogue, Origin, load_specification
from specs.check_descriptions import check_descriptions
from specs.specification import CURRENT_EXERCISE, FieldFormat, specification_from
from tests.specs.published.made_up import HEADINGS, csv, html, pdf
from tests.typed import Nfi

PAYROLL = load_specification("payroll")
WRITTEN = {
    FieldFormat.CHARACTER: "Character",
    FieldFormat.DATE: "Date",
    FieldFormat.MONEY: "Numeric",
    FieldFormat.HOURS: "Numeric",
}
PUBLISHED = [
    HEADINGS,
    *(
        (str(n), field.name, WRITTEN[field.format], "")
        for n, field in enumerate(PAYROLL.fields[:-1], start=1)
    ),
    ("30", "Works pattern", "Character", "Made up"),
]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A made-up publication: the payroll we hold without its last field, and with another one."""
    path = tmp_path / "payroll.pdf"
    path.write_bytes(pdf(PUBLISHED[:20], PUBLISHED[20:]))
    return path


@pytest.fixture
def work(tmp_path: Path, document: Path, nfi: Nfi) -> Path:
    """A workspace into whose own catalogue the publication was taken."""
    folder = tmp_path / "work"
    assert (
        nfi(
            "specs", "import", document, "-d", "payroll", "--confirmed-by", "A. Officer", "-y", "-o", folder
        ).code
        == 0
    )
    return folder


def test_list_says_what_there_is_and_whose(nfi: Nfi, work: Path) -> None:
    lines = nfi("specs", "list", "--out", work).out.splitlines()
    payroll = [line.split() for line in lines if " payroll " in line]
    assert [(line[0], line[-2:]) for line in payroll] == [
        ("2012-13", ["published", "nfi"]),
        ("2026-27", ["your", "own"]),
    ]
    listed = json.loads(nfi("specs", "list", "--out", work, "--json").out)["specifications"]
    assert [each["whose"] for each in listed if each["dataset"] == "payroll"] == ["nfi", "own"]
    assert len(listed) == len(Catalogue.of().entries)


def test_show_says_need_checks_codes_rules_and_sources(nfi: Nfi) -> None:
    shown = nfi("specs", "show", "creditors-history", "--exercise", "2012-13")
    assert shown.code == 0
    for words in (
        "must be filled",
        "Looked for, key: Internal/system invoice number",
        "Source 'main': Audit",
    ):
        assert words in shown.out
    content = json.loads(nfi("specs", "show", "payroll", "--json").out)
    assert (content["whose"], len(content["fields"])) == ("nfi", 30)


def test_show_says_which_files_a_data_set_is_sent_as_and_in_which_characters(nfi: Nfi) -> None:
    shown = nfi("specs", "show", "pensions").out
    assert "Sent as 3 files:\n- file 1: current pensioners (published 2012/13)\n" in shown
    assert "- file 3: deferred pensions (optional; published 2012/13)\n" in shown
    payroll = nfi("specs", "show", "payroll").out
    assert "Sent as" not in payroll
    assert "Characters: ASCII (published 2012/13).\n" in payroll
    content = json.loads(nfi("specs", "show", "pensions", "--json").out)
    assert [each["number"] for each in content["files"]] == [1, 2, 3]
    assert content["characters"] == {"set": "ascii", "evidence": "published 2012/13"}


def test_diff_between_two_exercises(nfi: Nfi) -> None:
    out = nfi("specs", "diff", "payroll", "2012-13", "2026-27").out
    assert "status" in out
    assert "published" in out
    content = json.loads(nfi("specs", "diff", "payroll", "2012-13", "2026-27", "--json").out)
    assert "Data set: status was published, is provisional." in [
        d["sentence"] for d in content["differences"]
    ]
    assert nfi("specs", "diff", "payroll", "2012-13", "2012-13").out == "No difference.\n"


def test_diff_between_ours_and_the_bodys_own(nfi: Nfi, work: Path) -> None:
    content = json.loads(nfi("specs", "diff", "payroll", "--own", "--out", work, "--json").out)
    sentences = [each["sentence"] for each in content["differences"]]
    assert "Building society roll number: field removed (was number 30)." in sentences
    assert any(
        each.startswith("Works pattern: field added (number 30, confirmed by A. Officer on")
        for each in sentences
    )
    table = nfi("specs", "diff", "payroll", "--own", "--out", work).out
    assert "29 fields" in table
    assert "1 added, 1 removed" in table


def test_diff_against_a_file(nfi: Nfi, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes((CATALOGUE / "2012-13" / "payroll.yaml").read_bytes().replace(b'"Payroll"', b'"Pay"'))
    out = nfi("specs", "diff", "payroll", "2012-13", "--file", file).out
    assert out.splitlines()[-1] == "1 difference: 1 changed."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("diff", "payroll"), "two exercises"),
        (("diff", "payroll", "2012-13", "2026-27", "--own"), "two exercises"),
        (("diff", "payroll", "2012-13", "--own"), "your own catalogue has no payroll for 2012-13"),
        (("show", "payrol"), "did you mean 'payroll'?"),
        (("show", "payroll", "-e", "2026-72"), "did you mean '2026-27'?"),
        (("checks", "ninno"), "no check has the code 'ninno'"),
        (("export", "payroll", "-f", "docx"), "docx"),
    ],
)
def test_wrong_usage_is_answered_with_what_to_do(
    nfi: Nfi, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = nfi("specs", *arguments, "--out", tmp_path)
    assert result.code == 2
    assert says in " ".join(result.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("format_", "start"),
    [("table-schema", "{"), ("csvw", "{"), ("csv", "number,name,"), ("yaml", "dataset: payroll\n")],
)
def test_export_prints_text_and_writes_it_where_asked(
    nfi: Nfi, tmp_path: Path, format_: str, start: str
) -> None:
    printed = nfi("specs", "export", "payroll", "-f", format_)
    assert printed.code == 0
    assert printed.out.startswith(start)
    assert "Unconfirmed" in printed.err
    target = tmp_path / "exported"
    assert nfi("specs", "export", "payroll", "-f", format_, "--to", target).out == ""
    assert target.read_bytes().decode() == printed.out


def test_export_of_yaml_is_the_file_of_the_catalogue_that_counts(nfi: Nfi, work: Path) -> None:
    printed = nfi("specs", "export", "payroll", "-f", "yaml", "--out", work).out
    assert printed.encode() == (work / "catalogue" / "2026-27" / "payroll.yaml").read_bytes()


def test_export_replaces_nothing_unasked(nfi: Nfi, tmp_path: Path) -> None:
    target = tmp_path / "mine.xlsx"
    target.write_text("mine")
    refused = nfi("specs", "export", "payroll", "-f", "xlsx", "--to", target)
    assert refused.code == 3
    assert "replace it with --force" in refused.err
    assert target.read_text() == "mine"
    assert nfi("specs", "export", "payroll", "-f", "xlsx", "--to", target, "--force").code == 0
    assert openpyxl.load_workbook(target).worksheets[0]["A1"].value == "Employee reference number"


def test_the_empty_workbook_has_a_name_of_its_own(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nfi("specs", "export", "pensions", "-f", "xlsx")
    assert (tmp_path / "pensions-2026-27.xlsx").exists()


def test_what_is_typed_into_the_empty_workbook_checks_clean(nfi: Nfi, tmp_path: Path) -> None:
    target = tmp_path / "payroll.xlsx"
    nfi("specs", "export", "payroll", "-f", "xlsx", "--to", target)
    workbook = openpyxl.load_workbook(target)
    for number, row in enumerate(TYPED, start=2):
        for column, (name, value) in enumerate(row.items(), start=1):
            assert workbook.worksheets[0].cell(1, column).value == name
            workbook.worksheets[0].cell(number, column, value)
    workbook.save(target)
    checked = nfi("check", target, "--dataset", "payroll", "--out", tmp_path / "work", "--json")
    record = json.loads(checked.out)
    assert [each for each in record["findings"] if each["severity"] == "error"] == []
    assert record["rows"] == len(TYPED)
    assert checked.code == 0
    (pay,) = (each for each in record["totals"] if each["field"] == "Gross pay to date")
    assert pay["total"] == 210_000  # pence: read as pounds, though both sums are whole


def _typed(
    number: str, surname: str, born: date, nino: str, account: str, pay: str
) -> dict[str, str | date | None]:
    values: dict[str, str | date] = {
        "employee_reference": number,
        "department": "Education",
        "title": "Ms",
        "surname": surname,
        "forenames": "Alex",
        "address_line_1": f"{number[-1]} Sample Road",
        "post_code": "LS1 4AP",
        "date_of_birth": born,
        "date_started": date(2015, 4, 1),
        "ni_number": nino,
        "full_part_time": "F",
        "gross_pay_to_date": pay,
        "standard_hours": "37.00",
        "date_last_paid": date(2026, 9, 25),
        "sort_code": "20-45-23",
        "bank_account": account,
    }
    return {field.name: values.get(field.column) for field in PAYROLL.fields}


# The sums are whole pounds, which a spreadsheet's number would show as pence.
TYPED = [
    _typed("000101", "Archer", date(1980, 5, 1), "AB123456C", "00123456", "1200.00"),
    _typed("000102", "Baker", date(1975, 12, 31), "CE123456D", "00654321", "900.00"),
]


def test_checks_are_listed_and_shown_one_by_one(nfi: Nfi) -> None:
    listed = nfi("specs", "checks").out
    assert all(code in listed for code in check_descriptions())
    one = nfi("specs", "checks", "nino").out
    assert check_descriptions()["nino"].guidance.split(".")[0] in " ".join(one.split())
    entries = json.loads(nfi("specs", "checks", "--json").out)["checks"]
    assert [each["code"] for each in entries] == list(check_descriptions())


def test_the_page_of_checks_is_the_one_in_the_documents(nfi: Nfi, work: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "checks.md"
    assert nfi("specs", "checks", "--markdown", "--out", work).out == page.read_text(encoding="utf-8")


def test_import_shows_what_differs_and_writes_nothing_unasked(
    nfi: Nfi, tmp_path: Path, document: Path
) -> None:
    result = nfi("specs", "import", document, "-d", "payroll", "--out", tmp_path / "work")
    assert result.code == 0
    assert "30 fields found (page 1, page 2); 29 of the 30 that we hold" in result.out
    assert "Works pattern" in result.out
    assert "Nothing was written. To keep it: the same command with --yes" in result.err
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("answer", [True, False])
def test_import_asks_where_somebody_can_answer(
    nfi: Nfi, tmp_path: Path, document: Path, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: answer)
    nfi("specs", "import", document, "-d", "payroll", "--out", tmp_path / "work")
    assert (tmp_path / "work" / "catalogue" / "2026-27" / "payroll.yaml").exists() is answer


def test_a_confirmed_import_says_by_whom_when_and_from_what_and_counts_from_then_on(
    nfi: Nfi, work: Path
) -> None:
    catalogue = Catalogue.of(work / "catalogue")
    assert catalogue.origin("payroll") is Origin.OWN
    specification = catalogue.load("payroll")
    assert specification.status == "confirmed"
    day = datetime.now(UTC).date()
    (evidence,) = {field.evidence for field in specification.fields}
    assert evidence.startswith(f"confirmed by A. Officer on {day} from payroll.pdf (sha256 ")
    assert "your own" in nfi("specs", "list", "--out", work).out


def test_a_check_in_that_workspace_follows_the_confirmed_specification(
    nfi: Nfi, work: Path, tmp_path: Path
) -> None:
    target = tmp_path / "payroll.csv"
    names = [row[1] for row in PUBLISHED[1:]]
    target.write_bytes(
        csv([tuple(names), tuple("E1" if name.startswith("Employee") else "" for name in names)])
    )
    record = json.loads(nfi("check", target, "--dataset", "payroll", "--out", work, "--json").out)
    assert record["specification"] == "payroll 2026-27 (confirmed)"
    assert "Works pattern" not in record["columns_unused"]


def test_an_unconfirmed_import_stays_provisional(nfi: Nfi, tmp_path: Path, document: Path) -> None:
    nfi("specs", "import", document, "-d", "payroll", "-y", "--out", tmp_path)
    specification = Catalogue.of(tmp_path / "catalogue").load("payroll")
    assert specification.status == "provisional"
    assert not any(field.evidence.startswith("confirmed") for field in specification.fields)
    assert specification.by_column["works_pattern"].evidence == "not confirmed"


def test_the_same_document_again_writes_nothing(nfi: Nfi, work: Path, document: Path) -> None:
    before = sorted((work / "catalogue").rglob("*"))
    again = nfi(
        "specs", "import", document, "-d", "payroll", "--confirmed-by", "A. Officer", "-y", "-o", work
    )
    assert "Nothing to write" in again.err
    assert sorted((work / "catalogue").rglob("*")) == before


def test_another_document_keeps_a_copy_of_what_stood_there(nfi: Nfi, work: Path, tmp_path: Path) -> None:
    target = work / "catalogue" / "2026-27" / "payroll.yaml"
    before = target.read_bytes()
    other = tmp_path / "later.html"
    other.write_bytes(html(PUBLISHED[:-1]))
    said = nfi(
        "specs", "import", other, "-d", "payroll", "--confirmed-by", "B. Officer", "-y", "-o", work
    ).err
    (kept,) = target.parent.glob("payroll.yaml.before-*")
    assert kept.read_bytes() == before
    assert kept.name in " ".join(said.split())
    assert len(specification_from(target.read_bytes(), where="x").fields) == 29


def test_another_exercise_and_a_new_data_set_can_be_begun(nfi: Nfi, tmp_path: Path) -> None:
    document = tmp_path / "list.csv"
    rows = [HEADINGS, ("1", "Application reference", "Character", ""), ("2", "Surname", "Character", "")]
    document.write_bytes(csv(rows))
    refused = nfi("specs", "import", document, "-d", "waiting-list", "-e", "2028-29", "-y", "-o", tmp_path)
    assert (refused.code, "--title" in refused.err) == (3, True)
    done = nfi(
        "specs",
        "import",
        document,
        "-d",
        "waiting-list",
        "-e",
        "2028-29",
        "-y",
        "-o",
        tmp_path,
        "--title",
        "Waiting list",
    )
    assert "does not know this data set yet" in done.out
    specification = Catalogue.of(tmp_path / "catalogue").load("waiting-list", "2028-29")
    assert [field.column for field in specification.fields] == ["application_reference", "surname"]
    document.write_bytes(csv(PUBLISHED))
    nfi("specs", "import", document, "-d", "payroll", "-e", "2028-29", "-y", "-o", tmp_path)
    assert Catalogue.of(tmp_path / "catalogue").load("payroll", "2028-29").exercise == "2028-29"


@pytest.mark.parametrize(
    "named",
    [
        ("-d", "Pay roll"),
        ("-d", "../payroll"),
        ("-d", "payroll", "-e", "2026/27"),
        ("-d", "payroll", "-e", "../x"),
    ],
)
def test_a_name_that_no_catalogue_file_can_have_is_refused(
    nfi: Nfi, tmp_path: Path, document: Path, named: tuple[str, ...]
) -> None:
    result = nfi("specs", "import", document, *named, "--title", "X", "-y", "-o", tmp_path / "work")
    assert result.code == 2
    assert "such as" in result.err
    assert not (tmp_path / "work").exists()


def test_a_document_of_something_else_is_doubted(nfi: Nfi, tmp_path: Path) -> None:
    document = tmp_path / "other.csv"
    document.write_bytes(csv([HEADINGS, ("1", "Breed", "Character", ""), ("2", "Surname", "Character", "")]))
    result = nfi("specs", "import", document, "-d", "payroll", "-o", tmp_path)
    assert "Fewer than half of the fields of payroll were found" in " ".join(result.err.split())


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"a,b\n1,2\n", "no table of fields"), (b"%PDF-1.4", "cannot be read as a PDF")],
)
def test_a_document_that_cannot_be_used_is_refused_in_one_line(
    nfi: Nfi, tmp_path: Path, content: bytes, says: str
) -> None:
    document = tmp_path / "odd.pdf"
    document.write_bytes(content)
    result = nfi("specs", "import", document, "-d", "payroll", "-o", tmp_path)
    assert result.code == 3
    assert says in result.err
    assert result.err.count("\n") == 1


def test_a_workbook_with_a_cell_far_out_is_refused_in_one_line(nfi: Nfi, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["XFD1048576"] = "x"
    workbook.save(tmp_path / "far.xlsx")
    result = nfi("specs", "import", tmp_path / "far.xlsx", "-d", "payroll", "-o", tmp_path)
    assert result.code == 3
    assert "as far out as column XFD and row 1,048,576" in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("format_", ["csv", "xlsx", "table-schema", "csvw", "yaml"])
def test_what_nfi_exported_confirms_nothing(nfi: Nfi, tmp_path: Path, format_: str) -> None:
    own = tmp_path / f"own.{format_}"
    assert nfi("specs", "export", "payroll", "-f", format_, "--to", own).code == 0
    arguments = ("specs", "import", own, "-d", "payroll", "-y", "-o", tmp_path / "work")
    result = nfi(*arguments, "--confirmed-by", "A. Officer")
    assert result.code == 3
    assert "was made by 'nfi specs export'" in result.err
    assert result.err.count("\n") == 1
    assert not (tmp_path / "work").exists()


def test_what_nfi_exported_can_be_edited_and_imported_without_a_confirmation(
    nfi: Nfi, tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    nfi("specs", "export", "payroll", "-f", "csv", "--to", own)
    result = nfi("specs", "import", own, "-d", "payroll", "-o", tmp_path / "work")
    assert result.code == 0
    assert "30 fields found" in result.out


def test_json_of_an_import_is_for_other_programs(nfi: Nfi, tmp_path: Path, document: Path) -> None:
    content = json.loads(nfi("specs", "import", document, "-d", "payroll", "-o", tmp_path, "--json").out)
    assert (content["fields_found"], content["fields_recognised"]) == (30, 29)
    assert content["specification"] == f"payroll {CURRENT_EXERCISE} (provisional)"
    assert content["differences"]


def test_a_broken_file_in_the_own_catalogue_is_named_with_line_and_key(nfi: Nfi, work: Path) -> None:
    target = work / "catalogue" / "2026-27" / "payroll.yaml"
    target.write_text(target.read_text(encoding="utf-8") + "colour: blue\n", encoding="utf-8")
    result = nfi("specs", "list", "--out", work)
    assert result.code == 3
    line = len(target.read_text(encoding="utf-8").splitlines())
    assert f"payroll.yaml: line {line}: colour: Extra inputs are not permitted" in result.err
