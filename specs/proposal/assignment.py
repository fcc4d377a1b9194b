"""Who takes what, so that the sum of all scores is as large as it can be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def best_assignment(scores: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that it takes, or None; no column is taken twice.

    The sum of the scores taken is the largest there is; a score of nought or less is never taken. Equal
    input gives equal output.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957): rows squared times columns in time.
    Each row has a column of its own that scores nought, so that it can go without.

    Args:
        scores: a row for each who takes, all of one length.
    """
    if not scores or not len(scores[0]):
        return [None] * len(scores)
    given = np.asarray(scores, dtype=np.float64)
    rows, columns = given.shape
    cost = np.hstack([np.where(given > 0, -given, np.inf), np.full((rows, rows), np.inf)])
    cost[np.arange(rows), columns + np.arange(rows)] = 0.0
    width = columns + rows
    row_price, column_price = np.zeros(rows), np.zeros(width + 1)
    taken_by = np.full(width + 1, -1)  # the last place stands for the row that is being placed
    for row in range(rows):
        taken_by[width] = row
        column = width
        shortest = np.full(width, np.inf)
        came_from = np.full(width, width)
        visited = np.zeros(width + 1, dtype=np.bool_)
        while taken_by[column] != -1:
            visited[column] = True
            current = taken_by[column]
            reduced = cost[current] - row_price[current] - column_price[:width]
            better = ~visited[:width] & (reduced < shortest)
            shortest[better] = reduced[better]
            came_from[better] = column
            free = np.where(visited[:width], np.inf, shortest)
            following = int(np.argmin(free))
            step = free[following]
            row_price[taken_by[visited]] += step
            column_price[visited] -= step
            shortest[~visited[:width]] -= step
            column = following
        while column != width:
            before = int(came_from[column])
            taken_by[column] = taken_by[before]
            column = before
    chosen: list[int | None] = [None] * rows
    for column in range(columns):
        if taken_by[column] != -1:
            chosen[int(taken_by[column])] = column
    return chosen
