"""How right nfi's matches are, beside Splink and rapidfuzz, on records whose true pairs are known.

    python -m bench.accuracy [--set NAME ...] [--folder FOLDER] [--json]

Sets:
  febrl3, febrl4   generated people with errors, one file and two, without the social security number
  ons, ons-two-files
                   fictional people of a census and a tax list, as one file and as two
  fake             made-up people with town and e-mail address, up to eight records each
  charity-names    supplier names that people have found to be one charity or not
  payments         a council's ledger with duplicates planted into it

nfi runs as a user runs it: `nfi match --data … --mapping … --report … --pairs …`, default settings, every
pair of the file counted. Splink and the scorers of rapidfuzz run in the same run on the same records, and are
given what no user has: the threshold that is best by hindsight, and for Splink the best of two models, and of
pairs and clusters of them.
The last lines hold one result each, such as `febrl3 F1 0.9975 splink 0.9805`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from bench import splink_side
from bench.labelled import (
    LabelledSet,
    NoSuchData,
    Numbers,
    charity_names,
    fake,
    febrl3,
    febrl4,
    ons,
    ons_two_files,
    there,
)
from bench.ledger import LEDGER, checked_from_ledger, run_match
from bench.pairwise import (
    Accuracy,
    Pairs,
    accuracy,
    best_clusters,
    best_pairs,
    best_single_links,
)
from bench.planted import FIRST, found, plant, recall
from bench.planted import told as lines_of

ROOT = Path(__file__).parents[1]
PROBABILITIES = (0.5, 0.9, 0.95)
SCORERS: Mapping[str, Any] = {
    "ratio": fuzz.ratio,
    "partial_ratio": fuzz.partial_ratio,
    "token_sort_ratio": fuzz.token_sort_ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
    "jaro_winkler": JaroWinkler.normalized_similarity,
}
LIKELIEST = 60_000
"""Of all pairs of names, how many of the most alike a scorer's best threshold is looked for in."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One set's figures."""

    name: str
    lines: tuple[str, ...]
    """For a person."""
    last: str
    """The line to look for."""
    figures: Mapping[str, float]


def people(records: LabelledSet, models: splink_side.Models, folder: Path) -> Compared:
    """Same-person pairs of nfi, and Splink's."""
    ours = run_nfi(records, "same-person", folder)
    lines, best = [f"nfi at its default: {ours}"], 0.0
    for words, model in models.items():
        theirs = splink_side.scored(records, model)
        ways = {"pairs": best_pairs(records, theirs), "clusters": best_clusters(records, theirs)}
        best = max([best, *(found.f1 for found in ways.values())])
        if len(records.files) > 1:
            ways["one to one"] = best_single_links(records, theirs)
        lines.append(f"splink {words}")
        lines += [f"  {way}, best by hindsight at {bits(found)}: {found}" for way, found in ways.items()]
        for probability in PROBABILITIES:
            kept = theirs.weight >= log2(probability / (1 - probability))
            found = accuracy(records, theirs.left[kept], theirs.right[kept])
            lines.append(f"  pairs of probability {probability}: {found}")
    return Compared(
        records.name,
        tuple(lines),
        f"{records.name} F1 {ours.f1:.4f} splink {best:.4f}",
        {"nfi": ours.f1, "splink": best},
    )


def bits(found: Accuracy) -> str:
    """A threshold in bits."""
    return "no pair" if found.threshold is None else f"{found.threshold:.1f} bits"


def names(records: LabelledSet, folder: Path) -> Compared:
    """Similar supplier names of nfi, and those of each scorer of rapidfuzz at its best threshold."""
    ours = run_nfi(records, "similar-creditor-names", folder)
    scorers = {name: best_scored(records, name) for name in SCORERS}
    best = max(scorers, key=lambda name: scorers[name].f1)
    lines = [f"nfi at its default: {ours}"]
    lines += [
        f"{name}, best by hindsight at {found.threshold:.2f}: {found}" for name, found in scorers.items()
    ]
    return Compared(
        records.name,
        tuple(lines),
        f"{records.name} F1 {ours.f1:.4f} rapidfuzz {scorers[best].f1:.4f} ({best})",
        {"nfi": ours.f1, "rapidfuzz": scorers[best].f1},
    )


