"""The answer cache: nothing planted in its folder runs, a corrupt one is survived."""

from __future__ import annotations

import pickle
import sqlite3
import stat
from pathlib import Path

import pytest
from openai.types.chat import ChatCompletion

from budget_llm.cache import CompletionCache
from tests.endpoint import completion


class Bomb:
    """Unpickling it writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.write_text, (self.path, "run"))


def chat(text: str) -> ChatCompletion:
    """A completion to keep."""
    return ChatCompletion.model_validate(completion(text))


def test_what_is_kept_comes_back_and_the_folder_is_private(tmp_path: Path) -> None:
    """Small and large completions alike; nobody else may read the folder."""
    cache = CompletionCache(tmp_path / "c")
    for key, text in (("a", "短"), ("b", "长" * 200_000)):
        cache.put(key, chat(text))
        found = cache.get(key)
        assert found is not None
        assert found.choices[0].message.content == text
    assert cache.get("absent") is None
    cache.close()
    assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        (("key", "raw", "mode", "filename"), ("a", 1, 4, None)),
        (("key", "raw", "mode", "filename"), ("a", 1, 4, "bomb.val")),
        (("key", "raw", "mode", "filename"), ("a", 1, 2, "../bomb.val")),
    ],
    ids=["pickled value", "pickled file", "foreign file"],
)
def test_planted_rows_are_refused(tmp_path: Path, columns: tuple[str, ...], values: tuple[object, ...]) -> None:
    """A pickle in the database or in a file is never loaded: the key counts as absent."""
    folder, mark = tmp_path / "c", tmp_path / "ran"
    cache = CompletionCache(folder)
    cache.put("a", chat("x"))
    cache.close()
    bomb = pickle.dumps(Bomb(mark))
    (folder / "bomb.val").write_bytes(bomb)
    (tmp_path / "bomb.val").write_bytes(bomb)
    with sqlite3.connect(folder / "cache.db") as database:
        assignments = ", ".join(f"{column} = ?" for column in columns)
        database.execute(f"UPDATE Cache SET {assignments}, value = ?", (*values, None if values[3] else bomb))
    database.close()
    again = CompletionCache(folder)
    assert again.get("a") is None
    again.close()
    assert not mark.exists()


def test_clearing_removes_no_file_that_is_not_the_caches_own(tmp_path: Path) -> None:
    """A planted row that names a file elsewhere takes its row, not the file."""
    folder, victim = tmp_path / "c", tmp_path / "victim.txt"
    victim.write_text("x")
    cache = CompletionCache(folder)
    cache.put("a", chat("x"))
    cache.close()
    with sqlite3.connect(folder / "cache.db") as database:
        database.execute("UPDATE Cache SET filename = '../victim.txt', mode = 2")
    database.close()
    again = CompletionCache(folder)
    again.put("a", chat("y"))
    with sqlite3.connect(folder / "cache.db") as database:
        database.execute("UPDATE Cache SET filename = ?, mode = 2", (str(victim),))
    database.close()
    assert again.clear() == 1
    again.close()
    assert victim.exists()


def test_info_and_clear_tell_how_much_is_kept(tmp_path: Path) -> None:
    """Answers, bytes on disk and the folder; clearing tells how many are gone, large ones with their files."""
    cache = CompletionCache(tmp_path / "c")
    for key, text in (("a", "短"), ("b", "长" * 200_000)):
        cache.put(key, chat(text))
    info = cache.info()
    assert (info.entries, info.folder) == (2, tmp_path / "c")
    assert info.bytes > 600_000
    assert cache.clear() == 2
    assert cache.get("a") is None
    assert cache.info().entries == 0
    assert not list((tmp_path / "c").rglob("*.val"))
    cache.close()


def test_a_corrupt_database_counts_as_empty(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The run goes on without the cache and says so."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"no database" * 1000)
    cache = CompletionCache(folder)
    cache.put("a", chat("x"))
    assert cache.get("a") is None
    assert (cache.info().entries, cache.clear()) == (0, 0)
    cache.close()
    assert "cannot be used" in caplog.text
    assert "delete the folder" in caplog.text


@pytest.mark.parametrize("stored", [b"", b"{}x", b'{"choices": 1}', "乱".encode("gb18030")])
def test_a_value_that_is_no_completion_counts_as_absent(tmp_path: Path, stored: bytes) -> None:
    """What is kept is validated when it is read."""
    cache = CompletionCache(tmp_path / "c")
    cache.put("a", chat("x"))
    with sqlite3.connect(tmp_path / "c" / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?", (stored,))
    database.close()
    assert cache.get("a") is None
    cache.close()


def test_the_key_covers_all_that_decides_an_answer() -> None:
    """Endpoint, model, messages and schema; equal requests share a key in any order of their fields."""
    base = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
    keys = {
        CompletionCache.key("e", base),
        CompletionCache.key("other", base),
        CompletionCache.key("e", base | {"model": "n"}),
        CompletionCache.key("e", base | {"messages": []}),
        CompletionCache.key("e", base | {"temperature": 1}),
    }
    assert len(keys) == 5
    assert CompletionCache.key("e", dict(reversed(base.items()))) == CompletionCache.key("e", base)
