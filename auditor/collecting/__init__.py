"""A live organisation -> a folder that `auditor audit` reads; the only floor that speaks to a network."""
