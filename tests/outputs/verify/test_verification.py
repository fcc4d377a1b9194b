"""Packages changed by somebody who knows the passphrase: each change is caught and named, without a value."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from outputs.submitted.manifest import ManifestUnreadable
from outputs.verify import State, Verification, verification_json, verification_page
from tests.outputs.verify.tampered import (
    KEY,
    OTHER_KEY,
    Change,
    Files,
    Made,
    changed,
    contents,
    described_anew,
    differing,
    signed_anew,
    verified,
    with_manifest,
)

PAYROLL, CREDITORS = "payroll.csv", "creditors-standing.csv"
SPECIFICATION = "audit/payroll/specification.yaml"
MAPPING = "audit/creditors-standing/mapping.yaml"
LOOKUP = "lookups/payroll-department.csv"
INNER = [
    CREDITORS,
    PAYROLL,
    "transliterations.csv",
    LOOKUP,
    SPECIFICATION,
    "audit/creditors-standing/specification.yaml",
    MAPPING,
    "cover-sheet.html",
    "cover-sheet.xlsx",
]
SETTINGS = "settings of the check in the manifest"
SHEETS = {(name, "drawn again from the manifest") for name in INNER[-2:]}
SIGNED = "signature of datapackage.json, made with the key SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg"

Verify = Callable[..., Verification]


@pytest.fixture
def verify(made: Made, tmp_path: Path) -> Verify:
    """Verify the package after changes, with the key that it was signed with."""

    def run(*changes: Change) -> Verification:
        package = changed(made.package, tmp_path / "package.zip", *changes)
        return verified(package, tmp_path / "work", KEY.public_key())

    return run


def about(found: Verification) -> set[tuple[str, str]]:
    """What differs: subject and what was compared."""
    return {(each.subject, each.what) for each in found.of_state(State.DIFFERS)}


def test_a_package_as_it_was_made_is_the_same_in_everything(made: Made, tmp_path: Path) -> None:
    found = verified(made.package, tmp_path, KEY.public_key())
    assert (found.holds, differing(found), found.versions) == (True, [], ())
    assert found.of_state(State.NOT_REPEATED) == ()
    assert ("payroll", "nino, National insurance number") in {(e.subject, e.what) for e in found.verdicts}


def test_the_same_files_packed_again_are_the_same(verify: Verify) -> None:
    assert verify().holds


def test_the_report_holds_for_any_day_folder_and_locale(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = verified(made.package, tmp_path / "one")
    for name, value in {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    again = verified(made.copy(tmp_path / made.package.name), tmp_path / "another place")
    assert verification_json(again) == verification_json(first)
    assert verification_page(again) == verification_page(first)


def test_the_list_of_inner_files_is_complete(made: Made) -> None:
    assert {*contents(made.package)} == {*INNER, "datapackage.json", "datapackage.json.sig"}


@pytest.mark.parametrize("name", INNER)
def test_one_changed_byte_in_any_file_is_caught(name: str, verify: Verify) -> None:
    def change(files: Files) -> None:
        content = bytearray(files[name])
        content[-4] ^= 1
        files[name] = bytes(content)

    assert (name, "SHA-256") in about(verify(change))


@pytest.mark.parametrize("name", INNER)
def test_a_byte_changed_in_the_archive_is_named(name: str, made: Made, tmp_path: Path) -> None:
    package = made.copy(tmp_path / "package.zip")
    with ZipFile(package) as archive:
        entry = archive.getinfo(name)
    content = bytearray(package.read_bytes())
    content[entry.header_offset + 30 + len(name) + len(entry.extra) + entry.compress_size // 2] ^= 1
    package.write_bytes(content)
    found = about(verified(package, tmp_path / "work"))
    assert (name, "decryption") in found
    assert {subject for subject, what in found if what == "decryption"} == {name}


def lines(files: Files, name: str) -> list[bytes]:
    return files[name].splitlines(keepends=True)


def reorder(files: Files) -> None:
    rows = lines(files, PAYROLL)
    rows[5], rows[90] = rows[90], rows[5]
    files[PAYROLL] = b"".join(rows)


def exchange_two_pays(files: Files) -> None:
    """Two people get each other's pay: no total changes."""
    rows = [row.split(b"|") for row in lines(files, PAYROLL)]
    pay = rows[0].index(b"Gross pay to date")
    rows[10][pay], rows[11][pay] = rows[11][pay], rows[10][pay]
    files[PAYROLL] = b"".join(b"|".join(row) for row in rows)


