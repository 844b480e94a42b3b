"""The wording of each paper of a case: what it can be filled with, what it must say, and the sentences shipped.

An item manager may write other sentences (room papers); these are used where nobody has. Compulsory is what law demands
to be said: reasons, legal basis and remedies of a refusal (行政许可法 arts. 32, 38), the expected length of a special
procedure (art. 45), the reasons of an extension (art. 42).
"""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words
from tongban.papers.rules import Placeholder, Wording

DAY, DAY_EN = "2026年11月30日", "30 November 2026"
LAW, LAW_EN = "《中华人民共和国行政许可法》第三十二条", "《中华人民共和国行政许可法》 art. 32"


def _one(
    name: str, words: Words, sample: str, sample_en: str, *, compulsory: bool = False, may_be_empty: bool = False
) -> Placeholder:
    return Placeholder(name, words, sample, sample_en, compulsory, may_be_empty)


def _must(name: str, words: Words, sample: str, sample_en: str, *, may_be_empty: bool = False) -> Placeholder:
    return Placeholder(name, words, sample, sample_en, compulsory=True, may_be_empty=may_be_empty)


EVERYWHERE = (
    _must("matter", _("name of the matter"), "食品经营许可", "Food licence"),
    _one("number", _("case number"), "20261123-7KQ4M2XA", "20261123-7KQ4M2XA"),
    _one("applicant", _("who applies"), "林知夏", "林知夏"),
    _one("office", _("the office that handles the case"), "云澜市市场监督管理局", "Market Office"),
    _one("received_on", _("day of receipt"), "2026年11月23日", "23 November 2026"),
)
"""What every paper of a case may say."""

_LIMITS = _must(
    "limits",
    _("the limits that run, each with its last day"),
    "我们承诺在 7 个工作日内，即 2026年12月2日前作出决定。",
    "We promise a decision within 7 working days, that is by 2 December 2026.",
)
_LIMIT = _one(
    "limit", _("the limit told first, e.g. 7 working days"), "7 个工作日", "7 working days", may_be_empty=True
)
_DUE = _one("due_on", _("the last day of that limit"), "2026年12月2日", "2 December 2026", may_be_empty=True)
_BASIS = _must("legal_basis", _("the law and its article"), LAW, LAW_EN)
_REASONS = _must("reasons", _("the reasons, as the official has typed them"), "（经办人填写的理由）", "(as typed)")
_GROUND = _must("ground", _("why, as the official has typed it"), "需要专家评审。", "Experts have to look at it.")
_REMEDIES = _must(
    "remedies",
    _("how and where the decision can be contested"),
    "如不服本决定，可在收到之日起 60 日内申请行政复议，或者在 6 个月内提起行政诉讼。",
    "You may within 60 days apply for reconsideration, or within 6 months bring an action.",
)


def _optional(one: Placeholder) -> Placeholder:
    return Placeholder(one.name, one.words, one.sample, one.sample_en, compulsory=True, may_be_empty=True)


def _wording(kind: str, own: tuple[Placeholder, ...], *paragraphs: Words, remarks: tuple[Words, ...] = ()) -> Wording:
    return Wording(kind, (*EVERYWHERE, *own), paragraphs, remarks)


_DELIVERED = (
    _one("matter", EVERYWHERE[0].words, EVERYWHERE[0].sample, EVERYWHERE[0].sample_en),
    *EVERYWHERE[1:],
    _must(
        "delivered",
        _("that papers have been delivered, or that the matter is concluded"),
        "以下文书已送达。",
        "The following papers have been delivered.",
    ),
)
"""A proof of delivery names the matter among its facts."""


