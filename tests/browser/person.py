"""What a person does at the page of a running lab, and what the browser must never be made to do meanwhile."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.behaviour.labs import RunningLab
from tests.web.driver import Watch

QUESTION = "Hur många dagar i veckan får jag arbeta på distans?"


@dataclass
class PersonAtBrowser:
    """A page in a browser of its own, watched from the first request on."""

    lab: RunningLab
    username: str
    page: Page
    watch: Watch

    @classmethod
    def at(cls, browser: Browser, lab: RunningLab, username: str, **context: object) -> "PersonAtBrowser":
        """Open the page of the lab, logged out."""
        settings = {"viewport": {"width": 1366, "height": 768}, "locale": "sv-SE", **context}
        page = browser.new_context(**settings).new_page()
        page.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        provider = urlsplit(lab.described.issuer)
        watch = Watch(page, lab.described.url, others=frozenset({f"{provider.scheme}://{provider.netloc}"}))
        watch.begin()
        page.goto(lab.described.url)
        page.locator("h1").wait_for()
        return cls(lab, username, page, watch)

    def faults(self) -> list[str]:
        """Everything forbidden that happened until now."""
        return [*self.watch.faults, *self.watch.violations()]

    def log_in(self) -> None:
        """By the login page of whichever provider stands behind the lab."""
        self.page.get_by_role("link", name="Logga in").click()
        self.show_credentials()
        expect(self.page.get_by_role("button", name="Konto och inställningar")).to_be_visible()

    def show_credentials(self) -> None:
        """User name and password, on one page or, as Keycloak asks for organisations' sake, on two."""
        page = self.page
        page.locator("#username").fill(self.username)
        if not page.locator("#password").is_visible():
            page.keyboard.press("Enter")
        page.locator("#password").fill(self.lab.described.demo_password)
        page.keyboard.press("Enter")

    def go_to(self, part: str) -> None:
        """Another part of Valv, by the navigation."""
        self.page.get_by_role("navigation", name="Valvs delar").get_by_role("link", name=part).click()

    def told(self, words: str) -> Locator:
        """The region that tells of what has happened, while it says so."""
        return self.page.get_by_role("status").filter(has_text=words)

    def ask(self, question: str = QUESTION) -> None:
        """A question, and wait for the end of its answer."""
        answers = self.page.locator(".answer")
        before = answers.count()
        self.send(question)
        expect(answers).to_have_count(before + 1)
        # A small model on a busy machine reads eight passages for a minute before it writes.
        expect(answers.last).to_have_attribute("aria-busy", "false", timeout=180_000)

    def send(self, question: str) -> None:
        """A question, sent by the button: on a phone, Enter begins a new line."""
        self.page.get_by_role("textbox", name="Din fråga").fill(question)
        self.page.get_by_role("button", name="Fråga", exact=True).click()

    def open_source(self, number: int = 1) -> None:
        """The page that a quotation comes from, beside the answer."""
        self.page.get_by_role("button", name=re.compile(f"Källa {number} ")).first.click()
        # On the page as it looks, the mark of its text is heard and not seen.
        mark = self.page.locator(".paper-mark, .sheet:not(.sheet-picture) mark").first
        expect(mark).to_be_in_viewport()

    def log_out(self) -> None:
        """By the account menu, here and at the identity provider."""
        self.page.get_by_role("button", name="Konto och inställningar").click()
        self.page.get_by_role("menuitem", name="Logga ut").click()
        expect(self.page.get_by_role("link", name="Logga in")).to_be_visible()
