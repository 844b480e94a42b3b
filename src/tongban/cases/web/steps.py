"""The steps that an official may take on a task: their form, and the one action each calls."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongban.base.actor import Actor
from tongban.base.clock import now
from tongban.base.errors import Words
from tongban.cases import actions, queries
from tongban.cases.kinds import kind_of, terms_of
from tongban.cases.models import Approval, Case, Suspension, Task
from tongban.cases.queries.clock_tables import may_be_joint, rules_of
from tongban.cases.web import clock_forms, forms
from tongban.organisations import queries as organisations

if TYPE_CHECKING:
    from tongban.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it does, what is said afterwards, and whether the page of the case is shown again."""

    act: Callable[[Actor, Task, Any], object]
    done: Words
    stays: bool = False


def _accept(actor: Actor, task: Task, form: forms.AcceptForm) -> object:
    return actions.accept(
        actor=actor,
        task=task,
        word=form.text("word"),
        fee_amounts=form.amounts(),
        fee_reasons=form.reasons(),
        joint=form.is_joint,
        revision=form.page_revision,
        now=now(),
    )


def _supplement(actor: Actor, task: Task, form: forms.SupplementForm) -> object:
    """Ask the applicant; with reasons for what could have been named at first, ask the superior."""
    common: dict[str, Any] = {
        "actor": actor,
        "task": task,
        "points": form.points(),
        "word": form.text("word"),
        "revision": form.page_revision,
        "now": now(),
    }
    if isinstance(form, clock_forms.LaterSupplementForm) and form.asks_late and form.text("reasons").strip():
        return actions.ask_late_supplement(**common, reasons=form.text("reasons"))
    return actions.ask_supplement(**common)


def _fix_fees(actor: Actor, task: Task, form: forms.FixFeesForm) -> object:
    return actions.fix_open(
        actor=actor,
        task=task,
        fee_amounts=form.amounts(),
        fee_reasons=form.reasons(),
        revision=form.page_revision,
        now=now(),
    )


def _refuse(actor: Actor, task: Task, form: forms.RefuseForm) -> object:
    return actions.refuse_acceptance(
        actor=actor,
        task=task,
        reason=form.text("reason"),
        legal_basis=form.text("legal_basis"),
        what_else=form.text("what_else"),
        revision=form.page_revision,
        now=now(),
    )


def _pass_on(actor: Actor, task: Task, form: forms.PassOnForm) -> object:
    return actions.pass_on(
        actor=actor,
        task=task,
        organisation_id=form.organisation_id(),
        word=form.text("word"),
        revision=form.page_revision,
        now=now(),
    )


def _review(actor: Actor, task: Task, form: forms.ReviewForm) -> object:
    return actions.complete_review(
        actor=actor, task=task, choice=form.text("choice"), opinion=form.text("opinion"), now=now()
    )


def _decide(actor: Actor, task: Task, form: forms.DecideForm) -> object:
    return actions.decide(
        actor=actor,
        task=task,
        outcome=form.text("outcome"),
        reasons=form.text("reasons"),
        legal_basis=form.text("legal_basis"),
        revision=form.page_revision,
        now=now(),
    )


def _deliver(actor: Actor, task: Task, form: forms.DeliverForm) -> object:
    return actions.deliver(
        actor=actor,
        task=task,
        way=form.text("way"),
        tracking_number=form.text("tracking_number"),
        handed_to=form.text("handed_to"),
        revision=form.page_revision,
        now=now(),
    )


def _begin_procedure(actor: Actor, task: Task, form: clock_forms.ProcedureForm) -> object:
    return actions.begin_procedure(
        actor=actor,
        task=task,
        procedure=form.text("procedure"),
        ground=form.text("ground"),
        expected=form.length(),
        revision=form.page_revision,
        now=now(),
    )


def _suspend(actor: Actor, task: Task, form: clock_forms.SuspensionForm) -> object:
    return actions.suspend_by_law(
        actor=actor,
        task=task,
        ground=form.text("ground"),
        basis=form.text("basis"),
        revision=form.page_revision,
        now=now(),
    )


