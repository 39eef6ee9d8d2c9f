"""The people of a merchant: who they are, how they sign in, and what they may do. Keys of machines are the merchants' room's."""
