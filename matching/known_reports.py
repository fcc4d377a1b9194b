"""The reports at hand: those that come with nfi, and a body's own, which take precedence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from matching.report import REPORTS, Report, ReportInvalid, ReportNotFound, read_report
from specs.plain_yaml import NotPlain, read_plain_yaml


@dataclass(frozen=True, slots=True)
class KnownReport:
    """One report, and the file that it stands in."""

    report: Report
    file: Path
    is_own: bool
    """Whether it is the body's, not nfi's."""
    replaces: bool = False
    """Whether it stands in place of a report of nfi's of the same id."""

    @property
    def content(self) -> bytes:
        """The YAML."""
        return self.file.read_bytes()

    @property
    def sha256(self) -> str:
        """Of the file."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class KnownReports:
    """All reports at hand, those most likely to be worth opening first."""

    reports: tuple[KnownReport, ...]
    faults: tuple[tuple[Path, str], ...] = ()
    """The body's files that cannot be used, each with what is wrong."""

    def called(self, ids: Sequence[str]) -> tuple[KnownReport, ...]:
        """The reports with these ids, each once; all of them where none is named.

        Raises:
            ReportInvalid: the file of one that is named cannot be used.
            ReportNotFound: there is no such report; offers the nearest.
        """
        known = {each.report.id: each for each in self.reports}
        for wanted in ids:
            for file, fault in self.faults:
                if wanted == file.stem or wanted == _id_in(file):
                    raise ReportInvalid(fault)
            if wanted not in known:
                near = difflib.get_close_matches(wanted, known, n=1)
                hint = f"; did you mean '{near[0]}'?" if near else f". Known: {', '.join(known)}."
                raise ReportNotFound(f"no report called '{wanted}'{hint} List them: nfi reports list")
        return tuple(known[each] for each in dict.fromkeys(ids)) if ids else self.reports


@cache
def _of_nfi() -> tuple[KnownReport, ...]:
    paths = sorted(REPORTS.glob("*.yaml"))
    return tuple(KnownReport(read_report(path, trusted=True), path, is_own=False) for path in paths)


def known_reports(own: Path | None = None) -> KnownReports:
    """The reports of nfi and those in a body's folder; a file there that cannot be used is among the faults.

    Args:
        own: folder of YAML files; None, or not there: nfi's reports alone.
    """
    known = {each.report.id: each for each in _of_nfi()}
    faults: list[tuple[Path, str]] = []
    for file in _files_in(own) if own else ():
        try:
            report = read_report(file)
        except ReportInvalid as fault:
            faults.append((file, str(fault)))
            continue
        there = known.get(report.id)
        if there and there.is_own:
            faults.append((file, f"{file.name}: id: '{report.id}' is the id of {there.file.name} too"))
            continue
        known[report.id] = KnownReport(report, file, is_own=True, replaces=there is not None)
    ordered = sorted(known.values(), key=lambda each: (-each.report.strength.share, each.report.id))
    return KnownReports(tuple(ordered), tuple(faults))


def _files_in(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.glob("*"))
        if path.suffix.casefold() in {".yaml", ".yml"} and not path.name.startswith(".")
    ]


def _id_in(file: Path) -> object:
    """The id that a file gives, though it cannot be used as it is."""
    try:
        content, _ = read_plain_yaml(file.read_bytes())
    except (NotPlain, OSError):
        return None
    return content.get("id") if isinstance(content, dict) else None


def reports_called(ids: Sequence[str]) -> tuple[Report, ...]:
    """The reports of nfi with these ids, or all of them where none is named.

    Raises:
        ReportNotFound: there is no such report; offers the nearest.
    """
    return tuple(each.report for each in known_reports().called(ids))
