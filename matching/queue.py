"""The queue: what the reports found, brought together, ranked, told once and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from matching.case_records import case_records, members_of_cases, overlaps
from matching.case_rows import bits_of, case_rows, keys_of
from matching.cases import Groups, Made, Shares, made_of
from matching.found import LaidAside
from matching.ranked import Ranked, write_ranked
from matching.records import Records
from matching.result import EVIDENCE, ReportSummary
from matching.weigh import weighed
from specs.engine import Engine
from specs.specification import Specification


@dataclass(frozen=True, slots=True)
class Queue:
    """All cases of a run in the order in which to look at them."""

    cases: Ranked
    """CASES."""
    records: Ranked
    """RECORD_KEYS, then the columns of the data sets."""
    groups: pa.Table
    """Where each group stands: `report`, `group_no`, `rank`, `case`."""
    summaries: Mapping[str, ReportSummary]
    """By report."""


def queued(
    found: Sequence[LaidAside],
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
    *,
    working: Path,
    results: Path,
) -> Queue:
    """One queue of cases out of what all reports found.

    Args:
        found: what each report found, one entry per report; their order does not matter.
        records: every data set's prepared records.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
        working: folder for working files, which the caller removes.
        results: folder that gets `cases.parquet` and `case-records.parquet`.
    """
    found = sorted(found, key=lambda each: each.report.id)
    evidence, bits = _weighed(found, records, specifications, engine, working)
    made = made_of(Groups(found), bits)
    members = members_of_cases(made, engine, working)
    above = overlaps(members, made, engine)
    cases = case_rows(made, evidence, found, above, working)
    shown = case_records(made, members, records, specifications, engine, folder=working)
    leading = np.bincount(made.groups.report[made.leads], minlength=len(found)).tolist()
    totals = [totals_of(each) for each in found]
    return Queue(
        cases=write_ranked(results / "cases.parquet", cases),
        records=write_ranked(results / "case-records.parquet", shown),
        groups=_places(made),
        summaries={
            each.report: replace(each, in_queue=leads, joined=each.cases - leads)
            for each, leads in zip(totals, leading, strict=True)
        },
    )


def _weighed(
    found: Sequence[LaidAside],
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
    folder: Path,
) -> tuple[list[Path], Shares]:
    """For each report a file with the evidence of its groups; and the bits of each group of all."""
    files, bits = [], [np.empty(0)]
    schema = pa.schema([("evidence", pa.list_(EVIDENCE))])
    for number, lists in enumerate(weighed(found, records, specifications, engine)):
        files.append(folder / f"evidence-{number}.arrow")
        table = pa.table([lists], schema=schema)
        with ipc.new_stream(str(files[-1]), schema, options=ipc.IpcWriteOptions(compression="lz4")) as writer:
            writer.write_table(table)
        bits.append(bits_of(lists))
    return files, np.concatenate(bits)


def _places(made: Made) -> pa.Table:
    groups = made.groups
    return pa.table(
        {
            "report": pa.array(groups.ids, pa.string()).take(pa.array(groups.report)),
            "group_no": pa.array(groups.number),
            "rank": pa.array(made.rank, pa.int32()),
            "case": keys_of(made, 0, len(made.leads)).take(pa.array(made.place)),
        }
    )


def totals_of(found: LaidAside) -> ReportSummary:
    """What a report found, before it is known how many cases it leads."""
    report, groups = found.report, found.groups
    known = groups["value"].drop_null()
    total = None if groups.num_rows and not len(known) else int(pc.sum(known).as_py() or 0)
    reasons = pc.list_value_length(found.said("explanations")["explanations"])
    return ReportSummary(
        report=report.id,
        title=report.title,
        nfi_report=str(report.nfi_report) if report.nfi_report else None,
        cases=groups.num_rows,
        records=found.members.num_rows,
        explained=int((reasons.to_numpy() > 0).sum()),
        value_at_risk=total if report.value_is == "at risk" else None,
        value_involved=total if report.value_is == "involved" else None,
        value_means=report.value_means,
        data=report.data,
    )
