"""The cover note, `read-me.txt`: for the person who uploads, in plain words, with no records."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from outputs.control_totals import FieldTotals
from outputs.datapackage import MANIFEST, Manifest, Resource
from outputs.delimited import DELIMITERS
from specs.check_descriptions import check_descriptions
from specs.own_yaml import read_own_yaml
from specs.specification import Evidence, FieldFormat, Severity

_STEPS = Path(__file__).with_name("upload_steps.yaml")
_WIDTH = 96
_NO_SOURCE = {"recalled", "not confirmed"}
_UNITS = {FieldFormat.MONEY: "pounds", FieldFormat.HOURS: "hours"}


class Step(BaseModel):
    """Something that a person has to see to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    evidence: Evidence
    datasets: tuple[str, ...] = ()
    """The data sets that it is about; all, if empty."""


class _Steps(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: tuple[Step, ...]


@cache
def upload_steps() -> tuple[Step, ...]:
    """What remains for a person before and at the upload, in order. Source: upload_steps.yaml."""
    return _Steps.model_validate(read_own_yaml(_STEPS)).steps


def cover_note(manifest: Manifest) -> bytes:
    """The note as UTF-8 text with Windows line ends; the same bytes for the same manifest."""
    return ("\r\n".join(_lines(manifest)) + "\r\n").encode()


def _lines(manifest: Manifest) -> Iterator[str]:
    yield from _heading(manifest.title, "=")
    yield f"Made with {manifest.tool}. Contains personal data: keep it encrypted."
    yield ""
    for notice in dict.fromkeys(each.specification.notice for each in manifest.resources):
        if notice:
            yield from _wrapped(f"PLEASE NOTE. {notice}")
            yield ""
    yield from _heading("What is inside")
    for resource in manifest.resources:
        yield from _inside(resource)
    yield from _wrapped(f"{MANIFEST} describes every field, with its evidence, and holds all totals.")
    yield ""
    yield from _heading("What to choose when uploading")
    for resource in manifest.resources:
        delimiter = resource.dialect.delimiter
        yield f'{resource.path}: delimiter {DELIMITERS[delimiter]} ( {delimiter} ), text qualifier ( " ).'
    yield "The first line of each file holds the headings, which are the published field names."
    for note in manifest.notes:
        yield from _wrapped(note)
    yield ""
    yield from _heading("Control totals")
    for resource in manifest.resources:
        yield from _totals(resource)
    yield from _heading("Findings and limits")
    yield from _findings(manifest)
    yield from _heading("What remains for a person")
    for number, step in enumerate(_steps_for(manifest), start=1):
        yield from _wrapped(f"{step.text} [{step.evidence}]", first=f"{number:2}. ", rest="    ")


def _steps_for(manifest: Manifest) -> Iterator[Step]:
    packaged = {resource.name for resource in manifest.resources}
    for step in upload_steps():
        if not step.datasets or packaged.intersection(step.datasets):
            yield step


def _inside(resource: Resource) -> Iterator[str]:
    yield resource.path
    yield f"  {resource.title}: {resource.rows:,} records, {resource.bytes:,} bytes"
    yield f"  specification  {resource.specification.label}"
    yield f"  {resource.hash.replace(':', '         ', 1)}"
    names = [file.name for file in resource.extract.files]
    yield from _wrapped("; ".join(names), first="  made from      ", rest=" " * 17)
    corrected = sum(each.count for each in resource.extract.corrections)
    if corrected:
        yield f"  corrected      {corrected:,} values before the check, as the manifest lists"
    fields = resource.table_schema.fields
    without_source = [field.name for field in fields if field.evidence in _NO_SOURCE]
    doubtful = ["all fields"] if len(without_source) == len(fields) else without_source
    yield from _listed("  no published source could be read for: ", doubtful)
    yield ""


def _totals(resource: Resource) -> Iterator[str]:
    totals = resource.control_totals
    yield f"{resource.path}: {totals.records:,} records"
    formats = {field.name: field.field_format for field in resource.table_schema.fields}
    for each in totals.fields:
        parts = [*_amounts(each, formats[each.field]), *_dates(each), _blanks(each, totals.records)]
        yield from _wrapped(f"{each.field}: {', '.join(parts)}", first="  ", rest="      ")
    yield ""


def _amounts(totals: FieldTotals, field_format: FieldFormat) -> Iterator[str]:
    if totals.total is not None and totals.smallest is not None and totals.largest is not None:
        yield f"total {_hundredths(totals.total)} {_UNITS[field_format]}"
        yield f"from {_hundredths(totals.smallest)} to {_hundredths(totals.largest)}"
        yield f"{totals.negatives:,} below zero"


def _dates(totals: FieldTotals) -> Iterator[str]:
    if totals.earliest and totals.latest:
        yield f"from {totals.earliest:%d/%m/%Y} to {totals.latest:%d/%m/%Y}"


def _blanks(totals: FieldTotals, records: int) -> str:
    if not totals.blanks:
        return "none blank"
    return "all blank" if totals.blanks == records else f"{totals.blanks:,} blank"


def _hundredths(amount: int) -> str:
    whole, hundredths = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}.{hundredths:02}"


def _findings(manifest: Manifest) -> Iterator[str]:
    if manifest.accepted_errors:
        yield from _wrapped(f"Errors sent on purpose. Reason given: {manifest.accepted_errors.reason}")
    for resource in manifest.resources:
        counts = [f"{severity}s {resource.open_findings(severity):,}" for severity in Severity]
        yield f"{resource.path}, open: {', '.join(counts)}"
        for finding in resource.findings:
            where = finding.field or "whole record or file"
            yield from _wrapped(
                f"{finding.severity}: {_title(finding.code)}, {where}: {finding.count:,}",
                first="  ",
                rest="      ",
            )
        yield from _listed("  not in the extract, sent blank: ", resource.extract.columns_absent)
        for check in resource.not_checked:
            yield from _wrapped(f"not checked: {check.code}: {check.reason}", first="  ", rest="      ")
        yield ""


def _title(code: str) -> str:
    """What a check is called for people, with the code by which to find it in the findings."""
    described = check_descriptions().get(code)
    return f"{described.title} [{code}]" if described else code


def _listed(label: str, names: Iterable[str]) -> Iterator[str]:
    if joined := "; ".join(names):
        yield from _wrapped(joined, first=label, rest="      ")


def _heading(text: str, line: str = "-") -> Iterator[str]:
    yield text
    yield line * min(len(text), _WIDTH)


def _wrapped(text: str, *, first: str = "", rest: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False
    )
