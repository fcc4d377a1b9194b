"""The pairs of a match as CSV, for programs: rows of the extracts, weight and probability; no values."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from specs.errors import NfiError, OutputUnwritable

HEADINGS = ("report", "left_row", "right_row", "weight", "probability")
_ROWS_AT_A_TIME = 50_000
_WEIGHT_DECIMALS, _PROBABILITY_DECIMALS = 6, 9


class PairsMisplaced(NfiError):
    """The file for the pairs is one that the match reads."""

    exit_code = 2


def check_pairs_place(path: Path, inputs: tuple[Path, ...]) -> None:
    """See that a list of pairs may be written to a place, before any work is done.

    Args:
        path: where it is to go.
        inputs: the files that the match reads.

    Raises:
        PairsMisplaced: it is one of the inputs.
        OutputUnwritable: a folder is there, or a file that is no list of pairs.
    """
    if any(path.resolve() == each.resolve() for each in inputs):
        raise PairsMisplaced(f"{path}: is read by this match. Choose another place for the pairs.")
    if path.is_dir():
        raise OutputUnwritable(f"{path}: is a folder. Name a file in it, such as {path / 'pairs.csv'}.")
    if path.exists() and not _holds_pairs(path):
        raise OutputUnwritable(
            f"{path}: is there already and is no list of pairs. Choose another place, or remove it first."
        )


def _holds_pairs(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first = file.readline(200)
    except OSError as fault:
        raise OutputUnwritable(
            f"{path}: cannot be read ({fault.strerror}), so nothing is written over it. Choose another place."
        ) from fault
    return first.strip() in {b"", ",".join(HEADINGS).encode()}


def write_pairs(path: Path, pairs: pa.Table) -> None:
    """Write PAIRS as CSV: UTF-8, in the order of the cases; weights in bits, probabilities 0 to 1.

    Args:
        path: a file that is open to nobody else; what is there goes.
        pairs: columns of `matching.pairs.PAIRS`.
    """
    shown = pairs.select(HEADINGS)
    schema = pa.schema([shown.schema.field(name).with_nullable(True) for name in HEADINGS])
    options = pacsv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file, pacsv.CSVWriter(file, schema, write_options=options) as writer:
        file.write(f"{','.join(HEADINGS)}\n".encode())  # pyarrow would put them in quotation marks
        for batch in shown.to_batches(max_chunksize=_ROWS_AT_A_TIME):
            weight = pc.round(batch["weight"], _WEIGHT_DECIMALS)
            probability = pc.round(batch["probability"], _PROBABILITY_DECIMALS)
            writer.write_batch(
                pa.RecordBatch.from_arrays([*batch.columns[:3], weight, probability], schema=schema)
            )
