"""British dates: 14 March 2027, 23:59."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