def drop_a_row(files: Files) -> None:
    rows = lines(files, CREDITORS)
    files[CREDITORS] = b"".join(rows[:300] + rows[301:])


def one_row_less(manifest: dict[str, Any]) -> None:
    entry = resource(manifest, CREDITORS)
    entry["rows"] -= 1
    entry["nfi:control_totals"]["records"] -= 1


def resource(manifest: dict[str, Any], path: str) -> Any:
    return next(each for each in manifest["resources"] if each["path"] == path)


def data_set(manifest: dict[str, Any], name: str) -> Any:
    return next(each for each in manifest["nfi:data_sets"] if each["name"] == name)


def replace(name: str, old: bytes, new: bytes) -> Change:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def without(name: str) -> Change:
    def change(files: Files) -> None:
        del files[name]

    return change


def add(name: str) -> Change:
    return lambda files: files.update({name: b"look here"})


def drop_a_code(files: Files) -> None:
    rows = lines(files, LOOKUP)
    files[LOOKUP] = b"".join(rows[:2] + rows[3:])


def drop_a_transliteration(files: Files) -> None:
    files["transliterations.csv"] = b"".join(lines(files, "transliterations.csv")[:-1])


def specification_of_the_forger(manifest: dict[str, Any]) -> None:
    file = next(each for each in manifest["nfi:files"] if each["path"] == SPECIFICATION)
    payroll, digest = data_set(manifest, "payroll"), file["hash"].removeprefix("sha256:")
    payroll["specification"]["sha256"] = digest
    payroll["check"]["made_from"]["specification_sha256"] = digest


def another_mapping(files: Files) -> None:
    files[MAPPING] += b"# ours\n"


def a_code_more(files: Files) -> None:
    files[LOOKUP] += b"ZZZ,nothing\r\n"


def findings_of(kind: str, code: str, change: Callable[[dict[str, Any]], None]) -> Change:
    def edit(manifest: dict[str, Any]) -> None:
        payroll = data_set(manifest, "payroll")
        found = (payroll["sent"] if kind == "sent" else payroll)["findings"]
        change(next(each for each in found if each["code"] == code))

    return with_manifest(edit)


def another_layout(files: Files) -> None:
    with_manifest(lambda m: data_set(m, "payroll")["extract"].update(layout=LOOKUP))(files)


def fewer(finding: dict[str, Any]) -> None:
    finding["count"] -= 1


def hide_a_finding(manifest: dict[str, Any]) -> None:
    sent = data_set(manifest, "payroll")["sent"]
    sent["findings"] = [each for each in sent["findings"] if each["code"] != "nino"]


def extract_named(name: str) -> Change:
    return with_manifest(lambda m: data_set(m, "payroll")["extract"]["files"][0].update(name=name))


def with_delimiter(sign: str) -> Change:
    return with_manifest(lambda m: resource(m, PAYROLL)["dialect"].update(delimiter=sign))


