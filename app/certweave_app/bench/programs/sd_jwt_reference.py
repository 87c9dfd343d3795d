"""The reference implementation of SD-JWT in Python: ES256, seven disclosures."""

from importlib.metadata import version

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier
from turns import gather, serve


def make(setup):
    """Return issuing and verifying."""
    key = JWK.generate(kty="EC", crv="P-256")
    claims = {"iss": "https://issuer.example", "iat": 1767225600}
    hidden = {f"claim{number}": f"value {number}" for number in range(7)}

    def issue():
        open_claims = {SDObj(name): value for name, value in hidden.items()}
        return SDJWTIssuer({**claims, **open_claims}, key, sign_alg="ES256").sd_jwt_issuance

    text = issue()

    def verify():
        payload = SDJWTVerifier(text, lambda *_: key).get_verified_payload()
        if payload["claim6"] != "value 6":
            raise ValueError("the claims did not come back")

    return issue, verify


if __name__ == "__main__":
    serve("sd-jwt", version("sd-jwt"), lambda setup: gather({"sd-jwt": make}, setup))
