"""JSON Pointers, written only: RFC 6901 (https://www.rfc-editor.org/rfc/rfc6901).

A pointer names a place for people and reports. Nothing here reads one.
"""


def join(path: str, *tokens: str | int) -> str:
    """Return ``path`` with ``tokens`` appended, each escaped (RFC 6901 §3)."""
    for token in tokens:
        text = str(token)
        path += "/" + (text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text)
    return path