def edit(key: str, value: Any) -> Change:
    return with_manifest(lambda manifest: manifest.update({key: value}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([without(PAYROLL)], {(PAYROLL, "presence")}, id="a removed file"),
        pytest.param([without(LOOKUP)], {(LOOKUP, "presence"), (LOOKUP, "reading and fit")}, id="no look-up"),
        pytest.param([add("notes.txt")], {("notes.txt", "presence")}, id="an added file"),
        pytest.param(
            [reorder],
            {(PAYROLL, "SHA-256"), ("payroll", "account_shared, Bank account")},
            id="two rows in another order",
        ),
        pytest.param([exchange_two_pays], {(PAYROLL, "SHA-256")}, id="two values exchanged"),
        pytest.param(
            [drop_a_row, described_anew(CREDITORS), with_manifest(one_row_less)],
            {
                (CREDITORS, "control totals"),
                ("creditors-standing", "ledger_noise, Creditor name"),
                ("creditors-standing", "records read from the extracts and sent"),
                *SHEETS,
            },
            id="a row dropped and the manifest adjusted",
        ),
        pytest.param(
            [
                replace(SPECIFICATION, b"required: error", b"required: warning"),
                described_anew(SPECIFICATION),
                with_manifest(specification_of_the_forger),
            ],
            {
                ("payroll", "comparison with the specification that nfi has"),
                (PAYROLL, "fields, their order and their types in the manifest"),
            },
            id="a rolled-back specification and the manifest adjusted",
        ),
        pytest.param(
            [drop_a_code, described_anew(LOOKUP)],
            {("payroll", "not_in_lookup, Department"), ("payroll", SETTINGS)},
            id="a look-up table changed and the manifest adjusted",
        ),
        pytest.param(
            [another_mapping, described_anew(MAPPING)],
            {("creditors-standing", SETTINGS)},
            id="another mapping and the manifest adjusted",
        ),
        pytest.param(
            [a_code_more, described_anew(LOOKUP)],
            {("payroll", SETTINGS)},
            id="a code more in a look-up table and the manifest adjusted",
        ),
        pytest.param(
            [another_layout],
            {("payroll", SETTINGS), (LOOKUP, "reading and fit")},
            id="a layout that the check had not",
        ),
        pytest.param(
            [lambda files: files.update({LOOKUP: gzip.compress(files[LOOKUP])}), described_anew(LOOKUP)],
            {(LOOKUP, "reading and fit"), ("payroll", SETTINGS)},
            id="a compressed look-up table",
        ),
        pytest.param(
            [lambda files: files.update({INNER[2]: b'"\n' * 40 + b"a\rb\r"}), described_anew(INNER[2])],
            {(INNER[2], "number of changed values in each field")},
            id="no list of changed values",
        ),
        pytest.param(
            [drop_a_transliteration, described_anew(INNER[2])],
            {(INNER[2], "number of changed values in each field")},
            id="a changed value taken off the list",
        ),
        pytest.param(
            [findings_of("sent", "person_twice", fewer)],
            {("payroll", "person_twice, National insurance number"), *SHEETS},
            id="a count of findings lowered",
        ),
        pytest.param(
            [findings_of("sent", "person_twice", lambda finding: finding.update(severity="note"))],
            {("payroll", "person_twice, National insurance number"), *SHEETS},
            id="a severity lowered",
        ),
        pytest.param(
            [with_manifest(hide_a_finding)],
            {
                ("payroll", "nino, National insurance number"),
                ("payroll", "nino, National insurance number in the extract"),
                *SHEETS,
            },
            id="findings taken out",
        ),
        pytest.param(
            [
                with_manifest(
                    lambda m: data_set(m, "payroll")["sent"]["findings"].append(
                        m["nfi:data_sets"][1]["sent"]["findings"][0]
                    )
                )
            ],
            {("payroll", "every other check, which found nothing then or now")},
            id="a finding twice",
        ),
        pytest.param(
            [with_manifest(lambda m: data_set(m, "payroll")["extract"]["files"][0].update(sha256="0" * 64))],
            {("payroll", SETTINGS)},
            id="another extract named",
        ),
        pytest.param(
            [with_manifest(lambda m: resource(m, PAYROLL)["dialect"].update(quoteChar="'"))],
            {(PAYROLL, "fields, their order and their types in the manifest")},
            id="another text qualifier",
        ),
        pytest.param(
            [findings_of("extract", "nino", fewer)],
            {("payroll", "nino, National insurance number in the extract"), *SHEETS},
            id="a count of findings in the extract lowered",
        ),
        pytest.param(
            [with_manifest(lambda manifest: manifest["nfi:accepted_errors"].pop(0))],
            {("payroll", "nino, errors open and accepted"), *SHEETS},
            id="an accepted error removed",
        ),
        pytest.param(
            [edit("nfi:notes", ["All is well."])],
            {("datapackage.json", "notes for the receiver"), *SHEETS},
            id="other words for the receiver",
        ),
        pytest.param(
            [with_manifest(lambda manifest: resource(manifest, PAYROLL)["schema"]["fields"].pop())],
            {
                (PAYROLL, "fields, their order and their types in the manifest"),
                (PAYROLL, "lines, headings and the form of each value"),
                *SHEETS,
            },
            id="a field less in the manifest",
        ),
    ],
)
def test_a_change_is_caught_and_named(
    changes: list[Change], expected: set[tuple[str, str]], verify: Verify
) -> None:
    found = about(verify(*changes, signed_anew(KEY)))
    assert expected <= found
    assert {subject for subject, _ in found - expected} <= {
        "creditors-standing"
    }  # rows below the dropped one


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(signed_anew(OTHER_KEY), "made with another key, or of another manifest", id="other key"),
        pytest.param(edit("description", "Ours."), "or of another manifest", id="another manifest"),
        pytest.param(without("datapackage.json.sig"), "is not signed, though a key was given", id="none"),
    ],
)
def test_another_signature_is_caught(change: Change, says: str, verify: Verify) -> None:
    (line,) = [line for line in differing(verify(change)) if "signature" in line]
    assert says in line


