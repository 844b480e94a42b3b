"""Words are those that Django finds, in each language."""

import pytest
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext, trans_real

from tongban.base.catalogs import Catalog


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_words_are_those_that_django_finds(language: str) -> None:
    django = Catalog.__base__
    assert django is not None
    theirs = django(language)
    with translation.override(language):
        assert isinstance(trans_real.catalog(), Catalog)
        for words in ("Inbox", "Applicant", "Sign out", "Error", "no such words", "%(number)s", "a\nb"):
            for _time in range(2):
                assert gettext(words) == theirs.gettext(words)
        assert pgettext("between the parts of a list", ", ") == ("、" if language == "zh-hans" else ", ")
        assert ngettext("%(days)d day left", "%(days)d days left", 2) == theirs.ngettext(
            "%(days)d day left", "%(days)d days left", 2
        )
        assert isinstance(gettext(mark_safe("Inbox")), SafeString)
        assert gettext("") == ""


def test_each_language_has_its_own() -> None:
    told = set()
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            told.add(gettext("Inbox"))
    assert len(told) == 2
