"""UN Transparency Protocol 0.7.0: its five credential types as typed models.

Specification: https://untp.unece.org/docs/0.7.0/specification/
"""
