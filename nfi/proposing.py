"""The mapping of an extract proposed and saved: what `nfi map` does, as a plain function."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nfi.workspace import Workspace
from specs.errors import MappingInvalid
from specs.headings import shown
from specs.mapping import matching_mapping
from specs.mapping_file import MappingExists, write_mapping
from specs.proposal.result import Proposal
from specs.proposal.several_files import propose_for_several
from specs.read import ReadingOptions, open_extract
from specs.specification import CURRENT_EXERCISE
from specs.specified_layout import with_layout

_NOT_IN_NAMES = re.compile(r"[^\w.]+")
_ENDINGS = re.compile(r"(?i)(?:\.(?:csv|txt|tsv|dat|xlsx|xlsm|xlsb|xls|ods|parquet|zip|gz))+$")


@dataclass(frozen=True, slots=True)
class MappingRun:
    """A proposal, and where it was written."""

    proposal: Proposal
    path: Path
    saved: bool
    """Whether it stands where `nfi check` finds it by the headings."""


def propose_and_save(
    files: Sequence[Path],
    dataset: str,
    *,
    folder: Path,
    exercise: str = CURRENT_EXERCISE,
    mapping_file: Path | None = None,
    options: ReadingOptions | None = None,
    force: bool = False,
    day: date,
) -> MappingRun:
    """Propose one mapping for one or several files of a data set, and write it.

    Args:
        files: the extracts; their headings may differ.
        dataset: the data set that they hold.
        folder: the workspace.
        exercise: the exercise that they are for.
        mapping_file: where to write, in place of the workspace's mappings/<dataset>-<file>.yaml.
        options: how to read the files, in place of what is detected.
        force: write over a mapping that is there.
        day: the day of the extract, against which dates are old or recent.

    Raises:
        ExtractUnreadable: a file cannot be read.
        MappingInvalid: nothing in the files looks like a field of the data set.
        MappingExists: there is a mapping of that name, or another one for the same headings.
    """
    workspace = Workspace(folder)
    specification = workspace.catalogue.load(dataset, exercise)
    saved = workspace.mappings
    reading = with_layout(options, specification)
    extracts = [open_extract(file, reading) for file in files]
    target = mapping_file or saved / f"{dataset}-{_stem(extracts[0].path)}.yaml"
    is_saved = target.parent.resolve() == saved.resolve()
    if is_saved:
        for extract in extracts:
            there = matching_mapping(saved, extract.headings, specification)
            if there and there.resolve() != target.resolve():
                raise MappingExists(
                    f"{there}: is for these headings already, and nfi check finds it. To propose it anew, "
                    f"write over it: --mapping-file {there} --force"
                )
    proposal = propose_for_several(extracts, specification, day=day)
    if not proposal.placed:
        raise MappingInvalid(
            f"{shown(files[0].name)}: nothing in it looks like a field of {dataset}. Make sure that it is "
            f"that data set (nfi specs show {dataset}), and that the row of headings was found."
        )
    write_mapping(target, proposal, force=force)
    return MappingRun(proposal, target, is_saved)


def _stem(file: Path) -> str:
    """A file's name without its endings, fit for the name of another file."""
    words = _NOT_IN_NAMES.split(_ENDINGS.sub("", file.name))
    return "-".join(word for word in words if word).strip(".") or "extract"
