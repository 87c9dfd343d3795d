"""QR codes of addresses (ISO/IEC 18004), as SVG for pages and print and as PNG for labels.

Error correction is level M: cards get scratched, and a longer code is harder to read from cloth.
"""

import io

import segno


def qr_svg(text: str, *, label: str) -> str:
    """Return an SVG element without inline style, named for screen readers; it prints sharp at any size."""
    out = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(
        out,
        kind="svg",
        border=4,
        xmldecl=False,
        omitsize=True,
        nl=False,
        svgclass="qr",
        lineclass=None,
        light="#fff",
        dark="#000",
        title=label,
    )
    return out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)


def qr_png(text: str, *, scale: int = 8) -> bytes:
    """Return a black and white PNG with the quiet zone that the standard asks for."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", border=4, scale=scale)
    return out.getvalue()
