"""What the programs with pages for people who log in share: the courier's page and the desk."""
