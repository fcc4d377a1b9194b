"""What the documents say can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from matching.report import all_reports
from nfi.app import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def typed_commands() -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        for block in re.findall(r"^ *```\w*\n(.*?)^ *```", document.read_text(encoding="utf-8"), re.S | re.M):
            for line in block.splitlines():
                if line.strip().startswith("nfi "):
                    yield document.name, line.strip()


@pytest.mark.parametrize(("document", "line"), [*typed_commands()])
def test_a_command_in_the_documents_exists_with_its_options(document: str, line: str) -> None:
    _, *words = shlex.split(line, comments=True)
    command = get_command(app)
    while words and hasattr(command, "commands") and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert not hasattr(command, "commands"), f"{document}: no such command"
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word.split("=")[0] for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_report_is_described_to_officers() -> None:
    described = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert [report.id for report in all_reports() if report.id not in described] == []
