"""Waiting for mail without asking again and again: the IDLE command, or short looks where a server does not know it."""

import time
from imaplib import IMAP4

from armature.crm.channels.email.login import Folder, logged_in, opened
from armature.crm.channels.email.reading import newest_known
from armature.crm.channels.email.settings import MailSettings
from armature.crm.channels.port import Cursor

LONGEST = 28 * 60
LOOK_EVERY = 20.0


def wait(settings: MailSettings, cursor: Cursor, seconds: float) -> bool:
    """Whether mail may be there that ``cursor`` does not know. Only the first folder is watched while it blocks."""
    until = time.monotonic() + min(seconds, LONGEST)
    with logged_in(settings) as box:
        # The first folder comes last, as the one that stays open.
        for name in reversed(settings.folders):
            folder = opened(box, name)
            if not newest_known(cursor, folder):
                return True
        if "IDLE" in box.client.capabilities:
            return _idle(folder.client, until)
        return _look(folder, until)


def _idle(client: IMAP4, until: float) -> bool:
    client.send(b"IDLE1 IDLE\r\n")
    try:
        while (left := until - time.monotonic()) > 0:
            client.sock.settimeout(left)
            line = client.readline()
            if not line:
                raise IMAP4.abort("the server closed the connection while we waited")
            if line.startswith((b"* BYE", b"IDLE1 NO", b"IDLE1 BAD")):
                raise IMAP4.abort(line.decode("ascii", "replace"))
            if line.rstrip().endswith((b" EXISTS", b" RECENT")):
                return True
    except TimeoutError:
        pass
    finally:
        # A reader that timed out cannot be used again, so there is no orderly goodbye.
        client.shutdown()
    return False


def _look(folder: Folder, until: float) -> bool:
    seen = _told(folder.client)
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, LOOK_EVERY))
        folder.client.noop()
        if _told(folder.client) != seen:
            return True
    return False


def _told(client: IMAP4) -> int:
    """How often the server told so far how many mails there are: the client's own list of that goes on growing."""
    return len(client.untagged_responses.get("EXISTS", ()))
