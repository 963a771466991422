"""One afternoon of a team: two agents, a lead, an executive on a phone, and a customer who watches it happen.

Everything is seen as they see it; nobody waits for a clock, only for what comes to their screen.
"""

from playwright.sync_api import Locator, Page, expect

from company import Company
from conftest import LogIn

VAGUE = "About 4711 and the other thing."
"""Words that no reader is sure of: a person judges them, at whatever hour they come."""
SOON = 5000
"""Milliseconds within which a screen shows what happened elsewhere."""
SLOW = 60_000
"""Milliseconds that a message may take through everything on a busy machine."""
ANSWER = "Dear Tiril, the tent is cancelled."


def test_a_teams_day(company: Company, log_in: LogIn, faults: list[str]) -> None:
    customer, eva = log_in("", width=375, has_touch=True), log_in("eva", width=375, has_touch=True)
    mona, ada, leo = (log_in(who) for who in ("mona", "ada", "leo"))
    number = _a_customer_writes(customer, mona)
    writer, other = _two_want_the_same_case(mona, ada, number)
    _each_sees_who_is_here(writer, other)
    _the_writer_asks_for_approval(writer)
    _a_lead_sends_back_and_releases(leo, writer, number)
    _the_customer_sees_it_come_and_rates_it(customer)
    _the_network_goes_and_comes_back(company, other)
    _an_executive_answers_from_a_phone(eva, customer, number)
    cut = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError")
    faults[:] = [fault for fault in faults if not any(one in fault for one in cut)]


def _a_customer_writes(customer: Page, mona: Page) -> int:
    """They write on our page; it comes to the desk by itself."""
    mona.goto("/cases/open")
    customer.goto("/talk/hello")
    customer.get_by_label("Your name").fill("Tiril Day")
    customer.get_by_label("Your message").press_sequentially(VAGUE, delay=70)  # nobody types faster
    customer.get_by_role("button", name="Send").click()
    expect(customer.get_by_text(VAGUE)).to_be_visible(timeout=SLOW)
    row = mona.locator("#rows .row", has_text="Tiril Day")
    expect(row).to_contain_text(VAGUE, timeout=SLOW)
    return int(str(row.get_attribute("id")).removeprefix("row-"))


def _two_want_the_same_case(mona: Page, ada: Page, number: int) -> tuple[Page, Page]:
    """Both take it at the same moment: one has it, the other reads who."""
    for page in (mona, ada):
        page.goto(f"/cases/open/{number}")
        expect(page.get_by_role("button", name="Take it")).to_be_visible()
    for page in (mona, ada):  # neither hears of the other before it asks
        page.evaluate("setTimeout(() => document.querySelector('button[data-key=a]').click(), 0)")
    said = [_told(page) for page in (mona, ada)]
    for one in said:
        expect(one).to_be_visible(timeout=SOON)
    won = [one.inner_text() == "The case is yours." for one in said]
    assert sorted(won) == [False, True], [one.inner_text() for one in said]
    writer, other = (mona, ada) if won[0] else (ada, mona)
    name = "Mona Dahl" if won[0] else "Ada Voss"
    expect(_told(other)).to_have_text(f"{name} has taken this case. Ask them, or leave a note.")
    expect(other.locator("#head")).to_contain_text(f"taken by {name}")
    return writer, other


def _told(page: Page) -> Locator:
    """What the desk says about what one just did."""
    return page.locator("#composer :is(.success, .problem)[data-stay]")


def _each_sees_who_is_here(writer: Page, other: Page) -> None:
    """They see each other look, and that one of them writes."""
    expect(writer.locator("#here .present")).to_be_visible(timeout=2 * SOON)
    expect(other.locator("#here .present")).to_be_visible(timeout=2 * SOON)
    writer.locator("#text").press_sequentially("Dear Tiril,", delay=30)
    expect(other.locator("#here .writes")).to_be_visible(timeout=2 * SOON)
    writer.locator("#text").fill("")


def _the_writer_asks_for_approval(writer: Page) -> None:
    """What they meant is a cancellation: the answer wants a lead."""
    writer.locator("#middle").focus()
    writer.keyboard.press("c")
    writer.get_by_role("button", name="Cancellation").click()
    send = writer.locator("button.main[data-send]")
    expect(send).to_contain_text("Ask approval", timeout=SLOW)
    writer.locator("#text").fill(ANSWER)
    send.click()
    expect(writer.locator("#composer")).to_contain_text("You wrote it, so somebody else approves it.")


