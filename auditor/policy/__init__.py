"""Rules, policy file and judgement: what the observations of the analysis mean for an organisation."""
