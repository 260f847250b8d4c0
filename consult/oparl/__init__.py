"""The council's public objects for other systems, in the words of OParl 1.1."""
