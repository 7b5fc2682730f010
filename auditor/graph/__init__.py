"""Program points and edges with their reasons in words, and the organisation as a networkx graph."""
