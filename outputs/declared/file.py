"""A declaration as a YAML file that a person reads and edits: each part with what it means."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from outputs.declared.declaration import Declaration
from outputs.declared.notice_categories import notice_categories
from outputs.declared.parts import Part, about, in_the_web_application, parts
from specs.catalogues import Catalogue
from specs.errors import OutputUnwritable
from specs.mapping_file import quoted
from specs.private_files import written_whole

_WIDTH = 100
_HELD_TOGETHER = "\N{NO-BREAK SPACE}"


class DeclarationExists(OutputUnwritable):
    """A file of that name is there already, and may hold a person's work."""


def write_declaration(path: Path, declaration: Declaration) -> None:
    """Write the file, whole and for its owner only; what is there makes way.

    Raises:
        OutputUnwritable: it cannot be written.
    """
    with written_whole(path) as temporary:
        temporary.write_text(declaration_text(declaration), encoding="utf-8", newline="\n")


def write_template(path: Path, *, force: bool = False) -> None:
    """Write a file to fill in.

    Raises:
        DeclarationExists: there is one, and `force` does not allow writing over it.
        OutputUnwritable: it cannot be written.
    """
    if path.exists() and not force:
        raise DeclarationExists(
            f"{path}: is there already. Look at it, write over it with --force, or choose another name."
        )
    write_declaration(path, Declaration())


def declaration_text(declaration: Declaration) -> str:
    """The YAML of a declaration; `outputs.declared.declaration.read_declaration` reads the same back."""
    lines = [*_head(declaration)]
    sections: tuple[str, ...] = ()
    for part in parts():
        *within, name = part.key.split(".")
        if not within or within[0] != next(iter(sections), None):
            lines.append("")
        for depth, section in enumerate(within):
            if tuple(within[: depth + 1]) != sections[: depth + 1]:
                lines.append(f"{_indent(depth)}{section}:")
        sections = tuple(within)
        indent = _indent(len(within))
        lines += _comment(part.means, indent, evidence=part.evidence)
        lines += _entry(part, name, declaration, indent)
    return "\n".join([*lines, ""])


def _head(declaration: Declaration) -> Iterator[str]:
    yield from _comment(about(), "")
    yield from _comment(
        "Leave blank what is not known yet. nfi reads this file with: nfi declare DIR --file THIS-FILE", ""
    )
    yield from _comment("In the web application the key contact will:", "")
    for each in in_the_web_application(declaration.exercise):
        yield from _comment(f"- {each.text}", "", evidence=each.evidence)
    if declaration.roles_combined:
        yield from _comment(
            "Roles combined: senior responsible officer and key contact are the same person.", ""
        )


def _entry(part: Part, name: str, declaration: Declaration, indent: str) -> Iterator[str]:
    said = declaration.said(part.key)
    match part.key:
        case "privacy_notice.lists":
            names = [each.name for each in notice_categories()]
            yield from _choice(name, "all" if said == "all" else "", _named(said), names, indent)
        case "exercise":
            yield f"{name}: {said}"
        case "data_sets":
            known = sorted({dataset for _, dataset in Catalogue.of().entries})
            yield from _choice(name, "", _named(said), known, indent)
        case _:
            yield f"{indent}{name}: {_value(said)}".rstrip()


def _choice(name: str, word: str, chosen: Sequence[str], known: Iterable[str], indent: str) -> Iterator[str]:
    """What was chosen as a list, and what could have been as comments."""
    yield f"{indent}{name}: {word}".rstrip()
    for each in chosen:
        yield f"{indent}  - {quoted(each)}"
    for each in known:
        if each not in chosen:
            yield f"{indent}  #- {quoted(each)}"  # so that it lines up once the # is gone


def _named(said: object) -> Sequence[str]:
    return said if isinstance(said, tuple) else ()


def _value(said: object) -> str:
    match said:
        case None:
            return ""
        case bool():
            return "yes" if said else "no"
        case date():
            return said.isoformat()
        case _:
            return quoted(str(said))


def _comment(text: str, indent: str, *, evidence: str | None = None) -> list[str]:
    """Comment lines; an evidence label is not broken over two."""
    label = f" [{evidence.replace(' ', _HELD_TOGETHER)}]" if evidence else ""
    margin = f"{indent}# "
    lines = textwrap.wrap(
        text + label, _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
    )
    return [line.replace(_HELD_TOGETHER, " ") for line in lines]


def _indent(depth: int) -> str:
    return "  " * depth
