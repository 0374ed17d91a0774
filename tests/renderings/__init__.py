"""The examples as publishers would publish them; see README.md."""
