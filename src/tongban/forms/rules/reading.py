"""From what was typed to an answer in its normal form, or a sentence for the person who typed it.

Full-width digits and letters are taken, spaces and separators in numbers forgiven. Sources: GB 11643 and GB 32100
through `base.identifiers`; ISO 7812 (Luhn) for bank cards; GA 36 for number plates.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from tongban.base import identifiers
from tongban.base.money import to_fen, yuan_words
from tongban.base.text import clean_line, clean_lines, is_letter
from tongban.forms.rules.conditions import Answers, Context, condition_holds
from tongban.forms.rules.dates import date_answer
from tongban.forms.rules.document import Choice, FormField
from tongban.forms.rules.typed import Typed
from tongban.forms.rules.wrong import WrongAnswer

LONGEST = {"text": 200, "long_text": 2000, "name": 100, "address": 200, "email": 254}
_WHOLE = re.compile(r"[+-]?\d{1,15}(\.0+)?")
_WITH_DECIMALS = re.compile(r"[+-]?(\d{1,15}(\.\d{0,6})?|\.\d{1,6})")
"""15 digits: enough for any amount an office handles, and exact everywhere it travels."""

Number = TypeVar("Number", int, Decimal)

_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧・･⋅∙．", "·"))
_NAME_MARKS = frozenset("·.'’- ()（）")
_YES, _NO = frozenset({"yes", "true", "1", "on", "是"}), frozenset({"no", "false", "0", "off", "否"})
_POSTAL_CODE = re.compile(r"^\d{6}$")
_EMAIL = EmailValidator()
_SHAPES = {
    "digits": re.compile(r"^\d+$"),
    "letters_and_digits": re.compile(r"^[A-Z0-9]+$"),
    "year": re.compile(r"^(19|20)\d{2}$"),
    "bank_account": re.compile(r"^\d{12,30}$"),
    "licence_plate": re.compile(r"^[\u4e00-\u9fff][A-Z][A-Z0-9]{4,5}[A-Z0-9\u4e00-\u9fff]$"),
}
_CARD_DIGITS = 16


def number_text(typed: str) -> str:
    """Return a number as typed in half width, without spaces, separators, ¥ or 元; the sign stays."""
    text = unicodedata.normalize("NFKC", typed).replace("\u2212", "-").replace("\u2013", "-")
    return re.sub(r"[\s,，_'¥]|元$|yuan$|rmb", "", text.strip(), flags=re.IGNORECASE)


def _short_enough(field: FormField, text: str) -> str:
    longest = field.max_length or LONGEST.get(field.type, LONGEST["text"])
    if len(text) > longest:
        raise WrongAnswer(
            _("At most %(longest)d characters fit here; you have written %(length)d.")
            % {"longest": longest, "length": len(text)}
        )
    return text


def _text(field: FormField, typed: str) -> str:
    text = _short_enough(field, clean_line(typed))
    return _formatted(field.format, text) if text and field.format else text


def _formatted(shape: str, typed: str) -> str:
    text = re.sub(r"[\s·•\-]", "", unicodedata.normalize("NFKC", typed)).upper()
    if not _SHAPES[shape].fullmatch(text) or (shape == "bank_account" and not _card_number_holds(text)):
        raise WrongAnswer(_shape_words(shape))
    return text


def _shape_words(shape: str) -> str:
    return {
        "digits": _("Please give digits only."),
        "letters_and_digits": _("Please give letters A to Z and digits only."),
        "year": _("Please give a year with four digits, such as 2026."),
        "bank_account": _("This account number does not fit. Please compare it with the card, digit by digit."),
        "licence_plate": _("Please give the number plate as it is written, such as 湘A12345."),
    }[shape]


def _card_number_holds(digits: str) -> bool:
    """Whether Luhn's check digit fits; account numbers that are no card numbers (under 16 digits) have none."""
    if len(digits) < _CARD_DIGITS or not digits.startswith(("3", "4", "5", "6")):
        return True
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - sum of the digits
    return total % 10 == 0


def _long_text(field: FormField, typed: str) -> str:
    return _short_enough(field, clean_lines(typed))


def clean_name(typed: str) -> str:
    """Return a person's name in its normal form: one middle dot "·" however typed; raises WrongAnswer."""
    name = clean_line("".join(char for char in typed if unicodedata.category(char) != "Co"))
    if any(unicodedata.category(char) == "Co" for char in typed):
        raise WrongAnswer(
            _(
                "One character was typed with a private code that other offices cannot read. "
                "Please type it with another input method."
            )
        )
    name = re.sub(r"\s*·\s*", "·", name.translate(_MIDDLE_DOTS))
    if not any(is_letter(char) for char in name) and name:
        raise WrongAnswer(_("Please give the name as it stands on the identity paper."))
    for char in name:
        if not (is_letter(char) or unicodedata.category(char).startswith("M") or char in _NAME_MARKS):
            words = _("“%(character)s” does not belong in a name. Please look at it again.")
            raise WrongAnswer(words % {"character": char})
    return name


def _name(field: FormField, typed: str) -> str:
    return _short_enough(field, clean_name(typed))


def _integer(field: FormField, typed: str) -> int:
    text = number_text(typed)
    if not _WHOLE.fullmatch(text):
        raise WrongAnswer(_("Please give a whole number, such as 12."))
    return _within(field, int(text.split(".", maxsplit=1)[0]), str)


def _decimal(field: FormField, typed: str) -> str:
    text = number_text(typed)
    if not _WITH_DECIMALS.fullmatch(text):
        raise WrongAnswer(_("Please give a number, such as 86.5."))
    number = _within(field, Decimal(text), lambda bound: f"{bound:f}")
    return f"{number.normalize():f}"


