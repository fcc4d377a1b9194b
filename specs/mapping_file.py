"""A proposed mapping as a YAML file that a person reads and edits: each field, how sure it is, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from specs.errors import OutputUnwritable
from specs.headings import shown
from specs.private_files import written_whole
from specs.proposal.code_words import CodesTranslated
from specs.proposal.result import SURE, PlacedField, Proposal, UnplacedField

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _./()+-]*")
"""Text that means itself in YAML wherever it stands, also between brackets."""
_NOT_PLAIN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_WIDEST = 64
"""Comments of fields stand in one column, unless a heading is longer than this."""
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class MappingExists(OutputUnwritable):
    """A mapping of that name is there already, and may hold a person's work."""


def write_mapping(path: Path, proposal: Proposal, *, force: bool = False) -> None:
    """Write the mapping file of a proposal, for its owner only.

    Raises:
        MappingExists: there is one, and `force` does not allow writing over it.
        OutputUnwritable: it cannot be written.
    """
    if path.exists() and not force:
        raise MappingExists(
            f"{path}: is there already. Look at it, or write over it with --force, or choose another place "
            "with --mapping-file."
        )
    with written_whole(path) as temporary:
        temporary.write_text(mapping_text(proposal), encoding="utf-8", newline="\n")


def mapping_text(proposal: Proposal) -> str:
    """The YAML of a proposal in which something is placed; `specs.mapping.read_mapping` reads it back."""
    parts = (
        _head(proposal),
        _fields(proposal),
        _translations(proposal.translated),
        _settings(proposal),
        _not_placed(proposal),
    )
    return "\n".join([*(line for part in parts for line in part), ""])


def _head(proposal: Proposal) -> Iterable[str]:
    label = proposal.specification.label
    yield f"# Proposed by nfi map for {label}, from a look at {proposal.records:,} records."
    yield "# Beside each field: how sure the proposal is, and why. Look at every line, correct what is wrong,"
    yield "# and delete what is not so. docs/mapping.md says what else can be written here."
    for note in proposal.notes:
        yield f"# LOOK: {_one_line(note)}"
    yield f"dataset: {proposal.specification.dataset}"
    more = f" and {len(proposal.files) - 1} more" if len(proposal.files) > 1 else ""
    yield f"title: {quoted(f'Proposed from {shown(proposal.files[0])}{more}')}"


def _fields(proposal: Proposal) -> Iterable[str]:
    yield "fields:"
    entries = [(f"  {quoted(each.field.name)}: {_source(each)}", _comment(each)) for each in proposal.placed]
    width = max((len(text) for text, _ in entries if len(text) <= _WIDEST), default=0)
    for text, comment in entries:
        yield f"{text:<{width}}  # {comment}"


def _source(placed: PlacedField) -> str:
    headings = ", ".join(map(quoted, placed.headings))
    if placed.joined:
        return f"{{join: [{headings}], with: {_double_quoted(placed.separator)}}}"
    return headings if len(placed.headings) == 1 else f"{{any_of: [{headings}]}}"


def _comment(placed: PlacedField) -> str:
    percent = f"{int(100 * placed.confidence)} %"
    look = "LOOK, " if placed.confidence < SURE or placed.doubts else ""
    return _one_line(f"{look}{percent}: {'; '.join((*placed.reasons, *placed.doubts))}")


def _translations(fields: Sequence[CodesTranslated]) -> Iterable[str]:
    """The key `translate`; of fields with values that nobody knows a template to fill in."""
    complete = [each for each in fields if each.complete]
    if complete:
        yield "translate:  # what the source system writes, and what the specification wants instead"
    for each in complete:
        yield f"  {quoted(each.field.name)}: {_entries(each)}"
    if len(complete) == len(fields):
        return
    yield "# LOOK: the values of these fields are not all known. Write the code that each becomes"
    yield "# (\"\" for blank), and take the '#' away."
    if not complete:
        yield "# translate:"
    for each in fields:
        if not each.complete:
            yield f"#   {quoted(each.field.name)}: {_entries(each)}  # takes only {', '.join(each.allowed)}"


def _entries(each: CodesTranslated) -> str:
    """The values and their codes between braces; what is to be filled in would fail the check as it is."""
    pairs = [f"{quoted(value)}: {_code(code)}" for value, code in each.words.items()]
    pairs += [f'{quoted(value)}: "?"' for value in each.unknown]
    return "{" + ", ".join(pairs or ['value in the extract: "?"']) + "}"


def _code(code: str) -> str:
    return quoted(code) if code else '""'


def _settings(proposal: Proposal) -> Iterable[str]:
    if proposal.date_format:
        yield f"date_format: [{', '.join(map(quoted, proposal.date_format))}]"
    if proposal.money_format:
        yield f"money_format: {proposal.money_format.value}"
    if proposal.distinct:
        yield "distinct: true  # the mapped part of the records repeats: each different one counts once"
    if proposal.employer:
        yield f"employer: {quoted(proposal.employer)}  # to check that the file holds one employer only"
    yield "# By this, nfi check finds the mapping again for files with the same headings."
    if len(proposal.signatures) == 1:
        yield f"signature: {proposal.signatures[0]}"
    else:
        yield "signature:"
        yield from (f"  - {signature}" for signature in proposal.signatures)


def _not_placed(proposal: Proposal) -> Iterable[str]:
    if proposal.unplaced:
        yield "#"
        yield "# Not placed. Where the source system has the field, move its line up under 'fields:' with its"
        yield "# heading; where it has not, say so in a line such as   not_held: [Due date, VAT amount]"
        yield from (f"#   {_unplaced(each)}" for each in proposal.unplaced)
    if proposal.left_over:
        yield "#"
        yield "# Headings that no field takes:"
        for left in proposal.left_over:
            like = f"  (looks like {left.looks_like})" if left.looks_like else ""
            yield f"#   {shown(left.heading)}{_one_line(like)}"


def _unplaced(each: UnplacedField) -> str:
    nearest, *others = each.nearest or ("",)
    more = f"; or {', '.join(map(shown, others))}" if others else ""
    heading = f" {quoted(nearest)}" if nearest else ""
    return _one_line(f"{quoted(each.field.name)}:{heading}  # {each.reason}{more}")


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text).rstrip()


def quoted(text: str) -> str:
    """Text as YAML of one line, in quotation marks where it would mean something else without."""
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and text.casefold() not in _NOT_PLAIN:
        return text
    return _double_quoted(text)


def _double_quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escaped(c)) for c in text) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