def test_without_a_key_the_signature_is_told_and_not_looked_at(made: Made, tmp_path: Path) -> None:
    (left,) = verified(made.package, tmp_path).of_state(State.NOT_REPEATED)
    assert (left.subject, left.detail) == (
        "datapackage.json.sig",
        "there is one, and no key was given: give the signer's public key with --key",
    )


def test_a_changed_amount_is_named_with_field_and_without_value(verify: Verify) -> None:
    def change(files: Files) -> None:
        rows = [row.split(b"|") for row in lines(files, PAYROLL)]
        rows[12][rows[0].index(b"Gross pay to date")] = b"987654321"
        files[PAYROLL] = b"".join(b"|".join(row) for row in rows)

    found = verify(change, described_anew(PAYROLL), signed_anew(KEY))
    (totals,) = [each for each in found.of_state(State.DIFFERS) if each.what == "control totals"]
    assert (totals.subject, totals.where) == (PAYROLL, "Gross pay to date")
    assert "987654321" not in verification_json(found) + verification_page(found)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        pytest.param(b"Surname", b"Last name", None, id="another heading"),
        pytest.param(b"Mr", b'Mr"|"one too many', "after row 1", id="one field too many"),
    ],
)
def test_lines_that_cannot_be_read_are_named(
    old: bytes, new: bytes, where: str | None, verify: Verify
) -> None:
    found = verify(replace(PAYROLL, old, new), described_anew(PAYROLL), signed_anew(KEY))
    (unlike,) = [each for each in found.of_state(State.DIFFERS) if each.what.startswith("lines")]
    assert (unlike.subject, unlike.where) == (PAYROLL, where)
    (left,) = found.of_state(State.NOT_REPEATED)
    assert (left.subject, left.what) == ("payroll", "all checks of the specification")


def test_a_value_of_another_form_is_named_with_its_row(verify: Verify) -> None:
    def change(files: Files) -> None:
        rows = [row.split(b"|") for row in lines(files, PAYROLL)]
        rows[100][rows[0].index(b"Date started")] = b'"31022019"'
        files[PAYROLL] = b"".join(b"|".join(row) for row in rows)

    found = verify(change, described_anew(PAYROLL), signed_anew(KEY))
    (unlike,) = [each for each in found.of_state(State.DIFFERS) if each.what.startswith("lines")]
    assert (unlike.where, unlike.detail) == ("row 101, Date started", "is not a date written ddmmyyyy")


def test_other_versions_are_told_first_and_do_not_excuse_records(verify: Verify) -> None:
    def older(manifest: dict[str, Any]) -> None:
        manifest["nfi:tool"] = "nfi 0.0.9"
        for each in manifest["nfi:data_sets"]:
            each["check"]["tool"] = "nfi 0.0.9"
        manifest["nfi:libraries"]["pyarrow"] = "1.0"

    found = verify(
        with_manifest(older),
        replace(SPECIFICATION, b"required: error", b"required: warning"),
        described_anew(SPECIFICATION),
        with_manifest(specification_of_the_forger),
        signed_anew(KEY),
    )
    assert found.versions[0].startswith("made with nfi 0.0.9, verified with nfi ")
    assert any("pyarrow" in each for each in found.versions)
    left = {each.subject: each.detail or "" for each in found.of_state(State.NOT_REPEATED)}
    assert "nfi specs diff" in left["payroll"]
    assert "other versions" in left["cover-sheet.xlsx"]
    assert (PAYROLL, "fields, their order and their types in the manifest") in about(found)


