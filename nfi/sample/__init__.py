"""Synthetic extracts with an answer key: `make_sample` writes them, the other modules make their parts."""

from nfi.sample.make import LEAST, MOST, SampleRefused, SampleSummary, make_sample

__all__ = ["LEAST", "MOST", "SampleRefused", "SampleSummary", "make_sample"]
