"""What the demonstration page shows."""

from datetime import date
from typing import Any

SAMPLE: dict[str, Any] = {
    "day": date(2026, 3, 12),
    "verdict": {
        "heading": "We could not decide",
        "sentence": "Everything that could be checked holds. The certifier’s status list did not answer.",
    },
    "steps": [
        {"number": 1, "name": "Read", "outcome": "valid", "detail": "an enveloped credential", "why": ""},
        {"number": 4, "name": "History", "outcome": "not_applicable", "detail": "has no past", "why": ""},
        {
            "number": 6,
            "name": "Signature",
            "outcome": "invalid",
            "detail": "does not match",
            "code": "signature_mismatch",
            "why": "The signature does not match the document and the key. Only the issuer can mend it.",
        },
        {
            "number": 8,
            "name": "Status",
            "outcome": "undecided",
            "detail": "could not be checked",
            "code": "unreachable",
            "why": "https://certs.fibre.example/issuer/orgs/fa/status/3 gave no answer in 5 s.",
        },
    ],
    "questions": [
        {"outcome": "valid", "question": "Who says it?", "answer": "Weberei Lindau, the maker."},
        {
            "outcome": "undecided",
            "question": "Does it belong to this shirt?",
            "answer": "A code can be copied.",
        },
    ],
    "knots": [
        {"title": "Field", "text": "Menemen co-operative · September 2025", "hidden": False},
        {
            "title": "Spinning",
            "text": "The spinner is not named; Fibre Assurance vouches for it",
            "hidden": True,
        },
        {"title": "Sewing", "text": "Weberei Lindau · April 2026", "hidden": False},
    ],
    "rows": [
        [f"2026-01{n:02}", "Ege Çırçır" if n % 2 else "Örgü Dokuma", f"{n * 137:,} kg", "issued"]
        for n in range(1, 11)
    ],
}