def _resume(actor: Actor, task: Task, form: clock_forms.ResumptionForm) -> object:
    return actions.resume(
        actor=actor,
        task=task,
        suspension_id=form.suspension_id(),
        outcome=form.text("outcome"),
        revision=form.page_revision,
        now=now(),
    )


def _ask_extension(actor: Actor, task: Task, form: clock_forms.ExtensionForm) -> object:
    return actions.ask_extension(
        actor=actor, task=task, reasons=form.text("reasons"), revision=form.page_revision, now=now()
    )


def _answer(actor: Actor, task: Task, form: clock_forms.ApprovalForm) -> object:
    return actions.answer_approval(
        actor=actor,
        task=task,
        granted=form.is_allowed,
        word=form.text("word"),
        revision=form.page_revision,
        now=now(),
    )


def _hand_over(actor: Actor, task: Task, form: forms.HandOverForm) -> object:
    chosen = form.chosen()
    return actions.hand_over(
        actor=actor,
        task=task,
        to_official_id=chosen.get("to_official_id"),
        to_post_id=chosen.get("to_post_id"),
        word=form.text("word"),
        now=now(),
    )


def _claim(actor: Actor, task: Task, _form: forms.ClaimForm) -> object:
    return actions.claim(actor=actor, task=task, now=now())


def _release(actor: Actor, task: Task, _form: forms.ClaimForm) -> object:
    return actions.release(actor=actor, task=task, now=now())


STEPS: Mapping[str, Step] = {
    "accept": Step(_accept, _("Accepted:")),
    "supplement": Step(_supplement, _("The applicant is asked for what is missing:")),
    "refuse-acceptance": Step(_refuse, _("Not accepted:")),
    "pass-on": Step(_pass_on, _("Passed on:")),
    "review": Step(_review, _("Your opinion is kept:")),
    "decide": Step(_decide, _("Decided:")),
    "deliver": Step(_deliver, _("Delivered:")),
    "procedure": Step(_begin_procedure, _("The special procedure has begun and the limit stands:"), stays=True),
    "suspension": Step(_suspend, _("Suspended; the limit stands:"), stays=True),
    "resumption": Step(_resume, _("Kept; the applicant is told:"), stays=True),
    "extension": Step(_ask_extension, _("Your superior is asked:"), stays=True),
    "answer": Step(_answer, _("Answered:")),
    "fix-fees": Step(_fix_fees, _("The amounts are fixed:"), stays=True),
    "hand-over": Step(_hand_over, _("Handed over:")),
    "claim": Step(_claim, _("Taken:"), stays=True),
    "release": Step(_release, _("Given back:"), stays=True),
}
"""Step in the address → what it does."""

_OF_KIND: Mapping[str, tuple[str, ...]] = {
    Task.Kind.ACCEPTANCE: ("accept", "supplement", "refuse-acceptance", "pass-on"),
    Task.Kind.REVIEW: ("review",),
    Task.Kind.DECISION: ("decide",),
    Task.Kind.DELIVERY: ("deliver",),
    Task.Kind.APPROVAL: ("answer",),
}
_WORDS: Mapping[str, Words] = {
    "procedure": _("Begin a special procedure"),
    "suspension": _("Suspend by law"),
    "extension": _("Ask for an extension of the limit"),
}
"""Steps that a page of the task offers as a link; their form comes when it is asked for."""


FIXING = (Task.Kind.REVIEW, Task.Kind.DECISION)
"""Steps whose officials fix the amounts that a deemed acceptance has left open."""


def offered(task: Task) -> tuple[str, ...]:
    """Return the steps with a form that a task offers."""
    own = _OF_KIND[task.kind]
    if task.kind in FIXING and queries.unfixed_fees(task.case):
        own = ("fix-fees", *own)
    return (*own, "hand-over")


