"""What a guide says twice and differently, by the checks that working checkers apply (facts, §1).

Found by rule, so that it disappears when the guide is mended. Nothing is corrected: readers are told both.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.base.templatetags.words import listed
from tongban.catalogue.guide import Guide
from tongban.catalogue.rules.promises import verdict

COME_IN_PERSON = re.compile(
    r"现场(?!核查|检查|勘|验收|踏勘|审|评|考察|查)|到场|当面|照相|拍照|采集|指纹|面签|面谈|本人到"
)
"""Words that mean the applicant has to come; officials who come to check 现场核查 do not mean that."""
CATCH_ALL = re.compile(r"其[他它](相关|有关)?(材料|资料|证明)|相关(辅助|证明)?材料|等材料$|需要(提供|提交)的其[他它]")
PHONE = re.compile(r"^[+()\d\s\-—转、,，;；/.～~]{5,60}$")
CONDITION_WORDS = re.compile(r"(时|的|者)(须|需|应当?)?(提供|提交)|^除.+之外|情形|申请人[=为是]")
NONE_STATED = frozenset({"", "无", "/", "-", "—", "没有"})


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements that do not fit. `for_readers`: it changes what somebody would do, so the page says it."""

    code: str
    words: str | Promise
    for_readers: bool = False


Check = Callable[[Guide], Iterator[Contradiction]]
_CHECKS: list[Check] = []


def _check(function: Check) -> Check:
    _CHECKS.append(function)
    return function


def contradictions(guide: Guide) -> tuple[Contradiction, ...]:
    """Return what contradicts itself, each kind once, those for readers first."""
    if not guide.has_guide:
        return ()
    found = {item.code: item for check in _CHECKS for item in check(guide)}
    return tuple(sorted(found.values(), key=lambda item: not item.for_readers))


@_check
def _no_visit_but_come(guide: Guide) -> Iterator[Contradiction]:
    """0 visits beside steps, materials or remarks that have somebody come."""
    if guide.visits != 0:
        return
    places = [step.name for step in guide.steps] + [step.note for step in guide.steps]
    places += [material.note for material in guide.materials] + [guide.visits_reason, *guide.contradictions]
    quoted = next((text for text in places if COME_IN_PERSON.search(text)), "")
    if quoted:
        said = quoted if quoted not in guide.contradictions else str(_("a check on site"))
        yield Contradiction(
            "no_visit_but_come",
            format_lazy(
                _("This guide states 0 visits, but it also mentions “{quoted}”. You may have to come once."),
                quoted=said,
            ),
            for_readers=True,
        )


@_check
def _online_only_but_come(guide: Guide) -> Iterator[Contradiction]:
    """Done online only, and yet materials are handed in on site, or a visit is needed."""
    if not guide.channels or set(guide.channels) & {"window", "post"}:
        return
    quoted = next((material for material in guide.materials if COME_IN_PERSON.search(material.note)), None)
    if quoted is not None:
        words = format_lazy(
            _("This guide states that it is done online, but “{material}” is to be handed in on site."),
            material=quoted.name,
        )
        yield Contradiction("online_but_on_site_material", words, for_readers=True)
    elif guide.visits:
        words = format_lazy(
            _("This guide states that it is done online only, and also that {visits} visits are needed."),
            visits=guide.visits,
        )
        yield Contradiction("online_but_visits", words, for_readers=True)


@_check
def _visits_without_reason(guide: Guide) -> Iterator[Contradiction]:
    if guide.visits and guide.visits_reason.strip() in NONE_STATED:
        yield Contradiction("visits_without_reason", _("Visits are asked for, but no reason is stated."))


@_check
def _no_visit_not_online(guide: Guide) -> Iterator[Contradiction]:
    if guide.visits == 0 and guide.channels and not {"web", "mobile", "post"} & set(guide.channels):
        words = _("This guide states 0 visits, but names neither online nor post: only the window.")
        yield Contradiction("no_visit_not_online", words, for_readers=True)


