"""Precision and recall of pairs, and the best that any threshold would give by hindsight."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.labelled import LabelledSet, Numbers


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs that a matcher proposes, the numbers of their records and their weight; more is likelier."""

    left: Numbers
    right: Numbers
    weight: np.ndarray[tuple[int], np.dtype[np.float64]]

    def strongest_first(self) -> Pairs:
        """The same pairs, the likeliest first, ties by record."""
        order = np.lexsort((self.right, self.left, -self.weight))
        return Pairs(self.left[order], self.right[order], self.weight[order])


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How pairs compare with the true ones."""

    right: int
    """True pairs that were found."""
    found: int
    true: int
    threshold: float | None = None
    """The least weight that counts, where one was chosen."""

    @property
    def precision(self) -> float:
        """Share of the found pairs that are true; 1 where none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else 1.0

    def __str__(self) -> str:
        """'F1 0.9812 (precision 0.9901, recall 0.9725)'."""
        return f"F1 {self.f1:.4f} (precision {self.precision:.4f}, recall {self.recall:.4f})"


def true_pairs(records: LabelledSet) -> int:
    """How many pairs of records are the same; of two files, only those across them."""
    return _pairs_within(records.entity, records.file_of if len(records.files) > 1 else None)


def accuracy(records: LabelledSet, left: Numbers, right: Numbers) -> Accuracy:
    """How pairs compare with the truth; a pair given twice, or the other way round, counts once."""
    lower, upper = np.minimum(left, right), np.maximum(left, right)
    once = np.unique(np.stack([lower, upper], axis=1), axis=0) if len(left) else np.empty((0, 2), np.int64)
    good = int(np.count_nonzero(records.entity[once[:, 0]] == records.entity[once[:, 1]]))
    return Accuracy(good, len(once), true_pairs(records))


def best_pairs(records: LabelledSet, pairs: Pairs) -> Accuracy:
    """The best F1 of all pairs of at least some weight, whatever that weight is."""
    ranked = pairs.strongest_first()
    good = np.cumsum(records.entity[ranked.left] == records.entity[ranked.right])
    return _best(good, np.arange(1, len(good) + 1), ranked.weight, true_pairs(records))


def best_clusters(records: LabelledSet, pairs: Pairs) -> Accuracy:
    """The same where those pairs join records to clusters, and every pair in a cluster counts."""
    ranked = pairs.strongest_first()
    forest = Forest(records)
    good, found = np.empty(len(ranked.left), np.int64), np.empty(len(ranked.left), np.int64)
    for place, (left, right) in enumerate(zip(ranked.left.tolist(), ranked.right.tolist(), strict=True)):
        forest.join(left, right)
        good[place], found[place] = forest.good, forest.found
    return _best(good, found, ranked.weight, true_pairs(records))


def best_single_links(records: LabelledSet, pairs: Pairs) -> Accuracy:
    """The same where of two files each record keeps only its likeliest partner that is still free."""
    ranked = pairs.strongest_first()
    taken: set[int] = set()
    kept = []
    for place, (left, right) in enumerate(zip(ranked.left.tolist(), ranked.right.tolist(), strict=True)):
        if left not in taken and right not in taken:
            taken.update((left, right))
            kept.append(place)
    chosen = np.array(kept, np.int64)
    return best_pairs(records, Pairs(ranked.left[chosen], ranked.right[chosen], ranked.weight[chosen]))


class Forest:
    """Clusters that grow pair by pair, and how many pairs they hold by now."""

    def __init__(self, records: LabelledSet) -> None:
        """Each record begins alone."""
        self.good = self.found = 0
        self._parent = list(range(len(records.entity)))
        self._two = len(records.files) > 1
        file_of = records.file_of.tolist()
        self._people = [Counter({(e, f): 1}) for e, f in zip(records.entity.tolist(), file_of, strict=True)]
        self._files = [Counter({f: 1}) for f in file_of]

    def join(self, left: int, right: int) -> None:
        """Make one cluster of two records' clusters."""
        left, right = self._root(left), self._root(right)
        if left == right:
            return
        if len(self._people[left]) < len(self._people[right]):
            left, right = right, left
        ours, theirs = self._people[left], self._people[right]
        for (entity, file), count in theirs.items():
            facing = (1 - file,) if self._two else (file,)
            self.good += count * sum(ours[entity, other] for other in facing)
        for file, count in self._files[right].items():
            facing = (1 - file,) if self._two else (file,)
            self.found += count * sum(self._files[left][other] for other in facing)
        ours.update(theirs)
        self._files[left].update(self._files[right])
        self._people[right].clear()
        self._parent[right] = left

    def _root(self, record: int) -> int:
        while self._parent[record] != record:
            self._parent[record] = self._parent[self._parent[record]]
            record = self._parent[record]
        return record


def _best(good: Numbers, found: Numbers, weight: np.ndarray, true: int) -> Accuracy:
    if not len(weight):
        return Accuracy(0, 0, true)
    last_of_its_weight = np.append(weight[1:] != weight[:-1], True)
    f1 = np.where(last_of_its_weight, 2 * good / np.maximum(found + true, 1), -1)
    best = int(np.argmax(f1))
    return Accuracy(int(good[best]), int(found[best]), true, float(weight[best]))


def _pairs_within(entity: Numbers, file_of: Numbers | None) -> int:
    if file_of is None:
        sizes = np.unique(entity, return_counts=True)[1]
        return int((sizes * (sizes - 1) // 2).sum())
    counts = pa.table({"entity": entity, "file": file_of})
    sizes = counts.group_by("entity").aggregate([("file", "count"), ("file", "sum")])
    second = sizes["file_sum"]
    return int(pc.sum(pc.multiply(second, pc.subtract(sizes["file_count"], second))).as_py() or 0)
