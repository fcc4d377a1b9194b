"""What a check was made from, kept beside its records: a package carries it, and others can repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nfi.interruption import undisturbed
from nfi.workspace import Workspace
from specs.lookups import LookupTable
from specs.private_files import written_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSources:
    """What a check was made from besides the extracts, as bytes that give the same check again."""

    specification: bytes
    """The catalogue file."""
    mapping: bytes | None
    """The mapping file; None where the headings are the specification's own."""
    layout: bytes | None
    """The layout of fixed-width text, as YAML; None where no file said it."""
    lookups: Mapping[str, LookupTable] = field(default_factory=dict)
    """The look-up tables that were given, by column name."""

    def keep(self, workspace: Workspace, dataset: str) -> list[Path]:
        """Put them beside the records of a data set; those of its earlier check go.

        Returns:
            Where they are.

        Raises:
            OutputUnwritable: no permission, no space.
        """
        wanted = {
            workspace.specification_file(dataset): self.specification,
            workspace.mapping_file(dataset): self.mapping,
            workspace.layout_file(dataset): self.layout,
            **{workspace.lookup_file(dataset, name): each.as_csv() for name, each in self.lookups.items()},
        }
        kept = {path: content for path, content in wanted.items() if content is not None}
        with undisturbed():
            for path in workspace.sources_of(dataset):
                if path not in kept:
                    path.unlink()
            for path, content in kept.items():
                with written_whole(path) as temporary:
                    temporary.write_bytes(content)
        return list(kept)
