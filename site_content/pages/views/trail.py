from django.http import Http404


def contribution(request, *args, **kwargs):
    raise Http404


def receipt(request, *args, **kwargs):
    raise Http404


def withdraw(request, *args, **kwargs):
    raise Http404


def complain(request, *args, **kwargs):
    raise Http404


def my_contributions(request, *args, **kwargs):
    raise Http404


