"""From text to the words that are compared: lower case, without the commonest, by the stem of the official word."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from rag.everyday import official

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|§")

# The commonest Swedish words after Snowball's list, and those that only make a sentence a question.
_COMMONEST = """
    alla allt att av bland blev bli blir blivit bort bör de dem den denna deras dess dessa det detta
    dig din dina ditt du där då efter ej eller en er era ert ett finns för från gör göra ha hade han
    hans har henne hennes hon honom hos hur här i icke in ingen inom inte jag ju kan kunde ligger
    man med mellan men mig min mina mitt mot mycket måste ni nu när någon något några och om oss på
    samma sedan sig sin sina sitt själv ska skall skulle som så sådan sådana sådant till under upp
    ut utan vad var vara varför varit varje vars vart vem vems vi vid vilka vilkas vilken vilket vår
    våra vårt än är åt över
"""
STOP_WORDS: Final = frozenset(_COMMONEST.split())


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order; without stop words unless nothing else is left.

    An everyday word has the stem of the official one, in questions and documents alike. Stems are Snowball's for
    Swedish (snowballstem.org), which leave English words all but untouched.
    """
    return stems_of_each([text])[0]


def stems_of_each(texts: Iterable[str]) -> list[list[str]]:
    """``stems`` of each text; faster than one by one."""
    from Stemmer import Stemmer

    stemmer, names = Stemmer("swedish"), official()
    said = (_kept(_words(text)) for text in texts)
    return [stemmer.stemWords([names.get(word, word) for word in words]) for words in said]


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).replace("\u00ad", "").lower())


def _kept(words: list[str]) -> list[str]:
    return [word for word in words if word not in STOP_WORDS] or words
