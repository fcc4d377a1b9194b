"""How alike two texts are, character by character (rapidfuzz's normalised Indel similarity)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from matching.similar.words import Floats, Integers

NEIGHBOURS = 50
"""Within a block each text is compared with at most this many that follow it in alphabetical order."""
_ENDS = 4
"""Characters at the beginning and at the end by which a text is found besides its words."""


class Characters:
    """Texts ready to be compared with one another."""

    neighbours = NEIGHBOURS

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = np.array(texts, dtype=object)

    def blocks(self) -> pa.Table:
        """Which texts may be alike: `text` (place in the list), `block`: a word, the beginning, the end."""
        texts = pa.array(self.texts, pa.string())
        nodes = pa.array(range(len(texts)), pa.int64())
        split = pc.split_pattern(texts, " ")
        begins = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, _ENDS), "…", "")
        ends = pc.binary_join_element_wise("…", pc.utf8_slice_codeunits(texts, -_ENDS), "")
        node = pa.concat_arrays([pc.list_parent_indices(split).cast(pa.int64()), nodes, nodes])
        block = pa.concat_arrays([split.flatten(), begins, ends])
        return pa.table({"text": node, "block": block}).group_by(["text", "block"]).aggregate([])

    def score(self, first: Integers, second: Integers, least: float) -> Floats:
        """The similarity of texts by their places in the list, 0 to 1 either way round; 0 below `least`."""
        return cpdist(
            self.texts[first],
            self.texts[second],
            scorer=Indel.normalized_similarity,
            score_cutoff=least,
            dtype=np.float64,
            workers=-1,
        )
