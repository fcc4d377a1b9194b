"""A body's own reports stand beside nfi's, and in their place where the id is the same."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from matching.known_reports import known_reports
from matching.report import ReportInvalid, ReportNotFound, all_reports

OWN = """\
id: {id}
title: Same amount
about: An amount twice.
data: [creditors-history]
same: [total_invoice_amount]
value: total_invoice_amount
strength: {{share: 0.5, evidence: inferred}}
"""
OURS = all_reports()[0].id


def test_without_own_reports_those_of_nfi_are_all_there_are(tmp_path: Path) -> None:
    for own in (None, tmp_path, tmp_path / "missing"):
        known = known_reports(own)
        assert tuple(each.report for each in known.reports) == all_reports()
        assert not any(each.is_own for each in known.reports)
        assert known.faults == ()


def test_an_own_report_is_added_or_takes_the_place_of_one_of_nfi(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OWN.format(id="mine"))
    (tmp_path / "other.YML").write_text(OWN.format(id=OURS))
    (tmp_path / ".hidden.yaml").write_text("no report")
    (tmp_path / "notes.txt").write_text("no report")
    known = known_reports(tmp_path)
    assert len(known.reports) == len(all_reports()) + 1
    mine, replaced = known.called(["mine", OURS])
    assert (mine.is_own, mine.replaces) == (True, False)
    assert (replaced.is_own, replaced.replaces, replaced.report.title) == (True, True, "Same amount")
    assert mine.sha256 == sha256((tmp_path / "mine.yaml").read_bytes()).hexdigest()


def test_an_own_report_that_cannot_be_used_is_told_and_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(OWN.format(id="worse").replace("same:", "sane:"))
    (tmp_path / "good.yaml").write_text(OWN.format(id="good"))
    known = known_reports(tmp_path)
    ((file, fault),) = known.faults
    assert file.name == "bad.yaml"
    assert fault.startswith("bad.yaml: line 5: sane: ")
    assert known.called(["good"])[0].report.id == "good"
    for name in ("bad", "worse"):
        with pytest.raises(ReportInvalid, match="line 5"):
            known.called([name])


def test_two_own_reports_with_one_id_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OWN.format(id="mine"))
    (tmp_path / "b.yaml").write_text(OWN.format(id="mine"))
    known = known_reports(tmp_path)
    assert known.faults == ((tmp_path / "b.yaml", "b.yaml: id: 'mine' is the id of a.yaml too"),)


def test_an_unknown_report_is_answered_with_the_nearest() -> None:
    with pytest.raises(ReportNotFound, match=rf"did you mean '{OURS}'\? List them: nfi reports list"):
        known_reports().called([OURS[:-1]])


def test_a_report_named_twice_runs_once() -> None:
    assert [each.report.id for each in known_reports().called([OURS, OURS])] == [OURS]
