"""The language model behind any OpenAI-compatible endpoint; the only room that opens a socket.

It knows nothing about budgets: a request is a schema with its messages, an answer is a filled schema or
the reason why there is none. One layer retries transport faults (tenacity, under instructor), one layer
re-asks once where the reply does not fit the schema (instructor). What an endpoint lacks is found once:
JSON_SCHEMA, then JSON, then MD_JSON.
"""

from budget_llm.model.client import Model
from budget_llm.model.request import REPLAY_URL, Answer, LanguageModel, Request, replaying

__all__ = ["REPLAY_URL", "Answer", "LanguageModel", "Model", "Request", "replaying"]
