"""What `nfi check` says on the console: what is wrong, where, what to do; values masked."""

from __future__ import annotations

from collections.abc import Sequence

from matching.wording import counted
from nfi.checking import CheckRun
from nfi.console import messages, paragraph, results, table
from specs.check_descriptions import check_descriptions
from specs.check_record import CheckRecord, FindingCount, place_in_words
from specs.field_table import files_in_words
from specs.findings_file import first_finding
from specs.mask import masked
from specs.specification import Severity
from specs.totals import in_words

_EXAMPLES = 5
_FILES = 3


def show_check(run: CheckRun) -> None:
    """Say what was read, what it was checked by, what was found, and what to do next."""
    record = run.result.record
    _show_files(record)
    own = f"; mapping {run.mapping.name}" if run.mapping else ""
    _say(f"Checked against {record.specification}{own}")
    if run.specification.notice:
        _say(run.specification.notice, indent=2)
    for label, names in (
        ("Not held, as the mapping says", record.columns_not_held),
        ("Fields without a column", [n for n in record.columns_absent if n not in record.columns_not_held]),
        ("Headings that no field takes, not read further", record.columns_unused),
    ):
        if names:
            _say(f"{label}: {', '.join(names)}")
    _show_not_checked(record)
    worth_a_look = [each for each in record.findings if each.severity is not Severity.NOTE]
    _show_corrections(run)
    if worth_a_look:
        _show_findings(record, worth_a_look)
        _show_examples(run, worth_a_look)
    results().print()
    for each in record.findings:
        if each.severity is Severity.NOTE and each.code != "missing_column":
            _say(f"Note: {_in_words(run, each)}")
    if record.totals:
        _say("To compare with the source system:")
    for totals in record.totals:
        _say(in_words(totals), indent=2)
    if files := files_in_words(run.specification):
        listed = "; ".join(f"{number} {words}" for number, words in files.items())
        _say(f"Sent as several files: {listed}. nfi package asks which extract is which (--part).")
    counts = ", ".join(counted(record.count(severity), severity) for severity in Severity)
    results().print(f"\n{counts}.")
    messages().print(
        f"Written: {run.page} to read, {run.workbook} to work in, "
        "and beside them every finding as CSV and Parquet."
    )


def _say(text: str, *, indent: int = 0) -> None:
    paragraph(results(), text, indent=indent)


def _show_files(record: CheckRecord) -> None:
    for file in record.files[:_FILES]:
        blank = f", {counted(file.blank_rows, 'blank row')} left out" if file.blank_rows else ""
        _say(f"{file.name}: {file.format}; {counted(file.records, 'record')}{blank}")
    if len(record.files) > _FILES:
        _say(
            f"and {counted(len(record.files) - _FILES, 'more file')}; {counted(record.rows, 'record')} in all"
        )


def _show_not_checked(record: CheckRecord) -> None:
    """Each reason once, with the checks that it stands in the way of."""
    codes: dict[str, list[str]] = {}
    for skipped in record.not_checked:
        codes.setdefault(skipped.reason, []).append(skipped.code)
    for reason, of_it in codes.items():
        _say(f"Not checked [{', '.join(dict.fromkeys(of_it))}]: {reason}")


def _show_corrections(run: CheckRun) -> None:
    """What was corrected, or could be, and what in the column calls for it."""
    result = run.result
    if result.corrections and not result.corrected:
        _say("Corrected: nothing; no value called for it")
    elif result.corrected:
        by_the_first = "Safe to correct, by the first records; nfi does it where --fix is given:"
        _say("Corrected:" if result.corrections else by_the_first)
    for sentence in result.corrected:
        _say(sentence, indent=2)
    if result.corrections:
        messages().print(
            f"Every change, before and after: {result.corrections.changes_csv}; "
            f"the corrected extract: {result.corrections.extract}"
        )


def _show_findings(record: CheckRecord, findings: Sequence[FindingCount]) -> None:
    shown = table(
        "severity", "field", "what", "findings", "first row", "code", right=("findings", "first row")
    )
    titles = check_descriptions()
    for each in findings:
        shown.add_row(
            each.severity,
            each.field or ("(whole record)" if each.first_row else "(whole file)"),
            titles[each.code].title,
            f"{each.count:,}",
            place_in_words(each.first_row, record.files) if each.first_row else "",
            each.code,
        )
    results().print()
    results().print(shown)


def _show_examples(run: CheckRun, findings: Sequence[FindingCount]) -> None:
    """The first place of each, with its value masked, and what to do."""
    more = len(findings) - _EXAMPLES
    rest = f" (and {more} more in the workbook)" if more > 0 else ""
    results().print(f"\nFor example{rest}:")
    for each in findings[:_EXAMPLES]:
        _say(_in_words(run, each), indent=2)
        _say(check_descriptions()[each.code].guidance, indent=4)


def _in_words(run: CheckRun, count: FindingCount) -> str:
    """The first finding of a count as a sentence: 'row 214, Sort code: 20***7 It has not six digits.'"""
    first = first_finding(run.result.findings, count)
    where = f"row {place_in_words(first['row'], run.result.record.files)}, " if first["row"] else ""
    value = f" {masked(first['value'])}." if first["value"] else ""
    detail = f" ({first['detail']})" if first["detail"] else ""
    message = check_descriptions()[count.code].message
    field = count.field or ("whole record" if first["row"] else "whole file")
    return f"{where}{field}:{value} {message}{detail} [{count.code}]"
