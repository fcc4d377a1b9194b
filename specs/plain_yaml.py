"""YAML that people write by hand: every value is text, no key comes twice, and each entry has its line.

Read as text, `NO` stays NO and `010` stays 010, so nobody has to know when YAML wants quotation marks.
"""

from __future__ import annotations

import yaml

Plain = str | list["Plain"] | dict[str, "Plain"]
Place = tuple[str | int, ...]
"""The way to an entry: ('fields', 'Address line 1', 'join', 0)."""
Lines = dict[Place, int]


class NotPlain(ValueError):
    """Text that is not YAML, or more than plain YAML. The message is one line and names the line at fault."""


_FASTER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml's, ten times as fast where it is there; a file that nests without end would crash it."""


def read_plain_yaml(raw: bytes, *, trusted: bool = False) -> tuple[Plain, Lines]:
    """The document, and the line on which each of its entries begins, counted from 1.

    Args:
        raw: the content of a file.
        trusted: the file comes with nfi, so the faster reader may have it.

    Raises:
        NotPlain: no YAML, not UTF-8, a key twice, anchors, or nesting without end.
    """
    lines: Lines = {}
    try:
        root = yaml.compose(raw.decode("utf-8-sig"), Loader=_FASTER if trusted else yaml.BaseLoader)
        return (_plain(root, (), lines, set()) if root else ""), lines
    except UnicodeDecodeError as fault:
        raise NotPlain(f"byte {fault.start + 1:,} is not UTF-8: save the file as UTF-8") from fault
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = f"line {mark.line + 1}: " if mark else ""
        tab = "'\\t' that cannot start any token" in (fault.problem or "")
        why = "indent with spaces, not with the tab key" if tab else fault.problem or fault.context
        raise NotPlain(f"{line}not valid YAML: {why}") from fault
    except yaml.YAMLError as fault:
        raise NotPlain(f"not valid YAML: {' '.join(str(fault).split())}") from fault
    except RecursionError as fault:
        raise NotPlain("nested too deeply") from fault


def _plain(node: yaml.Node, place: Place, lines: Lines, seen: set[int]) -> Plain:
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if id(node) in seen:
        raise NotPlain(f"line {line}: anchors and aliases (& and *) are not used here: write the entry out")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, index), lines, seen) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Plain] = {}
        for key, value in node.value:
            key_line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise NotPlain(f"line {key_line}: expected a name before the colon")
            if key.value in entries:
                first = lines[*place, key.value]
                raise NotPlain(f"line {key_line}: '{key.value}' is there twice, first on line {first}")
            lines[*place, key.value] = key_line
            entries[key.value] = _plain(value, (*place, key.value), lines, seen)
        return entries
    text: str = node.value
    return text
