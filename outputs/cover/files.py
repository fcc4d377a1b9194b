"""The parts of a cover sheet about the files: what each is, and the look-up tables that go with them."""

from __future__ import annotations

from collections.abc import Iterator

from outputs.cover.blocks import Cell, Column, Fact, Facts, Lines, Section, Shown, Table, Words, only
from outputs.cover.form import separation
from outputs.cover.words import sheet_words
from outputs.submitted.manifest import DataSet, Manifest

_NO_SOURCE = {"recalled", "not confirmed"}
_UPLOADED = (Column("Uploaded", Shown.TICK), Column("By", Shown.BLANK), Column("On", Shown.DAY))


def files_section(manifest: Manifest) -> Section:
    """Each file, what it is and whether it is to be uploaded."""
    return Section(
        "Files",
        "The files of this package",
        only(_list_of_files(manifest), _hashes(manifest), _other_files(manifest), _about_each(manifest)),
    )


def _list_of_files(manifest: Manifest) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (each.path, each.title, each.rows, each.bytes, separation(each), None, None, None)
        for each in manifest.resources
    ]
    return Table(
        "Files of records, to upload one by one",
        (
            Column("File", Shown.CODE),
            Column("Data set"),
            Column("Records", Shown.NUMBER),
            Column("Bytes", Shown.NUMBER),
            Column("Delimiter"),
            *_UPLOADED,
        ),
        tuple(rows),
    )


def _hashes(manifest: Manifest) -> Table:
    return Table(
        "Their SHA-256, to see that a file is unchanged (Windows: certutil -hashfile FILE SHA256)",
        (Column("File", Shown.CODE), Column("SHA-256", Shown.CODE)),
        tuple((each.path, each.hash.removeprefix("sha256:")) for each in manifest.resources),
    )


def _about_each(manifest: Manifest) -> Facts:
    return Facts(
        "What they follow",
        tuple(Fact(each.title, " ".join(_about(manifest, each))) for each in manifest.data_sets),
    )


def _about(manifest: Manifest, data_set: DataSet) -> Iterator[str]:
    yield f"Specification {data_set.specification.label}."
    if data_set.specification.own:
        yield "It is the body's own, not the one that comes with nfi."
    yield f"One record per {data_set.one_record_per}."
    resources = manifest.resources_of(data_set.name)
    if parts := [f"file {each.part}: {each.path}" for each in resources if each.part is not None]:
        yield f"Sent as files of their own, {'; '.join(parts)}."
    fields = resources[0].fields
    doubtful = [field.name for field in fields if field.evidence in _NO_SOURCE]
    if doubtful:
        listed = "all of them" if len(doubtful) == len(fields) else "; ".join(doubtful)
        yield f"Fields without a published source: {listed}."


def _other_files(manifest: Manifest) -> Table | None:
    what_to_do = sheet_words().other_files
    rows: list[tuple[Cell, ...]] = [
        (each.path, what_to_do[each.holds], each.holds) for each in manifest.files
    ]
    if not rows:
        return None
    columns = (Column("File", Shown.CODE), Column("To upload"), Column("Holds"))
    return Table("The other files of the package", columns, tuple(rows))


def look_ups_section(manifest: Manifest) -> Section | None:
    """The look-up tables to hand in; None where no field is coded."""
    coded = [(data_set, used) for data_set in manifest.data_sets for used in data_set.lookups]
    if not coded:
        return None
    rows: list[tuple[Cell, ...]] = [
        (used.path, data_set.title, used.field, None) for data_set, used in coded if used.path
    ]
    without = tuple(
        f"{data_set.title}, {used.field}: {used.reason or 'no reason was recorded'}"
        for data_set, used in coded
        if not used.path
    )
    columns = (
        Column("Look-up table", Shown.CODE),
        Column("Data set"),
        Column("Coded field"),
        Column("Handed in", Shown.TICK),
    )
    rule = sheet_words().look_ups
    return Section(
        "Look-up tables",
        "Look-up tables to hand in with the files",
        only(
            Words(rule.text, rule.evidence),
            Words("How they are handed in could not be read anywhere.", "not confirmed"),
            Table("Coded fields and their tables", columns, tuple(rows)) if rows else None,
            Lines("Coded fields without a table, and why", without) if without else None,
        ),
    )
