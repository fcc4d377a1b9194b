"""A verification in words: for a console, as a page, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outputs.verify import Area, State, Verdict, Verification, verification_page, write_report
from outputs.verify.page import ReportUnfit
from outputs.verify.words import next_step, together, verdict


def one(state: State, area: Area = Area.FILES, subject: str = "payroll.csv") -> Verdict:
    where, detail = ("row 3", "another value") if state is State.DIFFERS else (None, None)
    return Verdict(area=area, subject=subject, what="SHA-256", state=state, where=where, detail=detail)


def found(*verdicts: Verdict, versions: tuple[str, ...] = ()) -> Verification:
    return Verification(
        package="submission.zip",
        body="Anytown <b>Council</b>",
        exercise="2026-27",
        notices=("Unconfirmed.",),
        made_with="nfi 1.0",
        verified_with="nfi 1.1",
        versions=versions,
        manifest_sha256="0" * 64,
        verdicts=verdicts,
    )


@pytest.mark.parametrize(
    ("states", "says"),
    [
        pytest.param([State.SAME], "Nothing differs: 1 thing compared, all the same.", id="one"),
        pytest.param([State.SAME] * 2, "Nothing differs: 2 things compared, all the same.", id="two"),
        pytest.param(
            [State.SAME, State.DIFFERS, State.NOT_REPEATED],
            "1 of 2 things compared differs. 1 thing could not be repeated.",
            id="one of each",
        ),
        pytest.param([State.DIFFERS] * 3, "3 of 3 things compared differ.", id="three"),
    ],
)
def test_the_verdict_in_one_sentence(states: list[State], says: str) -> None:
    assert verdict(found(*map(one, states))) == says


@pytest.mark.parametrize(
    ("verification", "says"),
    [
        pytest.param(found(one(State.SAME)), "Compare the SHA-256 of the manifest", id="holds"),
        pytest.param(found(one(State.DIFFERS)), "Do not rely on this package", id="differs"),
        pytest.param(found(one(State.DIFFERS), versions=("x",)), "verify with those first", id="versions"),
        pytest.param(
            found(one(State.DIFFERS, Area.REPEATED)), "these extracts do not give it", id="extracts"
        ),
    ],
)
def test_the_next_step_fits_what_was_found(verification: Verification, says: str) -> None:
    assert says in next_step(verification)


def test_what_is_said_of_several_files_is_said_once() -> None:
    same = [one(State.DIFFERS, subject=name) for name in ("a.csv", "b.csv")]
    assert [*together([*same, one(State.NOT_REPEATED)])] == [
        "a.csv, b.csv: SHA-256: differs at row 3: another value",
        "payroll.csv: SHA-256: not repeated",
    ]


def test_the_page_stands_alone_and_escapes_what_it_says() -> None:
    page = verification_page(found(one(State.DIFFERS), one(State.NOT_REPEATED), one(State.SAME)))
    assert "Anytown &lt;b&gt;Council&lt;/b&gt;" in page
    assert "Unconfirmed." in page
    assert "default-src 'none'" in page
    assert not {"<script", "<link", "<img", "src="}.intersection(page.split())
    assert page.count('class="tag differs"') == 2  # among what differs, and among all


def test_a_report_is_a_page_or_json_by_its_name(tmp_path: Path) -> None:
    verification = found(one(State.SAME))
    write_report(verification, tmp_path / "new" / "report.HTML")
    write_report(verification, tmp_path / "report.json")
    assert (tmp_path / "new" / "report.HTML").read_text().startswith("<!DOCTYPE html>")
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["holds"], report["verdicts"][0]["state"]) == (True, "same")
    with pytest.raises(ReportUnfit, match=r"report\.txt"):
        write_report(verification, tmp_path / "report.txt")
    assert not (tmp_path / "report.txt").exists()
