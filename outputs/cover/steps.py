"""The part of a cover sheet with what remains for a person, from upload_steps.yaml, to be ticked off."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from outputs.cover.blocks import Column, Section, Shown, Table, Words, only
from outputs.cover.words import sheet_words
from outputs.submitted.manifest import Manifest
from specs.own_yaml import read_own_yaml
from specs.specification import Evidence

_FILE = Path(__file__).with_name("upload_steps.yaml")

Feature = Literal[
    "records about people",
    "several files of one data set",
    "headings",
    "delimited files without headings",
    "fixed width",
    "look-up tables",
]
"""What a package must have for a step to fit it."""


_COLUMNS = (
    Column("No.", Shown.NUMBER),
    Column("What to do"),
    Column("Evidence"),
    Column("Done", Shown.TICK),
    Column("By", Shown.BLANK),
    Column("On", Shown.DAY),
)


class Step(BaseModel):
    """Something that a person has to see to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    evidence: Evidence
    datasets: tuple[str, ...] = ()
    """The data sets that it is about; all, if empty."""
    only_with: Feature | None = None

    def fits(self, manifest: Manifest) -> bool:
        """Whether it is about this package."""
        packaged = {each.name for each in manifest.data_sets}
        about_it = not self.datasets or not packaged.isdisjoint(self.datasets)
        return about_it and (self.only_with is None or self.only_with in _features(manifest))


@cache
def upload_steps() -> dict[str, tuple[Step, ...]]:
    """What remains for a person, in order, by when it is done. Source: upload_steps.yaml."""
    return TypeAdapter(dict[str, tuple[Step, ...]]).validate_python(read_own_yaml(_FILE))


def _features(manifest: Manifest) -> set[Feature]:
    form = manifest.form
    has: dict[Feature, bool] = {
        "records about people": any(
            each.name not in sheet_words().exact_totals for each in manifest.data_sets
        ),
        "several files of one data set": any(each.part is not None for each in manifest.resources),
        "headings": form.headings,
        "delimited files without headings": not form.headings and not form.fixed_width,
        "fixed width": form.fixed_width,
        "look-up tables": any(used.path for each in manifest.data_sets for used in each.lookups),
    }
    return {feature for feature, there in has.items() if there}


def by_hand_section() -> Section:
    """Room for what the manifest cannot say, since it was written before."""
    columns = (Column("What"), Column("Noted here", Shown.BLANK))
    what = (
        "SHA-256 of the manifest, as nfi package and nfi verify show it",
        "Fingerprint of the key that the package is signed with, if it is",
        "Name of the package",
        "Who has the passphrase or the key",
    )
    return Section(
        "By hand",
        "To note by hand",
        (
            Words(
                "The manifest vouches for every file of the package, this sheet included, so its SHA-256 "
                "cannot stand here."
            ),
            Table("To note by hand", columns, tuple((each, None) for each in what)),
        ),
    )


def steps_section(manifest: Manifest) -> Section:
    """The steps that fit this package, to tick off."""
    return Section(
        "Steps",
        "What remains for a person",
        only(
            Words(
                "Evidence says what a step rests on: published for which exercise, inferred from what was "
                "published, recalled, or not confirmed."
            ),
            _tables(manifest),
        ),
        together="When",
    )


def _tables(manifest: Manifest) -> Iterator[Table]:
    number = count(1)
    for when, steps in upload_steps().items():
        rows = tuple(
            (next(number), step.text, step.evidence, None, None, None)
            for step in steps
            if step.fits(manifest)
        )
        yield Table(when.capitalize(), _COLUMNS, rows)
