"""What people said to the demo company: place, minutes ago, line."""

from typing import Any

SAID: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("email", 2900, {
        "external_id": "demo-tent", "author": "amira@people.example", "name": "Amira Haddad",
        "subject": "Size of the Fell tent",
        "text": "Hello, does the Fell tent fit four adults? We would sleep in it for a week in July."}),
    ("email", 410, {
        "external_id": "demo-order-1", "author": "ingrid@people.example", "name": "Ingrid Solberg",
        "subject": "Order 4711",
        "text": "Hello, my order 4711 should have come last Friday. Could you look where it is?"}),
    ("email", 65, {
        "external_id": "demo-order-2", "author": "ingrid@people.example", "name": "Ingrid Solberg",
        "subject": "Re: Order 4711", "in_reply_to": "demo-order-1",
        "text": "Second time I write about order 4711. Is anybody reading this? It never arrived and I want my money back."}),
    ("letter", 1500, {
        "external_id": "demo-zip", "author": "Tomás Duarte, Alm Street 9", "name": "Tomás Duarte", "kind": "letter",
        "subject": "The zip of the jacket",
        "text": "Dear Sir or Madam, the zip of the jacket broke on the second day. I am very disappointed and ask for a "
                "repair or my money back."}),
    ("mastodon", 38, {
        "external_id": "demo-public", "author": "@wanderblog@social.example", "name": "Wander Blog",
        "text": "Worst service ever, @fjord. Three weeks without an answer and the boots still leak. Terrible."}),
    ("facebook", 190, {
        "external_id": "demo-praise", "author": "kaia@people.example", "name": "Kaia and Per",
        "text": "Best boots we ever bought, thank you! Told the whole hiking club. We love them."}),
    ("facebook", 95, {
        "external_id": "demo-wash", "author": "sven.k", "name": "Sven K",
        "text": "How do I wash the down jacket? Can it go into the dryer?"}),
    ("email", 700, {
        "external_id": "demo-cancel", "author": "jonas@people.example", "name": "Jonas Weber",
        "subject": "Subscription", "text": "Please cancel my box subscription from next month on."}),
    ("counter", 240, {
        "external_id": "demo-price", "author": "a woman with a red dog", "name": "Unknown visitor", "kind": "meeting",
        "text": "Wants to buy the two-person tent and asks what it costs together with the mats."}),
    ("email", 130, {
        "external_id": "demo-press", "author": "desk@outdoormag.example", "name": "Outdoor Magazine",
        "subject": "Two sleeping bags for a test",
        "text": "We write about winter gear and have 48,000 readers. Could you lend us two sleeping bags for a test?"}),
    ("email", 55, {
        "external_id": "demo-kratz", "author": "ute@people.example", "name": "Ute Kratz", "subject": "Rechnung doppelt",
        "text": "Guten Tag, die Rechnung für meine Bestellung wurde zweimal abgebucht. Bitte prüfen Sie das."}),
    ("email", 20, {
        "external_id": "demo-fire", "author": "piet@people.example", "name": "Piet Vos", "subject": "The stove",
        "text": "Your stove started a fire in our kitchen yesterday. Nobody was hurt, but I expect a call today."}),
)  # fmt: skip
