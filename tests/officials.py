"""How officials bring a case on, over HTTP, as its page offers it."""

from tests.browsing import Browser, Form, Page
from tests.people import Town

TURNS = (("acceptance", "/accept"), ("review", "/review"), ("approval", "/decide"))
SAID = {
    "opinion": "经审查，材料齐全，符合规定。",
    "reasons": "符合法定条件、标准。",
    "legal_basis": "《中华人民共和国行政许可法》第三十八条",
    "word": "同意",
}


def take_step(browser: Browser, number: str, step: str, **values: object) -> Page:
    """Take a step on a case from its page; what must be chosen is the first that is offered."""
    return browser.send(*filled(browser.get(f"/office/cases/{number}"), step, **values))


def filled(page: Page, step: str, **values: object) -> tuple[Form, dict[str, object]]:
    """Return the form of a step on the page of a case, and what an official fills in."""
    form = page.form(step)
    chosen: dict[str, object] = {name: options[0] for name, options in form.options.items()}
    said = {name: SAID[name] for name in form.texts if name in SAID}
    said |= {name: "120" for name in form.texts if name.startswith("fee-") and name.endswith("-amount")}
    return form, chosen | said | values


class Desks:
    """The officials of an office at their desks, each signed in once."""

    def __init__(self, town: Town) -> None:
        """Sign them in."""
        self.browsers = [(town[role].browser(), step) for role, step in TURNS]

    def decide(self, number: str, *, outcome: str) -> None:
        """Bring a case from its receipt to the decision."""
        for browser, step in self.browsers:
            page = browser.get(f"/office/cases/{number}")
            while page.status == 200 and any(form.action.endswith(step) for form in page.forms()):
                form, values = filled(page, step, **({"outcome": outcome} if step == "/decide" else {}))
                answer = browser.send(form, values, follow=False)
                assert answer.status == 302, (step, answer.words[:900])
                if step != "/review":
                    break
                page = browser.get(f"/office/cases/{number}")
