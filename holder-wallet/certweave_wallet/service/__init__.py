"""The wallet's rules: taking, keeping, showing, issuing."""
