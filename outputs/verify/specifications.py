"""Is the specification in the package the one that the manifest names, and the one that nfi has?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from outputs.submitted.manifest import DataSet, Dialect, Manifest, Resource
from outputs.submitted.open_submission import Submission
from outputs.submitted.table_schema import table_schema
from outputs.verify.verdict import Area, State, Verdict, same_or_differs
from specs.catalogues import Catalogue
from specs.errors import NfiError, SpecificationNotFound
from specs.private_files import private_folder
from specs.specification import Specification

_CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Specified:
    """The specifications that a package holds, as far as this nfi can use them."""

    catalogue: Catalogue
    """All that nfi has, with those of the package in the place of nfi's own."""
    own: Path
    """The folder of those of the package."""
    by_data_set: dict[str, Specification]
    verdicts: tuple[Verdict, ...]


def specifications(submission: Submission, folder: Path, *, tool: str) -> Specified:
    """The specifications out of a package, and whether they are what they are said to be.

    Args:
        submission: the package.
        folder: private; gets the catalogue files.
        tool: the nfi that verifies, as the manifest would name it.
    """
    manifest = submission.manifest
    own = private_folder(folder / _CATALOGUE)
    private_folder(own / manifest.exercise)
    digests: dict[str, str] = {}
    verdicts: list[Verdict] = []
    for data_set in manifest.data_sets:
        try:
            content = submission.content(data_set.specification.path)
        except NfiError:
            verdicts.append(_unusable(data_set, "is not in the package, or damaged"))
            continue
        digests[data_set.name] = sha256(content).hexdigest()
        (own / manifest.exercise / f"{data_set.name}.yaml").write_bytes(content)
    specified = Specified(Catalogue.of(own), own, {}, ())
    for name, digest in digests.items():
        verdicts += _looked_at(manifest.by_data_set[name], digest, manifest, specified, tool)
    return replace(specified, verdicts=tuple(verdicts))


def _looked_at(
    data_set: DataSet, digest: str, manifest: Manifest, specified: Specified, tool: str
) -> Iterator[Verdict]:
    """The verdicts on one specification, which joins those that can be used if it can."""
    yield _as_the_manifest_says(data_set, digest)
    try:
        specification = specified.catalogue.load(data_set.name, manifest.exercise)
    except NfiError as fault:
        place = f"{specified.catalogue.own_place(data_set.name, manifest.exercise)}: "
        yield _unusable(data_set, str(fault).removeprefix(place))
        return
    specified.by_data_set[data_set.name] = specification
    yield _among_nfis_own(data_set, digest, manifest, tool)
    yield _described(data_set, specification)
    yield _check_run(data_set, specification, manifest)
    for resource in manifest.resources_of(data_set.name):
        yield _schema(resource, specification, manifest)


def _unusable(data_set: DataSet, why: str) -> Verdict:
    return _verdict(data_set.name, "reading", same=False, detail=why)


def _as_the_manifest_says(data_set: DataSet, digest: str) -> Verdict:
    return _verdict(
        data_set.name,
        "SHA-256 of the specification inside",
        same=digest == data_set.specification.sha256,
        detail="the manifest says that another one was used",
    )


def _among_nfis_own(data_set: DataSet, digest: str, manifest: Manifest, tool: str) -> Verdict:
    """Whether the catalogue of this nfi holds the same file."""
    what = "comparison with the specification that nfi has"
    try:
        shipped = Catalogue.of().load(data_set.name, manifest.exercise).digest
    except SpecificationNotFound:
        shipped = None
    if digest == shipped:
        return _verdict(data_set.name, what, same=True)
    if data_set.specification.own:
        return _not_repeated(
            data_set.name,
            what,
            "it is the body's own, which nfi cannot vouch for: compare it with the published one",
        )
    if manifest.tool == tool:
        return _verdict(
            data_set.name,
            what,
            same=False,
            detail=f"{tool} has another one, so this one was changed or rolled back",
        )
    return _not_repeated(
        data_set.name,
        what,
        f"{manifest.tool} may have had another one than {tool}: look at the differences with nfi specs diff, "
        "or verify with that version",
    )


