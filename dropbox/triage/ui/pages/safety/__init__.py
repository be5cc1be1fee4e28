"""Pages and acts about the safety of reporters: risk, questions after closing, the notice before an identity opens."""
