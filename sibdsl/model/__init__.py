"""The contract model: types, nodes, and what follows from them alone."""
