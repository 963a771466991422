"""The door: who comes in, by password, passkey, second factor or invitation. django-allauth behind our own pages."""
