"""Inputs that Django does not have."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

PARTS = ("year", "month", "day")


class DatePartsInput(forms.Widget):
    """A date in three short inputs, in the order year, month, day, as dates are said in Chinese.

    Known dates (a birthday, the date on a paper) are typed faster and with fewer errors than picked. What was typed
    comes back unchanged when it is no date, so that nothing is lost.
    """

    def value_from_datadict(self, data: Mapping[str, Any], _files: MultiValueDict[str, Any], name: str) -> str | None:
        """Return `YYYY-M-D` as typed, which the date field judges; None when nothing was typed."""
        if name in data:
            return str(data[name]) or None
        typed = [str(data.get(f"{name}_{part}", "")).strip() for part in PARTS]
        return "-".join(typed) if any(typed) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: MultiValueDict[str, Any], name: str) -> bool:
        """Whether none of the three inputs was sent."""
        return name not in data and all(f"{name}_{part}" not in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the first input: labels and error links lead there."""
        return f"{id_}_year" if id_ else id_

    def parts(self, name: str, element_id: str, value: object) -> list[dict[str, str]]:
        """Return what the template needs for each of the three inputs."""
        if isinstance(value, date):
            values = [str(value.year), str(value.month), str(value.day)]
        else:
            values = [*str(value or "").split("-", 2), "", "", ""][:3]
        birthday = "birth" in str(self.attrs.get("autocomplete", ""))
        labels = {"year": _("Year"), "month": _("Month"), "day": _("Day")}
        return [
            {
                "name": f"{name}_{part}",
                "id": f"{element_id}_{part}",
                "label": labels[part],
                "value": values[place],
                "width": "4" if part == "year" else "2",
                "autocomplete": f"bday-{part}" if birthday else "",
            }
            for place, part in enumerate(PARTS)
        ]
