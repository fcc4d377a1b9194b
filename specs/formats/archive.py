"""Zipped extracts: the one file in a ZIP archive that holds data, taken out into a private copy."""

from __future__ import annotations

import zipfile

from specs.errors import ExtractUnreadable
from specs.formats.source import PrivateCopy, Source
from specs.formats.zip_parts import Part, refuse_bombs, table_of_contents
from specs.headings import nearest, shown

MAX_UNPACKED = 32 << 30
"""Bytes of the file inside: tens of millions of records."""

_LEFT_BY_SYSTEMS = {".ds_store", "thumbs.db", "desktop.ini"}
_MAC_FOLDER = "__macosx"
_NAMED = 10  # members that a message lists


def member_of(archive: Source, *, member: str | None = None) -> Source:
    """A private copy of the file inside an archive that holds data.

    Args:
        archive: the ZIP file.
        member: which file inside; None: the only one there is.

    Raises:
        ExtractUnreadable: none or several of them, a password, a path that leads out of the archive, damage,
            or more than is safe to unpack.
        OutputUnwritable: no space for the copy.
    """
    try:
        with table_of_contents(archive) as package:
            entry = _chosen(archive, package.infolist(), member)
            refuse_bombs(archive, [entry], most=MAX_UNPACKED)
            copy = PrivateCopy()
            copy.fill(Part(archive, entry).unpacked())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as fault:
        raise _damaged(archive) from fault
    except Exception as fault:
        if type(fault).__module__ not in {"zlib", "struct"}:
            raise
        raise _damaged(archive) from fault
    return Source(copy.path, f"{shown(_last_name(entry))} in {archive.name}", copy)


def _chosen(archive: Source, entries: list[zipfile.ZipInfo], wanted: str | None) -> zipfile.ZipInfo:
    usable = [entry for entry in entries if not _is_left_over(entry)]
    names = [entry.filename for entry in usable]
    listed = ", ".join(f"'{shown(name)}'" for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    if wanted is not None:
        found = [entry for entry in usable if wanted in {entry.filename, _last_name(entry)}]
        if len(found) != 1:
            near = nearest(wanted, names)
            hint = f"; did you mean '{shown(near)}'?" if near else "."
            which = "no file in it is" if not found else "several files in it are"
            raise ExtractUnreadable(
                f"{archive.name}: {which} called '{shown(wanted)}'{hint} Files: {listed}{more}"
            )
        usable = found
    if not usable:
        raise ExtractUnreadable(f"{archive.name}: is a ZIP archive without any file that could hold data.")
    if len(usable) > 1:
        raise ExtractUnreadable(
            f"{archive.name}: holds {len(usable):,} files: {listed}{more}. Name one with --member"
        )
    _refuse_way_out(archive, usable[0])
    if usable[0].compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ExtractUnreadable(
            f"{archive.name}: is packed in an unusual way. Unpack it, and name the file inside."
        )
    return usable[0]


def _is_left_over(entry: zipfile.ZipInfo) -> bool:
    """A folder, or what operating systems leave behind in archives."""
    name = _last_name(entry).lower()
    return (
        entry.is_dir()
        or entry.filename.lower().startswith(f"{_MAC_FOLDER}/")
        or name in _LEFT_BY_SYSTEMS
        or name.startswith("._")
    )


def _last_name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def _refuse_way_out(archive: Source, entry: zipfile.ZipInfo) -> None:
    """Nothing is ever written to a path that an archive names; whoever made such a one meant harm, though."""
    steps = entry.filename.replace("\\", "/").split("/")
    if ".." in steps or steps[0] == "" or steps[0].endswith(":"):
        raise ExtractUnreadable(
            f"{archive.name}: the path of the file inside leads out of the archive, which is not safe. Ask "
            "whoever made it for another one."
        )


def _damaged(archive: Source) -> ExtractUnreadable:
    return ExtractUnreadable(
        f"{archive.name}: the ZIP archive is damaged or cut short. Copy it again from where it came."
    )