def best_scored(records: LabelledSet, scorer: str) -> Accuracy:
    """The best F1 that any threshold gives with a plain scorer over all pairs of names."""
    texts = records.files[0]["supplier_name"].to_pylist()
    scores = process.cdist(texts, texts, scorer=SCORERS[scorer], workers=-1)
    left, right = np.triu_indices(len(texts), 1)
    weight = scores[left, right].astype(np.float64)
    likeliest = weight >= np.partition(weight, -LIKELIEST)[-LIKELIEST]
    return best_pairs(records, Pairs(left[likeliest], right[likeliest], weight[likeliest]))


def run_nfi(records: LabelledSet, report: str, folder: Path) -> Accuracy:
    """How right the pairs are that `nfi match` writes for bare files."""
    mapping = folder / f"{records.name}.map.yaml"
    mapping.write_text(records.mapping, encoding="utf-8")
    command = [sys.executable, "-m", "nfi", "match", "--report", report, "--mapping", str(mapping)]
    for number, table in enumerate(records.files, start=1):
        extract = folder / f"{records.name}-{number}.csv"
        pv.write_csv(table, extract)
        command += ["--data", f"{records.dataset}={extract}"]
    pairs = folder / f"{records.name}-pairs.csv"
    done = subprocess.run(
        [*command, "--pairs", str(pairs)], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if not pairs.exists():
        raise RuntimeError(f"nfi match gave no pairs for {records.name}: {done.stderr.strip()[-500:]}")
    return accuracy(records, *read_pairs(pairs, records))


def read_pairs(file: Path, records: LabelledSet) -> tuple[Numbers, Numbers]:
    """The numbers of the paired records: source rows begin at 2, below the headings, in each file."""
    rows = pa.int64()
    types = pv.ConvertOptions(column_types={"left_row": rows, "right_row": rows})
    table = pv.read_csv(file, convert_options=types)
    first, last = records.starts[0], records.starts[-1]
    return table["left_row"].to_numpy() - 2 + first, table["right_row"].to_numpy() - 2 + last


def payments(folder: Path) -> Compared:
    """Duplicates planted into a real ledger: how many are in the queue, and in its first cases."""
    planted = plant(there(LEDGER), folder)
    checked_from_ledger(folder / "ledger.csv", folder)
    run_match(folder)
    fared = found(pq.read_table(folder / "case-records.parquet"), planted)
    figures = {"in queue": recall(fared), f"in the first {FIRST}": recall(fared, FIRST)}
    said = " ".join(f"{name} {share:.3f}" for name, share in figures.items())
    return Compared("payments", tuple(lines_of(fared)), f"payments recall {said}", figures)


SETS: Mapping[str, Callable[[Path], Compared]] = {
    "febrl3": lambda folder: people(febrl3(folder), splink_side.febrl(), folder),
    "febrl4": lambda folder: people(febrl4(folder), splink_side.febrl(), folder),
    "ons": lambda folder: people(ons(), splink_side.people_with_post_codes(), folder),
    "ons-two-files": lambda folder: people(ons_two_files(), splink_side.people_with_post_codes(), folder),
    "fake": lambda folder: people(fake(), splink_side.people_with_email(), folder),
    "charity-names": lambda folder: names(charity_names(), folder),
    "payments": payments,
}


def compared(chosen: Mapping[str, Callable[[Path], Compared]], folder: Path) -> Iterator[Compared]:
    """Each set's figures; a set that is not on this machine is left out, with a word."""
    for name, compare in chosen.items():
        try:
            yield compare(folder)
        except NoSuchData as fault:
            print(f"{name} left out: {fault}", file=sys.stderr)


def main() -> None:
    """Read the options, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", action="append", choices=SETS, help="only this one; may be given again")
    parser.add_argument("--folder", type=Path, help="where to keep what is fetched and written")
    parser.add_argument("--json", action="store_true", help="figures for machines")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        done = []
        for each in compared({name: SETS[name] for name in chosen.set or SETS}, folder):
            done.append(each)
            if not chosen.json:
                print(each.name, *each.lines, sep="\n  ", flush=True)
    if chosen.json:
        print(json.dumps({each.name: each.figures for each in done}, indent=2))
        return
    for each in done:
        print(each.last)


if __name__ == "__main__":
    main()
