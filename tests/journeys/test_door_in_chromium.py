"""The door and the pages of people in a real browser: a passkey is made and opens the door; a customer is looked up."""

from playwright.sync_api import expect

from company import PASSWORD, Company
from conftest import LogIn

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def test_a_passkey_is_made_and_opens_the_door_alone(company: Company, log_in: LogIn, faults: list[str]) -> None:
    page = log_in("")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    here = f"http://localhost:{company.port}"  # passkeys belong to a name, never to a number
    page.goto(f"{here}/log-in")
    page.fill("#id_login", "nia@fjord.example")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/cases/**")
    page.goto(f"{here}/profile/keys/new")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{here}/cases/open")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/cases/**")
    expect(page.locator("#rail")).to_contain_text("Nia Okafor")
    page.get_by_role("button", name="Log out").click()
    page.fill("#id_login", "nia@fjord.example")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/cases/**")
    assert faults == []


def test_a_customer_is_found_and_everything_about_them_stands_in_one_place(log_in: LogIn, faults: list[str]) -> None:
    page = log_in("mona")
    page.get_by_role("link", name="Customers").click()
    page.get_by_role("searchbox").fill("ingr")
    page.get_by_role("button", name="Search").click()
    page.locator(".line a").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Ridge boots, size 39")
    page.get_by_role("button", name="Keep as a person").click()
    page.get_by_label("Only colleagues see it").fill("Guides tours on the ridge.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".entry.note").first).to_contain_text("Guides tours on the ridge.")
    assert faults == []
