"""The page for the leaders of the inspectorate."""
