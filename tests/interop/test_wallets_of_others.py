"""SD-JWT VC between our services and wallets, issuers and verifiers of others: ``sd-jwt`` and ``@sd-jwt``.

Their packages know no OpenID4VCI and OpenID4VP; the messages around are a few lines here, the tokens theirs.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.support.asking import ask, look, result
from tests.support.holding import Purse
from tests.support.issuing import PUBLIC, Office, scope_data
from tests.support.keys import P256
from tests.support.peers import ask_node, ask_python
from tests.support.verifier import Service
from tests.support.world import Party

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.multibase import base64url_decode
from certweave.encoding.strict_json import JsonObject
from certweave.exchange.vci_offer import parse_offer
from certweave.exchange.vci_proof import sign_proof_jwt
from certweave.exchange.vci_token import make_token_request
from certweave.keys.jwk import make_private_jwk, make_public_jwk
from certweave.keys.model import KeySigner

READ = """
import json, sys
from openid4vci.models.metadata import CredentialIssuerMetadata
print(json.dumps(CredentialIssuerMetadata.model_validate(json.load(sys.stdin)).to_dict()))
"""
PYTHON_HOLDER = """
import json, sys
import sd_jwt.holder
from jwcrypto.jwk import JWK
given = json.load(sys.stdin)
sd_jwt.holder.time = lambda: given["now"]  # that of the world in memory
held = sd_jwt.holder.SDJWTHolder(given["token"])
held.create_presentation(given["frame"], given["nonce"], given["aud"], JWK(**given["holder"]), "ES256")
print(json.dumps(held.sd_jwt_presentation))
"""
PYTHON_ISSUER = """
import json, sys
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
given = json.load(sys.stdin)
claims = {**given["claims"], SDObj("grade"): "A", SDObj("buyer"): "Ada Ltd"}
made = SDJWTIssuer(
    claims, JWK(**given["key"]), holder_key=JWK(**given["holder"]), sign_alg="EdDSA",
    add_decoy_claims=True, extra_header_parameters={"typ": "dc+sd-jwt", "kid": given["kid"]},
)
print(json.dumps(made.sd_jwt_issuance))
"""
PYTHON_VERIFIER = """
import json, sys
import sd_jwt.verifier
from jwcrypto.jwk import JWK
given = json.load(sys.stdin)
sd_jwt.verifier.DEFAULT_SIGNING_ALG = "EdDSA"  # the one algorithm that it takes for a key binding
key = JWK(**given["key"])
found = sd_jwt.verifier.SDJWTVerifier(given["token"], lambda *_: key, given["aud"], given["nonce"])
print(json.dumps(found.get_verified_payload()))
"""
NODE = """
import { readFileSync } from "node:fs";
import { digest, generateSalt, ES256 } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
const given = JSON.parse(readFileSync(0, "utf8"));
const peer = new SDJwtVcInstance({
  signer: given.key ? await ES256.getSigner(given.key) : undefined,
  verifier: async () => true,
  kbSigner: given.holder?.d ? await ES256.getSigner(given.holder) : undefined,
  signAlg: "ES256", kbSignAlg: "ES256", hasher: digest, hashAlg: "sha-256", saltGenerator: generateSalt,
});
"""
NODE_HOLDER = f"""{NODE}
const kb = {{ payload: {{ iat: given.now, aud: given.aud, nonce: given.nonce }} }};
console.log(JSON.stringify(await peer.present(given.token, given.frame, {{ kb }})));
"""
NODE_ISSUER = f"""{NODE}
const hidden = {{ grade: "A", buyer: "Ada Ltd" }}, header = {{ kid: given.kid }};
const claims = {{ ...given.claims, ...hidden, iat: given.now, cnf: {{ jwk: given.holder }} }};
const made = await peer.issue(claims, {{ _sd: ["grade", "buyer"], _sdDecoy: 2 }}, {{ header }});
console.log(JSON.stringify(made));
"""
TYPE = f"{PUBLIC}/types/ScopeCertificate"
SITES = ["ld", "credentialSubject", "certificationScope", "sites"]


def test_the_peer_reads_the_metadata_of_an_issuer(office: Office) -> None:
    found = office.client.get("/.well-known/openid-credential-issuer/orgs/fa").json()
    assert ask_python(READ, stdin=found) == found


def take(office: Office, form: str) -> str:
    """Return a scope certificate that is handed out to the bare key of a wallet of somebody else's."""
    did = make_did_key(P256.public)
    office.issued("scope", "SC-1", scope_data(holder={"id": did, "name": "Sunrise Gin"}))
    offered = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {"format": form}).json()["offer"]
    base, headers = "/orgs/fa/oid4vci", {"content-type": "application/x-www-form-urlencoded"}
    body = make_token_request(parse_offer(offered).code or "", tx_code=None)
    token = office.client.post(f"{base}/token", content=body, headers=headers).json()["access_token"]
    nonce = office.client.post(f"{base}/nonce").json()["c_nonce"]
    signer = KeySigner(make_did_key_method(P256.public), P256)
    proof = sign_proof_jwt(signer, audience=f"{PUBLIC}/orgs/fa", nonce=nonce, issued_at=office.world.clock)
    asked = {
        "credential_configuration_id": offered["credential_configuration_ids"][0],
        "proofs": {"jwt": [proof]},
    }
    authorised = {"authorization": f"Bearer {token}"}
    said = office.client.post(f"{base}/credential", json=asked, headers=authorised)
    return str(said.json()["credentials"][0]["credential"])


