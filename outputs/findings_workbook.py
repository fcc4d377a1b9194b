"""The findings of one check as a workbook: a summary, then a sheet for each kind of finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from matching.wording import counted
from outputs.workbook import MOST_ROWS, Book, Page, place, sheet_name
from outputs.workbook_styles import TAB_COLOURS, Kind, Mark, Words, table_style
from specs.check_record import CheckRecord, FindingCount
from specs.specification import Severity, Specification
from specs.totals import in_words

SUMMARY = "Summary"
WHOLE_FILE = "(whole file)"
WHOLE_RECORD = "(whole record)"

_MEANING = {
    Severity.ERROR: "Stops the submission until it is put right.",
    Severity.WARNING: "Does not stop the submission, but may be wrong or spoil the matching: look at it.",
    Severity.NOTE: "Says what was assumed or left out; nothing to do if it is as it should be.",
}
_ORDER = list(Severity)
_SHEET_ROWS_KEPT_FREE = 100  # more than the headings and the last line of a sheet ever take


class Explanation(Protocol):
    """What a code means, in words for the person who has to put it right."""

    @property
    def title(self) -> str:
        """A few words."""

    @property
    def message(self) -> str:
        """What is the matter."""

    @property
    def guidance(self) -> str:
        """What to do."""

    @property
    def evidence(self) -> str:
        """Where the rule comes from."""


@dataclass(frozen=True, slots=True)
class _Listing:
    """The findings of one code: what there is, how much of it is listed, and on which sheet."""

    code: str
    counts: tuple[FindingCount, ...]
    listed: Mapping[FindingCount, int]
    sheet: str

    @property
    def total(self) -> int:
        return sum(found.count for found in self.counts)

    @property
    def severity(self) -> Severity:
        return min((found.severity for found in self.counts), key=_ORDER.index)


def write_findings_workbook(
    target: Path,
    record: CheckRecord,
    findings: Path,
    explanations: Mapping[str, Explanation],
    specification: Specification,
    *,
    records: Path | None = None,
    per_code_limit: int = 1000,
) -> None:
    """Write the findings of one check for the people who put them right.

    A row of the extract means nothing in the source system, so each finding also shows the key of its
    record, such as the employee reference number.

    The summary counts every finding. A sheet lists at most `per_code_limit` of its code, shared among the
    fields so that a rare one is not crowded out, and says how many are only in `<dataset>.csv`.

    Args:
        target: the workbook; replaced whole, readable by its owner only.
        record: what the check left behind.
        findings: Parquet as `specs.finding.FINDINGS`, of the same check.
        explanations: the words for every code in `record`.
        specification: what the extract was checked against.
        records: typed records of the same check, for the keys; None: no keys are shown.
        per_code_limit: rows listed per code.

    Raises:
        OutputUnwritable: the workbook cannot be written.
        ValueError: record and findings are not of the same check.
    """
    listings = _listings(record, min(per_code_limit, MOST_ROWS - _SHEET_ROWS_KEPT_FREE))
    rows = _listed_rows(findings, listings)
    book = Book(f"{specification.title} {specification.exercise}: findings")
    _summary(Page(book, SUMMARY, (20, 22, 46, 34, 11, 11, 11)), record, listings, explanations, specification)
    keys = _Keys.of(rows, specification, records)
    widths = (16, 12, *(24 for _ in keys.names), 36, 44, 60)
    for listing in listings:
        page = Page(book, listing.sheet, widths, tab_colour=TAB_COLOURS[listing.severity])
        _code_sheet(page, record, listing, explanations[listing.code], rows[listing.code], keys=keys)
    book.save(target)


@dataclass(frozen=True, slots=True)
class _Keys:
    """What records are called in the source system: the names of the key's fields, and their values."""

    names: tuple[str, ...] = ()
    by_row: Mapping[int, tuple[str | None, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        listed: Mapping[str, Sequence[Mapping[str, Any]]],
        specification: Specification,
        records: Path | None,
    ) -> _Keys:
        """The keys of the records that are listed. Reads batch by batch, so memory is bounded."""
        if records is None:
            return cls()
        rows = {row["row"] for of_code in listed.values() for row in of_code if row["row"] is not None}
        wanted = pa.array(sorted(rows), pa.int64())
        columns = list(specification.key.columns)
        by_row: dict[int, tuple[str | None, ...]] = {}
        with pq.ParquetFile(records) as file:
            for batch in file.iter_batches(columns=["source_row", *columns]):
                found = batch.filter(pc.is_in(batch["source_row"], wanted))
                values = [found[name].to_pylist() for name in columns]
                by_row.update(zip(found["source_row"].to_pylist(), zip(*values, strict=True), strict=True))
        return cls(tuple(specification.by_column[name].name for name in columns), by_row)

    def of_row(self, row: int | None) -> tuple[str | None, ...]:
        """The key of the record in a row of the extract; blanks for the whole file."""
        return self.by_row.get(row, (None,) * len(self.names)) if row else (None,) * len(self.names)


def _listings(record: CheckRecord, limit: int) -> list[_Listing]:
    """One listing per code: those with errors first, then in the record's order."""
    by_code: dict[str, list[FindingCount]] = defaultdict(list)
    for found in record.findings:
        by_code[found.code].append(found)
    names = {SUMMARY}
    listings = []
    for code, counts in by_code.items():
        name = sheet_name(code, names)
        names.add(name)
        listings.append(_Listing(code, tuple(counts), _shares(counts, limit), name))
    return sorted(listings, key=lambda listing: _ORDER.index(listing.severity))


def _shares(counts: Sequence[FindingCount], limit: int) -> dict[FindingCount, int]:
    """How many findings of each field to list: the rarest fields whole, the rest in equal parts."""
    shares = {}
    left = limit
    for waiting, found in zip(range(len(counts), 0, -1), sorted(counts, key=lambda f: f.count), strict=True):
        shares[found] = min(found.count, left // waiting)
        left -= shares[found]
    return shares


def _listed_rows(findings: Path, listings: Sequence[_Listing]) -> dict[str, list[dict[str, Any]]]:
    """The findings to list by code, in the order of the file. Reads batch by batch, so memory is bounded."""
    wanted = {found: share for listing in listings for found, share in listing.listed.items() if share}
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with pq.ParquetFile(findings) as file:
        if file.metadata.num_rows != sum(listing.total for listing in listings):
            raise ValueError(f"{findings.name}: not the findings of this check; run the check again")
        for batch in file.iter_batches():
            for row in _take(batch, wanted):
                rows[row["code"]].append(row)
            if not wanted:
                break
    if wanted:
        raise ValueError(f"{findings.name}: not the findings of this check; run the check again")
    return rows


def _take(batch: pa.RecordBatch, wanted: dict[FindingCount, int]) -> Iterator[dict[str, Any]]:
    """The first rows of the batch that are still wanted, in order; `wanted` shrinks by what was taken."""
    places: list[int] = []
    for found, share in list(wanted.items()):
        field = batch["field"]
        same_field = pc.is_null(field) if found.field is None else pc.equal(field, found.field)
        same_severity = pc.equal(batch["severity"], found.severity.value)
        match = pc.and_(pc.and_(pc.equal(batch["code"], found.code), same_severity), same_field)
        taken = pc.indices_nonzero(match.fill_null(False))[:share].to_pylist()
        places += taken
        wanted[found] = share - len(taken)
        if not wanted[found]:
            del wanted[found]
    yield from batch.take(pa.array(sorted(places), pa.int64())).to_pylist()


def _summary(
    page: Page,
    record: CheckRecord,
    listings: Sequence[_Listing],
    explanations: Mapping[str, Explanation],
    specification: Specification,
) -> None:
    page.title(f"{specification.title} {specification.exercise}: what the check found")
    page.words(_verdict(record), Words.LABEL)
    if specification.notice:
        page.words(f"Specification {specification.status}. {specification.notice}", Words.NOTICE)
    _what_was_checked(page, record)
    _totals(page, record)
    _by_severity(page, record)
    _by_code(page, record, listings, explanations)
    _not_checked(page, record, explanations)
    _columns(page, record)


def _verdict(record: CheckRecord) -> str:
    errors, warnings, notes = (record.count(severity) for severity in Severity)
    found = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}, {counted(notes, 'note')}."
    if not record.findings:
        if not record.rows:
            return "Nothing found, because the extract holds no records."
        if record.not_checked:
            return (
                "Nothing found by the checks that were made. Some could not be made: see 'Not checked' below."
            )
        return f"Nothing found: {counted(record.rows, 'record')} passed every check."
    if errors:
        return (
            f"{found} Put the errors right in the source system, make the extract again and check it again."
        )
    return f"{found} No errors: nothing here stops the submission. Have a look before you send it."


def _what_was_checked(page: Page, record: CheckRecord) -> None:
    blank = f"; {counted(record.blank_rows, 'blank row')} left out" if record.blank_rows else ""
    mapping = (
        "none: the headings are the specification's own"
        if record.mapping_sha256 is None
        else f"SHA-256 {record.mapping_sha256}"
    )
    page.section("What was checked")
    for label, text in (
        ("Extract", f"{record.extract} ({record.extract_bytes:,} bytes, {record.extract_format})"),
        ("Records", f"{record.rows:,}{blank}"),
        ("Specification", record.specification),
        ("Mapping", mapping),
        ("Extract's SHA-256", record.extract_sha256),
        ("Checked with", f"nfi {record.version}"),
    ):
        page.words(text, label=label)


def _totals(page: Page, record: CheckRecord) -> None:
    if record.totals:
        page.section("To compare with the source system")
        for totals in record.totals:
            page.words(in_words(totals))


def _by_severity(page: Page, record: CheckRecord) -> None:
    page.section("Findings by severity")
    page.headings(("Severity", "Findings", "What it means"))
    for severity in Severity:
        page.next_row()
        page.put(1, severity.value, table_style(Kind.TEXT, Mark(severity.value)))
        page.put(2, record.count(severity), table_style(Kind.COUNT))
        page.put(3, _MEANING[severity], table_style(Kind.TEXT))


def _by_code(
    page: Page,
    record: CheckRecord,
    listings: Sequence[_Listing],
    explanations: Mapping[str, Explanation],
) -> None:
    page.section("Findings by check and field")
    if not listings:
        page.words("None.")
        return
    columns = ("Severity", "Check", "What it means", "Field", "Findings", "First row", "Listed")
    heading_row = page.headings(columns)
    by_code = {listing.code: listing for listing in listings}
    for found in record.findings:
        listing = by_code[found.code]
        page.next_row()
        page.put(1, found.severity.value, table_style(Kind.TEXT, Mark(found.severity.value)))
        page.put(2, found.code, table_style(Kind.TEXT, Mark.LINK), link=place(listing.sheet))
        page.put(3, explanations[found.code].title, table_style(Kind.TEXT))
        page.put(4, _field(found.field, found.first_row), table_style(Kind.TEXT))
        page.put(5, found.count, table_style(Kind.COUNT))
        page.put(6, found.first_row, table_style(Kind.ROW))
        page.put(7, listing.listed[found], table_style(Kind.COUNT))
    page.filter(heading_row, len(columns))


def _field(field: str | None, row: int | None) -> str:
    if field is not None:
        return field
    return WHOLE_FILE if row is None else WHOLE_RECORD


def _not_checked(page: Page, record: CheckRecord, explanations: Mapping[str, Explanation]) -> None:
    page.section("Not checked")
    if not record.not_checked:
        page.words("Every check of the specification was made.")
        return
    for skipped in record.not_checked:
        explanation = explanations.get(skipped.code)
        page.words(
            f"{explanation.title}: {skipped.reason}" if explanation else skipped.reason, label=skipped.code
        )


def _columns(page: Page, record: CheckRecord) -> None:
    page.section("Columns")
    absent = [name for name in record.columns_absent if name not in record.columns_not_held]
    page.words("; ".join(record.columns_not_held) or "none", label="Not held, as the mapping says")
    page.words("; ".join(absent) or "none", label="Fields that the extract has not got")
    page.words("; ".join(record.columns_unused) or "none", label="Columns not used and not read further")


def _code_sheet(
    page: Page,
    record: CheckRecord,
    listing: _Listing,
    explanation: Explanation,
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: _Keys,
) -> None:
    page.title(f"{explanation.title} [{listing.code}]")
    page.put(len(page.widths), "Back to Summary", Words.BACK, link=place(SUMMARY))
    page.words(explanation.message, label="What it means")
    page.words(explanation.guidance, label="What to do")
    page.words(f"{_how_many(listing, len(rows))} Evidence: {explanation.evidence}.", label="How many")
    columns = ("Row", "Severity", *keys.names, "Field", "Value", "Detail")
    heading_row = page.headings(columns)
    page.keep_in_sight(heading_row)
    text = table_style(Kind.TEXT)
    for row in rows:
        page.next_row()
        page.put(1, row["row"] if row["row"] is not None else WHOLE_FILE, table_style(Kind.ROW))
        page.put(2, row["severity"], table_style(Kind.TEXT, Mark(row["severity"])))
        words = (*keys.of_row(row["row"]), _field(row["field"], row["row"]), row["value"], row["detail"])
        for column, word in enumerate(words, start=3):
            page.put(column, word, text)
    page.filter(heading_row, len(columns))
    if listing.total > len(rows):
        page.next_row()
        page.put(1, f"and {listing.total - len(rows):,} more: see {record.dataset}.csv", Words.MORE)


def _how_many(listing: _Listing, listed: int) -> str:
    if listed == listing.total:
        return f"{counted(listing.total, 'finding')}, all listed here."
    parts = "; ".join(
        f"{_field(found.field, found.first_row)} {listing.listed[found]:,} of {found.count:,}"
        for found in listing.counts
        if listing.listed[found] < found.count
    )
    share = f" ({parts})" if len(listing.counts) > 1 else ""
    return f"{listed:,} of {counted(listing.total, 'finding')} listed here{share}."
