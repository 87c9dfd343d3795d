"""What touches the world, shared by all services: network, disk, clock, keystore, SQL, web."""
