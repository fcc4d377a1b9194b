"""The part of a cover sheet that says who answers for a submission, and what its privacy notice covers."""

from __future__ import annotations

from collections.abc import Iterator

from outputs.cover.blocks import Block, Fact, Facts, Lines, Section, Words, only
from outputs.cover.words import sheet_words
from outputs.declared.answers import said_in_words
from outputs.declared.declaration import Declaration
from outputs.declared.parts import in_the_web_application, parts
from outputs.submitted.manifest import Manifest


def answers_section(manifest: Manifest) -> Section:
    """What `nfi declare` recorded, what was warned of, and what remains for the key contact."""
    rule = sheet_words().declaration
    return Section(
        "Who answers",
        "Who answers for this submission",
        only(
            Words(rule.text, rule.evidence),
            _recorded(manifest),
            _warned(manifest),
            Lines(
                "What the key contact does in the NFI web application",
                tuple(f"{each.text} [{each.evidence}]" for each in in_the_web_application(manifest.exercise)),
            ),
        ),
    )


def _recorded(manifest: Manifest) -> Block:
    if manifest.declaration is None:
        return Words("No declaration was recorded when the package was made (nfi declare).", strong=True)
    return Facts("As recorded with nfi declare", tuple(_facts(manifest.declaration, manifest)))


def _facts(declaration: Declaration, manifest: Manifest) -> Iterator[Fact]:
    packaged = {each.name for each in manifest.data_sets}
    for part in parts():
        said = said_in_words(declaration.said(part.key))
        if part.datasets and packaged.isdisjoint(part.datasets) and not said:
            continue
        said_instead = part.instead and said_in_words(declaration.said(part.instead))
        if said or (part.need and not said_instead):
            yield Fact(part.title, said or "not recorded")
    if declaration.roles_combined:
        yield Fact("Roles", "Senior responsible officer and key contact are the same person.")


def _warned(manifest: Manifest) -> Lines | None:
    if not manifest.not_declared:
        return None
    return Lines("What was warned of when the package was made", manifest.not_declared)
