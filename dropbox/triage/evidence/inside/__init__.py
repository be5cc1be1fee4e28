"""The program that runs in the sandbox: the only parser of reporters' files. The workstation never imports it."""