def _a_lead_sends_back_and_releases(leo: Page, writer: Page, number: int) -> None:
    """Their words and ours stand side by side; after the change, so does what was changed."""
    leo.goto("/approvals")
    card = leo.get_by_role("article", name="Tiril Day")
    expect(card.get_by_label("They said")).to_contain_text(VAGUE)
    expect(card.get_by_label("We would say")).to_contain_text(ANSWER)
    beside = [card.get_by_label(side).bounding_box() for side in ("They said", "We would say")]
    assert beside[0] and beside[1] and beside[0]["x"] + beside[0]["width"] <= beside[1]["x"]
    card.get_by_label("What should change?").fill("Say when the money comes.")
    card.get_by_role("button", name="Send back").click()
    expect(writer.locator("#composer")).to_contain_text("Leo Brandt: Say when the money comes.", timeout=2 * SOON)
    writer.locator("#text").fill(f"{ANSWER} The money comes on Friday.")
    writer.locator("button.main[data-send]").click()
    expect(writer.locator("#composer")).to_contain_text("You wrote it, so somebody else approves it.")
    leo.goto("/approvals")
    expect(card.get_by_label("What was changed").locator("ins")).to_contain_text("The money comes on Friday")
    card.get_by_role("button", name="Approve and send privately").click()
    expect(card).to_have_count(0)


def _the_customer_sees_it_come_and_rates_it(customer: Page) -> None:
    """Nobody reloads anything."""
    expect(customer.get_by_text("The money comes on Friday.")).to_be_visible(timeout=SLOW)
    customer.get_by_role("button", name="5 of 5: very good").click()
    expect(customer.get_by_text("How good was our answer?")).to_have_count(0)


def _the_network_goes_and_comes_back(company: Company, agent: Page) -> None:
    """They are told, keep their words, cannot send and read why; then the list is right again."""
    company.hear("email", external_id="day-net", author="net@people.example", name="Nora Net", text=VAGUE)
    number = company.case("day-net", "intent")
    company.deed("mona", "day-net", "commands.judge_intent", intent="complaint")
    company.case("day-net", "response")
    agent.goto(f"/cases/open/{number}")
    send = agent.locator("button.main[data-send]")
    expect(send).to_be_enabled()
    agent.context.set_offline(True)
    expect(agent.locator("#banner")).to_contain_text("The connection is lost", timeout=SOON)
    agent.locator("#text").press_sequentially("Dear Nora, it left today.")
    expect(send).to_be_disabled()
    expect(agent.locator("#mode-reply [data-why-not]")).to_have_text("No connection: sending waits.")
    company.hear("email", external_id="day-while", author="while@people.example", name="Wim While", text=VAGUE)
    company.case("day-while", "intent")
    agent.context.set_offline(False)
    expect(agent.locator("#banner")).to_be_empty(timeout=2 * SOON)
    expect(agent.locator("#rows .row", has_text="Wim While")).to_be_attached(timeout=2 * SOON)
    expect(agent.locator("#text")).to_have_value("Dear Nora, it left today.")
    expect(send).to_be_enabled()


def _an_executive_answers_from_a_phone(eva: Page, customer: Page, number: int) -> None:
    """The customer writes on; whoever has the phone at hand reads, judges and answers with a thumb."""
    eva.goto("/cases/open")
    customer.get_by_label("Your message").press_sequentially("And my gloves?", delay=30)
    customer.locator("#end").get_by_role("button", name="Send").click()
    row = eva.locator("#rows .row", has_text="And my gloves?")
    expect(row).to_be_visible(timeout=SLOW)
    row.tap()
    expect(eva.locator("#thread")).to_contain_text("And my gloves?")
    eva.get_by_role("link", name="Why").tap()
    eva.locator("#correct summary").tap()
    eva.get_by_role("button", name="Complaint").tap()
    send = eva.locator("button.main[data-send]")
    expect(send).to_be_visible(timeout=SLOW)
    eva.locator("#text").fill("Dear Tiril, the gloves are on their way. Eva")
    send.tap()
    expect(customer.get_by_text("the gloves are on their way")).to_be_visible(timeout=SLOW)
