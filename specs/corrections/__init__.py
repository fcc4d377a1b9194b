"""Corrections that are safe to make in an extract, made only with the user's consent.

In: the mapped records of an extract, as text, twice: once to see what its columns prove
(`CorrectionSurvey`), once to correct them (`Corrections`). Out: the same records corrected, and every
changed cell with what stood there before and after. What each correction is called, what it does, why it
is safe and which fields it applies to stands in corrections.yaml under its code.
"""

from specs.corrections.change_log import CHANGES, write_changes
from specs.corrections.corrected_extract import write_corrected
from specs.corrections.decisions import Corrections, Decision
from specs.corrections.descriptions import correction_descriptions
from specs.corrections.survey import CorrectionSurvey

__all__ = [
    "CHANGES",
    "CorrectionSurvey",
    "Corrections",
    "Decision",
    "correction_descriptions",
    "write_changes",
    "write_corrected",
]
