"""Payment instruments: what a token stands for. Each kind owns its validation and its one normal form."""

from tokens.instruments.bank_account import BankAccount
from tokens.instruments.card import Card
from tokens.instruments.instrument import Display, Instrument, InvalidInstrument
from tokens.instruments.provider_token import ProviderToken
from tokens.instruments.sealed_form import from_bytes, to_bytes
from tokens.instruments.upi import Upi

__all__ = ["BankAccount", "Card", "Display", "Instrument", "InvalidInstrument", "ProviderToken", "Upi", "from_bytes", "to_bytes"]
