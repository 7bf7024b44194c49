"""What is raised in place of an explanation that would be wrong."""


class Unexplained(Exception):
    """The explanation does not agree with the payment: a fault of the program, never of the user's files."""
