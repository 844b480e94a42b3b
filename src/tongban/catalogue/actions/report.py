"""What an import finds and does, and how it is printed: the same for a dry run and for the real one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.catalogue.actions.publishing import Identity
from tongban.catalogue.guide import Guide
from tongban.catalogue.importing.records import Problem

Change = Literal["added", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item as it will be, and what that changes."""

    change: Change
    guide: Guide
    identity: Identity
    place: str
    row: int


@dataclass(slots=True)
class Report:
    """A plan, and once it is carried out, what was done."""

    items: list[PlannedItem] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)
    """(code, name) of items of the same sources that are not in the files"""
    withdraw: bool = False
    broken: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    contradictions: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    done: bool = False

    def of(self, change: Change) -> list[PlannedItem]:
        """Return the items of one change."""
        return [item for item in self.items if item.change == change]

    @property
    def added(self) -> list[PlannedItem]:
        """Items that are new."""
        return self.of("added")

    @property
    def changed(self) -> list[PlannedItem]:
        """Items that are there and differ."""
        return self.of("changed")

    @property
    def unchanged(self) -> list[PlannedItem]:
        """Items that are there as they are."""
        return self.of("unchanged")

    @property
    def withdrawn(self) -> list[tuple[str, str]]:
        """Absent items that are cancelled: only if asked for, and never while something could not be read."""
        return self.absent if self.withdraw and not self.broken else []

    def __str__(self) -> str:
        """Return what is printed."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from self._of_items(_("Added") if self.done else _("To be added"), self.added)
        yield from self._of_items(_("Changed") if self.done else _("To be changed"), self.changed)
        yield from self._of_absent()
        yield from _of_problems(_("Broken, kept out"), self.broken)
        yield from _of_problems(_("Left out"), self.left_out)
        yield from _of_problems(_("To be looked at"), self.remarks)
        yield from _of_problems(_("Contradicts itself"), self.contradictions)
        numbers = {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "withdrawn": len(self.withdrawn),
            "broken": len(self.broken),
        }
        yield (
            _(
                "Added %(added)d, changed %(changed)d, unchanged %(unchanged)d,"
                " withdrawn %(withdrawn)d, broken %(broken)d."
            )
            % numbers
        )
        if not self.done:
            yield _("A dry run: nothing was done.")

    def _of_items(self, title: str, items: Sequence[PlannedItem]) -> Iterator[str]:
        if items:
            yield f"{title}: {len(items)}"
        for item in items:
            mark = "" if item.guide.has_guide else " " + _("(guide to come)")
            yield f"  {item.identity.code}  {item.guide.name}{mark}"

    def _of_absent(self) -> Iterator[str]:
        if not self.absent:
            return
        number = len(self.absent)
        if self.withdrawn:
            yield _("Withdrawn: %(number)d") % {"number": number}
        elif self.withdraw:
            yield _("Not withdrawn, because something could not be read: %(number)d") % {"number": number}
        else:
            words = ngettext(
                "%(number)d matter of this source is not in these files; --withdraw cancels it:",
                "%(number)d matters of this source are not in these files; --withdraw cancels them:",
                number,
            )
            yield words % {"number": number}
        for code, name in self.absent:
            yield f"  {code}  {name}"


def _of_problems(title: str, problems: Sequence[Problem]) -> Iterator[str]:
    if problems:
        yield f"{title}: {len(problems)}"
    for one in problems:
        row = _("row %(row)d") % {"row": one.row} if one.row else ""
        place = " ".join(filter(None, (one.file, row)))
        yield "  " + ": ".join(filter(None, (place, one.field, one.reason)))
