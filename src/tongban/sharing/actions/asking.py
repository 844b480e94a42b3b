"""Ask about a look-up, object to it, say that a register is wrong: each opens a case with a deadline."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.actor import Actor
from tongban.base.clock import office_date
from tongban.base.templatetags.words import date_words, either
from tongban.base.text import clean_line, clean_lines
from tongban.cases import actions as cases
from tongban.cases.kinds import ApplicantRef, DeliveryWish, Terms
from tongban.ledger import actions as ledger
from tongban.sharing import errors
from tongban.sharing.events import CorrectionAsked, LookUpQuestioned
from tongban.sharing.models import Correction, Question
from tongban.sharing.queries.asked import standing_correction
from tongban.sharing.queries.held import Held
from tongban.sharing.queries.looks import Line
from tongban.sharing.queries.whose import Whose
from tongban.sharing.rules.clocks import ABOUT_LOOK_UPS, ABOUT_RECORDS

if TYPE_CHECKING:
    from tongban.cases.models import Case

LONGEST = 2000
LONGEST_VALUE = 1000
MOST_A_DAY = 20
"""Questions, objections and corrections of one person within a day: offices have to answer each."""
DAY = timedelta(days=1)
RETAINED_YEARS = 10


def ask(*, actor: Actor, whose: Whose, line: Line, kind: str, words: str, now: datetime) -> "Case":
    """Ask about a look-up or object to it; returns the case, the one that is there when it was asked before.

    It goes to the office that looked, or, where that is a system of another installation, to the office whose data were
    looked at. Raises NotComplete ("kind", "words"), NothingToAskAbout, IdentityNotSeen, TooManyQuestions.
    """
    person_id = _asker(actor, whose, now)
    said = clean_lines(words)[:LONGEST]
    problems: dict[str, list[str]] = {}
    if kind not in Question.Kind.values:
        problems["kind"] = [_("Please choose whether you want it explained, or object to it.")]
    if not said:
        problems["words"] = [_("Please write what you want to know, or what you think was wrong.")]
    if problems:
        raise errors.NotComplete(problems)
    look_up = line.look_up
    office = look_up.consumer or (look_up.resource.provider if look_up.resource else None)
    if line.is_own or office is None:
        raise errors.NothingToAskAbout
    before = Question.objects.select_related("case").filter(look_up=look_up, kind=kind, asked_by_id=person_id).first()
    if before is not None:
        return before.case
    titles = {language: _title(kind, office, look_up.at, language) for language in ("zh-hans", "en")}
    try:
        with transaction.atomic():
            case = _open(actor, whose, f"data_{kind}", titles, office.id, ABOUT_LOOK_UPS, now)
            Question.objects.create(
                case=case, kind=kind, look_up=look_up, asked_by_id=person_id, words=said, asked_at=now
            )
            event = LookUpQuestioned(subject_id=case.id, look_up_id=look_up.id, asked=kind)
            ledger.record(event, actor=actor, now=now)
            return case
    except IntegrityError:  # sent twice at the same instant: the first one is the case
        return Question.objects.select_related("case").get(look_up=look_up, kind=kind, asked_by_id=person_id).case


def _title(kind: str, office: Any, at: datetime, language: str) -> str:  # noqa: ANN401 - an organisation
    with translation.override(language):
        values = {"office": either(office.name, office.name_en), "day": date_words(at)}
        if kind == Question.Kind.OBJECTION:
            return _("Objection to a look-up by %(office)s on %(day)s") % values
        return _("Question about a look-up by %(office)s on %(day)s") % values


def ask_correction(
    *,
    actor: Actor,
    whose: Whose,
    held: Held,
    field: str,
    record_key: str,
    stated: Any,  # noqa: ANN401 - a JSON value
    wanted: str,
    words: str,
    now: datetime,
) -> "Case":
    """Say that a value in a register is not right; returns the case, the one that is open when there is one.

    Raises NotFound for a field that is not read here, NotComplete ("wanted", "words"), IdentityNotSeen,
    TooManyQuestions.
    """
    person_id = _asker(actor, whose, now)
    item = held.item(field)
    right, why = clean_line(wanted)[:LONGEST_VALUE], clean_lines(words)[:LONGEST]
    problems: dict[str, list[str]] = {}
    if not right:
        problems["wanted"] = [_("Please write what should stand there; “nothing” if it should be empty.")]
    if not why:
        problems["words"] = [_("Please write why, and what shows it: a document, a decision.")]
    if problems:
        raise errors.NotComplete(problems)
    place: dict[str, Any] = {
        "person_id": whose.person_id,
        "enterprise_id": whose.enterprise_id,
        "resource_id": held.resource.id,
        "field": field,
        "record_key": record_key,
    }
    if before := standing_correction(**place):
        return before.case
    titles = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            named = {
                "register": either(held.resource.name, held.resource.name_en),
                "field": either(item.name, item.name_en),
            }
            titles[language] = _("Correction of “%(field)s” in %(register)s") % named
    try:
        with transaction.atomic():
            case = _open(actor, whose, "data_correction", titles, held.resource.provider_id, ABOUT_RECORDS, now)
            Correction.objects.create(
                case=case, asked_by_id=person_id, stated=stated, wanted=right, words=why, asked_at=now, **place
            )
            event = CorrectionAsked(subject_id=case.id, resource_id=held.resource.id, field=field)
            ledger.record(event, actor=actor, now=now)
            return case
    except IntegrityError:
        before = standing_correction(**place)
        if before is None:
            raise
        return before.case


def _asker(actor: Actor, whose: Whose, now: datetime) -> UUID:
    """Return the person who asks. Raises IdentityNotSeen, TooManyQuestions."""
    if actor.person_id is None or not whose.is_sure:
        raise errors.IdentityNotSeen
    since = {"asked_by_id": actor.person_id, "asked_at__gt": now - DAY}
    today = Question.objects.filter(**since).count() + Correction.objects.filter(**since).count()
    if today >= MOST_A_DAY:
        raise errors.TooManyQuestions(int(DAY.total_seconds()))
    return actor.person_id


def _open(
    actor: Actor, whose: Whose, kind: str, titles: dict[str, str], office_id: UUID, item_type: str, now: datetime
) -> "Case":
    """Open the case. It is answered on the page where it was asked: that is what who asks here has chosen."""
    opening = cases.opening(
        actor=actor,
        kind=kind,
        title=titles["zh-hans"],
        title_en=titles["en"],
        organisation_id=office_id,
        applicant=ApplicantRef(
            name=whose.name,
            person_id=whose.person_id,
            enterprise_id=whose.enterprise_id,
            submitted_by_id=actor.person_id,
        ),
        channel="web",
        terms=Terms(item_type=item_type, item_code=kind, retention_years=RETAINED_YEARS),
        summary={"asked_on": office_date(now).isoformat()},
        delivery=DeliveryWish(way="online", electronic=True),
        now=now,
    )
    return cases.open_case(opening=opening, now=now)
