"""Cards, made to be reposted: a digest, a milestone, a figure."""
