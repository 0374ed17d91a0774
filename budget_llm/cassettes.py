"""Recordings of the model's answers: reviewable YAML, free of secrets, matched on the whole request.

A cassette holds the JSON of each request and reply as structure, Chinese unescaped, under a neutral host;
of the headers only the content type and Retry-After are kept. A request that the cassette does not hold is
an error that says so, never a call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from budget_llm.errors import CassetteError
from budget_llm.model import replaying

_REQUEST_HEADERS = frozenset({"content-type"})
_RESPONSE_HEADERS = frozenset({"content-type", "retry-after"})
_FIRST_ERROR = 400
_DROPPED_FIELDS = ("id", "created", "system_fingerprint", "service_tier")


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Writes long texts as blocks and repeats values instead of aliasing them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


class _Serializer:
    """vcrpy's serializer interface over safe YAML with JSON bodies as structure."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        for interaction in cassette["interactions"]:
            request, response = interaction["request"], interaction["response"]
            request["body"] = _as_structure(request["body"])
            response["body"] = _as_structure(response["body"].get("string"))
            if isinstance(response["body"], dict):
                for name in _DROPPED_FIELDS:
                    response["body"].get("json", {}).pop(name, None)
        cassette["interactions"].sort(key=lambda i: json.dumps(i["request"], sort_keys=True, ensure_ascii=False))
        return yaml.dump(cassette, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6)

    @staticmethod
    def deserialize(text: str) -> Any:
        cassette = yaml.load(text, Loader=_LOADER)
        for interaction in cassette["interactions"]:
            interaction["request"]["body"] = _as_bytes(interaction["request"]["body"])
            interaction["response"]["body"] = {"string": _as_bytes(interaction["response"]["body"])}
        return cassette


def _as_structure(body: bytes | str | None) -> dict[str, Any]:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
    try:
        return {"json": json.loads(text)}
    except ValueError:
        return {"text": text}


def _as_bytes(body: dict[str, Any]) -> bytes:
    if "json" in body:
        return json.dumps(body["json"], ensure_ascii=False).encode()
    return str(body["text"]).encode()


def _clean_request(request: Any) -> Any:
    request.uri = re.sub(r"^https?://[^/]+(?:/.*)?(?=/chat/completions)", "http://llm.invalid/v1", request.uri)
    request.headers = {k: v for k, v in request.headers.items() if k.lower() in _REQUEST_HEADERS}
    return request


def _clean_response(response: dict[str, Any]) -> dict[str, Any] | None:
    """Keep what a reviewer needs of an answer; an error is no answer and is not recorded."""
    if response["status"]["code"] >= _FIRST_ERROR:
        return None
    response["headers"] = {k.lower(): v for k, v in response["headers"].items() if k.lower() in _RESPONSE_HEADERS}
    response["status"] = {"code": response["status"]["code"], "message": ""}
    return response


def _same_body(stored: Any, asked: Any) -> None:
    if _canonical(stored.body) != _canonical(asked.body):
        raise AssertionError("no recording of this request body: the prompt, the document or the model differs")


def _canonical(body: bytes | None) -> str:
    try:
        return json.dumps(json.loads(body or b""), sort_keys=True)
    except ValueError:
        return repr(body)


@contextmanager
def cassette(path: str | Path) -> Iterator[Any]:
    """Replay the recording at `path`, or make it where there is none.

    Inside the block every call of a model is answered from the file; where the file does not exist, the
    calls go to the endpoint and are written to it when the block ends. Delete the file to record again.
    While a recording is replayed, a model needs no endpoint and no key.
    One cassette at a time per process. Raises CassetteError where the file is damaged.
    """
    import vcr

    path = Path(path)
    recorded = path.exists()
    if recorded:
        model_of(path)
    recorder = vcr.VCR(
        record_mode="none" if recorded else "once", decode_compressed_response=True, serializer="review",
        before_record_request=_clean_request, before_record_response=_clean_response, match_on=("method", "same_body"),
    )  # fmt: skip
    recorder.register_serializer("review", _Serializer)
    recorder.register_matcher("same_body", _same_body)
    token = replaying.set(recorded)
    try:
        with recorder.use_cassette(str(path), allow_playback_repeats=True) as tape:
            yield tape
    finally:
        replaying.reset(token)


def model_of(path: str | Path) -> str:
    """Return the name of the model that a cassette was recorded with; raise CassetteError where it is no cassette."""
    path = Path(path)
    try:
        interactions = yaml.load(path.read_text("utf-8"), Loader=_LOADER)["interactions"]
        for interaction in interactions:
            interaction["request"]["body"].keys(), interaction["response"]["body"].keys()
        return str(interactions[0]["request"]["body"]["json"]["model"])
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror or error}; record it first") from error
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise CassetteError(
            f"{path}: expected a recorded cassette, found something else; delete it and record again"
        ) from error
