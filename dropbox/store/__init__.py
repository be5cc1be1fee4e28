"""The store keeps ciphertext and knows nothing: no keys, no names of people, no time finer than a week."""
