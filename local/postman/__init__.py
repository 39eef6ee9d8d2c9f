"""The Postman collection of the contract, with the script that signs its requests."""
