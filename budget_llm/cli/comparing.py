"""`budget-llm compare PATH PATH`: two disclosures of one body, read by rules alone, and what does not agree between them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budget_llm.cli.wording import DONE

if TYPE_CHECKING:
    from budget_llm.comparison import Comparison
    from budget_llm.facts import Finding, Language


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("compare", help="tell what does not agree between two disclosures of one body")
    parser.set_defaults(run=run)
    parser.add_argument(
        "paths",
        nargs=2,
        type=Path,
        metavar="PATH",
        help="a year and the next, a budget and its final accounts, or two publications of one; in any order",
    )
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the messages (default: zh)")
    parser.add_argument(
        "--format", choices=("table", "json"), default="table", help="how to show the findings (default: table)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE instead of standard output")


def run(options: argparse.Namespace) -> int:
    """Read both by rules alone, write what was found, and return the exit code; raise InputError for what cannot be compared."""
    from budget_llm.comparison import comparison_of
    from budget_llm.export import write_whole
    from budget_llm.extraction import extract

    one, other = (extract(path, "none") for path in options.paths)
    comparison = comparison_of(one, other)
    if options.format == "json":
        shown = json.dumps(_to_dict(comparison, options.language), ensure_ascii=False, indent=1) + "\n"
    else:
        shown = "\n".join(_lines(comparison, options.language)) + "\n"
    if options.output is not None:
        write_whole(options.output, shown)
    else:
        sys.stdout.write(shown)
    return DONE


def _to_dict(comparison: Comparison, language: Language) -> dict[str, Any]:
    """Return both documents in their order, the number of comparisons, and the findings."""
    from budget_llm.export import finding_to_dict

    sides = (comparison.pair.first, comparison.pair.second)
    return {
        "documents": [asdict(side.disclosure.document) for side in sides],
        "compared": comparison.compared,
        "findings": [finding_to_dict(finding.told_in(language)) for finding in comparison.findings],
    }


def _lines(comparison: Comparison, language: Language) -> Iterator[str]:
    pair = comparison.pair
    for side in (pair.first, pair.second):
        organisation = side.disclosure.document.organisation or side.disclosure.organisation.name
        yield f"{' '.join(part for part in (organisation, side.titles[0]) if part)} · {side.name}"
    yield ""
    yield f"Findings ({len(comparison.findings)})" if comparison.findings else "Findings: none"
    for finding in comparison.findings:
        yield f"  {finding.severity:<8}  {finding.rule}  {finding.told_in(language).message}{_where(comparison, finding)}"
    yield ""
    yield f"Compared  {comparison.compared} statements by rules alone"


def _where(comparison: Comparison, finding: Finding) -> str:
    """Return the places of a finding by document: pages where the format has pages, else lines."""
    told = []
    for side in (comparison.pair.second, comparison.pair.first):
        document = side.disclosure.original
        own = [place.start for place in finding.places if place.document == side.name]
        numbers = dict.fromkeys(document.page(start) or document.line(start) for start in own)
        if own:
            told.append(f"{side.name} {'page' if document.pages else 'line'} {', '.join(map(str, numbers))}")
    return f"  [{'; '.join(told)}]" if told else ""
