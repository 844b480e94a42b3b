"""Plays the lives of a few hundred cases, each through the actions that people use, at hours when people act."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.applications import actions as applications
from tongban.applications import queries as drafts
from tongban.base.actor import Actor
from tongban.base.clock import OFFICE_ZONE
from tongban.cases import actions as cases
from tongban.cases import queries as case_queries
from tongban.catalogue import queries as catalogue
from tongban.files import actions as files
from tongban.ledger import actions as ledger
from tongban.site.demo import content
from tongban.site.demo.answers import answer
from tongban.site.demo.people import Town
from tongban.site.demo.samples import sample_pdf, sample_scan
from tongban.site.demo.wishes import Wish, not_accepted_words, refusal_words, wishes_of, wishes_under_way

if TYPE_CHECKING:
    from tongban.applications.models import Draft
    from tongban.cases.models import Case, Task

OPENING, CLOSING = 9, 17
FRESH_DAYS = 9
"""Cases younger than this may be anywhere on their way; of older ones, a few have been left lying."""
ENDINGS = (
    ("waiting", 20),
    ("supplement", 8),
    ("answered", 5),
    ("review", 18),
    ("decision", 9),
    ("not_accepted", 3),
    ("withdrawn", 3),
    ("refused", 4),
    ("granted", 30),
)
"""How far a case has come, and how often of a hundred."""
LATE = 0.07
COLLECTED_HOURS = 40
"""After about so many hours somebody comes for a result that is not had online."""
NOT_COLLECTED = 0.06
UNDER_WAY = timedelta(days=6)
_PRAISE = ("办得很快，谢谢。", "窗口的同志很耐心。", "材料说明再清楚一点就更好了。", "没跑腿就办好了。", "")


@dataclass
class Play:
    """One case on its way: who plays, and what time it is in its life."""

    town: Town
    random: Random
    moment: datetime
    end: datetime
    asks: bool = False
    """Whether registers are asked: each look-up is committed by itself, so not while the city is loaded as a whole."""

    def later(self, hours: float) -> datetime:
        """Let time pass and return the next office hour; never later than now."""
        moment = self.moment + timedelta(hours=hours * self.random.uniform(0.5, 1.5))
        local = moment.astimezone(OFFICE_ZONE)
        if not OPENING <= local.hour < CLOSING:
            local = (local + timedelta(days=local.hour >= CLOSING)).replace(
                hour=OPENING, minute=self.random.randint(5, 55)
            )
        self.moment = min(local, self.end)
        return self.moment


def play(town: Town, *, random: Random, now: datetime, number: int) -> None:
    """Play `number` cases over the last hundred days, most of them lately; the first are those of named residents."""
    stages = [name for name, share in ENDINGS for _share in range(share)]
    ended = [stage for stage in stages if stage in {"granted", "refused", "withdrawn", "not_accepted"}]
    wishes = wishes_of(town, random=random, now=now, number=number)
    random.shuffle(wishes)
    begun = sorted((random.betavariate(1, 4) * 100 for _wish in wishes), reverse=True)
    for place, (days_ago, wish) in enumerate(zip(begun, wishes, strict=True)):
        stage = random.choice(stages if days_ago < FRESH_DAYS or random.random() < LATE else ended)
        one = Play(town, random, now - timedelta(days=days_ago), now)
        one.later(0)
        _life(one, wish, stage)
        if place % 20 == 0:
            ledger.drain(now=one.moment)
    for wish in wishes_under_way(town):
        one = Play(town, random, now - UNDER_WAY, now)
        one.later(0)
        _life(one, wish, "review")
    ledger.drain(now=now)


def play_asked(town: Town, *, now: datetime) -> None:
    """Play the cases for which registers are asked: filled in by them, and with materials that they answer."""
    random = Random(len(town.actors))  # noqa: S311 - invented lives, not secrets
    for who, item, situation in content.lives()["asked"]:
        one = Play(town, random, now, now, asks=True)
        _apply(one, Wish(town.actors[who], item, situation=situation))
    ledger.drain(now=now)


def _life(one: Play, wish: Wish, stage: str) -> None:
    case = _apply(one, wish)
    if case is None or stage == "waiting":
        return
    if stage == "withdrawn":
        cases.withdraw(actor=wish.actor, case=case, reason="暂时不办了", now=one.later(20))
        return
    actor, task = _open_tasks(one, case, "acceptance")[0]
    if stage == "not_accepted":
        reason, legal_basis, what_else = not_accepted_words(case.terms["item_type"])
        cases.refuse_acceptance(
            actor=actor, task=task, reason=reason, legal_basis=legal_basis, what_else=what_else, now=one.later(6)
        )
        return
    if stage in {"supplement", "answered"}:
        _supplemented(one, case, task, actor, answered_by=wish.actor if stage == "answered" else None)
        return
    cases.accept(actor=actor, task=task, fee_amounts={}, now=one.later(6))
    if stage == "review":
        return
    _review(one, case)
    if stage == "decision":
        return
    _decide(one, case, wish, granted=stage != "refused")


def _apply(one: Play, wish: Wish) -> "Case | None":
    guide = catalogue.guide_of(catalogue.item(wish.item).current_id)
    situation = {question.key: one.random.choice(question.options).value for question in guide.situations}
    draft = applications.begin(
        actor=wish.actor,
        item_code=wish.item,
        applicant_kind=wish.applicant_kind,
        subject_id=wish.subject_id,
        situation=situation | wish.situation,
        now=one.moment,
    )
    if not _fill(one, wish.actor, draft):
        return None
    ready = drafts.draft_for(wish.actor, draft.id)
    return applications.submit(
        actor=wish.actor, draft_id=ready.id, idempotency_key=ready.idempotency_key, declared=True, now=one.later(0.2)
    ).case


def _fill(one: Play, actor: Actor, draft: "Draft") -> bool:
    """Fill in every step; leave one in twenty as a draft."""
    document = drafts.document_of(draft)
    if one.asks and drafts.may_ask(draft):
        applications.choose_registers(actor=actor, draft_id=draft.id, agreed=True, now=one.moment)
    today = one.moment.astimezone(OFFICE_ZONE).date().isoformat()
    known = drafts.prefilled(drafts.draft_for(actor, draft.id))
    for step in document.steps:
        _ask(one, actor, draft, step.key)
        typed = {
            field.key: _known(known.get(field.key)) or answer(field, one.random, today=today)
            for field in step.fields
            if field.asks
        }
        saved = applications.save_step(actor=actor, draft_id=draft.id, step_key=step.key, typed=typed, now=one.moment)
        if saved.errors:
            return False  # the matter is not for this person, as the form has told them
    if one.random.random() < 0.05:  # noqa: PLR2004 - one in twenty stops here
        return False
    _ask(one, actor, draft, drafts.MATERIALS)
    for state in drafts.material_states(drafts.draft_for(actor, draft.id)):
        if state.missing:
            applications.attach(
                actor=actor,
                draft_id=draft.id,
                material_key=state.material.key,
                name=f"{state.material.name}.png"[:80],
                content=BytesIO(sample_scan(state.material.name)),
                now=one.moment,
            )
    applications.save_materials(actor=actor, draft_id=draft.id, now=one.moment)
    electronic = drafts.electronic_consent(draft)
    applications.save_delivery(
        actor=actor, draft_id=draft.id, typed={"way": "online" if electronic else "window"}, now=one.moment
    )
    return True


def _ask(one: Play, actor: Actor, draft: "Draft", part: str) -> None:
    if one.asks:
        applications.ask_registers(actor=actor, draft=drafts.draft_for(actor, draft.id), part=part, now=one.moment)


def _known(value: object) -> object:
    """Return what the account knew; a part without content counts as nothing."""
    return None if isinstance(value, dict) and not all(value.values()) else value


def _open_tasks(one: Play, case: "Case", kind: str) -> list[tuple[Actor, "Task"]]:
    """Return what is open on a case, each with an official who may do it; those of the case's office first."""
    officials = sorted(one.town.officials, key=lambda actor: case.organisation_id not in actor.organisation_ids)
    posts = {task.post_id for task in case_queries.tasks_of(case.id) if task.kind == kind}
    found: dict[UUID, tuple[Actor, Task]] = {}
    for actor in officials:
        for task in [] if posts.isdisjoint(actor.post_ids) else case_queries.open_tasks_on(actor, case.id):
            if task.kind == kind:
                found.setdefault(task.id, (actor, task))
        if found and case.organisation_id in actor.organisation_ids and kind != "review":
            break
    return list(found.values())


