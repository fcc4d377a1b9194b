"""Every value here is invented. What a whole note looks like: tests/golden/submission/read-me.txt."""

from datetime import date

import pytest

from outputs.control_totals import ControlTotals, FieldTotals
from outputs.cover_note import cover_note, upload_steps
from outputs.datapackage import Manifest, describe_resource, describe_submission
from outputs.encrypted_zip import WrittenFile
from outputs.spec_format import NegativeSign
from specs.catalogues import datasets, load_specification
from specs.check_record import CheckRecord, CorrectionCount, ExtractFile, FindingCount
from specs.specification import CURRENT_EXERCISE, FieldFormat, Severity, Specification


def totals_of(specification: Specification) -> ControlTotals:
    """Invented totals, large enough to need their thousands marked."""
    kinds: dict[FieldFormat, dict[str, object]] = {
        FieldFormat.MONEY: {
            "total": -123_456_789,
            "smallest": -123_456_790,
            "largest": 1,
            "negatives": 1_000,
        },
        FieldFormat.HOURS: {"total": 1_600, "smallest": 1_600, "largest": 1_600, "negatives": 0},
        FieldFormat.DATE: {"earliest": date(2024, 4, 1), "latest": date(2026, 9, 30)},
    }
    return ControlTotals(
        records=12_345,
        fields=tuple(
            FieldTotals.model_validate({"field": field.name, "blanks": 12_345, **kinds.get(field.format, {})})
            for field in specification.fields
        ),
    )


def manifest_of(
    dataset: str,
    findings: tuple[FindingCount, ...] = (),
    corrections: tuple[CorrectionCount, ...] = (),
) -> Manifest:
    specification = load_specification(dataset)
    record = CheckRecord(
        dataset=dataset,
        exercise=specification.exercise,
        specification=specification.label,
        specification_digest=specification.digest,
        files=(
            ExtractFile(
                name="ledger.csv",
                sha256="e" * 64,
                bytes=1,
                format="comma-separated, UTF-8",
                records=12_345,
                blank_rows=0,
                rows_before=0,
            ),
        ),
        records_sha256="0" * 64,
        mapping_sha256=None,
        rows=12_345,
        findings=findings,
        corrections=corrections,
        version="0.1.0",
    )
    written = WrittenFile(f"{dataset}.csv", 10, "a" * 64)
    settings = {"delimiter": "|", "negative_sign": NegativeSign.LEADING}
    return describe_submission(
        [describe_resource(specification, record, written, totals_of(specification), **settings)],  # type: ignore[arg-type]
        body="Anytown",
        exercise=specification.exercise,
        tool="nfi 0.1.0",
        negative_sign=NegativeSign.LEADING,
        accepted_errors=None,
        notes=(),
    )


def note_of(manifest: Manifest) -> str:
    """The note on one long line, so that its own line breaks do not matter."""
    return " ".join(cover_note(manifest).decode().split())


@pytest.mark.parametrize("dataset", ["payroll", "creditors-history", "creditors-standing"])
def test_a_note_opens_in_notepad_and_fits_a_page(dataset: str) -> None:
    note = cover_note(manifest_of(dataset))
    assert note.count(b"\r\n") == note.count(b"\n")
    assert note.endswith(b"\r\n")
    assert max(len(line) for line in note.decode().split("\r\n")) <= 96


def test_a_note_tells_totals_as_people_write_them() -> None:
    note = note_of(manifest_of("creditors-history"))
    assert "12,345 records" in note
    assert "VAT amount: total -1,234,567.89 pounds, from -1,234,567.90 to 0.01, 1,000 below zero" in note
    assert "Invoice date: from 01/04/2024 to 30/09/2026" in note
    assert "Remarks: all blank" in note
    assert "Standard hours per week: total 16.00 hours" in note_of(manifest_of("payroll"))


def test_a_note_says_what_the_upload_screen_asks() -> None:
    note = note_of(manifest_of("creditors-history"))
    assert 'creditors-history.csv: delimiter pipe ( | ), text qualifier ( " ).' in note
    assert "The first line of each file holds the headings" in note
    assert "Dates are ddmmyyyy" in note


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        ("payroll", "no published source could be read for: Building society roll number"),
        ("creditors-standing", "no published source could be read for: all fields"),
    ],
)
def test_a_note_names_the_fields_that_nothing_published_stands_behind(dataset: str, said: str) -> None:
    assert said in note_of(manifest_of(dataset))


def test_a_note_shows_the_notice_of_a_provisional_specification_before_all_else() -> None:
    note = note_of(manifest_of("payroll"))
    assert note.index("Unconfirmed: the 2012/13 layout carried over") < note.index("What is inside")


def test_a_note_lists_what_is_still_open() -> None:
    finding = FindingCount(
        code="required", severity=Severity.WARNING, field=None, count=1_234, first_row=None
    )
    note = note_of(manifest_of("payroll", (finding,)))
    assert "payroll.csv, open: errors 0, warnings 1,234, notes 0" in note
    assert "warning: Value missing [required], whole record or file: 1,234" in note


def test_a_note_counts_the_values_that_are_sent_blank_because_nobody_could_read_them() -> None:
    findings = tuple(
        FindingCount(code=code, severity=Severity.ERROR, field=None, count=count, first_row=2)
        for code, count in (("date", 1_000), ("money", 200), ("hours", 30), ("nino", 4))
    )
    note = note_of(manifest_of("payroll", findings))
    assert "could not be read as a date, an amount or hours, and are sent blank: 1,230." in note


@pytest.mark.parametrize("dataset", ["payroll", "creditors-history"])
def test_a_note_ends_with_every_step_for_a_person_and_its_evidence(dataset: str) -> None:
    note = note_of(manifest_of(dataset))
    steps = [step for step in upload_steps() if not step.datasets or dataset in step.datasets]
    for number, step in enumerate(steps, start=1):
        assert f"{number}. {step.text} [{step.evidence}]" in note
    assert "privacy notice declaration" in note
    assert "Data File Upload" in note


def test_a_step_about_one_data_set_stands_only_beside_it() -> None:
    assert "default payment date" in note_of(manifest_of("creditors-history"))
    assert "default payment date" not in note_of(manifest_of("payroll"))


def test_steps_name_data_sets_of_the_catalogue() -> None:
    assert {name for step in upload_steps() for name in step.datasets} <= set(datasets(CURRENT_EXERCISE))


def test_a_note_and_its_manifest_say_what_was_corrected() -> None:
    corrections = (
        CorrectionCount(code="trim", field="Surname", count=1_200),
        CorrectionCount(code="post_code", field="Post code", count=34),
    )
    manifest = manifest_of("payroll", corrections=corrections)
    assert manifest.resources[0].extract.corrections == corrections
    assert "corrected 1,234 values before the check, as the manifest lists" in note_of(manifest)
    assert "corrected" not in note_of(manifest_of("payroll"))
