"""How requests reach a page and answers leave it: no thread waits for somebody who dawdles."""
