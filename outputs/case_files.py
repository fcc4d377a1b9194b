"""The cases of one match run as CSV, for people; and what its reports learned, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from matching.ranked import Ranked
from matching.result import MatchResult
from matching.wording import evidence_in_words
from outputs.report_sheet import PublishedField, record_columns
from outputs.workbook_styles import Kind
from specs.formulas import FORMULA_STARTS
from specs.private_files import written_whole

MASKED_IN_CSV = ("bank_account", "roll_number", "ni_number")
"""Columns whose values stand whole in workbooks and Parquet only."""

_CASE_HEADINGS = {
    "rank": "Rank",
    "case": "Case",
    "report": "Report",
    "title": "Title",
    "also_in": "Other reports",
    "records": "Records",
    "value_at_risk": "Value at risk (£)",
    "value_involved": "Value involved (£)",
    "agrees": "Agrees",
    "differs": "Differs",
    "explanations": "Innocent explanations found",
    "priority": "Priority",
    "share": "Share worth opening",
    "bits": "Bits",
    "evidence": "How surprising",
    "overlaps": "Records in other cases",
}
_KEY_HEADINGS = {
    "rank": "Rank",
    "case": "Case",
    "dataset": "Data set",
    "source_row": "Source row",
    "raised_by": "Raised by",
}
_SHOWN = 3  # characters of a masked value
_ROWS_AT_A_TIME = 50_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it, Excel misreads letters outside ASCII
_LINE_END = "\r\n"  # RFC 4180
_RUNS = f"^([{re.escape(FORMULA_STARTS)}])"


def write_case_files(
    folder: Path, result: MatchResult, columns: Mapping[str, PublishedField]
) -> tuple[Path, ...]:
    """Write cases.csv and case-records.csv, and return their paths.

    The Parquet files beside them hold the tables as they are: pence, hundredths of an hour, dates, lists,
    values whole. The CSV files are for people and for spreadsheets, which run what looks like a formula:
    UTF-8 with byte order mark, headings as in the workbook, money in pounds and hours with two decimals,
    dates as yyyy-mm-dd, lists joined with '; '. They leave out what each report saw (`saw`). In them, text
    that begins as a formula has an apostrophe before it, and only the last three characters of bank
    accounts, roll numbers and National Insurance numbers are shown.

    Args:
        folder: where to write; made if it is not there, for its owner only.
        result: the cases and their records.
        columns: published name and format by column of the records.

    Raises:
        OutputUnwritable: no permission, no space, or something is in the way.
    """
    masked = {column: columns[column].name for column in MASKED_IN_CSV if column in columns}
    described = record_columns(result.records_file.schema, columns)
    hundredths = {each.column for each in described if each.kind in {Kind.MONEY, Kind.HOURS}}
    readers = {
        "cases": (result.cases_file, _Readable(_CASE_HEADINGS, {"value_at_risk", "value_involved"}, masked)),
        "case-records": (
            result.records_file,
            _Readable(_KEY_HEADINGS | {each.column: each.heading for each in described}, hundredths, masked),
        ),
    }
    written = []
    for name, (table, readable) in readers.items():
        text = folder / f"{name}.csv"
        with written_whole(text) as temporary:
            _write_csv(temporary, table, readable)
        written.append(text)
    return tuple(written)


def write_models(folder: Path, models: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write what each report learned about weights as `<report>.json`, and return the paths.

    Raises:
        OutputUnwritable: no permission, no space, or something is in the way.
    """
    written = []
    for report, model in sorted(models.items()):
        target = folder / f"{report}.json"
        with written_whole(target) as temporary:
            text = json.dumps(model, indent=2, ensure_ascii=False, sort_keys=True)
            temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
        written.append(target)
    return tuple(written)


class _Readable:
    """Turns a table's batches into what a person reads in a spreadsheet."""

    def __init__(self, headings: Mapping[str, str], hundredths: set[str], masked: Mapping[str, str]) -> None:
        self._headings = headings
        self._hundredths = hundredths
        self._masked = masked

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The same rows with headings and values for people."""
        names = [name for name in batch.schema.names if name in self._headings]
        return pa.RecordBatch.from_arrays(
            [self._column(name, batch.column(name)) for name in names],
            names=[self._headings[name] for name in names],
        )

    def _column(self, name: str, values: pa.Array) -> pa.Array:
        if name in self._hundredths:
            return values.cast(pa.decimal128(19, 0)).view(pa.decimal128(19, 2))
        if name == "evidence":
            return _unrunnable(_in_words(values))
        if pa.types.is_list(values.type):
            return _unrunnable(self._joined(values))
        if pa.types.is_string(values.type):
            return _unrunnable(_last_characters(values) if name in self._masked else values)
        return values

    def _joined(self, lists: pa.Array) -> pa.Array:
        """Each list of 'name: values' as one text, without the values that are masked."""
        masked = {f"{name}:": f"{name}: in the workbook" for name in self._masked.values()}

        def shown(entry: str) -> str:
            return next((text for start, text in masked.items() if entry.startswith(start)), entry)

        joined = ["; ".join(shown(entry) for entry in entries) for entries in lists.to_pylist()]
        return pa.array(joined, pa.string())


def _in_words(evidence: pa.Array) -> pa.Array:
    """The evidence of each case in one line."""
    lines = ["; ".join(evidence_in_words(**each) for each in entries) for entries in evidence.to_pylist()]
    return pa.array(lines, pa.string())


def _write_csv(target: Path, table: Ranked, readable: _Readable) -> None:
    """Write in pieces, so that the text of the whole table is never in memory."""
    schema = readable.batch(pa.RecordBatch.from_pylist([], schema=table.schema)).schema
    with target.open("wb") as file:
        file.write(_BYTE_ORDER_MARK)
        with pacsv.CSVWriter(file, schema, write_options=pacsv.WriteOptions(eol=_LINE_END)) as writer:
            for batch in table.batches(_ROWS_AT_A_TIME):
                writer.write_batch(readable.batch(batch))


def masked(text: str) -> str:
    """Asterisks for all but the last characters of one value, as in the CSV files."""
    return str(_last_characters(pa.array([text], pa.string()))[0].as_py())


def _last_characters(values: pa.Array) -> pa.Array:
    """Asterisks for all but the last characters, or for all where that would leave too little hidden."""
    length = pc.utf8_length(values)
    long_enough = pc.greater(length, 2 * _SHOWN)
    stars = pc.binary_repeat(
        pa.array(["*"] * len(values), pa.string()),
        pc.if_else(long_enough, pc.subtract(length, _SHOWN), length),
    )
    last = pc.if_else(long_enough, pc.utf8_slice_codeunits(values, start=-_SHOWN), "")
    return pc.binary_join_element_wise(stars, last, "")


def _unrunnable(texts: pa.Array) -> pa.Array:
    """An apostrophe before text that a spreadsheet would run."""
    return pc.replace_substring_regex(texts, _RUNS, r"'\1")
