"""No request is larger than what people send: what is more is not read, whoever sends it and to whatever page."""

from armature.crm.web.visitor.live import Receive, Scope, Send

MOST_BYTES = 100_000_000


def too_much(scope: Scope) -> bool:
    """Whether a request says itself that it is larger."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return not said.isdigit() or len(said) > 18 or int(said) > MOST_BYTES


async def refuse(send: Send) -> None:
    """Say so, before any of it is read."""
    await send({"type": "http.response.start", "status": 413, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": b""})


def weighed(receive: Receive) -> Receive:
    """What comes in, for those that do not say how much it is: behind the most it is as if the other side had gone."""
    read = 0

    async def weigh() -> dict[str, object]:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return dict(message) if read <= MOST_BYTES else {"type": "http.disconnect"}

    return weigh
