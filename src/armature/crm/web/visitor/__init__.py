"""What people without an account see: they write to us, read our answers and go on, at an address of their own."""
