"""Where card brands' ranges come from: a maintained package and additions of ours, made into the one file that the vault reads."""
