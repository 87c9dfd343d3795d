"""Holders for test suites: each a did:key and one way to sign, open to all, forgotten when the process ends.

VCALM 1.0 (https://www.w3.org/TR/vcalm-1.0/), holder part. What is presented obeys the same rules as anything
else that is signed here. Nothing is kept, so nothing can be listed, read again or deleted; and there are no
exchanges.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from certweave.credential.vcdm import holder_id
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError
from certweave.exchange.vc_api import PresentRequest, check_present_options
from certweave.keys.model import Algorithm
from certweave.proof.presenting import PRESENTING, VP_COSE, VP_JWT, VP_SD_JWT, secure_presentation
from certweave_edge.conformance import Bench, make_benches
from certweave_edge.refused import Refusal, RefusedError
from certweave_wallet.service.tools import Tools

_ENVELOPED: Final = (VP_JWT, VP_SD_JWT, VP_COSE)


@dataclass(frozen=True, slots=True)
class Holders:
    """All holders of this kind. Threads may share it; ``tools`` are those of the wallet."""

    benches: Mapping[str, Bench]
    tools: Tools = field(repr=False)
    entropy: Callable[[int], bytes] = field(repr=False)

    @classmethod
    def make(cls, tools: Tools, *, entropy: Callable[[int], bytes]) -> "Holders":
        """Return holders with new keys, one for each way to secure a presentation."""
        ways = {**PRESENTING, **dict.fromkeys(_ENVELOPED, (Algorithm.ED25519,))}
        benches = {one.name: one for one in make_benches(ways, entropy=entropy)}
        return cls(MappingProxyType(benches), tools, entropy)

    def find(self, name: str) -> Bench:
        """Return a holder.

        Raises:
            RefusedError: 404, there is none of that name.
        """
        if name not in self.benches:
            raise RefusedError("there is no such holder", Refusal.NOT_FOUND, code="conformance_unknown")
        return self.benches[name]

    def present(self, name: str, asked: PresentRequest) -> JsonObject:
        """Sign a presentation as it is handed in, for the domain and the challenge of the request.

        Raises:
            InvalidError: ``holder_foreign``: it names another holder; ``option_unfit``: an option asks for
                another proof than this holder makes.
            CertweaveError: as ``secure_presentation``; ``path`` is the place in the body.
        """
        bench = self.find(name)
        document = {"holder": bench.did, **asked.presentation}
        try:
            if holder_id(document) != bench.did:
                detail = f"here the holder is {bench.did}"
                raise InvalidError(detail, code="holder_foreign", path="/holder")
            secured = secure_presentation(
                document,
                bench.signer,
                way=bench.suite,
                contexts=self.tools.contexts,
                limits=self.tools.limits,
                now=self.tools.clock(),
                entropy=self.entropy,
                audience=asked.options.domain,
                nonce=asked.options.challenge,
            )
        except CertweaveError as error:
            if error.path is not None:
                error.path = "/presentation" + error.path
            raise
        envelope = {"verificationMethod": bench.signer.method, "proofPurpose": "authentication"}
        check_present_options(asked, secured.get("proof", envelope))
        return secured
