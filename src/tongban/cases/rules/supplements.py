"""What may be asked for a second time (行政许可法 art. 32: everything that is missing is named at once)."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from tongban.base.templatetags.words import listed

Named = tuple[str, str]
"""Kind and key of something that may be asked for."""


def named_too_late(now_named: Iterable[Named], earlier: Collection[Named]) -> tuple[Named, ...]:
    """Return what could have been named at the first time: all that an applicant was not asked for before.

    What was asked for has been sent in anew, so it may be wrong anew; everything else lay before the office already.
    """
    return tuple(named for named in now_named if named not in earlier)


def too_late_words(names: Iterable[str]) -> str:
    """Return why what could have been named at the first time is not simply asked for."""
    return _(
        "These could have been named the first time: %(names)s. Asking for them now needs your superior's word; "
        "please give the reasons, or leave these points out."
    ) % {"names": listed(names)}