def _money(field: FormField, typed: str) -> int:
    text = number_text(typed)
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{0,2})?", text):
        raise WrongAnswer(_("Please give an amount in yuan, such as 1200 or 86.50."))
    fen = to_fen(text.rstrip("."))
    if fen < 0 and field.minimum is None:
        raise WrongAnswer(_("An amount cannot be less than 0."))
    return _within(field, fen, lambda bound: _("%(amount)s yuan") % {"amount": yuan_words(int(bound))})


def _within(field: FormField, number: Number, words: Callable[[Decimal], str]) -> Number:
    if field.minimum is not None and number < Decimal(field.minimum):
        raise WrongAnswer(_("At least %(bound)s, please.") % {"bound": words(Decimal(field.minimum))})
    if field.maximum is not None and number > Decimal(field.maximum):
        raise WrongAnswer(_("At most %(bound)s, please.") % {"bound": words(Decimal(field.maximum))})
    return number


def _yes_no(_field: FormField, typed: str) -> bool:
    word = typed.strip().lower()
    if word in _YES | _NO:
        return word in _YES
    raise WrongAnswer(_("Please choose yes or no."))


def open_options(field: FormField, answers: Answers, context: Context) -> list[Choice]:
    """Return the options that can be chosen on these answers."""
    return [option for option in field.options if condition_holds(option.condition, answers, context)]


def _choice(field: FormField, typed: str, answers: Answers, context: Context) -> str:
    if typed in {option.value for option in open_options(field, answers, context)}:
        return typed
    raise WrongAnswer(_("Please choose one of the answers."))


def _choices(field: FormField, typed: list[str], answers: Answers, context: Context) -> list[str]:
    allowed = [option.value for option in open_options(field, answers, context)]
    chosen = [value for value in typed if value]
    if not set(chosen) <= set(allowed):
        raise WrongAnswer(_("Please choose from the answers."))
    if field.minimum is not None and chosen and len(set(chosen)) < int(field.minimum):
        raise WrongAnswer(_("Please choose at least %(count)d.") % {"count": int(field.minimum)})
    if field.maximum is not None and len(set(chosen)) > int(field.maximum):
        raise WrongAnswer(_("Please choose at most %(count)d.") % {"count": int(field.maximum)})
    return [value for value in allowed if value in chosen]


def _email(field: FormField, typed: str) -> str:
    text = _short_enough(field, clean_line(unicodedata.normalize("NFKC", typed)).replace(" ", ""))
    try:
        _EMAIL(text)
    except ValidationError as wrong:
        raise WrongAnswer(_("Please give an e-mail address such as name@example.cn.")) from wrong
    return text


def _postal_code(_field: FormField, typed: str) -> str:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    if not _POSTAL_CODE.fullmatch(text) or not text.isascii():
        raise WrongAnswer(_("A postal code has 6 digits."))
    return text


def _identifier(read: Callable[[str], str]) -> Callable[[FormField, str], str]:
    def answer(_field: FormField, typed: str) -> str:
        return checked(lambda: read(typed))

    return answer


def checked(read: Callable[[], str]) -> str:
    """Return what `read` returns; its complaint becomes a sentence beside the field."""
    try:
        return read()
    except identifiers.WrongIdentifier as wrong:
        raise WrongAnswer(str(wrong.words)) from wrong


def _identity(typed: dict[str, str], today: date | None) -> dict[str, str]:
    kind, number = typed.get("kind", ""), typed.get("number", "")
    if kind not in identifiers.IDENTITY_KINDS:
        raise WrongAnswer(_("Please choose the kind of identity paper."))
    if not number.strip():
        raise WrongAnswer(_("Please give the number of the identity paper."))
    return {"kind": kind, "number": checked(lambda: identifiers.identity_number(kind, number, today=today))}


def _address(field: FormField, typed: dict[str, str]) -> dict[str, str]:
    region, detail = clean_line(typed.get("region", "")), _short_enough(field, clean_line(typed.get("detail", "")))
    if field.options and region and region not in {option.value for option in field.options}:
        raise WrongAnswer(_("Please choose the district."))
    if not region:
        raise WrongAnswer(_("Please say in which city and district."))
    if not detail:
        raise WrongAnswer(_("Please give the street, house and room."))
    return {"region": _short_enough(field, region), "detail": detail}


_LINES: dict[str, Callable[[FormField, str], object]] = {
    "text": _text, "long_text": _long_text, "name": _name, "integer": _integer, "decimal": _decimal, "money": _money,
    "yes_no": _yes_no, "email": _email, "postal_code": _postal_code,
    "credit_code": _identifier(identifiers.credit_code), "mobile": _identifier(identifiers.mobile_number),
    "phone": _identifier(identifiers.phone_number),
}  # fmt: skip


def is_empty(typed: Typed) -> bool:
    """Whether nothing was typed."""
    if isinstance(typed, dict):
        return not any(part.strip() for part in typed.values())
    return not (typed.strip() if isinstance(typed, str) else any(typed))


def answer_of(  # noqa: PLR0911 - one line for each kind of answer
    field: FormField, typed: Typed, answers: Answers, context: Context, today: date | None
) -> object:
    """Return the answer in its normal form; raises WrongAnswer. Not called when nothing was typed."""
    match field.type, typed:
        case "choices", list():
            return _choices(field, typed, answers, context)
        case "identity", dict():
            return _identity(typed, today)
        case "address", dict():
            return _address(field, typed)
        case "date", str() | dict():
            return date_answer(field, typed, today)
        case "choice", str():
            return _choice(field, typed, answers, context)
        case "resident_id", str():
            return checked(lambda: identifiers.resident_number(typed, today=today))
        case _, str():
            return _LINES[field.type](field, typed)
    raise WrongAnswer(_("Please look at this answer again."))
