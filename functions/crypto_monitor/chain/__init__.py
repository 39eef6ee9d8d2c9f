"""Access to chains: the only place that speaks JSON-RPC, and the only one that may import web3.

`node` asks the questions, in batches of raw JSON-RPC; a transport carries them: `light` for the status route (urllib3, which botocore has
loaded anyway), `web3_transport` for the scanner.
"""
