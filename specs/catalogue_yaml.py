"""A specification as a catalogue file: YAML in the order of the model, what goes without saying left out."""

from __future__ import annotations

from typing import Any

import yaml

from specs.specification import CheckUse, Specification

_WIDTH = 110


def catalogue_yaml(specification: Specification, *, heading: str = "") -> bytes:
    """The catalogue file that reads back as this specification (but for the digest, which is the file's own).

    Args:
        specification: what to write.
        heading: lines that stand above it as a comment.
    """
    content = specification.model_dump(mode="json", exclude={"digest"}, exclude_defaults=True)
    for entry, field in zip(content["fields"], specification.fields, strict=True):
        if field.checks:
            entry["checks"] = [_check(use) for use in field.checks]
    text = yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    return (comment + text).encode()


def _check(use: CheckUse) -> str | dict[str, Any]:
    """A check as YAML names it: `nino`, `{one_of: [F, P]}` or `{longest: 35}`."""
    if use.allowed:
        return {use.name: list(use.allowed)}
    return use.name if use.limit is None else {use.name: use.limit}


class _Dumper(yaml.SafeDumper):
    """No anchors, which catalogue files do not use; lists of words on one line, others further in."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_sequence(
        self, tag: str, sequence: Any, flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        in_line = all(isinstance(each, str | int) for each in sequence)
        return super().represent_sequence(tag, sequence, flow_style=in_line or flow_style)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)
