"""Attack: a key in force is held against what a retired key of another kind, but the same id, signed."""

from datetime import timedelta

from tests.support.world import LEDGER_HOST, World, outcome, plain_credential

from certweave.did.webvh.write import MethodTemplate, make_document, make_location, rotate_log
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.proof.vc_jwt import sign_credential_jwt


def test_the_kind_of_key_in_force_does_not_condemn_what_the_old_one_signed() -> None:
    world = World()
    party = world.party("fa")
    old, new = world.new_key(), make_private_key(Algorithm.P256, entropy=lambda size: b"\7" * size)
    location = make_location(LEDGER_HOST, path=[party.name])
    updates = [party._next, world.new_key(), world.new_key()]
    for number, key in enumerate((old.public, new.public)):
        world.clock += timedelta(days=1)
        document = make_document(
            location,
            [MethodTemplate(key, fragment="key-1")],
            did=party.written.did,
            services=party.services,
        )
        party.written = rotate_log(
            party.written.did,
            party.written.log,
            signer=KeySigner("#", updates[number]),
            time=world.clock,
            next_keys=[updates[number + 1].public],
            document=document,
        )
    method = f"{party.did}#key-1"
    before = world.clock - timedelta(hours=1)
    token = sign_credential_jwt(plain_credential(party), KeySigner(method, old), issued_at=before).encode()
    # Without a receipt nobody knows when; with one it was in time; and a backdated one stays open.
    assert outcome(world.examine(token), "key") == "undecided:signing_time_unproven"
    now, world.clock = world.clock, before
    world.date(token)
    world.clock = now
    report = world.examine(token)
    assert (outcome(report, "key"), report.verdict) == ("valid:key_holds", "valid")
    fresh = sign_credential_jwt(plain_credential(party), KeySigner(method, new), issued_at=now).encode()
    assert world.examine(fresh).verdict == "valid"
    stranger = KeySigner(method, world.new_key())
    forged = sign_credential_jwt(plain_credential(party), stranger, issued_at=before).encode()
    assert outcome(world.examine(forged), "signature") == "invalid:signature_mismatch"


def test_a_key_of_the_wrong_kind_alone_is_named() -> None:
    world = World()
    party = world.party("fa")
    other = make_private_key(Algorithm.P256, entropy=lambda size: b"\7" * size)
    signer = KeySigner(party.signer.method, other)
    token = sign_credential_jwt(plain_credential(party), signer, issued_at=world.clock).encode()
    assert outcome(world.examine(token), "key") == "invalid:alg_key_mismatch"