@_check
def _online_flag(guide: Guide) -> Iterator[Contradiction]:
    if not guide.online and {"web", "mobile"} & set(guide.channels):
        yield Contradiction("online_flag", _("Said not to be online, and yet online is among its ways."))


@_check
def _promise_longer(guide: Guide) -> Iterator[Contradiction]:
    """Promised ≤ statutory, as far as units can be compared (`rules.promises`)."""
    found = verdict(guide.promised_limit, guide.statutory_limit)
    if found == "longer":
        words = _("The promised limit is longer than the statutory one. The statutory one holds.")
        yield Contradiction("promise_longer", words, for_readers=True)
    elif found == "unclear":
        words = _("The promised and the statutory limit have units that cannot be compared. Please check both.")
        yield Contradiction("promise_not_comparable", words)


@_check
def _on_the_spot_with_days(guide: Guide) -> Iterator[Contradiction]:
    limit = guide.promised_limit
    if guide.handling_kind == "on_the_spot" and limit.unit in {"working_day", "calendar_day", "month"} and limit.value:
        words = _("Said to be done on the spot, and yet the promise is a number of days.")
        yield Contradiction("on_the_spot_with_days", words, for_readers=True)


@_check
def _promised_kind_on_the_spot(guide: Guide) -> Iterator[Contradiction]:
    stated = guide.handling_kind == "promised" and not guide.handling_kind_is_default
    if stated and guide.promised_limit.unit == "on_the_spot":
        yield Contradiction("promised_but_on_the_spot", _("Said to be a promised kind, and yet done on the spot."))


@_check
def _result_kind(guide: Guide) -> Iterator[Contradiction]:
    name, kind = guide.result.name.strip(), guide.result.kind
    if name.endswith("证") and kind == "paper":
        yield Contradiction("result_is_licence", _("The result is named a licence 证, but its kind is another."))
    if name.endswith(("文", "批复")) and kind == "licence":
        yield Contradiction("result_is_paper", _("The result is named a document 文, but its kind is a licence."))


@_check
def _fee(guide: Guide) -> Iterator[Contradiction]:
    if guide.charges is False and guide.fees:
        yield Contradiction("free_but_fees", _("This guide says free of charge, and lists fees."), for_readers=True)
    if guide.charges and not guide.fees:
        words = _("This guide says that a fee is due, but not how much.")
        yield Contradiction("fee_not_stated", words, for_readers=True)


@_check
def _materials(guide: Guide) -> Iterator[Contradiction]:
    for material in guide.materials:
        if CATCH_ALL.search(material.name):
            words = format_lazy(_("“{material}” does not say what is to be brought."), material=material.name)
            yield Contradiction("catch_all_material", words, for_readers=True)
        conditional = CONDITION_WORDS.search(material.name) or CONDITION_WORDS.search(material.note)
        if material.need == "required" and not material.condition and conditional:
            words = format_lazy(
                _("“{material}” is marked as required for everybody, but its text names a case."),
                material=material.name,
            )
            yield Contradiction("required_in_some_cases", words)


@_check
def _phones(guide: Guide) -> Iterator[Contradiction]:
    numbers = [guide.consult_phone, guide.supervise_phone, *(place.phone for place in guide.places)]
    for number in numbers:
        if number.strip() not in NONE_STATED and not PHONE.match(number.strip()):
            yield Contradiction("phone", format_lazy(_("“{number}” is no telephone number."), number=number))


@_check
def _steps(guide: Guide) -> Iterator[Contradiction]:
    names = "".join(step.name for step in guide.steps)
    if not names:
        return
    missing = [word for word, any_of in _NEEDED_STEPS if not any(part in names for part in any_of)]
    if missing:
        words = format_lazy(_("The steps do not mention: {missing}."), missing=lazy(listed, str)(missing))
        yield Contradiction("steps_incomplete", words)


_NEEDED_STEPS = (
    ("受理", ("受理", "收件", "接收")),
    ("审查", ("审查", "审核", "核查", "调查", "核对", "审批")),
    ("决定", ("决定", "办结", "登簿", "制证", "发证", "颁发", "送达", "确认", "审批")),
)