def on_request(task: Task, case: Case) -> tuple[tuple[str, Words], ...]:
    """Return the steps whose form is shown when it is asked for, with what they are called."""
    if task.kind not in {Task.Kind.REVIEW, Task.Kind.DECISION} or case.state not in {"review", "suspended"}:
        return ()
    rules = rules_of(case)
    able = {
        "procedure": bool(rules.procedures),
        "suspension": True,
        "extension": case.state == Case.State.REVIEW and any(rule.extension for rule in rules.clocks),
    }
    return tuple((step, words) for step, words in _WORDS.items() if able[step])


def opens(step: str) -> bool:
    """Whether the form of a step is shown when it is asked for."""
    return step in _WORDS


def said_of(step: str, came_of_it: object) -> Words:
    """Return what is said after a step."""
    if isinstance(came_of_it, Approval) and came_of_it.answered_at is None:
        return STEPS["extension"].done
    return STEPS[step].done


def form_of(
    step: str,
    task: Task,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    aside: Collection[UUID] = (),
    named: Collection[tuple[str, str]] | None = None,
) -> forms.StepForm:
    """Return the form of a step for a task and who takes it, filled with what was sent.

    `aside` are offered nothing; `named` is what the applicant was asked for before, looked up where it is not at hand.
    """
    common: dict[str, Any] = {"prefix": f"{step}-{task.id}", "revision": task.case.revision}
    own = _OWN[step](task, actor, aside) if step in _OWN else {}
    if step == "supplement" and (known := queries.named_before(task.case_id) if named is None else named):
        return clock_forms.LaterSupplementForm(data, **common, **own, named=known)
    return _FORMS.get(step, forms.ClaimForm)(data, **common, **own)


def resumption_of(task: Task, standing: Suspension) -> clock_forms.ResumptionForm:
    """Return the form that ends one suspension."""
    prefix, revision = f"resumption-{task.id}", task.case.revision
    return clock_forms.ResumptionForm(None, prefix=prefix, revision=revision, standing=standing)


def _other_offices(task: Task) -> "list[Organisation]":
    return [office for office in organisations.all_organisations() if office.id != task.case.organisation_id]


def _hand_over_to(task: Task, actor: Actor, aside: Collection[UUID]) -> dict[str, Any]:
    officials, posts = queries.receivers(task, actor, now(), aside=aside)
    return {"officials": officials, "posts": posts}


_FORMS: Mapping[str, Callable[..., forms.StepForm]] = {
    "accept": forms.AcceptForm,
    "fix-fees": forms.FixFeesForm,
    "supplement": forms.SupplementForm,
    "refuse-acceptance": forms.RefuseForm,
    "pass-on": forms.PassOnForm,
    "review": forms.ReviewForm,
    "decide": forms.DecideForm,
    "deliver": forms.DeliverForm,
    "procedure": clock_forms.ProcedureForm,
    "suspension": clock_forms.SuspensionForm,
    "resumption": clock_forms.ResumptionForm,
    "extension": clock_forms.ExtensionForm,
    "answer": clock_forms.ApprovalForm,
    "hand-over": forms.HandOverForm,
}
_OWN: Mapping[str, Callable[[Task, Actor, Collection[UUID]], dict[str, Any]]] = {
    "accept": lambda task, *_others: {"fees": terms_of(task.case).fees, "may_be_joint": may_be_joint(task.case)},
    "procedure": lambda task, *_others: {"procedures": rules_of(task.case).procedures},
    "fix-fees": lambda task, *_others: {"fees": queries.unfixed_fees(task.case)},
    "supplement": lambda task, *_others: {"targets": kind_of(task.case).supplement_targets(task.case)},
    "pass-on": lambda task, *_others: {"offices": _other_offices(task)},
    "review": lambda task, *_others: {"task": task},
    "deliver": lambda task, *_others: {"case": task.case},
    "hand-over": _hand_over_to,
}
"""What the forms of some steps are given beside what was sent."""
