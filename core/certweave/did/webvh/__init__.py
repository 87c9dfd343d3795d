"""did:webvh 1.0: reading, writing and twinning of DID logs, without witnesses and portability."""
