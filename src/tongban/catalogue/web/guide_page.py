"""What the page of a guide shows, in the order of the page."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.base.money import yuan_words
from tongban.base.templatetags.words import clauses, in_chinese, limit_words, listed, money
from tongban.catalogue import rules
from tongban.catalogue.guide import Fee, FeeItem, Guide, GuideLimit, Material, SituationQuestion, Step
from tongban.catalogue.queries import Published
from tongban.catalogue.rules import Applied
from tongban.catalogue.web import vocabulary
from tongban.catalogue.web.addresses import office_address

PERMIT = "01"
APPLICANT = "applicant"


def guide_page(published: Published, answers: QueryDict) -> dict[str, Any]:
    """Return the context of the page of a guide, given the answers in the address."""
    guide, item = published.guide, published.item
    kind = _kind(guide, answers)
    situation = rules.clean_situation(guide, answers.dict())
    applied = rules.applies(guide, situation, kind)
    questions = _questions(guide, applied, situation, answers)
    answered = applied.complete and (not _asks_who(guide) or bool(_chosen_kind(answers)))
    organisation = item.service_item.organisation
    return {
        "item": item,
        "guide": guide,
        "version": published.version,
        "questions": questions,
        "answered": answered,
        "some_answered": bool(situation or _chosen_kind(answers)),
        "facts": _facts(guide, applied, answered=answered),
        "materials": _materials(guide, applied, answered=answered),
        "steps": [step for step in guide.steps if not answered or step in applied.steps],
        "fees": [_fee(fee) for fee in (applied.fees if answered else guide.fees)],
        "conditions": (guide.conditions if in_chinese() else guide.conditions_en) or guide.conditions,
        "print_query": _query(situation, kind if _asks_who(guide) and _chosen_kind(answers) else ""),
        "contradictions": [one.words for one in rules.contradictions(guide) if one.for_readers],
        "organisation": organisation,
        "office": _office(published),
        "places": _places(published),
        "remedies": _remedies(guide, organisation),
        "result_kind": vocabulary.RESULT_KINDS[guide.result.kind],
        "item_type": vocabulary.item_type(guide.item_type),
        "codes": _codes(published),
        "apply_url": _apply_url(published, situation, kind),
        "audience_links": [vocabulary.audience_link(audience) for audience in guide.audiences],
        "legal_default": guide.item_type == PERMIT and guide.statutory_limit.unit is None,
    }


def to_come_page(published: Published) -> dict[str, Any]:
    """Return the context of the page of a matter of which only the name is known."""
    return {"item": published.item, "office": _office(published), "codes": _codes(published)}


def _chosen_kind(answers: QueryDict) -> str:
    chosen = answers.get(APPLICANT, "")
    return chosen if chosen in {"person", "enterprise"} else ""


def _kind(guide: Guide, answers: QueryDict) -> str:
    chosen = _chosen_kind(answers)
    return chosen if chosen in guide.audiences else next(iter(guide.audiences), "person")


def _asks_who(guide: Guide) -> bool:
    """Whether it matters who applies: both may, and a condition looks at it."""
    parts: list[Material | Step | SituationQuestion | FeeItem] = [*guide.materials, *guide.steps, *guide.situations]
    parts += [amount for fee in guide.fees for amount in fee.items]
    return len(guide.audiences) > 1 and any("applicant." in part.condition for part in parts)


def _questions(
    guide: Guide, applied: Applied, situation: Mapping[str, str], answers: QueryDict
) -> list[dict[str, Any]]:
    """Questions as plain data for `ui_control`: who applies, then the situation."""
    chinese = in_chinese()
    asked: list[dict[str, Any]] = []
    if _asks_who(guide):
        options = [{"value": audience, "label": vocabulary.audience(audience)} for audience in guide.audiences]
        asked.append({"name": APPLICANT, "label": _("Who applies?"), "hint": "", "choices": options,
                      "value": _chosen_kind(answers)})  # fmt: skip
    for question in applied.questions:
        options = [
            {"value": option.value, "label": option.label if chinese or not option.label_en else option.label_en}
            for option in question.options
        ]
        asked.append(
            {
                "name": question.key,
                "label": question.title if chinese or not question.title_en else question.title_en,
                "hint": question.hint if chinese or not question.hint_en else question.hint_en,
                "choices": options,
                "value": situation.get(question.key, ""),
            }
        )
    return asked


def _facts(guide: Guide, applied: Applied, *, answered: bool) -> list[dict[str, str]]:
    """At a glance, in the order in which people ask."""
    facts = [
        _fact(_("Who may apply"), listed(map(vocabulary.audience, guide.audiences)), "users", guide.scope),
        _limit_fact(_("Promised: done in"), guide.promised_limit, "clock"),
        _limit_fact(_("By law: done in"), guide.statutory_limit, "law"),
        _fact(_("Visits"), _visits(guide), "route", guide.visits_reason if guide.visits else ""),
        _fact(_("Fee"), *_fee_glance(guide, applied.fees if answered else guide.fees)),
        _fact(_("Done online?"), _("Yes, online") if guide.online else _("No, at a window"), "globe", _channels(guide)),
    ]
    if guide.materials:
        facts.append(_papers_fact(guide, applied, answered=answered))
    if guide.result.name:
        facts.append(
            _fact(_("You will hold in hand"), vocabulary.told(guide.result, "name"), "stamp", _validity(guide))
        )
    return facts


def _fact(label: str, value: str, icon: str, note: str = "") -> dict[str, str]:
    return {"label": label, "value": value or _("Not stated"), "icon": icon, "note": note}


def _limit_fact(label: str, limit: GuideLimit, icon: str) -> dict[str, str]:
    words = str(limit_words(limit.value, limit.unit or ""))
    ceiling = _("at most %(limit)s") % {"limit": limit_words(limit.ceiling, limit.unit or "")} if limit.ceiling else ""
    exclusions = _("Not counted: %(what)s") % {"what": limit.exclusions} if limit.exclusions else ""
    return _fact(label, words, icon, clauses((ceiling, limit.explain, exclusions, limit.basis)))


def _visits(guide: Guide) -> str:
    if guide.visits is None:
        return ""
    if not guide.visits:
        return _("None: you need not come")
    return ngettext("%(number)d visit", "%(number)d visits", guide.visits) % {"number": guide.visits}


def _fee_glance(guide: Guide, fees: Iterable[Fee]) -> tuple[str, str, str]:
    amounts = [item.amount_fen for fee in fees for item in fee.items]
    if amounts:
        lowest, highest = min(amounts), max(amounts)
        return (str(money(lowest)) if lowest == highest else f"{money(lowest)} – {money(highest)}"), "coin", ""
    stated = next((fee.standard for fee in fees if fee.standard), "")
    if stated:
        return stated, "coin", ""
    if guide.charges is None:
        return "", "coin", ""
    return (_("A fee is due; how much is not stated") if guide.charges else _("Free of charge")), "coin", ""


def _channels(guide: Guide) -> str:
    return listed(vocabulary.CHANNELS.get(channel, channel) for channel in guide.channels)


def _papers_fact(guide: Guide, applied: Applied, *, answered: bool) -> dict[str, str]:
    materials = applied.materials if answered else guide.materials
    brought = [one for one in materials if one.brought_by_applicant and not one.may_be_spared]
    spared = len(materials) - len(brought)
    value = ngettext("%(number)d to hand in", "%(number)d to hand in", len(brought)) % {"number": len(brought)}
    note = ngettext("%(number)d you need not bring", "%(number)d you need not bring", spared) % {"number": spared}
    unsure = "" if answered else _("fewer once you have answered the questions")
    return _fact(_("Papers needed"), value, "document", clauses((note if spared else "", unsure)))


def _validity(guide: Guide) -> str:
    months = guide.result.valid_months
    if not months:
        return ""
    if months % 12:
        return ngettext("valid for %(number)d month", "valid for %(number)d months", months) % {"number": months}
    years = months // 12
    return ngettext("valid for %(number)d year", "valid for %(number)d years", years) % {"number": years}


def _materials(guide: Guide, applied: Applied, *, answered: bool) -> dict[str, list[dict[str, Any]]]:
    """Materials to hand in, and those one need not bring, each with its marks."""
    shown = [vocabulary.material(one, sure=answered or not one.condition) for one in guide.materials
             if not answered or one in applied.materials]  # fmt: skip
    return {
        "brought": [one for one in shown if one["brought"]],
        "spared": [one for one in shown if not one["brought"]],
    }


def _fee(fee: Fee) -> dict[str, Any]:
    rows = [
        {
            "label": vocabulary.told(item, "label") or vocabulary.told(fee, "name"),
            "amount": _amount(item),
        }
        for item in fee.items
    ]
    return {"fee": fee, "rows": rows}


def _amount(item: FeeItem) -> str:
    """Return 40.00 元/证: the unit may be stated whole (元/证) or as what is counted (证)."""
    if item.unit and in_chinese():
        per = item.unit if item.unit.startswith("元") else f"元/{item.unit}"
        return f"{yuan_words(item.amount_fen)} {per}"
    return str(money(item.amount_fen))


def _office(published: Published) -> dict[str, str]:
    organisation = published.item.service_item.organisation
    stated = published.guide.authority_name or published.item.service_item.authority_name
    if organisation is None:
        return {"name": stated, "url": office_address("", published.item.service_item.authority_name), "stated": ""}
    name = organisation.name if in_chinese() or not organisation.name_en else organisation.name_en
    return {
        "name": name,
        "url": office_address(organisation.slug, name),
        "stated": stated if stated and stated != organisation.name else "",
    }


def _places(published: Published) -> list[dict[str, str]]:
    """Where to come: as the guide states; else the organisation's own address and hours."""
    organisation = published.item.service_item.organisation
    told = vocabulary.told
    places = [
        {
            "name": told(place, "name"),
            "address": told(place, "address"),
            "hours": told(place, "hours"),
            "phone": place.phone,
            "directions": place.directions,
        }
        for place in published.guide.places
    ]
    if not places and organisation is not None and (organisation.address or organisation.phone):
        places = [
            {
                "name": told(organisation, "name"),
                "address": organisation.address,
                "hours": organisation.opening_hours,
                "phone": organisation.phone,
                "directions": "",
            }
        ]
    return places


