"""Forms in which stewards declare an outside source: where it is, and where in it each information item is found."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongban.base.kept_json import can_be_kept
from tongban.exchange.models import ResourceItem, Source

ITEM = "item_"
SECRET = "secret_password"  # noqa: S105 - the name of a field, which no page carries back
LONGEST_BODY = 4000
LISTS = ("known_extras", "may_lack")


class SourceForm(forms.Form):
    """What all kinds ask: whom a trial asks about, how long to wait, where each item is."""

    secret_name = ""
    where = gettext_lazy("Where it stands")

    trial_number = forms.CharField(
        label=gettext_lazy("Number of the test subject"),
        help_text=gettext_lazy(
            "Somebody invented whom the source knows. It is kept sealed; leave it empty to keep it."
        ),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seconds = forms.IntegerField(
        label=gettext_lazy("Seconds to wait for an answer"), min_value=1, max_value=20, initial=5
    )
    yuan = forms.MultipleChoiceField(
        label=gettext_lazy("Amounts that the source says in yuan, not in fen"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, items: Sequence[ResourceItem], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        """Ask for each information item, too."""
        super().__init__(*args, **kwargs)
        money = [(item.code, item.name) for item in items if item.type == "Y"]
        if money:
            choices = self.fields["yuan"]
            assert isinstance(choices, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
            choices.choices = money
        else:
            del self.fields["yuan"]
        for item in items:
            self.fields[f"{ITEM}{item.code}"] = forms.CharField(
                label=f"{item.name} ({item.code})", max_length=128, required=False
            )

    def settings(self) -> dict[str, Any]:
        """Return what was declared, as the settings of the kind take it."""
        said: dict[str, Any] = {"fields": {}}
        for name, value in self.cleaned_data.items():
            if name in {SECRET, "trial_number"} or value in ("", None, []):
                continue
            if name.startswith(ITEM):
                said["fields"][name.removeprefix(ITEM)] = value
            else:
                said[name] = value.split() if name in LISTS else value
        return said

    def secrets(self) -> dict[str, str]:
        """Return what is kept sealed."""
        given = {"trial_number": self.cleaned_data.get("trial_number", "")}
        if self.secret_name:
            given[self.secret_name] = self.cleaned_data.get(SECRET, "")
        return given

    def refused(self, fields: Mapping[str, Sequence[str]]) -> None:
        """Show what is wrong beside the field it belongs to."""
        for name, sentences in fields.items():
            own = f"{ITEM}{name.removeprefix('fields.')}" if name.startswith("fields.") else name.split(".")[0]
            for sentence in sentences:
                self.add_error(own if own in self.fields else None, sentence)

    @classmethod
    def of(cls, source: Source | None) -> dict[str, Any]:
        """Return what the form begins with: what was declared before, without what is sealed."""
        said = dict(source.settings) if source is not None else {}
        items = {f"{ITEM}{code}": place for code, place in said.pop("fields", {}).items()}
        lists = {name: " ".join(said.pop(name)) for name in LISTS if name in said}
        if isinstance(said.get("body"), dict):
            said["body"] = json.dumps(said["body"], ensure_ascii=False)
        return {**said, **items, **lists}


class SqlForm(SourceForm):
    """A table or view of a SQL database."""

    secret_name = "password"  # noqa: S105 - the name of a field
    where = gettext_lazy("Column of each item")

    address = forms.CharField(
        label=gettext_lazy("Address of the database"),
        help_text=gettext_lazy("postgresql://user@host:5432/name, or another SQLAlchemy address, without the password"),
        max_length=500,
    )
    secret_password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("Kept sealed; leave it empty to keep it."),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    table_schema = forms.CharField(label=gettext_lazy("Schema"), max_length=128, required=False)
    table = forms.CharField(label=gettext_lazy("Table or view"), max_length=128)
    number_column = forms.CharField(label=gettext_lazy("Column of the identity number or credit code"), max_length=128)
    valid_from_column = forms.CharField(
        label=gettext_lazy("Column of the first day a row holds"), max_length=128, required=False
    )
    valid_to_column = forms.CharField(
        label=gettext_lazy("Column of the first day it holds no longer"), max_length=128, required=False
    )


class RestForm(SourceForm):
    """A REST service."""

    secret_name = "header"  # noqa: S105 - the name of a field
    where = gettext_lazy("Path of each item within a record")

    url = forms.CharField(
        label=gettext_lazy("Address of the service"),
        help_text=gettext_lazy(
            "With {number} where the number stands; also {identity_kind}, {fields}, {valid_on}."
            " A number in a body is in no log of addresses."
        ),
        max_length=1000,
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=[("POST", "POST"), ("GET", "GET")])
    body = forms.CharField(
        label=gettext_lazy("Body of a POST, in JSON"),
        help_text=gettext_lazy('Such as {"number": "{number}"}'),
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    header = forms.CharField(
        label=gettext_lazy("Header that lets us in"),
        help_text=gettext_lazy("Such as Authorization"),
        max_length=60,
        required=False,
    )
    secret_password = forms.CharField(
        label=gettext_lazy("What stands in that header"),
        help_text=gettext_lazy("Kept sealed; leave it empty to keep it."),
        max_length=2000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    records = forms.CharField(
        label=gettext_lazy("Path of the records in the answer"),
        help_text=gettext_lazy("Such as data.items; empty: the whole answer"),
        max_length=200,
        required=False,
    )
    known_extras = forms.CharField(
        label=gettext_lazy("What else it says, and is known"),
        help_text=gettext_lazy("Parted by spaces. Whatever is neither declared nor known is recorded as a fault."),
        max_length=1000,
        required=False,
    )
    may_lack = forms.CharField(
        label=gettext_lazy("Codes of items that it leaves out when there is nothing to say"),
        help_text=gettext_lazy("Parted by spaces. Whatever else lacks makes an answer void."),
        max_length=1000,
        required=False,
    )

    def clean_body(self) -> dict[str, Any] | None:
        """Read the body, which is a JSON object."""
        text = self.cleaned_data["body"].strip()
        if not text:
            return None
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict) or not can_be_kept(read):
            raise forms.ValidationError(_("This is no JSON object."))
        return read


class DropForm(SourceForm):
    """A file that is dropped into a folder."""

    where = gettext_lazy("Heading of each item in the first line")

    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=300)
    file = forms.CharField(label=gettext_lazy("Name of the file"), max_length=120)
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"), choices=[("utf-8", "UTF-8"), ("gb18030", "GB 18030 (GBK, GB 2312)")]
    )
    parted_by = forms.ChoiceField(
        label=gettext_lazy("Values are parted by"),
        choices=[
            (",", pgettext_lazy("sign", "Comma")),
            (";", pgettext_lazy("sign", "Semicolon")),
            ("\t", pgettext_lazy("sign", "Tab")),
            ("|", pgettext_lazy("sign", "Vertical bar")),
        ],
    )
    number_heading = forms.CharField(
        label=gettext_lazy("Heading of the identity number or credit code"), max_length=128
    )
    bad_rows = forms.IntegerField(
        label=gettext_lazy("Lines that may be wrong"),
        help_text=gettext_lazy("With more, the file before stays in force."),
        min_value=0,
        max_value=10_000,
        initial=0,
    )
    least_rows = forms.IntegerField(
        label=gettext_lazy("Rows that it has at least"), min_value=0, max_value=5_000_000, initial=1
    )


FORMS: Mapping[str, type[SourceForm]] = {"sql": SqlForm, "rest": RestForm, "csv": DropForm}
"""By the kind of source."""
KIND_WORDS = {
    "sql": gettext_lazy("SQL database"),
    "rest": gettext_lazy("REST service"),
    "csv": gettext_lazy("File that is dropped"),
}