def _supplemented(one: Play, case: "Case", task: "Task", actor: Actor, *, answered_by: Actor | None) -> None:
    application = drafts.application_of(case.id)
    handed_in = [row for row in drafts.materials_of(application.id) if row.file_id]
    if not handed_in:
        return
    cases.ask_supplement(
        actor=actor,
        task=task,
        points=[("material", handed_in[0].material_key, "扫描件不清晰，请重新上传四角齐全的彩色件。")],
        now=one.later(9),
    )
    if answered_by is not None:
        stored = files.receive(
            actor=answered_by, name="重新扫描.pdf", content=BytesIO(sample_pdf("重新扫描件")), now=one.later(20)
        )
        applications.answer_supplement(
            actor=answered_by,
            case_id=case.id,
            answer=applications.SupplementAnswer(file_ids={handed_in[0].material_key: [stored.id]}),
            now=one.moment,
        )


def _review(one: Play, case: "Case") -> None:
    for _round in range(6):
        waiting = _open_tasks(one, case, "review")
        for actor, task in waiting:
            cases.complete_review(
                actor=actor,
                task=task,
                choice=task.choices[0]["value"] if task.choices else "",
                opinion="经审查，材料齐全，符合规定。",
                now=one.later(6),
            )
        if not waiting:
            return


