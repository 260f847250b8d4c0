"""The demo city Lindenau am Main: invented people, real services."""
