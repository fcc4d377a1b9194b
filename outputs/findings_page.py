"""The findings of one check as a page: one HTML file that needs no network, no script and no colour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from outputs.data_quality import ASKED_FOR, HOW_IT_IS_COUNTED, data_quality, percent
from outputs.findings_words import (
    PRIVATE,
    Explanation,
    about_columns,
    corrections_made,
    evidence_of_fields,
    full_list,
    how_often,
    left_out,
    next_step,
    place_of,
    several_files,
    title_of,
    verdict,
    what_was_checked,
    what_was_corrected,
    where_is,
    without_a_check,
)
from outputs.page_templates import page_template
from outputs.pictures import field_picture, parts_picture
from outputs.problems import Problem, Problems, Row, read_problems, spread_over_file
from outputs.record_keys import last_row
from outputs.safe_text import page_text
from specs.check_record import CheckRecord, FindingCount
from specs.private_files import written_whole
from specs.specification import Severity, Specification
from specs.totals import in_words

ROWS_EACH, MOST_PROBLEMS = 20, 40
"""Rows of one problem, and problems in records, that a page shows."""

_PARTS = 40
_LONGEST = 1_000  # characters of one value or name


def write_findings_page(
    target: Path,
    record: CheckRecord,
    findings: Path,
    explanations: Mapping[str, Explanation],
    specification: Specification,
    *,
    records: Path | None = None,
) -> None:
    """Write the findings of one check as a page that any browser shows, the same bytes for the same check.

    Args:
        target: the page; replaced whole, readable by its owner only.
        record: what the check left behind.
        findings: Parquet as `specs.finding.FINDINGS`, of the same check.
        explanations: the words for every code in `record`.
        specification: what the extract was checked against.
        records: typed records of the same check, for the keys; None: no keys are shown.

    Raises:
        OutputUnwritable: the page cannot be written.
        ValueError: record and findings are not of the same check.
    """
    problems = read_problems(
        record, findings, specification, records=records, rows_each=ROWS_EACH, most=MOST_PROBLEMS
    )
    quality = data_quality(record, specification) if record.profile else None
    end = _last_row(record, records)
    page = page_template("findings_page.html", _presentable).render(
        title=title_of(record, specification),
        verdict=verdict(record),
        next_step=next_step(record),
        private=PRIVATE,
        record=record,
        specification=specification,
        several_files=several_files(record),
        full_list=full_list(record),
        problems=[
            _ShownProblem.of(problem, record, explanations)
            for problem in problems.all
            if problem.rows and not _is_assumption(problem)
        ],
        all_problems=sum(not _is_assumption(problem) for problem in problems.all),
        key_names=problems.key_names,
        parts=parts_picture(spread_over_file(findings, last_row=end, parts=_PARTS), end),
        quality=quality,
        how_it_is_counted=HOW_IT_IS_COUNTED,
        asked_for=ASKED_FOR,
        percent=percent,
        fields_picture=field_picture(quality) if quality else None,
        totals=[in_words(totals) for totals in record.totals],
        assumed=list(_assumed(problems, record, explanations)),
        corrections=list(corrections_made(record)),
        what_was_corrected=what_was_corrected(record),
        left_out=list(left_out(record)),
        not_checked=list(without_a_check(record, explanations)),
        columns=list(about_columns(record)),
        evidence=list(evidence_of_fields(specification)),
        facts=list(what_was_checked(record)),
    )
    with written_whole(target) as temporary:
        temporary.write_bytes(page.encode())


def _presentable(said: Any) -> Any:
    """What HTML can hold of a text, whoever wrote it; what is markup already stays as it is."""
    return said if isinstance(said, Markup) or not isinstance(said, str) else page_text(said, _LONGEST)


@dataclass(frozen=True, slots=True)
class _ShownRow:
    """One finding of a problem, with the row as a person finds it in its file."""

    number: int | str
    file: str
    key: tuple[str | None, ...]
    value: str | None
    detail: str | None

    @classmethod
    def of(cls, row: Row, record: CheckRecord) -> _ShownRow:
        file, number = where_is(row.row, record)
        return cls(number, file, row.key, row.value, row.detail)


@dataclass(frozen=True, slots=True)
class _ShownProblem:
    """One problem as the page shows it."""

    number: int
    found: FindingCount
    explanation: Explanation
    field: str
    whole_file: bool
    how_often: str
    first: str
    rows: tuple[_ShownRow, ...]
    remarks: tuple[str, ...]
    caption: str

    @property
    def has_details(self) -> bool:
        """Whether any row says more than the problem does."""
        return any(row.detail for row in self.rows)

    @classmethod
    def of(
        cls, problem: Problem, record: CheckRecord, explanations: Mapping[str, Explanation]
    ) -> _ShownProblem:
        found = problem.found
        return cls(
            number=problem.number,
            found=found,
            explanation=explanations[found.code],
            field=place_of(found.field, whole_file=problem.whole_file),
            whole_file=problem.whole_file,
            how_often=how_often(found, record.rows),
            first=_first(found, record),
            rows=tuple(_ShownRow.of(row, record) for row in problem.rows),
            remarks=tuple(_remark(row) for row in problem.rows if row.value or row.detail),
            caption=_caption(problem, record),
        )


def _first(found: FindingCount, record: CheckRecord) -> str:
    if found.first_row is None:
        return ""
    file, row = where_is(found.first_row, record)
    return f"row {row:,} of {file}" if several_files(record) else f"row {row:,}"


def _caption(problem: Problem, record: CheckRecord) -> str:
    if not problem.left_out:
        return "All rows" if len(problem.rows) > 1 else "The row"
    return (
        f"The first {len(problem.rows):,} of {problem.found.count:,}; "
        f"more in {record.dataset}.xlsx, all in {record.dataset}.csv"
    )


def _remark(row: Row) -> str:
    return ": ".join(filter(None, (row.value, row.detail)))


def _is_assumption(problem: Problem) -> bool:
    """Whether it says what was assumed of the whole file, which is nothing to put right."""
    return problem.whole_file and problem.found.severity is Severity.NOTE


@dataclass(frozen=True, slots=True)
class _Assumption:
    """What was assumed on several fields for one reason."""

    title: str
    message: str
    guidance: str
    remarks: tuple[str, ...]


def _assumed(
    problems: Problems, record: CheckRecord, explanations: Mapping[str, Explanation]
) -> Iterator[_Assumption]:
    """What was assumed, by reason; that a field is not held was said by the mapping and stands elsewhere."""
    remarks: dict[str, list[str]] = defaultdict(list)
    for problem in filter(_is_assumption, problems.all):
        if problem.found.field in record.columns_not_held:
            continue
        for row in problem.rows:
            place = place_of(problem.found.field, whole_file=True)
            remarks[problem.found.code].append(": ".join(filter(None, (place, _remark(row)))))
    for code, said in remarks.items():
        explanation = explanations[code]
        yield _Assumption(explanation.title, explanation.message, explanation.guidance, tuple(said))


def _last_row(record: CheckRecord, records: Path | None) -> int:
    """The last row of the data set: exactly, where the records are at hand."""
    return (last_row(records) if records else 0) or record.rows + 1
