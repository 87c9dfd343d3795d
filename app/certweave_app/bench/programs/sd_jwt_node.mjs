// @sd-jwt/sd-jwt-vc: ES256, seven disclosures.
import {ES256, digest, generateSalt} from "@sd-jwt/crypto-nodejs";
import {SDJwtVcInstance} from "@sd-jwt/sd-jwt-vc";
import {serve, version} from "./turns.mjs";

async function make() {
  const {privateKey, publicKey} = await ES256.generateKeyPair();
  const instance = new SDJwtVcInstance({
    signer: await ES256.getSigner(privateKey), verifier: await ES256.getVerifier(publicKey),
    signAlg: "ES256", hasher: digest, hashAlg: "sha-256", saltGenerator: generateSalt
  });
  const names = Array.from({length: 7}, (_, number) => `claim${number}`);
  const hidden = Object.fromEntries(names.map((name, number) => [name, `value ${number}`]));
  const claims = {iss: "https://issuer.example", iat: 1767225600, vct: "https://issuer.example/t", ...hidden};
  const issue = () => instance.issue(claims, {_sd: names});
  const text = await issue();
  const verify = async () => {
    const {payload} = await instance.verify(text);
    if(payload.claim6 !== "value 6") {
      throw new Error("the claims did not come back");
    }
  };
  return {issue, verify};
}

await serve("@sd-jwt", version("@sd-jwt/sd-jwt-vc"), {"sd-jwt": make});
