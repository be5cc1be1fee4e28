"""The program that runs in the sandbox: the only code that parses reporters' files. The workstation never imports it."""
