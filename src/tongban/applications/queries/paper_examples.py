"""What the receipt and the result of an application are filled from."""

from tongban.applications.models import Application
from tongban.applications.queries.drafts import answer_context
from tongban.applications.queries.submitted import application_on
from tongban.applications.rules.papers import OFFICIAL_LANGUAGE, receipt_content, result_content
from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.cases import queries as cases
from tongban.catalogue import queries as catalogue
from tongban.forms import queries as forms
from tongban.forms import rules as form_rules
from tongban.papers.kinds import PaperContent


def paper_example(actor: Actor, kind: str, number: str) -> PaperContent | None:
    """Return what a receipt or a result says of the case; None when the actor may not see it, or it has none.

    For item managers who look at a wording: nothing is issued, the parts are taken from what stands of the case today.
    """
    if kind not in {"receipt", "result"}:
        return None
    try:
        case = cases.case_for(actor, number)
        application, materials = application_on(case)
    except NotFound:
        return None
    if kind == "receipt":
        return receipt_content(case, materials)
    result = getattr(case, "result", None)
    if result is None:
        return None
    content = result_content(case, holder=case.applicant_name, rows=face_of(application))
    return content.model_copy(update={"valid_from": result.valid_from, "valid_to": result.valid_to})


def face_of(application: Application) -> list[tuple[str, str]]:
    """Return the answers that the guide wants printed on the result; identity numbers stay masked."""
    guide = catalogue.guide_of(application.handling_version_id)
    if not guide.result.face or application.handling_version.form_id is None:
        return []
    document = forms.document(application.handling_version.form_id)
    shown = form_rules.shown(document, application.values, answer_context(application), OFFICIAL_LANGUAGE)
    return [(row.label, row.words) for step in shown for row in step.rows if row.key in guide.result.face]
