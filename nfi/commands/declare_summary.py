"""What `nfi declare` prints: what is recorded, what to look at, and what remains for the key contact."""

from __future__ import annotations

from typing import Any

from nfi.console import paragraph, results, table
from nfi.declaring import Review
from outputs.declared.answers import said_in_words
from outputs.declared.concerns import missing
from outputs.declared.declaration import Declaration
from outputs.declared.parts import about, in_the_web_application, parts

COMBINED = "Roles combined: senior responsible officer and key contact are the same person."


def show_declaration(declaration: Declaration, review: Review) -> None:
    """Print what is recorded and what to look at, on standard output."""
    console = results()
    paragraph(console, about())
    console.print()
    shown = table("part", "recorded")
    for part in parts():
        if said := said_in_words(declaration.said(part.key)):
            shown.add_row(part.title, said)
    console.print(shown)
    if declaration.roles_combined:
        paragraph(console, COMBINED)
    console.print()
    if review.not_compared:
        paragraph(console, review.not_compared)
    if review.warnings:
        console.print("To look at:")
        for warning in review.warnings:
            paragraph(console, f"- {warning}", indent=2)
    else:
        console.print("Nothing is missing, and nothing is doubtful.")
    console.print("What the key contact does in the NFI web application:")
    for each in in_the_web_application(declaration.exercise):
        paragraph(console, f"- {each.text} [{each.evidence}]", indent=2)


def for_machines(declaration: Declaration, review: Review) -> dict[str, Any]:
    """The same for other programs."""
    return {
        "json_version": 1,
        "declaration": declaration.model_dump(mode="json"),
        "roles_combined": declaration.roles_combined,
        "missing": [part.key for part in missing(declaration, review.submitted)],
        "warnings": list(review.warnings),
        "not_covered": [
            {
                "dataset": each.dataset,
                "fields": list(each.fields),
                "category": each.category.name if each.category else None,
                "evidence": each.category.evidence if each.category else None,
            }
            for each in review.uncovered
        ],
        "compared_with": sorted(review.submitted),
        "not_compared": review.not_compared,
    }
