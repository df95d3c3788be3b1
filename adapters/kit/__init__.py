"""The adapter kit: the contract, the service that runs any adapter, the contract tests."""
