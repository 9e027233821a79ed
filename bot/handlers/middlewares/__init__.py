"""What happens around every handler: reading the request, language and layout, errors, acknowledgement."""
