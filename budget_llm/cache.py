"""Answers kept on disk, so that a second run makes no call; on diskcache, made safe.

diskcache unpickles what it finds in its folder, so whoever can write there could run code
(CVE-2025-69872). This cache stores bytes under text keys only, and refuses every row and every file
that it would not itself have written. A corrupt database counts as an empty one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import diskcache
from diskcache.core import MODE_BINARY, MODE_RAW

from budget_llm.replies import NoCompletionError, parse_completion

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

_VERSION = 2
_FILE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{28}\.val")
_log = logging.getLogger("budget_llm.cache")


class RawDisk(diskcache.Disk):  # type: ignore[misc]
    """A diskcache disk that stores bytes under text keys and never unpickles."""

    def put(self, key: Any) -> tuple[Any, bool]:
        """Return a text key as it is stored; any other key is a TypeError."""
        if not isinstance(key, str):
            raise TypeError(f"expected a text key, found {type(key).__name__}")
        return key, True

    def get(self, key: Any, raw: bool) -> Any:
        """Return a stored key; refuse what is not raw text."""
        if not raw or not isinstance(key, str):
            raise sqlite3.DatabaseError("refused a key that this cache did not write")
        return key

    def store(self, value: Any, read: bool, key: Any = diskcache.core.UNKNOWN) -> Any:
        """Store bytes; any other value is a TypeError."""
        if not isinstance(value, bytes) or read:
            raise TypeError(f"expected bytes, found {type(value).__name__}")
        return super().store(value, read, key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """Return stored bytes; refuse every other mode and every file name not of this cache's making."""
        if mode == MODE_RAW and isinstance(value, bytes):
            return value
        if mode == MODE_BINARY and filename and _FILE.fullmatch(filename.replace("\\", "/")):
            return super().fetch(mode, filename, value, read)
        raise sqlite3.DatabaseError("refused a value that this cache did not write")

    def remove(self, file_path: str) -> None:
        """Remove a file of this cache's making; a row may name any other."""
        if _FILE.fullmatch(file_path.replace("\\", "/")):
            super().remove(file_path)


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """How many answers a cache holds, how many bytes they take on disk, and where."""

    entries: int
    bytes: int
    folder: Path


class CompletionCache:
    """Completions by everything that decides them: endpoint, model, parameters, messages, schema."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._cache: Any = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            self._cache = diskcache.Cache(str(self.folder), disk=RawDisk, eviction_policy="none", cull_limit=0)
        except (sqlite3.DatabaseError, OSError) as error:
            self._lost(error)

    @staticmethod
    def key(endpoint: str, parameters: Mapping[str, Any]) -> str:
        """Return the digest of a request; the API key and the clock are no part of it."""
        canonical = json.dumps([_VERSION, endpoint, parameters], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def get(self, key: str) -> ChatCompletion | None:
        """Return the completion kept under `key`; None without one, or where it cannot be read."""
        try:
            stored = self._cache.get(key) if self._cache is not None else None
            return parse_completion(stored) if stored else None
        except (sqlite3.DatabaseError, OSError, NoCompletionError) as error:
            self._lost(error)
            return None

    def put(self, key: str, completion: ChatCompletion) -> None:
        """Keep a completion; a cache that cannot be written is reported and passed over."""
        try:
            if self._cache is not None:
                self._cache.set(key, completion.model_dump_json(exclude_none=True, warnings=False).encode())
        except (sqlite3.DatabaseError, OSError) as error:
            self._lost(error)

    def info(self) -> CacheInfo:
        """Return how much is kept; nothing where the cache cannot be read."""
        try:
            if self._cache is not None:
                return CacheInfo(len(self._cache), self._cache.volume(), self.folder)
        except (sqlite3.DatabaseError, OSError) as error:
            self._lost(error)
        return CacheInfo(0, 0, self.folder)

    def clear(self) -> int:
        """Forget every answer and return how many there were; a cache that cannot be read is reported and stays."""
        try:
            return int(self._cache.clear()) if self._cache is not None else 0
        except (sqlite3.DatabaseError, OSError) as error:
            self._lost(error)
            return 0

    def close(self) -> None:
        """Close the database."""
        if self._cache is not None:
            self._cache.close()

    def _lost(self, error: Exception) -> None:
        _log.warning(
            "the answer cache %s cannot be used (%s); the model is asked again; delete the folder to start anew",
            self.folder, type(error).__name__,
        )  # fmt: skip
