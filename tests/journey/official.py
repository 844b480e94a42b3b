"""The office's part of the journey: inbox, one page to decide on, a step."""

from dataclasses import dataclass

from tests.journey.window import Window
from tongban.site.demo import content

PASSWORD = str(content.people()["password"])


@dataclass
class Official:
    """Somebody who works at an office, at their desk."""

    username: str
    window: Window

    def sign_in(self) -> None:
        """Sign in with name and password; the inbox comes first."""
        window = self.window
        window.go("/sign-in", "sign-in")
        window.fill({"name": self.username, "password": PASSWORD}, within=".tb-halves")
        window.press("登录", "inbox", within=".tb-halves form", exact=True)
        assert window.page.url.endswith("/office/"), window.page.url

    def open_case(self, number: str, name: str) -> None:
        """Find the case in the inbox by its number, and open it."""
        window = self.window
        window.go(f"/office/?words={number}", "inbox-found")
        window.page.locator(f'a[href$="/office/cases/{number}"]').first.click()
        window.page.wait_for_url(f"**/office/cases/{number}")
        window.look(name)

    def take(self) -> None:
        """Take the task."""
        self.window.press("签收任务", "case-taken")

    def step(self, step: str, values: dict[str, str | bool], name: str) -> None:
        """Fill in the form of a step and send it."""
        window, form = self.window, f'form[action$="/{step}"]'
        folded = window.page.locator(f"details:has({form}):not([open]) > summary")
        if folded.count():
            folded.first.click()
        window.fill(values, within=form)
        with window.page.expect_navigation():
            window.page.locator(f"{form} button[type=submit]").last.click()
        window.look(name)
