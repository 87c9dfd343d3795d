"""Authorities in the middle of an examination: who vouches for an issuer is a member of the corpus as well.

The scenes of ``scenes``, and others under a policy that asks for trust: an approval of a certifier, the
status list and the log of who gave it, and the anchor by which a register knows a supplier.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Final

from certweave.credential.build import make_credential, make_issuer, make_registered_identity
from certweave.credential.build_parts import make_identifier_scheme
from certweave.examine.evidence import Kind
from certweave.trust.policy import Policy, Role, Root
from tests.support.shirt import Shirt
from tests.torture.scenes import Scene, as_log, make_scene
from tests.torture.scenes import scenes as plain_scenes

LEDGER: Final = "https://ledger.example"


def _approve_another(shirt: Shirt) -> None:
    shirt.attestation("approval-ofs")["issuedToParty"] = shirt.party("ege")


def _approve_less(shirt: Shirt) -> None:
    shirt.attestation("approval-ofs")["issuerApproval"] |= {"startDate": "2026-03-02"}


def _withdraw(shirt: Shirt) -> None:
    shirt.withdraw("approval-ofs")


def _forget_key(shirt: Shirt) -> None:
    """The approval is signed with a key that its giver never had."""
    owner = shirt.world.parties["ofs"]
    owner.key, known = shirt.world.new_key(), owner.key
    content = owner.issue(shirt.documents["approval-ofs"])
    owner.key = known
    shirt.world.documents[shirt.url("approval-ofs")] = content


def _approval(
    change: Callable[[Shirt], None] | None = None,
    after: Callable[[Shirt], None] | None = None,
    *,
    embedded: bool = False,
    look_at: str = "",
) -> Scene:
    shirt = Shirt()
    if change is not None:
        change(shirt)
    shirt.publish()
    url, owner = shirt.url("approval-ofs"), shirt.world.parties["ofs"]
    if embedded:
        shirt.world.documents[url] = owner.embed(shirt.documents["approval-ofs"])
    if after is not None:
        after(shirt)
    source = shirt.world.documents[shirt.url("organic")]
    if look_at == "status":
        return make_scene(shirt.world, source, Kind.STATUS, owner.list_url, policy=shirt.policy)
    if look_at == "log":
        log = f"{LEDGER}/ofs/did.jsonl"
        return make_scene(shirt.world, source, Kind.DID, log, as_log, policy=shirt.policy)
    return make_scene(shirt.world, source, Kind.CREDENTIAL, url, policy=shirt.policy)


def _anchor(*, bad: bool) -> Scene:
    """A supplier whose DID document links the anchor of a register; or that of another supplier."""
    shirt = Shirt()
    world, url = shirt.world, "https://register.example/anchors/menemen"
    register, supplier = world.party("register"), world.parties["menemen"]
    supplier.services.append({"id": "#anchor", "type": "IdentityAnchor", "serviceEndpoint": url})
    world.clock += timedelta(hours=1)
    supplier.rotate()
    shirt.publish()
    subject = make_registered_identity(
        world.parties["ege" if bad else "menemen"].did,
        name="Menemen",
        registered_id="TR-1",
        date="2020-01-01",
        scheme=make_identifier_scheme("https://register.example", "Register"),
        register="business",
        registrar=shirt.party("ofs"),
        scope=["https://register.example/scope"],
    )
    anchor = make_credential(
        "DigitalIdentityAnchor",
        id=url,
        issuer=make_issuer(register.did, "Register"),
        name="Anchor",
        valid_from=world.clock,
        subject=subject,
    )
    world.documents[url] = register.issue(anchor)
    policy = Policy("registers", roots=(Root(register.did, "Register", Role.REGISTER),))
    source = world.documents[shirt.url("event-harvest")]
    return make_scene(world, source, Kind.CREDENTIAL, url, policy=policy)


_VOUCHING: Final[dict[str, Callable[[], Scene]]] = {
    "authority-jwt": _approval,
    "authority-jcs": lambda: _approval(embedded=True),
    "authority-status": lambda: _approval(look_at="status"),
    "authority-log": lambda: _approval(look_at="log"),
    "bad-authority-other": lambda: _approval(_approve_another),
    "bad-authority-less": lambda: _approval(_approve_less, embedded=True),
    "bad-authority-forged": lambda: _approval(after=_forget_key),
    "bad-authority-status": lambda: _approval(after=_withdraw, look_at="status"),
    "bad-authority-log": lambda: _approval(after=_forget_key, look_at="log"),
    "anchor": lambda: _anchor(bad=False),
    "bad-anchor": lambda: _anchor(bad=True),
}


@cache
def scenes() -> dict[str, Scene]:
    """Return every scene by its name, those of trust after the others."""
    return plain_scenes() | {name: make() for name, make in _VOUCHING.items()}
