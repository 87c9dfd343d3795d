"""Securing mechanisms, one file per form."""
