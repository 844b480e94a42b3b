"""Words, syllables and pairs: how a text is taken apart so that it can be found.

Segmentation by jieba, sounds by pypinyin. Both load once for each process; `warm_up` does so before somebody waits.
"""

import itertools
import logging
import re
import sys
import tempfile
import threading
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jieba
import yaml
from pypinyin import lazy_pinyin, phrases_dict
from pypinyin.constants import PHRASES_DICT

jieba.setLogLevel(logging.WARNING)


def _share_syllables() -> None:
    """Let the 47,000 phrases of pypinyin share their syllables, of which there are 1,500: 16 MB of each process."""
    known: dict[tuple[str, ...], list[str]] = {}
    for phrases in (PHRASES_DICT, phrases_dict.phrases_dict):
        for phrase, syllables in phrases.items():
            phrases[phrase] = [known.setdefault(tuple(syllable), syllable) for syllable in syllables]


_share_syllables()
_TOKENIZER = jieba.Tokenizer()
_LOCK = threading.Lock()
_READY = threading.Event()

_CHUNK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[0-9A-Za-z]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")

LONGEST_WORD = 24

_LISTS: dict[str, str] = yaml.safe_load(
    files("tongban.catalogue").joinpath("words/words.yaml").read_text(encoding="utf-8")
)
SYLLABLES = frozenset(_LISTS["syllables"].split())
STOP_WORDS = frozenset(_LISTS["stop_words"].split())
_FILLERS = re.compile("|".join(_LISTS["fillers"].split()))
_OWN_WORDS = frozenset(_LISTS["own_words"].split())


def keep_cache_in(folder: Path) -> None:
    """Say where the dictionary may keep itself ready to load: a folder that only this installation writes to."""
    _TOKENIZER.tmp_dir = str(folder)


def warm_up() -> None:
    """Load the dictionary, once for the process: about a second the first time, then a third of it."""
    if _READY.is_set():
        return
    with _LOCK:
        if _READY.is_set():
            return
        folder = Path(_TOKENIZER.tmp_dir or tempfile.mkdtemp(prefix="tongban-words-"))
        folder.mkdir(parents=True, exist_ok=True)
        _TOKENIZER.tmp_dir = str(folder)
        _TOKENIZER.initialize()
        for word in _OWN_WORDS:
            _TOKENIZER.add_word(word)
        _READY.set()


def words_of(text: str) -> list[str]:
    """Return the words of a text in order, long ones also in their parts; Latin letters in lower case."""
    warm_up()
    found: list[str] = []
    for chunk in _CHUNK.findall(text):
        if _CHINESE.match(chunk):
            found += [word for word in _TOKENIZER.cut_for_search(chunk) if word]
        else:
            found.append(chunk.lower())
    return [word for word in found if len(word) <= LONGEST_WORD]


def telling_words_of(text: str) -> list[str]:
    """Return the words of what somebody typed, long ones in their parts, without words that say nothing."""
    warm_up()
    found: list[str] = []
    for chunk in _CHUNK.findall(text):
        if not _CHINESE.match(chunk):
            found.append(chunk.lower())
            continue
        for word in _TOKENIZER.cut(chunk):
            found += _parts(word) if word not in STOP_WORDS else []
    telling = [word for word in dict.fromkeys(found) if word not in STOP_WORDS and len(word) <= LONGEST_WORD]
    longer = [word for word in telling if len(word) > 1]
    return longer or telling


def _parts(word: str) -> list[str]:
    """Words within a long word, so that 经营许可证 is also found as 经营 and 许可."""
    if word in _OWN_WORDS:
        return [word]
    inner = [part for part in _TOKENIZER.cut_for_search(word) if part != word]
    return [*inner, word] if len("".join(inner)) < len(word) else inner


def without_fillers(text: str) -> str:
    """Return what was typed without words that stand between: 开一家药店 → 开药店."""
    return _FILLERS.sub("", text)


def chinese_of(text: str) -> str:
    """Return only the Chinese characters."""
    return "".join(_CHINESE.findall(text))


def latin_of(text: str) -> list[str]:
    """Return the runs of Latin letters, lower case: pinyin, initials or English."""
    return [chunk.lower() for chunk in re.findall(r"[A-Za-z]+", text)]


def _as_they_are(rest: str) -> Any:  # noqa: ANN401 - pypinyin takes a list of texts too, which its types do not say
    return list(rest.lower())


@lru_cache(maxsize=8192)
def pinyin_of(text: str) -> tuple[str, ...]:
    """Return a syllable for each Chinese character; digits and letters as they are.

    All that are kept share their syllables: of each its own they would take four times the memory.
    """
    return tuple(map(sys.intern, lazy_pinyin(_CHUNK.findall(text), errors=_as_they_are)))


@lru_cache(maxsize=1024)
def sounds_alike(syllable: str) -> str:
    """Return how a syllable is heard by many: without retroflex and back nasal, l for n, f for h before u."""
    heard = re.sub(r"^(z|c|s)h", r"\1", syllable)
    heard = re.sub(r"(a|e|i)ng$", r"\1n", heard)
    return "l" + heard[1:] if heard.startswith("n") and len(heard) > 1 else heard


def syllables_of(latin: str) -> tuple[str, ...]:
    """Take typed pinyin apart into syllables, longest first; a letter that begins none stands alone."""
    found: list[str] = []
    place = 0
    while place < len(latin):
        length = next((n for n in range(6, 0, -1) if latin[place : place + n] in SYLLABLES), 1)
        found.append(latin[place : place + length])
        place += length
    return tuple(found)


def pairs_of(texts: Iterable[str]) -> frozenset[str]:
    """Return pairs of neighbouring characters, and of neighbouring syllables as they are heard.

    Two texts that share many pairs are likely the same with a typing mistake: 食品经莹许可, shipnjingying.
    """
    pairs: set[str] = set()
    for text in texts:
        characters = chinese_of(text)
        pairs.update(a + b for a, b in itertools.pairwise(characters))
        heard = [sounds_alike(syllable) for syllable in pinyin_of(characters)]
        pairs.update(f"{a}.{b}" for a, b in itertools.pairwise(heard))
    return frozenset(pairs)


def character_pairs(text: str) -> frozenset[str]:
    """Return pairs of neighbouring characters."""
    characters = chinese_of(text)
    return frozenset(map(str.__add__, characters, characters[1:]))


def pairs_typed(text: str) -> frozenset[str]:
    """Return the pairs of what somebody typed, Chinese or pinyin."""
    pairs = set(pairs_of([text]))
    for latin in latin_of(text):
        heard = [sounds_alike(syllable) for syllable in syllables_of(latin)]
        pairs.update(f"{a}.{b}" for a, b in itertools.pairwise(heard))
    return frozenset(pairs)


def heard_as(text: str) -> str:
    """Return a text as one run of sounds, to compare how near two of them are."""
    typed = "".join(sounds_alike(one) for latin in latin_of(text) for one in syllables_of(latin))
    return "".join(sounds_alike(one) for one in pinyin_of(chinese_of(text))) + typed
