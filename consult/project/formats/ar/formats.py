"""Arabic dates: 14 مارس 2027، 23:59.

Digits are Western, as in the letters, timetables and contribution numbers of a German city; what
somebody reads on the screen can be typed and said on the telephone as it is.
"""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j F"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
