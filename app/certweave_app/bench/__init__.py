"""The benchmark: our works beside the floor of this machine and beside other implementations."""
