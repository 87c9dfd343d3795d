"""What a credential may say: VCDM 2.0, UNTP 0.7.0 and our extension types."""