def _remedies(guide: Guide, organisation: Any) -> dict[str, str]:  # noqa: ANN401 - a row of another room
    return {
        "reconsideration": guide.reconsideration_body or getattr(organisation, "reconsideration_body", ""),
        "court": guide.court or getattr(organisation, "court", ""),
        "supervise": guide.supervise_phone or getattr(organisation, "supervision_phone", ""),
        "consult": guide.consult_phone or getattr(organisation, "phone", ""),
    }


def _codes(published: Published) -> list[tuple[str, str]]:
    service = published.item.service_item
    codes = [
        (_("Kind of matter"), vocabulary.item_type(published.guide.item_type) or _("Not stated")),
        (_("Catalogue code"), service.catalogue_item.code),
        (_("Implementation code"), service.implementation_code),
        (_("Code here"), published.item.code),
        (_("Levels"), published.guide.levels),
    ]
    return [(label, value) for label, value in codes if value]


def _apply_url(published: Published, situation: Mapping[str, str], kind: str) -> str:
    """Return where to begin, with the answers given here; empty while nobody can begin."""
    item = published.item
    if not item.applicable or item.state != item.State.IN_USE:
        return ""
    try:
        address = reverse("applications:begin", args=[item.code])
    except NoReverseMatch:
        return ""
    query = _query(situation, kind if _asks_who(published.guide) else "")
    return f"{address}?{query}" if query else address


def _query(situation: Mapping[str, str], kind: str) -> str:
    """Return the answers as they stand in an address."""
    return urlencode(dict(situation) | ({APPLICANT: kind} if kind else {}))
