"""The part of a cover sheet about the form of the files: what to choose when uploading."""

from __future__ import annotations

from collections.abc import Iterator

from outputs.cover.blocks import Cell, Column, Lines, Section, Shown, Table, Words, only
from outputs.cover.words import sheet_words
from outputs.submitted.manifest import Manifest, Resource
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import DELIMITERS, Place
from specs.specification import FieldFormat

_SIGNS = {
    NegativeSign.LEADING: "a minus before the digits: -12345",
    NegativeSign.TRAILING: "a minus after the digits: 12345-",
}


def form_section(manifest: Manifest) -> Section:
    """What to answer where the upload asks about the form of the files, and where the fields stand."""
    questions = sheet_words().questions
    rules = sheet_words().rules
    rows: list[tuple[Cell, ...]] = [
        (question, answer, rules[rule].text, rules[rule].evidence)
        for question, answer, rule in _answers(manifest)
    ]
    columns = (Column("If asked about"), Column("In this package"), Column("The rule"), Column("Evidence"))
    return Section(
        "Form",
        "What to choose when uploading",
        only(
            Words(questions.text, questions.evidence),
            Table("The form of the files, the same for all unless it says otherwise", columns, tuple(rows)),
            Lines("What the receiver has to know, as the manifest says it", manifest.notes),
            _layouts(manifest),
        ),
    )


def _answers(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    """What could be asked, the answer, and the name of the rule in cover_sheet.yaml."""
    form = manifest.form
    yield "Headings", _headings(manifest), "headings"
    if form.fixed_width:
        yield "Layout", "fixed width: the places of the fields stand below and in layouts/", "fixed_width"
    else:
        yield "Delimiter", _delimiters(manifest), "delimited"
        yield "Text qualifier", 'double quote ( " ); one inside a value is written twice', "qualifier"
    characters = "ASCII" if form.ascii_only else "UTF-8, without byte order mark"
    yield "Character set", characters, form.characters.value
    formats = {field.field_format for each in manifest.resources for field in each.fields}
    if FieldFormat.DATE in formats:
        yield "Dates", "ddmmyyyy, without separators: 31 March 2026 is 31032026", "dates"
    if FieldFormat.MONEY in formats:
        yield "Sums of money", "pence, without point: 123.45 pounds is 12345", "money"
    if FieldFormat.HOURS in formats:
        yield "Hours", "hundredths of an hour, without point: 16 hours is 1600", "hours"
    if formats & {FieldFormat.MONEY, FieldFormat.HOURS}:
        yield "Amounts below zero", _negative(manifest), "negative"
    blank = "blanks to the width of the field" if form.fixed_width else "nothing between the delimiters"
    yield "Values not known", f"{blank}; a zero is a true zero", "blanks"
    yield "Line ends", "carriage return and line feed (Windows)", "line_ends"


def _headings(manifest: Manifest) -> str:
    if manifest.form.headings:
        return "yes: the first row holds the published field names"
    where = "layouts/" if manifest.form.fixed_width else "datapackage.json"
    return f"no: the first row is a record; the order of the fields stands in {where}"


def _delimiters(manifest: Manifest) -> str:
    """One for all files, or which file has which."""
    each = {resource.path: separation(resource) for resource in manifest.resources}
    if len(set(each.values())) == 1:
        return next(iter(each.values()))
    return "; ".join(f"{path}: {delimiter}" for path, delimiter in each.items())


def _negative(manifest: Manifest) -> str:
    count = sum(each.control_totals.negatives for each in manifest.resources)
    return f"{_SIGNS[manifest.form.negative_sign]}; there are {count:,}" if count else "there are none"


def _layouts(manifest: Manifest) -> Iterator[Table]:
    """Where the fields stand, once for all files of a data set that have the same places."""
    columns = (
        Column("Field"),
        Column("From", Shown.NUMBER),
        Column("To", Shown.NUMBER),
        Column("Characters", Shown.NUMBER),
    )
    for data_set in manifest.data_sets:
        by_places: dict[tuple[Place, ...], list[Resource]] = {}
        for resource in manifest.resources_of(data_set.name):
            if resource.places:
                by_places.setdefault(resource.places, []).append(resource)
        for places, resources in by_places.items():
            paths = ", ".join(each.path for each in resources)
            yield Table(
                f"Places of the fields in each line of {paths}; the first character is 1",
                columns,
                tuple(
                    (place.field, place.start, place.start + place.width - 1, place.width)
                    for place in sorted(places, key=lambda place: place.start)
                ),
            )


def separation(resource: Resource) -> str:
    """What stands between the fields of a file."""
    if resource.dialect is None:
        return "none: fixed width"
    sign = resource.dialect.delimiter
    return f"{DELIMITERS[sign]} ( {sign} )" if sign in DELIMITERS else sign
