"""Which of the files that somebody names are the extracts that a package was made from?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from outputs.submitted.manifest import FileUsed, Manifest
from outputs.verify import Area, State, Verdict
from specs.errors import ExtractUnreadable
from specs.private_files import digest_of, private_folder

_WHAT = "comparison with the extract that the package was made from"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Extracts by what they are in the package."""

    extracts: Mapping[str, tuple[Path, ...]]
    """Those of each data set of which all are there, in the order in which they were read."""
    verdicts: tuple[Verdict, ...]


def recognised(manifest: Manifest, given: Sequence[Path], folder: Path) -> Recognised:
    """Recognise extracts by their contents, and put them under their recorded names into a folder.

    One that has a recorded name and other contents is taken for that extract, changed, unless the extract
    itself is there. Any other belongs to no data set, and is named as extra.

    Args:
        manifest: of the package.
        given: files as somebody names them.
        folder: private; gets links to the files, or copies of them.

    Raises:
        ExtractUnreadable: one cannot be read, or cannot have its recorded name on this system.
    """
    recorded = {file.sha256 for data_set in manifest.data_sets for file in data_set.extract.files}
    by_digest = {_digest(path): path for path in reversed(given)}
    changed = {path.name: path for digest, path in by_digest.items() if digest not in recorded}
    found: dict[str, tuple[Path, ...]] = {}
    verdicts: list[Verdict] = []
    taken: set[Path | None] = set()
    for data_set in manifest.data_sets:
        paths = [by_digest.get(file.sha256) or changed.get(file.name) for file in data_set.extract.files]
        taken |= {*paths}
        for file, path in zip(data_set.extract.files, paths, strict=True):
            verdicts.append(_verdict(f"{file.name} ({data_set.name})", file, path, by_digest))
        if all(paths):
            place = private_folder(folder / data_set.name)
            found[data_set.name] = tuple(
                _under(private_folder(place / str(number)) / file.name, path)
                for number, (file, path) in enumerate(zip(data_set.extract.files, paths, strict=True))
                if path
            )
    verdicts += (_extra(name) for name, path in changed.items() if path not in taken)
    return Recognised(found, tuple(verdicts))


def _verdict(subject: str, file: FileUsed, path: Path | None, by_digest: Mapping[str, Path]) -> Verdict:
    if path is None:
        state, detail = State.NOT_REPEATED, "it was not given"
    elif file.sha256 in by_digest:
        state, detail = State.SAME, None
    else:
        state, detail = State.DIFFERS, "its SHA-256 is another: it has been changed since"
    return Verdict(area=Area.REPEATED, subject=subject, what=_WHAT, state=state, detail=detail)


def _extra(name: str) -> Verdict:
    return Verdict(
        area=Area.REPEATED,
        subject=name,
        what=_WHAT,
        state=State.NOT_REPEATED,
        detail="it is extra: the package was not made from it",
    )


def _digest(path: Path) -> str:
    try:
        return digest_of(path)
    except FileNotFoundError:
        raise ExtractUnreadable(
            f"{path}: no such file. Name an extract that the package was made from."
        ) from None
    except OSError as fault:
        raise ExtractUnreadable(f"{path}: cannot be read ({fault.strerror}). Name an extract.") from None


def _under(name: Path, path: Path) -> Path:
    """The file under another name: a link where the system allows one, else a copy."""
    try:
        name.symlink_to(path.resolve())
    except OSError:
        try:
            shutil.copyfile(path, name)
        except OSError as fault:
            raise ExtractUnreadable(
                f"{path}: cannot be put under its recorded name in a temporary folder ({fault.strerror}). "
                "Make room there, or verify on the system that made the package."
            ) from None
    return name