def frame_of(way: list[str]) -> Any:
    """Return what both packages are told to disclose: the place at the end of a way."""
    found: Any = True
    for name in reversed(way):
        found = {name: found}
    return found


def python_shows(given: JsonObject) -> Any:
    return ask_python(PYTHON_HOLDER, stdin=given)


def node_shows(given: JsonObject) -> Any:
    return ask_node(NODE_HOLDER, stdin=given)


@pytest.mark.parametrize("shows", [python_shows, node_shows])
def test_their_wallet_takes_ours_and_shows_it(
    office: Office, service: Service, shows: Callable[[JsonObject], str]
) -> None:
    token = take(office, "dc+sd-jwt")
    query = {"id": "c", "format": "dc+sd-jwt", "meta": {"vct_values": [TYPE]}, "claims": [{"path": SITES}]}
    question = ask(service, {"credentials": [query]})
    signed = service.client.get(f"/requests/{question['id']}").text
    asked = json.loads(base64url_decode(signed.split(".")[1]))
    given = {
        "token": token,
        "frame": frame_of(SITES),
        "holder": make_private_jwk(P256),
        "aud": asked["client_id"],
        "nonce": asked["nonce"],
        "now": int(office.world.clock.timestamp()),
    }
    shown = shows(given)
    form = {"vp_token": json.dumps({"c": [shown]}), "state": asked["state"]}
    said = service.client.post(f"/responses/{question['id']}", data=form)
    assert (said.status_code, said.json()) == (200, {})
    [found] = result(service, question)["presentations"]
    assert found["verdict"] == "valid"
    scope = found["credentials"][0]["sdJwtVc"]["ld"]["credentialSubject"]["certificationScope"]
    assert ("sites" in scope, "productClasses" in scope) == (True, False)


def python_issues(issuer: Party, holder: JsonObject) -> Any:
    claims = {"iss": issuer.did, "vct": "urn:example:bale", "iat": int(issuer.world.clock.timestamp())}
    given = {"claims": claims, "key": make_private_jwk(issuer.key), "holder": holder}
    return ask_python(PYTHON_ISSUER, stdin={**given, "kid": issuer.signer.method})


def node_issues(issuer: Party, holder: JsonObject) -> Any:
    claims = {"iss": make_did_key(P256.public), "vct": "urn:example:bale"}
    given = {"claims": claims, "key": {**make_private_jwk(P256), "alg": "ES256"}, "holder": holder}
    now = int(issuer.world.clock.timestamp())
    return ask_node(NODE_ISSUER, stdin={**given, "kid": make_did_key_method(P256.public), "now": now})


@pytest.mark.parametrize("issues", [python_issues, node_issues])
def test_what_they_issue_is_kept_and_shown_to_both(
    purse: Purse, service: Service, issues: Callable[[Party, JsonObject], str]
) -> None:
    issuer = purse.world.party("foreign")
    holder = make_public_jwk(purse.app.state.identities.signer("mill", "authentication").public)
    kept = purse.keep(issues(issuer, holder).encode())
    assert (kept["format"], kept["kind"]) == ("dc+sd-jwt", "bale")
    asked = {"id": "c", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:example:bale"]}}
    question = ask(service, {"credentials": [{**asked, "claims": [{"path": ["grade"]}]}]})
    seen = look(purse, question)
    said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert said.status_code == 200, said.text
    [found] = result(service, question)["presentations"]
    assert found["verdict"] == kept["verdict"]
    posted = parse_qs(purse.wire.sent[-1][1].decode())
    [token] = json.loads(posted["vp_token"][0])["c"]
    claims = json.loads(base64url_decode(token.rpartition("~")[2].split(".")[1]))
    key = issuer.key.public if issues is python_issues else P256.public
    given = {"token": token, "key": make_public_jwk(key), "aud": claims["aud"], "nonce": claims["nonce"]}
    payload = ask_python(PYTHON_VERIFIER, stdin=given)
    assert claims["aud"] == f"decentralized_identifier:{service.world.parties['verifier'].did}"
    assert (payload["grade"], "buyer" in payload) == ("A", False)
