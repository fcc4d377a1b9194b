"""The cover sheet: all that the person who uploads needs, from the manifest alone, with no records.

`outputs.cover.page` shows it as a page to print, `outputs.cover.workbook` as a workbook.
"""

from __future__ import annotations

from collections.abc import Iterator

from matching.wording import counted
from outputs.cover.answers import answers_section
from outputs.cover.blocks import CoverSheet, Fact, Facts, Lines, Notice, Section, Words, only
from outputs.cover.files import files_section, look_ups_section
from outputs.cover.findings import findings_section
from outputs.cover.form import form_section
from outputs.cover.steps import by_hand_section, steps_section
from outputs.cover.totals import filled_section, totals_section
from outputs.submitted.manifest import Manifest

_NO_RECORDS = (
    "This sheet holds no records. The package does: personal data of many people. Keep the package "
    "encrypted. The sheet names those who answer for it: give it only to those who upload, check or audit."
)


def cover_sheet(manifest: Manifest) -> CoverSheet:
    """What the sheet says of a package, in the order in which it is used; the same for the same manifest."""
    sections = (
        _package(manifest),
        files_section(manifest),
        look_ups_section(manifest),
        form_section(manifest),
        totals_section(manifest),
        filled_section(manifest),
        answers_section(manifest),
        findings_section(manifest),
        by_hand_section(),
        steps_section(manifest),
    )
    return CoverSheet(
        title=f"Cover sheet: {manifest.title}",
        footer=f"{manifest.body}, {manifest.exercise}. No records on this sheet. Made with {manifest.tool}.",
        sections=tuple(section for section in sections if section),
    )


def _package(manifest: Manifest) -> Section:
    return Section(
        "Package",
        "What this package is",
        only(
            _notices(manifest),
            Words(_NO_RECORDS, strong=True),
            Facts(None, tuple(_facts(manifest))),
            Lines("What the body wants the receiver to know", manifest.remarks) if manifest.remarks else None,
        ),
    )


def _notices(manifest: Manifest) -> Iterator[Notice]:
    """What must be said of the specifications, each once, with the data sets that it is about."""
    for notice in manifest.notices:
        about = [each.title for each in manifest.data_sets if each.specification.notice == notice]
        yield Notice(f"Please note, {' and '.join(about)}:", notice)


def _facts(manifest: Manifest) -> list[Fact]:
    records = sum(each.rows for each in manifest.resources)
    errors = manifest.errors_sent
    return [
        Fact("Body", manifest.body),
        Fact("Exercise", f"National Fraud Initiative {manifest.exercise}"),
        Fact("Data sets", "; ".join(each.title for each in manifest.data_sets)),
        Fact("In all", f"{counted(records, 'record')} in {counted(len(manifest.resources), 'file')}"),
        Fact("Errors sent on purpose", f"{errors:,}" if errors else "none"),
        Fact("Made with", manifest.tool),
    ]
