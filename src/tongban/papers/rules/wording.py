"""What papers say, as sentences with named placeholders: "{matter} was received on {received_on}".

A placeholder is a name in braces out of a closed list, and stands for text. Filling in puts that text in its place,
once: no attribute, no index, no format, no code, and braces in what is filled in are only braces. What somebody types
as a wording is therefore never executed.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.base.errors import Words

NAMED = re.compile(r"\{([a-z][a-z_]*)\}")
_BRACE = re.compile(r"[{}]")
LONGEST_PARAGRAPH = 2000
MOST_PARAGRAPHS = 30


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What may stand in braces: its meaning, and how it may look.

    A wording without a `compulsory` one is refused: the law, or the purpose of the paper, demands that it is said. One
    that `may_be_empty` stands in paragraphs with others like it only, so that these can be left out as a whole.
    """

    name: str
    words: Words
    sample: str
    sample_en: str
    compulsory: bool = False
    may_be_empty: bool = False


class Text(NamedTuple):
    """What a paper says in one language: paragraphs, and remarks at its foot."""

    paragraphs: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """The wording of a kind of paper: what it can be filled with, and the sentences that come with the product."""

    kind: str
    placeholders: tuple[Placeholder, ...]
    paragraphs: tuple[Words, ...]
    remarks: tuple[Words, ...] = ()

    def samples(self, language: str) -> dict[str, str]:
        """Return a value for each placeholder, as an example."""
        english = language.startswith("en")
        return {one.name: one.sample_en if english else one.sample for one in self.placeholders}


def shipped(wording: Wording, language: str) -> Text:
    """Return the sentences that come with the product, in a language."""
    with override(language):
        return Text(tuple(map(str, wording.paragraphs)), tuple(map(str, wording.remarks)))


def fill(sentences: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sentences with their placeholders filled in.

    A paragraph whose placeholders are all empty is left out; a value of several lines makes as many paragraphs where it
    stands alone.
    """
    return tuple(paragraph for sentence in sentences for paragraph in _filled(sentence, values))


def _filled(sentence: str, values: Mapping[str, str]) -> Iterator[str]:
    names = NAMED.findall(sentence)
    if names and not any(values.get(name) for name in names):
        return
    said = NAMED.sub(lambda found: values.get(found[1], ""), sentence)
    if len(names) == 1 and sentence.strip() == f"{{{names[0]}}}":
        yield from filter(None, (line.strip() for line in said.split("\n")))
    else:
        yield said


def faults(wording: Wording, text: Text) -> dict[str, list[str]]:
    """Return why this text cannot be the wording of its kind: "paragraphs" and "remarks" → sentences; empty: it can."""
    known = {one.name: one for one in wording.placeholders}
    found = {
        "paragraphs": [*_missing(wording, text), *_wrong(text.paragraphs, known)],
        "remarks": list(_wrong(text.remarks, known)),
    }
    if not text.paragraphs:
        found["paragraphs"].insert(0, _("A paper says something: please write at least one paragraph."))
    return {place: list(dict.fromkeys(sentences)) for place, sentences in found.items() if sentences}


def _missing(wording: Wording, text: Text) -> Iterator[str]:
    there = {name for sentence in (*text.paragraphs, *text.remarks) for name in NAMED.findall(sentence)}
    for one in wording.placeholders:
        if one.compulsory and one.name not in there:
            yield _("{%(name)s} is missing: this paper has to say it (%(meaning)s).") % {
                "name": one.name,
                "meaning": one.words,
            }


def _wrong(sentences: Sequence[str], known: Mapping[str, Placeholder]) -> Iterator[str]:
    if len(sentences) > MOST_PARAGRAPHS:
        yield _("Please write at most %(number)d paragraphs.") % {"number": MOST_PARAGRAPHS}
    for sentence in sentences:
        names = NAMED.findall(sentence)
        if len(sentence) > LONGEST_PARAGRAPH:
            yield _("Please write at most %(number)d characters in a paragraph.") % {"number": LONGEST_PARAGRAPH}
        if _BRACE.search(NAMED.sub("", sentence)):
            yield _("Braces are only for placeholders, such as {matter}: please look at “%(part)s”.") % {
                "part": sentence[:40]
            }
        yield from (
            _("{%(name)s} is not known here. Please choose from the list of placeholders.") % {"name": name}
            for name in names
            if name not in known
        )
        yield from _mixed(names, known)


def _mixed(names: Sequence[str], known: Mapping[str, Placeholder]) -> Iterator[str]:
    """Name what may be empty and stands beside what never is: leaving it out would leave half a sentence."""
    sometimes: Collection[str] = [name for name in names if name in known and known[name].may_be_empty]
    if sometimes and len(sometimes) < len([name for name in names if name in known]):
        yield _("{%(name)s} may be empty. Please give it a paragraph of its own, which is then left out.") % {
            "name": next(iter(sometimes))
        }
