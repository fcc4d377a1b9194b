"""Is a package what its manifest says, and would it come out the same today?

A package that is open comes in; a verdict on each thing that was compared goes out, as a model, as JSON or as
a page. Nothing here reads an extract: `nfi.repeating` does, and adds what it found.
"""

from outputs.verify.page import require_fit_report, verification_json, verification_page, write_report
from outputs.verify.places import Difference, in_bytes, in_json, in_records
from outputs.verify.settings import CheckSettings, check_settings
from outputs.verify.verdict import Area, State, Verdict, Verification, same_or_differs
from outputs.verify.verification import Opened, opened_for_use, verification

__all__ = [
    "Area",
    "CheckSettings",
    "Difference",
    "Opened",
    "State",
    "Verdict",
    "Verification",
    "check_settings",
    "in_bytes",
    "in_json",
    "in_records",
    "opened_for_use",
    "require_fit_report",
    "same_or_differs",
    "verification",
    "verification_json",
    "verification_page",
    "write_report",
]
