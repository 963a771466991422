"""What an approval holds for: everything that leaves. Any other byte, name, file or recipient makes another digest."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Self

from armature.crm.act import rating_links
from armature.crm.act.models import Audience, Response


@dataclass(frozen=True, slots=True)
class Leaving:
    """All of a response that the other side gets to see. Files are (name, content type, size, digest), in order.

    ``asks`` is the line under its words that asks how it was.
    """

    account: tuple[int, str]
    sender: str
    audience: str
    subject: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    text: str
    private_text: str
    files: tuple[tuple[str, str, int, str], ...]
    asks: str = ""

    @classmethod
    def of(cls, response: Response) -> Self:
        """The response as it stands in its row, with the files beside it."""
        channel = response.case.conversation.channel
        files = sorted(response.files.all(), key=lambda file: file.pk)
        return cls(
            (channel.pk, channel.address),
            response.sender,
            response.audience,
            response.subject,
            tuple(response.recipients),
            tuple(response.copies),
            response.text,
            response.private_text if response.audience == Audience.BOTH else "",
            tuple((file.name, file.content_type, file.size, file.digest) for file in files),
            rating_links.line_of(response),
        )

    @property
    def digest(self) -> str:
        """Sixty-four letters that stand for all of it."""
        all_of_it = asdict(self)
        if not self.asks:  # as the digests of answers that ask nothing have always been
            del all_of_it["asks"]
        return hashlib.sha256(json.dumps(all_of_it, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def digest_of(response: Response) -> str:
    """The digest of a response as it stands now."""
    return Leaving.of(response).digest
