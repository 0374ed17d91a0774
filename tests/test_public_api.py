"""The public surface, what importing costs, and which module may know which."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import budget_llm
from tests.conftest import ROOT

PACKAGE = ROOT / "budget_llm"

PUBLIC = [
    "Budget",
    "BudgetLLMError",
    "Disclosure",
    "Document",
    "Fact",
    "Finding",
    "InputError",
    "Lexicon",
    "LexiconError",
    "Limits",
    "Model",
    "ModelError",
    "Prices",
    "aextract",
    "aextract_many",
    "cassette",
    "compare",
    "estimate",
    "extract",
    "extract_many",
]


def test_the_public_names_are_these() -> None:
    """About ten, sorted, all there."""
    assert budget_llm.__all__ == PUBLIC == sorted(PUBLIC)
    assert all(getattr(budget_llm, name) is not None for name in PUBLIC)
    assert dir(budget_llm) == PUBLIC
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = budget_llm.nothing


def run(code: str) -> str:
    """Run code in a fresh interpreter."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_package_loads_nothing_heavy() -> None:
    """None of openai, instructor, pydantic, httpx2, vcr, diskcache before it is needed."""
    code = (
        "import sys, budget_llm; "
        "print([m for m in ('openai', 'instructor', 'pydantic', 'httpx2', 'vcr', 'diskcache', 'yaml', 'pypdfium2', 'docx', 'lxml', "
        "'python_calamine', 'selectolax') if m in sys.modules])"
    )
    assert run(code) == "[]"


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "html", "txt"])
def test_each_format_loads_only_its_own_library(kind: str) -> None:
    """A PDF needs no Word library, a text none at all."""
    own = {"pdf": "pypdfium2", "docx": "docx", "xlsx": "python_calamine", "html": "selectolax"}
    folder = "examples" if kind == "txt" else "tests/renderings"
    code = (
        f"import sys; from budget_llm.formats import load; load({str(ROOT / folder / f'budget-prose-2025.{kind}')!r}); "
        f"print(sorted(m for m in {sorted(own.values())!r} if m in sys.modules))"
    )
    assert run(code) == str([own[kind]] if kind in own else [])


def test_reading_by_rules_loads_no_client() -> None:
    """Without a model neither openai nor instructor is imported."""
    code = (
        "import sys, budget_llm; budget_llm.extract(budget_llm.Document.from_text('收入预算1万元。'), 'none'); "
        "print([m for m in ('openai', 'instructor', 'httpx2', 'vcr', 'diskcache') if m in sys.modules])"
    )
    assert run(code) == "[]"


def test_functions_are_not_hidden_by_modules() -> None:
    """Importing a submodule first does not turn `budget_llm.extract` into a module."""
    code = "from budget_llm.extraction import aextract; import budget_llm; print(callable(budget_llm.extract))"
    assert run(code) == "True"


