"""What every test stands on: no environment of the developer, the examples, the material beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.txt"))
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees an endpoint or a key of the machine that it runs on."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "BUDGET_LLM_MODEL", "OPENAI_ORG_ID", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shared() -> Path:
    """The folder of real disclosures beside the project; tests over it skip where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the real disclosures (../shared) are not on this machine")
    return SHARED