def _decide(one: Play, case: "Case", wish: Wish, *, granted: bool) -> None:
    reasons, legal_basis = "符合法定条件、标准。", ""
    if not granted:
        reasons, legal_basis = refusal_words(wish.item, case.terms["item_type"])
    actor, task = _open_tasks(one, case, "decision")[0]
    cases.decide(
        actor=actor,
        task=task,
        outcome="granted" if granted else "refused",
        reasons=reasons,
        legal_basis=legal_basis,
        now=one.later(6),
    )
    _pay(one, case)
    ledger.drain(now=one.moment)
    _hand_out(one, case, wish)
    case = case_queries.case_by_id(case.id)
    if case.state == "delivered" and one.random.random() < 0.6:  # noqa: PLR2004
        cases.rate(
            actor=wish.actor,
            case=case,
            level=one.random.choices((1, 2, 3, 4, 5), (55, 28, 10, 5, 2))[0],
            words=one.random.choice(_PRAISE),
            now=one.later(12),
        )


def _hand_out(one: Play, case: "Case", wish: Wish) -> None:
    """Let people come for their results; a few never do, and what was decided lately still lies there."""
    if one.random.random() < NOT_COLLECTED:
        return
    receiver = "经办人，已核对身份证和委托书" if wish.applicant_kind == "enterprise" else "本人，已核对身份证"
    for actor, task in _open_tasks(one, case, "delivery"):
        if one.later(COLLECTED_HOURS) < one.end:
            cases.deliver(actor=actor, task=task, way="window", handed_to=receiver, now=one.moment)


def _pay(one: Play, case: "Case") -> None:
    """Let most people pay at the window; some still have to."""
    if one.random.random() >= 0.7:  # noqa: PLR2004
        return
    for fee in case.fees.select_related("post").filter(state="due"):
        actor = next(actor for actor in one.town.officials if fee.post_id in actor.post_ids)
        number = f"YT{one.random.randint(100000, 999999)}"
        cases.settle_fee(actor=actor, fee=fee, receipt_number=number, now=one.later(4))