def _described(data_set: DataSet, specification: Specification) -> Verdict:
    """Whether label, status, notice and title in the manifest are the specification's."""
    said = data_set.specification
    pairs = {
        "label": (said.label, specification.label),
        "status": (said.status, specification.status),
        "notice": (said.notice, specification.notice),
        "title": (data_set.title, specification.title),
        "one_record_per": (data_set.one_record_per, specification.one_record_per),
    }
    unlike = [key for key, (ours, theirs) in pairs.items() if ours != theirs]
    return _verdict(
        data_set.name,
        "what the manifest says of the specification",
        same=not unlike,
        where=unlike[0] if unlike else None,
        detail="the specification inside says otherwise",
    )


def _schema(resource: Resource, specification: Specification, manifest: Manifest) -> Verdict:
    """Whether a file is described with the fields of the specification, and as the form has it."""
    expected = table_schema(specification, manifest.form.negative_sign)
    described = resource.table_schema or resource.fixed_schema
    pairs = zip(expected.fields, resource.fields, strict=False)
    dialect = resource.dialect and Dialect(
        header=manifest.form.headings, delimiter=resource.dialect.delimiter
    )
    return _verdict(
        resource.path,
        "fields, their order and their types in the manifest",
        same=described == expected and resource.dialect == dialect,
        where=next((wanted.name for wanted, there in pairs if wanted != there), None),
        detail="the specification inside, or the form of the files, has it otherwise",
    )


def _check_run(data_set: DataSet, specification: Specification, manifest: Manifest) -> Verdict:
    """Whether the settings of the check name the same files as the rest of the manifest."""
    said, extract = data_set.check.made_from, data_set.extract
    late = {each.field for each in data_set.lookups if each.given_when_packaging}
    columns = {field.column for field in specification.fields if field.name in late}
    tables = {
        specification.by_name[each.field].column: _digest(manifest, each.path)
        for each in data_set.lookups
        if each.path and each.field in {*specification.by_name} - late
    }
    files = [{"name": each.name, "sha256": each.sha256} for each in data_set.extract.files]
    pairs = {
        "extracts": (said.get("extracts"), files),
        "specification_sha256": (said.get("specification_sha256"), data_set.specification.sha256),
        "mapping_sha256": (said.get("mapping_sha256"), _digest(manifest, extract.mapping)),
        "layout_sha256": (said.get("layout_sha256"), _digest(manifest, extract.layout)),
        "lookups": (_without(said.get("lookups"), columns), tables),
    }
    unlike = [key for key, (there, expected) in pairs.items() if there != expected]
    return _verdict(
        data_set.name,
        "settings of the check in the manifest",
        same=not unlike,
        where=unlike[0] if unlike else None,
        detail="they name something else than the rest of the manifest",
    )


def _without(lookups: object, columns: set[str]) -> object:
    """Look-up tables that the check had, but for those that were given anew when packaging."""
    if not isinstance(lookups, dict):
        return lookups or {}
    return {column: digest for column, digest in lookups.items() if column not in columns}


def _digest(manifest: Manifest, path: str | None) -> str | None:
    """SHA-256 of a file as the manifest has it; blank where it has none."""
    return None if path is None else manifest.described().get(path, (0, ""))[1].removeprefix("sha256:")


def _verdict(
    name: str, what: str, *, same: bool, where: str | None = None, detail: str | None = None
) -> Verdict:
    return same_or_differs(Area.SPECIFICATIONS, name, what, same=same, where=where, detail=detail)


def _not_repeated(name: str, what: str, why: str) -> Verdict:
    return Verdict(area=Area.SPECIFICATIONS, subject=name, what=what, state=State.NOT_REPEATED, detail=why)
