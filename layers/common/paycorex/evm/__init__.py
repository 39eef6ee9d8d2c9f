"""Facts about EVM chains that several rooms need: networks and their assets, addresses, and keys derived in public.

No chain is asked anything here, and no private key ever exists in this platform.
"""
