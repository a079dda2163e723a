"""The network: member towns and the shared vocabulary of topics."""
