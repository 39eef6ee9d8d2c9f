"""The generated parts of the two client libraries under `clients/`, made from the contract: `python -m local.clients`."""
