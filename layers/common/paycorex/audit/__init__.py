"""The audit log: who changed what of a merchant, from where, before and after. A chain for each merchant, sealed beside the ledger.

`recording` is called by the HTTP app alone, for every door; `chain` appends and reads; `sealing` signs and `verification` walks the chain.
Money that moved is the ledger's, and is recorded here as well when a person moved it.
"""
