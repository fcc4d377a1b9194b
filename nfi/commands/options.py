"""Options that mean the same thing in every command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nfi.workspace import DEFAULT_FOLDER

Out = Annotated[
    Path,
    typer.Option("--out", "-o", metavar="DIR", help="The folder that nfi works in; made if it is missing."),
]
Workspace = Annotated[
    Path,
    typer.Argument(metavar="[DIR]", help="The folder that `nfi check` worked in (its --out)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON for other programs.")]

OUT = DEFAULT_FOLDER
