"""What every command has: the chosen profile, a client as it, and the output."""

from dataclasses import dataclass
from functools import cached_property

from paycorex_client.cli import profiles
from paycorex_client.cli.output import Output
from paycorex_client.client import PayCoreX


@dataclass
class Session:
    """One run of pcx."""

    profile_name: str
    output: Output

    @cached_property
    def profile(self) -> profiles.Profile:
        """The chosen profile. Raises NoProfile."""
        return profiles.load(self.profile_name)

    @cached_property
    def client(self) -> PayCoreX:
        """The API as the profile's merchant. Raises NoProfile."""
        return PayCoreX(self.profile.api_key, self.profile.secret, base_url=self.profile.base_url)

    def close(self) -> None:
        """Close the client, if there was one."""
        if "client" in self.__dict__:
            self.client.close()
