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
from tongban.cases.models import Task
from tongban.cases.web import forms
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
        revision=form.page_revision,
        now=now(),
    )


def _supplement(actor: Actor, task: Task, form: forms.SupplementForm) -> object:
    return actions.ask_supplement(
        actor=actor,
        task=task,
        points=form.points(),
        word=form.text("word"),
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
}


def offered(task: Task) -> tuple[str, ...]:
    """Return the steps with a form that a task offers."""
    return (*_OF_KIND[task.kind], "hand-over")


def form_of(
    step: str,
    task: Task,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    aside: Collection[UUID] = (),
) -> forms.StepForm:
    """Return the form of a step for a task and who takes it, filled with what was sent; `aside` are offered nothing."""
    common: dict[str, Any] = {"prefix": f"{step}-{task.id}", "revision": task.case.revision}
    own = _OWN[step](task, actor, aside) if step in _OWN else {}
    return _FORMS.get(step, forms.ClaimForm)(data, **common, **own)


def _other_offices(task: Task) -> "list[Organisation]":
    return [office for office in organisations.all_organisations() if office.id != task.case.organisation_id]


def _hand_over_to(task: Task, actor: Actor, aside: Collection[UUID]) -> dict[str, Any]:
    officials, posts = queries.receivers(task, actor, now(), aside=aside)
    return {"officials": officials, "posts": posts}


_FORMS: Mapping[str, Callable[..., forms.StepForm]] = {
    "accept": forms.AcceptForm,
    "supplement": forms.SupplementForm,
    "refuse-acceptance": forms.RefuseForm,
    "pass-on": forms.PassOnForm,
    "review": forms.ReviewForm,
    "decide": forms.DecideForm,
    "deliver": forms.DeliverForm,
    "hand-over": forms.HandOverForm,
}
_OWN: Mapping[str, Callable[[Task, Actor, Collection[UUID]], dict[str, Any]]] = {
    "accept": lambda task, *_others: {"fees": terms_of(task.case).fees},
    "supplement": lambda task, *_others: {"targets": kind_of(task.case).supplement_targets(task.case)},
    "pass-on": lambda task, *_others: {"offices": _other_offices(task)},
    "review": lambda task, *_others: {"task": task},
    "deliver": lambda task, *_others: {"case": task.case},
    "hand-over": _hand_over_to,
}
"""What the forms of some steps are given beside what was sent."""
