"""German words on pages of other languages."""

from django import template

from site_content.pages.languages import as_german

register = template.Library()
register.filter("as_german", as_german)
