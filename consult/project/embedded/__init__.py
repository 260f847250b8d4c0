"""PostgreSQL and Valkey from wheels, for the demo and the tests, on a machine without either."""