WORDINGS = (
    _wording(
        "supplement",
        (
            _must("answer_by", _("last day for the answer"), DAY, DAY_EN),
            _one("word", _("a word of the official"), "请携带原件。", "Please bring the originals.", may_be_empty=True),
            _must(
                "late_reasons",
                _("why something is asked for only now, as a superior has allowed it"),
                "首次审查后法规有变。",
                "The rules have changed since.",
                may_be_empty=True,
            ),
        ),
        _(
            "We have looked at your application “{matter}”. The following is still missing or has to be corrected; "
            "this is all of it. Please send it by {answer_by}."
        ),
        "{word}",
        _(
            "Something of this could have been named the first time. A superior has allowed to ask for it now. "
            "Reasons: {late_reasons}"
        ),
        remarks=(_("The time limit of our decision begins only when the application has been accepted."),),
    ),
    _wording(
        "acceptance",
        (_must("accepted_on", _("day of acceptance"), "2026年11月24日", "24 November 2026"), _LIMITS, _LIMIT, _DUE),
        _(
            "Your application “{matter}”, received on {received_on}, is complete and in due form. "
            "It is accepted as of {accepted_on}."
        ),
        "{limits}",
    ),
    _wording(
        "non_acceptance",
        (
            _REASONS,
            _BASIS,
            _must("what_else", _("what the applicant can do instead"), "请向住建部门申请。", "Please ask elsewhere."),
            _REMEDIES,
        ),
        _("Your application “{matter}” cannot be accepted."),
        _("Reason: {reasons}"),
        _("Legal basis: {legal_basis}"),
        _("What you can do instead: {what_else}"),
        "{remedies}",
    ),
    _wording(
        "passing_on",
        (
            _must("competent_office", _("the office that has the case now"), "云澜市卫生健康局", "Health Office"),
            _one("word", _("a word of the official"), "该事项由其办理。", "It is their task.", may_be_empty=True),
        ),
        _("The competent office for your application “{matter}” is {competent_office}. We have passed it on."),
        "{word}",
        _("You need not do anything, and nothing has to be handed in again."),
    ),
    _wording(
        "acceptance_deemed",
        (_must("accepted_on", _("day of acceptance"), "2026年11月23日", "23 November 2026"), _LIMITS, _LIMIT, _DUE),
        _(
            "Nobody has told you within the time set by law what your application “{matter}” is lacking. By article 32 "
            "of the Administrative Licensing Law it is therefore accepted as of the day of receipt, {accepted_on}."
        ),
        "{limits}",
        _("You need not do anything; the review has begun."),
    ),
    _wording(
        "special_procedure",
        (
            _must("procedure", _("which procedure"), "专家评审", "Expert review"),
            _must("expected_length", _("how long it is expected to take"), "10 个工作日", "10 working days"),
            _must("expected_on", _("when it should be over"), DAY, DAY_EN),
            _GROUND,
            _BASIS,
        ),
        _("For your application “{matter}” a special procedure is needed: {procedure}."),
        _("It takes {expected_length}, that is until {expected_on}."),
        _("Ground: {ground}"),
        _("Legal basis: {legal_basis}"),
        _("This time does not count in the limit of our decision. We shall tell you when the limit runs on."),
    ),
    _wording(
        "suspension",
        (_GROUND, _BASIS),
        _("Your application “{matter}” cannot go on for the time being."),
        _("Ground: {ground}"),
        _("Legal basis: {legal_basis}"),
        _("This time does not count in the limit of our decision. We shall tell you when the limit runs on."),
    ),
    _wording(
        "resumption",
        (
            _must("procedure", _("what is over"), "专家评审", "Expert review"),
            _must("outcome", _("what came of it"), "专家同意方案。", "The experts agree."),
            _LIMITS,
        ),
        _("For your application “{matter}”, {procedure} is over. What came of it: {outcome}"),
        "{limits}",
    ),
    _wording(
        "extension",
        (
            _must("extended_by", _("by how much the limit is extended"), "10 个工作日", "10 working days"),
            _REASONS,
            _BASIS,
            _LIMITS,
        ),
        _("For your application “{matter}” the limit of our decision is extended by {extended_by}."),
        _("Reasons: {reasons}"),
        _("The head of the office has approved it. Legal basis: {legal_basis}"),
        "{limits}",
    ),
    _wording(
        "fee_demand",
        (),
        _("For your application “{matter}” a fee is due. Please pay it; the result follows after that."),
    ),
    _wording(
        "decision_granted",
        (_REASONS, _optional(_BASIS)),
        _("After review, this office decides to grant your application “{matter}”."),
        _("Reasons: {reasons}"),
        _("Legal basis: {legal_basis}"),
    ),
    _wording(
        "decision_refused",
        (_REASONS, _BASIS, _REMEDIES),
        _("After review, this office decides to refuse your application “{matter}”."),
        _("Reasons: {reasons}"),
        _("Legal basis: {legal_basis}"),
        "{remedies}",
    ),
    _wording(
        "renewal_deemed",
        (_REASONS, _must("permit", _("the permit that is renewed"), "云市监证〔2021〕7号", "云市监证〔2021〕7号")),
        "{reasons}",
        _(
            "By article 50 of the Administrative Licensing Law the renewal of {permit}, asked for by your application "
            "“{matter}”, is therefore deemed granted. The permit goes on without a break."
        ),
        _("The new permit follows; should a fee be due, after it has been paid."),
    ),
    Wording("delivery", _DELIVERED, ("{delivered}",)),
    _wording(
        "withdrawal",
        (_must("withdrawn_on", _("day of withdrawal"), DAY, DAY_EN),),
        _(
            "On {withdrawn_on} you took back your application “{matter}”. "
            "It is closed; you may apply again at any time."
        ),
    ),
)  # fmt: skip
