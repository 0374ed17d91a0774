"""Every error that the library raises on purpose.

    BudgetLLMError
    ├── InputError            the input cannot be read: says which file, what was found, what to do
    │   ├── EmptyInputError       nothing in it
    │   └── FormatError           a kind of file that is not text of a disclosure
    ├── ModelError            the language model cannot be reached or used at all
    ├── CassetteError         a recording is missing, damaged, or does not hold the request
    └── LexiconError          a data file of wordings is malformed

A model that answers badly is not an error: the section is recorded as failed with its reason and
the reading by rule stands. A fault in the document is not an error either: it is a finding.
"""

from __future__ import annotations


class BudgetLLMError(Exception):
    """Anything that this library raises on purpose; its text says what to do next."""


class InputError(BudgetLLMError):
    """An input cannot be read."""


class EmptyInputError(InputError):
    """An input holds no text."""


class FormatError(InputError):
    """An input is of a kind that cannot be read as the text of a disclosure."""


class ModelError(BudgetLLMError):
    """The language model cannot be used: not configured, not reachable, or refusing access."""


class CassetteError(BudgetLLMError):
    """A recording is missing or damaged, or holds no answer to the request."""


class LexiconError(BudgetLLMError):
    """Wordings, the package's or a user's own, cannot be read or name what the lexicon does not have."""
