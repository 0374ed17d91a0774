"""The layouts that were met: routes of sections and maps of tables by signature, so that the next document of the
same layout costs no call.

In memory, and as one JSON file per layout where a folder is given. A file is data: it is validated like an answer
of the model, and what is not of this making is passed over with a line in the log.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal, TypeVar
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, ValidationError

from budget_llm.layouts.answers import RoutedTopic, TableMap

_VERSION = 1
_LARGEST = 1_000_000
_log = logging.getLogger("budget_llm.layouts")


class KeptRoutes(BaseModel):
    """The topic of each heading (`signatures.section_key`) of a set."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    topics: dict[str, RoutedTopic]


class KeptMap(BaseModel):
    """The map of a table's layout with the fiscal year it was made for, and why it was refused where it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    map: TableMap
    year: int | None
    refused: str | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: Literal[1]
    kind: Literal["routes", "map"]
    signature: str
    kept: KeptRoutes | KeptMap


_Kept = TypeVar("_Kept", KeptRoutes, KeptMap)


class LayoutMemory:
    """Routes and maps by signature; `folder` keeps them from one run to the next.

    Share one over many documents. A map that was refused is kept as refused and not asked for again.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self._known: dict[tuple[str, str], KeptRoutes | KeptMap] = {}
        self._folder = None if folder is None else Path(folder)
        self._asking: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()

    @asynccontextmanager
    async def learning(self, signatures: Iterable[str]) -> AsyncIterator[bool]:
        """Keep others from asking about the same layouts; tell whether somebody asked before: then more is known now."""
        locks = self._asking.setdefault(asyncio.get_running_loop(), {})
        waited = False
        async with AsyncExitStack() as held:
            for signature in sorted(set(signatures)):  # in one order, so that no two wait for each other
                lock = locks.setdefault(signature, asyncio.Lock())
                waited = waited or lock.locked()
                await held.enter_async_context(lock)
            yield waited

    def routes(self, signature: str) -> KeptRoutes | None:
        """Return the topics kept for a set of headings."""
        return self._get("routes", signature, KeptRoutes)

    def map(self, signature: str) -> KeptMap | None:
        """Return the map kept for a table's layout."""
        return self._get("map", signature, KeptMap)

    def keep_routes(self, signature: str, kept: KeptRoutes) -> None:
        """Keep the topics of a set of headings."""
        self._put("routes", signature, kept)

    def keep_map(self, signature: str, kept: KeptMap) -> None:
        """Keep a map, accepted or refused."""
        self._put("map", signature, kept)

    def _get(self, kind: Literal["routes", "map"], signature: str, form: type[_Kept]) -> _Kept | None:
        kept = self._known.get((kind, signature)) or self._stored(kind, signature)
        if not isinstance(kept, form):
            return None
        self._known[kind, signature] = kept
        return kept

    def _stored(self, kind: str, signature: str) -> KeptRoutes | KeptMap | None:
        path = self._path(kind, signature)
        try:
            if path is None or not path.is_file():
                return None
            if path.stat().st_size > _LARGEST:
                _log.warning("layout file %s passed over: larger than any layout; it is asked for again", path.name)
                return None
            file = _File.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            _log.warning("layout file passed over (%s): it is asked for again", type(error).__name__)
            return None
        if (file.kind, file.signature) != (kind, signature):
            _log.warning("layout file %s passed over: it is of another layout; it is asked for again", path.name)
            return None
        return file.kept

    def _put(self, kind: Literal["routes", "map"], signature: str, kept: KeptRoutes | KeptMap) -> None:
        self._known[kind, signature] = kept
        path = self._path(kind, signature)
        if path is None:
            return
        content = {
            "version": _VERSION,
            "kind": kind,
            "signature": signature,
            "kept": kept.model_dump(exclude_none=True),
        }
        if "year" not in content["kept"] and kind == "map":  # type: ignore[operator]
            content["kept"]["year"] = None  # type: ignore[index]
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(path, json.dumps(content, ensure_ascii=False, indent=1))
        except OSError as error:
            _log.warning("layout not kept on disk (%s); it is known until this program ends", type(error).__name__)

    def _path(self, kind: str, signature: str) -> Path | None:
        name = f"{kind}-{hashlib.sha256(signature.encode()).hexdigest()[:32]}.json"
        return None if self._folder is None else self._folder / name


def _write(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
