"""The air-gapped workstation. Never imports web, store, courier or the network."""
