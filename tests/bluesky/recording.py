"""What a real network answers, written down for the tests that run without one: ``python tests/bluesky/recording.py``.

Keys are taken out of it; whatever else is there is as it came.
"""

import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from bluesky.network import POST, Network, Person, eventually, installed, running

SAMPLES = Path(__file__).parent.parent / "samples" / "bluesky"
LETTERS = (
    "plain", "", "\r\n", "e\u0301", "\u0301", "a\n\u0301", "a\u200d1", "\u200b\u200bx", "a\u00adb", "\u0600\u0623",
    "\U0001f44d\U0001f3fd", "\U0001f469\u200d\U0001f680", "\U0001f469\U0001f3fd\u200d\U0001f680",
    "\U0001f1f3\U0001f1f4\U0001f1e9", "\U0001f1e9\U0001f1ea\U0001f1f3\U0001f1f4\U0001f1eb",
    "\u2764\ufe0f\u200d\U0001f525", "#\ufe0f\u20e3", "\u303d\u200d\u200d\u231a", "\U0001f469\u0301\u200d\U0001f469",
    "\U0001f1e6\u200d\U0001f1e7", "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "\u0915\u094d\u0937\u093f", "\u0915\u094d\u200d\u0937", "\u0995\u09cd\u09b7", "\u0d15\u0d4d\u0d37", "\u0ba8\u0bbf",
    "\u0e01\u0e33", "\uac01", "\u1100\u1161\u11a8", "\u1100\u1100\uac01\u11a8", "\u304b\u3099", "\uff76\uff9e",
    "\u0645\u0631\u062d\u0628\u0627", "\u6771\u4eac", "\ua98f\ua9c0\ua98f", "\u1031\u1000", "\u1000\u1062",
)  # fmt: skip
"""Marks, joined pictures, flags, the scripts of India, Korea and Thailand, and what stands where it should not."""


def main() -> None:
    """All of them."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    _write("graphemes", _counted())
    with tempfile.TemporaryDirectory(prefix="armature-bluesky-") as folder, running(Path(folder)) as network:
        us, ingrid, karl = network.add("bootshop"), network.add("ingrid"), network.add("karl")
        _talk(us, ingrid, karl)
        _refusals(network, us)


def _talk(us: Person, ingrid: Person, karl: Person) -> None:
    first = ingrid.post("Has anybody heard of this shop?", langs=["en"])
    second = karl.post("They are late with everything.", answers=first)
    link = {"byteStart": 0, "byteEnd": 24}
    page = "https://shop.example/orders/4711?from=mail"
    facets = [{"index": link, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": page}]}]
    image = {"alt": "my torn boot", "image": ingrid.upload(_png(), "image/png")}
    told = ingrid.post(
        f"shop.example/orders/4... Grüße 👩🏽\u200d🚀 @{us.handle} is that so?", names=us, answers=second, langs=["de"],
        facets=facets, embed={"$type": "app.bsky.embed.images", "images": [image]},
    )  # fmt: skip
    ours = us.post("We look.", answers=told)
    thanks = ingrid.post("Thank you!", answers=ours)
    ingrid.post("It is order 4711.", answers=thanks)
    karl.post("Good luck with that.", answers=thanks)
    quoted = {"uri": ours, "cid": us.look(ours)["cid"]}
    karl.post("They did answer!", embed={"$type": "app.bsky.embed.record", "record": quoted})
    eventually(lambda: len(us.told()) == 5)
    _write("notifications", us.call("app.bsky.notification.listNotifications", limit=100, priority="false"))
    _write("thread", us.call("app.bsky.feed.getPostThread", uri=told, depth=0, parentHeight=40))
    _write("posts", us.call("app.bsky.feed.getPosts", uris=[told]))
    _write("people", {"us": us.did, "ingrid": ingrid.did, "karl": karl.did, "told": told, "ours": ours})


def _refusals(network: Network, us: Person) -> None:
    login = {"identifier": us.handle, "password": us.app_password()}
    session = _answer(network, "com.atproto.server.createSession", login)
    key = session["body"]["accessJwt"]
    session["body"] |= {"accessJwt": "an.access.key", "refreshJwt": "a.refresh.key"}
    _write("session", session)
    _write("wrong_password", _answer(network, "com.atproto.server.createSession", {**login, "password": "wrong"}))
    _write("invalid_token", _answer(network, "app.bsky.notification.listNotifications", key="wrong"))
    _write("no_token", _answer(network, "app.bsky.notification.listNotifications"))
    missing = f"com.atproto.repo.getRecord?repo={us.did}&collection={POST}&rkey=3kaaaaaaaaaa2"
    _write("record_not_found", _answer(network, missing, key=key))
    nobody = "com.atproto.identity.resolveHandle?handle=nobody.test"
    _write("handle_not_found", _answer(network, nobody, key=key))
    for name, text in (("put", "x"), ("put_again", "x"), ("invalid_swap", "y"), ("too_long", "x" * 301)):
        record = {"$type": POST, "text": text, "createdAt": "2026-03-02T10:00:00.000Z"}
        given = {"repo": us.did, "collection": POST, "rkey": "3kaaaaaaaaaa2", "swapRecord": None, "record": record}
        _write(name, _answer(network, "com.atproto.repo.putRecord", given, key))


def _answer(network: Network, method: str, given: Any = None, key: str = "") -> dict[str, Any]:
    request = urllib.request.Request(f"{network.url}/xrpc/{method}", json.dumps(given).encode() if given else None)
    request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=20) as found:
            return {"status": found.status, "body": json.loads(found.read())}
    except urllib.error.HTTPError as refused:
        return {"status": refused.code, "body": json.loads(refused.read())}


def _counted() -> list[list[Any]]:
    """Texts, and how many letters the server's own Node finds in each."""
    code = "const s = new Intl.Segmenter()\n"
    code += "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(t => [...s.segment(t)].length)))"
    command = [str(installed().node), "-e", code, json.dumps(LETTERS)]
    counts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return [[text, count] for text, count in zip(LETTERS, counts, strict=True)]


def _png() -> bytes:
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8d"
        "b00000000049454e44ae426082"
    )


def _write(name: str, found: Any) -> None:
    (SAMPLES / f"{name}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
