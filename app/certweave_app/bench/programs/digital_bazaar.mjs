// Digital Bazaar's @digitalbazaar/vc with its suites.
import * as vc from "@digitalbazaar/vc";
import * as EcdsaMultikey from "@digitalbazaar/ecdsa-multikey";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";
import {cryptosuite as ecdsaRdfc} from "@digitalbazaar/ecdsa-rdfc-2019-cryptosuite";
import {cryptosuite as eddsaRdfc} from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as ecdsaJcs from "@digitalbazaar/ecdsa-jcs-2019-cryptosuite";
import * as eddsaJcs from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import {serve, version} from "./turns.mjs";

const ed25519 = () => Ed25519Multikey.generate();
const p256 = () => EcdsaMultikey.generate({curve: "P-256"});

async function named(generate) {
  const pair = await generate();
  const {publicKeyMultibase: text} = await pair.export({publicKey: true});
  pair.controller = `did:key:${text}`;
  pair.id = `${pair.controller}#${text}`;
  const method = await pair.export({publicKey: true, includeContext: true});
  const document = {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
    id: pair.controller, verificationMethod: [method], assertionMethod: [method.id]
  };
  return {pair, documents: {[pair.controller]: document, [pair.id]: method}};
}

function embedded(generate, signs, verifies = signs) {
  return async setup => {
    const {pair, documents} = await named(generate);
    const known = {...setup.contexts, ...documents};
    const documentLoader = async url => {
      if(!(url in known)) {
        throw new Error(`not at hand: ${url}`);
      }
      return {contextUrl: null, documentUrl: url, document: known[url], tag: "static"};
    };
    const issuer = setup.credential.issuer;
    const credential = {
      ...setup.credential,
      issuer: typeof issuer === "string" ? pair.controller : {...issuer, id: pair.controller}
    };
    const signing = () => new DataIntegrityProof({signer: pair.signer(), cryptosuite: signs, date: setup.issued});
    const issue = () => vc.issue({credential: {...credential}, suite: signing(), documentLoader});
    const text = JSON.stringify(await issue());
    const verify = async () => {
      const suite = new DataIntegrityProof({cryptosuite: verifies});
      const result = await vc.verifyCredential({credential: JSON.parse(text), suite, documentLoader});
      if(!result.verified) {
        throw result.error.errors?.[0] ?? result.error;
      }
    };
    return {issue, verify};
  };
}

await serve("Digital Bazaar", version("@digitalbazaar/vc"), {
  "eddsa-rdfc-2022": embedded(ed25519, eddsaRdfc),
  "ecdsa-rdfc-2019": embedded(p256, ecdsaRdfc),
  "eddsa-jcs-2022": embedded(ed25519, eddsaJcs.createSignCryptosuite(), eddsaJcs.createVerifyCryptosuite()),
  "ecdsa-jcs-2019": embedded(p256, ecdsaJcs.createSignCryptosuite(), ecdsaJcs.createVerifyCryptosuite())
});
