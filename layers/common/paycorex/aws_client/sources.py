"""Where credentials come from, in botocore's order: the environment's own, then the container's agent."""

from collections.abc import Mapping

from botocore.exceptions import NoCredentialsError

from paycorex.aws_client.credentials import Credentials, Source, from_environment


def source_of(environment: Mapping[str, str]) -> Source:
    """The first that the environment has, looked up at each call. It raises NoCredentialsError where there is none."""

    def find() -> Credentials:
        found = from_environment(environment)
        if found is not None:
            return found
        # Needed in containers only, and it loads an HTTP client.
        from paycorex.aws_client import container  # noqa: PLC0415

        if container.is_configured(environment):
            return container.fetch(environment)
        raise NoCredentialsError

    return find
