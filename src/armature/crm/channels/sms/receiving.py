"""The gateway calls us: a text that came, or what became of one that we sent.

Kannel signs nothing, so a secret stands in its address; it is compared in constant time and kept nowhere.
"""

import hashlib
from urllib.parse import urlsplit

from armature.crm.channels.port import Account, Answer, Envelope, NotGenuine, Request
from armature.crm.channels.signatures import check_equal
from armature.crm.channels.sms.normalise import FORM, REPORT, fields

KEPT_OUT = b"secret="


def receive(account: Account, request: Request) -> Answer:
    """Keep the query as it came, without the secret. An empty answer, or Kannel would send it to the customer."""
    if request.method != "GET":
        raise NotGenuine("Kannel asks with GET (get-url)")
    check_equal(request.query.get("secret", ""), account.secrets.get("hook_secret", ""))
    raw = urlsplit(request.url).query.encode()
    body = b"&".join(one for one in raw.split(b"&") if not one.startswith(KEPT_OUT))
    given = fields(body)
    name = given.get("id", b"").decode("ascii", "replace")
    if REPORT in given:
        key = f"report:{name}:{given[REPORT].decode('ascii', 'replace')}"
    else:
        key = f"text:{name or hashlib.blake2b(body, digest_size=16).hexdigest()}"
    return Answer((Envelope(key, body, FORM, request.received_at),))
