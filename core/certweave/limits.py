"""Every bound on input from outside, in one frozen value, each with its reason.

Reaching a limit is never "invalid": it is undecided, cause ``limit``, with the limit named.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds in bytes, counts and time. The defaults are those of docs/reference/limits.md."""

    credential_bytes: int = 1 << 20
    """A passport with pictures inside stays under 1 MiB; more is an attack or a mistake."""
    depth: int = 64
    """UNTP documents nest about 12 deep; 64 keeps every recursion far from the interpreter's own limit."""
    members: int = 20_000
    """Object members and array items together; canonicalising work grows with them."""
    canonical_steps: int = 200_000
    """Of RDFC-1.0, each a hash or a label of a path; half a second of them. Blank nodes that differ in what
    they say take none, a list of a hundred equal values a third; some graphs take more than anyone has."""
    statements: int = 2_048
    """Of one document under selective disclosure, where each is signed on its own; a passport makes some
    hundred. For BBS, each needs a point of the curve that takes a quarter of a millisecond to find, once."""
    did_log_bytes: int = 10 << 20
    """A log entry has about 2 KB, so this holds some 5,000 versions of one DID."""
    status_list_packed_bytes: int = 1 << 20
    """131,072 entries never exceed 17 KB; the rest is room for lists of other issuers."""
    status_list_unpacked_bytes: int = 16 << 20
    """Stops a gzip bomb: 2^27 entries are more than any list seen."""
    schema_bytes: int = 1 << 18
    """The largest JSON Schemas of our field have some 100 KB."""
    schema_work: int = 100_000
    """Steps in which parts of a JSON Schema meet parts of a credential, some 5,000 for a UNTP passport;
    all schemas share them. About half a second; references that multiply would take hours. Likewise for the
    rules of an SD-JWT VC's type."""
    fetch_seconds: float = 5.0
    """One slow host must not hold up a verdict; not knowing is an answer too."""
    fetch_redirects: int = 3
    """Enough for http→https→canonical host; a longer chain is a loop."""
    fetches: int = 64
    """In one examination, the chain of authorities included."""
    clock_skew: timedelta = timedelta(seconds=300)
    """How far a signer's clock may run ahead of ours."""
    proofs: int = 16
    """In one proof set; each costs a signature verification."""
    disclosures: int = 1024
    """Of one SD-JWT; each is hashed and read by itself. Two hundred are many."""
    key_binding_age: timedelta = timedelta(seconds=600)
    """How old the proof of a presenter may be that was asked for: a person reads before agreeing."""
    credentials: int = 64
    """In one presentation; each is an examination of its own."""
    authority_depth: int = 4
    """From a certificate to a root of trust: certifier, accreditor, their own authority, and one spare."""


DEFAULT_LIMITS = Limits()
