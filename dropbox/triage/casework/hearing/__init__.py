"""The reported person's side: their statement and right to answer, and what witnesses and experts state."""
