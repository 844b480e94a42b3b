"""How a case can have ended, in words."""

from django.utils.translation import pgettext_lazy

from tongban.base.errors import Words

DECIDED = ("granted", "refused")
"""The office has decided; only these have used days of a limit."""

OUTCOMES: dict[str, Words] = {
    "granted": pgettext_lazy("outcome", "Granted"),
    "refused": pgettext_lazy("outcome", "Refused"),
    "not_accepted": pgettext_lazy("outcome", "Not accepted"),
    "withdrawn": pgettext_lazy("outcome", "Withdrawn"),
    "lapsed": pgettext_lazy("outcome", "Not supplemented in time"),
    "voided": pgettext_lazy("outcome", "Voided"),
}

CHANNELS: dict[str, Words] = {
    "web": pgettext_lazy("way", "Online"),
    "window": pgettext_lazy("way", "At a window"),
    "api": pgettext_lazy("way", "By interface"),
}