# Which modules of the package each may import; a folder stands for its modules.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "quantities": {"lexicon"},
    "usage": set(),
    "prices": {"errors", "usage"},
    "spending": {"errors", "model", "prices", "usage"},
    "transport": set(),
    "replies": {"errors"},
    "facts": set(),
    "asides": {"quantities"},
    "concepts": set(),
    "normal_form": set(),
    "tables": {"lexicon", "normal_form", "tables"},
    "plain_tables": {"lexicon", "normal_form", "plain_tables", "quantities", "tables"},
    "document": {"errors", "plain_tables", "tables"},
    "formats": {"document", "errors", "formats", "tables"},
    "sections": {"lexicon", "normal_form", "document", "tables"},
    "scopes": {"lexicon", "normal_form", "sections"},
    "schemas": set(),
    "prompts": {"errors"},
    "cache": {"replies"},
    "model": {"cache", "errors", "model", "replies", "transport", "usage"},
    "wire": {"schemas"},
    "chunks": {"document", "sections", "tables"},
    "rules": {"asides", "lexicon", "normal_form", "facts", "page_ends", "quantities", "rules", "scopes", "sections", "tables"},
    "read_by_rule": {"lexicon", "normal_form", "document", "facts", "rules", "scopes", "sections", "tables"},
    "claims": {"lexicon", "normal_form", "facts", "quantities", "schemas"},
    "stretches": {"asides", "claims", "lexicon", "normal_form", "document", "quantities"},
    "locate": {"claims", "normal_form", "document", "quantities", "stretches"},
    "support": {"claims", "lexicon", "normal_form", "document", "locate", "scopes", "sections"},
    "read_by_model": {
        "chunks", "claims", "normal_form", "document", "errors", "facts", "locate", "model", "prompts", "schemas", "scopes", "sections", "support",
        "usage", "wire",
    },
    "layouts": {
        "concepts", "document", "facts", "layouts", "lexicon", "model", "normal_form", "prompts", "quantities", "read_by_model", "schemas",
        "scopes", "sections", "tables", "usage",
    },
    "ordered": {"facts", "quantities"},
    "statements": {"lexicon", "normal_form", "document", "facts", "ordered"},
    "identities": {"document", "facts", "identities", "lexicon", "normal_form", "ordered", "quantities", "statements", "tables"},
    "second_look": {"chunks", "document", "errors", "facts", "model", "normal_form", "read_by_model", "sections", "usage", "wire"},
    "escalation": {"coverage", "document", "duties", "facts", "identities", "organisations", "sections"},
    "document_checks": {"document", "document_checks", "facts", "normal_form", "records", "sections", "tables"},
    "instructions": {"document", "facts"},
    "diagnosis": {"facts", "locate", "normal_form", "quantities", "read_by_model"},
    "crosscheck": {"diagnosis", "facts", "normal_form", "quantities", "read_by_model", "scopes"},
    "languages": {"errors", "facts"},
    "precedence": {"document", "errors", "facts", "identities"},
    "coverage": {"asides", "lexicon", "normal_form", "document", "facts", "quantities", "sections", "tables"},
    "duties": {"chunks", "lexicon", "normal_form", "document", "facts", "quantities", "schemas", "sections"},
    "organisations": {"document", "sections"},
    "records": {"document", "sections", "titles"},
    "titles": {"organisations"},
    "page_ends": set(),
    "assemble": {"document", "duties", "facts", "quantities", "schemas"},
    "disclosure": {"coverage", "document", "export", "facts", "report", "schemas", "usage"},
    "export": {"disclosure", "errors", "facts", "tables", "usage"},
    "report": {"disclosure", "facts", "usage"},
    "comparison": {"comparison", "disclosure", "errors", "facts", "identities", "languages", "normal_form", "ordered", "quantities"},
    "results": {
        "assemble", "coverage", "disclosure", "document", "document_checks", "duties", "facts", "identities", "instructions", "model", "organisations", "precedence", "prices",
        "read_by_model", "read_by_rule", "records", "schemas", "sections", "usage",
    },
    "extraction": {
        "chunks", "crosscheck", "disclosure", "document", "errors", "escalation", "facts", "formats", "languages", "layouts", "lexicon", "model", "precedence",
        "read_by_model", "read_by_rule", "records", "results", "second_look", "sections", "spending",
    },
    "estimates": {
        "chunks", "document", "escalation", "extraction", "formats", "lexicon", "model", "prices", "read_by_model", "read_by_rule", "records", "sections", "spending", "usage",
    },
    "batch": {
        "disclosure", "errors", "extraction", "facts", "formats", "layouts", "lexicon", "model", "precedence", "prices", "spending", "usage",
    },
    "cassettes": {"errors", "model"},
    "testing": {"cassettes", "errors"},
    "cli": {
        "batch", "cache", "cassettes", "cli", "comparison", "disclosure", "errors", "estimates", "export", "extraction", "facts", "formats", "lexicon", "model", "prices", "report", "spending", "usage",
    },
    "lexicon": {"concepts", "errors", "lexicon", "normal_form"},
    "__main__": {"cli"},
    "__init__": {
        "batch", "cassettes", "comparison", "disclosure", "document", "errors", "estimates", "extraction", "facts", "formats", "lexicon", "model", "spending", "usage",
    },
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """The modules of the package that a file imports, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("budget_llm."):
            found.add(node.module.split(".")[1])
    return found


def room(path: Path) -> str:
    """The module or folder that a file belongs to."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down_only(path: Path) -> None:
    """Each module imports what the table allows it: the readers never each other, the checks never the model."""
    assert imports(path) - ALLOWED[room(path)] == set()


def reachable(start: str) -> set[str]:
    """All that a room can reach through the table."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in ALLOWED[waiting.pop()] - seen:
            seen.add(name)
            waiting.append(name)
    return seen


def test_the_absences_that_give_the_crosscheck_its_worth() -> None:
    """No reader reaches the other; identities reach no model; the client knows nothing about budgets."""
    assert not reachable("rules") & {"model", "claims", "locate", "read_by_model", "schemas"}
    assert not reachable("read_by_rule") & {"model", "claims", "locate", "read_by_model", "schemas"}
    assert not reachable("read_by_model") & {"rules", "read_by_rule"}
    assert not reachable("identities") & {"model", "read_by_model"}
    assert not reachable("comparison") & {"model", "read_by_model", "read_by_rule"}
    assert reachable("model") == {"cache", "errors", "model", "replies", "transport", "usage"}
    leaves = {"formats", "report", "cli"}
    assert {room for room, allowed in ALLOWED.items() if allowed & leaves} == {
        "batch",
        "estimates",
        "formats",
        "extraction",
        "disclosure",
        "cli",
        "__main__",
        "__init__",
    }


def test_only_the_client_opens_a_socket() -> None:
    """No other module names a library that talks to a network (cassettes patch it, in recording only)."""
    talking = ("openai", "httpx", "socket", "urllib", "requests", "aiohttp")
    for path in PACKAGE.rglob("*.py"):
        names = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        if room(path) not in ("model", "transport"):
            assert not names & set(talking), path


def test_modules_and_functions_stay_small() -> None:
    """A module under 300 lines, a function under 45: larger ones ask to be split along the domain."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 300, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno is not None:
                assert node.end_lineno - node.lineno < 45, (path, node.name)