def test_a_specification_of_the_bodys_own_is_said_to_be_that(verify: Verify) -> None:
    def own(manifest: dict[str, Any]) -> None:
        specification_of_the_forger(manifest)
        data_set(manifest, "payroll")["specification"]["own"] = True

    def another_comment(files: Files) -> None:
        files[SPECIFICATION] += b"# ours\n"

    found = verify(another_comment, described_anew(SPECIFICATION), with_manifest(own), signed_anew(KEY))
    (left,) = found.of_state(State.NOT_REPEATED)
    assert left.subject == "payroll"
    assert "the body's own" in (left.detail or "")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(edit("nfi:manifest_version", 9), "written by a later version", id="later"),
        pytest.param(edit("nfi:exercise", "../../2026-27"), "no exercise such as", id="exercise as a path"),
        pytest.param(
            with_manifest(lambda m: data_set(m, "payroll").update(name="../payroll")),
            "a name that no specification has",
            id="data set as a path",
        ),
        pytest.param(
            with_manifest(lambda m: data_set(m, "payroll")["extract"]["files"][0].update(name="../x.csv")),
            "the name of an extract holds a folder",
            id="extract as a path",
        ),
        *(
            pytest.param(extract_named(name), "the name of an extract holds a folder, or is none", id=label)
            for name, label in {
                "": "blank",
                ".": "folder",
                "..": "above",
                "a\0b": "nul",
                "a\\b": "Windows",
            }.items()
        ),
        *(
            pytest.param(
                with_delimiter(sign),
                r"resources.*delimiter: .*is none of",
                id=f"delimiter {label}",
            )
            for sign, label in {"": "blank", "ab": "two", "\n": "line end", ";": "unknown"}.items()
        ),
        pytest.param(
            edit("nfi:\x1b[2J", "\x1b[2J"), r"nfi:\u241b\[2J: Extra inputs", id="a key that steers a terminal"
        ),
        pytest.param(
            with_manifest(lambda m: m["resources"].append(m["resources"][0])), "names .* twice", id="twice"
        ),
        pytest.param(
            with_manifest(lambda m: data_set(m, "payroll")["check"].update(made_from={})),
            "payroll: nfi:check: made_from: day",
            id="no settings",
        ),
    ],
)
def test_a_manifest_that_leads_nowhere_stops_it_in_one_line(
    change: Change, says: str, verify: Verify
) -> None:
    with pytest.raises(ManifestUnreadable, match=says) as raised:
        verify(change)
    assert "\n" not in str(raised.value)


def test_what_a_manifest_says_cannot_steer_a_terminal(verify: Verify) -> None:
    def hostile(manifest: dict[str, Any]) -> None:
        manifest |= {"nfi:tool": "nfi 0\x1b[2J\u202e", "nfi:body": "Any\ntown\x9b"}
        finding = data_set(manifest, "payroll")["sent"]["findings"][0]
        finding |= {"code": "x\x1b]0;y\x07", "field": "a\rb"}

    found = verify(with_manifest(hostile), signed_anew(KEY))
    printed = "".join(
        (found.body, found.made_with, *found.versions, *(each.in_words() for each in found.verdicts))
    )
    assert "x\u241b]0;y\u2407" in printed
    assert not {sign for sign in printed if unicodedata.category(sign) in {"Cc", "Cf"}}


def test_a_name_and_a_heading_of_the_bodys_own_may_hold_anything(verify: Verify) -> None:
    """Such a package is one that nfi makes: of a file whose name has a tab, of headings with line ends."""

    def odd(manifest: dict[str, Any]) -> None:
        payroll = data_set(manifest, "payroll")
        payroll["extract"]["columns_unused"] = ["Two\nlines"]
        for each in (payroll["extract"]["files"][0], payroll["check"]["made_from"]["extracts"][0]):
            each["name"] = "pay\t10:30.csv"

    found = verify(with_manifest(odd), signed_anew(KEY))
    assert {subject for subject, _ in about(found)} <= {*INNER[-2:]}


def test_the_report_for_programs_says_all_of_it(verify: Verify) -> None:
    found = verify(add("notes.txt"))
    report = json.loads(verification_json(found))
    assert (report["json_version"], report["holds"], report["package"]) == (1, False, "package.zip")
    assert report["notices"][0].startswith("Unconfirmed")
    assert {
        "area": "archive",
        "subject": "notes.txt",
        "what": "presence",
        "state": "differs",
        "detail": "is in the package and not in the manifest",
    } in report["verdicts"]
