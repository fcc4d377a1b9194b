"""Where the tools of today are not those that a package was made with."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from outputs.submitted.manifest import Manifest


def other_versions(manifest: Manifest, nfi: str) -> Iterator[str]:
    """In words, nfi first; nothing where all are the same.

    Args:
        manifest: names what checked and what packaged.
        nfi: that of today, as a manifest names it.
    """
    checks = [each.check for each in manifest.data_sets]
    if other := sorted({manifest.tool, *(each.tool for each in checks)} - {nfi}):
        yield f"made with {' and '.join(other)}, verified with {nfi}"
    used = {*manifest.libraries.items(), *(item for each in checks for item in each.libraries.items())}
    for library in sorted({name for name, _ in used}):
        then, now = sorted(made for name, made in used if name == library), _installed(library)
        if then != [now]:
            yield f"made with {library} {' and '.join(then)}, verified with {now or 'none'}"


def _installed(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
