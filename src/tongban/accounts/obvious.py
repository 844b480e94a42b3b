"""Words that everybody guesses first here: the product, the city, the hotline, what signing in is about."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = ("tongban", "banshi", "zhengwu", "gongban", "password", "mima", "admin", "12345", "通办", "政务", "密码")
FEWEST_OTHER = 5
"""Characters that must be left when all of these words are taken out of a password."""


class ObviousWordsValidator:
    """Refuses passwords that are little more than words of this place (NIST SP 800-63B, context-specific words)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when too little is left without the words."""
        del user
        left = password.casefold()
        for word in self._words():
            left = left.replace(word, "")
        if len(left) < FEWEST_OTHER and left != password.casefold():
            raise ValidationError(self.get_help_text(), code="password_obvious")

    def get_help_text(self) -> str:
        """Return the sentence."""
        return _("This password is made of words that everybody would try here. Please choose other ones.")

    def _words(self) -> list[str]:
        city = settings.TONGBAN_CITY
        names = (city.name, city.name.removesuffix("市"), city.name_en, city.contact_phone)
        return sorted({one.casefold() for one in (*WORDS, *names) if one}, key=len, reverse=True)
